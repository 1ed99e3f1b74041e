"""A workspace: Flask counts seats and exports by the plan that a customer has."""

import os
from hmac import compare_digest

from flask import Blueprint, Flask, abort, g, request

from criterion.http import Refusal, Request
from criterion.http.limits import ByAddress, Permit
from criterion_flask.limits import Limits, limit_blueprint

POLICY = os.environ.get("POLICY", "docs/examples/limits/workspace.yaml")
ROWS_MAX = 1_000
KEYS = {"key-of-acme": "acme", "key-of-umbrella": "umbrella"}

limits = Limits(customer=lambda: g.customer)
api = Blueprint("workspace", __name__)


def customer_of_key() -> str | None:
    """Return who asks; an application of your own looks at a session or a token."""
    return KEYS.get(request.headers.get("X-Api-Key", ""))


@api.before_request
def sign_in() -> None:
    """Let only customers in."""
    g.customer = customer_of_key()
    if g.customer is None:
        abort(401)


@api.post("/members")
@limits.require("seats", key=lambda: request.headers.get("Idempotency-Key"))
def invite() -> tuple[dict[str, object], int]:
    """Add a member, if the plan has a seat for one more."""
    return {"seats_left": int(limits.verdict.remaining or 0)}, 201


@api.delete("/members/<name>")
def remove(name: str) -> tuple[dict[str, object], int]:
    """Remove a member, whose seat is free then."""
    verdict = limits.policy.decrement(g.customer, "seats")
    return {"removed": name, "seats_left": int(verdict.remaining or 0)}, 200


@api.post("/exports")
@limits.require("exports")
def export() -> dict[str, object]:
    """Export rows: as many as there are, which is known only afterwards."""
    with limits.hold("exported-rows", ROWS_MAX) as hold:
        rows = request.get_json()["rows"]
        verdict = hold.settle(len(rows))
    return {"exported": len(rows), "rows_left": int(verdict.remaining or 0)}


def authorize(asked: Request) -> Permit | Refusal:
    """Let our own programs ask about everybody, and customers read how they stand."""
    key = asked.headers.get("x-api-key", "")
    if compare_digest(key.encode(), os.environ.get("SERVICE_KEY", "service-key").encode()):
        return Permit()
    if key in KEYS:
        return Permit(customers={KEYS[key]}, operations={"read", "check"})
    return Refusal(code="not_signed_in", detail="send `X-Api-Key`", status=401)


def create_app() -> Flask:
    """Return the application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    app.config["CRITERION_POLICY"] = POLICY
    app.config["CRITERION_STORE_URL"] = os.environ.get("STORE_URL", "memory://")
    limits.init_app(app)
    limits.limit_rate(
        app, "requests", customer=customer_of_key, strangers=ByAddress(plan="visitor")
    )
    app.register_blueprint(api)
    with app.app_context():
        routes = limit_blueprint(limits.service(authorize))
    app.register_blueprint(routes, url_prefix="/api/limits")
    return app
