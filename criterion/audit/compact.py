"""Compact JSON: one ASCII line, written by C code wherever the data allows it."""

import json.encoder
from collections.abc import Callable, Iterable
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from criterion.json_text import WHOLE_BITS_MAX, Plain, canonical_json, json_text, plain
from criterion.quantity import UNLIMITED
from criterion.redaction import Redacted

NOT_PLAIN: Final = "[not plain data]"
"""What stands for a value that JSON has no form for."""


WHOLE_DIGITS_MAX: Final = 4_000
"""Longest whole number that is written as a number; Python reads 4,300 digits."""


def compact(value: object) -> str:
    """Return data as one line of JSON: ASCII, exact decimals, nothing that HTML would read.

    Redacted members are text, or not there where dropped; what is no data is `NOT_PLAIN`.
    """
    return inert(written(value))


def written(value: object) -> str:
    """Return the same, but with what HTML would read."""
    try:
        return "".join(_write(value, 0))
    except (_SlowlyError, TypeError, ValueError):
        return json_text(_readable(_plain(value)))


def inert(text: str) -> str:
    """Return JSON text without the characters that begin something in HTML."""
    if "<" in text or ">" in text or "&" in text:  # asking costs a tenth of replacing
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text


def canonical(value: object) -> str:
    """Return the one text that the same data has: its keys sorted, its decimals shortest."""
    return exact(value) or canonical_json(_plain(value))


def exact(value: object) -> str | None:
    """Return the canonical text of data, or ``None`` where it would not show every digit."""
    try:
        return "".join(_write_sorted(value, 0))
    except (_SlowlyError, TypeError, ValueError):
        return None


class _SlowlyError(Exception):
    """There is something in the data that only Python code writes exactly."""


def _plain(value: object) -> Plain:
    return plain(value, other=_no_data)


def _readable(value: Plain) -> Plain:
    """Return data with text for whole numbers so long that Python's own reader refuses them."""
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    is_long = isinstance(value, Decimal) or value.bit_length() > WHOLE_BITS_MAX
    digits = str(Decimal(value)) if is_long else ""
    return digits if len(digits) > WHOLE_DIGITS_MAX and "." not in digits else value


def _no_data(_: object) -> str:
    return NOT_PLAIN


def _written(value: object) -> Any:  # noqa: ANN401 -- plain data
    """Return what C code writes in place of a value that it does not know."""
    if isinstance(value, Redacted):  # perhaps dropped, which is for what holds it to do
        raise _SlowlyError
    if not isinstance(value, Decimal):
        return _plain(value)
    digits = str(value)
    if digits.isdigit():
        return int(digits)
    if value == UNLIMITED:
        return _plain(value)
    raise _SlowlyError


def _only_whole(value: object) -> Any:  # noqa: ANN401 -- plain data
    if isinstance(value, Decimal) and (digits := str(value)).isdigit():
        return int(digits)
    raise _SlowlyError


_Encoder = Callable[[object, int], Iterable[str]]
"""Returns the pieces of the text of a value, at a level of indentation."""


def _encoder(default: Callable[[object], Any], *, sort_keys: bool) -> _Encoder:
    """Return what `json.JSONEncoder.encode` makes anew on each call, which is half its time."""
    given: dict[str, Any] = {"default": default, "sort_keys": sort_keys}
    encoder = json.JSONEncoder(
        check_circular=False, allow_nan=False, separators=(",", ":"), **given
    )
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without the C code
        return lambda value, _: encoder.iterencode(value)
    skip_keys = allow_nan = False
    form = (encode_basestring_ascii, None, ":", ",", sort_keys, skip_keys, allow_nan)
    made: _Encoder = make(None, default, *form)
    return made


_write: Final = _encoder(_written, sort_keys=False)
_write_sorted: Final = _encoder(_only_whole, sort_keys=True)
