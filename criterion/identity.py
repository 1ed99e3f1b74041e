"""Identity: what a readable id and a semantic version look like, and how versions compare."""

import re
from collections.abc import Iterable
from typing import NamedTuple

ID_LENGTH_MAX = 100
VERSION_LENGTH_MAX = 100

ID_HINT = "use lower-case words and digits joined by `-` or `_`, as in `over-limit`"
VERSION_HINT = "use three numbers, as in `1.10.0`"

_ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", re.ASCII)
_NUMBER = r"(?:0|[1-9][0-9]*)"
_PART = r"[0-9A-Za-z-]+"
_VERSION = re.compile(
    rf"(?P<core>{_NUMBER}\.{_NUMBER}\.{_NUMBER})"
    rf"(?:-(?P<pre>{_PART}(?:\.{_PART})*))?(?:\+{_PART}(?:\.{_PART})*)?",
    re.ASCII,
)


def is_id(text: object) -> bool:
    """Whether the text is an id: lower-case words and digits, joined by ``-`` or ``_``."""
    return isinstance(text, str) and len(text) <= ID_LENGTH_MAX and bool(_ID.fullmatch(text))


class Version(NamedTuple):
    """A semantic version in the order of precedence; build metadata does not count.

    Source:
        Semantic Versioning 2.0.0, clause 11.
    """

    core: tuple[int, int, int]
    is_final: bool
    pre: tuple[tuple[bool, int, str], ...]


def parse_version(text: object) -> Version | None:
    """Return the version, or ``None`` when the text is not a semantic version."""
    if not isinstance(text, str) or len(text) > VERSION_LENGTH_MAX:
        return None
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    parts = match["pre"].split(".") if match["pre"] else []
    if any(_has_leading_zero(part) for part in parts):
        return None
    major, minor, patch = (int(number) for number in match["core"].split("."))
    return Version((major, minor, patch), not parts, tuple(_precedence(part) for part in parts))


def serving_version(versions: Iterable[str]) -> str:
    """Return the version that serves: the highest that is no pre-release, else the highest."""
    return max(versions, key=_serving_order)


def _serving_order(text: str) -> tuple[bool, Version]:
    version = parse_version(text)
    if version is None:
        message = f"`{text}` is not a semantic version"
        raise ValueError(message)
    return version.is_final, version


def _has_leading_zero(part: str) -> bool:
    return part.isdecimal() and len(part) > 1 and part.startswith("0")


def _precedence(part: str) -> tuple[bool, int, str]:
    return (False, int(part), "") if part.isdecimal() else (True, 0, part)
