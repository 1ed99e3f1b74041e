"""Clocks: where the time of an evaluation comes from; the only place that asks the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol


class Clock(Protocol):
    """Tells the time; handed to the engine, so that tests and replays choose it."""

    def now(self) -> datetime:
        """Return the current instant, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    now = staticmethod(partial(datetime.now, UTC))  # a call of C code alone
    """Return the machine's current instant."""


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still.

    Attributes:
        at: The instant it tells; aware.

    Raises:
        ValueError: The instant has no time zone.
    """

    at: datetime

    def __post_init__(self) -> None:
        """Refuse an instant that is not one."""
        if self.at.tzinfo is None:
            message = "an instant needs a time zone: datetime(2026, 1, 31, tzinfo=UTC)"
            raise ValueError(message)

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return self.at.astimezone(UTC)
