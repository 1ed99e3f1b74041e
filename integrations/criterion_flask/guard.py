"""Guards: a decision is asked before a view runs, and may refuse the request."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Final, NamedTuple, ParamSpec, TypeAlias

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from criterion.http import Denial
from criterion.result import Result
from criterion_flask.errors import NotAskedError
from criterion_flask.messages import request_of, response_of
from criterion_flask.service import service_in

P = ParamSpec("P")

Facts: TypeAlias = Mapping[str, Any]
FactsOf: TypeAlias = Callable[[], Facts | Awaitable[Facts]]
Guarded: TypeAlias = Callable[P, ResponseReturnValue]
View: TypeAlias = Callable[P, ResponseReturnValue | Awaitable[ResponseReturnValue]]

NOT_ALLOWED: Final = Denial()
"""Refuses with 403 where the member ``allowed`` of the data is not true."""

RESULT: Final = "criterion_result"
"""Where ``flask.g`` keeps the result of the guard that ran last."""

MARK: Final = "criterion_questions"
"""The attribute of a guarded view that holds what its guards ask, outermost first."""


class Question(NamedTuple):
    """What a guard asks.

    Attributes:
        id: Of the decision.
        version: A version to pin, or ``None``.
    """

    id: str
    version: str | None


def guarding(question: Question, facts: FactsOf, denial: Denial) -> Callable[[View[P]], Guarded[P]]:
    """Return a decorator that asks a question of the current application before a view runs."""

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            given: Facts = current_app.ensure_sync(facts)()
            refused = _refused(question, given, denial)
            if refused is not None:
                return refused
            answer: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
            return answer

        setattr(guarded, MARK, (question, *questions_of(view)))
        return guarded

    return decorate


def questions_of(view: object) -> tuple[Question, ...]:
    """Return what the guards of a view ask, outermost first."""
    questions: tuple[Question, ...] = getattr(view, MARK, ())
    return questions


def last_result() -> Result[Any]:
    """Return what the guard that ran last in this request found.

    Raises:
        NotAskedError: No guard ran, or it could not decide.
    """
    result: Result[Any] | None = g.get(RESULT)
    if result is None:
        hint = "put `@criterion.guard(…)` above the view"
        raise NotAskedError("nothing was decided in this request", hint=hint)
    return result


def _refused(question: Question, given: Facts, denial: Denial) -> ResponseReturnValue | None:
    """Return the response to a request that may not pass; else keep the result for the view."""
    current = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
    asked = request_of(current, current.path)
    service = service_in(current_app)
    found = service.check(asked, question.id, given, version=question.version, denial=denial)
    setattr(g, RESULT, found.result)
    return None if found.answer is None else response_of(found.answer)
