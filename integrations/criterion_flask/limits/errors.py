"""The error of a hold that found no room, and how an application answers it."""

from flask import Response

from criterion.errors import CriterionError
from criterion.http import Answer
from criterion.policy.verdict import Verdict
from criterion_flask.messages import response_of


class RefusedError(CriterionError):
    """A block was not entered, since there was no room; applications with limits answer it.

    Attributes:
        answer: What is sent: the whole problem.
        verdict: Why; ``None`` where nothing could be decided.
    """

    code = "refused"

    def __init__(self, answer: Answer, verdict: Verdict | None) -> None:
        """Keep what is to be sent."""
        super().__init__("a policy let a request not pass")
        self.answer = answer
        self.verdict = verdict


def answered(error: RefusedError) -> Response:
    """Return the response to a request that was refused."""
    return response_of(error.answer)
