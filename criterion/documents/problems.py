"""Problems of one file: collected while it is read, shown all at once with line and caret."""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple

from criterion.errors import DocumentError, FileProblem
from criterion.text import one_line

PROBLEMS_MAX: Final = 50
"""How many problems of one file are listed."""

EXCERPT_LENGTH_MAX: Final = 100
"""How much of a long line is shown, in characters."""

# What YAML counts as the end of a line.
_LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Place(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


class Problems:
    """What is wrong in one file, so far.

    Attributes:
        file: The file's name, as people know it.
        text: All of the file.
    """

    def __init__(self, file: str, text: str) -> None:
        """Start without problems."""
        self.file = file
        self.text = text
        self._found: dict[tuple[int, str], str | None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, offset: int, message: str, hint: str | None = None) -> None:
        """Note a problem at an offset, counted in characters from 0; the same one only once."""
        self._found.setdefault((min(offset, len(self.text)), message), hint)

    def forget(self, start: int, end: int) -> None:
        """Drop what was noted between two offsets: a better reason is known."""
        self._found = {key: hint for key, hint in self._found.items() if not start <= key[0] < end}

    def is_noted(self, start: int, end: int) -> bool:
        """Whether there is a problem between two offsets."""
        return any(start <= offset < end for offset, _ in self._found)

    def line_of(self, offset: int) -> tuple[int, int]:
        """Return where the line of an offset begins and ends."""
        start = self.offset_of_line(self.place(offset).line)
        return start, start + len(self.line_at(offset)) + 1

    def raise_if_any(self) -> None:
        """Raise what was found.

        Raises:
            DocumentError: The problems in the order of the file, at most `PROBLEMS_MAX`.
        """
        if self._found:
            raise self.error()

    def error(self) -> DocumentError:
        """Return what was found as one error."""
        ordered = sorted(self._found.items(), key=lambda item: item[0][0])
        marks = [self.mark(*key, hint) for key, hint in ordered[:PROBLEMS_MAX]]
        left = len(ordered) - len(marks)
        if left:
            marks.append(marks[-1]._replace(message=f"… and {left} more", hint=None, excerpt=""))
        return DocumentError(self.file, marks)

    def place(self, offset: int) -> Place:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def offset_of_line(self, line: int) -> int:
        """Return where a line begins."""
        return self._starts[line - 1]

    def line_text(self, line: int) -> str:
        """Return a line without its end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n\x85\u2028\u2029")

    def line_at(self, offset: int) -> str:
        """Return the line that holds an offset."""
        return self.line_text(self.place(offset).line)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]

    def mark(self, offset: int, message: str, hint: str | None) -> FileProblem:
        """Return one problem as it is shown."""
        place = self.place(offset)
        excerpt = _excerpt(self.line_text(place.line), place.column)
        return FileProblem(self.file, *place, one_line(message, 500), hint, excerpt)


def _excerpt(line: str, column: int) -> str:
    """Return the line and, below it, a caret; of a long line the part around the column."""
    if not line.strip():
        return ""
    first = max(0, column - EXCERPT_LENGTH_MAX * 2 // 3) if len(line) > EXCERPT_LENGTH_MAX else 0
    shown = line[first : first + EXCERPT_LENGTH_MAX]
    before, after = (
        _plain(part) for part in (shown[: column - 1 - first], shown[column - 1 - first :])
    )
    lead = "…" if first else ""
    indent = 0 if lead else len(before) - len(before.lstrip())
    caret = " " * (len(lead) + len(before) - indent) + "^"
    return f"{lead}{(before + after)[indent:].rstrip()}\n{caret}"


def _plain(text: str) -> str:
    return one_line(text.replace("\t", " "))
