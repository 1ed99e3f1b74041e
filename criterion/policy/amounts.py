"""Amounts: exact arithmetic at 34 digits, and the one rule by which two amounts compare.

An amount is an int or a Decimal, in the unit of its credit; no limit is `UNLIMITED`. Stored amounts
keep all their digits. Whatever decides compares at nine decimals, so that a limit of 0.3 takes
0.1 + 0.2, whatever divisions have made of them.

Source:
    Policy specification, section 1.1.
"""

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Final, TypeAlias

from criterion.quantity import UNLIMITED

Amount: TypeAlias = int | Decimal

DIGITS_MAX: Final = 34
"""How many digits a result keeps; whole numbers keep all of theirs."""

DECIMALS: Final = 9
"""How many decimals a comparison looks at, and a number that is shown has."""

_CONTEXT: Final = Context(
    prec=DIGITS_MAX,
    Emax=MAX_EMAX,
    Emin=MIN_EMIN,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_ROUNDING: Final = Context(prec=200, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_STEP: Final = Decimal(1).scaleb(-DECIMALS)
_ADD: Final = _CONTEXT.add
_SUBTRACT: Final = _CONTEXT.subtract
_MULTIPLY: Final = _CONTEXT.multiply
_DIVIDE: Final = _CONTEXT.divide


def plus(left: Amount, right: Amount) -> Amount:
    """Return the sum."""
    if type(left) is int and type(right) is int:
        return left + right
    return _ADD(left, right)


def minus(left: Amount, right: Amount) -> Amount:
    """Return the difference; not of two that are unlimited."""
    if type(left) is int and type(right) is int:
        return left - right
    return _SUBTRACT(left, right)


def times(left: Amount, right: Amount) -> Amount:
    """Return the product; not of zero and unlimited."""
    if type(left) is int and type(right) is int:
        return left * right
    return _MULTIPLY(left, right)


def over(left: Amount, right: Amount) -> Amount:
    """Return the quotient; the divisor is not zero, and not both are unlimited."""
    return tidy(_DIVIDE(left, right))


def per(amount: Amount, ms: int) -> Decimal:
    """Return an amount per millisecond; it is not asked whether that is whole."""
    return _DIVIDE(amount, ms)


def tidy(amount: Decimal) -> Amount:
    """Return a whole amount as an int, which counts faster, and any other as it is."""
    if not amount.is_finite() or amount.adjusted() >= DIGITS_MAX:
        return amount
    whole = amount.to_integral_value()
    return int(whole) if whole == amount else amount


def rounded(amount: Amount) -> Amount:
    """Return an amount as it is shown and compared: at nine decimals, half away from zero.

    A whole one comes as an int, any other without zeros at its end.
    """
    if isinstance(amount, int) or not amount.is_finite():
        return amount
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        amount = amount.quantize(_STEP, context=_ROUNDING)
    shown = tidy(amount)
    return shown if isinstance(shown, int) else shown.normalize(_ROUNDING)


def at_most(left: Amount, right: Amount) -> bool:
    """Whether the first amount is not greater than the second, at nine decimals."""
    if left <= right:  # rounding keeps the order
        return True
    if type(left) is int and type(right) is int:
        return False
    return rounded(left) <= rounded(right)


def less(left: Amount, right: Amount) -> bool:
    """Whether the first amount is smaller than the second, at nine decimals."""
    if left >= right:
        return False
    if type(left) is int and type(right) is int:
        return True
    return rounded(left) < rounded(right)


def same(left: Amount, right: Amount) -> bool:
    """Whether two amounts are equal, at nine decimals."""
    return left == right or rounded(left) == rounded(right)


def is_unlimited(amount: Amount) -> bool:
    """Whether the amount has no limit."""
    return amount == UNLIMITED
