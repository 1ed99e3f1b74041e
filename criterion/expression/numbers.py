"""Numbers: exact arithmetic at 34 digits with one meaning of unlimited, and no float anywhere.

A number is an int or a Decimal; unlimited is decimal infinity, and there is no negative one. Whole
numbers stay exact, decimals are rounded to 34 digits, and whatever leaves the bounds fails.
"""

from collections.abc import Callable
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any, Final, TypeAlias

from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX, UNLIMITED_TEXT
from criterion.expression.failure import ExpressionFailure, wrong_kind

Number: TypeAlias = int | Decimal

INTEGER_MIN: Final = -INTEGER_MAX
"""The least of them."""

POWER_MAX: Final = 1_000
"""Largest exponent of ``**``, either way."""

MAGNITUDE_MAX: Final = 4_000
"""Largest power of ten on the way to a result, either way."""

_CONTEXT: Final = Context(
    prec=DIGITS_MAX,
    Emax=MAGNITUDE_MAX,
    Emin=-MAGNITUDE_MAX,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation])
_ADD: Final = _CONTEXT.add
_SUBTRACT: Final = _CONTEXT.subtract
_MULTIPLY: Final = _CONTEXT.multiply
_NUMBERS: Final = frozenset({int, Decimal})
_WHOLE_BOUND: Final = 10**MAGNITUDE_MAX
_WHOLE_LEAST: Final = -_WHOLE_BOUND


def undefined() -> ExpressionFailure:
    """Return the failure of arithmetic with unlimited that has no answer."""
    return ExpressionFailure("undefined", "arithmetic with unlimited that has no answer")


def overflow() -> ExpressionFailure:
    """Return the failure of a number that is too large, or too small to tell from nothing."""
    return ExpressionFailure("overflow", "a number is beyond the bounds")


def division_by_zero() -> ExpressionFailure:
    """Return the failure of a division by zero."""
    return ExpressionFailure("division_by_zero", "division by zero")


def number(value: object) -> Number:
    """Return the value where it is a number, and fail where it is anything else."""
    if type(value) is int or type(value) is Decimal:
        return value
    raise wrong_kind(value, "a number")


def whole(value: object) -> int:
    """Return a number without a fraction as an int, and fail where it has one."""
    given = number(value)
    if isinstance(given, int):
        return given
    if not given.is_finite():
        raise undefined()
    if given != given.to_integral_value():
        raise ExpressionFailure("not_whole", "a fraction where a whole number is needed")
    return int(given)


def add(left: object, right: object) -> Number:
    """Return ``left + right``; unlimited plus anything is unlimited."""
    if type(left) is int and type(right) is int:
        result: int = left + right
        return result if _WHOLE_LEAST < result < _WHOLE_BOUND else _within(result)
    return _decimal(_ADD, left, right)


def subtract(left: object, right: object) -> Number:
    """Return ``left - right``; only a finite number can be taken from unlimited."""
    if type(left) is int and type(right) is int:
        result: int = left - right
        return result if _WHOLE_LEAST < result < _WHOLE_BOUND else _within(result)
    return _decimal(_SUBTRACT, left, right)


def multiply(left: object, right: object) -> Number:
    """Return ``left * right``; unlimited times a positive number is unlimited."""
    if type(left) is int and type(right) is int:
        result: int = left * right
        return result if _WHOLE_LEAST < result < _WHOLE_BOUND else _within(result)
    return _decimal(_MULTIPLY, left, right)


def divide(left: object, right: object) -> Decimal:
    """Return ``left / right``, always a decimal; a finite number by unlimited is 0."""
    dividend, divisor = number(left), number(right)
    if not divisor:
        raise division_by_zero()
    return _decimal(_CONTEXT.divide, dividend, divisor)


def floor_divide(left: object, right: object) -> int:
    """Return ``left // right`` of whole numbers, rounded towards minus infinity."""
    dividend, divisor = whole(left), whole(right)
    if not divisor:
        raise division_by_zero()
    return dividend // divisor


def modulo(left: object, right: object) -> int:
    """Return what ``left // right`` leaves of whole numbers; it has the sign of ``right``."""
    dividend, divisor = whole(left), whole(right)
    if not divisor:
        raise division_by_zero()
    return dividend % divisor


