"""Units: amounts and durations as policies and callers write them, read exactly or refused.

Source:
    Policy specification, sections 1.1 and 1.2.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from criterion.exact import EXPONENT_MAX
from criterion.policy.amounts import DIGITS_MAX, Amount, over, tidy
from criterion.policy.unit_table import UNITS, Unit
from criterion.text import code, did_you_mean

TEXT_LENGTH_MAX: Final = 100
"""Longest text that is read as an amount, in characters."""

INTEGER_BOUND: Final = 2**63
"""Whole amounts lie strictly between minus this and this."""

_WRITTEN: Final = re.compile(
    r"(?P<number>[-+]?(?:[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?)"
    r"[ ]?(?P<unit>[A-Za-zµ]+)?",
    re.ASCII,
)
_HOW: Final = "write a number, or one with a unit: `10GB`"
_MILLISECONDS: Final = UNITS["ms"]


class Misfit(NamedTuple):
    """Why something is no amount, or none of the wanted unit; a value, never raised.

    Attributes:
        message: What is wrong.
        hint: What to write instead, or ``None``.
        at: Where in a text, in characters from 0.
    """

    message: str
    hint: str | None = None
    at: int = 0


def read_amount(value: object, unit: Unit) -> Amount | Misfit:
    """Return an amount in the given unit.

    Args:
        value: A number, which is in that unit already; or text such as ``"10GB"``, which is
            converted exactly. A float counts as the decimal that it prints as.
        unit: The unit of the credit.

    Returns:
        A finite amount, whole ones as int; or what is wrong with the value.

    Raises:
        TypeError: It is neither number nor text.
    """
    if type(value) is int and -INTEGER_BOUND < value < INTEGER_BOUND:
        return value
    found = _text_amount(value, unit) if isinstance(value, str) else _number(value)
    if unit.dimension == "whole" and isinstance(found, Decimal):
        return Misfit(f"{code(str(value))} is not whole", "this credit is counted in whole units")
    return found


def read_duration(value: object) -> int | Misfit:
    """Return a duration in whole milliseconds: a number is ms, ``"30days"`` is converted.

    Raises:
        TypeError: It is neither number nor text.
    """
    found = read_amount(value, _MILLISECONDS)
    if isinstance(found, Misfit) and found.hint == _HOW:
        hint = "write milliseconds, or text with a unit of time: `30days`"
        return Misfit(f"{code(str(value))} is not a duration", hint)
    if isinstance(found, Decimal):
        return Misfit(f"{code(str(value))} is not a whole number of milliseconds")
    return found


def unit_meant(name: str) -> str | None:
    """Return a hint that names the nearest unit: first the one of other letters' case."""
    for known in UNITS:
        if known.lower() == name.lower():
            return f"did you mean {code(known)}?"
    return did_you_mean(name, UNITS)


def convert(amount: Amount, unit: Unit, target: Unit) -> Amount:
    """Return an amount of one unit in another one of the same dimension."""
    exact = (Fraction(amount) * unit.factor + unit.zero - target.zero) / target.factor
    return over(exact.numerator, exact.denominator)


def _number(value: object) -> Amount | Misfit:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        message = f"an amount is a number or a text, not {value!r:.100}"
        raise TypeError(message)
    number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    return _bounded(number, str(number if isinstance(value, int) else value))  # any digits


def _bounded(number: Decimal, shown: str) -> Amount | Misfit:
    if not number.is_finite():
        return Misfit(f"{code(shown)} is not a finite amount")
    amount = tidy(number)
    if isinstance(amount, int):
        is_bounded = -INTEGER_BOUND < amount < INTEGER_BOUND
    else:
        digits = len(number.as_tuple().digits)
        is_bounded = digits <= DIGITS_MAX and abs(number.adjusted()) <= EXPONENT_MAX
    return amount if is_bounded else Misfit(f"{code(shown)} is beyond the bounds of amounts")


def _text_amount(text: str, unit: Unit) -> Amount | Misfit:
    found = _WRITTEN.fullmatch(text) if len(text) <= TEXT_LENGTH_MAX else None
    if found is None:
        return Misfit(f"{code(text)} is not an amount", _HOW)
    number = _bounded(Decimal(found["number"].replace("_", "")), text)
    if isinstance(number, Misfit) or found["unit"] is None:
        return number
    given = UNITS.get(found["unit"])
    if given is None or given.dimension in {"none", "whole"}:
        message = f"{code(found['unit'])} is not a unit"
        return Misfit(message, unit_meant(found["unit"]))
    if given.dimension == unit.dimension:
        converted = convert(number, given, unit)
        return _bounded(Decimal(converted), text)
    return _wrong_dimension(text, given, unit)


def _wrong_dimension(text: str, given: Unit, unit: Unit) -> Misfit:
    if unit.dimension in {"none", "whole"}:
        hint = "write a number without a unit, or give the credit `units`"
        return Misfit(f"{code(text)} has a unit, and what is counted here has none", hint)
    message = f"{code(text)} is {given.dimension}, and what is counted here is {unit.dimension}"
    return Misfit(message, f"write it in {code(unit.name)}, or in a unit that converts into it")
