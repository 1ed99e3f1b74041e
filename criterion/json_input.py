"""JSON input: text as plain data, every digit kept, nothing doubtful accepted."""

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from pydantic_core import from_json

from criterion.errors import JsonError
from criterion.text import code

DEPTH_MAX: Final = 100
"""How deep lists and objects may stand in one another."""

NUMBER_LENGTH_MAX: Final = 1_000
"""Longest number that is read, in characters; also when written without an exponent."""


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Return what a JSON text holds: str, int, Decimal, bool, list, dict or None.

    Raises:
        JsonError: The text is not JSON, is not UTF-8, repeats a key, nests too deep, has a number
            that is not one (``NaN``, ``Infinity``), or half of a character.
    """
    if type(text) is bytes and len(text) <= NUMBER_LENGTH_MAX:
        flat = _flat(text)
        if flat is not None:
            return flat
    decoded = _decoded(text) if isinstance(text, bytes) else text
    decoder = _SHORT if len(decoded) <= NUMBER_LENGTH_MAX else _LONG
    try:
        value = decoder.decode(decoded)
    except json.JSONDecodeError as error:
        message = f"not JSON: {_lower(error.msg)}"
        raise JsonError(message, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise JsonError("not readable: nests too deep") from None
    if decoded.count("[") + decoded.count("{") > DEPTH_MAX and _is_deeper(value, DEPTH_MAX):
        raise JsonError(f"not readable: nests deeper than {DEPTH_MAX} levels")
    if "\\u" in decoded and _HALF.search(decoded):
        _require_whole_characters(value)
    return value


def _flat(raw: bytes) -> dict[str, Any] | None:
    """Return a short object of texts, whole numbers, truth values and nulls, as most facts are.

    Nothing that pydantic's reader takes otherwise than ours gets through: ``None`` of all else,
    also of what is no JSON, which the exact reader then reads or refuses.
    """
    try:
        value = from_json(raw, allow_inf_nan=False)
    except ValueError:
        return None
    if type(value) is not dict or len(value) != raw.count(b":"):  # a key twice, or a colon in text
        return None
    return value if _FLAT.issuperset(map(type, value.values())) else None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise JsonError("not JSON: the text is not UTF-8", line=line) from None


def _decimal(text: str) -> Decimal:
    _require_short(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    if value is None or _is_longer(value, NUMBER_LENGTH_MAX):
        raise JsonError(f"not readable: the number {code(text[:20])} is beyond all bounds")
    return value


def _is_longer(value: Decimal, digits: int) -> bool:
    """Whether a number has more digits before or behind the point; so few characters may."""
    behind = -int(value.as_tuple().exponent)
    return value.adjusted() >= digits or behind > digits


def _whole(text: str) -> int:
    _require_short(text)
    return int(text)


def _require_short(text: str) -> None:
    if len(text) > NUMBER_LENGTH_MAX:
        raise JsonError(f"not readable: the number {code(text[:20])}… is too long")


def _no_constant(name: str) -> NoReturn:
    hint = 'write "unlimited" where a quantity has no limit' if "Inf" in name else None
    raise JsonError(f"not JSON: {code(name)} is no number", hint=hint)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise JsonError(f"not readable: the key {code(twice)} stands twice in one object")
    return members


def _require_whole_characters(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise JsonError("not readable: a text holds half of a character") from None


def _is_deeper(value: object, levels: int) -> bool:
    """Whether lists and objects nest deeper; iterative, so that no input exhausts the stack."""
    layer: list[object] = [value]
    for _ in range(levels + 1):
        inner = [part for part in layer if isinstance(part, list | dict)]
        layer = [item for part in inner for item in _items(part)]
        if not layer:
            return False
    return True


def _items(part: list[Any] | dict[str, Any]) -> list[Any]:
    return part if isinstance(part, list) else list(part.values())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_LONG: Final = json.JSONDecoder(
    parse_float=_decimal,
    parse_int=_whole,
    parse_constant=_no_constant,
    object_pairs_hook=_members,
)
_SHORT: Final = json.JSONDecoder(  # the same where no number can be too long, and faster
    parse_float=_decimal, parse_constant=_no_constant, object_pairs_hook=_members
)
_FLAT: Final = frozenset({str, int, bool, type(None)})
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that is half of a character, unless the other half stands behind it."""
