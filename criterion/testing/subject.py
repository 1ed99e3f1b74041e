"""Subjects: a decision under one profile, made ready to be asked over and over by tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from criterion.catalogue import Catalogue
from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.errors import DefinitionError, Problem
from criterion.expression.tree import Constant, Expression, children
from criterion.expression_decision import ExpressionDecision
from criterion.plain_facts import plain_value
from criterion.profiles import ProfileRegistry, ProfileValues, fit
from criterion.programs import program_of
from criterion.result import Result
from criterion.snapshot import ProfileSnapshot
from criterion.testing.schema_nodes import Schemas, schemas_of
from criterion.text import code, not_a

HINTS_MAX: Final = 500
"""How many values of a profile and of rules are tried as facts."""

_AT: Final = FixedClock(datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Subject:
    """A decision under one profile.

    Attributes:
        decision: The decision.
        snapshot: The profile that it runs under.
    """

    decision: Decision[Any, Any, Any]
    snapshot: ProfileSnapshot

    def ask(self, facts: Any) -> Result[Any]:  # noqa: ANN401 -- facts of any decision
        """Evaluate facts, at an instant that is always the same."""
        result: Result[Any] = self._bound(facts)
        return result

    @cached_property
    def _bound(self) -> Any:  # noqa: ANN401 -- a bound decision
        return program_of(self.decision).under(self.snapshot, _AT.now)

    @cached_property
    def schemas(self) -> Schemas:
        """The input schema."""
        return schemas_of(self.decision.input)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The profile as plain data."""
        values: Mapping[str, Any] = plain_value(self.snapshot.values)
        return values

    @cached_property
    def hints(self) -> tuple[Any, ...]:
        """The texts, numbers and dates in profile and rules, numbers with their neighbours."""
        found: dict[Any, None] = dict.fromkeys([*_scalars(self.values), *self._constants()])
        numbers = [value for value in found if isinstance(value, int | Decimal)]
        near = (value + step for value in numbers for step in (-1, 1) if -_FAR < value < _FAR)
        return tuple(dict.fromkeys([*found, *near]))[:HINTS_MAX]

    def _constants(self) -> Iterator[Any]:
        if not isinstance(self.decision, ExpressionDecision):
            return
        body = self.decision.body
        conditions = (clause.when for clause in body.clauses if clause.when is not None)
        for node in (*conditions, *(let.value for let in body.lets)):
            yield from _constants(node)


_FAR: Final = 10**15


def subject_of(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None,
    profiles: ProfileRegistry | None,
) -> Subject:
    """Return a decision under a profile: a name, values, or none.

    Raises:
        DefinitionError: The profile is unknown, or does not fit.
        TypeError: What was given is not a decision.
    """
    if not isinstance(decision, Decision):
        raise not_a(decision, "a decision")
    program = program_of(decision)
    if isinstance(profile, str):
        registry = Catalogue.load().profiles if profiles is None else profiles
        fitted = registry.fitted(profile, program)
    else:
        fitted = fit(program, profile)
    if not isinstance(fitted, ProfileSnapshot):
        problems = [Problem(detail.path or "profile", detail.message) for detail in fitted]
        raise DefinitionError(f"a profile for {code(decision.id)}", problems)
    return Subject(decision, fitted)


def _scalars(value: Any) -> Iterator[Any]:  # noqa: ANN401 -- any plain data
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from _scalars(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _scalars(part)
    elif value is not None and not isinstance(value, bool):
        yield value


def _constants(node: Expression) -> Iterator[Any]:
    if isinstance(node, Constant):
        yield from _scalars(node.value)
    for child in children(node):
        yield from _constants(child)
