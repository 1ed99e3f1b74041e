"""JSON text with exact decimals, for people and programs, and in the canonical form of digests."""

import datetime as dt
import enum
import hashlib
import json.encoder
import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any, Final, NoReturn

from criterion.exact import EXPONENT_MAX, UNLIMITED_TEXT, json_number
from criterion.quantity import UNLIMITED
from criterion.redaction import Redacted

SECONDS_MAX: Final = 16
"""How many seconds are remembered as text."""

WHOLE_BITS_MAX: Final = 14_000
"""Longest whole number that `json.dumps` prints whatever Python's own limit of 4,300 digits."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""The types whose values are plain already; subclasses may print themselves otherwise."""

Plain = str | int | Decimal | bool | list[Any] | dict[str, Any] | None
"""What JSON can hold, with its numbers as int or Decimal."""


def _no_form(value: object) -> NoReturn:
    message = f"a {type(value).__name__} has no form in JSON"
    raise TypeError(message)


def _unlimited(value: object) -> str:
    return UNLIMITED_TEXT if isinstance(value, Decimal) and value == UNLIMITED else _no_form(value)


def plain(value: object, other: Callable[[object], str] = _no_form) -> Plain:  # noqa: PLR0911 -- one line per kind of value
    """Return dumped fields as plain data; redacted members as text, or not at all where dropped.

    Args:
        value: What ``model_dump`` returned.
        other: Makes text of a value that has no form in JSON, such as NaN or a path.

    Raises:
        TypeError: A value has no form in JSON, and ``other`` was not given.
    """
    if type(value) in _AS_THEY_ARE:
        return value  # type: ignore[return-value] # one of these types
    if type(value) is dict:
        return _members(value, other)
    if isinstance(value, str | bool) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value, other)
    if isinstance(value, int | float | Decimal):
        return _number(value, other)
    if isinstance(value, Mapping):
        return _members(value, other)
    if isinstance(value, set | frozenset):
        return sorted((plain(item, other) for item in value), key=json_text)
    if isinstance(value, list | tuple):
        return [plain(item, other) for item in value if not _dropped(item)]
    return _text(value, other)


def _members(value: Mapping[Any, object], other: Callable[[object], str]) -> Plain:
    return {
        key if type(key) is str else _key(key, other): plain(item, other)
        for key, item in value.items()
        if type(item) in _AS_THEY_ARE or not _dropped(item)
    }


def _number(value: float | Decimal, other: Callable[[object], str]) -> Plain:
    if isinstance(value, int):
        return int(value)
    number = Decimal(value) if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if number.is_finite():
        return number
    return UNLIMITED_TEXT if not number.is_nan() and number == UNLIMITED else other(number)


def _text(value: object, other: Callable[[object], str]) -> str:
    if isinstance(value, Redacted):
        return value.kept
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else other(value)


def _duration(value: dt.timedelta) -> str:
    whole, rest = divmod(abs(value), dt.timedelta(seconds=1))
    fraction = f".{rest.microseconds:06}".rstrip("0") if rest else ""
    return f"{'-' if value.days < 0 else ''}PT{whole}{fraction}S"


def instant(value: dt.datetime) -> str:
    """Return an instant as RFC 3339 text, with ``Z`` for UTC."""
    if value.tzinfo is dt.UTC:
        since = value - _EPOCH
        second, rest = _second(since.days, since.seconds), since.microseconds
        return f"{second}.{rest:06}Z" if rest else f"{second}Z"
    text = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


@lru_cache(SECONDS_MAX)
def _second(days: int, seconds: int) -> str:
    """Return a second, counted from 1970, without its zone; many instants are told within one."""
    return (_EPOCH + dt.timedelta(days, seconds)).isoformat()[:-6]


def _key(key: object, other: Callable[[object], str]) -> str:
    part = plain(key, other)
    return part if isinstance(part, str) else json_text(part)


def _dropped(value: object) -> bool:
    return isinstance(value, Redacted) and value.mode == "drop"


def json_text(value: Plain) -> str:
    """Return JSON text; decimals keep all their digits."""
    if type(value) is str:
        return encode_basestring_ascii(value)
    try:
        return _encode(value)
    except (TypeError, ValueError):  # it holds a decimal, or a number too long for Python's writer
        return _write(value, str, list)


def flat_text(members: Mapping[str, object]) -> str | None:
    """Return the JSON text of texts, whole numbers, truth values, nulls and unlimited quantities.

    It is what `json_text` makes of the same members as plain data, in a third of the time.

    Returns:
        The text; ``None`` where a member is anything else, such as a decimal.
    """
    try:
        return _encode_flat(members)
    except (TypeError, ValueError):
        return None


def canonical_json(value: Plain) -> str:
    """Return the one text that equal data has: keys sorted, equal numbers written alike."""
    return _write(value, _shortest, sorted)


def digest_of(value: Plain) -> str:
    """Return ``sha256:…`` of the canonical text."""
    return f"sha256:{hashlib.sha256(canonical_json(value).encode('ascii')).hexdigest()}"


def builtin(value: Plain) -> Any:  # noqa: ANN401 -- plain data of any shape
    """Return plain data that ``json.dumps`` takes: decimals as int, or as the nearest float.

    Numbers that no float comes near, and whole ones too long to print, are text.
    """
    if isinstance(value, int) and value.bit_length() > WHOLE_BITS_MAX:
        return str(Decimal(value))
    if isinstance(value, Decimal):
        number = json_number(value)
        near = float(number) if isinstance(number, str) else number
        return number if near in {float("inf"), float("-inf")} else near
    if isinstance(value, list):
        return [builtin(item) for item in value]
    if isinstance(value, dict):
        return {key: builtin(item) for key, item in value.items()}
    return value


def _write(
    value: Plain,
    number: Callable[[Decimal], str],
    order: Callable[[Iterable[tuple[str, Any]]], list[tuple[str, Any]]],
) -> str:
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | Decimal):
        return number(Decimal(value))
    if isinstance(value, list):
        return f"[{','.join(_write(item, number, order) for item in value)}]"
    members = (
        f"{encode_basestring_ascii(key)}:{_write(item, number, order)}"
        for key, item in order(value.items())
    )
    return f"{{{','.join(members)}}}"


def _shortest(number: Decimal) -> str:
    """Write a number without trailing zeros; 1, 1.0 and 1E0 are one number."""
    if not number:
        return "0"
    exact = Context(prec=len(number.as_tuple().digits), Emax=MAX_EMAX, Emin=MIN_EMIN)
    short = exact.normalize(number)
    return str(short) if abs(short.adjusted()) > EXPONENT_MAX else f"{short:f}"


def encoder(other: Callable[[object], object]) -> Callable[[object], str]:
    """Return Python's own writer, in C; what it does not know, such as decimals, ``other`` makes.

    Made once: `JSONEncoder.encode` makes it anew for every text, which takes as long as to write.
    """
    python = json.encoder.JSONEncoder(separators=(",", ":"), check_circular=False, default=other)
    make: Any = getattr(json.encoder, "c_make_encoder", None)  # not every Python has it
    if make is None:
        return python.encode
    marks = python.key_separator, python.item_separator
    write = make(None, other, encode_basestring_ascii, None, *marks, False, False, True)  # noqa: FBT003 -- C takes no names
    return lambda value: "".join(write(value, 0))


_encode: Final = encoder(_no_form)
_encode_flat: Final = encoder(_unlimited)
