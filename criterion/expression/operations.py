"""Operations: what the operators of the language do with values, alike in every reading."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from criterion.expression.failure import ExpressionFailure, too_much, wrong_kind
from criterion.expression.numbers import add, divide, within_bounds
from criterion.expression.values import bounded, order_of, require_order, scalar_key, text

STEPS_MAX: Final = 40_000
"""How much work one evaluation may do where the facts decide how much there is.

A loop pays for every item that it visits as many steps as its body has nodes; lists and mappings
that are compared or put into others pay for every part.
"""

CHARACTERS_PER_STEP: Final = 100
"""How much text a loop may go through or collect for the price of one step."""

BUCKETS: Final = 1_000_000
"""How many buckets there are; ten thousand to each percent."""


def equal(left: object, right: object) -> bool:
    """Whether two values are the same: numbers by value, lists and mappings part by part."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return left == right and (type(left) is bool) == (type(right) is bool)


def is_in(value: object, container: object) -> bool:
    """Whether a list holds an equal value, or a mapping has the key."""
    if isinstance(container, list):
        return any(equal(value, item) for item in container)
    if isinstance(container, dict):
        return scalar_key(value) in container
    raise wrong_kind(container, "a list or a mapping")


def at_key(base: object, index: object) -> Any:  # noqa: ANN401 -- any plain data
    """Return what stands under a key of a mapping, or at a position of a list, from 0."""
    if isinstance(base, dict):
        key = index if type(index) is str else scalar_key(index)  # most are
        if key in base:
            return base[key]
        raise ExpressionFailure("missing_key", "a mapping does not have the key")
    if isinstance(base, list):
        position = scalar_key(index)
        if isinstance(position, str):
            raise wrong_kind(position, "a position")
        if 0 <= position < len(base):
            return base[position]
        raise ExpressionFailure("missing_key", "a list does not have the position")
    raise wrong_kind(base, "a mapping or a list")


def less(left: Any, right: Any) -> bool:  # noqa: ANN401 -- numbers, dates or instants
    """Whether the left of two numbers, two dates or two instants is before the right."""
    require_order(left, right)
    return bool(left < right)


def less_or_equal(left: Any, right: Any) -> bool:  # noqa: ANN401 -- as above
    """Whether the left of two numbers, two dates or two instants is not behind the right."""
    require_order(left, right)
    return bool(left <= right)


def greater(left: Any, right: Any) -> bool:  # noqa: ANN401 -- as above
    """Whether the left of two numbers, two dates or two instants is behind the right."""
    require_order(left, right)
    return bool(left > right)


def greater_or_equal(left: Any, right: Any) -> bool:  # noqa: ANN401 -- as above
    """Whether the left of two numbers, two dates or two instants is not before the right."""
    require_order(left, right)
    return bool(left >= right)


def plus(left: object, right: object) -> Any:  # noqa: ANN401 -- a number or a text
    """Return the sum of two numbers, or two texts joined."""
    if isinstance(left, str):
        return bounded(left + text(right))
    return add(left, right)


def least(*values: object) -> Any:  # noqa: ANN401 -- a number or a date
    """Return the least of some numbers, of some dates or of some instants."""
    return _extreme(values, sign=1)


def greatest(*values: object) -> Any:  # noqa: ANN401 -- a number or a date
    """Return the greatest of some numbers, of some dates or of some instants."""
    return _extreme(values, sign=-1)


def _extreme(values: tuple[Any, ...], sign: int) -> object:
    """Return the first of the least, or of the greatest where the sign is negative."""
    if not values:
        raise ExpressionFailure("empty", "the least or greatest of nothing")
    before = less if sign > 0 else greater
    best = values[0]
    order_of(best)
    for value in values[1:]:
        if before(value, best):
            best = value
    return best


def total(values: Iterable[Any]) -> Any:  # noqa: ANN401 -- a number
    """Return the sum of numbers, within the bounds of a result; of nothing it is 0."""
    result: Any = 0
    for value in values:
        result = add(result, value)
    return within_bounds(result)


def how_many(values: Iterable[Any]) -> int:
    """Return how many values there are that are not ``false``."""
    return sum(map(is_counted, values))


def is_counted(value: object) -> bool:
    """Whether ``count`` counts a value: all but ``false``; null it cannot count."""
    if value is None:
        raise wrong_kind(value, "something to count")
    return value is not False


def spend(state: list[Any], steps: int) -> None:
    """Pay for work before it is done, out of the steps left, which are first in the state."""
    state[0] -= steps
    if state[0] < 0:
        raise too_much()


def traversed(state: list[Any], value: Any) -> Any:  # noqa: ANN401 -- any plain data
    """Return what has to be gone through; a list or mapping costs a step for every part."""
    if isinstance(value, list | dict):
        spend(state, len(value))
        for part in value if isinstance(value, list) else value.values():
            if isinstance(part, list | dict):
                traversed(state, part)
    return value


def searched(state: list[Any], value: Any) -> Any:  # noqa: ANN401 -- any plain data
    """Return what is searched in a loop; a mapping has an index, a list has to be gone through."""
    return traversed(state, value) if isinstance(value, list) else value


def scanned(state: list[Any], value: Any) -> Any:  # noqa: ANN401 -- any plain data
    """Return what a function reads in a loop; a text costs by its length."""
    if isinstance(value, str):
        spend(state, len(value) // CHARACTERS_PER_STEP)
    return value


def collected(state: list[Any], value: Any) -> Any:  # noqa: ANN401 -- any plain data
    """Return what a loop adds to its list; it costs by its size."""
    return traversed(state, scanned(state, value))


def length(value: object) -> int:
    """Return how many characters, items or keys there are."""
    if isinstance(value, str | list | dict):
        return len(value)
    raise wrong_kind(value, "a text, a list or a mapping")


def lower(value: object) -> str:
    """Return the text in small letters."""
    return text(value).lower()


def upper(value: object) -> str:
    """Return the text in capitals."""
    return text(value).upper()


def starts_with(value: object, start: object) -> bool:
    """Whether the text begins with another."""
    return text(value).startswith(text(start))


def ends_with(value: object, end: object) -> bool:
    """Whether the text ends with another."""
    return text(value).endswith(text(end))


def contains(value: object, part: object) -> bool:
    """Whether another text stands in the text."""
    whole = text(value)
    return text(part) in whole


def get(mapping: object, key: object, default: object) -> Any:  # noqa: ANN401 -- any plain data
    """Return what stands under a key, or the default where the key is missing."""
    if not isinstance(mapping, dict):
        raise wrong_kind(mapping, "a mapping")
    return mapping.get(scalar_key(key), default)


def bucket(value: object, salt: object) -> Decimal:
    """Return where a text falls in [0, 100), evenly spread and always the same for a salt."""
    word = text(value)
    raw = f"{text(salt)}\0{word}".encode("utf-8", "surrogatepass")
    place = int.from_bytes(hashlib.sha256(raw).digest()[:8], "big") % BUCKETS
    return divide(place, BUCKETS // 100)
