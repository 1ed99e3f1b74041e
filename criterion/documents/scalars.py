"""Plain scalars: what an unquoted word in a file means. Whatever is not clearly else, is text."""

import re
from decimal import Decimal
from typing import Final

from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX
from criterion.text import code

Scalar = str | int | Decimal | bool | None

NUMBER_LENGTH_MAX: Final = 100
"""Longest text that is tried as a number, in characters."""

EXPONENT_LENGTH_MAX: Final = 4
"""How many characters the exponent of a number may have."""

_WORDS: Final[dict[str, Scalar]] = {
    "true": True, "false": False, "null": None, "~": None, "": None,
}  # fmt: skip
_LOOKALIKES: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "Null": "null", "NULL": "null",
}  # fmt: skip
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)", re.ASCII)
_DECIMAL: Final = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII
)
_LONG_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9_.]*(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)


class UnclearScalarError(ValueError):
    """A word that may not stand unquoted, or a number beyond the bounds.

    Attributes:
        hint: What to type instead.
    """

    def __init__(self, message: str, hint: str) -> None:
        """Say what is wrong with the word, and what to type instead."""
        super().__init__(message)
        self.hint = hint


def meaning_of(text: str) -> Scalar:
    """Return the value of an unquoted word.

    Numbers are ``3``, ``-5``, ``100_000``, ``0.8``, ``1e9`` (whole, so an int); a decimal keeps its
    digits. ``no``, ``010``, ``1:30``, ``0x1F`` and ``2026-01-31`` are text.

    Raises:
        UnclearScalarError: The word is refused; the message says why.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in _LOOKALIKES:
        word = _LOOKALIKES[text]
        message = f"{code(text)} is neither {code(word)} nor text"
        raise UnclearScalarError(message, f"write {code(word)}, or quote the text")
    if not (text[0] in "+-." or "0" <= text[0] <= "9"):
        return text
    if _NOT_FINITE.fullmatch(text):
        hint = "write `unlimited` where a quantity has no limit"
        raise UnclearScalarError(f"{code(text)} is not a number that can be counted with", hint)
    if len(text) > NUMBER_LENGTH_MAX:
        return _long(text)
    if _WHOLE.fullmatch(text):
        return _whole(int(text.replace("_", "")), text)
    return _decimal(text) if _DECIMAL.fullmatch(text) else text


def _long(text: str) -> str:
    if _LONG_NUMBER.fullmatch(text):
        raise UnclearScalarError(f"{code(text)} has too many digits", "quote it if it is text")
    return text


def _whole(number: int, text: str) -> int:
    if abs(number) <= INTEGER_MAX:
        return number
    message = f"{code(text)} is beyond the bounds of whole numbers"
    raise UnclearScalarError(message, "stay below 9_223_372_036_854_775_808, or quote it as text")


def _decimal(text: str) -> int | Decimal:
    exponent = re.split("[eE]", text)[1:]
    is_huge = bool(exponent) and len(exponent[0]) > EXPONENT_LENGTH_MAX
    number = Decimal("Infinity" if is_huge else text.replace("_", ""))
    if number.is_infinite() or (number and abs(number.adjusted()) > EXPONENT_MAX):
        message = f"{code(text)} is beyond the bounds of numbers"
        hint = f"stay between 1e-{EXPONENT_MAX} and 1e{EXPONENT_MAX}, or quote it as text"
        raise UnclearScalarError(message, hint)
    if len(number.as_tuple().digits) > DIGITS_MAX:
        message = f"{code(text)} has more than {DIGITS_MAX} digits"
        raise UnclearScalarError(message, "shorten it, or quote it as text")
    is_whole = number == number.to_integral_value() and "." not in text
    return int(number) if is_whole and abs(number) <= INTEGER_MAX else number
