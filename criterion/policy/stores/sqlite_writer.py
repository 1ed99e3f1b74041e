"""The writer of a SQLite store: decides waiting calls one by one, and commits them together."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from criterion.policy.records import made
from criterion.policy.state import Customer
from criterion.policy.store import Commit, Heads, Kind
from criterion.policy.stores.sqlite_heads import SqliteHeads
from criterion.policy.stores.sqlite_parts import (
    CHANGE,
    FORGET,
    PUT,
    PUT_ALT,
    PUT_PLAN,
    SEEN,
    TAKE,
    TAKE_ALT,
    TAKE_PLAN,
)
from criterion.policy.stores.sqlite_pool import Pool
from criterion.policy.stores.sqlite_rows import (
    CUSTOMER,
    NUMBERS,
    born,
    column,
    journal_text,
    text_of_part,
)

_JOURNAL: Final = (
    "INSERT INTO journal (seq, customer, at, key, expires, data) VALUES (?, ?, ?, ?, ?, ?)"
)


class Call(Protocol):
    """A call that waits: what it asks, and what becomes of it."""

    decide: Callable[[Heads], Commit]
    commit: Commit | None
    error: BaseException | None


class Writer:
    """Writes to a file; used by one thread at a time.

    What customers it has seen is remembered for as long as no other process writes.
    """

    def __init__(self, pool: Pool) -> None:
        """Know nothing yet."""
        self._pool = pool
        self._connection: sqlite3.Connection | None = None
        self._heads: SqliteHeads | None = None
        self._version = -1
        self._last = 0
        self._made: dict[tuple[str, Kind, str], tuple[object, ...]] = {}
        self._changed: dict[tuple[str, Kind, str], tuple[object, ...]] = {}
        self._lines: list[tuple[object, ...]] = []

    def commit(self, calls: Iterable[Call]) -> None:
        """Decide each of some calls, and commit all of them together.

        A call whose decision raises changes nothing, and gets what it raised.

        Raises:
            sqlite3.Error: Nothing is kept.
        """
        connection = self._pool.writer()
        if connection is not self._connection:
            self._connection, self._heads = connection, None
        self._pool.begin(connection)
        try:
            heads = self._known(connection)
            for call in calls:
                self._decide(call, heads)
            self._flush()
            connection.execute("COMMIT")
        except BaseException:
            self._heads = None
            for each in (self._made, self._changed, self._lines):
                each.clear()
            self._pool.drop_writer()
            raise

    def _known(self, connection: sqlite3.Connection) -> SqliteHeads:
        """Return what is known of the file, all of it as it stands now."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._heads is None or version != self._version:
            self._heads, self._version = SqliteHeads(connection, self._flush), version
            self._last = connection.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
        self._heads.begin()
        return self._heads

    def _decide(self, call: Call, heads: SqliteHeads) -> None:
        try:
            commit = call.decide(heads)
            customer, at, answer, parts, events, key, _ = commit
            if parts or events or key is not None:
                seq = self._last + 1
                commit = made(Commit, (customer, at, answer, parts, events, key, seq))
                texts = list(map(text_of_part, parts))
                line = journal_text(commit, texts, heads.text_of)
                self._write(commit, texts, heads)
                named, expires = (None, None) if key is None else (column(key.name), key.expires)
                self._lines.append((seq, column(customer), at, named, expires, line))
                heads.keep(commit, texts)
                self._last = seq
            call.commit = commit
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is the caller's
            call.error = error

    def _write(self, commit: Commit, texts: list[str | None], heads: SqliteHeads) -> None:
        at, seq = commit.at, commit.seq
        for place, (part, text) in enumerate(zip(commit.parts, texts, strict=True)):
            owner, kind, name, value = part
            if kind == "customer":
                known = heads.head(owner)
                before = None if known is None else known.customer.plan
                self._write_customer((at, text, column(owner)), born(seq, place), before, value)
            elif kind == "alts":
                self._write_alt(owner, value)
            elif text is None:
                self._flush()
                self._run(TAKE, column(owner), NUMBERS[kind], column(name))
                self._run(SEEN, at, column(owner))
            elif (owner, kind, name) not in self._made and heads.has(owner, kind, name):
                row = (at, text, column(owner), NUMBERS[kind], column(name))
                self._changed[owner, kind, name] = row
            else:
                row = (at, text, column(owner), NUMBERS[kind], column(name))
                known_row = self._made.get((owner, kind, name))
                # one that a call before this one made, in the same transaction, keeps its place
                come = born(seq, place) if known_row is None else known_row[5]
                self._made[owner, kind, name] = (*row, come)

    def _write_customer(
        self,
        row: tuple[int, str | None, str | bytes],
        place: int,
        before: str | None,
        value: Customer | None,
    ) -> None:
        self._flush()
        id = row[2]
        if value is None:
            self._run(FORGET, id)
        else:
            self._run(PUT, *row, CUSTOMER, "", place)
        after = None if value is None else value.plan
        if before and before != after:
            self._run(TAKE_PLAN, column(before), id)
        if after and before != after:
            self._run(PUT_PLAN, column(after), id)

    def _write_alt(self, name: str, customer: str | None) -> None:
        self._flush()
        if customer is None:
            self._run(TAKE_ALT, column(name))
        else:
            self._run(PUT_ALT, column(name), column(customer))

    def _flush(self) -> None:
        """Write what waits to be written."""
        connection = self._connection
        assert connection is not None  # noqa: S101 -- in a transaction
        for statement, rows in ((PUT, self._made), (CHANGE, self._changed)):
            if rows:
                _run_each(connection, statement, list(rows.values()))
                rows.clear()
        if self._lines:
            _run_each(connection, _JOURNAL, self._lines)
            self._lines.clear()

    def _run(self, statement: str, *values: object) -> None:
        assert self._connection is not None  # noqa: S101 -- in a transaction
        self._connection.execute(statement, values)


def _run_each(
    connection: sqlite3.Connection, statement: str, rows: list[tuple[object, ...]]
) -> None:
    if len(rows) == 1:  # which most are; for several, preparing once pays
        connection.execute(statement, rows[0])
    else:
        connection.executemany(statement, rows)
