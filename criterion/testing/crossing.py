"""Crossings: where one field of facts has to be for the two sides of a comparison to be equal.

A comparison is worked out at two places of the field. Where it is linear in between, the crossing
follows; where it is not, a search halves the way to where the sides change places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

from criterion.conditions import Condition
from criterion.expression.interpret import Interpretation
from criterion.expression.tree import (
    Call,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    Name,
    children,
)
from criterion.expression_decision import ExpressionDecision
from criterion.expression_reading import ExpressionReading
from criterion.result import parts_of_result
from criterion.testing.grid import Grid, place_of
from criterion.testing.schema_nodes import Leaf, Path, leaves, replaced
from criterion.testing.subject import Subject

HALVINGS_MAX: Final = 100
"""How often the way to a crossing is halved."""

STRIDES: Final = (1, 1_000, 10**6, 10**9)
"""How many steps a field is moved, to see which way a comparison goes."""


class Crossing(NamedTuple):
    """A comparison of numbers or dates that a field can bring to its boundary.

    Attributes:
        node: The comparison.
        loop: The outermost loop that it stands in; ``None`` outside of loops.
        fields: The fields of the input that it depends on.
    """

    node: Comparison
    loop: Expression | None
    fields: frozenset[str]


class Match(NamedTuple):
    """A field of the input that is looked up, or compared for being the same.

    Attributes:
        path: Where the field is.
        other: What holds the values that match: a value, a list, or a mapping by its keys.
    """

    path: Path
    other: Expression


@dataclass(frozen=True)
class Sides:
    """Works out the two sides of comparisons, for facts of one subject."""

    subject: Subject

    def apart(self, crossing: Crossing, facts: Any) -> Fraction | None:  # noqa: ANN401
        """Return how far the left side is above the right one, or ``None`` where it cannot be."""
        interpretation = self._interpretation(facts)
        if interpretation is None:
            return None
        if crossing.loop is not None:
            interpretation.attempt(crossing.loop)
            sides = [interpretation.known(side) for side in _sides(crossing)]
        else:
            sides = [interpretation.attempt(side) for side in _sides(crossing)]
        try:
            left, right = (place_of(None if side is None else side.value) for side in sides)
        except ValueError:
            return None
        return left - right

    def values(self, match: Match, facts: Any) -> list[Any]:  # noqa: ANN401
        """Return the values with which a field would match."""
        interpretation = self._interpretation(facts)
        if interpretation is None:
            return []
        value = interpretation.attempt(match.other).value
        if isinstance(value, Mapping | list | tuple):
            return list(value)
        return [] if value is None else [value]

    def _interpretation(self, facts: Any) -> Interpretation | None:  # noqa: ANN401
        reading, outcome = parts_of_result(self.subject.ask(facts))
        if outcome.facts is None or not isinstance(reading, ExpressionReading):
            return None
        return reading.interpretation(outcome)


def crossings_of(subject: Subject, conditions: tuple[Condition, ...]) -> list[Crossing]:
    """Return the comparisons among conditions whose sides may be numbers or dates."""
    decision = subject.decision
    if not isinstance(decision, ExpressionDecision):
        return []
    loops = dict(_loops(decision))
    found = []
    for condition in conditions:
        for node in condition.nodes[:1]:
            if isinstance(node, Comparison) and node.operator not in {"in", "not in"}:
                fields = frozenset(_fields(node, decision.lets, loops.get(id(node))))
                found.append(Crossing(node, loops.get(id(node)), fields))
    return [crossing for crossing in found if crossing.fields and _may_cross(crossing)]


def matches_of(subject: Subject) -> list[Match]:
    """Return the fields that are looked up or compared for being the same."""
    decision = subject.decision
    if not isinstance(decision, ExpressionDecision):
        return []
    found = (match for node in _expressions(decision) for match in _matches(node))
    outside = frozenset({"input", "profile", *decision.lets})
    return [match for match in found if _free(match.other) <= outside]


def _free(node: Expression) -> frozenset[str]:
    """Return the names that an expression needs; those of its own loops are not among them."""
    if isinstance(node, Name):
        return frozenset({node.name})
    needed = frozenset[str]().union(*map(_free, children(node)))
    return needed - {node.variable} if isinstance(node, Fold) else needed


def movable(subject: Subject, facts: Any, fields: frozenset[str]) -> list[Leaf]:  # noqa: ANN401
    """Return the numbers and dates of facts that stand in certain fields."""
    found = leaves(subject.schemas, subject.schemas.root, facts)
    return [leaf for leaf in found if str(leaf.path[0]) in fields]


def crossing_place(sides: Sides, crossing: Crossing, facts: Any, leaf: Leaf) -> Fraction | None:  # noqa: ANN401
    """Return where a field brings a comparison to its boundary, all else being as it is.

    Returns:
        Where both sides are equal, or else the nearest place before they change places; ``None``
        where there is none, or none was found.
    """

    def apart(place: Fraction) -> Fraction | None:
        return sides.apart(crossing, replaced(facts, leaf.path, leaf.grid.value(place)))

    start = leaf.grid.nearest(place_of(leaf.start))
    here = apart(start)
    if here is None or here == 0:
        return None if here is None else start
    for there in _strides(leaf.grid, start):
        far = apart(there)
        if far is None or far == here:
            continue
        guess = leaf.grid.nearest(start - here * (there - start) / (far - here))
        found = apart(guess)
        if found == 0:
            return guess
        if found is not None and (found > 0) != (here > 0):
            return _halved(leaf.grid, apart, start, guess)
        if (far > 0) != (here > 0):
            return _halved(leaf.grid, apart, start, there)
    return None


def _strides(grid: Grid, start: Fraction) -> Iterator[Fraction]:
    for stride in STRIDES:
        for sign in (1, -1):
            there = grid.nearest(start + sign * stride * grid.step)
            if there != start:
                yield there
    yield from (grid.first * grid.step, grid.last * grid.step)


def _halved(grid: Grid, apart: Any, one: Fraction, other: Fraction) -> Fraction:  # noqa: ANN401
    """Return the place on the first side that is next to where the sides change places."""
    sign = (apart(one) or 0) > 0
    for _ in range(HALVINGS_MAX):
        if abs(other - one) <= grid.step:
            break
        middle = one + round((other - one) / grid.step / 2) * grid.step
        between = apart(middle)
        if between == 0:
            return middle
        if between is not None and (between > 0) == sign:
            one = middle
        else:
            other = middle
    return one


def _may_cross(crossing: Crossing) -> bool:
    """Whether no side is written as a value without a place: null, a text, true or false."""
    written = [side.value for side in _sides(crossing) if isinstance(side, Constant)]
    return not any(value is None or isinstance(value, str | bool) for value in written)


def _sides(crossing: Crossing) -> tuple[Expression, Expression]:
    return crossing.node.left, crossing.node.right


def _expressions(decision: ExpressionDecision) -> Iterator[Expression]:
    for let in decision.body.lets:
        yield let.value
    for clause in decision.body.clauses:
        if clause.when is not None:
            yield clause.when
        for _, node in clause.emit:
            yield node


def _loops(decision: ExpressionDecision) -> Iterator[tuple[int, Expression]]:
    """Yield, for each node inside of a loop, the outermost one."""

    def walk(node: Expression, outer: Expression | None) -> Iterator[tuple[int, Expression]]:
        if outer is not None:
            yield id(node), outer
        for child in children(node):
            yield from walk(child, outer or (node if isinstance(node, Fold) else None))

    for node in _expressions(decision):
        yield from walk(node, None)


def _fields(
    node: Expression, lets: Mapping[str, Expression], loop: Expression | None
) -> Iterator[str]:
    """Yield the fields of the input that an expression depends on, through lets and its loop."""
    if isinstance(node, Key) and isinstance(node.base, Name) and node.base.name == "input":
        if isinstance(node.index, Constant):
            yield str(node.index.value)
        return
    if isinstance(node, Name) and node.name in lets:
        yield from _fields(lets[node.name], lets, None)
    for child in children(node):
        yield from _fields(child, lets, None)
    if loop is not None:
        yield from _fields(loop, lets, None)


def _matches(node: Expression) -> Iterator[Match]:
    match node:
        case Comparison(operator="==" | "!=" | "in" | "not in"):
            pairs = [(node.left, node.right), (node.right, node.left)]
        case Key():
            pairs = [(node.index, node.base)]
        case Call(function="get"):
            pairs = [(node.arguments[1], node.arguments[0])]
        case _:
            pairs = []
    for field, other in pairs:
        path = _path(field)
        if path:
            yield Match(path, other)
    for child in children(node):
        yield from _matches(child)


def _path(node: Expression) -> Path:
    """Return where a field of the input is that an expression reads as it is, or ``()``."""
    steps: list[str | int] = []
    while isinstance(node, Key) and isinstance(node.index, Constant):
        steps.append(node.index.value)  # type: ignore[arg-type] # a key is text or a number
        node = node.base
    return tuple(reversed(steps)) if isinstance(node, Name) and node.name == "input" else ()
