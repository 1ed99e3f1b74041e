"""Exact numbers: what is read as a whole number or a decimal, and what JSON shows of it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Final

from pydantic_core import core_schema

FROM_JSON: Final = "criterion_from_json"
"""Key of the validation context that says: these values were JSON, so a number may be text."""

UNLIMITED_TEXT: Final = "unlimited"
"""How JSON shows a quantity without a limit."""

DIGITS_MAX: Final = 34
"""How many digits a decimal has in facts and in expressions; results of arithmetic are rounded."""

INTEGER_MAX: Final = 2**63 - 1
"""Greatest whole number in facts, in literals and in what is emitted; the least is minus this."""

EXPONENT_MAX: Final = 40
"""Largest power of ten of a decimal in facts, in literals and in what is emitted, either way."""

_NUMERIC_TEXT: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?", re.ASCII)


def whole_number(value: object, _: core_schema.ValidationInfo) -> object:
    """Return a whole float or decimal as an int, anything else unchanged."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() <= EXPONENT_MAX:
        return int(value) if value == value.to_integral_value() else value
    return value


def exact_number(value: object, info: core_schema.ValidationInfo) -> object:
    """Return a number as the decimal it prints as; text only where it comes from JSON."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, str) and _from_json(info) and _NUMERIC_TEXT.fullmatch(value):
        return Decimal(value)
    return value


def _from_json(info: core_schema.ValidationInfo) -> bool:
    in_context = isinstance(info.context, Mapping) and info.context.get(FROM_JSON) is True
    return info.mode == "json" or in_context


def json_number(value: int | Decimal) -> int | float | str:
    """Return the number that JSON shows: text only where a float would lose digits."""
    if isinstance(value, int):
        return value
    if value.is_infinite():
        return UNLIMITED_TEXT
    if value == value.to_integral_value() and value.adjusted() <= EXPONENT_MAX:
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


def is_finite(value: float | Decimal) -> bool:
    """Whether the number is neither infinite nor NaN, signalling or not."""
    return value.is_finite() if isinstance(value, Decimal) else isfinite(value)


def json_data(value: object) -> object:
    """Return plain data with its numbers as JSON shows them."""
    if isinstance(value, dict):
        return {key: json_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [json_data(item) for item in value]
    if isinstance(value, float) and value == float("inf"):
        return UNLIMITED_TEXT
    return json_number(value) if isinstance(value, Decimal) else value
