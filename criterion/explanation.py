"""Explanations: what an outcome means, worked out from the kept facts when somebody reads it."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from criterion.decision import Decision
from criterion.errors import UnknownRuleError
from criterion.flat_output import Writer, flat_writer
from criterion.json_text import Plain, plain
from criterion.light import model_of
from criterion.redaction import REDACTED_TEXT, Redacted, RedactedUseError
from criterion.rendering import rendered
from criterion.result import Failure, Outcome, Result, RuleTrace, Status, begin_of
from criterion.rule import OTHERWISE, Rule
from criterion.snapshot import ProfileSnapshot
from criterion.text import code, did_you_mean, one_line
from criterion.validation import ErrorDetail, error_details, unreadable
from criterion.views import has_marks, redacted

EXCEPTION_LENGTH_MAX: Final = 500
"""How much of an exception's text is shown, in characters."""


class RuleReading:
    """Reads the outcomes of one decision under one profile.

    Attributes:
        decision: The decision.
        profile: The profile, or `NO_PROFILE` where it was missing or unfit.
    """

    __slots__ = ("_begins", "_marks", "_shown", "_write", "decision", "profile")

    def __init__(self, decision: Decision[Any, Any, Any], profile: ProfileSnapshot) -> None:
        """Keep what all these outcomes have in common."""
        self.decision = decision
        self.profile = profile
        self._begins: dict[int, str] = {}
        self._marks: bool | None = None
        self._shown: Any = None
        self._write: Writer | None = None

    def begin(self, outcome: Outcome) -> str:
        """Return how an answer as JSON begins, up to its data; made once for every rule."""
        position = outcome.position
        begin = self._begins.get(position)
        if begin is None:
            rule_id = self.decision.rules[position].id
            begin = self._begins[position] = begin_of(self.decision, self.profile, rule_id)
        return begin

    def matched_rule(self, outcome: Outcome) -> str | None:
        """Return the id of the rule that decided."""
        return self.decision.rules[outcome.position].id if outcome.status is Status.OK else None

    def explanation(self, outcome: Outcome) -> str:
        """Return why, as one line."""
        return one_line(self._explanation(outcome))

    def _explanation(self, outcome: Outcome) -> str:
        match outcome.status:
            case Status.OK:
                return self._reason(outcome)
            case Status.NO_MATCH:
                return "no rule matched"
            case Status.INVALID_INPUT:
                return f"invalid input: {summary(self.errors(outcome))}"
            case Status.INVALID_PROFILE:
                return f"invalid profile: {summary(self.errors(outcome))}"
            case Status.INVALID_OUTPUT:
                rule = self.decision.rules[outcome.position].id
                return f"rule {code(rule)} emitted invalid data: {summary(self.errors(outcome))}"
            case Status.RULE_ERROR:
                failure: Failure = outcome.cause
                rule = self.decision.rules[outcome.position].id
                return f"rule {code(rule)} failed in `{failure.stage}`: {self._text(failure)}"

    def _reason(self, outcome: Outcome) -> str:
        """Return what the matching rule says of itself, about facts that hide marked values."""
        rule: Rule[Any, Any, Any] = self.decision.rules[outcome.position]
        if rule.explain is None:
            return (
                "no earlier rule matched"
                if rule.when == OTHERWISE
                else (f"the condition of {code(rule.id)} was true")
            )
        try:
            text: object = rule.explain(_shown(outcome.facts), self._shown_profile())
        except RedactedUseError:
            return f"the reason of {code(rule.id)} depends on a redacted value"
        except Exception as error:  # noqa: BLE001 -- an explanation never changes an outcome
            return f"the explanation of {code(rule.id)} failed: {self._exception_text(error)}"
        if isinstance(text, Redacted):
            return REDACTED_TEXT
        if not isinstance(text, str):
            return f"the explanation of {code(rule.id)} is not text"
        return str.__str__(text)  # a subclass of text may print itself otherwise

    def _shown_profile(self) -> Any:  # noqa: ANN401 -- of any schema
        if self._shown is None:
            self._shown = _shown(self.profile.values)
        return self._shown

    def errors(self, outcome: Outcome) -> tuple[ErrorDetail, ...]:
        """Return why there is no data."""
        match outcome.status:
            case Status.INVALID_INPUT:
                return _refusals(outcome.cause, self.decision.input)
            case Status.INVALID_PROFILE:
                details: tuple[ErrorDetail, ...] = outcome.cause
                return details
            case Status.INVALID_OUTPUT:
                return _refusals(outcome.cause, self.decision.output)
            case Status.RULE_ERROR:
                failure: Failure = outcome.cause
                place = f"rules.{self.decision.rules[outcome.position].id}.{failure.stage}"
                name = "not_boolean" if failure.raised is None else "raised"
                return (ErrorDetail(place, name, self._text(failure)),)
            case _:
                return ()

    def trace(self, outcome: Outcome, reason: Callable[[], str]) -> tuple[RuleTrace, ...]:
        """Return what each evaluated rule said, up to the one that ended the evaluation."""
        if outcome.status is Status.INVALID_INPUT or outcome.status is Status.INVALID_PROFILE:
            return ()
        reasons = self._whys_false(outcome, range(outcome.position))
        passed = [
            RuleTrace(rule.id, False, why)  # noqa: FBT003 -- names would cost twice
            for rule, why in zip(self.decision.rules, reasons, strict=False)
        ]
        if outcome.status is Status.NO_MATCH:
            return tuple(passed)
        rule = self.decision.rules[outcome.position].id
        matched = None if outcome.status is Status.RULE_ERROR else True
        why = reason() if outcome.status is Status.OK else _first(self.errors(outcome))
        return (*passed, RuleTrace(rule, matched, why))

    def _whys_false(self, _: Outcome, positions: range) -> list[str]:
        """Return why rules that were asked did not match."""
        return [
            f"the condition of {code(self.decision.rules[position].id)} was false"
            for position in positions
        ]

    def why_not(self, outcome: Outcome, rule_id: str, reason: Callable[[], str]) -> str:
        """Return why one rule did not decide.

        Raises:
            UnknownRuleError: The decision has no such rule.
        """
        ids = [rule.id for rule in self.decision.rules]
        if rule_id not in ids:
            message = f"decision {code(self.decision.id)} has no rule {code(str(rule_id))}"
            raise UnknownRuleError(message, hint=did_you_mean(str(rule_id), ids))
        index = ids.index(rule_id)
        if outcome.status in {Status.INVALID_INPUT, Status.INVALID_PROFILE}:
            return f"not reached: {reason()}"
        if index < outcome.position:
            return self._whys_false(outcome, range(index, index + 1))[0]
        if index == outcome.position:
            matched = outcome.status is Status.OK
            return f"{code(rule_id)} matched: {reason()}" if matched else reason()
        verb = "failed" if outcome.status is Status.RULE_ERROR else "matched first"
        return f"not reached: {code(ids[outcome.position])} {verb}"

    def instance(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 -- an output instance
        """Return the output instance of emitted data, which is known to fit."""
        return self.decision.output.__pydantic_validator__.validate_python(data)

    def members(self, data: BaseModel | None) -> Plain:
        """Return an output instance as plain data, marked fields redacted."""
        if data is None:
            return None
        shown = redacted(data)
        try:
            members = shown.model_dump(by_alias=True, warnings=False)
        except RedactedUseError:  # a computed field that would tell of a marked one
            members = shown.model_dump(by_alias=True, warnings=False, exclude_computed_fields=True)
        return plain(members, other=str)

    def text(self, data: Any) -> str | None:  # noqa: ANN401 -- an output instance, or its data
        """Return an output as JSON text, or ``None`` where it has to be made of its `members`."""
        if self._write is None:
            output: type[BaseModel] = self.decision.output
            self._write = flat_writer(output)
        return self._write(data)

    def raised(self, outcome: Outcome) -> Exception | None:
        """Return what a rule raised, unless marked values may be in it."""
        if outcome.status is not Status.RULE_ERROR or self._has_marks():
            return None
        failure: Failure = outcome.cause
        return failure.raised

    def rendered(self, result: Result[Any], form: str) -> str:
        """Return the result as ``text/plain``, ``text/markdown`` or ``text/html``."""
        return rendered(result, form)

    def _text(self, failure: Failure) -> str:
        if failure.raised is None:
            return "the condition is neither true nor false"
        return self._exception_text(failure.raised)

    def _exception_text(self, error: Exception) -> str:
        name = one_line(type(error).__name__, 100)
        if self._has_marks():
            return f"{name} (its text is withheld: the decision has redacted fields)"
        try:
            text = one_line(str(error), EXCEPTION_LENGTH_MAX)
        except Exception:  # noqa: BLE001 -- an exception of a rule may be unable to print itself
            text = ""
        return f"{name}: {text}" if text else name

    def _has_marks(self) -> bool:
        if self._marks is None:
            decision: Decision[BaseModel, BaseModel, BaseModel] = self.decision
            self._marks = any(map(has_marks, (decision.input, decision.profile, decision.output)))
        return self._marks


def _shown(facts: Any) -> Any:  # noqa: ANN401 -- facts, a profile, or None
    """Return what an explanation may see: where nothing is marked, the very facts of the rules."""
    return redacted(model_of(facts)) if has_marks(facts.__class__) else facts


def _refusals(cause: Exception, schema: type[BaseModel]) -> tuple[ErrorDetail, ...]:
    try:
        if isinstance(cause, ValidationError):
            return error_details(cause, schema)
    except Exception as error:  # noqa: BLE001 -- a schema's own error may be unable to print itself
        return (unreadable(error),)
    return (unreadable(cause),)


def summary(errors: tuple[ErrorDetail, ...]) -> str:
    """Return the first error, and how many more there are."""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{_first(errors)}{more}"


def _first(errors: tuple[ErrorDetail, ...]) -> str:
    return str(errors[0]) if errors else "unknown"
