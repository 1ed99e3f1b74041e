"""Expression programs: how an engine runs a decision whose rules are expressions.

The hot path again, as in `evaluation`: facts are validated into plain data, one compiled function
decides, and what it emits is validated.
"""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from criterion.evaluation import Evaluate, Now, Program, reader_of
from criterion.expression.compile import compile_body
from criterion.expression.failure import ClauseFailure
from criterion.expression_decision import ExpressionDecision
from criterion.expression_reading import ExpressionReading
from criterion.output_fit import output_readers
from criterion.plain_facts import plain_readers
from criterion.result import Failure, Result, Status
from criterion.snapshot import ProfileSnapshot
from criterion.validation import error_details


class ExpressionProgram(Program):
    """A decision in expressions made ready to run.

    Attributes:
        expressions: The same decision.
    """

    __slots__ = ("_decide", "_output_readers", "_read_plain_profile", "expressions")

    def __init__(self, decision: ExpressionDecision) -> None:
        """Compile the rules, once."""
        self.decision = self.expressions = decision
        self._read_mapping, self._read_input = plain_readers(decision.shapes.input)
        self._output_readers = output_readers(decision)
        self._read_plain_profile = plain_readers(decision.shapes.profile).of_any
        self.read_profile = self._reading_profile(reader_of(decision.profile))
        self._decide = compile_body(decision.body, *decision.types)

    def _reading_profile(self, read: Callable[[object], Any]) -> Callable[[object], Any]:
        def read_bounded(values: object) -> Any:  # noqa: ANN401 -- an instance of the schema
            self._read_plain_profile(values)  # refuses numbers that expressions cannot work with
            return read(values)

        return read_bounded

    def under(self, profile: ProfileSnapshot, now: Now) -> Evaluate:
        """Return the function that evaluates facts under a profile that fits. It never raises."""
        try:
            values = self._read_plain_profile(profile.values)
        except ValidationError as error:  # it was validated for a decision without these bounds
            return self.without(error_details(error, self.decision.profile), now)
        reading = ExpressionReading(self.expressions, profile, values)
        read_mapping, read_input = self._read_mapping, self._read_input
        decide, readers = self._decide, self._output_readers
        ok, no_match = Status.OK, Status.NO_MATCH

        def evaluate(facts: Any, *, metadata: object = None) -> Result[Any]:  # noqa: ANN401, ARG001
            at = now()
            try:
                facts = read_mapping(facts) if type(facts) is dict else read_input(facts)
            except Exception as error:  # noqa: BLE001 -- whatever unreadable facts may raise
                return Result(reading, Status.INVALID_INPUT, at, None, 0, error)
            try:
                index, data = decide(facts, values)
            except ClauseFailure as error:
                failure = Failure(error.stage, error.failure)
                return Result(reading, Status.RULE_ERROR, at, facts, error.index, failure)
            if data is None:
                return Result(reading, no_match, at, facts, index, None)
            try:
                read = readers[index]
                if read is not None:
                    data = read(data)
            except Exception as error:  # noqa: BLE001 -- whatever a schema's validators may raise
                return Result(reading, Status.INVALID_OUTPUT, at, facts, index, error)
            return Result(reading, ok, at, facts, index, data)

        return evaluate
