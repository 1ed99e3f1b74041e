"""Soak: how much of a test is done, by whether it runs at full size."""

import os
from typing import Final

IS_SOAK: Final = bool(os.environ.get("CRITERION_SOAK"))
"""Whether this is ``make soak``; only then is time looked at closely."""

SLACK: Final = 40
"""How many times as long processor time may be in ``make test``, on whatever machine that is."""


def seconds_max(limit: float) -> float:
    """Return how much processor time may pass: in ``make test`` only what never ends is found."""
    return limit if IS_SOAK else limit * SLACK


def sized(full: int, reduced: int) -> int:
    """Return a count for ``make soak``, or the one for ``make test``."""
    return full if IS_SOAK else reduced