def power(base: object, exponent: object) -> Number:
    """Return ``base ** exponent`` within the bounds of a result; ``x ** 0`` is 1."""
    of, by = number(base), whole(exponent)
    if abs(by) > POWER_MAX:
        raise overflow()
    if not _is_finite(of):
        if by <= 0:
            raise undefined()
        return of
    if by == 0:
        return 1 if isinstance(of, int) else Decimal(1)
    if by < 0 and not of:
        raise division_by_zero()
    if isinstance(of, int) and by > 0:
        return _whole_power(of, by)
    return _decimal_power(of, by)


def _whole_power(of: int, by: int) -> int:
    if (abs(of).bit_length() - 1) * by > INTEGER_MAX.bit_length():
        raise overflow()
    result: int = of**by
    if abs(result) > INTEGER_MAX:
        raise overflow()
    return result


def _decimal_power(of: Number, by: int) -> Number:
    result = _decimal(_CONTEXT.power, of, by)
    if of and not result:
        raise overflow()
    return within_bounds(result)


def negate(value: object) -> Number:
    """Return ``-value``; there is no negative unlimited."""
    given = number(value)
    if isinstance(given, int):
        return -given
    if not given.is_finite():
        raise undefined()
    return given.copy_negate() if given else given


def absolute(value: object) -> Number:
    """Return the number without its sign."""
    given = number(value)
    return abs(given) if isinstance(given, int) else given.copy_abs()


def rounded(value: object, digits: object = 0) -> Number:
    """Return the number at so many digits behind the point, halves away from zero.

    At 0 digits or fewer the result is whole, and an int. Unlimited stays unlimited.
    """
    given, places = number(value), whole(digits)
    if abs(places) > EXPONENT_MAX:
        raise overflow()
    if not _is_finite(given) or (isinstance(given, int) and places >= 0):
        return given
    step = Decimal((0, (1,), -places))
    result = Decimal(given).quantize(step, ROUND_HALF_UP, _EXACT)
    return _CONTEXT.plus(result) if places > 0 else _within(int(result))


def floor(value: object) -> Number:
    """Return the greatest whole number that is not above; unlimited stays unlimited."""
    return _to_whole(number(value), ROUND_FLOOR)


def ceil(value: object) -> Number:
    """Return the least whole number that is not below; unlimited stays unlimited."""
    return _to_whole(number(value), ROUND_CEILING)


def within_bounds(value: Number) -> Number:
    """Return a number that may stand in facts or in what is emitted, and fail for any other."""
    if isinstance(value, int):
        if INTEGER_MIN <= value <= INTEGER_MAX:
            return value
        raise overflow()
    if value and value.is_finite() and abs(value.adjusted()) > EXPONENT_MAX:
        raise overflow()
    return value


def plain_text(value: Number) -> str:
    """Return all digits of a number in plain notation, equal numbers alike."""
    if not value:
        return "0"
    if isinstance(value, int):
        return str(value)
    return f"{_EXACT.normalize(value):f}" if value.is_finite() else UNLIMITED_TEXT


def rounded_to(value: Decimal, digits: int) -> Decimal:
    """Return a finite number with so many significant digits; whole digits are never cut."""
    places = max(0, digits - 1 - value.adjusted())
    if not value or places >= -int(value.as_tuple().exponent):
        return value
    return value.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, _EXACT)


def _within(value: int) -> int:
    if _WHOLE_LEAST < value < _WHOLE_BOUND:
        return value
    raise overflow()


def _is_finite(value: Number) -> bool:
    return isinstance(value, int) or value.is_finite()


def _to_whole(value: Number, rounding: str) -> Number:
    if isinstance(value, int) or not value.is_finite():
        return value
    return int(value.to_integral_value(rounding))


def _decimal(operation: Callable[[Any, Any], Decimal], left: object, right: object) -> Decimal:
    if type(left) not in _NUMBERS or type(right) not in _NUMBERS:
        number(left)
        number(right)
    try:
        result = operation(left, right)
    except Overflow:
        failure = overflow()
    except InvalidOperation:
        failure = undefined()
    else:
        if not result.is_infinite() or result > 0:
            return result
        failure = undefined()
    raise failure
