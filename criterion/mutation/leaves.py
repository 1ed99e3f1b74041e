"""Leaves: the single values of facts, and facts with one of them changed."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final, TypeAlias

from criterion.expression.types import Type

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions, from the facts down to a value."""

LEAVES_MAX: Final = 60
"""How many values of one set of facts are changed."""

HUNDREDTH: Final = Decimal("0.01")
"""The step between decimals: facts are rarely finer."""


def leaves(facts: Mapping[str, Any]) -> dict[Path, Any]:
    """Return the first `LEAVES_MAX` values of facts, lists among them, by their paths."""
    return dict(islice(_leaves(facts, ()), LEAVES_MAX))


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 -- plain data
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
        return
    yield path, value
    if isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _leaves(part, (*path, index))


def with_leaf(facts: Any, path: Path, value: object) -> Any:  # noqa: ANN401 -- plain data
    """Return facts with another value at a path, in plain dictionaries and lists."""
    if not path:
        return value
    step, *rest = path
    if isinstance(facts, Mapping):
        return {**facts, step: with_leaf(facts[step], tuple(rest), value)}
    parts = list(facts)
    parts[int(step)] = with_leaf(parts[int(step)], tuple(rest), value)
    return parts


def type_at(given: Type | None, path: Path) -> Type | None:
    """Return the type of the value at a path, or ``None`` where it is not known."""
    for step in path:
        if given is None:
            return None
        given = given.field(str(step)) if given.fields is not None else given.item
    return given


def measure_of(value: object) -> Decimal | None:
    """Return where a value stands on a line, or ``None`` where there is none to stand on."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value) if Decimal(value).is_finite() else None
    if isinstance(value, datetime):
        return Decimal(str(value.timestamp()))
    return Decimal(value.toordinal()) if isinstance(value, date) else None


def near(value: object, target: Decimal) -> Iterator[object]:
    """Yield values like a given one: the nearest to a place on its line, and those beside it."""
    try:
        if isinstance(value, int):
            yield from (int(target) + step for step in (0, 1, -1))
        elif isinstance(value, Decimal):
            whole = target.quantize(HUNDREDTH)
            steps = (0, HUNDREDTH, -HUNDREDTH, 1, -1, HUNDREDTH / 2)
            yield from (_short(whole + step) for step in steps)
        elif isinstance(value, datetime):
            at = datetime.fromtimestamp(int(target), UTC)
            yield from (at + timedelta(seconds=step) for step in (0, 1, -1))
        elif isinstance(value, date):
            day = date.fromordinal(int(target))
            yield from (day + timedelta(days=step) for step in (0, 1, -1))
    except (ArithmeticError, InvalidOperation, OverflowError, ValueError, OSError):
        return  # no value of this kind stands there


def _short(number: Decimal) -> Decimal:
    """Return a number without the zeros behind its last digit."""
    whole = number.to_integral_value()
    return whole if number == whole else number
