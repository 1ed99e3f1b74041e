"""Writing YAML: plain data as text that reads back as the same data."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from criterion.documents.scalars import UnclearScalarError, meaning_of
from criterion.quantity import UNLIMITED, UNLIMITED_TEXT

LINE_LENGTH_MAX: Final = 100
"""Up to how many characters a list or mapping of plain words stands in one line."""

_PLAIN: Final = re.compile(r"""[A-Za-z0-9_=][A-Za-z0-9_ .,;()+*/<>=!\[\]{}'"%-]*""", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.-]*", re.ASCII)
_OLD_BOOLEANS: Final = frozenset({"y", "n", "yes", "no", "on", "off"})
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write_yaml(value: Mapping[str, Any]) -> str:
    """Return a mapping as YAML in the house's form: two spaces, plain words unquoted."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{indent}{_text(key, is_key=True)}:", item, indent)


def _entry(lead: str, item: Any, indent: str) -> Iterator[str]:  # noqa: ANN401 -- plain data
    short = _inline(item)
    is_short = short is not None and len(lead) + len(short) < LINE_LENGTH_MAX
    if is_short or not isinstance(item, Mapping | list | tuple):
        yield f"{lead} {short}"
    elif isinstance(item, Mapping):
        yield lead
        yield from _mapping(item, f"{indent}  ")
    else:
        yield lead
        for part in item:
            yield from _item(part, f"{indent}  ")


def _item(part: Any, indent: str) -> Iterator[str]:  # noqa: ANN401
    if isinstance(part, Mapping) and part:
        first, *rest = _mapping(part, f"{indent}  ")
        yield f"{indent}- {first.lstrip()}"
        yield from rest
    else:
        yield from _entry(f"{indent}-", part, indent)


def _inline(item: Any) -> str | None:  # noqa: ANN401
    """Return a scalar, or a collection of plain words, as one line."""
    if isinstance(item, Mapping):
        parts = [(_text(key, is_key=True), _inline_part(part)) for key, part in item.items()]
        if any(part is None for _, part in parts):
            return None
        return f"{{{', '.join(f'{key}: {part}' for key, part in parts)}}}"
    if isinstance(item, list | tuple):
        shown = [_inline_part(part) for part in item]
        return None if None in shown else f"[{', '.join(map(str, shown))}]"
    return _scalar(item)


def _inline_part(item: Any) -> str | None:  # noqa: ANN401
    if isinstance(item, str):
        is_word = _WORD.fullmatch(item) and _reads_back(item)
        return item if is_word else json_like(item)
    return _inline(item)


def _scalar(item: Any) -> str:  # noqa: ANN401
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        return str(item)
    if isinstance(item, Decimal):
        return UNLIMITED_TEXT if item == UNLIMITED else _number(item)
    return _text(str(item))


def _number(item: Decimal) -> str:
    """Return a decimal that reads back as one: with a point, or as a text of its digits."""
    text = str(item)
    return text if "." in text or "E" not in text else text.replace("E", ".E")


def _text(item: str, *, is_key: bool = False) -> str:
    if is_key:
        return item if _WORD.fullmatch(item) else json_like(item)
    is_plain = _PLAIN.fullmatch(item) and item == item.strip() and _reads_back(item)
    return item if is_plain else _quoted(item)


def _quoted(item: str) -> str:
    is_easier = '"' in item and "'" not in item and item.isprintable()
    return f"'{item}'" if is_easier else json_like(item)


def _reads_back(item: str) -> bool:
    if item == UNLIMITED_TEXT or item.lower() in _OLD_BOOLEANS:
        return False
    try:
        return meaning_of(item) == item
    except UnclearScalarError:
        return False


def json_like(item: str) -> str:
    """Return text in double quotes, whatever is in it."""
    quoted = json.dumps(item, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
