"""Covering: which rules of a decision matched, and which of its conditions went both ways."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from criterion.cases import CaseOutcome
from criterion.conditions import Condition, Unreachable, conditions_of, mistake_in
from criterion.decision import Decision
from criterion.errors import DefinitionError, Problem
from criterion.result import Result, Status, parts_of_result
from criterion.testing.arms import watch
from criterion.text import code


class RuleReach(NamedTuple):
    """How often one rule decided.

    Attributes:
        id: The rule.
        matches: In how many results it decided.
    """

    id: str
    matches: int


class Arm(NamedTuple):
    """One of the two ways that a condition can go.

    Attributes:
        condition: Its text; ``when`` for a rule in Python.
        place: Where it stands: ``let.usage``, ``rules.heavy.when``.
        truth: Which way.
        seen: Whether it went that way in any result.
        because: Why it cannot, as its author declares; ``None`` where nobody does.
    """

    condition: str
    place: str
    truth: bool
    seen: bool
    because: str | None

    def __str__(self) -> str:
        """Return one line."""
        return f"`{self.condition}` is {'true' if self.truth else 'false'}, in {self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What results show of a decision.

    Attributes:
        decision: What was asked.
        rules: How often each rule decided, in the decision's order.
        arms: Each condition as true and as false, in the order they are written.
    """

    decision: Decision[Any, Any, Any]
    rules: tuple[RuleReach, ...]
    arms: tuple[Arm, ...]

    @property
    def reached(self) -> tuple[str, ...]:
        """The rules that decided at least once."""
        return tuple(rule.id for rule in self.rules if rule.matches)

    @property
    def unreached(self) -> tuple[str, ...]:
        """The rules that never decided."""
        return tuple(rule.id for rule in self.rules if not rule.matches)

    @property
    def seen(self) -> tuple[Arm, ...]:
        """The arms that were seen."""
        return tuple(arm for arm in self.arms if arm.seen)

    @property
    def unseen(self) -> tuple[Arm, ...]:
        """The arms that were not seen, and that nobody declares unreachable."""
        return tuple(arm for arm in self.arms if not arm.seen and arm.because is None)

    @property
    def contradicted(self) -> tuple[Arm, ...]:
        """The arms that were seen although they are declared unreachable."""
        return tuple(arm for arm in self.arms if arm.seen and arm.because is not None)

    @property
    def is_full(self) -> bool:
        """Whether every rule decided, and every arm was seen or cannot be."""
        return not (self.unreached or self.unseen or self.contradicted)

    def __str__(self) -> str:
        """Return how much was reached, and a line for whatever was not."""
        possible = len(self.arms) - sum(arm.because is not None for arm in self.arms)
        counts = f"{len(self.reached)} of {len(self.rules)} rules reached, "
        counts += f"{possible - len(self.unseen)} of {possible} arms seen"
        return "\n".join([f"{self.decision.id} {self.decision.version}: {counts}", *self._gaps()])

    def _gaps(self) -> Iterator[str]:
        for rule in self.unreached:
            yield f"  never decided: {code(rule)}"
        for arm in self.unseen:
            yield f"  never seen: {arm}"
        for arm in self.contradicted:
            yield f"  declared unreachable, but seen: {arm}"


def coverage(
    decision: Decision[Any, Any, Any],
    outcomes: Iterable[CaseOutcome | Result[Any]],
    *,
    unreachable: Iterable[Unreachable] = (),
) -> Coverage:
    """Return which rules of a decision results reach, and which arms of its conditions they show.

    A condition is a comparison, or another expression of true or false that something is decided
    by, that has no ``and``, ``or``, ``not`` or ``if`` in it: ``input.is_new``, a let,
    ``any(… for …)``. Every one in a rule's ``when``, a let, or an emitted member counts, each as
    often as it is written, and has two arms: it came to true, it came to false. A part that is
    not worked out, because an ``and`` stopped before it, shows nothing; one in a loop shows what it
    came to in any round. A rule in Python is one condition, the function of its ``when``.

    Args:
        decision: What was asked.
        outcomes: Outcomes of cases, or results; those of invalid facts and profiles show nothing.
            A rule counts as reached where it decided; where it raised or its data was invalid,
            only its conditions count.
        unreachable: Arms that no facts can reach.

    Raises:
        DefinitionError: The decision has no such condition as is declared unreachable.
        ValueError: A result is one of another decision.

    Source:
        Branch condition coverage, ISO/IEC/IEEE 29119-4, of short-circuit conditions.
    """
    conditions = conditions_of(decision)
    reasons = _reasons(decision, conditions, unreachable)
    watched = watch(decision, conditions)
    matches: Counter[int] = Counter()
    for outcome in outcomes:
        result = outcome.result if isinstance(outcome, CaseOutcome) else outcome
        reading, ended = parts_of_result(result)
        _check_same(decision, reading.decision)
        if ended.status is Status.OK:
            matches[ended.position] += 1
        watched.see(reading, ended)
    return Coverage(
        decision=decision,
        rules=tuple(
            RuleReach(rule.id, matches[position]) for position, rule in enumerate(decision.rules)
        ),
        arms=tuple(
            Arm(
                condition.text,
                condition.place,
                truth,
                (number, truth) not in watched.unseen,
                reasons.get((condition.text, condition.place, truth)),
            )
            for number, condition in enumerate(conditions)
            for truth in (True, False)
        ),
    )


def _reasons(
    decision: Decision[Any, Any, Any],
    conditions: Sequence[Condition],
    unreachable: Iterable[Unreachable],
) -> dict[tuple[str, str, bool], str]:
    reasons = {}
    problems = []
    for arm in unreachable:
        mistake = mistake_in(arm, conditions)
        if mistake is not None:
            problems.append(Problem(arm.place, mistake.message, mistake.hint))
        reasons[arm.condition, arm.place, arm.truth] = arm.because
    if problems:
        raise DefinitionError(f"unreachable arms of {code(decision.id)}", problems)
    return reasons


def _check_same(decision: Decision[Any, Any, Any], asked: Any) -> None:  # noqa: ANN401 -- identified
    if asked is decision:
        return
    if (asked.id, asked.version, asked.digest) != (decision.id, decision.version, decision.digest):
        message = (
            f"a result of {code(asked.id)} {asked.version} says nothing about "
            f"{code(decision.id)} {decision.version}"
        )
        raise ValueError(message)
