"""Weights: about how many bytes of memory a value holds, so that a queue of values has a bound."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from criterion.light import Light
from criterion.views import CACHED_SCHEMAS_MAX

PART_BYTES: Final = 64
"""What each part of a value weighs besides its text: a number, or the frame of a list."""

PARTS_MAX: Final = 1_000_000
"""How many parts of a value are weighed; a value may hold itself."""

_SMALL: Final = frozenset({int, bool, float, Decimal, type(None)})
"""The types of parts that hold nothing else."""

_LISTS: Final = (list, tuple, set, frozenset)
_TEXTS: Final = (str, bytes, bytearray)


@lru_cache(CACHED_SCHEMAS_MAX)
def _is_instance(kind: type) -> bool:
    return issubclass(kind, Light | BaseModel)


def weight_of(value: object) -> int:
    """Return about how many bytes a value holds with all that is in it."""
    if _is_instance(type(value)):  # type: ignore[arg-type] # mypy takes no type for hashable
        weight = _flat_weight(value.__dict__)
        if weight is not None:
            return weight
    return _weight_of_parts(value)


def _flat_weight(members: Mapping[str, object]) -> int | None:
    """Return the weight of an instance whose members hold nothing else; most are so."""
    weight = PART_BYTES + PART_BYTES * len(members)
    for part in members.values():
        kind = type(part)
        if kind is str:
            weight += len(part)  # type: ignore[arg-type] # which it is
        elif kind not in _SMALL:
            return None
    return weight


def _weight_of_parts(value: object) -> int:
    parts: list[Any] = [value]
    weight = 0
    for part in parts:  # which grows meanwhile
        kind = type(part)
        if kind is str:
            weight += len(part)
        elif kind not in _SMALL and len(parts) < PARTS_MAX:
            weight += _open(part, parts)
    return weight + PART_BYTES * len(parts)


def _open(value: Any, parts: list[Any]) -> int:  # noqa: ANN401 -- of any type
    """Add what a value is made of to the parts; return what it holds besides."""
    kind = type(value)
    if _is_instance(kind):  # type: ignore[arg-type] # the same
        parts += value.__dict__.values()
    elif issubclass(kind, dict):
        parts += value.values()
        parts += value
    elif issubclass(kind, _LISTS):
        parts += value
    elif issubclass(kind, _TEXTS):
        return len(value)
    return 0
