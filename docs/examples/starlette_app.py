"""Projects of customers: Starlette asks a decision whether a plan has room for one more."""

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from criterion import Catalogue
from criterion.http import DecisionService, Denial
from criterion_asgi import DecisionMount, guard, install_exception_handlers

PLANS = {"ada": "free", "bo": "enterprise"}
projects: dict[str, list[str]] = {"ada": ["abacus", "loom"], "bo": []}

# The ready decisions of the library, of which this application needs one. In an application of
# your own `Catalogue.load()` finds what stands in ./decisions and ./profiles.
ready = Catalogue.load()
catalogue = Catalogue([ready.decision("usage-limit")], ready.profiles)
service = DecisionService(catalogue, profiles={"usage-limit": "pricing"})


def signed_in(request: Request) -> str:
    """Return who asks; an application of your own looks at a session or a token."""
    customer = request.headers.get("x-customer", "")
    if customer not in PLANS:
        raise HTTPException(401)
    return customer


def one_project_more(request: Request) -> dict[str, object]:
    """Return the facts of the decision."""
    customer = signed_in(request)
    return {
        "resource": "projects",
        "current_usage": len(projects[customer]),
        "plan": PLANS[customer],
    }


limit_reached = Denial(code="limit_reached", title="The plan has no room for more")
may_add = guard(service, "usage-limit", facts=one_project_more, denial=limit_reached)


class NewProject(BaseModel):
    """What a customer calls a project."""

    name: str = Field(min_length=1, max_length=100)


async def add_project(request: Request) -> JSONResponse:
    """Add a project, if the customer's plan has room for it."""
    room = await may_add(request)
    try:
        new = NewProject.model_validate_json(await request.body())
    except ValidationError:
        raise HTTPException(422) from None
    customer = signed_in(request)
    projects[customer].append(new.name)
    answer = {"projects": projects[customer], "notice": room.unwrap().message}
    return JSONResponse(answer, status_code=201)


app = Starlette(
    routes=[
        Route("/projects", add_project, methods=["POST"], max_body_size=10_000),
        DecisionMount("/api/limits", service),
    ]
)
install_exception_handlers(app)
