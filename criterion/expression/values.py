"""Values: the plain data that expressions work on, told apart by kind."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from criterion.expression.failure import ExpressionFailure, wrong_kind
from criterion.expression.numbers import number, plain_text, within_bounds
from criterion.frozen import FrozenDict, FrozenList
from criterion.json_text import instant as instant_text

TEXT_LENGTH_MAX: Final = 10_000
"""Longest text that an expression may put together, in characters."""

PLAIN: Final = frozenset(
    {str, int, Decimal, bool, type(None), dt.date, dt.datetime, list, dict, FrozenList, FrozenDict}
)
"""The types of everything that an expression may meet or make."""

CONTAINERS: Final = frozenset({list, dict, FrozenList, FrozenDict})
"""Those of them that hold others."""

_NUMBERS: Final = frozenset({int, Decimal})
_ORDERED: Final[dict[type, str]] = {
    int: "number", Decimal: "number", dt.date: "date", dt.datetime: "instant",
}  # fmt: skip


def text(value: object) -> str:
    """Return the value where it is a text, and fail where it is anything else."""
    if isinstance(value, str):
        return value
    raise wrong_kind(value, "a text")


def truth(value: object) -> bool:
    """Return the value where it is true or false, and fail where it is anything else."""
    if value is True or value is False:
        return value
    raise wrong_kind(value, "true or false")


def items(value: object) -> list[Any]:
    """Return the value where it is a list, and fail where it is anything else."""
    if isinstance(value, list):
        return value
    raise wrong_kind(value, "a list")


def scalar_key(value: object) -> str | int:
    """Return the value where it can be a key of a mapping, and fail where it cannot."""
    if type(value) is str or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return value
    raise wrong_kind(value, "a key")


def order_of(value: object) -> str:
    """Return which of the kinds that have an order a value is of, and fail where it has none."""
    kind = _ORDERED.get(type(value))
    if kind is None:
        raise wrong_kind(value, "a number or a date")
    return kind


def require_order(left: object, right: object) -> None:
    """Fail where two values are not both numbers, both dates or both instants."""
    kind = _ORDERED.get(type(left))
    if kind is None or _ORDERED.get(type(right)) is not kind:
        kind = order_of(left)
        order_of(right)
        raise wrong_kind(right, f"a {kind}")


def bounded(value: str) -> str:
    """Return a text that was put together, and fail where it is too long."""
    if len(value) <= TEXT_LENGTH_MAX:
        return value
    raise ExpressionFailure("text_too_long", "a text is longer than an expression may make it")


def shown(value: object) -> str:
    """Return a value as it prints inside a text."""
    if isinstance(value, str):
        return value
    if type(value) in _NUMBERS:
        return plain_text(number(value))
    if isinstance(value, list):
        return bounded(", ".join(shown(item) for item in value[: TEXT_LENGTH_MAX + 1]))
    if isinstance(value, dict):
        return bounded(", ".join(f"{shown(key)}: {shown(item)}" for key, item in value.items()))
    return instant_text(value) if isinstance(value, dt.datetime) else _word(value)


def _word(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None:
        return "none"
    return "true" if truth(value) else "false"


def emitted(value: object) -> Any:  # noqa: ANN401 -- any plain data
    """Return a value that may be emitted: frozen, every number in it within the bounds."""
    if type(value) in _NUMBERS:
        return within_bounds(number(value))
    if isinstance(value, list):
        return FrozenList(map(emitted, value))
    if isinstance(value, dict):
        return FrozenDict((key, emitted(item)) for key, item in value.items())
    return value
