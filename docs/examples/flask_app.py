"""Projects of customers: Flask asks a decision whether a plan has room for one more."""

from flask import Blueprint, Flask, abort, g, request

from criterion.http import Denial
from criterion_flask import Criterion, decision_blueprint

PLANS = {"ada": "free", "bo": "enterprise"}
NAME_LENGTH_MAX = 100
projects: dict[str, list[str]] = {"ada": ["abacus", "loom"], "bo": []}

criterion = Criterion()
api = Blueprint("projects", __name__)


@api.before_request
def sign_in() -> None:
    """Note who asks; an application of your own looks at a session or a token."""
    g.customer = request.headers.get("X-Customer", "")
    if g.customer not in PLANS:
        abort(401)


def one_project_more() -> dict[str, object]:
    """Return the facts of the decision."""
    return {
        "resource": "projects",
        "current_usage": len(projects[g.customer]),
        "plan": PLANS[g.customer],
    }


limit_reached = Denial(code="limit_reached", title="The plan has no room for more")


@api.post("/projects")
@criterion.guard("usage-limit", facts=one_project_more, denial=limit_reached)
def add_project() -> tuple[dict[str, object], int]:
    """Add a project, if the customer's plan has room for it."""
    match request.get_json():
        case {"name": str(name)} if 0 < len(name) <= NAME_LENGTH_MAX:
            projects[g.customer].append(name)
        case _:
            abort(422)
    allowance = criterion.result.unwrap()
    return {"projects": projects[g.customer], "notice": allowance.message}, 201


def create_app() -> Flask:
    """Return the application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    app.config["CRITERION_PROFILES"] = {"api-rate-limit": "rate-limits"}
    criterion.init_app(app)
    app.register_blueprint(api)
    app.register_blueprint(decision_blueprint(), url_prefix="/api/limits")
    return app
