"""Guards: a decision is asked before a view of Starlette's runs, and may refuse the request."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, Final, TypeAlias

from starlette.requests import Request

from criterion.http import DecisionService, Denial
from criterion.http.asgi import request_of
from criterion.result import Result
from criterion_asgi.errors import GuardError

Facts: TypeAlias = Mapping[str, Any]
FactsOf: TypeAlias = Callable[[Request], Facts | Awaitable[Facts]]
Guard: TypeAlias = Callable[[Request], Awaitable[Result[Any]]]

NOT_ALLOWED: Final = Denial()
"""Refuses with 403 where the member ``allowed`` of the data is not true."""


def guard(
    service: DecisionService,
    id: str,
    *,
    facts: FactsOf,
    version: str | None = None,
    denial: Denial = NOT_ALLOWED,
) -> Guard:
    """Return a guard for views: ``result = await may_pass(request)`` as their first line.

    Args:
        service: Where the decision is asked, with its profiles, hooks and recorder.
        id: Of the decision.
        facts: Makes the input of a request; it may be asynchronous.
        version: A version to pin.
        denial: When the guard refuses, and as which problem.

    Returns:
        What takes the request and returns the result. It raises `GuardError` where the request
        may not pass, or where nothing could be decided.

    Raises:
        UnknownDecisionError: There is no such decision, or not in that version.
    """
    service.catalogue.decision(id, version)

    async def may_pass(request: Request) -> Result[Any]:
        made = facts(request)
        given = await made if isawaitable(made) else made
        return checked(service, request, id, given, version=version, denial=denial)

    return may_pass


def checked(
    service: DecisionService,
    request: Request,
    id: str,
    facts: Facts,
    *,
    version: str | None,
    denial: Denial,
) -> Result[Any]:
    """Return what a decision says of a request that may pass.

    Raises:
        GuardError: It may not.
    """
    asked = request_of(request.scope, b"")
    found = service.check(asked, id, facts, version=version, denial=denial)
    if found.answer is not None:
        raise GuardError(found.answer, found.result)
    result: Result[Any] = found.result  # type: ignore[assignment] # it is there: nothing is sent
    return result
