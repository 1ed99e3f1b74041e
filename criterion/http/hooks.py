"""Hooks: what an operator does before and after an evaluation. They cannot change an answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from criterion.decision import Decision
from criterion.http.message import Request
from criterion.http.problem import Refusal
from criterion.result import Result


class Asked(NamedTuple):
    """What is asked, without the facts.

    Attributes:
        request: As the adapter handed it over.
        request_id: The id in the answer's header and in the log.
        decision: What is asked, in the version that was found.
        metadata: What hooks have added; a recorder keeps it beside the evaluation.
    """

    request: Request
    request_id: str
    decision: Decision[Any, Any, Any]
    metadata: Mapping[str, object]


class Hook:
    """Derive from this and override what you need; hooks run in the order they are given in."""

    def before(self, asked: Asked) -> Mapping[str, object] | Refusal | None:  # noqa: ARG002
        """Run before a profile is chosen and the body is read.

        Returns:
            Metadata to add, or a refusal, or nothing.

        Raises:
            Exception: Nothing is decided: the request is answered with 500, ``internal_error``,
                since what was to refuse it may not have run.
        """
        return None

    def after(self, asked: Asked, result: Result[Any]) -> None:
        """Run after an evaluation, whatever its status, before the answer is sent.

        Raises:
            Exception: Logged as an error; the answer is sent as it is, and later hooks run.
        """
