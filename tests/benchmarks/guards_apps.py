"""Applications that are measured with and without a guard: the same view twice."""

from typing import Any, Final

from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from criterion.policy import Policy
from criterion_asgi.limits import Limits as StarletteLimits
from criterion_flask.limits import Limits

DOCUMENT: Final[dict[str, Any]] = {
    "credits": {"call": {}},
    "plans": {
        "free": {
            "default": True,
            "entitlements": {
                "calls": {
                    "limit": {
                        "credit": "call", "value": 10**9, "resets": True, "reset_inc": "1day",
                    }
                }
            },
        }
    },
    "customers": {"acme": {}},
}  # fmt: skip

policy: Final = Policy.load({"policy": DOCUMENT})
flask: Final = Flask(__name__)
limits: Final = Limits(flask, policy, customer=lambda: "acme")


@flask.get("/bare")
def bare() -> dict[str, object]:
    """Answer at once."""
    return {"done": True}


@flask.get("/guarded")
@limits.require("calls")
def guarded() -> dict[str, object]:
    """Answer where the plan has room."""
    return {"done": True}


may_pass = StarletteLimits(policy, customer=lambda _: "acme").require("calls")


async def bare_view(_: Request) -> Response:
    """Answer at once."""
    return JSONResponse({"done": True})


async def guarded_view(request: Request) -> Response:
    """Answer where the plan has room."""
    await may_pass(request)
    return JSONResponse({"done": True})


starlette: Final = Starlette(routes=[Route("/bare", bare_view), Route("/guarded", guarded_view)])
