"""Days: dates and instants as terms, as the functions of the language see them."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

import z3

from criterion.analysis.smt.arithmetic import (
    finite,
    whole,
)
from criterion.analysis.smt.logic import neg
from criterion.analysis.smt.ways import (
    Day,
    Known,
    Moment,
    Number,
    Part,
    Term,
    Way,
    day_of,
    moment_of,
    only,
    sort_of,
    word_of,
)
from criterion.analysis.smt.work import Work, opaque
from criterion.expression import dates
from criterion.expression.failure import ExpressionFailure

_DAY_MICROS: Final = 86_400_000_000
_DAYS: Final = (dt.date.min.toordinal(), dt.date.max.toordinal())
_MICROS_MAX: Final = _DAYS[1] * _DAY_MICROS
_SECOND: Final = 1_000_000
_DELTA_MAX: Final = 999_999_999


def _day(work: Work, part: Part) -> Term | None:
    """Return the date of a date or an instant, in UTC."""
    sort = sort_of(part)
    if sort == "date":
        return day_of(part)
    if sort == "instant":
        micros = moment_of(part).micros
        work.fail("overflow", z3.Or(micros < 0, micros >= _MICROS_MAX))
        return micros / _DAY_MICROS + 1
    work.wrong_kind(part)
    return None


def days_between(work: Work, first: Part, second: Part) -> Iterable[Way]:
    """Return the calendar days, in UTC, from the first to the second."""
    unknown = opaque(work, first, second)
    if unknown is not None:
        return unknown
    start = _day(work, first)
    end = _day(work, second) if start is not None else None
    if start is None or end is None:
        return ()
    return only(Number(end - start, is_whole=True, is_within=True))


def seconds_between(work: Work, first: Part, second: Part) -> Iterable[Way]:
    """Return the seconds from the first instant to the second."""
    unknown = opaque(work, first, second)
    if unknown is not None:
        return unknown
    for part in (first, second):
        if sort_of(part) != "instant":
            return work.wrong_kind(part)
    micros = moment_of(second).micros - moment_of(first).micros
    seconds = z3.ToReal(micros) / z3.RealVal(_SECOND)
    return only(Number(seconds, is_whole=False, is_within=True))


def date(work: Work, part: Part) -> Iterable[Way]:
    """Return the date that a text is, or the day of an instant."""
    unknown = opaque(work, part)
    if unknown is not None:
        return unknown
    if sort_of(part) != "text":
        day = _day(work, part)
        return () if day is None else only(Day(day))
    term = word_of(part, work.symbols.texts.number).term
    texts = work.symbols.texts
    is_date = texts.asked(
        "is a date", z3.BoolSort(), lambda text: _read(dates.date, text) is not None
    )
    ordinal = texts.asked("date", z3.IntSort(), _ordinal)(term)
    work.symbols.require(z3.And(ordinal >= _DAYS[0], ordinal <= _DAYS[1]))
    work.fail("not_a_date", neg(is_date(term)))
    return only(Day(ordinal))


def instant(work: Work, part: Part) -> Iterable[Way]:
    """Return the instant that a text is."""
    unknown = opaque(work, part)
    if unknown is not None:
        return unknown
    if sort_of(part) == "instant":
        return only(part)
    if sort_of(part) != "text":
        return work.wrong_kind(part)
    term = word_of(part, work.symbols.texts.number).term
    texts = work.symbols.texts
    is_instant = texts.asked(
        "is an instant", z3.BoolSort(), lambda text: _read(dates.instant, text) is not None
    )
    work.fail("not_a_date", neg(is_instant(term)))
    micros = texts.asked("micros", z3.IntSort(), lambda text: _instant_parts(text)[0])(term)
    offset = texts.asked("offset", z3.IntSort(), lambda text: _instant_parts(text)[1])(term)
    return only(Moment(micros, offset))


def _read(read: Callable[[object], Any], text: str) -> Any:  # noqa: ANN401 -- a date or an instant
    try:
        return read(text)
    except ExpressionFailure:
        return None


def _ordinal(text: str) -> int:
    day = _read(dates.date, text)
    return 1 if day is None else int(day.toordinal())


def _instant_parts(text: str) -> tuple[int, int]:
    moment = _read(dates.instant, text)
    if moment is None:
        return 0, 0
    parts = moment_of(Known(moment))
    return parts.micros.as_long(), parts.offset.as_long()


def add_days(work: Work, start: Part, days: Part) -> Iterable[Way]:
    """Return the date, or the instant, so many days later."""
    unknown = opaque(work, start, days)
    if unknown is not None:
        return unknown
    sort = sort_of(start)
    if sort not in {"date", "instant"}:
        return work.wrong_kind(start)
    given = finite(work, days)
    count = None if given is None else whole(work, given[0])
    if count is None:
        return ()
    if sort == "date":
        day = day_of(start) + count
        work.fail("overflow", z3.Or(day < _DAYS[0], day > _DAYS[1]))
        return only(Day(day))
    moment = moment_of(start)
    micros = moment.micros + count * _DAY_MICROS
    local = micros + moment.offset * _SECOND
    work.fail("overflow", z3.Or(local < 0, local >= _MICROS_MAX))
    return only(Moment(micros, moment.offset))
