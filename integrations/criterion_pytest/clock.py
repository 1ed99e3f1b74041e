"""The frozen clock: a time that only the test moves."""

from datetime import UTC, datetime, timedelta
from typing import Final

BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Where a frozen clock stands at first."""


class FrozenClock:
    """A clock that stands still until it is moved.

    Attributes:
        at: The instant it tells, in UTC.
    """

    def __init__(self, at: datetime = BEGIN) -> None:
        """Stand at an instant."""
        self.move_to(at)

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return self.at

    def move_to(self, at: datetime) -> None:
        """Stand at another instant.

        Raises:
            ValueError: The instant has no time zone.
        """
        if at.tzinfo is None:
            message = "an instant needs a time zone: datetime(2026, 1, 31, tzinfo=UTC)"
            raise ValueError(message)
        self.at = at.astimezone(UTC)

    def advance(self, **parts: float) -> None:
        """Let time go by: ``advance(days=1, hours=2)``, in the parts of a `timedelta`."""
        self.at += timedelta(**parts)
