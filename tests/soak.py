"""Soak: how much of a test is done, by whether it runs at full size."""

import os
from typing import Final

IS_SOAK: Final = bool(os.environ.get("CRITERION_SOAK"))
"""Whether this is ``make soak``; only then is time looked at."""


def sized(full: int, reduced: int) -> int:
    """Return a count for ``make soak``, or the one for ``make test``."""
    return full if IS_SOAK else reduced
