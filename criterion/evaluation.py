"""Evaluation: the first rule that matches decides.

This is the hot path. One function is made per decision and profile, so that a call looks nothing
up: everything it needs is a local of that function. What an outcome means is worked out by its
reading, when somebody asks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from criterion.borrowed import is_borrowed, validator_of
from criterion.decision import Decision
from criterion.explanation import RuleReading
from criterion.light import light_reader, light_type, light_validator, lighten, model_of
from criterion.result import Failure, Result, Status
from criterion.rule import OTHERWISE
from criterion.snapshot import NO_PROFILE, ProfileSnapshot
from criterion.validation import ErrorDetail

Now = Callable[[], datetime]


class Evaluate(Protocol):
    """Evaluates facts under the profile that it was made with; never raises."""

    def __call__(self, facts: Any, *, metadata: Mapping[str, object] | None = None) -> Result[Any]:  # noqa: ANN401
        """Return the result. The metadata is for a recorder, if one is wrapped around."""
        ...


class Program:
    """A decision made ready to run: its validators and the functions of its rules.

    Attributes:
        decision: The decision.
        read_profile: Validates a profile for it.
    """

    __slots__ = (
        "_emits", "_has_otherwise", "_light_profile", "_read_input", "_read_mapping",
        "_read_output", "_whens", "decision", "read_profile",
    )  # fmt: skip

    def __init__(self, decision: Decision[Any, Any, Any]) -> None:
        """Look up once what every evaluation needs."""
        self.decision = decision
        self.read_profile = reader_of(decision.profile)
        self._light_profile = light_type(decision.profile)
        self._read_input = self._read_mapping = reader_of(decision.input)
        light_input = light_type(decision.input)
        if light_input is not None:
            self._read_mapping = light_validator(light_input)
            self._read_input = light_reader(light_input, self._read_mapping)
        self._read_output = reader_of(decision.output)
        self._has_otherwise = decision.rules[-1].when == OTHERWISE
        self._whens = tuple(rule.when for rule in decision.rules if rule.when != OTHERWISE)
        self._emits = tuple(rule.emit for rule in decision.rules)

    def under(self, profile: ProfileSnapshot, now: Now) -> Evaluate:  # noqa: C901 -- one frame per call
        """Return the function that evaluates facts under a profile that fits. It never raises."""
        reading = RuleReading(self.decision, profile)
        light, whens, emits = self._light_profile, self._whens, self._emits
        values = lighten(light, profile.values) if light else profile.values
        read_mapping, read_input = self._read_mapping, self._read_input
        read_output, has_otherwise, ok = self._read_output, self._has_otherwise, Status.OK
        output_type = None if is_borrowed(self.decision.output) else self.decision.output
        is_refused = _refusal_of(self.decision.output)

        def failed(at: datetime, facts: object, index: int, failure: Failure) -> Result[Any]:
            return Result(reading, Status.RULE_ERROR, at, facts, index, failure)

        def evaluate(facts: Any, *, metadata: object = None) -> Result[Any]:  # noqa: ANN401, ARG001, C901, PLR0911
            at = now()
            try:
                facts = read_mapping(facts) if type(facts) is dict else read_input(facts)
            except Exception as error:  # noqa: BLE001 -- whatever unreadable facts may raise
                return Result(reading, Status.INVALID_INPUT, at, None, 0, error)
            index = 0
            try:
                for when in whens:
                    matches = when(facts, values)
                    if matches is True:
                        break
                    if matches is not False:
                        return failed(at, facts, index, Failure("when", None))
                    index += 1
                else:
                    if not has_otherwise:
                        return Result(reading, Status.NO_MATCH, at, facts, index, None)
            except Exception as error:  # noqa: BLE001 -- whatever a rule may raise
                return failed(at, facts, index, Failure("when", error))
            try:
                data = emits[index](facts, values)
            except Exception as error:  # noqa: BLE001 -- whatever a rule may raise
                if not is_refused(error):
                    return failed(at, facts, index, Failure("emit", error))
                return Result(reading, Status.INVALID_OUTPUT, at, facts, index, error)
            if type(data) is not output_type:
                try:
                    data = read_output(model_of(data))
                except Exception as error:  # noqa: BLE001 -- whatever unreadable data may raise
                    return Result(reading, Status.INVALID_OUTPUT, at, facts, index, error)
            return Result(reading, ok, at, facts, index, data)

        return evaluate

    def without(self, errors: tuple[ErrorDetail, ...], now: Now) -> Evaluate:
        """Return the function that refuses facts for want of a fitting profile."""
        reading = RuleReading(self.decision, NO_PROFILE)

        def refuse(facts: Any, *, metadata: object = None) -> Result[Any]:  # noqa: ANN401, ARG001
            at = now()
            try:
                facts = self._read_input(facts)
            except Exception as error:  # noqa: BLE001 -- whatever unreadable facts may raise
                return Result(reading, Status.INVALID_INPUT, at, None, 0, error)
            return Result(reading, Status.INVALID_PROFILE, at, facts, 0, errors)

        return refuse


def reader_of(schema: type[BaseModel]) -> Callable[[object], Any]:
    """Return what makes a frozen instance of a schema: from a mapping, or from an instance."""
    validate = validator_of(schema).validate_python
    if not is_borrowed(schema):
        return validate  # an instance is returned as it is: it was validated, and is frozen

    def read(given: object) -> object:
        return validate(given, from_attributes=not isinstance(given, Mapping))

    return read


def _refusal_of(output: type[BaseModel]) -> Callable[[Exception], bool]:
    """Return a test for the error of an ``emit`` that built an output which does not fit."""

    def is_refused(error: Exception) -> bool:
        return isinstance(error, ValidationError) and error.title == output.__name__

    return is_refused
