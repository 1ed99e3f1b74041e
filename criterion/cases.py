"""Cases: run what a cases file expects against a decision, and say where they differ."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criterion.clock import Clock
from criterion.decision import Decision
from criterion.documents.cases_file import Case
from criterion.engine import Engine
from criterion.json_text import Plain, json_text, plain
from criterion.profiles import ProfileRegistry
from criterion.result import Result


class Difference(NamedTuple):
    """One thing that is not as expected.

    Attributes:
        what: ``status``, ``rule``, ``explanation``, ``errors``, or ``data.<member>``.
        expected: What the case says, as JSON.
        actual: What the decision said, as JSON.
    """

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.what}: expected {self.expected}, got {self.actual}"


class CaseOutcome(NamedTuple):
    """How one case went.

    Attributes:
        case: What was expected.
        result: What the decision said.
        differences: Where the two differ; empty where the case passes.
    """

    case: Case
    result: Result[Any]
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        """Return the name of the decision and that of the case."""
        return f"{self.result.decision_id}: {self.case.name}"

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.differences


def run_cases(
    decision: Decision[Any, Any, Any],
    profiles: ProfileRegistry,
    cases: Iterable[Case],
    *,
    clock: Clock | None = None,
) -> tuple[CaseOutcome, ...]:
    """Run cases against a decision; one outcome each, in order."""
    engine = Engine(profiles=profiles, clock=clock)
    return tuple(outcome_of(case, engine.run(decision, case.facts, case.profile)) for case in cases)


def outcome_of(case: Case, result: Result[Any]) -> CaseOutcome:
    """Return how a case went, whose facts gave a result."""
    pairs: list[tuple[str, Plain, Plain]] = [
        ("status", case.status.value, result.status.value),
        ("rule", case.rule, result.matched_rule),
    ]
    if case.explanation is not None:
        pairs.append(("explanation", case.explanation, result.explanation))
    if case.errors is not None:
        found = sorted({error.path for error in result.errors})
        pairs.append(("errors", sorted(set(case.errors)), list(found)))
    if result.data is not None:
        data: Any = plain(result.data.model_dump(by_alias=True, warnings=False))
        pairs += [(f"data.{key}", plain(part), data.get(key)) for key, part in case.data.items()]
    elif case.data:
        pairs.append(("data", plain(case.data), None))
    return CaseOutcome(case, result, tuple(_differences(pairs)))


def _differences(pairs: Iterable[tuple[str, Plain, Plain]]) -> Iterable[Difference]:
    for what, expected, actual in pairs:
        if not _equal(expected, actual):
            yield Difference(what, json_text(expected), json_text(actual))


def _equal(one: Plain, other: Plain) -> bool:
    """Whether plain data is equal; ``true`` is not 1, but 1.0 is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return one == other
