"""Dates and instants: reading them from text, and what lies between them, in UTC."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeVar

from criterion.expression.failure import ExpressionFailure, wrong_kind
from criterion.expression.numbers import divide, whole

_DATE_TEXT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT_TEXT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_Day = TypeVar("_Day", bound=dt.date)


def date(value: object) -> dt.date:
    """Read ``2026-01-31``; of an instant, its day in UTC."""
    if isinstance(value, str):
        return _read(dt.date.fromisoformat, _DATE_TEXT, value)
    return _day(value)


def instant(value: object) -> dt.datetime:
    """Read ``2026-01-31T12:00:00Z``; a text without an offset from UTC is refused."""
    if isinstance(value, str):
        return _read(_instant_of, _INSTANT_TEXT, value)
    return _aware(value)


def days_between(first: object, second: object) -> int:
    """Return the calendar days, in UTC, from the first to the second."""
    start, end = _day(first), _day(second)
    return (end - start).days


def seconds_between(first: object, second: object) -> int | Decimal:
    """Return the seconds from the first instant to the second, to the microsecond."""
    start, end = _aware(first), _aware(second)
    micros = (end - start) // _MICROSECOND
    return divide(micros, 1_000_000) if micros % 1_000_000 else micros // 1_000_000


def add_days(value: object, days: object) -> dt.date:
    """Return the date, or the instant, so many days later."""
    start = _aware(value) if isinstance(value, dt.datetime) else _day(value)
    count = whole(days)
    try:
        return start + dt.timedelta(days=count)
    except OverflowError:
        failure = _out_of_range()
    raise failure


def _instant_of(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value.upper())


def _read(read: Callable[[str], _Day], pattern: re.Pattern[str], value: str) -> _Day:
    if pattern.fullmatch(value):
        try:
            return read(value)
        except ValueError:
            pass
    raise ExpressionFailure("not_a_date", "a text that is no date, or no instant with its offset")


def _aware(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise wrong_kind(value, "an instant")
    if value.utcoffset() is None:
        raise ExpressionFailure("not_a_date", "an instant without its offset from UTC")
    return value


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise wrong_kind(value, "a date or an instant")
    if not isinstance(value, dt.datetime):
        return value
    moment = _aware(value)
    try:
        return moment.astimezone(dt.UTC).date()
    except OverflowError:
        failure = _out_of_range()
    raise failure


def _out_of_range() -> ExpressionFailure:
    return ExpressionFailure("overflow", "a date is beyond the years 1 to 9999")
