"""Frozen lists and mappings: they read as the plain ones, and nothing can change them."""

import datetime as dt
import enum
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isnan
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
        ValueError: The value holds NaN, minus infinity or something that is not plain data, or is
            nested too deeply.
    """
    if isinstance(value, _SCALARS):
        return _scalar(value)
    _require_depth(depth)
    if isinstance(value, Mapping):
        members = value.items()
        return FrozenDict((frozen_key(key), freeze(item, depth - 1)) for key, item in members)
    if isinstance(value, (list, tuple)):
        return FrozenList(freeze(item, depth - 1) for item in value)
    if isinstance(value, (set, frozenset)):
        return frozenset(frozen_key(item) for item in value)
    message = "must be plain data: text, numbers, dates, lists and mappings"
    raise ValueError(message)


def frozen_key(value: object, depth: int = DEPTH_MAX) -> Any:  # noqa: ANN401 -- a scalar or some of them
    """Return what may be a key of a mapping or a member of a set: a scalar, or a tuple of such.

    Raises:
        ValueError: The value is something else.
    """
    if isinstance(value, _SCALARS):
        return _scalar(value)
    _require_depth(depth)
    if isinstance(value, (tuple, frozenset)):
        kind = tuple if isinstance(value, tuple) else frozenset
        return kind(frozen_key(item, depth - 1) for item in value)
    message = "must have text, numbers or dates as its keys"
    raise ValueError(message)


def freeze_made(value: object, depth: int = DEPTH_MAX) -> Any:  # noqa: ANN401 -- whatever a validator returned
    """Return what a validator made of validated data, with the collections in it frozen.

    Raises:
        ValueError: It is nested too deeply.
    """
    if isinstance(value, (str, int, FrozenList, FrozenDict)):
        return value
    _require_depth(depth)
    if isinstance(value, dict):
        return FrozenDict((key, freeze_made(item, depth - 1)) for key, item in value.items())
    if isinstance(value, (list, deque)):
        return FrozenList(freeze_made(item, depth - 1) for item in value)
    if type(value) is tuple:
        return tuple(freeze_made(item, depth - 1) for item in value)
    return frozenset(value) if isinstance(value, set) else value


def _require_depth(depth: int) -> None:
    if depth == 0:
        message = f"must not be nested more than {DEPTH_MAX} levels deep"
        raise ValueError(message)


def _scalar(value: object) -> object:
    """Return a scalar as its plain type: a subclass might change, or answer as it likes."""
    if type(value) in _PLAINLY:  # most are
        return value
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, float | Decimal):
        number = Decimal(value) if isinstance(value, Decimal) else float(value)
        if number.is_nan() if isinstance(number, Decimal) else isnan(number):
            message = "must not be NaN"
            raise ValueError(message)
        if number == -_INFINITY:
            message = "must not be minus infinity"
            raise ValueError(message)
        return number
    for kind, plainly in _PLAINLY.items():
        if isinstance(value, kind):
            return value if type(value) in {kind, bool} else plainly(value)
    return value


_INFINITY: Final = float("inf")
_PLAINLY: Final[dict[type, Callable[[Any], object]]] = {
    str: str.__str__, int: int.__int__, bytes: bytes.__bytes__,
}  # fmt: skip
