"""Instants: aware datetimes outside, whole milliseconds inside."""

from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from criterion.text import code

Instant: TypeAlias = datetime | int
"""An aware datetime, or ms since 1970."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def ms_of(instant: Instant) -> int:
    """Return an instant in ms since 1970.

    Raises:
        TypeError: It is none, or has no time zone.
    """
    if isinstance(instant, datetime) and instant.tzinfo is not None:
        return (instant - _EPOCH) // _MILLISECOND
    if isinstance(instant, int) and not isinstance(instant, bool):
        return instant
    message = f"an instant is an aware datetime or a number of ms, not {code(repr(instant))}"
    raise TypeError(message)


def optional_ms(instant: Instant | None) -> int | None:
    """Return an instant in ms since 1970, or ``None`` for none."""
    return None if instant is None else ms_of(instant)


def instant_of(at_ms: int) -> datetime:
    """Return ms since 1970 as an aware datetime."""
    return _EPOCH + timedelta(milliseconds=at_ms)
