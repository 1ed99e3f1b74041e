"""Frozen lists and mappings: they read as the plain ones, and nothing can change them."""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeVar

DEPTH_MAX = 64
"""How deep lists and mappings may be nested in a field that takes any plain data."""

_Item = TypeVar("_Item")
_Key = TypeVar("_Key")
_SCALARS: Final = (
    str, int, float, Decimal, bool, type(None), bytes,
    dt.date, dt.datetime, dt.time, dt.timedelta, uuid.UUID, enum.Enum,
)  # fmt: skip


def _refuse(*_: object, **__: object) -> NoReturn:
    message = "facts and profiles are frozen: make a new list or mapping instead"
    raise TypeError(message)


class FrozenList(list[_Item]):
    """A list that refuses every change."""

    __slots__ = ()

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[list[_Item]]]:
        """Copy and pickle through a plain list."""
        return type(self), (list(self),)


class FrozenDict(dict[_Key, _Item]):
    """A mapping that refuses every change."""

    __slots__ = ()

    clear = pop = popitem = setdefault = update = _refuse
    __setitem__ = __delitem__ = __ior__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[_Key, _Item]]]:
        """Copy and pickle through a plain dictionary."""
        return type(self), (dict(self),)


def freeze(value: object, depth: int = DEPTH_MAX) -> Any:  # noqa: ANN401 -- the frozen twin of any value
    """Return a frozen copy of plain data.

    Raises:
        ValueError: The value holds NaN or something that is not plain data, or is nested too
            deeply.
    """
    if isinstance(value, _SCALARS):
        if value != value:  # noqa: PLR0124 -- only NaN differs from itself
            message = "must not be NaN"
            raise ValueError(message)
        return value
    if depth == 0:
        message = f"must not be nested more than {DEPTH_MAX} levels deep"
        raise ValueError(message)
    if isinstance(value, Mapping):
        return FrozenDict((key, freeze(item, depth - 1)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return FrozenList(_frozen_items(value, depth))
    if isinstance(value, (set, frozenset)):
        return frozenset(_frozen_items(value, depth))
    message = "must be plain data: text, numbers, dates, lists and mappings"
    raise ValueError(message)


def _frozen_items(values: Iterable[object], depth: int) -> Iterable[Any]:
    return (freeze(value, depth - 1) for value in values)
