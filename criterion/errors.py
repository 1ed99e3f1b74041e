"""The error tree: everything that `criterion` raises on purpose.

CriterionError                 criterion         root; catch this one
├── DefinitionError            definition        an author's mistake, found when it is defined
│   ├── DocumentError          document          a file with mistakes; each has its line and column
│   ├── ExpressionError        expression        an expression with a mistake; has its column
│   └── CatalogueError         catalogue         the mistakes of all files of a catalogue
├── UnknownDecisionError       unknown_decision  a decision, or a version of it, that is not there
├── UnknownRuleError           unknown_rule      a rule id that the decision does not have
├── JsonError                  json              a text that is not strict JSON
├── AuditError                 audit             a trail that cannot be written or read
├── TakenError                 taken             a name that a customer of a policy has already
├── PlanInUseError             plan_in_use       a plan that cannot go while customers are on it
├── OverloadError              overload          more calls at once than may wait for a store
├── StoreError                 store             a store of a policy that cannot answer
└── EvaluationError            evaluation        raised by `Result.unwrap()`; carries the result
    ├── NoMatchError           no_match
    ├── InvalidInputError      invalid_input
    ├── InvalidProfileError    invalid_profile
    ├── InvalidOutputError     invalid_output
    └── RuleError              rule_error
"""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple, Protocol

EXCERPT_LENGTH_MAX: Final = 100
"""How much of a line an error shows, in characters."""


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
    """One mistake in a definition: where, what to type instead, and the rule, where it has one."""

    place: str
    message: str
    hint: str | None = None
    rule: str | None = None

    def __str__(self) -> str:
        """Return one line: place, message, rule, hint."""
        rule = f" [{self.rule}]" if self.rule else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.message}{rule}{hint}"


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


class FileProblem(NamedTuple):
    """One mistake in a file.

    Attributes:
        file: The file's name, as it was given.
        line: Counted from 1.
        column: In characters, counted from 1.
        message: What is wrong.
        hint: What to type instead, or ``None``.
        excerpt: The line as it stands, and below it a caret at the column; ``""`` where there is
            none to show.
        path: The keys that lead there, joined by dots; ``""`` where only the place is known.
        rule: The rule that was broken, where rules have names.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str | None = None
    excerpt: str = ""
    path: str = ""
    rule: str | None = None

    @property
    def place(self) -> str:
        """``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        """Return place and message, the line, the caret, and the hint in a line of its own."""
        path = f"{self.path}: " if self.path else ""
        rule = f" [{self.rule}]" if self.rule else ""
        lines = [
            f"{self.place}: {path}{self.message}{rule}",
            *(f"    {part}" for part in self.excerpt.split("\n")),
        ]
        hint = [f"  hint: {self.hint}"] if self.hint else []
        return "\n".join([*(lines if self.excerpt else lines[:1]), *hint])


class DocumentError(DefinitionError):
    """A file cannot be used; every mistake in it is listed at once.

    Attributes:
        file: The file's name, as it was given.
        marks: The same problems with line, column and excerpt apart.
    """

    code = "document"

    def __init__(self, file: str, marks: Sequence[FileProblem]) -> None:
        """Name the file and everything that is wrong in it, in the order of its lines."""
        problems = [Problem(mark.place, mark.message, mark.hint, mark.rule) for mark in marks]
        super().__init__(file, problems)
        self.file = file
        self.marks = tuple(marks)

    def __str__(self) -> str:
        """Return the problems as a compiler prints them."""
        return "\n".join(map(str, self.marks))


class CatalogueError(DefinitionError):
    """A catalogue cannot be used; the mistakes of all its files are listed at once.

    Attributes:
        errors: One for each file or definition that cannot be used, in the order of the files.
    """

    code = "catalogue"

    def __init__(self, errors: Sequence[DefinitionError]) -> None:
        """Put together what is wrong in each file."""
        super().__init__("catalogue", [problem for error in errors for problem in error.problems])
        self.errors = tuple(errors)

    def __str__(self) -> str:
        """Return every error as it prints itself."""
        return "\n".join(map(str, self.errors))


class UnknownDecisionError(CriterionError, LookupError):
    """A decision was asked for by an id or a version that a catalogue does not have."""

    code = "unknown_decision"


class JsonError(CriterionError, ValueError):
    """A text is not strict JSON.

    Attributes:
        line: Where it goes wrong, counted from 1; ``None`` where that is not known.
        column: In characters, counted from 1; ``None`` where that is not known.
    """

    code = "json"

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        """Say what is wrong, and where."""
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class AuditError(CriterionError):
    """An audit trail cannot be written or read; from a recorder, in place of the result."""

    code = "audit"


class ExpressionError(DefinitionError):
    """A safe expression cannot be used.

    Attributes:
        source: The whole expression, or the whole text that it stands in.
        column: Where it goes wrong; 1-based, in characters over the whole source.
        kind: Stable name of the kind of mistake: one of `criterion.expression.mistake.MISTAKES`.
    """

    code = "expression"

    def __init__(
        self, message: str, *, source: str, column: int, kind: str, hint: str | None = None
    ) -> None:
        """Keep the place, and what to type instead."""
        CriterionError.__init__(self, message, hint=hint)
        self.problems = (Problem(f"column {column}", message, hint),)
        self.source = source
        self.column = column
        self.kind = kind

    def __str__(self) -> str:
        """Return the message, the line that it is about, a caret below, and the hint."""
        line, offset = excerpt(self.source, self.column)
        text = f"{self.args[0]}\n  {line}\n  {' ' * offset}^"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


def excerpt(source: str, column: int) -> tuple[str, int]:
    """Return the line around a column of a text, and how far into it the column is.

    A long line is cut, and a character that does not print is shown as ``·``, so that a caret below
    stands right.
    """
    at = min(column - 1, len(source))
    start = source.rfind("\n", 0, at) + 1
    line = source[start:].partition("\n")[0]
    start_shown = max(0, at - start - EXCERPT_LENGTH_MAX * 3 // 4)
    shown = line[start_shown : start_shown + EXCERPT_LENGTH_MAX]
    safe = "".join(char if char.isprintable() else " " if char == "\t" else "·" for char in shown)
    return safe, at - start - start_shown


class TakenError(CriterionError):
    """A name is a customer's already.

    Attributes:
        name: The id or alternate id.
    """

    code = "taken"

    def __init__(self, name: str) -> None:
        """Name what is taken."""
        hint = "`ensure_customer` returns a customer that is there, `update_customer` changes it"
        super().__init__(f"there is a customer `{name[:EXCERPT_LENGTH_MAX]}` already", hint=hint)
        self.name = name


class PlanInUseError(CriterionError):
    """A plan cannot go while customers are on it.

    Attributes:
        plan: The plan.
    """

    code = "plan_in_use"

    def __init__(self, plan: str) -> None:
        """Name the plan."""
        hint = "move its customers by `set_plan` first"
        super().__init__(f"plan `{plan[:EXCERPT_LENGTH_MAX]}` has customers", hint=hint)
        self.plan = plan


class OverloadError(CriterionError):
    """More calls at once than may wait for a store; nothing was asked of it."""

    code = "overload"


class StoreError(CriterionError):
    """A store cannot answer: it is lost, locked, full, damaged, or of a newer version.

    Whether a change was kept is unknown; asking again under the same idempotency key is safe.
    """

    code = "store"


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
