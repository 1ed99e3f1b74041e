"""Boundaries: neighbouring values of one field between which a decision changes its answer."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from criterion.conditions import Condition, conditions_of
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import json_text, plain
from criterion.redaction import REDACTED_TEXT
from criterion.result import parts_of_result
from criterion.testing.crossing import Crossing, Sides, crossing_place, crossings_of, movable
from criterion.testing.grid import place_of
from criterion.testing.schema_nodes import Leaf, dotted, leaves, replaced
from criterion.testing.searching import Search
from criterion.testing.showing import ShownFacts, is_shown
from criterion.testing.subject import Subject

FACTS_MAX: Final = 60
"""How many of the facts that a search found are moved to a boundary."""


class Side(NamedTuple):
    """One value of the field, and what it comes to.

    Attributes:
        value: The value.
        rule: The rule that decides, or ``None``.
    """

    value: Any
    rule: str | None

    def __str__(self) -> str:
        """Return the value, and what it comes to."""
        return f"{json_text(plain(self.value, other=str))} {_outcome(self)}"


class Boundary(NamedTuple):
    """Three values of one field around the place where a condition changes.

    Attributes:
        condition: The text of the condition; ``when`` for a rule in Python.
        place: Where it stands.
        field: The field, as a dotted path.
        below: One step below the boundary; ``None`` where the schema ends before.
        on: On it.
        above: One step above; ``None`` where the schema ends before.
        facts: All of the facts, the field on the boundary.
        is_shown: Whether values of the field are printed; not those of a field marked ``redact``.
    """

    condition: str
    place: str
    field: str
    below: Side | None
    on: Side
    above: Side | None
    facts: Mapping[str, Any]
    is_shown: bool = True

    def __str__(self) -> str:
        """Return the condition, and a line for each value."""
        sides = (("below", self.below), ("on", self.on), ("above", self.above))
        lines = [
            f"  {name:<6}{self.field} = {side if self.is_shown else _hidden(side)}"
            for name, side in sides
            if side is not None
        ]
        return "\n".join([f"`{self.condition}`, in {self.place}", *lines])

    def __repr__(self) -> str:
        return str(self)


def _outcome(side: Side) -> str:
    return side.rule or "no rule matched"


def _hidden(side: Side) -> str:
    return f"{REDACTED_TEXT} {_outcome(side)}"


def find_boundaries(
    subject: Subject, given: Sequence[Any] | None, number: int, fields: Mapping[str, Any]
) -> tuple[Boundary, ...]:
    """Search boundaries, as `criterion.testing.boundaries` describes."""
    search = Search(subject, number, fields)
    facts = search.run(wants_arms=True).found[:FACTS_MAX] if given is None else given
    if isinstance(subject.decision, ExpressionDecision):
        return tuple(_of_conditions(subject, search, facts))
    return tuple(_of_rules(subject, facts))


def _of_conditions(subject: Subject, search: Search, facts: Sequence[Any]) -> Iterator[Boundary]:
    conditions = conditions_of(subject.decision)
    crossings = {id(each.node): each for each in crossings_of(subject, conditions)}
    sides = Sides(subject)
    for number, condition in enumerate(conditions):
        crossing = crossings.get(id(condition.nodes[0]))
        if crossing is not None:
            yield from _of_condition(sides, search, facts, (number, condition, crossing))


def _of_condition(
    sides: Sides, search: Search, facts: Sequence[Any], asked: tuple[int, Condition, Crossing]
) -> Iterator[Boundary]:
    """Yield one boundary for each field that moves a condition, if facts reach it there."""
    number, condition, crossing = asked
    told: set[str] = set()
    for given in facts:
        for leaf in movable(sides.subject, given, crossing.fields):
            field = dotted(leaf.path)
            if field in told:
                continue
            place = crossing_place(sides, crossing, given, leaf)
            if place is None:
                continue
            results = [
                sides.subject.ask(replaced(given, leaf.path, leaf.grid.value(each)))
                for each in _around(leaf, place)
            ]
            shown = set().union(*(search.arms(result) for result in results))
            if {(number, True), (number, False)} <= shown:
                told.add(field)
                yield _boundary(sides.subject, condition, given, leaf, place)


def _of_rules(subject: Subject, facts: Sequence[Any]) -> Iterator[Boundary]:
    """Yield boundaries of rules in Python: neighbours between which another rule decides."""
    conditions = {part.place: part for part in conditions_of(subject.decision)}
    ids = [rule.id for rule in subject.decision.rules]
    told: set[tuple[int, int, str]] = set()
    for given in facts:
        for leaf in leaves(subject.schemas, subject.schemas.root, given):
            for far in _far(subject, leaf):
                here = _position(subject, given, leaf, leaf.grid.nearest(place_of(leaf.start)))
                if here == _position(subject, given, leaf, far):
                    continue
                place, first, second = _narrowed(subject, given, leaf, far)
                key = (min(first, second), max(first, second), dotted(leaf.path))
                if key in told:
                    continue
                told.add(key)
                condition = conditions.get(f"rules.{ids[key[0]]}") if key[0] < len(ids) else None
                if condition is not None:
                    yield _boundary(subject, condition, given, leaf, place)


def _far(subject: Subject, leaf: Leaf) -> Iterator[Fraction]:
    """Yield places where another rule may decide: known numbers, and the ends of the field."""
    for hint in subject.hints:
        if not isinstance(hint, str):
            try:
                yield leaf.grid.nearest(place_of(hint))
            except ValueError:
                continue
    yield leaf.grid.first * leaf.grid.step
    yield leaf.grid.last * leaf.grid.step


def _narrowed(subject: Subject, given: Any, leaf: Leaf, far: Fraction) -> tuple[Fraction, int, int]:  # noqa: ANN401
    """Return the first place of the upper side, and the two positions of rules beside it."""
    low, high = sorted((leaf.grid.nearest(place_of(leaf.start)), far))
    first = _position(subject, given, leaf, low)
    while high - low > leaf.grid.step:
        middle = low + ((high - low) / leaf.grid.step // 2) * leaf.grid.step
        if _position(subject, given, leaf, middle) == first:
            low = middle
        else:
            high = middle
    return high, first, _position(subject, given, leaf, high)


def _position(subject: Subject, given: Any, leaf: Leaf, place: Fraction) -> int:  # noqa: ANN401
    facts = replaced(given, leaf.path, leaf.grid.value(place))
    return parts_of_result(subject.ask(facts))[1].position


def _around(leaf: Leaf, place: Fraction) -> list[Fraction]:
    gap = leaf.grid.gap(place)
    near = dict.fromkeys(leaf.grid.nearest(each) for each in (place - gap, place, place + gap))
    return list(near)


def _boundary(
    subject: Subject,
    condition: Condition,
    given: Any,  # noqa: ANN401
    leaf: Leaf,
    place: Fraction,
) -> Boundary:
    def side(at: Fraction) -> Side:
        value = leaf.grid.value(at)
        return Side(value, subject.ask(replaced(given, leaf.path, value)).matched_rule)

    around = _around(leaf, place)
    facts = replaced(given, leaf.path, leaf.grid.value(place))
    return Boundary(
        condition.text,
        condition.place,
        dotted(leaf.path),
        side(around[0]) if around[0] < place else None,
        side(place),
        side(around[-1]) if around[-1] > place else None,
        ShownFacts(facts, subject.schemas),
        is_shown(subject.schemas, facts, leaf.path),
    )
