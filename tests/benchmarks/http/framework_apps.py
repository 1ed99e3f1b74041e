"""The applications in frameworks: in each an echo, and the decisions as its users mount them."""

from typing import Final

from fastapi import APIRouter, FastAPI
from flask import Flask, request
from flask import Response as FlaskResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from criterion.clock import new_id
from criterion_asgi import DecisionMount
from criterion_asgi.fastapi import decision_router
from criterion_flask import decision_blueprint
from decisions.usage_limit import Usage
from tests.benchmarks.http.apps import ECHO, PREFIX, echoed, service


async def _echo(request: Request) -> Response:
    headers = {"X-Request-Id": new_id()}
    return Response(echoed(await request.body()), media_type="application/json", headers=headers)


starlette: Final = Starlette(
    routes=[Route(PREFIX + ECHO, _echo, methods=["POST"]), DecisionMount(PREFIX, service)]
)

fastapi: Final = FastAPI()
_bare: Final = APIRouter()


@_bare.post(ECHO)
async def echo_model(usage: Usage) -> Usage:
    """Let FastAPI validate the same model, and send it back."""
    return usage


fastapi.include_router(_bare, prefix=PREFIX)
fastapi.include_router(decision_router(service), prefix=PREFIX)

flask: Final = Flask(__name__)


@flask.post(PREFIX + ECHO)
def echo_in_flask() -> FlaskResponse:
    """Validate the same model, and send it back."""
    headers = {"X-Request-Id": new_id()}
    return FlaskResponse(echoed(request.get_data()), mimetype="application/json", headers=headers)


flask.register_blueprint(decision_blueprint(service), url_prefix=PREFIX)
