"""Trying: which values of facts are worth a try, because a condition may turn on them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from criterion.expression.interpret import Interpretation
from criterion.expression.tree import Body, Comparison, Constant, Expression, Fold, children
from criterion.expression.types import Type
from criterion.mutation.leaves import Path, measure_of, near, type_at, with_leaf

VALUES_MAX: Final = 60
"""How many values are tried at one place."""


class Trials:
    """The values to try in facts of one decision under one profile.

    Args:
        body: What the decision decides by.
        input: The type of its facts.
        profile: Its values, as plain data.
    """

    def __init__(self, body: Body, input: Type, profile: Mapping[str, Any]) -> None:
        """Gather what the expressions and the profile speak of."""
        self._input = input
        self._profile = profile
        self._lets = {let.name: let.value for let in body.lets}
        free = [node for root in _roots(body) for node in _free(root)]
        self._comparisons = [node for node in free if isinstance(node, Comparison)]
        everything = [node for root in _roots(body) for node in _all(root)]
        written = [node.value for node in everything if isinstance(node, Constant)]
        named = [*written, *_values(profile)]
        marks = (measure_of(each) for each in named)
        self._marks = dict.fromkeys(mark for mark in marks if mark is not None)
        self._texts = dict.fromkeys(each for each in named if isinstance(each, str))

    def at(self, facts: Mapping[str, Any], path: Path, value: Any) -> list[object]:  # noqa: ANN401 -- plain data
        """Return what to try at a path of facts that fit the input, the most promising first."""
        tried: dict[str, object] = {}
        for each in self._at(facts, path, value):
            tried.setdefault(f"{type(each).__name__} {each!r}", each)
        tried.pop(f"{type(value).__name__} {value!r}", None)
        return list(tried.values())[:VALUES_MAX]

    def _at(self, facts: Mapping[str, Any], path: Path, value: Any) -> Iterator[object]:  # noqa: ANN401
        kind = type_at(self._input, path)
        if kind is not None and kind.choices is not None:
            yield from kind.choices
        elif isinstance(value, bool) or (kind is not None and kind.kind == "boolean"):
            yield from (True, False)
        elif isinstance(value, list | tuple):
            yield from ([], list(value)[:-1], [*value, *value[-1:]])
        elif isinstance(value, str) or (kind is not None and kind.kind == "text"):
            yield from (*self._texts, "", f"{value}x")
        elif measure_of(value) is not None:
            for target in (*self._turns(facts, path, value), *self._marks):
                yield from near(value, target)
        elif value is None and kind is not None:
            yield from (example for mark in self._marks for example in _examples(kind, mark))
        if kind is None or kind.nullable:
            yield None

    def _turns(self, facts: Mapping[str, Any], path: Path, value: object) -> Iterator[Decimal]:
        """Yield where a comparison turns when only this value changes, as far as it is linear."""
        begin = measure_of(value)
        if begin is None or not (stepped := list(near(value, begin + 1))):
            return
        here = self._gaps(facts)
        there = self._gaps(with_leaf(facts, path, stepped[0]))
        for one, other in zip(here, there, strict=True):
            if one is not None and other is not None and one != other:
                yield begin + one / (one - other)

    def _gaps(self, facts: Mapping[str, Any]) -> list[Decimal | None]:
        """Return how far apart the sides of each comparison are, as the lets come out."""
        reading = Interpretation({"input": facts, "profile": self._profile}, self._lets)
        return [_gap(reading, each) for each in self._comparisons]


def _gap(reading: Interpretation, node: Comparison) -> Decimal | None:
    left, right = (measure_of(reading.attempt(side).value) for side in (node.left, node.right))
    return None if left is None or right is None else left - right


def _examples(kind: Type, mark: Decimal) -> Iterator[object]:
    """Yield values of a type that stand near a mark, where the facts have none."""
    if kind.kind == "integer":
        yield from near(0, mark)
    elif kind.kind in {"number", "quantity"}:
        yield from near(Decimal(0), mark)


def _roots(body: Body) -> Iterator[Expression]:
    yield from (let.value for let in body.lets)
    for clause in body.clauses:
        yield from () if clause.when is None else (clause.when,)
        yield from (node for _, node in clause.emit)


def _free(node: Expression) -> Iterator[Expression]:
    """Yield every part of an expression that does not speak of a bound variable."""
    yield node
    below: Iterable[Expression] = (node.source,) if isinstance(node, Fold) else children(node)
    for part in below:
        yield from _free(part)


def _all(node: Expression) -> Iterator[Expression]:
    yield node
    for part in children(node):
        yield from _all(part)


def _values(value: Any) -> Iterator[Any]:  # noqa: ANN401 -- plain data
    """Yield the single values of plain data, and its keys."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from _values(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _values(part)
    else:
        yield value
