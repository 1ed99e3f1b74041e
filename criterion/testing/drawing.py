"""Drawing: valid facts and profiles for a decision, close to where its answer changes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from criterion.conditions import conditions_of
from criterion.decision import Decision
from criterion.result import Status
from criterion.testing.crossing import (
    Crossing,
    Match,
    Sides,
    crossing_place,
    crossings_of,
    matches_of,
    movable,
)
from criterion.testing.schema_nodes import replaced, schemas_of
from criterion.testing.schema_values import SchemaValues
from criterion.testing.subject import Subject
from criterion.text import not_a

MOVES_MAX: Final = 3
"""How many fields of one set of facts are moved to a value that matches, then to a boundary."""

_PLACES: Final = 1_000
"""Of how many numbers one is drawn that picks a field or a value, whatever their number is."""


def draw_facts(subject: Subject, fields: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
    """Return the strategy for the facts of a subject."""
    base = SchemaValues(subject.schemas, subject.hints, fields).all()
    matches = _moves(matches_of(subject))
    crossings = _moves(crossings_of(subject, conditions_of(subject.decision)))
    moved = st.tuples(base, matches, crossings).map(
        lambda drawn: _moved(subject, drawn[0], [*drawn[1], *drawn[2]])
    )
    return moved.filter(lambda facts: _is_valid(subject, facts))


def _moves(targets: Sequence[Match | Crossing]) -> Any:  # noqa: ANN401 -- a strategy
    """Return the strategy for what is moved: which field or value, and to which side."""
    if not targets:
        return st.just([])
    number, side = st.integers(0, _PLACES - 1), st.sampled_from((0, 1, -1))
    return st.lists(st.tuples(st.sampled_from(targets), number, side), max_size=MOVES_MAX)


def draw_profiles(
    decision: Decision[Any, Any, Any], fields: Mapping[str, Any] | None = None
) -> Any:  # noqa: ANN401
    """Return the strategy for the profiles of a decision."""
    if not isinstance(decision, Decision):
        raise not_a(decision, "a decision")
    return SchemaValues(schemas_of(decision.profile), (), fields).all()


def _moved(subject: Subject, given: Any, moves: list[tuple[Any, int, int]]) -> Any:  # noqa: ANN401
    """Return facts with some fields moved; a move that would make them invalid is left out."""
    sides = Sides(subject)
    for target, number, offset in moves:
        changed = (
            _matched(sides, target, given, number)
            if isinstance(target, Match)
            else _brought(sides, target, given, number, offset)
        )
        if changed is not None and _is_valid(subject, changed):
            given = changed
    return given


def _matched(sides: Sides, match: Match, given: Any, number: int) -> Any:  # noqa: ANN401
    values = sides.values(match, given)
    return replaced(given, match.path, values[number % len(values)]) if values else None


def _brought(sides: Sides, crossing: Crossing, given: Any, number: int, offset: int) -> Any:  # noqa: ANN401
    """Return facts with one field at the boundary of a comparison, or beside it."""
    found = movable(sides.subject, given, crossing.fields)
    if not found:
        return None
    leaf = found[number % len(found)]
    place = crossing_place(sides, crossing, given, leaf)
    if place is None:
        return None
    beside = leaf.grid.nearest(place + offset * leaf.grid.gap(place))
    return replaced(given, leaf.path, leaf.grid.value(beside))


def _is_valid(subject: Subject, given: Any) -> bool:  # noqa: ANN401
    return subject.ask(given).status is not Status.INVALID_INPUT
