"""Removing from JSON lines: payloads are overwritten where they stand, old files deleted.

A line keeps its length, so that a program that appends to the same file is not disturbed.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from criterion.audit.entry import Entry, entry_of
from criterion.audit.removal import Removal, holds


class _Line(NamedTuple):
    """One line that is an entry.

    Attributes:
        start: Where it begins, in bytes.
        length: Its bytes without the newline.
        entry: What it is.
    """

    start: int
    length: int
    entry: Entry


def remove_lines(place: Path, removal: Removal) -> None:
    """Remove from a folder, or from one file, what a removal names; the oldest files first.

    Raises:
        OSError: A file cannot be read or written.
    """
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    pruned = {each.writer: each.sequence for each in removal.pruned}
    for file in files:
        if not _delete(file, pruned):
            _overwrite(file, removal, pruned)


def _delete(file: Path, pruned: dict[str, int]) -> bool:
    """Delete a file if everything in it is pruned and nobody writes it; say whether it was."""
    lines = list(_entries(file))
    if not lines or any(each.sequence > pruned.get(each.writer, 0) for each in lines):
        return False
    with file.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        file.unlink()
    return True


def _entries(file: Path) -> Iterator[Entry]:
    return (line.entry for line in _lines(file))


def _overwrite(file: Path, removal: Removal, pruned: dict[str, int]) -> None:
    """Overwrite the payloads that a removal names."""
    with file.open("r+b") as stream:
        for start, length, entry in _lines(file):
            named = holds(removal.erased.get(entry.writer, ()), entry.sequence)
            if entry.payload is None or not (
                named or entry.sequence <= pruned.get(entry.writer, 0)
            ):
                continue
            erased = entry._replace(salt=None, payload=None).line().encode("ascii")
            os.pwrite(stream.fileno(), erased.ljust(length), start)
        os.fsync(stream.fileno())


def _lines(file: Path) -> Iterator[_Line]:
    """Yield the lines of a file that are entries; one that is not finished is none."""
    start = 0
    with file.open("rb") as stream:
        for line in stream:
            entry = entry_of(line[:-1].decode("ascii", "replace"))
            if entry is not None and line.endswith(b"\n"):
                yield _Line(start, len(line) - 1, entry)
            start += len(line)
