"""Text that people read: one escaped line, words in a list, the nearest known word."""

import re
from collections.abc import Iterable

LINE_LENGTH_MAX = 2_000
"""Longest line that an error or an explanation may have, in characters."""

# Control characters, line and paragraph separators, invisible and direction-changing marks, lone
# surrogates: whatever could start a new line, move the cursor or reorder what a reader sees.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def one_line(text: str, limit: int = LINE_LENGTH_MAX) -> str:
    r"""Return the text as one line, cut at the limit; unsafe characters as ``\xNN``."""
    if len(text) > limit:
        text = f"{text[: limit - 1]}…"
    if text.isprintable():
        return text
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def code(word: str) -> str:
    """Return a word of the user in backticks, as one short line."""
    return f"`{one_line(word, 100)}`"


def not_a(given: object, wanted: str) -> TypeError:
    """Return the error for an argument of the wrong kind; ``wanted`` is ``a decision``."""
    return TypeError(f"{code(type(given).__name__)} is not {wanted}")


def listing(words: Iterable[str], joint: str = "or") -> str:
    """Return ``a, b or c``."""
    *head, last = words
    return f"{', '.join(head)} {joint} {last}" if head else last


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the nearest known word, or ``None`` when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 -- slow to import, needed on mistakes only

    near = get_close_matches(word[:100], list(known), n=1)
    return f"did you mean {code(near[0])}?" if near else None
