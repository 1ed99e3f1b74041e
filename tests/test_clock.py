"""Clocks: instants are aware and in UTC."""

import time
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest

from criterion.clock import Clock, FixedClock, SystemClock, new_id
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


def test_a_new_id_is_a_uuid_of_version_7_of_this_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    drawn = [UUID(new_id()) for _ in range(1_000)]
    after = time.time_ns() // 1_000_000

    assert {(id.version, id.variant) for id in drawn} == {(7, RFC_4122)}
    assert all(before <= id.int >> 80 <= after for id in drawn)
    assert len(set(drawn)) == len(drawn)


def test_an_id_is_a_uuid_of_its_time() -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)

    ids = {new_id(at) for _ in range(100)}

    assert len(ids) == 100
    assert {UUID(id).version for id in ids} == {7}
    assert {UUID(id).variant for id in ids} == {RFC_4122}
    assert {UUID(id).int >> 80 for id in ids} == {int(at.timestamp() * 1_000)}


def test_ids_sort_by_their_time() -> None:
    times = [datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2026, 2027, 9999)]

    ids = [new_id(at) for at in times]

    assert ids == sorted(ids)


def test_an_id_of_a_time_before_all_ids_is_one() -> None:
    assert UUID(new_id(datetime(1900, 1, 1, tzinfo=UTC))).int >> 80 == 0
