"""Fuzzing: many valid facts, what they come to, and the smallest facts of every failure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from criterion.decision import Decision
from criterion.result import Result, Status, parts_of_result
from criterion.testing.drawing import draw_facts
from criterion.testing.generating import generated, smallest
from criterion.testing.showing import ShownFacts, facts_json
from criterion.testing.subject import Subject
from criterion.text import code

SHRINKING_MAX: Final = 1_000
"""How many facts are tried to find a failure again, before it is made smaller."""


class Failing(NamedTuple):
    """Facts that are valid and get no valid answer.

    Attributes:
        rule: The rule that raised, or whose data is invalid.
        status: ``RULE_ERROR`` or ``INVALID_OUTPUT``.
        times: How many of the facts did this.
        explanation: What went wrong for the smallest of them.
        facts: The smallest facts that were found to do it.
    """

    rule: str
    status: Status
    times: int
    explanation: str
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        """Return three lines."""
        return (
            f"  {code(self.rule)} failed {self.times} times: {self.status}\n"
            f"    {self.explanation}\n"
            f"    smallest facts: {facts_json(self.facts)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzReport:
    """What many facts came to.

    Attributes:
        decision: What was asked.
        seed: What the facts were drawn by.
        runs: How many there were; fewer than asked for where there are no more.
        rules: How often each rule decided, by its id, in the decision's order.
        no_match: How often no rule matched.
        failures: What failed, most frequent first.
    """

    decision: Decision[Any, Any, Any]
    seed: int
    runs: int
    rules: Mapping[str, int]
    no_match: int
    failures: tuple[Failing, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def __str__(self) -> str:
        """Return the failures, then how often each rule decided."""
        failed = sum(failure.times for failure in self.failures)
        head = f"{self.decision.id} {self.decision.version}: {failed} of {self.runs} facts failed"
        return "\n".join([f"{head} (seed {self.seed})", *map(str, self.failures), *self._table()])

    def _table(self) -> Iterator[str]:
        rows = {**self.rules, "no rule matched": self.no_match}
        width = max(map(len, rows))
        for name, count in rows.items():
            yield f"  {name.ljust(width)}  {count:>5}  {count / max(self.runs, 1):>4.0%}"


def run_fuzz(subject: Subject, runs: int, number: int, fields: Mapping[str, Any]) -> FuzzReport:
    """Ask a decision for many facts, as `criterion.testing.fuzz` describes."""
    strategy = draw_facts(subject, fields)
    rules = dict.fromkeys((rule.id for rule in subject.decision.rules), 0)
    ends: Counter[Status] = Counter()
    failed: Counter[tuple[str, Status]] = Counter()
    first: dict[tuple[str, Status], Any] = {}

    for facts in generated(strategy, runs, number):
        result = subject.ask(facts)
        ends[result.status] += 1
        if result.matched_rule is not None:
            rules[result.matched_rule] += 1
        kind = _kind(subject, result)
        if kind is not None:
            failed[kind] += 1
            first.setdefault(kind, facts)
    failures = [
        _failing(subject, kind, count, _smaller(subject, strategy, kind, number) or first[kind])
        for kind, count in failed.most_common()
    ]
    return FuzzReport(
        decision=subject.decision,
        seed=number,
        runs=ends.total(),
        rules=rules,
        no_match=ends[Status.NO_MATCH],
        failures=tuple(failures),
    )


def _kind(subject: Subject, result: Result[Any]) -> tuple[str, Status] | None:
    """Return which rule failed, and how; ``None`` where none did."""
    if result.status not in {Status.RULE_ERROR, Status.INVALID_OUTPUT}:
        return None
    position = parts_of_result(result)[1].position
    return subject.decision.rules[position].id, result.status


def _smaller(subject: Subject, strategy: Any, kind: tuple[str, Status], number: int) -> Any:  # noqa: ANN401
    def is_same(facts: Any) -> bool:  # noqa: ANN401 -- facts of any decision
        return _kind(subject, subject.ask(facts)) == kind

    return smallest(strategy, is_same, SHRINKING_MAX, number)


def _failing(subject: Subject, kind: tuple[str, Status], count: int, facts: Any) -> Failing:  # noqa: ANN401
    explanation = subject.ask(facts).explanation
    return Failing(*kind, count, explanation, ShownFacts(facts, subject.schemas))
