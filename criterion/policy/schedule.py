"""Schedules: when a period begins and ends, in whole milliseconds of UTC.

A period is half-open, ``[start, end)``. Every schedule answers from arithmetic, not by walking from
one boundary to the next, so that years of silence cost as little as a second.

Source:
    Policy specification, section 5.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from criterion.policy.records import made

DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_THURSDAY: Final = 3
"""The weekday of the first day of 1970; Monday is 0."""


class Period(NamedTuple):
    """One period of a schedule.

    Attributes:
        start: Its first millisecond.
        end: The first millisecond of the next one.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Every:
    """A grid of equal steps that begins at the anchor.

    Attributes:
        step_ms: The length of a period; at least 1.
    """

    step_ms: int

    def period(self, anchor: int, now: int) -> Period:
        """Return the period that holds an instant; the first one for whatever is before it."""
        step = self.step_ms
        start = anchor + (now - anchor) // step * step if now > anchor else anchor
        return made(Period, (start, start + step))

    def crossed(self, anchor: int, now: int) -> int:
        """Return how many boundaries lie after the anchor, up to and with now."""
        return max(0, (now - anchor) // self.step_ms)


@dataclass(frozen=True, slots=True)
class Calendar(ABC):
    """Midnights of the calendar; the first period is what is left of the one that runs already.

    Its boundaries stand in slots, numbered in the order of time: weeks, months, quarters or years.
    They are found for instants from the year 2 to the year 9990.

    Attributes:
        text: As policies write it.
    """

    text: str = field(compare=False)
    _last: list[Period] = field(init=False, compare=False, repr=False, default_factory=list)

    def period(self, anchor: int, now: int) -> Period:
        """Return the period that holds an instant, cut at the anchor."""
        whole = self._whole(max(anchor, now))
        return whole if whole.start >= anchor else made(Period, (anchor, whole.end))

    def _whole(self, now: int) -> Period:
        """Return the period between two boundaries; the last one that was asked for is at hand."""
        for known in self._last:
            if known.start <= now < known.end:
                return known
        slot = self._latest(now // DAY_MS)
        after = slot + 1
        while (end := self._day(after)) is None:
            after += 1
        found = Period((self._day(slot) or 0) * DAY_MS, end * DAY_MS)
        self._last[:] = (found,)
        return found

    def crossed(self, anchor: int, now: int) -> int:
        """Return how many boundaries lie after the anchor, up to and with now."""
        if now <= anchor:
            return 0
        latest, first = self._latest(now // DAY_MS), self._latest(anchor // DAY_MS)
        return self._number(latest) - self._number(first)

    def _latest(self, day: int) -> int:
        """Return the slot of the last boundary up to a day."""
        slot = self._slot(day)
        while (at := self._day(slot)) is None or at > day:  # two rounds; four where slots are empty
            slot -= 1
        return slot

    def _number(self, slot: int) -> int:
        """Return how many boundaries there are up to a slot, counted from some fixed one."""
        return slot

    @abstractmethod
    def _slot(self, day: int) -> int:
        """Return the slot that a day lies in."""

    @abstractmethod
    def _day(self, slot: int) -> int | None:
        """Return the boundary of a slot as a day since 1970, or ``None`` where it has none."""


Schedule: TypeAlias = Every | Calendar
"""Tells the period that an instant lies in, and how many boundaries were crossed since another."""


@dataclass(frozen=True, slots=True)
class Weekly(Calendar):
    """The same weekday every week; Monday is 0."""

    weekday: int

    def _slot(self, day: int) -> int:
        return (day + _THURSDAY - self.weekday) // 7

    def _day(self, slot: int) -> int:
        return slot * 7 - _THURSDAY + self.weekday


@dataclass(frozen=True, slots=True)
class Monthly(Calendar):
    """The same day of every month, of every third, or of every twelfth; else its last day.

    Attributes:
        day: Day of the month, from 1; a shorter month has its last day instead.
        months: How many months lie between two boundaries: 1, 3 or 12.
        month: The first month of the year that has one, from 1.
    """

    day: int
    months: int = 1
    month: int = 1

    def _slot(self, day: int) -> int:
        return (_month_of(day) - self.month + 1) // self.months

    def _day(self, slot: int) -> int:
        month = slot * self.months + self.month - 1
        return min(_first_day(month) + self.day, _first_day(month + 1)) - 1


@dataclass(frozen=True, slots=True)
class NthWeekday(Calendar):
    """The first to fifth of a weekday in a month, or the last; not every month has a fifth.

    Attributes:
        weekday: Monday is 0.
        nth: From 1 to 5; 0 is the last one.
    """

    weekday: int
    nth: int

    def _slot(self, day: int) -> int:
        return _month_of(day)

    def _day(self, slot: int) -> int | None:
        first, after = _first_day(slot), _first_day(slot + 1)
        if self.nth == 0:
            return after - 7 + (self.weekday - after - _THURSDAY) % 7
        day = first + (self.weekday - first - _THURSDAY) % 7 + 7 * (self.nth - 1)
        return day if day < after else None

    def _number(self, slot: int) -> int:
        if self.nth <= _ALWAYS_THERE:
            return slot
        # Each month has four or five of a weekday: how many had five is what is above four each.
        days = (_first_day(slot + 1) + _THURSDAY - self.weekday - 1) // 7
        return days - _ALWAYS_THERE * slot


_ALWAYS_THERE: Final = 4
"""How many of each weekday every month has."""


def _month_of(day: int) -> int:
    """Return the month of a day since 1970: its year times 12, and how many months of it passed."""
    found = date.fromordinal(day + _EPOCH)
    return found.year * 12 + found.month - 1


def _first_day(month: int) -> int:
    """Return the first day of a month, counted from 1970."""
    return date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH
