"""Results: what was decided, by which rule of which version, and why."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from threading import RLock
from typing import Any, Final, Generic, NamedTuple, NoReturn, Protocol, TypeVar

from pydantic import BaseModel

from criterion.errors import (
    EvaluationError,
    InvalidInputError,
    InvalidOutputError,
    InvalidProfileError,
    NoMatchError,
    RuleError,
)
from criterion.json_text import Plain, builtin, instant, json_text
from criterion.validation import ErrorDetail

Output_co = TypeVar("Output_co", bound=BaseModel, covariant=True)


class Status(StrEnum):
    """How an evaluation ended; the value is the name."""

    OK = "OK"
    """A rule matched and its data is valid. A denial is OK."""
    NO_MATCH = "NO_MATCH"
    """No rule matched."""
    INVALID_INPUT = "INVALID_INPUT"
    """The facts do not fit the input schema; no rule was asked."""
    INVALID_PROFILE = "INVALID_PROFILE"
    """The profile is missing, unknown or does not fit; no rule was asked."""
    INVALID_OUTPUT = "INVALID_OUTPUT"
    """The matching rule's data does not fit the output schema."""
    RULE_ERROR = "RULE_ERROR"
    """A rule raised, or its condition was neither true nor false."""


class RuleTrace(NamedTuple):
    """What one rule said.

    Attributes:
        rule_id: The rule.
        matched: Whether its condition was true; ``None`` where the rule failed.
        explanation: Why, or why not; for a failed rule, the error.
    """

    rule_id: str
    matched: bool | None
    explanation: str


Id_co = TypeVar("Id_co", bound=str | None, covariant=True)


class Identified(Protocol[Id_co]):
    """Which decision or profile of which version; a profile given by value has no name."""

    @property
    def id(self) -> Id_co:
        """The readable id."""
        ...

    @property
    def version(self) -> Id_co:
        """The semantic version."""
        ...

    @property
    def digest(self) -> str | None:
        """The fingerprint, or ``None`` where it is not to be had."""
        ...


class Failure(NamedTuple):
    """How a rule failed.

    Attributes:
        stage: ``when`` or ``emit``.
        raised: The exception, or ``None`` where a condition was neither true nor false.
    """

    stage: str
    raised: Exception | None


class Outcome(NamedTuple):
    """What an evaluation leaves behind: enough to work out everything else when it is read.

    Attributes:
        status: How it ended.
        at: When, by the engine's clock.
        facts: The frozen facts, or ``None`` where they were invalid.
        position: How many rules said no before the one that ended it.
        cause: By status: the output instance, or the data that it is made of when it is first
            read; ``None`` for no match; the exception that refused input or output; the error
            details of the profile; the `Failure` of a rule.
    """

    status: Status
    at: datetime
    facts: Any
    position: int
    cause: Any


