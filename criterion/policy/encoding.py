"""Encoding: state as compact JSON, for stores that keep it outside of this process.

Plain data stands as it is. Everything else is a list that begins with a tag: a record is its tag
and its members in their order, without those at the end that have their defaults. So a member may
be added behind the others, and texts written before read as they were meant.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from criterion.errors import StoreError
from criterion.frozen import FrozenDict, FrozenList
from criterion.json_text import json_text
from criterion.policy import plan, state
from criterion.policy.command import Command, HoldTerms
from criterion.policy.credit import Price
from criterion.policy.schedule import Calendar, Every, Monthly, NthWeekday, Weekly
from criterion.policy.schedule_text import read_schedule
from criterion.quantity import UNLIMITED
from criterion.text import code


class Packed(NamedTuple):
    """What something said of itself by its method ``packed``; who made it knows what it means."""

    data: Any


def encoded(value: object) -> str:
    """Return a value as JSON text, all in ASCII.

    Raises:
        TypeError: It is neither plain data nor state.
    """
    return json_text(packed(value))


def decoded(text: str) -> Any:  # noqa: ANN401 -- whatever was encoded
    """Return what a text of `encoded` says; equal to what was given, and frozen.

    Raises:
        StoreError: The text is damaged, or a newer version has written it.
    """
    try:
        return unpacked(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise StoreError(f"a row cannot be read: {type(error).__name__}") from None


def packed(value: object) -> Any:  # noqa: ANN401 -- plain data of any shape
    """Return a value as plain JSON data.

    What has a method ``packed`` is kept as what that returns, and read back as `Packed`.

    Raises:
        TypeError: It is neither plain data nor state.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    pack = _PACKERS.get(kind)
    if pack is not None:
        return pack(value)
    own: Callable[[Any], object] | None = getattr(kind, "packed", None)
    if own is not None:
        return ["A", packed(own(value))]
    for base, pack in _BASES:
        if isinstance(value, base):
            return pack(value)
    message = f"{code(kind.__name__)} is nothing that a store keeps: keep plain data"
    raise TypeError(message)


def unpacked(data: Any) -> Any:  # noqa: ANN401 -- plain data of any shape
    """Return what packed data stands for."""
    if type(data) is list:
        return _UNPACKERS[data[0]](data)
    if type(data) is dict:
        return FrozenDict(zip(data, map(unpacked, data.values()), strict=True))
    return data


_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
_TEXTS: Final = frozenset({str})


class _Record(NamedTuple):
    """How records of one class are kept.

    Attributes:
        tag: What stands before their members.
        kind: The class.
        names: Their members, in order.
        defaults: The last members' defaults, in order.
    """

    tag: str
    kind: type
    names: tuple[str, ...]
    defaults: tuple[object, ...]

    def pack(self, value: Any) -> list[Any]:  # noqa: ANN401 -- of the class
        """Return tag and members."""
        members = value if isinstance(value, tuple) else [getattr(value, n) for n in self.names]
        end, required = len(members), len(members) - len(self.defaults)
        while end > required and members[end - 1] == self.defaults[end - 1 - required]:
            end -= 1
        return [
            self.tag,
            *[each if type(each) in _AS_THEY_ARE else packed(each) for each in members[:end]],
        ]

    def unpack(self, data: list[Any]) -> Any:  # noqa: ANN401 -- of the class
        """Return the record."""
        members = map(unpacked, data[1:])
        if issubclass(self.kind, tuple):
            return self.kind(*members)
        return self.kind(**dict(zip(self.names, members, strict=False)))


def _record(tag: str, kind: type) -> _Record:
    if is_dataclass(kind):
        members = fields(kind)
        names = tuple(each.name for each in members)
        defaults = [
            each.default_factory() if each.default_factory is not MISSING else each.default
            for each in members
        ]
    else:
        names = kind._fields  # type: ignore[attr-defined] # a named tuple
        known = kind._field_defaults  # type: ignore[attr-defined] # the same
        defaults = [known.get(name, MISSING) for name in names]
    required = max((at + 1 for at, each in enumerate(defaults) if each is MISSING), default=0)
    return _Record(tag, kind, names, tuple(defaults[required:]))


