"""Literals: numbers and texts, read from how they are written."""

import re
from decimal import Decimal
from typing import Final

from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX
from criterion.expression.tokens import unsafe_offset
from criterion.text import code

_NUMBER: Final = re.compile(
    r"(?P<whole>[0-9]+(?:_[0-9]+)*)?(?P<part>\.[0-9]+(?:_[0-9]+)*)?(?P<power>[eE][+-]?[0-9]{1,4})?",
    re.ASCII,
)
_ESCAPES: Final = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SUFFIXES: Final = {"k": "e3", "K": "e3", "m": "e6", "M": "e6", "bn": "e9", "G": "e9"}
_SUFFIXED: Final = re.compile(r"([0-9]+)(k|K|m|M|bn|G)")


class LiteralMistakeError(Exception):
    """A literal cannot be read.

    Attributes:
        kind: One of `MISTAKES`.
        offset: Where in the literal.
        message: What is wrong.
        hint: What to type instead, or ``None``.
    """

    def __init__(self, kind: str, message: str, hint: str | None, offset: int = 0) -> None:
        """Keep what the parser makes an error of."""
        super().__init__(message)
        self.kind, self.message, self.hint, self.offset = kind, message, hint, offset


def read_number(text: str) -> int | Decimal:
    """Return the number: exact, whole ones such as ``1e9`` as int.

    Raises:
        LiteralMistakeError: It is written wrongly, or beyond the bounds.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise LiteralMistakeError("number", f"{code(text)} is not a number", _number_hint(text))
    whole = str(match["whole"] or "0")
    if len(whole) > 1 and whole[0] == "0":
        shown = code(text.lstrip("0_") or "0")
        hint = f'write {shown}; for a date, write `date("2026-01-31")`'
        raise LiteralMistakeError("number", f"{code(text)} begins with 0", hint)
    return _bounded(text, is_whole=not match["part"] and not match["power"])


def _bounded(text: str, *, is_whole: bool) -> int | Decimal:
    value = Decimal(text.replace("_", ""))
    if not value:
        return Decimal(0) if "." in text else 0
    digits = len("".join(map(str, value.as_tuple().digits)).rstrip("0"))
    if is_whole and value > INTEGER_MAX:
        hint = f"whole numbers go up to {INTEGER_MAX:_}; for no limit, write `unlimited`"
        raise LiteralMistakeError("number", f"{code(text)} is out of bounds", hint)
    if digits > DIGITS_MAX:
        hint = f"use at most {DIGITS_MAX} digits"
        raise LiteralMistakeError("number", f"{code(text)} has too many digits", hint)
    if abs(value.adjusted()) > EXPONENT_MAX:
        hint = "for no limit, write `unlimited`" if value > 1 else "write `0`"
        raise LiteralMistakeError("number", f"{code(text)} is out of bounds", hint)
    can_be_whole = "." not in text and value <= INTEGER_MAX and value == value.to_integral_value()
    return int(value) if can_be_whole else value


def _number_hint(text: str) -> str | None:
    if suffixed := _SUFFIXED.fullmatch(text):
        return f"write `{suffixed[1]}{_SUFFIXES[suffixed[2]]}`"
    if text.count(".") > 1:
        return f'a version is text: write `"{text}"`'
    if text[:2] in {"0x", "0X", "0b", "0o"}:
        return "write it in digits 0 to 9"
    if "_" in text:
        return "put single `_` between digits, as in `100_000`"
    return "put a space or an operator between the number and the word"


def read_text(literal: str) -> str:
    r"""Return the text between the quotes; ``\\ \" \' \n \t \uXXXX`` are escapes.

    Raises:
        LiteralMistakeError: It has another escape, or a character that a reader does not see.
    """
    offset = unsafe_offset(literal)
    if offset is not None:
        shown = f"\\u{ord(literal[offset]):04x}"
        message = f"the text holds the invisible character {code(shown)}"
        hint = f"delete it, or write {code(shown)}"
        raise LiteralMistakeError("character", message, hint, offset)
    body = literal[1:-1]
    return body if "\\" not in body else _ESCAPE.sub(_unescaped, body)


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    if escape in _ESCAPES:
        return _ESCAPES[escape]
    if len(escape) > 1 and not 0xD800 <= int(escape[1:], 16) <= 0xDFFF:  # noqa: PLR2004 -- surrogates
        return chr(int(escape[1:], 16))
    message = f"{code(match[0])} means nothing in a text"
    raise LiteralMistakeError("syntax", message, r"for a backslash, write `\\`", match.start() + 1)
