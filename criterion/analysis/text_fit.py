"""Text fit: whether a schema takes a text, as far as Python's patterns can say."""

import re
from collections.abc import Callable
from functools import cache

from criterion.analysis.domain import Domain


@cache
def _compiled(pattern: str) -> "re.Pattern[str] | None":
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = rf"{pattern[:-1]}\Z"  # in Python, `$` stands before a last line's end, too
    try:
        return re.compile(pattern)
    except re.error:  # a pattern of another dialect
        return None


def taking(domain: Domain) -> Callable[[str], bool]:
    """Return whether a text domain takes a text."""
    """Return whether a text domain takes a text, as far as Python's patterns can say."""
    pattern = None if domain.pattern is None else _compiled(domain.pattern)

    def takes(text: str) -> bool:
        if len(text) < domain.length_min:
            return False
        if domain.length_max is not None and len(text) > domain.length_max:
            return False
        return pattern is None or pattern.search(text) is not None

    return takes