class Reading(Protocol):
    """Works out what a result means, when somebody reads it. Nothing here raises."""

    @property
    def decision(self) -> Identified[str]:
        """The decision that was evaluated."""
        ...

    @property
    def profile(self) -> Identified[str | None]:
        """The profile that it ran under; all ``None`` where there was none."""
        ...

    def begin(self, outcome: Outcome) -> str:
        """Return how the answer of a rule as JSON begins: an open object, up to its data."""
        ...

    def matched_rule(self, outcome: Outcome) -> str | None:
        """Return the id of the rule that decided."""
        ...

    def explanation(self, outcome: Outcome) -> str:
        """Return why, as one line."""
        ...

    def errors(self, outcome: Outcome) -> tuple[ErrorDetail, ...]:
        """Return why there is no data."""
        ...

    def trace(self, outcome: Outcome, reason: Callable[[], str]) -> tuple[RuleTrace, ...]:
        """Return what each evaluated rule said; ``reason`` is the explanation, worked out once."""
        ...

    def why_not(self, outcome: Outcome, rule_id: str, reason: Callable[[], str]) -> str:
        """Return why one rule did not decide; ``reason`` is the explanation, worked out once."""
        ...

    def instance(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 -- an output instance
        """Return the output instance of emitted data, which is known to fit."""
        ...

    def members(self, data: BaseModel | None) -> Plain:
        """Return an output instance as plain data, marked fields redacted."""
        ...

    def text(self, data: Any) -> str | None:  # noqa: ANN401 -- an output instance, or its data
        """Return an output as JSON text, or ``None`` where it has to be made of its `members`."""
        ...

    def raised(self, outcome: Outcome) -> Exception | None:
        """Return what a rule raised, where it may be shown."""
        ...

    def rendered(self, result: "Result[Any]", form: str) -> str:
        """Return the result as ``text/plain``, ``text/markdown`` or ``text/html``."""
        ...


class Result(Generic[Output_co]):
    """The answer of one evaluation; what it means is worked out when it is read.

    It has no truth value, because a denial is data: ask `status`, `unwrap`, or the data itself.
    """

    _audit_id: str  # set where there is a recorder; a call that is not recorded pays nothing

    __slots__ = (
        "_at", "_audit_id", "_cause", "_explained", "_facts", "_position", "_reading", "_status",
    )  # fmt: skip

    def __init__(
        self,
        reading: Reading,
        status: Status,
        at: datetime,
        facts: Any,  # noqa: ANN401 -- as in `Outcome`
        position: int,
        cause: Any,  # noqa: ANN401
    ) -> None:
        """Made by an engine; see `Outcome` for the arguments."""
        self._reading = reading
        self._status = status
        self._at = at
        self._facts = facts
        self._position = position
        self._cause = cause
        self._explained: str | None = None

    @property
    def _outcome(self) -> Outcome:
        return Outcome(self._status, self._at, self._facts, self._position, self._cause)

    @property
    def status(self) -> Status:
        """How the evaluation ended."""
        return self._status

    @property
    def data(self) -> Output_co | None:
        """The validated output, or ``None`` where the status is not OK."""
        if self._status is not Status.OK:
            return None
        if isinstance(self._cause, dict):
            self._make()
        data: Output_co = self._cause
        return data

    def _make(self) -> None:
        """Put the instance in the place of the data; once, so that every reader gets the same."""
        with _MAKING:
            if isinstance(self._cause, dict):
                self._cause = self._reading.instance(self._cause)

    @property
    def matched_rule(self) -> str | None:
        """The id of the rule that decided, or ``None`` where the status is not OK."""
        return self._reading.matched_rule(self._outcome)

    @property
    def explanation(self) -> str:
        """Why, as one line of text; never raises."""
        if self._explained is None:
            self._explained = self._reading.explanation(self._outcome)
        return self._explained

    @property
    def trace(self) -> tuple[RuleTrace, ...]:
        """What each evaluated rule said, in order; empty where no rule was asked."""
        return self._reading.trace(self._outcome, lambda: self.explanation)

    @property
    def errors(self) -> tuple[ErrorDetail, ...]:
        """Why there is no data: place, code and message; empty for OK and NO_MATCH."""
        return self._reading.errors(self._outcome)

    @property
    def evaluated_at(self) -> datetime:
        """When, by the engine's clock; aware."""
        return self._at

    @property
    def audit_id(self) -> str | None:
        """The id of the record of this evaluation, or ``None`` where nothing was recorded."""
        found: str | None = getattr(self, "_audit_id", None)
        return found

    @property
    def decision_id(self) -> str:
        """The decision's id."""
        return self._reading.decision.id

    @property
    def decision_version(self) -> str:
        """The decision's version."""
        return self._reading.decision.version

    @property
    def decision_digest(self) -> str | None:
        """The decision's digest, or ``None`` where a rule's source is not to be had."""
        return self._reading.decision.digest

    @property
    def profile_id(self) -> str | None:
        """The profile's registered name, or ``None`` where it was given by value or not at all."""
        return self._reading.profile.id

    @property
    def profile_version(self) -> str | None:
        """The profile's registered version, or ``None``."""
        return self._reading.profile.version

    @property
    def profile_digest(self) -> str | None:
        """The digest of the profile's values, or ``None`` where there was no profile."""
        return self._reading.profile.digest

    def why_not(self, rule_id: str) -> str:
        """Return why a rule did not decide, or that it did.

        Raises:
            UnknownRuleError: The decision has no such rule.
        """
        return self._reading.why_not(self._outcome, rule_id, lambda: self.explanation)

    def unwrap(self) -> Output_co:
        """Return the data.

        Raises:
            EvaluationError: There is none; a subclass for each status, carrying this result. The
                cause of a `RuleError` is what the rule raised, unless a schema has marked fields.
        """
        data = self.data
        if data is not None:
            return data
        raise _ERRORS[self.status](self) from self._reading.raised(self._outcome)

    def to_dict(self, *, trace: bool = False) -> dict[str, Any]:
        """Return the answer as ``json.dumps`` takes it; marked fields are redacted.

        A decimal is the nearest float; `to_json` keeps every digit.
        """
        members: dict[str, Any] = builtin(self._members(trace=trace))
        return members

    def to_json(self, *, trace: bool = False) -> str:
        """Return the answer as one line of JSON; marked fields are redacted."""
        if trace or self._status is not Status.OK:
            return json_text(self._members(trace=trace))
        reading, outcome = self._reading, self._outcome
        data = reading.text(self._cause)
        if data is None:
            data = json_text(reading.members(self.data))
        if self._explained is None:
            self._explained = reading.explanation(outcome)
        audit_id = "null" if self.audit_id is None else f'"{self.audit_id}"'
        return (  # the same as the members below, put together from what is text already
            f'{reading.begin(outcome)}{data},"explanation":{json_text(self._explained)},"errors":[],'
            f'"evaluated_at":"{instant(self._at)}","audit_id":{audit_id}}}'
        )

    def _members(self, *, trace: bool) -> dict[str, Plain]:
        outcome = self._outcome
        members: dict[str, Plain] = {
            "decision": _identity(self._reading.decision),
            "profile": _identity(self._reading.profile),
            "status": self.status.value,
            "matched_rule": self._reading.matched_rule(outcome),
            "data": self._reading.members(self.data),
            "explanation": self.explanation,
            "errors": [error._asdict() for error in self._reading.errors(outcome)],
            "evaluated_at": instant(self.evaluated_at),
            "audit_id": self.audit_id,
        }
        if trace:
            members["trace"] = [entry._asdict() for entry in self.trace]
        return members

    def __bool__(self) -> NoReturn:
        """Refuse: a denial is OK, and an error is no denial."""
        message = "a result is neither true nor false: ask `result.status` or `result.data`"
        raise TypeError(message)

    def __repr__(self) -> str:
        """Return decision, status and rule; no facts."""
        matched = f" {self.matched_rule}" if self.matched_rule else ""
        return f"<Result {self.decision_id} v{self.decision_version} {self.status}{matched}>"

    def __str__(self) -> str:
        """Return the text that `Engine.explain` returns."""
        return self._reading.rendered(self, "text/plain")

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 -- the notebook's own signature
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, str]:
        """Show the result in a notebook as text, Markdown and HTML, everything escaped."""
        forms = ("text/plain", "text/markdown", "text/html")
        return {form: self._reading.rendered(self, form) for form in forms}


