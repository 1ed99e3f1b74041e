"""Tests of schedules, against dateutil's recurrence rules."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule, weekday
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.schedule import DAY_MS, Calendar, Every, Period
from criterion.policy.schedule_text import WEEKDAYS, read_schedule
from criterion.policy.units import Misfit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(*parts: int) -> int:
    return (datetime(*parts, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)  # type: ignore[misc,arg-type] # year, month, day are there


def schedule(text: str) -> Calendar:
    found = read_schedule(text)
    assert isinstance(found, Calendar)
    return found


def last_of(day: int) -> dict[str, object]:
    """Return dateutil's words for a day that shorter months have at their end."""
    return {"bymonthday": tuple(range(min(28, day), day + 1)), "bysetpos": -1}


Rules = dict[str, dict[str, object]]


def rules() -> Rules:
    monthly: Rules = {f"monthly:{day}": {"freq": MONTHLY, **last_of(day)} for day in range(1, 32)}
    quarterly: Rules = {
        f"quarterly:{day}": {"freq": MONTHLY, "bymonth": (1, 4, 7, 10), **last_of(day)}
        for day in range(1, 32)
    }
    weekly: Rules = {
        f"weekly:{name[:3]}": {"freq": WEEKLY, "byweekday": n} for n, name in enumerate(WEEKDAYS)
    }
    nth: Rules = {
        f"nth_weekday:{place}:{name}": {
            "freq": MONTHLY,
            "byweekday": weekday(n)(-1 if place == "last" else int(place)),
        }
        for n, name in enumerate(WEEKDAYS)
        for place in ("1", "2", "3", "4", "5", "last")
    }
    yearly: Rules = {
        f"yearly:{month}-{day}": {"freq": YEARLY, "bymonth": month, "bymonthday": day}
        for month, day in ((1, 1), (2, 28), (4, 30), (12, 31), (7, 9))
    }
    leap: Rules = {"yearly:2-29": {"freq": YEARLY, "bymonth": 2, **last_of(29)}}
    last: Rules = {"monthly:last": {"freq": MONTHLY, **last_of(31)}}
    return {**monthly, **quarterly, **weekly, **nth, **yearly, **leap, **last}


