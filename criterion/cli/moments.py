"""Moments: instants as people write them: ``yesterday``, ``36h``, ``2026-01-31``."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from criterion.cli.problems import UsageError
from criterion.clock import Clock, SystemClock
from criterion.text import code

_AGO: Final = re.compile(r"([0-9]{1,6})([mhd])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_DAYS_AGO: Final = {"today": 0, "yesterday": 1}


def moment(text: str, clock: Clock | None = None) -> datetime:
    """Return the instant that a text names; days begin at midnight in UTC.

    Raises:
        UsageError: It names none.
    """
    now = (clock or SystemClock()).now()
    if text in _DAYS_AGO:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=_DAYS_AGO[text])
    try:
        if ago := _AGO.fullmatch(text):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        hint = "write `yesterday`, `36h`, `7d`, `2026-01-31` or `2026-01-31T12:00:00Z`"
        raise UsageError(f"{code(text)} is not an instant", hint=hint) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
