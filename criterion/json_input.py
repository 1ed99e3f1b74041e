"""JSON input: text as plain data, every digit kept, nothing doubtful accepted."""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from criterion.errors import JsonError
from criterion.text import code

DEPTH_MAX: Final = 100
"""How deep lists and objects may stand in one another."""

NUMBER_LENGTH_MAX: Final = 1_000
"""Longest number that is read, in characters."""


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Return what a JSON text holds: str, int, Decimal, bool, list, dict or None.

    Raises:
        JsonError: The text is not JSON, is not UTF-8, repeats a key, nests too deep, or has a
            number that is not one (``NaN``, ``Infinity``).
    """
    decoded = _decoded(text) if isinstance(text, bytes) else text
    try:
        value = json.loads(
            decoded,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_members,
        )
    except json.JSONDecodeError as error:
        message = f"not JSON: {_lower(error.msg)}"
        raise JsonError(message, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise JsonError("not readable: nests too deep") from None
    if _is_deeper(value, DEPTH_MAX):
        raise JsonError(f"not readable: nests deeper than {DEPTH_MAX} levels")
    return value


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise JsonError("not JSON: the text is not UTF-8", line=line) from None


def _decimal(text: str) -> Decimal:
    _require_short(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise JsonError(f"not readable: the number {code(text)} is beyond all bounds") from None


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
