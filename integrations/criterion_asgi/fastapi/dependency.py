"""The dependency: a decision is asked before a path operation runs, and may refuse the request."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from criterion.http import DecisionService, Denial
from criterion.result import Result
from criterion_asgi.guard import NOT_ALLOWED, Facts, checked


def require(
    service: DecisionService,
    id: str,
    *,
    facts: Callable[..., Any],
    version: str | None = None,
    denial: Denial = NOT_ALLOWED,
) -> Callable[..., Awaitable[Result[Any]]]:
    """Return a dependency that lets a request pass or raises; its value is the result.

    Args:
        service: Where the decision is asked, with its profiles, hooks and recorder.
        id: Of the decision.
        facts: Makes the input. It is a dependency itself: it may take whatever a path operation
            may, other dependencies among it, and may be asynchronous.
        version: A version to pin.
        denial: When the request is refused, and as which problem.

    Returns:
        What goes into ``Depends``. It raises `GuardError`, which applications answer once
        `install_exception_handlers` was called.

    Raises:
        UnknownDecisionError: There is no such decision, or not in that version.
    """
    service.catalogue.decision(id, version)

    async def required(request: Request, given: Annotated[Facts, Depends(facts)]) -> Result[Any]:
        return checked(service, request, id, given, version=version, denial=denial)

    return required
