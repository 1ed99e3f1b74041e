"""The router: a service's decisions as path operations of a FastAPI application."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body

from criterion.catalogue import AnyDecision, Catalogue
from criterion.http import Answer, DecisionService
from criterion.http import Request as Asked
from criterion.http.profile_choice import ProfileChoiceLike
from criterion_asgi.fastapi.models import Models, models_of, shown_as
from criterion_asgi.fastapi.routes import JSON, PROBLEM_CONTENT, router_of, showing


def decision_router(
    decisions: DecisionService | Iterable[AnyDecision],
    profiles: Mapping[str, ProfileChoiceLike] | None = None,
) -> APIRouter:
    """Return a router, to be included under a prefix.

    One route answers whatever is asked below the prefix, as the contract says; dependencies of the
    inclusion run before it, and may refuse. The routes behind it are there for the application's
    document and its pages: each decision is an operation with models and examples of its own.

    Args:
        decisions: What to serve; a service, where profiles are registered, or guards ask, too.
        profiles: By decision id, what each runs under, as for a `DecisionService`.

    Raises:
        DefinitionError: The profiles do not go with the decisions; lists everything wrong.
        TypeError: Profiles are given beside a service, which has its own.
    """
    if not isinstance(decisions, DecisionService):
        return _router(DecisionService(Catalogue(decisions), profiles=profiles))
    if profiles is not None:
        raise TypeError("a service has its profiles: give them when it is made")
    return _router(decisions)


def _router(service: DecisionService) -> APIRouter:
    async def answer(asked: Asked) -> Answer:
        return service.answer(asked)

    router = router_of(answer, service.options.body_bytes_max, "answer")
    models = models_of(service.interface.schemas)
    for path, operations in service.interface.paths.items():
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
    examples = Body(openapi_examples=content.get("examples"))
    return Annotated[shown_as(content.get("schema", {}), models), examples]


def _documented(operation: Mapping[str, Any], models: Models) -> dict[str, Any]:
    """Return what the contract's document says of an operation, as FastAPI takes it."""
    decided, *problems = operation["responses"].items()
    _, answer = decided
    other_media = {kind: content for kind, content in answer["content"].items() if kind != JSON}
    extra = {key: operation[key] for key in _KEPT if key in operation}
    return {
        "name": operation["operationId"],
        "operation_id": operation["operationId"],
        "summary": operation["summary"],
        "response_model": shown_as(answer["content"][JSON]["schema"], models, "Problem"),
        "response_description": answer["description"],
        "responses": {
            200: {"content": other_media, "headers": answer.get("headers", {})},
            **{status: {**problem, "content": PROBLEM_CONTENT} for status, problem in problems},
        },
        "openapi_extra": extra,
    }


_KEPT: Final = ("parameters", "x-criterion-version")
