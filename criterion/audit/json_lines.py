"""JSON lines: a trail in a folder, one entry per line, each writer in files of its own."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from criterion.audit.batch import Batch, Stood
from criterion.audit.definitions import Definition, definition_in, definition_of
from criterion.audit.entry import entry_of
from criterion.audit.json_lines_removal import remove_lines
from criterion.audit.removal import Removal
from criterion.audit.search import AuditRecord, Search, newest, scanned, standing
from criterion.audit.terms import Terms
from criterion.errors import AuditError
from criterion.text import one_line

SUFFIX: Final = ".jsonl"
DEFINITIONS: Final = "definitions"
"""The folder, inside of the trail's, that holds definitions."""

SQLITE: Final = b"SQLite format 3\0"
"""How every file of that database begins."""

LINE_BYTES_MAX: Final = 64 * 1024 * 1024
"""Longest line that is read."""


class JsonLinesTrail:
    """Keeps entries in files of a folder: ``<writer>.000001.jsonl`` and so on.

    Every writer has files of its own, so that processes never write into one file. A write that
    fails is taken back. Files and the folder are readable by their owner alone. An export is a
    file that holds definitions, too.

    Args:
        folder: Is made if it does not exist. To read, it may also be one file of entries.
        fsync: Whether every batch is forced to the disk. Without, a crash of the machine loses
            what the operating system had not written yet; a crash of the program loses nothing of
            it.
        file_bytes: How long a file becomes before the next begins.

    Raises:
        ValueError: The length of a file is not positive.
    """

    def __init__(
        self, folder: str | Path, *, fsync: bool = False, file_bytes: int = 64 * 1024 * 1024
    ) -> None:
        """Keep the settings; nothing is read or written yet."""
        if file_bytes <= 0:
            message = "`file_bytes` must be greater than 0"
            raise ValueError(message)
        self._folder = Path(folder)
        self._fsync = fsync
        self._file_bytes = file_bytes

    def sink(self, writer: str) -> "JsonLinesSink":
        """Return what writes the files of a writer."""
        return JsonLinesSink(self._folder, writer, fsync=self._fsync, file_bytes=self._file_bytes)

    def stood(self) -> Iterator[Stood]:
        """Yield every line, file by file.

        Raises:
            AuditError: The folder or a file cannot be read.
        """
        try:
            for file in self._files():
                yield from _lines(file)
        except OSError as error:
            raise _failed("cannot be read", self._folder, error) from None

    def definitions(self) -> Mapping[str, Definition]:
        """Return the definitions that stand beside the entries, and among those of an export.

        Raises:
            AuditError: One cannot be read.
        """
        files = sorted((self._folder / DEFINITIONS).glob("*.json"))
        found = [_definition(file) for file in files]
        try:
            found += (each for file in self._files() for each in _exported(file))
        except OSError as error:
            raise _failed("cannot be read", self._folder, error) from None
        return {each.digest: each for each in found}

    def _files(self) -> list[Path]:
        """Return the files of entries."""
        is_folder = self._folder.is_dir()
        return sorted(self._folder.glob(f"*{SUFFIX}")) if is_folder else [self._folder]

    def get(self, id: str) -> AuditRecord | None:
        """Return the record of an id, after reading every file.

        Raises:
            AuditError: The folder or a file cannot be read.
        """
        return standing(self.stood(), id)

    def found(self, search: Search, limit: int = 100) -> Iterator[AuditRecord]:
        """Yield the records that are asked for, the newest first, after reading every file.

        Raises:
            AuditError: The folder or a file cannot be read.
        """
        return newest(self.stood(), search, limit)

    def terms(self, search: Search) -> Iterator[tuple[str, Terms]]:
        """Yield id and terms of what is asked for.

        Raises:
            AuditError: The folder or a file cannot be read.
        """
        return ((entry.id, terms) for entry, terms in scanned(self.stood(), search))

    def remove(self, removal: Removal) -> None:
        """Overwrite payloads where they stand, and delete files that nobody writes any more.

        Raises:
            AuditError: A file cannot be written.
        """
        try:
            remove_lines(self._folder, removal)
        except OSError as error:
            raise _failed("cannot be written", self._folder, error) from None


