"""The router: the routes of a policy as path operations of a FastAPI application."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body

from criterion.http import Answer
from criterion.http import Request as Asked
from criterion.http.limits import LimitService
from criterion.policy import AsyncPolicy
from criterion_asgi.fastapi.models import Models, models_of, shown_as
from criterion_asgi.fastapi.routes import JSON, PROBLEM_CONTENT, router_of, showing


def limit_router(service: LimitService, policy: AsyncPolicy | None = None) -> APIRouter:
    """Return a router, to be included under a prefix.

    One route answers whatever is asked below the prefix; those behind it are there for the
    application's document and its pages.

    Args:
        service: What answers; it says who may ask.
        policy: The asynchronous front of its policy, whose threads are used; by default one of its
            own.
    """
    front = AsyncPolicy(service.policy) if policy is None else policy

    async def answer(asked: Asked) -> Answer:
        return await front.run(lambda _: service.answer(asked))

    router = router_of(answer, service.options.body_bytes_max, "answer_limits")
    document = service.document()
    models = models_of(document["components"]["schemas"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            documented = _documented(operation, models)
            if path == "/":  # there may be several lists; FastAPI makes an id of the path
                documented["operation_id"] = None
            shown = showing(operation, _body(operation, models))
            router.add_api_route(path.rstrip("/"), shown, methods=[method], **documented)
    return router


def _body(operation: Mapping[str, Any], models: Models) -> Any:  # noqa: ANN401 -- a type
    """Return a type that shows what is sent."""
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return Annotated[shown_as(content.get("schema", {}), models), Body()]


def _documented(operation: Mapping[str, Any], models: Models) -> dict[str, Any]:
    """Return what the contract's document says of an operation, as FastAPI takes it."""
    (_, decided), *others = operation["responses"].items()
    return {
        "name": operation["operationId"],
        "operation_id": operation["operationId"],
        "summary": operation["summary"],
        "response_model": shown_as(decided["content"][JSON]["schema"], models, "Problem"),
        "response_description": decided["description"],
        "responses": {status: _other(response) for status, response in others},
        "openapi_extra": {"parameters": operation.get("parameters", [])},
    }


def _other(response: Mapping[str, Any]) -> dict[str, Any]:
    return {**response, "content": PROBLEM_CONTENT} if "content" in response else dict(response)
