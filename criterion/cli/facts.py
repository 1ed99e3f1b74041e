"""Facts: one JSON object or one per line, from an argument, a file or standard input."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeAlias

from criterion.cli.problems import UsageError
from criterion.errors import JsonError
from criterion.json_input import read_json
from criterion.text import code

TEXT_BYTES_MAX: Final = 50_000_000
"""How long one set of facts may be."""

LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
"""Files that hold one object per line, even if it is only one."""

STDIN: Final = "-"

NAME_LENGTH_MAX: Final = 255
"""How long a text may be that is taken for the name of a file."""

QUOTES_HINT: Final = """write names and texts in double quotes, as in `'{"plan": "pro"}'`"""

NumberedLine: TypeAlias = tuple[int, bytes]


class Facts(NamedTuple):
    """What was given.

    Attributes:
        is_many: Whether these are JSON lines, to be answered in lines.
        items: One for each set of facts; where a line is not JSON, the error that says so.
    """

    is_many: bool
    items: Iterator[Any]


@contextmanager
def opened(given: str | None, file: Path | None) -> Iterator[BinaryIO]:
    """Open what was given: JSON text, ``@file``, ``-`` for standard input, or a file's name.

    Raises:
        UsageError: Nothing was given, or two things, or the file cannot be read.
    """
    if (given is None) == (file is None):
        message = "no facts were given" if given is None else "facts were given twice"
        hint = "give JSON text, `@file.json`, or `-` for standard input"
        raise UsageError(message, hint=hint)
    if STDIN in {given, str(file)}:
        yield sys.stdin.buffer
    elif given is not None and not given.startswith("@"):
        _refuse_name(given)
        yield io.BytesIO(given.encode("utf-8", "surrogateescape"))
    else:
        with _file(file or Path((given or "")[1:])) as stream:
            yield stream


def facts_in(stream: BinaryIO) -> Facts:
    """Tell one object from JSON lines, and read it or them.

    One object may stand on many lines. Where the first line is JSON by itself and more follow,
    each line is a set of facts of its own, read when it is asked for.

    Raises:
        JsonError: There is one object, and it is not JSON.
    """
    lines = ((number, line) for number, line in _lines(stream) if line.strip())
    first = next(lines, (1, b""))
    second = next(lines, None)
    if Path(str(getattr(stream, "name", ""))).suffix in LINES_SUFFIXES:
        return Facts(is_many=True, items=map(_item, _joined(first, second, lines)))
    if second is not None and not isinstance(_item(first), JsonError):
        return Facts(is_many=True, items=map(_item, _joined(first, second, lines)))
    return Facts(is_many=False, items=iter((_whole(first, second, stream),)))


def _refuse_name(given: str) -> None:
    """Refuse what is the name of a file, and no JSON."""
    if given[:1] not in {"{", "["} and len(given) <= NAME_LENGTH_MAX and Path(given).is_file():
        raise UsageError(f"{code(given)} is a file, and no JSON", hint=f"write `@{given}`")


def _file(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        message = f"{code(str(file))} cannot be read: {error.strerror}"
        raise UsageError(message) from None


def _lines(stream: BinaryIO) -> Iterator[NumberedLine]:
    number = 0
    while line := stream.readline(TEXT_BYTES_MAX):
        number += 1
        yield number, line


def _joined(
    first: NumberedLine, second: NumberedLine | None, rest: Iterator[NumberedLine]
) -> Iterator[NumberedLine]:
    head = [line for line in (first, second) if line is not None and line[1].strip()]
    return chain(head, rest)


def _item(line: NumberedLine) -> Any:  # noqa: ANN401 -- JSON of any shape, or an error
    try:
        return read_json(line[1])
    except JsonError as error:
        return JsonError(str(error.args[0]), line=line[0], column=error.column, hint=error.hint)


def _whole(first: NumberedLine, second: NumberedLine | None, stream: BinaryIO) -> Any:  # noqa: ANN401
    """Read one object that may stand on many lines; blank ones count, for errors."""
    number, text = first
    if second is not None:
        text += b"\n" * (second[0] - number - 1) + second[1] + stream.read(TEXT_BYTES_MAX)
    if len(text) >= TEXT_BYTES_MAX:
        raise JsonError(f"not readable: longer than {TEXT_BYTES_MAX} bytes")
    try:
        return read_json(b"\n" * (number - 1) + text)
    except JsonError as error:
        hint = error.hint or (None if b'"' in text else QUOTES_HINT)
        message = str(error.args[0])
        raise JsonError(message, line=error.line, column=error.column, hint=hint) from None
