"""Guarding: what a guard knows of the request before it, and answers in place of its view."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, Final, NamedTuple

from criterion.http.limits.denial import denied, failed, verdict_members
from criterion.http.log import log_answer, log_degraded, log_failure
from criterion.http.message import Answer, Request
from criterion.http.request_id import HEADER, request_id_of
from criterion.policy.runtime.options import AskOptions
from criterion.policy.verdict import Verdict

NOT_NOTED: Final = nullcontext()
"""In place of what is noted where nothing is recorded."""


class Use(NamedTuple):
    """What a guard counts of one request.

    Attributes:
        customer: Who asks.
        entitlement: What for.
        amount: How much; ``None`` for a hold of what such calls are expected to use.
        key: Under which the request is counted once, or ``None``.
        context: What else is known of the call.
    """

    customer: str
    entitlement: str
    amount: Any = 1  # Given, or None; whatever else a function makes is refused by the policy
    key: str | None = None
    context: Mapping[str, Any] | None = None

    @property
    def options(self) -> AskOptions:
        """The context, as calls take it."""
        return AskOptions() if self.context is None else AskOptions(context=self.context)


def customer_name(given: object) -> str:
    """Return who asks, as a guard was told.

    Raises:
        TypeError: It is no text, or nothing says who asks.
    """
    if isinstance(given, str):
        return given
    if given is None:
        message = "nothing says who asks: give `customer=` to the guard, or to `Limits`"
        raise TypeError(message)
    message = f"a customer is a text, not {type(given).__name__}: write `str(…)` around it"
    raise TypeError(message)


class Guarded:
    """One request before which a policy is asked.

    Nothing is looked at before it is needed: most requests pass.

    Args:
        request: Makes the request, as the contract takes it.
    """

    __slots__ = ("_id", "_made", "_make")

    def __init__(self, request: Callable[[], Request]) -> None:
        """Keep how the request is made."""
        self._make = request
        self._made: Request | None = None
        self._id: str | None = None

    @property
    def request(self) -> Request:
        """The request."""
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def id(self) -> str:
        """The id in the answer's header, in the log and beside the verdict."""
        if self._id is None:
            self._id = request_id_of(self.request.headers.get(HEADER))
        return self._id

    @property
    def metadata(self) -> Mapping[str, object]:
        """What a record says of the request."""
        request = self.request
        route = f"{request.method} {request.root_path}{request.path}"
        return {"request_id": self.id, "route": route}

    def passes(self, verdict: Verdict) -> None:
        """Log of a request that passes, if it is so, that nobody knows whether there is room."""
        if not verdict.seq and verdict.degraded:  # what was counted has a number: most stop there
            log_degraded(self.request, self.id, verdict_members(verdict))

    def refusal(self, verdict: Verdict, *, legacy: bool = False) -> Answer | None:
        """Return what is sent in place of the view's own answer; ``None`` where it may run."""
        problem = denied(verdict, legacy=legacy)
        if problem is None:
            return None
        answer = problem.answer(self.id)
        members = {**verdict_members(verdict), "code": problem.code}
        log_answer(self.request, self.id, answer.status, lambda: members)
        return answer

    def failure(self, error: Exception) -> Answer:
        """Return what is sent where the policy raised: nobody passes."""
        log_failure("guard", self.id, error)
        problem = failed(error)
        answer = problem.answer(self.id)
        log_answer(self.request, self.id, answer.status, lambda: {"code": problem.code})
        return answer
