"""Fits: whether plain data is of the type that rules were checked against.

Validation says so of every schema but one: an author's validator may make anything of a value.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from criterion.expression.types import Kind, Type


class Misfit(NamedTuple):
    """A value that is not of its type.

    Attributes:
        path: Keys and positions that lead to it.
        type: What it should be.
        value: What it is.
    """

    path: tuple[str | int, ...]
    type: Type
    value: Any


def misfits(value: Any, given: Type, path: tuple[str | int, ...] = ()) -> Iterator[Misfit]:  # noqa: ANN401
    """Yield the places of plain data where it is not what a type says."""
    if value is None:
        if not given.nullable:
            yield Misfit(path, given, value)
    elif given.kind != "any" and not (_IS[given.kind](value) and _is_within(value, given)):
        yield Misfit(path, given, value)
    elif given.fields is not None:
        for name, part in given.fields:
            if name in value:
                yield from misfits(value[name], part, (*path, name))
    elif given.item is not None:
        parts = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, part in parts:
            yield from misfits(part, given.item, (*path, key))


def _is_within(value: Any, given: Type) -> bool:  # noqa: ANN401 -- of the right kind
    if given.choices is not None and value not in given.choices:
        return False
    is_below = given.minimum is not None and value < given.minimum
    return not is_below and (given.maximum is None or value <= given.maximum)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, Decimal) and value.is_finite())


def _is_of(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


_IS: Final[Mapping[Kind, Callable[[object], bool]]] = MappingProxyType(
    {
        "integer": _is_whole,
        "number": _is_finite,
        "quantity": lambda value: _is_whole(value) or isinstance(value, Decimal),
        "boolean": _is_of(bool),
        "text": _is_of(str),
        "date": lambda value: isinstance(value, dt.date) and not isinstance(value, dt.datetime),
        "datetime": _is_of(dt.datetime),
        "list": _is_of(list),
        "mapping": _is_of(Mapping),
        "null": lambda _: False,
    }
)
