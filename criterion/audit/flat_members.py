"""Flat members: mappings of texts, whole numbers and the like, written into a template.

This is the fast way to what `criterion.audit.compact` writes, byte by byte, which tests hold.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any, Final

DIGITS_MAX: Final = 1_000
"""Longest decimal that is written here; Python's own writers refuse longer whole numbers."""

FlatWriter = Callable[[Mapping[str, Any]], str | None]
"""Returns the members as JSON, or ``None`` where that takes the slow way."""


def flat_input(names: Iterable[str]) -> FlatWriter:
    """Return what writes mappings that have just these members, sorted as in canonical JSON."""
    names = tuple(sorted(names))
    heads = (encode_basestring_ascii(name).replace("%", "%%") for name in names)
    template = f"{{{','.join(f'{head}:%s' for head in heads)}}}"
    count, kinds = len(names), _CANONICAL

    def write(members: Mapping[str, Any]) -> str | None:
        try:
            parts = tuple([kinds[type(value := members[name])](value) for name in names])
        except (KeyError, ValueError):  # another type, another member, or too many digits
            return None
        return template % parts if len(members) == count else None

    return write


def flat_metadata(members: Mapping[str, Any]) -> str | None:
    """Return metadata as JSON, in its own order; its names are texts."""
    kinds, quoted = _KINDS, encode_basestring_ascii
    try:
        parts = [f"{quoted(name)}:{kinds[type(value)](value)}" for name, value in members.items()]
    except (KeyError, ValueError):
        return None
    return f"{{{','.join(parts)}}}"


def _whole(value: Decimal) -> str:
    """Return a decimal that is written with digits alone.

    Raises:
        ValueError: It is not.
    """
    digits = str(value)
    if digits.isdigit() and len(digits) <= DIGITS_MAX:
        return digits
    raise ValueError


_KINDS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring_ascii,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}
"""How values are written; a subclass might write itself otherwise."""

_CANONICAL: Final = {**_KINDS, Decimal: _whole}
