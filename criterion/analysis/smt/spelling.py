"""Spelling: a text for a place where any text will do that a schema takes and nobody knows yet."""

from collections.abc import Callable, Iterator
from itertools import chain, product
from typing import Final

TRIES_MAX: Final = 2_000
"""How many texts are tried."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def spelled(
    pattern: str | None,
    known: tuple[str, ...],
    takes: Callable[[str], bool],
    agrees: Callable[[str], bool],
) -> str:
    """Return a text that a schema takes and that agrees with what is said of it; else any.

    Args:
        pattern: What the schema asks the text to match.
        known: Texts that it may be put together of.
        takes: Whether the schema takes a text.
        agrees: Whether it is as it should be.
    """
    fallback = "other"
    has_fallback = False
    tries = chain(_plain(), _of_pattern(pattern or ""), _put_together(known))
    for _, text in zip(range(TRIES_MAX), tries, strict=False):
        if not takes(text):
            continue
        if agrees(text):
            return text
        if not has_fallback:
            fallback, has_fallback = text, True
    return fallback


def _plain() -> Iterator[str]:
    yield from ("other", "another", "2026-01-31", "2026-01-31T12:00:00Z")
    yield from (f"other{number}" for number in range(1, 20))
    yield from (_LETTERS * 4)[:100:1]
    yield from (
        (_LETTERS * 400)[:length] for length in (2, 3, 5, 8, 10, 16, 20, 32, 50, 100, 10_000)
    )
    yield from (sign * length for length in range(1, 12) for sign in "X0")
    yield ""


def _put_together(known: tuple[str, ...]) -> Iterator[str]:
    short = [text for text in known if 0 < len(text) <= 50][:20]  # noqa: PLR2004 -- enough to try
    yield from (f"{text}-other" for text in short)
    yield from (f"other-{text}" for text in short)
    yield from (text.upper() for text in short)
    yield from (text.title() for text in short)
    yield from (f"{start}-{end}" for start, end in product(short, short))


def _of_pattern(pattern: str) -> Iterator[str]:
    """Yield texts that a pattern of plain classes and counts matches."""
    parts = _parts(pattern.removeprefix("^").removesuffix("$"))
    if parts is None:
        return
    for shift in range(26):
        yield "".join(
            "".join(signs[(place + shift + at) % len(signs)] for at in range(count))
            for place, (signs, count) in enumerate(parts)
        )


def _parts(pattern: str) -> list[tuple[str, int]] | None:
    """Return the signs and the count of each part of a pattern, ``None`` where it has others."""
    parts: list[tuple[str, int]] = []
    while pattern:
        signs, pattern = _signs(pattern)
        if not signs:
            return None
        count, pattern = _count(pattern)
        parts.append((signs, count))
    return parts


def _signs(pattern: str) -> tuple[str, str]:
    first = pattern[0]
    if first == "[":
        inside, closed, rest = pattern[1:].partition("]")
        return (_class(inside), rest) if closed and inside[:1] != "^" else ("", rest)
    if first == "\\":
        return {"d": "0123456789", "w": _LETTERS, "s": " "}.get(
            pattern[1:2], pattern[1:2]
        ), pattern[2:]
    if first in "(|)^$*+?{}":
        return "", pattern
    return (_LETTERS if first == "." else first), pattern[1:]


def _class(inside: str) -> str:
    found = ""
    while inside:
        if inside[1:2] == "-" and len(inside) > 2:  # noqa: PLR2004 -- a range is three signs
            found += "".join(map(chr, range(ord(inside[0]), ord(inside[2]) + 1)))
            inside = inside[3:]
        else:
            found, inside = found + inside[0], inside[1:]
    return found


def _count(pattern: str) -> tuple[int, str]:
    if pattern[:1] in {"+", "*", "?"}:
        return 1, pattern[1:]
    if pattern[:1] != "{":
        return 1, pattern
    inside, _, rest = pattern[1:].partition("}")
    least = inside.split(",", 1)[0]
    return (int(least) if least.isdecimal() else 1), rest
