"""Comparing: what a step expects, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tests.conformance.policy.operations import plain

ABSOLUTE: Final = Decimal("1e-6")
RELATIVE: Final = Decimal("1e-9")
UNLIMITED_FROM: Final = Decimal("1e15")
"""Expected numbers from here on mean that there is no limit."""


def equal(expected: Any, actual: Any, tolerance: Decimal | None = None) -> bool:  # noqa: ANN401 -- whatever the API returns
    """Whether a result is what is expected; mappings need only hold what is listed."""
    if expected is None or isinstance(expected, bool):
        return actual is expected
    if isinstance(expected, int | float):
        return _equal_numbers(Decimal(repr(expected)), actual, tolerance)
    if isinstance(expected, str):
        return _equal_texts(expected, actual)
    if isinstance(expected, Mapping):
        members = plain(actual)
        return isinstance(members, Mapping) and all(
            name in members and equal(value, members[name], tolerance)
            for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list | tuple)
            and len(expected) == len(actual)
            and all(
                equal(each, other, tolerance) for each, other in zip(expected, actual, strict=True)
            )
        )
    return bool(expected == actual)


def _equal_numbers(expected: Decimal, actual: Any, tolerance: Decimal | None) -> bool:  # noqa: ANN401
    if isinstance(actual, tuple) and hasattr(actual, "value"):  # a prediction is its amount
        actual = actual.value
    if isinstance(actual, bool) or not isinstance(actual, int | float | Decimal):
        return False
    found = Decimal(repr(actual)) if isinstance(actual, float) else Decimal(actual)
    if expected >= UNLIMITED_FROM:
        return found >= UNLIMITED_FROM
    away = abs(found - expected)
    if tolerance is not None:
        return away <= tolerance
    return away <= ABSOLUTE or away <= RELATIVE * abs(expected)


def _equal_texts(expected: str, actual: Any) -> bool:  # noqa: ANN401
    if isinstance(actual, datetime):
        return datetime.fromisoformat(expected) == actual
    if isinstance(actual, int):  # an instant in milliseconds
        return _milliseconds(expected) == actual
    if isinstance(actual, str):
        return expected == actual
    members = plain(actual)
    if not isinstance(members, Mapping):
        return False
    return expected == members.get("name" if "name" in members else "id")


def _milliseconds(text: str) -> int | None:
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1_000)
    except ValueError:
        return None
