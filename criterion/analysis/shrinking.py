"""Shrinking: the simplest data that still shows something, whatever data showed it first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from criterion.analysis.axis import axis_of
from criterion.analysis.domain import Domain
from criterion.analysis.leaves import Leaf, Path, changed, leaves_of

TRIES_MAX: Final = 1_000
"""How much simpler data is tried in the place of an example."""

_HALVINGS_MAX: Final = 64


def smallest(domain: Domain, value: Any, shows: Callable[[Any], bool]) -> Any:  # noqa: ANN401 -- plain data
    """Return data of which nothing can be left out or made simpler alone, and that still shows it.

    Args:
        domain: What the data is.
        value: Data that shows it.
        shows: Whether other data does, too.
    """
    tries = 0
    settled = False
    while not settled:
        settled = True
        for path, simpler in [*_shorter(domain, value, ()), *_plainer(domain, value)]:
            for part in simpler:
                tries += 1
                if tries > TRIES_MAX:
                    return value
                candidate = changed(value, path, part)
                if shows(candidate):
                    value, settled = candidate, False
                    break
            if not settled and isinstance(part, dict | list):
                break  # places in it are others now
    return value


def _shorter(domain: Domain, value: object, path: Path) -> Iterator[tuple[Path, Iterator[Any]]]:
    """Yield the lists and open mappings, each with what it is without one of its parts."""
    if isinstance(value, Mapping):
        if domain.fields is None and len(value) > domain.length_min:
            yield path, (_without(value, key) for key in value if key not in domain.keys)
        for key, part in value.items():
            inner = domain.item if domain.fields is None else domain.fields.get(key)
            if inner is not None:
                yield from _shorter(inner, part, (*path, key))
    elif isinstance(value, list | tuple):
        if len(value) > domain.length_min:
            places = range(len(value))
            yield path, ([*value[:place], *value[place + 1 :]] for place in places)
        for place, part in enumerate(value):
            if domain.item is not None:
                yield from _shorter(domain.item, part, (*path, place))


def _without(value: Mapping[str, Any], gone: str) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key != gone}


def _plainer(domain: Domain, value: object) -> Iterator[tuple[Path, Iterator[Any]]]:
    """Yield the scalars, each with simpler values, the simplest first."""
    for leaf in leaves_of(domain, value, ()):
        yield leaf.path, _simpler(leaf)


def _simpler(leaf: Leaf) -> Iterator[Any]:
    domain, value = leaf.domain, leaf.value
    if value is None:
        return
    if domain.nullable:
        yield None
    if domain.choices is not None:
        yield from domain.choices[: domain.choices.index(value) if value in domain.choices else 0]
    elif domain.kind == "boolean" and value is True:
        yield False
    else:
        yield from _nearer(leaf)


def _nearer(leaf: Leaf) -> Iterator[Any]:
    """Yield the values of an ordered leaf that are nearer to zero, the nearest first."""
    axis = axis_of(leaf, ())
    if axis is None:
        return
    zero = max(axis.least or 0, 0) if axis.most is None else min(max(axis.least or 0, 0), axis.most)
    gap = axis.origin - zero
    steps = [zero, *(zero + gap - (gap >> power) for power in range(1, _HALVINGS_MAX))]
    for step in dict.fromkeys(steps):
        if axis.value_of(step) != leaf.value and (axis.least is None or step >= axis.least):
            yield axis.value_of(step)