class JsonLinesSink:
    """Writes the files of one writer."""

    def __init__(self, folder: Path, writer: str, *, fsync: bool, file_bytes: int) -> None:
        """Open nothing yet."""
        self._folder = folder
        self._writer = writer
        self._fsync = fsync
        self._file_bytes = file_bytes
        self._number = 0
        self._file: int | None = None
        self._length = 0
        self._is_torn = False

    def append(self, batch: Batch) -> None:
        """Write all of a batch, or nothing of it.

        Raises:
            AuditError: The disk is full, the folder is read-only, or the like.
        """
        lines = "".join([f"{entry.line()}\n" for entry in batch.entries]).encode("ascii")
        try:
            _make(self._folder)
            for definition in batch.definitions:
                self._define(definition)
            self._write(self._opened(len(lines)), lines)
        except OSError as error:
            raise _failed("cannot be written", self._folder, error) from None

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _write(self, file: int, lines: bytes) -> None:
        self._take_back(file)
        self._is_torn = True
        try:
            rest = memoryview(lines)
            while rest:
                rest = rest[os.write(file, rest) :]
            if self._fsync:
                os.fsync(file)
        except OSError:
            with suppress(OSError):  # then the next attempt begins with it
                self._take_back(file)
            raise
        self._is_torn = False
        self._length += len(lines)

    def _take_back(self, file: int) -> None:
        """Remove what was written of an attempt that failed."""
        if self._is_torn:
            os.ftruncate(file, self._length)
            self._is_torn = False

    def _opened(self, length: int) -> int:
        """Return the file that the next lines go into."""
        is_full = self._length > 0 and self._length + length > self._file_bytes
        if is_full and not self._is_torn:
            self.close()
        if self._file is None:
            name = f"{self._writer}.{self._number + 1:06}{SUFFIX}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
            self._file = os.open(self._folder / name, flags, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_SH)  # which tells pruning that it is in use
            self._number += 1
            self._length = 0
            self._is_torn = False
            if self._fsync:
                _sync_folder(self._folder)
        return self._file

    def _define(self, definition: Definition) -> None:
        """Write a definition under its digest, unless it stands there."""
        folder = self._folder / DEFINITIONS
        _make(folder)
        file = folder / f"{definition.digest.removeprefix('sha256:')}.json"
        if file.exists():
            return
        draft = folder / f".{self._writer}.{file.name}"
        with draft.open("w", encoding="ascii", newline="\n") as stream:
            stream.write(f"{json.dumps(definition._asdict())}\n")
            stream.flush()
            if self._fsync:
                os.fsync(stream.fileno())
        draft.replace(file)
        if self._fsync:
            _sync_folder(folder)


_DEFINES: Final = b'{"definition":'
_WRITE_HINT: Final = "check that the disk has room and that the program may write there"


def _make(folder: Path) -> None:
    """Make a folder that only its owner may read, unless there is one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lines(file: Path) -> Iterator[Stood]:
    """Yield the lines of a file; what follows the last newline is torn.

    Raises:
        AuditError: It is a database.
    """
    with file.open("rb") as stream:
        if stream.peek(len(SQLITE)).startswith(SQLITE):
            place = one_line(str(file), 300)
            hint = f"write `sqlite:///{place}`"
            raise AuditError(f"`{place}` is a database, and no file of JSON lines", hint=hint)
        number = 0
        while line := stream.readline(LINE_BYTES_MAX):
            number += 1
            place = f"{file.name}:{number}"
            if not line.endswith(b"\n") and not stream.peek(1):
                yield Stood(place, None, "is not finished", is_torn=True)
                return
            entry = entry_of(line[:-1].decode("ascii", "replace"))
            if entry is None and line.startswith(_DEFINES) and definition_of(line) is not None:
                continue
            yield Stood(place, entry, "" if entry else "is not an entry")


def _exported(file: Path) -> Iterator[Definition]:
    """Yield the definitions among the lines of a file."""
    with file.open("rb") as stream:
        while line := stream.readline(LINE_BYTES_MAX):
            if line.startswith(_DEFINES) and (definition := definition_of(line)) is not None:
                yield definition


def _definition(file: Path) -> Definition:
    try:
        return definition_in(json.loads(file.read_bytes()))
    except OSError as error:
        raise _failed("cannot be read", file, error) from None
    except (ValueError, TypeError, KeyError):
        return Definition(f"sha256:{file.stem}", "unreadable", "")


def _failed(what: str, path: Path, error: OSError) -> AuditError:
    reason = error.strerror or type(error).__name__
    hint = _WRITE_HINT if what == "cannot be written" else None
    return AuditError(f"`{one_line(str(path), 300)}` {what}: {reason.lower()}", hint=hint)
