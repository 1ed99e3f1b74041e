"""Helping: which values in place of the present ones lead to a wished answer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any, Final

from criterion.analysis.asked_again import AskedAgain, Values
from criterion.analysis.axis import Axis, Stretch, axis_of, stretches
from criterion.analysis.counterfactual import Change, Counterfactual
from criterion.analysis.leaves import Leaf, Path
from criterion.analysis.text_fit import taking
from criterion.analysis.watch import Watch
from criterion.analysis.wish import Wish
from criterion.quantity import UNLIMITED
from criterion.result import parts_of_result

FEW_MAX: Final = 12
"""How many other values of one field are tried together with those of another."""

TEXTS_MAX: Final = 50
"""How many texts are tried where any text may stand."""

PAIRS_MAX: Final = 300
"""How many pairs of values are tried."""

MIXES_MAX: Final = 300
"""How many mixtures of values of all fields are tried."""

PAIR: Final = 2
"""Fewer leaves than these have no mixtures."""

_STRIDE: Final = 7_919
"""A prime, so that mixtures differ in all their fields."""


class Helping:
    """Tries changes of one question.

    Attributes:
        asked: The question.
        wish: What is wished.
        watch: The time.
        found: What helps, none of it with a change to spare.
    """

    def __init__(
        self, asked: AskedAgain, wish: Wish, watch: Watch, prices: Mapping[Path, Decimal]
    ) -> None:
        """Begin with nothing."""
        self.asked = asked
        self.wish = wish
        self.watch = watch
        self.found: list[Counterfactual] = []
        self._prices = prices
        self._pool = asked.pool()
        self._first = asked.run({})

    def is_repeatable(self) -> bool:
        """Whether the unchanged question has an answer again, and not the wished one."""
        return self._first.matched_rule is not None or not self._first.errors or _ran(self._first)

    def holds(self, changes: Values) -> bool:
        """Whether changes lead to the wished answer.

        Raises:
            OverError: There is no time left.
        """
        self.watch.look()
        return self.wish.holds(self.asked.run(changes))

    def price(self, leaf: Leaf) -> Decimal:
        """Return what it costs to change a value."""
        return self._prices.get(leaf.path, Decimal(1))

    def cheapest(self, limit: int) -> list[Counterfactual]:
        """Return what was found, the cheapest first; where they cost the same, the smallest."""
        return sorted(self.found, key=_rank)[:limit]

    def look_at_each(self, leaves: tuple[Leaf, ...]) -> None:
        """Find the single changes that help."""
        for leaf in leaves:
            for change in self._changes(leaf, {}):
                self._note((change,), (leaf,))

    def look_at_pairs(self, leaves: tuple[Leaf, ...]) -> None:
        """Find two changes that help together, where no single one costs less."""
        done = {each.changes[0].path for each in self.found}
        most = self.asked.tries + PAIRS_MAX
        least = min((each.cost for each in self.found), default=None)
        few = {leaf: self._few(leaf) for leaf in leaves if leaf.path not in done}
        pairs = sorted(combinations(few, 2), key=lambda pair: sum(map(self.price, pair)))
        for pair in pairs:
            if least is not None and sum(map(self.price, pair)) >= least:
                return
            for values in product(*(few[leaf] for leaf in pair)):
                if self.asked.tries > most:
                    return
                changes = {leaf.path: value for leaf, value in zip(pair, values, strict=True)}
                if self.holds(changes):
                    self.take(changes, pair)
                    break

    def look_at_all(self, leaves: tuple[Leaf, ...]) -> None:
        """Find changes of any number of values that help together, in a bounded number of tries."""
        if len(leaves) < PAIR:
            return
        few = {leaf: [leaf.value, *self._few(leaf)] for leaf in leaves}
        for number in range(1, MIXES_MAX + 1):
            rest = number * _STRIDE
            changes = {}
            for leaf, values in few.items():
                rest, place = divmod(rest, len(values))
                rest = rest + number if rest == 0 else rest
                if place:
                    changes[leaf.path] = values[place]
            if changes and self.holds(changes):
                self.take(changes, leaves)
                return

    def take(self, changes: Values, leaves: tuple[Leaf, ...]) -> None:
        """Note changes that help, without those that are not needed, each as small as may be."""
        kept = dict(changes)
        by_path = {leaf.path: leaf for leaf in leaves if leaf.path in kept}
        for path in sorted(kept, key=lambda each: -self.price(by_path[each])):
            rest = {each: value for each, value in kept.items() if each != path}
            if rest and self.holds(rest):
                kept = rest
        made: dict[Path, Change] = {}
        for path in list(kept):
            others = {each: value for each, value in kept.items() if each != path}
            nearest = self._changes(by_path[path], others, (kept[path],))
            if nearest:
                made[path] = min(nearest, key=_distance)
                kept[path] = made[path].after
        if kept.keys() == made.keys() and self.holds(kept):
            self._note(tuple(made.values()), tuple(by_path[path] for path in made))

    def _changes(self, leaf: Leaf, others: Values, known: tuple[Any, ...] = ()) -> list[Change]:
        """Return the changes of one value that help, together with others; some may be known."""

        def holds(value: Any) -> bool:  # noqa: ANN401
            return self.holds({**others, leaf.path: value})

        found: list[Change] = []
        texts = known if leaf.is_any_text else ()
        good = [value for value in dict.fromkeys((*self._apart(leaf), *texts)) if holds(value)]
        if good:
            change = Change(
                path=leaf.path, before=leaf.value, after=good[0], others=tuple(good[1:])
            )
            found.append(change)
        axis = axis_of(leaf, (*known, *self._pool))
        if axis is not None:
            found += (_ranged(leaf, axis, each) for each in _sides(axis, stretches(axis, holds)))
        return found

    def _apart(self, leaf: Leaf) -> Iterator[Any]:
        """Yield the other values of a leaf that have no place on an axis."""
        domain = leaf.domain
        for value in self._unordered(leaf):
            if value != leaf.value or type(value) is not type(leaf.value):
                yield value
        if domain.nullable and leaf.value is not None:
            yield None

    def _unordered(self, leaf: Leaf) -> Iterator[Any]:
        domain = leaf.domain
        if domain.choices is not None:
            yield from domain.choices
        elif domain.kind == "boolean":
            yield from (False, True)
        elif domain.kind == "quantity":
            yield UNLIMITED
        elif domain.kind == "text":
            takes = taking(domain)
            yield from islice((each for each in self.asked.texts() if takes(each)), TEXTS_MAX)

    def _few(self, leaf: Leaf) -> list[Any]:
        """Return a few other values of a leaf, as different as may be."""
        found = list(islice(self._apart(leaf), FEW_MAX))
        axis = axis_of(leaf, self._pool)
        if axis is not None:
            found += (axis.value_of(step) for step in islice(_spread(axis), FEW_MAX))
        return found

    def _note(self, changes: tuple[Change, ...], leaves: tuple[Leaf, ...]) -> None:
        values = {change.path: change.after for change in changes}
        result = self.asked.run(values)
        reading: Any = parts_of_result(result)[0]
        facts, profile = self.asked.changed(values)
        self.found.append(
            Counterfactual(
                changes=changes,
                cost=sum(map(self.price, leaves), Decimal(0)),
                rule=result.matched_rule,
                data=reading.members(result.data),
                explanation=result.explanation,
                facts=facts,
                values=None if profile is self.asked.values else profile,
            )
        )


def _ran(result: Any) -> bool:  # noqa: ANN401 -- a result
    return bool(result.trace)


def _sides(axis: Axis, found: list[Stretch]) -> Iterator[Stretch]:
    """Yield the nearest stretch below the present value, and the nearest above."""
    below = [each for each in found if each.last < axis.origin]
    above = [each for each in found if each.first > axis.origin]
    yield from (below[-1:] + above[:1]) if below or above else found[:1]


def _ranged(leaf: Leaf, axis: Axis, stretch: Stretch) -> Change:
    step = stretch.nearest(axis.origin)
    is_first, is_last = stretch.is_from_the_least, stretch.is_to_the_most
    return Change(
        path=leaf.path,
        before=leaf.value,
        after=axis.value_of(step),
        least=None if is_first else axis.value_of(stretch.first),
        most=None if is_last else axis.value_of(stretch.last),
        is_range=True,
    )


def _spread(axis: Axis) -> Iterator[int]:
    """Yield steps near the turns that are known, at the ends, and ever farther away."""
    seen = {axis.origin}
    ends = [end for end in (axis.least, axis.most) if end is not None]
    near = [each + shift for each in axis.pool[:4] for shift in (0, 1, -1)]
    far = [axis.origin + sign * 2**power for power in (1, 4, 8, 16, 32) for sign in (1, -1)]
    for step in (*ends, *near, *far):
        is_in = (axis.least is None or step >= axis.least) and (
            axis.most is None or step <= axis.most
        )
        if is_in and step not in seen:
            seen.add(step)
            yield step


def _rank(found: Counterfactual) -> tuple[Decimal, int, float]:
    return found.cost, len(found.changes), sum(map(_distance, found.changes))


def _distance(change: Change) -> float:
    """Return how far a change goes, as a share of what is there."""
    before, after = change.before, change.after
    if not change.is_range or not _is_finite(before) or not _is_finite(after):
        return 1.0
    return abs(float(after) - float(before)) / (1 + abs(float(before)))


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and Decimal(value).is_finite()
