"""Axes: the values of an ordered domain as whole steps, and where on them a claim holds."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from math import ceil, floor
from typing import Any, Final, NamedTuple

from criterion.analysis.leaves import Leaf
from criterion.exact import INTEGER_MAX
from criterion.quantity import UNLIMITED

PROBES_MAX: Final = 160
"""How many places of an axis are tried before the ends of stretches are looked for."""

DOUBLINGS_MAX: Final = 40
"""How far from its value a number is changed: by at most two to this power, in steps."""

_CENT: Final = 2
"""How many digits behind the point a number is changed in, unless a known one has more."""


class Axis(NamedTuple):
    """An ordered domain.

    Attributes:
        origin: The step of the present value.
        least: The first step that the domain takes, or ``None``.
        most: The last, or ``None``.
        pool: Steps where something may change.
        value_of: Returns the value at a step.
    """

    origin: int
    least: int | None
    most: int | None
    pool: tuple[int, ...]
    value_of: Callable[[int], Any]


class Stretch(NamedTuple):
    """Neighbouring steps at which a claim holds; it was tried at both ends and between them.

    Attributes:
        first: The first step.
        last: The last step.
        is_from_the_least: Whether it holds, as far as was tried, at every earlier step.
        is_to_the_most: Whether at every later one.
    """

    first: int
    last: int
    is_from_the_least: bool
    is_to_the_most: bool

    def nearest(self, origin: int) -> int:
        """Return the step of the stretch that is nearest to another."""
        return min(max(origin, self.first), self.last)


def axis_of(leaf: Leaf, pool: Iterable[object]) -> Axis | None:
    """Return the axis of a leaf, ``None`` where its domain has no order or is a closed list."""
    domain = leaf.domain
    if domain.choices is not None:
        return None
    match domain.kind:
        case "integer":
            return _whole(leaf, pool)
        case "number" | "quantity":
            return _decimal(leaf, pool)
        case "date":
            return _dates(leaf, pool)
        case "datetime":
            return _instants(leaf, pool)
        case _:
            return None


def stretches(axis: Axis, holds: Callable[[Any], bool]) -> list[Stretch]:
    """Return the stretches of an axis where a claim holds, as far as trying finds them."""
    probes = _probes(axis)
    known = {step: holds(axis.value_of(step)) for step in probes}

    def at(step: int) -> bool:
        if step not in known:
            known[step] = holds(axis.value_of(step))
        return known[step]

    found: list[Stretch] = []
    start: int | None = None
    for place, step in enumerate(probes):
        if known[step] and start is None:
            start = step if place == 0 else _turn(probes[place - 1], step, at)
        if start is not None and (place + 1 == len(probes) or not known[probes[place + 1]]):
            is_end = place + 1 == len(probes)
            last = step if is_end else _turn(probes[place + 1], step, at)
            found.append(Stretch(start, last, start == probes[0], is_end))
            start = None
    return found


def _turn(without: int, holding: int, at: Callable[[int], bool]) -> int:
    """Return the step farthest towards one where a claim fails at which it still holds."""
    while abs(holding - without) > 1:
        middle = (without + holding) // 2
        if at(middle):
            holding = middle
        else:
            without = middle
    return holding


def _probes(axis: Axis) -> list[int]:
    """Return the steps to try, in order: near the value and far from it, and around the pool."""
    far = [2**power for power in range(DOUBLINGS_MAX + 1)]
    steps = [axis.origin, *(axis.origin + sign * each for each in far for sign in (1, -1))]
    steps += [end for end in (axis.least, axis.most) if end is not None]
    steps += [each + shift for each in axis.pool for shift in (0, -1, 1)]
    fitting = (
        step
        for step in dict.fromkeys(steps)
        if (axis.least is None or step >= axis.least) and (axis.most is None or step <= axis.most)
    )
    return sorted(step for step, _ in zip(fitting, range(PROBES_MAX), strict=False))


def _whole(leaf: Leaf, pool: Iterable[object]) -> Axis:
    domain = leaf.domain
    step = int(domain.multiple_of or 1)
    least = -INTEGER_MAX if domain.least is None else ceil(domain.least)
    most = INTEGER_MAX if domain.most is None else floor(domain.most)
    least += bool(domain.is_above and least == domain.least)
    most -= bool(domain.is_below and most == domain.most)
    value = leaf.value if isinstance(leaf.value, int) else max(least, min(0, most))
    return Axis(
        value // step,
        None if domain.least is None else -(-least // step),
        None if domain.most is None else most // step,
        tuple(floor(each / step) for each in _numbers(pool)),
        lambda place: place * step,
    )


def _decimal(leaf: Leaf, pool: Iterable[object]) -> Axis:
    domain = leaf.domain
    is_float = isinstance(leaf.value, float)
    value = Decimal(repr(leaf.value)) if is_float else leaf.value
    if not isinstance(value, int | Decimal) or value == UNLIMITED:
        value = Decimal(0)
    known = [Decimal(value), *map(Decimal, _numbers(pool))]
    places = max([_CENT, *(-int(each.as_tuple().exponent) for each in known)])
    unit = Decimal(domain.multiple_of or Decimal(1).scaleb(-min(places, 12)))

    def value_of(place: int) -> Decimal | float:
        made = place * unit
        return float(made) if is_float else made.normalize() + 0

    least = None if domain.least is None else ceil(Decimal(domain.least) / unit)
    most = None if domain.most is None else floor(Decimal(domain.most) / unit)
    if least is not None and domain.is_above and least * unit == domain.least:
        least += 1
    if most is not None and domain.is_below and most * unit == domain.most:
        most -= 1
    origin = floor(Decimal(value) / unit)
    return Axis(origin, least, most, tuple(floor(each / unit) for each in known), value_of)


def _dates(leaf: Leaf, pool: Iterable[object]) -> Axis:
    days = [each.toordinal() for each in pool if type(each) is dt.date]
    is_day = isinstance(leaf.value, dt.date)
    origin = leaf.value.toordinal() if is_day else (days or [dt.date(2026, 1, 1).toordinal()])[0]
    return Axis(origin, 1, dt.date.max.toordinal(), tuple(days), dt.date.fromordinal)


def _instants(leaf: Leaf, pool: Iterable[object]) -> Axis | None:
    if not isinstance(leaf.value, dt.datetime) or leaf.value.tzinfo is None:
        return None
    start: dt.datetime = leaf.value
    second = dt.timedelta(seconds=1)
    known = [each for each in pool if isinstance(each, dt.datetime) and each.tzinfo is not None]
    first = dt.datetime.min.replace(tzinfo=start.tzinfo) + dt.timedelta(days=2)
    last = dt.datetime.max.replace(tzinfo=start.tzinfo) - dt.timedelta(days=2)
    pool_steps = tuple((each - start) // second for each in known)
    ends = (first - start) // second + 1, (last - start) // second - 1
    return Axis(0, *ends, pool_steps, lambda place: start + place * second)


def _numbers(pool: Iterable[object]) -> Iterator[int | Decimal]:
    for each in pool:
        if isinstance(each, int | Decimal) and not isinstance(each, bool) and each != UNLIMITED:
            yield each
