"""Searching: facts that reach as many rules and arms of a decision as can be found.

The search keeps facts that show something new, and moves their fields on: to values that match, to
the boundary of a comparison, or beside it. It is a search: what it does not find may still exist.
"""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from criterion.conditions import conditions_of
from criterion.result import Result, Status, parts_of_result
from criterion.testing.arms import Key, watch
from criterion.testing.crossing import (
    Crossing,
    Match,
    Sides,
    crossing_place,
    crossings_of,
    matches_of,
    movable,
)
from criterion.testing.drawing import draw_facts
from criterion.testing.generating import generated
from criterion.testing.schema_nodes import leaves, replaced
from criterion.testing.subject import Subject

DRAWN: Final = 200
"""How many facts are drawn to begin with."""

TRIES: Final = 1_500
"""How many moves are tried from facts that showed something new."""

TRIES_BLIND: Final = 8_000
"""How many of a decision in Python, which says less of where to move, but answers faster."""


LATEST: Final = 4
"""How many of the facts that showed something last are moved half of the time."""


class Search:
    """Looks for facts of one subject.

    Attributes:
        found: Facts that showed something new, in the order they were found.
        by_rule: The first facts that were found for each rule.
    """

    def __init__(self, subject: Subject, number: int, fields: Mapping[str, Any]) -> None:
        """Take a subject and what the facts are drawn by; nothing is searched yet."""
        self.subject = subject
        self.found: list[Any] = []
        self.by_rule: dict[str, Any] = {}
        self._pool: list[Any] = []
        self._names: list[str] = []
        self._number = number
        self._fields = fields
        self._sides = Sides(subject)
        conditions = conditions_of(subject.decision)
        self._watch = watch(subject.decision, conditions)
        self._every = frozenset(self._watch.unseen)
        self._unseen = set(self._every)
        self._targets: list[Match | Crossing] = [*matches_of(subject)]
        self._targets += crossings_of(subject, conditions)

    def run(self, *, wants_arms: bool) -> "Search":
        """Search until every rule is reached, and every arm where wanted, or tries are used up."""
        self._pool = generated(draw_facts(self.subject, self._fields), DRAWN, self._number)
        self._names = list(dict.fromkeys(name for facts in self._pool for name in facts))
        for facts in self._pool:
            self._keep(facts)
        random = Random(self._number)  # noqa: S311 -- the same facts each time
        for _ in range(TRIES if self._targets else TRIES_BLIND):
            if self._is_done(wants_arms=wants_arms) or not self._names or not self.found:
                break
            latest = self.found[-LATEST:] if random.getrandbits(1) else self.found
            self._keep(self._moved(random, random.choice(latest)))
        return self

    def arms(self, result: Result[Any]) -> set[Key]:
        """Return the arms that one result shows."""
        self._watch.unseen = set(self._every)
        self._watch.see(*parts_of_result(result))
        return set(self._every - self._watch.unseen)

    def _is_done(self, *, wants_arms: bool) -> bool:
        is_reached = len(self.by_rule) == len(self.subject.decision.rules)
        return is_reached and not (wants_arms and self._unseen)

    def _keep(self, facts: Any) -> None:  # noqa: ANN401 -- facts of any decision
        result = self.subject.ask(facts)
        if result.status is Status.INVALID_INPUT:
            return
        rule, arms = result.matched_rule, self.arms(result)
        is_new = rule is not None and rule not in self.by_rule
        if is_new or arms & self._unseen:
            self.found.append(facts)
            self._unseen -= arms
        if is_new and rule is not None:
            self.by_rule[rule] = facts

    def _moved(self, random: Random, facts: Any) -> Any:  # noqa: ANN401 -- facts of any decision
        """Return facts with one to three fields moved."""
        for _ in range(random.choice((1, 1, 2, 3))):
            if self._targets and random.random() < 0.7:  # noqa: PLR2004 -- seeded
                facts = self._towards(random, random.choice(self._targets), facts)
            else:
                facts = self._anywhere(random, facts)
        return facts

    def _towards(self, random: Random, target: Match | Crossing, facts: Any) -> Any:  # noqa: ANN401
        if isinstance(target, Match):
            values = self._sides.values(target, facts)
            return replaced(facts, target.path, random.choice(values)) if values else facts
        found = movable(self.subject, facts, target.fields)
        if not found:
            return facts
        leaf = random.choice(found)
        place = crossing_place(self._sides, target, facts, leaf)
        if place is None:
            return facts
        beside = leaf.grid.nearest(place + random.choice((-1, 0, 1)) * leaf.grid.gap(place))
        return replaced(facts, leaf.path, leaf.grid.value(beside))

    def _anywhere(self, random: Random, facts: Any) -> Any:  # noqa: ANN401
        """Return facts with one field as it is in other facts, or one number near a known one."""
        if random.random() < 0.7:  # noqa: PLR2004 -- seeded
            other, name = random.choice(self._pool), random.choice(self._names)
            rest = {key: value for key, value in facts.items() if key != name}
            return {**rest, name: other[name]} if name in other else rest
        found = list(leaves(self.subject.schemas, self.subject.schemas.root, facts))
        numbers = [hint for hint in self.subject.hints if not isinstance(hint, str)]
        if not found or not numbers:
            return facts
        return replaced(facts, random.choice(found).path, random.choice(numbers))
