"""Trying: facts of a domain, one after the other, each with values that matter."""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from criterion.analysis.axis import axis_of
from criterion.analysis.domain import Domain
from criterion.analysis.leaves import Leaf
from criterion.analysis.text_fit import taking
from criterion.quantity import UNLIMITED

VALUES_MAX: Final = 40
"""How many values of one field are tried."""

_STRIDE: Final = 7_919
_MIXER: Final = 2_654_435_761
_MASK: Final = 2**64 - 1


def facts_of(domain: Domain, pool: tuple[Any, ...], count: int) -> Iterator[dict[str, Any]]:
    """Yield facts of a closed mapping, the same ones every time.

    Args:
        domain: What the facts are.
        pool: Values where an answer may turn, such as those of a profile.
        count: How many to yield.
    """
    choices = {name: _values(part, pool) for name, part in (domain.fields or {}).items()}
    for number in range(count):
        state = number * _STRIDE + 1
        facts = {}
        for name, values in choices.items():
            state = (state * _MIXER + 12_345) & _MASK
            facts[name] = values[(state >> 24) % len(values)] if number else values[0]
        yield facts


def _values(domain: Domain, pool: tuple[Any, ...]) -> list[Any]:
    """Return a few values of a domain, at least one."""
    found = list(islice(_of(domain, pool), VALUES_MAX))
    return [*found, None] if domain.nullable or not found else found


def _of(domain: Domain, pool: tuple[Any, ...]) -> Iterator[Any]:
    if domain.choices is not None:
        yield from domain.choices
    elif domain.kind == "boolean":
        yield from (False, True)
    elif domain.kind == "text":
        takes = taking(domain)
        texts = [*(each for each in pool if isinstance(each, str)), "a", "b", "00000"]
        yield from (each for each in texts if takes(each))
    elif domain.kind == "list":
        yield from _lists(domain, pool)
    elif domain.kind == "mapping":
        yield from _mappings(domain, pool)
    else:
        yield from _ordered(domain, pool)


def _ordered(domain: Domain, pool: tuple[Any, ...]) -> Iterator[Any]:
    if domain.kind == "quantity":
        yield UNLIMITED
    start = _STARTS.get(domain.kind)
    axis = axis_of(Leaf(("input",), domain, start), pool) if start is not None else None
    if axis is None:
        return
    least = axis.origin if axis.least is None else axis.least
    far = [2**power for power in range(0, 16, 2)]
    near = [each + shift for each in axis.pool for shift in (0, -1, 1)]
    for step in (least, least + 1, *near, *(least + each for each in far), axis.most):
        is_high = axis.most is not None and step is not None and step > axis.most
        if step is not None and not is_high and (axis.least is None or step >= axis.least):
            yield axis.value_of(step)


def _lists(domain: Domain, pool: tuple[Any, ...]) -> Iterator[Any]:
    items = _values(domain.item or Domain(kind="any"), pool)
    most = 3 if domain.length_max is None else min(domain.length_max, domain.length_min + 3)
    for length in range(domain.length_min, max(most, domain.length_min) + 1):
        for start in range(0, len(items), 5):
            yield [items[(start + place) % len(items)] for place in range(length)]


def _mappings(domain: Domain, pool: tuple[Any, ...]) -> Iterator[Any]:
    if domain.fields is not None:
        yield from facts_of(domain, pool, VALUES_MAX)
        return
    items = _values(domain.item or Domain(kind="any"), pool)
    keys = domain.key_choices or tuple(each for each in pool if isinstance(each, str))[:5] or ("a",)
    certain = dict.fromkeys(sorted(domain.keys), items[0])
    yield certain
    for place, item in enumerate(items):
        yield {**certain, keys[place % len(keys)]: item}


_STARTS: Final[Mapping[str, Any]] = {
    "integer": 0,
    "number": 0,
    "quantity": 0,
    "date": dt.date(2026, 1, 31),
    "datetime": dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC),
}
