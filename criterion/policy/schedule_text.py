"""Schedule texts: ``monthly:15``, ``weekly:mon``, ``nth_weekday:2:fri``, read strictly.

Source:
    Policy specification, sections 2.8 and 5.2.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from criterion.policy.schedule import Calendar, Monthly, NthWeekday, Weekly
from criterion.policy.units import Misfit
from criterion.text import code, did_you_mean, listing

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST: Final = "last"

_SHORT_LENGTH: Final = 3
_DAYS_MAX: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_schedule(text: str) -> Calendar | Misfit:
    """Return the schedule that a text names, or where it goes wrong."""
    kind, *parts = text.split(":")
    form = _FORMS.get(kind)
    if form is None:
        hint = did_you_mean(kind, _FORMS) or f"it begins with {listing(map(code, _FORMS))}"
        return Misfit(f"{code(kind)} is not a kind of schedule", hint)
    if len(parts) != form.parts:
        return Misfit(f"{code(text)} is not a schedule", f"write {form.example}")
    try:
        return form.read(text, parts)
    except _PartError as error:
        at = len(kind) + 1 + sum(len(part) + 1 for part in parts[: error.place]) + error.inside
        hint = f"write {error.wanted}, as in {form.example}"
        return Misfit(f"{code(error.word)} is not {error.what}", hint, at)


class _PartError(Exception):
    """A part of a schedule that means nothing."""

    def __init__(
        self, word: str, what: str, wanted: str, *, place: int = 0, inside: int = 0
    ) -> None:
        super().__init__(word)
        self.word, self.what, self.wanted = word, what, wanted
        self.place, self.inside = place, inside


def _monthly(text: str, parts: list[str]) -> Calendar:
    day = 31 if parts[0] == LAST else _number(parts[0], 31, "a day of the month")
    return Monthly(text, day)


def _quarterly(text: str, parts: list[str]) -> Calendar:
    return Monthly(text, _number(parts[0], 31, "a day of the month"), 3)


def _yearly(text: str, parts: list[str]) -> Calendar:
    month_text, dash, day_text = parts[0].partition("-")
    if not dash:
        raise _PartError(parts[0], "a month and a day", "a month and a day")
    month = _number(month_text, 12, "a month")
    inside = len(month_text) + 1
    day = _number(day_text, _DAYS_MAX[month - 1], f"a day of month {month}", inside=inside)
    return Monthly(text, day, 12, month)


def _weekly(text: str, parts: list[str]) -> Calendar:
    return Weekly(text, _weekday(parts[0]))


def _nth_weekday(text: str, parts: list[str]) -> Calendar:
    nth = 0 if parts[0] == LAST else _number(parts[0], 5, "a place in the month")
    return NthWeekday(text, _weekday(parts[1], place=1), nth)


def _number(word: str, highest: int, what: str, *, inside: int = 0) -> int:
    if word.isascii() and word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= highest:  # noqa: PLR2004 -- two digits
        return int(word)
    wanted = f"a number from 1 to {highest}"
    raise _PartError(word, what, wanted, inside=inside)


def _weekday(word: str, *, place: int = 0) -> int:
    lowered = word.lower()
    for number, name in enumerate(WEEKDAYS):
        if lowered in {name, name[:_SHORT_LENGTH]}:
            return number
    raise _PartError(word, "a weekday", "a weekday", place=place)


class _Form(NamedTuple):
    """A kind of schedule: how many parts follow, an example, and what reads them."""

    parts: int
    example: str
    read: Callable[[str, list[str]], Calendar]


_Forms: TypeAlias = Mapping[str, _Form]
_FORMS: Final[_Forms] = MappingProxyType(
    {
        "monthly": _Form(1, "`monthly:15` or `monthly:last`", _monthly),
        "weekly": _Form(1, "`weekly:mon`", _weekly),
        "nth_weekday": _Form(2, "`nth_weekday:2:fri` or `nth_weekday:last:fri`", _nth_weekday),
        "yearly": _Form(1, "`yearly:4-30`", _yearly),
        "quarterly": _Form(1, "`quarterly:15`", _quarterly),
    }
)
