"""Grids: the numbers and dates that a field of a schema may hold, as places on a line."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, NamedTuple

from criterion.exact import INTEGER_MAX
from criterion.nodes import Node

DECIMAL_MAX: Final = 10**12
"""How far from 0 decimals without bounds are drawn; a field that says more gets more."""

PLACES: Final = 2
"""Decimal places of a number whose schema leaves them open, unless its bounds need more."""

PLACES_MAX: Final = 18
"""Most decimal places that are tried to hit a place exactly."""

YEARS: Final = (1970, 2100)
"""The years in which dates without bounds are drawn."""

_DAY_S: Final = 86_400
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Grid(NamedTuple):
    """Places on a line that a field may hold: multiples of a step between two bounds.

    A date is the number of its day, a datetime the seconds since 1970.

    Attributes:
        kind: The type of the core schema: ``int``, ``decimal``, ``float``, ``date``, ``datetime``.
        first: The first multiple of the step.
        last: The last one.
        step: How far apart two neighbours are.
        is_free: Whether the schema leaves open how fine the values are.
        is_aware: Of a datetime: whether it has a time zone.
    """

    kind: str
    first: int
    last: int
    step: Fraction
    is_free: bool = False
    is_aware: bool = True

    def value(self, place: Fraction) -> Any:  # noqa: ANN401 -- a number or a date
        """Return a place as a value of the field's type."""
        match self.kind:
            case "int":
                return int(place)
            case "decimal":
                return _decimal(place)
            case "float":
                return float(place)
            case "date":
                return dt.date.fromordinal(int(place))
            case _:
                at = _EPOCH + dt.timedelta(seconds=float(place))
                return at if self.is_aware else at.replace(tzinfo=None)

    def nearest(self, place: Fraction) -> Fraction:
        """Return the place nearest to one that the field may hold."""
        if self.is_free:
            place = Fraction(round(place * 10**PLACES_MAX), 10**PLACES_MAX)
            if self.first * self.step <= place <= self.last * self.step:
                return place
        return min(max(round(place / self.step), self.first), self.last) * self.step

    def gap(self, place: Fraction) -> Fraction:
        """Return how far the neighbours of a place are: a step, or its last decimal place."""
        if not self.is_free:
            return self.step
        gap = self.step
        while (place / gap).denominator != 1 and gap > Fraction(1, 10**PLACES_MAX):
            gap /= 10
        return gap


def place_of(value: Any) -> Fraction:  # noqa: ANN401 -- a number or a date
    """Return where a number or a date is on its line.

    Raises:
        ValueError: It is unlimited, or something else without a place.
    """
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return Fraction((aware - _EPOCH) // dt.timedelta(microseconds=1), 10**6)
    if isinstance(value, dt.date):
        return Fraction(value.toordinal())
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(value)  # noqa: TRY004 -- what has no place, of any type
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(value)
    return Fraction(value)


def grid_of(node: Node) -> Grid | None:
    """Return the values of the core schema of a number or a date; ``None`` for other schemas."""
    kind: str = node["type"]
    if kind not in _DEFAULTS:
        return None
    low, high = _DEFAULTS[kind]
    step, is_free = _step(node)
    least = place_of(node["ge"]) if "ge" in node else None
    most = place_of(node["le"]) if "le" in node else None
    above = place_of(node["gt"]) if "gt" in node else None
    below = place_of(node["lt"]) if "lt" in node else None
    starts = [bound for bound in (least, above) if bound is not None]
    ends = [bound for bound in (most, below) if bound is not None]
    low = max(starts) if starts else min([low, *(end - _span(kind) for end in ends)])
    high = min(ends) if ends else max([high, *(start + _span(kind) for start in starts)])
    if node.get("max_digits") is not None:
        room = Fraction(10) ** node["max_digits"] * step
        low, high = max(low, step - room), min(high, room - step)
    first, last = _multiples(low, high, step, above, below)
    while first > last and is_free and step > Fraction(1, 10**PLACES_MAX):
        step /= 10
        first, last = _multiples(low, high, step, above, below)
    return Grid(kind, first, last, step, is_free, node.get("tz_constraint") != "naive")


def _multiples(
    low: Fraction, high: Fraction, step: Fraction, above: Fraction | None, below: Fraction | None
) -> tuple[int, int]:
    """Return the first and the last multiple of a step between bounds, open ones left out."""
    first, last = ceil(low / step), floor(high / step)
    return first + (first * step == above), last - (last * step == below)


def _step(node: Node) -> tuple[Fraction, bool]:
    """Return how far values are apart, and whether the schema leaves it open."""
    if node.get("multiple_of") is not None:
        return place_of(node["multiple_of"]), False
    if node["type"] not in {"decimal", "float"}:
        return Fraction(1), False
    if node.get("decimal_places") is not None:
        return Fraction(1, 10 ** node["decimal_places"]), False
    if node.get("max_digits") is not None:  # every place after the point leaves one before it less
        return Fraction(1, 10 ** min(PLACES, node["max_digits"] - 1)), False
    return Fraction(1, 10**PLACES), True


def _span(kind: str) -> Fraction:
    low, high = _DEFAULTS[kind]
    return min(high - low, Fraction(DECIMAL_MAX))


def _decimal(place: Fraction) -> Decimal:
    digits = 0
    while (place * 10**digits).denominator != 1 and digits < PLACES_MAX:
        digits += 1
    return Decimal(round(place * 10**digits)).scaleb(-digits)


_DAYS: Final = tuple(Fraction(dt.date(year, 1, 1).toordinal()) for year in YEARS)
_DEFAULTS: Final[dict[str, tuple[Fraction, Fraction]]] = {
    "int": (Fraction(-INTEGER_MAX), Fraction(INTEGER_MAX)),
    "decimal": (Fraction(-DECIMAL_MAX), Fraction(DECIMAL_MAX)),
    "float": (Fraction(-DECIMAL_MAX), Fraction(DECIMAL_MAX)),
    "date": (_DAYS[0], _DAYS[1]),
    "datetime": (Fraction(0), (_DAYS[1] - _DAYS[0]) * _DAY_S),
}
