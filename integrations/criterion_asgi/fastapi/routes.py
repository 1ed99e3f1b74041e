"""Routes: one that answers what is asked below a prefix; those behind it are only shown."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from criterion.http import Answer
from criterion.http import Request as Asked
from criterion.http.asgi import request_of
from criterion.http.body import announced_bytes
from criterion.http.problem import MEDIA_TYPE
from criterion_asgi.fastapi.models import PROBLEM
from criterion_asgi.responses import AnswerResponse

Endpoint: TypeAlias = Callable[..., Awaitable[Any]]

JSON: Final = "application/json"
PROBLEM_CONTENT: Final = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
"""What a problem response holds, in the document of an application."""


def router_of(
    answer: Callable[[Asked], Awaitable[Answer]], bytes_max: int, operation_id: str
) -> APIRouter:
    """Return a router of which one route answers everything below the prefix.

    Args:
        answer: The contract.
        bytes_max: How long a body may be.
        operation_id: Of the route, which no document shows.
    """
    router = APIRouter()

    async def answered(request: Request) -> Response:
        try:
            body = await _body_of(request, bytes_max)
        except ClientDisconnect:  # nothing is decided, and nobody is there to be told
            return Response(status_code=400)
        return AnswerResponse(await answer(request_of(_mounted(request), body)))

    for path in ("/{below:path}", ""):
        router.add_api_route(
            path, answered, methods=[], operation_id=operation_id, include_in_schema=False
        )
    return router


def showing(operation: Mapping[str, Any], sent: Any) -> Endpoint:  # noqa: ANN401 -- a type
    """Return an endpoint that never runs: its signature says what is sent."""
    return _taking(sent) if "requestBody" in operation else _taking_nothing


async def _taking_nothing() -> None: ...


def _taking(sent: Any) -> Endpoint:  # noqa: ANN401 -- a type
    async def taking(body: sent) -> None: ...

    return taking


def _mounted(request: Request) -> dict[str, Any]:
    """Return the scope as if the prefix were a mount."""
    scope = request.scope
    below = request.path_params.get("below")
    path = "" if below is None else f"/{below}"
    mount = scope["path"].removesuffix(path)
    outer = scope.get("root_path", "")
    root_path = mount if mount.startswith(outer) else outer + mount
    return {**scope, "root_path": root_path, "path": root_path + path}


async def _body_of(request: Request, bytes_max: int) -> bytes:
    """Return the body, or more than ``bytes_max`` of it; dependencies may have read it before.

    Of one that is announced as longer nothing is read.
    """
    body = b""
    if announced_bytes(request.headers.get("content-length", "")) > bytes_max:
        return body
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            break
    return body