def boundaries(rule: dict[str, object], first: int, last: int) -> list[int]:
    start, until = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC)
    dates = rrule(dtstart=start, until=until, **rule)  # type: ignore[arg-type] # words of `rules`
    return [(date - EPOCH) // timedelta(milliseconds=1) for date in dates]


@pytest.mark.parametrize(("text", "rule"), rules().items(), ids=rules().keys())
def test_every_day_of_400_lies_in_the_period_that_dateutil_says(
    text: str, rule: dict[str, object]
) -> None:
    known = boundaries(rule, 2021, 2027)
    ours, anchor = schedule(text), ms(2022, 1, 1)

    for day in range(400):
        for now in (ms(2024, 1, 15) + day * DAY_MS, ms(2024, 1, 15) + day * DAY_MS - 1):
            place = bisect_right(known, now)
            assert ours.period(anchor, now) == (known[place - 1], known[place])
            crossed = place - bisect_right(known, anchor)
            assert ours.crossed(anchor, now) == crossed


@pytest.mark.parametrize("text", ["nth_weekday:5:sun", "nth_weekday:5:thu", "monthly:31"])
def test_boundaries_are_counted_over_centuries(text: str) -> None:
    known = boundaries(
        rules()[text.replace("sun", "sunday").replace("thu", "thursday")], 1950, 2150
    )

    counted = schedule(text).crossed(ms(1950, 1, 1), ms(2150, 12, 31, 23))

    assert counted == len([at for at in known if at > ms(1950, 1, 1)])


def test_the_first_period_is_what_is_left_of_the_one_that_runs() -> None:
    monthly = schedule("monthly:1")

    assert monthly.period(ms(2025, 1, 10), ms(2025, 1, 10)) == (ms(2025, 1, 10), ms(2025, 2, 1))
    assert monthly.period(ms(2025, 1, 10), ms(2025, 2, 1) - 1).start == ms(2025, 1, 10)
    assert monthly.period(ms(2025, 1, 10), ms(2025, 2, 1)).start == ms(2025, 2, 1)


def test_a_month_is_clamped_from_the_declared_day_not_from_a_clamped_one() -> None:
    monthly = schedule("monthly:31")

    assert monthly.period(ms(2025, 1, 1), ms(2025, 4, 10)) == (ms(2025, 3, 31), ms(2025, 4, 30))
    assert monthly.period(ms(2025, 1, 1), ms(2025, 2, 28)) == (ms(2025, 2, 28), ms(2025, 3, 31))


def test_an_anchor_on_a_boundary_is_no_crossing_and_the_next_boundary_is_one() -> None:
    weekly = schedule("weekly:mon")

    assert weekly.crossed(ms(2025, 1, 6), ms(2025, 1, 6)) == 0
    assert weekly.crossed(ms(2025, 1, 6), ms(2025, 1, 13) - 1) == 0
    assert weekly.crossed(ms(2025, 1, 6), ms(2025, 1, 13)) == 1


GRID = [
    (0, Period(0, 100), 0),
    (99, Period(0, 100), 0),
    (100, Period(100, 200), 1),
    (350, Period(300, 400), 3),
    (-1, Period(0, 100), 0),
]


@pytest.mark.parametrize(("now", "period", "crossed"), GRID, ids=str)
def test_a_grid_keeps_its_steps_however_late_the_call(
    now: int, period: Period, crossed: int
) -> None:
    every = Every(100)

    assert (every.period(0, now), every.crossed(0, now)) == (period, crossed)


@given(st.sampled_from(sorted(rules())), st.integers(0, 2**42), st.integers(0, 2**40))
def test_a_period_holds_its_instant_and_crossings_add_up(
    text: str, anchor: int, after: int
) -> None:
    ours, now = schedule(text), anchor + after
    period = ours.period(anchor, now)

    assert anchor <= period.start <= now < period.end
    assert ours.crossed(anchor, now) == ours.crossed(anchor, period.start)
    assert ours.crossed(anchor, period.end) == ours.crossed(anchor, now) + 1


WRONG = [
    ("daily:1", 0, "`daily` is not a kind of schedule"),
    ("montly:1", 0, "`montly` is not a kind of schedule"),
    ("monthly", 0, "`monthly` is not a schedule"),
    ("monthly:1:2", 0, "`monthly:1:2` is not a schedule"),
    ("monthly:banana", 8, "`banana` is not a day of the month"),
    ("monthly:0", 8, "`0` is not a day of the month"),
    ("monthly:32", 8, "`32` is not a day of the month"),
    ("monthly:+1", 8, "`+1` is not a day of the month"),
    ("quarterly:last", 10, "`last` is not a day of the month"),
    ("weekly:m", 7, "`m` is not a weekday"),
    ("nth_weekday:6:mon", 12, "`6` is not a place in the month"),
    ("nth_weekday:1:noday", 14, "`noday` is not a weekday"),
    ("yearly:13-1", 7, "`13` is not a month"),
    ("yearly:2-30", 9, "`30` is not a day of month 2"),
    ("yearly:4", 7, "`4` is not a month and a day"),
]


@pytest.mark.parametrize(("text", "at", "message"), WRONG, ids=[text for text, _, _ in WRONG])
def test_a_schedule_that_means_nothing_is_refused_at_its_place(
    text: str, at: int, message: str
) -> None:
    found = read_schedule(text)

    assert isinstance(found, Misfit)
    assert (found.at, found.message) == (at, message)
    assert found.hint


@pytest.mark.parametrize("text", ["weekly:MON", "weekly:Monday", "nth_weekday:last:FRI"])
def test_weekdays_are_read_in_any_case(text: str) -> None:
    assert isinstance(read_schedule(text), Calendar)