def _schedule(data: list[Any]) -> Any:  # noqa: ANN401 -- a schedule
    found = read_schedule(data[1])
    if not isinstance(found, Calendar):
        raise ValueError(found.message)  # noqa: TRY004 -- what damaged text raises
    return found


def _mapping(value: Mapping[Any, object]) -> Any:  # noqa: ANN401 -- plain data
    if not _TEXTS.issuperset(map(type, value)):
        return ["m", *([packed(key), packed(each)] for key, each in value.items())]
    if _AS_THEY_ARE.issuperset(map(type, value.values())):
        return value if isinstance(value, dict) else dict(value)
    return {key: packed(each) for key, each in value.items()}


def _float(value: float) -> Any:  # noqa: ANN401 -- plain data
    return ["f", repr(value)] if value in _ENDLESS else value


_ENDLESS: Final = (float("inf"), float("-inf"))


def _items(tag: str) -> Callable[[Iterable[object]], list[Any]]:
    return lambda items: [tag, *map(packed, items)]


def _decimal(data: list[Any]) -> Decimal:
    found = Decimal(data[1])
    return UNLIMITED if found == UNLIMITED else found


_RECORDS: Final = tuple(
    _record(tag, kind)
    for tag, kind in {
        "C": state.Customer, "M": state.Meter, "G": state.Grant, "g": state.GrantTerms,
        "K": state.Cap, "k": state.CapTerms, "E": state.Estimate, "H": state.Hold,
        "h": state.CapHold, "c": state.Change, "x": state.Close, "L": plan.Limit,
        "R": plan.Refill, "v": plan.Governor, "P": plan.Plan, "N": plan.Entitlement,
        "O": plan.Topup, "p": Price, "e": Every, "?": Command, "w": HoldTerms, "A": Packed,
    }.items()
)  # fmt: skip
"""Everything that is kept as a record; tags are for ever."""

_BASES: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (Enum, lambda value: packed(value.value)),
    (Mapping, _mapping),
    (list, _items("l")),
    (tuple, _items("t")),
)
"""How kinds are kept that others are derived from."""

_PACKERS: Final[Mapping[type, Callable[[Any], Any]]] = MappingProxyType(
    {
        **{record.kind: record.pack for record in _RECORDS},
        **dict.fromkeys((dict, FrozenDict, MappingProxyType), _mapping),
        **dict.fromkeys((Monthly, Weekly, NthWeekday), lambda value: ["s", value.text]),
        Decimal: lambda value: ["d", str(value)],
        float: _float,
        tuple: _items("t"),
        list: _items("l"),
        FrozenList: _items("l"),
        frozenset: lambda value: ["u", *sorted(map(packed, value), key=json_text)],
        dt.datetime: lambda value: ["T", value.isoformat()],
        dt.date: lambda value: ["D", value.isoformat()],
        dt.time: lambda value: ["I", value.isoformat()],
        dt.timedelta: lambda value: ["i", value.days, value.seconds, value.microseconds],
        uuid.UUID: lambda value: ["U", value.hex],
        bytes: lambda value: ["b", value.hex()],
    }
)

_UNPACKERS: Final[Mapping[str, Callable[[list[Any]], Any]]] = MappingProxyType(
    {
        **{record.tag: record.unpack for record in _RECORDS},
        "s": _schedule,
        "d": _decimal,
        "f": lambda data: float(data[1]),
        "t": lambda data: tuple(map(unpacked, data[1:])),
        "l": lambda data: FrozenList(map(unpacked, data[1:])),
        "u": lambda data: frozenset(map(unpacked, data[1:])),
        "m": lambda data: FrozenDict((unpacked(key), unpacked(each)) for key, each in data[1:]),
        "T": lambda data: dt.datetime.fromisoformat(data[1]),
        "D": lambda data: dt.date.fromisoformat(data[1]),
        "I": lambda data: dt.time.fromisoformat(data[1]),
        "i": lambda data: dt.timedelta(*data[1:]),
        "U": lambda data: uuid.UUID(data[1]),
        "b": lambda data: bytes.fromhex(data[1]),
    }
)
