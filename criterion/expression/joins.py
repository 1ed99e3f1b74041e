"""Joins: the type of a value that comes from one of several places."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from typing import Final

from criterion.expression.types import NUMERIC, Kind, Type

Choice = str | int | Decimal | bool

CHOICES_MAX: Final = 1_000
"""How many values a type remembers as its only ones."""

_WIDTH: Final[dict[Kind, int]] = {"integer": 0, "number": 1, "quantity": 2}


def joined(types: Iterable[Type]) -> Type | None:
    """Return the type of a value that is of one of these types, ``None`` of no types."""
    return reduce(either, types, None)


def either(left: Type | None, right: Type) -> Type:
    """Return the type of a value that is of one type or of the other."""
    if left is None or left == right:
        return right
    nullable = left.nullable or right.nullable
    redacted = left.is_redacted or right.is_redacted
    if "null" in {left.kind, right.kind}:
        given = right if left.kind == "null" else left
        return given._replace(nullable=True, is_redacted=redacted)
    made = _same(left, right)
    return made._replace(nullable=nullable, is_redacted=redacted)


def widest(types: Iterable[Type]) -> Type:
    """Return the type of a number that is made of numbers, without their bounds."""
    kinds = [given.kind for given in types]
    return Type(kind=max(kinds, key=lambda kind: _WIDTH[kind]))


def _same(left: Type, right: Type) -> Type:
    if {left.kind, right.kind} <= NUMERIC:
        bounds = [(left.minimum, right.minimum), (left.maximum, right.maximum)]
        least, most = (None if None in pair else pair for pair in bounds)
        return widest((left, right))._replace(
            choices=_choices(left, right),
            minimum=None if least is None else min(least),  # type: ignore[type-var] # no None in it
            maximum=None if most is None else max(most),  # type: ignore[type-var] # no None in it
        )
    if left.kind != right.kind:
        return Type(kind="any")
    if left.kind == "list":
        return Type(kind="list", item=_item(left, right))
    if left.kind == "mapping":
        return _mapping(left, right)
    return Type(kind=left.kind, choices=_choices(left, right))


def _choices(left: Type, right: Type) -> tuple[Choice, ...] | None:
    if left.choices is None or right.choices is None:
        return None
    union = tuple(dict.fromkeys((*left.choices, *right.choices)))
    return union if len(union) <= CHOICES_MAX else None


def _item(left: Type, right: Type) -> Type | None:
    if left.item is None or right.item is None:
        return left.item or right.item
    return either(left.item, right.item)


def _mapping(left: Type, right: Type) -> Type:
    names = [[name for name, _ in given.fields or ()] for given in (left, right)]
    if left.fields is not None and right.fields is not None and set(names[0]) == set(names[1]):
        others = dict(right.fields)
        fields = tuple((name, either(given, others[name])) for name, given in left.fields)
        return Type(kind="mapping", fields=fields)
    item = joined(given for part in (left, right) if (given := item_of(part)) is not None)
    return Type(kind="mapping", item=item or Type(kind="any"))


def item_of(given: Type) -> Type | None:
    """Return the type of any one value in a list or a mapping, ``None`` where it is empty."""
    if given.fields is not None:
        return joined(part for _, part in given.fields)
    return given.item
