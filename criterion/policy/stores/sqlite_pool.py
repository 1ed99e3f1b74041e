"""The connections of a SQLite store: one that writes, and as many that read as threads read."""

import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import randbelow
from typing import Any, Final

from criterion.policy.stores.sqlite_file import Synchronous, connect, explained, is_busy, prepare
from criterion.policy.stores.sqlite_heads import SqliteHeads

WAIT_S: Final = 0.8
"""How long a file that others write to is asked again before that counts as a failure."""

PAUSE_US_MAX: Final = 1_000
"""Longest pause between two such attempts; each is drawn, so that no process starves."""


class Pool:
    """Connections to one file.

    A process that was forked makes its own: SQLite's do not survive a fork. Those of its parent are
    let go of without being closed, which would take the parent's locks away.

    Args:
        path: The file; made where there is none.
        synchronous: Whether commits wait for the disk.

    Raises:
        StoreError: It cannot be opened.
    """

    def __init__(self, path: str, synchronous: Synchronous) -> None:
        """Make the file, or bring it to the newest version."""
        self._path = path
        self._synchronous = synchronous
        self._process = os.getpid()
        self._writer: sqlite3.Connection | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._left: list[object] = []
        with explained(path):
            prepare(path, again)
            self.writer()

    def is_forked(self) -> bool:
        """Whether the connections are those of another process."""
        return os.getpid() != self._process

    def writer(self) -> sqlite3.Connection:
        """Return the connection that writes."""
        self._mind_fork()
        if self._writer is None:
            self._writer = self._connect()
        return self._writer

    def drop_writer(self) -> None:
        """Take back what was not committed, and begin with a new connection next time."""
        connection, self._writer = self._writer, None
        if connection is not None:
            connection.close()

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write, once no other process does.

        Raises:
            sqlite3.OperationalError: Another one writes for too long.
        """
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            again(lambda: connection.execute("BEGIN IMMEDIATE"))

    @contextmanager
    def snapshot(self) -> Iterator[SqliteHeads]:
        """Read, all at one instant."""
        self._mind_fork()
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self._connect()
        try:
            connection.execute("BEGIN")
            yield SqliteHeads(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        self._readers.append(connection)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a statement finds."""
        self._mind_fork()
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self._connect()
        try:
            found = connection.execute(statement, values).fetchall()
        except BaseException:
            connection.close()
            raise
        self._readers.append(connection)
        return found

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        if self._process == os.getpid():
            self.drop_writer()
            while self._readers:
                self._readers.pop().close()

    def _connect(self) -> sqlite3.Connection:
        found: list[sqlite3.Connection] = []
        again(lambda: found.append(connect(self._path, self._synchronous)))
        return found[0]

    def _mind_fork(self) -> None:
        process = os.getpid()
        if process != self._process:
            self._left += [self._writer, self._readers]
            self._process, self._writer, self._readers = process, None, deque()


def again(act: Callable[[], object]) -> None:
    """Do something, again and again while another process keeps it from being done.

    Raises:
        sqlite3.OperationalError: That took too long.
    """
    try:
        act()
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise
    else:
        return
    ends_at_s = time.monotonic() + WAIT_S
    while True:
        time.sleep((1 + randbelow(PAUSE_US_MAX)) / 1e6)
        try:
            act()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > ends_at_s:
                raise
        else:
            return
