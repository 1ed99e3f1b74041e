"""Clocks: instants are aware and in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from criterion.clock import Clock, FixedClock, SystemClock
from tests.parcels import NOON


def test_a_fixed_clock_stands_still() -> None:
    clock: Clock = FixedClock(NOON)

    assert clock.now() == clock.now() == NOON


def test_a_fixed_clock_tells_the_time_in_utc() -> None:
    clock = FixedClock(datetime(2026, 1, 31, 14, tzinfo=timezone(timedelta(hours=2))))

    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="an instant needs a time zone"):
        FixedClock(datetime(2026, 1, 31))  # noqa: DTZ001 -- what the test is about


def test_the_machines_clock_is_aware_and_goes_forward() -> None:
    clock: Clock = SystemClock()

    earlier, later = clock.now(), clock.now()

    assert earlier.tzinfo is UTC
    assert earlier <= later
