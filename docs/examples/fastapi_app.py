"""Projects of customers: FastAPI asks a decision whether a plan has room for one more."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

from criterion import Catalogue, Result
from criterion.http import DecisionService, Denial
from criterion_asgi import install_exception_handlers
from criterion_asgi.fastapi import decision_router, require

PLANS = {"ada": "free", "bo": "enterprise"}
projects: dict[str, list[str]] = {"ada": ["abacus", "loom"], "bo": []}

# The ready decisions of the library, of which this application needs one. In an application of
# your own `Catalogue.load()` finds what stands in ./decisions and ./profiles.
ready = Catalogue.load()
catalogue = Catalogue([ready.decision("usage-limit")], ready.profiles)
service = DecisionService(catalogue, profiles={"usage-limit": "pricing"})

app = FastAPI(title="Projects")
install_exception_handlers(app)
app.include_router(decision_router(service), prefix="/api/limits", tags=["limits"])


class NewProject(BaseModel):
    """What a customer calls a project."""

    name: str = Field(min_length=1, max_length=100)


async def signed_in(x_customer: Annotated[str, Header()]) -> str:
    """Return who asks; an application of your own looks at a session or a token."""
    if x_customer not in PLANS:
        raise HTTPException(401)
    return x_customer


Customer = Annotated[str, Depends(signed_in)]


async def one_project_more(customer: Customer) -> dict[str, object]:
    """Return the facts of the decision."""
    return {
        "resource": "projects",
        "current_usage": len(projects[customer]),
        "plan": PLANS[customer],
    }


limit_reached = Denial(code="limit_reached", title="The plan has no room for more")
may_add = require(service, "usage-limit", facts=one_project_more, denial=limit_reached)


@app.post("/projects", status_code=201, max_body_size=10_000)
async def add_project(
    new: NewProject, customer: Customer, room: Annotated[Result[Any], Depends(may_add)]
) -> dict[str, object]:
    """Add a project, if the customer's plan has room for it."""
    projects[customer].append(new.name)
    return {"projects": projects[customer], "notice": room.unwrap().message}
