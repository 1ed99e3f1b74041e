"""The file of a SQLite store: how it is opened, what stands in it, and what its errors mean."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

from criterion.errors import StoreError
from criterion.text import code, one_line

Synchronous: TypeAlias = Literal["full", "normal"]
"""Whether a commit waits for the disk, or may be lost when the machine loses power."""

APPLICATION: Final = 0x63726974
"""What tells our files from others: ``crit``."""

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE parts (
            customer TEXT NOT NULL,
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            at INTEGER NOT NULL,
            born INTEGER NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (customer, kind, name)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE plans (
            plan TEXT NOT NULL, customer TEXT NOT NULL, PRIMARY KEY (plan, customer)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE alts (name TEXT PRIMARY KEY, customer TEXT NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            customer TEXT NOT NULL,
            at INTEGER NOT NULL,
            key TEXT,
            expires INTEGER,
            data TEXT NOT NULL
        )
        """,
        "CREATE INDEX journal_key ON journal (customer, key) WHERE key IS NOT NULL",
    ),
)
"""What each version of the schema adds to the one before; never edited, only added to."""

VERSION: Final = len(MIGRATIONS)

CACHE_KIB: Final = 16_384
"""How much of the file one connection keeps in memory."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def connect(path: str, synchronous: Synchronous) -> sqlite3.Connection:
    """Open a file that is there, for whichever thread holds the connection.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    uri = f"{Path(path).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri, timeout=0, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(path: str, wait: Callable[[Callable[[], None]], None]) -> None:
    """Make a file, or bring it to the newest version of the schema; both wholly or not at all.

    Args:
        path: The file.
        wait: Does something again while another process is writing.

    Raises:
        StoreError: The file is of another program, or of a newer version.
        sqlite3.Error: It cannot be opened or written.
    """
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        wait(lambda: _prepare(connection, path))
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    version = _version(connection, path)
    if version == VERSION:
        return
    if version == 0:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[_version(connection, path) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: str) -> int:
    """Return the version of the schema; 0 of an empty file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION:
        hint = "name a file of its own for the store"
        raise StoreError(f"{code(path)} is a database of another program", hint=hint)
    if version > VERSION:
        message = f"{code(path)} has version {version} of the schema; this library knows {VERSION}"
        raise StoreError(message, hint="install the newer `criterion-decisions` that wrote it")
    found: int = version
    return found


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process is writing, which passes."""
    return _primary(error) in _BUSY


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Raise what SQLite raises as a `StoreError` that names the file and the fix."""
    try:
        yield
    except (sqlite3.Error, UnicodeError) as error:
        raise failure(path, error) from None


def failure(path: str, error: Exception) -> StoreError:
    """Return the error for a file that does not do what was asked; it quotes no values."""
    known = _primary(error) if isinstance(error, sqlite3.Error) else None
    what, hint = _WHAT.get(known, (None, None))
    if what is None:
        what = f"cannot be used: {one_line(str(error), 200)}"
    return StoreError(f"store {code(path)} {what}", hint=hint)


def _primary(error: sqlite3.Error) -> int | None:
    found: int | None = getattr(error, "sqlite_errorcode", None)
    return None if found is None else found & 0xFF


_WHAT: Final[dict[int | None, tuple[str, str]]] = {
    sqlite3.SQLITE_BUSY: (
        "is locked by another process",
        "look for a program that holds a transaction on it open, such as a database browser",
    ),
    sqlite3.SQLITE_FULL: (
        "is full, so that nothing was kept",
        "free space on its disk; what was kept before is safe",
    ),
    sqlite3.SQLITE_READONLY: (
        "cannot be written",
        "let this user write the file and its folder, where SQLite keeps two more files beside it",
    ),
    sqlite3.SQLITE_PERM: (
        "cannot be opened",
        "let this user read and write the file and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "check that its folder is there, and that this user may write file and folder",
    ),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk failed",
        "check the disk, then run `criterion policy store check` on the file",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged",
        "run `criterion policy store export` on a copy, which saves what can be read",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is no database, or its first page is damaged",
        "name another file, or bring this one back from a backup",
    ),
}