def begin_of(decision: Identified[str], profile: Identified[str | None], rule_id: str) -> str:
    """Return how the answer of a rule as JSON begins, up to its data."""
    heads = json_text({"decision": _identity(decision), "profile": _identity(profile)})
    return f'{heads[:-1]},"status":"OK","matched_rule":"{rule_id}","data":'


def name_record(result: Result[Any], audit_id: str) -> None:
    """Say under which id a result is about to be recorded."""
    result._audit_id = audit_id  # noqa: SLF001 -- for the engine alone


def parts_of_result(result: Result[Any]) -> tuple[Reading, Outcome]:
    """Return what a result was made of, unredacted: for those that record it."""
    return result._reading, result._outcome  # noqa: SLF001 -- not for users


def _identity(thing: Identified[str | None]) -> dict[str, Plain]:
    return {"id": thing.id, "version": thing.version, "digest": thing.digest}


_MAKING: Final = RLock()
"""Held for the microsecond in which an instance is made; by all results, to keep them small."""

_ERRORS: Final[dict[Status, type[EvaluationError]]] = {
    Status.NO_MATCH: NoMatchError,
    Status.INVALID_INPUT: InvalidInputError,
    Status.INVALID_PROFILE: InvalidProfileError,
    Status.INVALID_OUTPUT: InvalidOutputError,
    Status.RULE_ERROR: RuleError,
}
