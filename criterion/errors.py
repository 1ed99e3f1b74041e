"""The error tree: everything that `criterion` raises on purpose.

Catch the root, or a branch; branch on `code`, not on the text::

    CriterionError                 criterion         root
    ├── DefinitionError            definition        an author's mistake, found when it is defined
    ├── UnknownRuleError           unknown_rule      a rule id that the decision does not have
    └── EvaluationError            evaluation        raised by `Result.unwrap()`; carries the result
        ├── NoMatchError           no_match
        ├── InvalidInputError      invalid_input
        ├── InvalidProfileError    invalid_profile
        ├── InvalidOutputError     invalid_output
        └── RuleError              rule_error
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Protocol


class CriterionError(Exception):
    """Root of every error of this library.

    Attributes:
        code: Stable name of the kind of error; branch on this, not on the text.
        hint: One sentence that says what to do instead, or ``None``.
    """

    code: ClassVar[str] = "criterion"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep the message and the hint."""
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        """Return the message, and the hint in a line of its own."""
        message = str(self.args[0])
        return f"{message}\n  hint: {self.hint}" if self.hint else message


class Problem(NamedTuple):
    """One mistake in a definition: where it is, and what to type instead."""

    place: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return one line: place, message, hint."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.message}{hint}"


class DefinitionError(CriterionError):
    """A definition cannot be used; every problem in it is listed at once.

    Attributes:
        problems: What is wrong, in the order of the definition; at least one.
    """

    code = "definition"

    def __init__(self, subject: str, problems: Sequence[Problem]) -> None:
        """Name the thing that cannot be used and everything that is wrong with it."""
        super().__init__(f"{subject} cannot be used")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """Return the subject, then one line per problem."""
        lines = [f"  {problem}" for problem in self.problems]
        return "\n".join([f"{self.args[0]}:", *lines])


class UnknownRuleError(CriterionError, LookupError):
    """A rule was asked for by an id that the decision does not have."""

    code = "unknown_rule"


class Explained(Protocol):
    """What an evaluation error carries: the result that was unwrapped."""

    @property
    def explanation(self) -> str:
        """Why there is no data, in one line."""
        ...


class EvaluationError(CriterionError):
    """A result without data was unwrapped.

    Attributes:
        result: The result, with its status, errors and explanation.
    """

    code = "evaluation"

    def __init__(self, result: Explained) -> None:
        """Say why the result has no data."""
        super().__init__(result.explanation)
        self.result = result


class NoMatchError(EvaluationError):
    """No rule matched the facts."""

    code = "no_match"


class InvalidInputError(EvaluationError):
    """The facts do not fit the decision's input schema."""

    code = "invalid_input"


class InvalidProfileError(EvaluationError):
    """The profile is missing, unknown, or does not fit the decision's profile schema."""

    code = "invalid_profile"


class InvalidOutputError(EvaluationError):
    """The matching rule emitted data that does not fit the decision's output schema."""

    code = "invalid_output"


class RuleError(EvaluationError):
    """A rule raised, or its condition was neither true nor false.

    The rule's own exception is the ``__cause__``, unless a schema of the decision has redacted
    fields, whose values its text might hold.
    """

    code = "rule_error"
