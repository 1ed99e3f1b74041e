"""Ranges: between which bounds a number of an expression lies, worked out without a solver."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import gcd
from typing import Final, NamedTuple

from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX

_DOWN: Final = Context(prec=DIGITS_MAX, rounding=ROUND_FLOOR, Emin=-99_999, Emax=99_999)
_UP: Final = Context(prec=DIGITS_MAX, rounding=ROUND_CEILING, Emin=-99_999, Emax=99_999)
_HUGE: Final = Fraction(10) ** (EXPONENT_MAX + 1)
_TINY: Final = Fraction(1, 10**EXPONENT_MAX)

POWERS_OFF: Final = Fraction(1, 10 ** (DIGITS_MAX - 6))
"""How far a power may be from the exact one, as a share of it: each of its factors is rounded."""

EXPONENT_WHOLE_MAX: Final = 1_000
"""The largest exponent of the language."""


class Range(NamedTuple):
    """Bounds of a number; wherever it cannot tell, wider than they need be.

    Attributes:
        least: The least it can be, ``None`` where there is no telling.
        most: The most it can be, likewise.
        unit: What it is at least away from zero, unless it is zero; 0 where there is no telling.
        step: What it is a multiple of, 0 of zero alone; ``None`` where there is no telling.
    """

    least: Fraction | None = None
    most: Fraction | None = None
    unit: Fraction = Fraction(0)
    step: Fraction | None = None

    @property
    def size(self) -> Fraction | None:
        """How far it can be from zero."""
        if self.least is None or self.most is None:
            return None
        return max(abs(self.least), abs(self.most))

    @property
    def is_positive(self) -> bool:
        """Whether it is above zero."""
        return self.least is not None and self.least > 0

    @property
    def is_within(self) -> bool:
        """Whether a decimal is certain to be neither too large nor too small."""
        return self.size is not None and self.size < _HUGE and self.unit >= _TINY

    @property
    def is_exact(self) -> bool:
        """Whether a decimal is certain to have no more digits than are kept."""
        if self.step is None or self.size is None or not _is_short(self.step):
            return False
        return self.step == 0 or self.size / self.step < 10**DIGITS_MAX


WHOLE: Final = Range(unit=Fraction(1), step=Fraction(1))
"""Any whole number."""

ANY: Final = Range()
"""Any number."""


def exactly(value: int | Decimal) -> Range:
    """Return the range of one number."""
    given = Fraction(value)
    return Range(given, given, abs(given) or _HUGE, abs(given))


def is_whole_within(given: Range) -> bool:
    """Whether a whole number is certain to be within the bounds of the language."""
    return given.size is not None and given.size <= INTEGER_MAX


def plus(one: Range, two: Range) -> Range:
    """Return the range of a sum."""
    least = None if one.least is None or two.least is None else one.least + two.least
    most = None if one.most is None or two.most is None else one.most + two.most
    step = None if one.step is None or two.step is None else _common(one.step, two.step)
    unit = min(one.unit, two.unit) if _same_sign(one, two) else _difference_unit(one, two)
    return _sized(least, most, max(unit, step or Fraction(0)), step)


def _difference_unit(one: Range, two: Range) -> Fraction:
    """Return how near to zero a difference of decimals comes: near enough, it is exact.

    A decimal of n digits is a multiple of a power of ten that is at least its size by 10^n.
    """
    digits = min(Fraction(1), max(one.unit, two.unit)) / 10 ** (DIGITS_MAX + 1)
    alone = [own.unit for own, other in ((one, two), (two, one)) if not _is_off_zero(other)]
    least: Fraction = min([digits, *alone])
    return least


def minus(given: Range) -> Range:
    """Return the range of a number with its sign changed."""
    least = None if given.most is None else -given.most
    most = None if given.least is None else -given.least
    return given._replace(least=least, most=most)


def times(one: Range, two: Range) -> Range:
    """Return the range of a product."""
    unit = one.unit * two.unit
    step = None if one.step is None or two.step is None else one.step * two.step
    ends = [one.least, one.most, two.least, two.most]
    if None in ends:
        both = _is_signed(one) and _is_signed(two)
        least = one.least * two.least if both and one.least is not None and two.least else None
        return Range(
            least if least is not None else (Fraction(0) if both else None), None, unit, step
        )
    corners = [a * b for a in one[:2] for b in two[:2]]  # type: ignore[operator] # none is None
    return _sized(min(corners), max(corners), unit, step)


def over(one: Range, two: Range) -> Range:
    """Return the range of a quotient, where what divides is not zero."""
    unit = Fraction(0) if not two.size else one.unit / two.size
    if one.least is None or one.most is None or not two.unit:
        return Range(Fraction(0) if _is_signed(one) and _is_signed(two) else None, None, unit)
    ends = [end for end in two[:2] if end]
    if two.least is None or two.most is None or two.least <= 0 <= two.most:
        ends = [two.unit] if _is_signed(two) else [two.unit, -two.unit]
    corners = [a / b for a in one[:2] for b in ends]  # type: ignore[operator] # none is None
    if two.most is None or two.least is None or two.least <= 0 <= two.most:
        corners.append(Fraction(0))
    return Range(min(corners), max(corners), unit)


def power(base: Range, by: Range) -> Range | None:
    """Return the range of a power of a positive number, ``None`` where there is no telling."""
    if base.most is None or base.least is None or base.least <= 0 or by.size is None:
        return None
    if by.size > EXPONENT_WHOLE_MAX:
        return None
    corners = [_raised(end, int(count)) for end in base[:2] for count in by[:2]]  # type: ignore[arg-type] # none is None
    least, most = min(corners) * (1 - POWERS_OFF), max(corners) * (1 + POWERS_OFF)
    return Range(least, most, least)


def _raised(base: Fraction, by: int) -> Fraction:
    exact = _UP.divide(Decimal(base.numerator), Decimal(base.denominator))
    return Fraction(_UP.power(exact, by))


def kept(given: Range) -> Range:
    """Return the range of a decimal after it is rounded to the digits that are kept."""
    if given.is_exact:
        return given
    least = None if given.least is None else _towards(_DOWN, given.least)
    most = None if given.most is None else _towards(_UP, given.most)
    return Range(least, most, _towards(_DOWN, given.unit), None)


def at_places(given: Range, places: int) -> Range:
    """Return the range of a number that is rounded to so many places, whichever way."""
    step = Fraction(10) ** -places
    least = None if given.least is None else given.least // step * step
    most = None if given.most is None else -(-given.most // step) * step
    return Range(least, most, step, step)


def _sized(
    least: Fraction | None, most: Fraction | None, unit: Fraction, step: Fraction | None
) -> Range:
    """Return a range, and how far from zero its bounds say that it stays."""
    if least is not None and least > 0:
        unit = max(unit, least)
    if most is not None and most < 0:
        unit = max(unit, -most)
    return Range(least, most, unit, step)


def _is_off_zero(given: Range) -> bool:
    return given.is_positive or minus(given).is_positive


def absolute(given: Range) -> Range:
    """Return the range of a number without its sign."""
    if given.least is not None and given.least >= 0:
        return given
    if given.most is not None and given.most <= 0:
        return minus(given)
    return given._replace(least=Fraction(0), most=given.size)


def joined(given: Iterable[Range]) -> Range:
    """Return the range of a number that is in one of some ranges."""
    ranges = list(given)
    leasts = [each.least for each in ranges if each.least is not None]
    mosts = [each.most for each in ranges if each.most is not None]
    steps = [each.step for each in ranges if each.step is not None]
    step: Fraction | None = None
    if len(steps) == len(ranges):
        step = Fraction(0)
        for each in steps:
            step = _common(step, each)
    return Range(
        min(leasts) if len(leasts) == len(ranges) else None,
        max(mosts) if len(mosts) == len(ranges) else None,
        min(each.unit for each in ranges),
        step,
    )


def _is_signed(given: Range) -> bool:
    return given.least is not None and given.least >= 0


def _same_sign(one: Range, two: Range) -> bool:
    are_below = all(each.most is not None and each.most <= 0 for each in (one, two))
    return are_below or (_is_signed(one) and _is_signed(two))


def _common(one: Fraction, two: Fraction) -> Fraction:
    """Return the greatest number that both are multiples of."""
    denominator = one.denominator * two.denominator
    return Fraction(
        gcd(one.numerator * two.denominator, two.numerator * one.denominator), denominator
    )


def _towards(context: Context, value: Fraction) -> Fraction:
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _is_short(step: Fraction) -> bool:
    """Whether multiples of a step are decimals: its denominator is one of twos and fives."""
    return _HUGE.numerator**2 % step.denominator == 0
