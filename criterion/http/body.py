"""Bodies: bytes as facts, every digit kept, nothing doubtful accepted."""

import codecs
from typing import Any, Final

from criterion.errors import JsonError
from criterion.http.message import Request
from criterion.http.problem import Problem, problem
from criterion.json_input import read_json

MEDIA_TYPE: Final = "application/json"

DIGITS_READ_MAX: Final = 20
"""How many digits of a ``Content-Length`` are read; so many alone are far too much."""


def refused_body(request: Request, bytes_max: int) -> Problem | None:
    """Return why a body is not even read: its kind or its length."""
    given = request.headers.get("content-type", "")
    if given != MEDIA_TYPE and not _is_json(given):
        return problem("unsupported_media_type", "send `Content-Type: application/json`")
    announced = announced_bytes(request.headers.get("content-length", ""))
    if len(request.body) > bytes_max or announced > bytes_max:
        return problem("body_too_large", f"a body may have at most {bytes_max} bytes")
    return None


def is_plainly_json(request: Request, bytes_max: int) -> bool:
    """Whether a request posts JSON in the plainest words, and announces no more than it may."""
    header = request.headers.get
    return (
        request.method == "POST"
        and header("content-type") == MEDIA_TYPE
        and announced_bytes(header("content-length", "")) <= bytes_max
    )


def read_body(body: bytes) -> Any | Problem:  # noqa: ANN401 -- JSON of any shape
    """Return what the body holds, or why it is refused."""
    if body.startswith(codecs.BOM_UTF8):
        return problem("invalid_json", "not JSON: the text begins with a byte order mark")
    try:
        return read_json(body)
    except JsonError as error:
        return problem("invalid_json", _said(error))


def _said(error: JsonError) -> str:
    hint = f"; {error.hint}" if error.hint else ""
    if error.line is None or error.column is None:
        return f"{error.args[0]}{hint}"
    return f"{error.args[0]}, in line {error.line}, column {error.column}{hint}"


def _is_json(content_type: str) -> bool:
    """Whether the type is JSON; of its parameters only a charset counts, and must be UTF-8."""
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part for part in parameters if part.startswith("charset")]
    return kind == MEDIA_TYPE and all(
        part.partition("=")[2].strip().strip('"') in {"utf-8", "utf8"} for part in charsets
    )


def announced_bytes(content_length: str) -> int:
    """Return the length of a body as announced; 0 where nothing readable is."""
    is_number = content_length.isascii() and content_length.isdecimal()
    return int(content_length[:DIGITS_READ_MAX]) if is_number else 0
