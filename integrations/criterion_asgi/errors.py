"""The error of a guard, and how an application answers it."""

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from criterion.errors import CriterionError
from criterion.http import Answer
from criterion.result import Result
from criterion_asgi.responses import AnswerResponse


class GuardError(HTTPException, CriterionError):
    """A guard let a request not pass.

    Where `install_exception_handlers` was forgotten, the application answers it as it answers
    any exception of Starlette's own: with its status, but not as a problem.

    Attributes:
        answer: What is to be sent: the whole problem.
        result: What the decision said; ``None`` where nothing was decided.
    """

    code = "guard"

    def __init__(self, answer: Answer, result: Result[Any] | None) -> None:
        """Keep what is to be sent."""
        HTTPException.__init__(self, answer.status)
        CriterionError.__init__(self, "a guard let a request not pass")
        self.answer = answer
        self.result = result


def install_exception_handlers(app: Starlette) -> None:
    """Let an application answer what guards raise, as ``application/problem+json``."""
    app.add_exception_handler(GuardError, _answered)


async def _answered(_: Request, error: Exception) -> Response:
    if not isinstance(error, GuardError):
        raise error
    return AnswerResponse(error.answer)
