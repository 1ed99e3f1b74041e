"""Clocks: where times and ids come from; the only place that asks the machine."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol


class Clock(Protocol):
    """Tells the time; handed to the engine, so that tests and replays choose it."""

    def now(self) -> datetime:
        """Return the current instant, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    now = staticmethod(partial(datetime.now, UTC))  # a call of C code alone
    """Return the machine's current instant."""

    @staticmethod
    def now_ms() -> int:
        """Return the same in ms since 1970, for those who count in them."""
        return time.time_ns() // 1_000_000


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


def new_id(at: datetime | None = None) -> str:
    """Return a new UUIDv7: ids of later milliseconds sort behind those of earlier ones.

    Args:
        at: What it is the id of, an aware instant; by default now. One before 1970 counts as 1970.

    Source:
        RFC 9562, section 5.7.
    """
    at_ms = time.time_ns() // 1_000_000 if at is None else max(0, int(at.timestamp() * 1_000))
    ms, drawn = f"{at_ms:012x}", _drawn()
    variant = _VARIANTS[drawn[4]]
    return f"{ms[:8]}-{ms[8:]}-7{drawn[1:4]}-{variant}{drawn[5:8]}-{drawn[8:]}"


DRAWS: Final = 256
"""For how many ids digits are drawn at once: each time, the machine has to be asked."""


def _drawing() -> Callable[[], str]:
    """Return what gives 20 random digits; any number of threads may call it."""
    stock: list[str] = []

    def draw() -> str:
        try:
            return stock.pop()
        except IndexError:
            digits = secrets.token_hex(10 * DRAWS)
            first, *more = (digits[at : at + 20] for at in range(0, len(digits), 20))
            stock.extend(more)
            return first

    if hasattr(os, "register_at_fork"):  # a process that is forked off draws for itself
        os.register_at_fork(after_in_child=stock.clear)
    return draw


_drawn: Final = _drawing()
_VARIANTS: Final = {f"{digit:x}": "89ab"[digit % 4] for digit in range(16)}
"""The digit that says which kind of id it is, by a drawn one."""
