"""Findings: what is wrong with a policy document, each with its path, its rule and its place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from criterion.documents.problems import PROBLEMS_MAX, Problems
from criterion.documents.text_offsets import offset_of
from criterion.documents.yaml_text import Node
from criterion.errors import DefinitionError, DocumentError, FileProblem, Problem

RuleId: TypeAlias = Literal[
    "alt-id", "amount", "cap-credit", "choice", "credit-exists", "default-plan",
    "duration", "exchange-currency", "exchange-cycle", "exchange-path", "expression", "format",
    "governor", "increment", "kind", "minimum", "missing-key", "name", "null", "plan-exists",
    "price-or-tiers", "range", "reset", "schedule", "tier-bounds", "trailing", "trial", "units",
    "unique", "unknown-key", "open-tiers", "scope-type", "unused", "unbounded-cap",
]  # fmt: skip

RULES: Final[Mapping[RuleId, str]] = MappingProxyType(
    {
        "alt-id": "an alternate id belongs to one customer, and is the id of no other",
        "amount": "an amount is a number, or text with a unit of its credit's dimension",
        "cap-credit": "a cap is in runes, a credit, or a name of the exchange",
        "choice": "a word is one of those listed",
        "credit-exists": "a credit that is named is in `credits`",
        "default-plan": "at most one plan is the default",
        "duration": "a duration is a number of ms, or text with a unit of time",
        "exchange-currency": "a pair names its currency",
        "exchange-cycle": "pairs do not lead round in a circle",
        "exchange-path": "every pair leads to runes or to a credit with a price",
        "expression": "an expression can be read, and fits what it may name",
        "format": "the file is YAML or JSON",
        "governor": "a governor stands on a hard limit and has capacity and refill rate",
        "increment": "an increment is more than zero",
        "kind": "a value is of the kind that its key takes",
        "minimum": "a minimum is not above the limit's value",
        "missing-key": "a required key is there",
        "name": "a name is not empty, an id is one, and a name that is repeated is the same",
        "null": "a key that needs a value is not null",
        "plan-exists": "a plan that is named is in `plans`",
        "price-or-tiers": "a flat credit has no tiers, any other has tiers and no price",
        "range": "a number is within its bounds",
        "reset": "a reset has one of `reset_inc` and `reset_sch`",
        "schedule": "a schedule can be read, and its days exist",
        "tier-bounds": "tiers have different bounds above zero, and the last is open",
        "trailing": "`hard_trailing` stands on a hard limit",
        "trial": "a trial period needs its plan's subscription entitlement",
        "units": "a unit is known",
        "unique": "an id is given once",
        "unknown-key": "a key is known",
        "open-tiers": "warning: only the first tier without a bound counts",
        "scope-type": "warning: a type of customer is in `customer_types`, or some customer's",
        "unused": "warning: a value has no effect beside the others",
        "unbounded-cap": "warning: an exchangeable cap in a stairstep credit never applies",
    }
)
"""Every rule of a policy document."""

WARNINGS: Final[frozenset[RuleId]] = frozenset(
    {"open-tiers", "scope-type", "unused", "unbounded-cap"}
)
"""The rules whose findings do not keep a policy from being used."""


TOLERABLE: Final[frozenset[RuleId]] = frozenset({"exchange-cycle", "exchange-path", "default-plan"})
"""The rules that only validation holds: a pair without an end converts into nothing, and of several
default plans the first serves."""


class Finding(NamedTuple):
    """One thing that a rule found.

    Attributes:
        offset: Where in the text, in characters from 0.
        path: Where in the document: ``plans.free.label``.
        rule: Which rule; one of `RULES`.
        message: What is wrong.
        hint: What to write instead, or ``None``.
    """

    offset: int
    path: str
    rule: RuleId
    message: str
    hint: str | None = None


class Findings:
    """What was found in one document so far."""

    def __init__(self, problems: Problems | None, *, validate: bool = True) -> None:
        """Take the problems of the text; ``None`` where the document is no text."""
        self._problems = problems
        self._tolerated = WARNINGS if validate else WARNINGS | TOLERABLE
        self._found: dict[Finding, None] = {}

    @property
    def text(self) -> str:
        """The whole document; ``""`` where it is no text."""
        return self._problems.text if self._problems is not None else ""

    def offset(self, node: Node, inside: int = 0) -> int:
        """Return where a character of a scalar stands, counted from 0."""
        return offset_of(self.text, node, inside) if inside and self.text else node.start

    def add(self, finding: Finding) -> None:
        """Note a finding; the same one only once."""
        self._found.setdefault(finding)

    def warnings(self) -> tuple[Problem | FileProblem, ...]:
        """Return the findings that do not keep the policy from being used, in order."""
        found = [finding for finding in self._found if finding.rule in self._tolerated]
        problems = self._problems
        if problems is None:
            return tuple(_as_problem(finding) for finding in found)
        found.sort(key=lambda finding: finding.offset)
        return tuple(_as_mark(finding, problems) for finding in found)

    def raise_if_any(self) -> None:
        """Raise the findings that keep the policy from being used.

        Raises:
            DefinitionError: There are some; a `DocumentError` where the document is text.
        """
        problems = self._problems
        errors = [finding for finding in self._found if finding.rule not in self._tolerated]
        if problems is None:
            if errors:
                raise DefinitionError("policy", [_as_problem(error) for error in errors])
            return
        if errors or len(problems):
            broken = problems.error().marks if len(problems) else ()
            marks = [*broken, *(_as_mark(error, problems) for error in errors)]
            marks.sort(key=lambda mark: (mark.line, mark.column))
            raise DocumentError(problems.file, _cut(marks))


def _as_problem(finding: Finding) -> Problem:
    return Problem(finding.path, finding.message, finding.hint, finding.rule)


def _as_mark(finding: Finding, problems: Problems) -> FileProblem:
    mark = problems.mark(finding.offset, finding.message, finding.hint)
    return mark._replace(path=finding.path, rule=finding.rule)


def _cut(marks: list[FileProblem]) -> list[FileProblem]:
    left = len(marks) - PROBLEMS_MAX
    if left <= 0:
        return marks
    last = marks[PROBLEMS_MAX - 1]
    more = last._replace(message=f"… and {left} more", hint=None, excerpt="", path="", rule=None)
    return [*marks[:PROBLEMS_MAX], more]
