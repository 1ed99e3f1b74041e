"""Arms: which conditions of a decision came to true and which to false, seen from its results."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from criterion.conditions import Condition
from criterion.decision import Decision
from criterion.expression.compile import Decide, compile_watched
from criterion.expression.interpret import Interpretation, Scope
from criterion.expression.tree import Expression, Name, children
from criterion.expression_decision import ExpressionDecision
from criterion.expression_reading import ExpressionReading
from criterion.result import Outcome, Reading, Status

Key = tuple[int, bool]
"""Which condition, by its number; and what it came to."""

_ASKED = frozenset({Status.OK, Status.NO_MATCH, Status.INVALID_OUTPUT, Status.RULE_ERROR})


class Watch(Protocol):
    """Sees what conditions come to.

    Attributes:
        unseen: The arms that no result has shown yet.
    """

    unseen: set[Key]

    def see(self, reading: Reading, outcome: Outcome) -> None:
        """Take away the arms that a result shows."""
        ...


def watch(decision: Decision[Any, Any, Any], conditions: Sequence[Condition]) -> Watch:
    """Return what watches a decision; nothing is seen yet.

    Args:
        decision: What is asked.
        conditions: All of its conditions; an arm is known by its condition's number in them.
    """
    if isinstance(decision, ExpressionDecision):
        return _ExpressionWatch(decision, conditions)
    return _RuleWatch(len(conditions))


def _both(number: int) -> tuple[Key, Key]:
    return (number, True), (number, False)


class _RuleWatch:
    """Watches rules in Python: how far an evaluation came says what their conditions came to."""

    def __init__(self, count: int) -> None:
        self.unseen = {arm for number in range(count) for arm in _both(number)}

    def see(self, _: Reading, outcome: Outcome) -> None:
        if outcome.status not in _ASKED:
            return
        self.unseen.difference_update((position, False) for position in range(outcome.position))
        if _matched(outcome):
            self.unseen.discard((outcome.position, True))


class _ExpressionWatch:
    """Watches expressions: decides again, by a function that tells what conditions come to.

    An evaluation that can only show arms that have been seen is left alone. One that failed is
    interpreted: every member that its rule emits is tried, whichever failed first.
    """

    def __init__(self, decision: ExpressionDecision, conditions: Sequence[Condition]) -> None:
        self.unseen = {arm for number in range(len(conditions)) for arm in _both(number)}
        self._decision = decision
        self._numbers = {
            id(node): number
            for number, condition in enumerate(conditions)
            for node in condition.nodes
        }
        self._keys = [_both(number) for number in range(len(conditions))]
        lets: dict[str, frozenset[Key]] = {}
        for let in decision.body.lets:
            lets[let.name] = self._arms(let.value, lets)
        self._reach = list(self._reaches(lets))

    @cached_property
    def _decide(self) -> Decide:
        decision = self._decision
        return compile_watched(decision.body, *decision.types, self._numbers, self._tell)

    def see(self, reading: Reading, outcome: Outcome) -> None:
        if outcome.status not in _ASKED or not isinstance(reading, ExpressionReading):
            return
        if self.unseen.isdisjoint(self._reach[outcome.position]):
            return
        scope = reading.scope(outcome)
        if outcome.status is not Status.RULE_ERROR:
            self._decide(scope["input"], scope["profile"])
            return
        seeing = _Seeing(scope, self._decision.lets)
        for node in self._asked(outcome):
            seeing.attempt(node)
        for place, truth in seeing.seen:
            if place in self._numbers:
                self.unseen.discard(self._keys[self._numbers[place]][not truth])

    def _tell(self, number: int, value: Any) -> Any:  # noqa: ANN401 -- any plain data
        if value is True:
            self.unseen.discard(self._keys[number][0])
        elif value is False:
            self.unseen.discard(self._keys[number][1])
        return value

    def _reaches(self, lets: Mapping[str, frozenset[Key]]) -> Iterator[frozenset[Key]]:
        """Yield which arms an evaluation can show that ends at each rule, or behind the last."""
        before: frozenset[Key] = frozenset()
        for clause in self._decision.body.clauses:
            if clause.when is not None:
                before |= self._arms(clause.when, lets)
            yield before.union(*(self._arms(node, lets) for _, node in clause.emit))
        yield before

    def _arms(self, node: Expression, lets: Mapping[str, frozenset[Key]]) -> frozenset[Key]:
        own: set[Key] = set()
        for part in _parts(node):
            if id(part) in self._numbers:
                own.update(_both(self._numbers[id(part)]))
            if isinstance(part, Name):
                own |= lets.get(part.name, frozenset())
        return frozenset(own)

    def _asked(self, outcome: Outcome) -> Iterator[Expression]:
        clauses = self._decision.body.clauses
        for clause in clauses[: outcome.position + 1]:
            if clause.when is not None:
                yield clause.when
        if _matched(outcome):
            for _, node in clauses[outcome.position].emit:
                yield node


class _Seeing(Interpretation):
    """An interpretation that keeps all that was true or false, each round of a loop included."""

    def __init__(self, scope: Scope, lets: Mapping[str, Expression]) -> None:
        super().__init__(scope, lets)
        self.seen: set[tuple[int, bool]] = set()

    def value(self, node: Expression) -> Any:  # noqa: ANN401 -- any plain data
        value = super().value(node)
        if value is True or value is False:
            self.seen.add((id(node), value))
        return value


def _matched(outcome: Outcome) -> bool:
    """Whether the condition of the rule at which an evaluation ended was true."""
    if outcome.status is Status.RULE_ERROR:
        return bool(outcome.cause.stage == "emit")
    return outcome.status in {Status.OK, Status.INVALID_OUTPUT}


def _parts(node: Expression) -> Iterator[Expression]:
    yield node
    for child in children(node):
        yield from _parts(child)
