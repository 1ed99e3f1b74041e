"""SQL: a trail in a database, SQLite or PostgreSQL, through SQLAlchemy Core; the extra ``sql``."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from secrets import randbelow
from typing import Any, Final

from criterion.audit.batch import Batch, Stood
from criterion.audit.definitions import Definition
from criterion.audit.entry import Entry
from criterion.audit.removal import Removal
from criterion.audit.search import AuditRecord, Search, record_of
from criterion.audit.terms import Terms, terms_of
from criterion.errors import AuditError
from criterion.text import one_line

try:
    from sqlalchemy import (
        Connection,
        Engine,
        Table,
        create_engine,
        event,
        insert,
        make_url,
        select,
    )
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
    from sqlalchemy.pool import NullPool

    from criterion.audit import sql_removal, sql_search
    from criterion.audit.sql_migrations import migrate, version_of
    from criterion.audit.sql_tables import DEFINITIONS, ENTRIES, WORDS, WRITERS
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] != "sqlalchemy":
        raise
    raise AuditError(
        "a trail in a database needs `sqlalchemy`", hint="pip install 'criterion-decisions[sql]'"
    ) from None

PAGE: Final = 5_000
"""How many entries are read at once."""

CONTENDED_S: Final = 5.0
"""How long a locked database is asked again before that counts as a failure, in seconds."""

RETRY_MS_MAX: Final = 20
"""Longest pause between two such attempts; each is drawn, so that no process starves."""

STATEMENT_ROWS: Final = 80
"""How many rows one statement of SQLite inserts; it may have 999 values in all."""

CACHE_KIB: Final = 16_384
"""How much memory SQLite keeps pages in while it writes: those of the indexes come up again."""

CHECKPOINT_PAGES: Final = 4_000
"""How many pages SQLite gathers beside the file before it writes them into it."""

_HINT: Final = "write `sqlite:///audit.db` or `postgresql+psycopg://user@host/name`"

_LINKED: Final = ("sequence", "id", "previous", "digest", "hash", "salt", "payload")
_SEARCHED: Final = ("decision", "rule", "outcome")


class SqlTrail:
    """Keeps entries in tables whose names begin with ``criterion_audit_``.

    The tables are made, or brought to the newest version, with the first record.

    Args:
        url: ``sqlite:///audit.db``, ``postgresql+psycopg://user@host/name``.
        fsync: Whether each batch is forced to the disk. SQLite without it loses the last batches
            when the machine loses power, and nothing when the program crashes; PostgreSQL decides
            by its own settings with it, and without it may lose what it committed last in a crash
            of the server.

    Raises:
        AuditError: The URL names no known database, or its driver is not installed.
    """

    def __init__(self, url: str, *, fsync: bool = True) -> None:
        """Keep the settings; nothing is opened yet."""
        self._url = url
        self._fsync = fsync
        self._place = _place(url)
        self._engine(writes=False).dispose()

    def sink(self, writer: str) -> "SqlSink":
        """Return what writes the rows of a writer."""
        return SqlSink(self, writer)

    def stood(self) -> Iterator[Stood]:
        """Yield every row, writer by writer.

        Raises:
            AuditError: The database cannot be read, or has no such tables.
        """
        with self._read() as connection:
            for writer in connection.execute(select(WRITERS).order_by(WRITERS.c.name)).all():
                yield from _rows(connection, writer.number, writer.name)

    def definitions(self) -> Mapping[str, Definition]:
        """Return the definitions by digest.

        Raises:
            AuditError: The database cannot be read, or has no such tables.
        """
        with self._read() as connection:
            rows = connection.execute(select(DEFINITIONS)).all()
        return {row.digest: Definition(row.digest, row.kind, row.text) for row in rows}

    def get(self, id: str) -> AuditRecord | None:
        """Return the record of an id.

        Raises:
            AuditError: The database cannot be read, or has no such tables.
        """
        with self._read() as connection:
            found = list(sql_search.entries(connection, [id]))
        return record_of(found[0]) if found else None

    def found(self, search: Search, limit: int = 100) -> Iterator[AuditRecord]:
        """Yield the records that are asked for, the newest first, by the indexes.

        Raises:
            AuditError: The database cannot be read, or has no such tables.
        """
        with self._read() as connection:
            yield from map(record_of, islice(sql_search.found(connection, search), limit))

    def terms(self, search: Search) -> Iterator[tuple[str, Terms]]:
        """Yield id and terms of what is asked for, without the words of the metadata.

        Raises:
            AuditError: The database cannot be read, or has no such tables.
        """
        with self._read() as connection:
            yield from sql_search.terms(connection, search)

    def remove(self, removal: Removal) -> None:
        """Remove payloads and rows, and all that is found by them, in one transaction.

        SQLite overwrites what it frees.

        Raises:
            AuditError: The database cannot be written.
        """
        ends_at_s = time.monotonic() + CONTENDED_S
        while True:
            try:
                with self.writing() as connection:
                    return sql_removal.remove(connection, removal)
            except SQLAlchemyError as error:
                self.wait(error, ends_at_s)

    def wait(self, error: SQLAlchemyError, ends_at_s: float) -> None:
        """Pause before another attempt where another process is writing.

        Raises:
            AuditError: It is something else, or took too long.
        """
        if not _is_locked(error) or time.monotonic() > ends_at_s:
            raise self.failed("cannot be written", error) from None
        time.sleep((1 + randbelow(RETRY_MS_MAX)) / 1_000)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """Connect for reading."""
        try:
            with self._reading() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self.failed("cannot be read", error) from None

    def writing(self) -> Connection:
        """Connect for writing, with the tables brought to the newest version.

        Raises:
            AuditError: A newer version of the library has made the tables.
            SQLAlchemyError: The database cannot be reached or written.
        """
        connection = self._engine(writes=True).connect()
        try:
            with connection.begin():
                migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def failed(self, what: str, error: SQLAlchemyError) -> AuditError:
        """Return the error for a database that does not do what was asked; it quotes no values."""
        reason = type(error).__name__
        if isinstance(error, DBAPIError) and error.orig is not None:
            reason = str(error.orig).partition("\n")[0].partition("DETAIL")[0].strip()
        return AuditError(f"{self._place} {what}: {one_line(reason, 300)}")

    def _reading(self) -> Connection:
        engine = self._engine(writes=False)
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        if file is not None and not Path(file).exists():  # which connecting would make
            raise AuditError(f"{self._place} does not exist")
        connection = engine.connect()
        if version_of(connection) == 0:
            connection.close()
            raise AuditError(f"{self._place} has no audit trail")
        return connection

    def _engine(self, *, writes: bool) -> Engine:
        try:
            engine = create_engine(self._url, poolclass=NullPool, hide_parameters=True)
        except (ArgumentError, NoSuchModuleError):
            raise AuditError(f"{self._place} is not the URL of a database", hint=_HINT) from None
        except ModuleNotFoundError as error:
            if make_url(self._url).get_backend_name() != "postgresql":
                message = f"{self._place} is a database that no trail can stand in"
                raise AuditError(message, hint=_HINT) from None
            hint = "pip install 'criterion-decisions[postgres]'"
            raise AuditError(f"{self._place} needs the driver `{error.name}`", hint=hint) from None
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, writes=writes, fsync=self._fsync)
        elif writes and not self._fsync:
            event.listen(engine, "connect", _commit_without_waiting)
        return engine


class SqlSink:
    """Writes the rows of one writer, each batch in one transaction."""

    def __init__(self, trail: SqlTrail, writer: str) -> None:
        """Open nothing yet."""
        self._trail = trail
        self._writer = writer
        self._number: int | None = None
        self._connection: Connection | None = None
        self._is_unsure = False

    def append(self, batch: Batch) -> None:
        """Write all of a batch, or nothing of it.

        Raises:
            AuditError: The database is lost, full, read-only, or locked for too long.
        """
        ends_at_s = time.monotonic() + CONTENDED_S
        while True:
            try:
                self._write(batch)
            except SQLAlchemyError as error:
                self.close()
                self._is_unsure = True  # the commit may have happened all the same
                self._trail.wait(error, ends_at_s)
            else:
                self._is_unsure = False
                return

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except SQLAlchemyError:  # it was lost already
                connection.invalidate()

    def _write(self, batch: Batch) -> None:
        if self._connection is None:
            self._connection = self._trail.writing()
        connection = self._connection
        with connection.begin():
            number = self._number_of(connection)
            if not (self._is_unsure and _stands(connection, number, batch.entries[-1])):
                _insert(connection, number, batch)
        self._number = number

    def _number_of(self, connection: Connection) -> int:
        """Return the writer's number, given with its first batch."""
        if self._number is not None:
            return self._number
        named = select(WRITERS.c.number).where(WRITERS.c.name == self._writer)
        known: int | None = connection.execute(named).scalar()
        if known is not None:
            return known
        made = connection.execute(insert(WRITERS), {"name": self._writer})
        primary: Any = made.inserted_primary_key
        return int(primary[0])


def _insert(connection: Connection, number: int, batch: Batch) -> None:
    both = list(zip(batch.entries, batch.terms, strict=True))
    rows = [(number, *entry[1:], *terms[:-1]) for entry, terms in both]
    _insert_rows(connection, ENTRIES, rows)
    words = [(name, word, entry.id) for entry, terms in both for name, word in terms.words.items()]
    if words:
        _insert_rows(connection, WORDS, sorted(words))  # in the order of their index
    if batch.definitions:
        _insert_rows(connection, DEFINITIONS, batch.definitions, "ON CONFLICT DO NOTHING")


def _insert_rows(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], otherwise: str = ""
) -> None:
    """Insert full rows; as tuples, which costs half of what mappings cost."""
    is_sqlite = connection.dialect.name == "sqlite"
    sign = "?" if is_sqlite else "%s"
    signs = f"({', '.join([sign] * len(table.columns))})"
    begin = f"INSERT INTO {table.name} VALUES"
    at = 0
    if is_sqlite:  # it lets other threads run after each statement, and then waits for its turn
        many = f"{begin} {', '.join([signs] * STATEMENT_ROWS)} {otherwise}"
        while at + STATEMENT_ROWS <= len(rows):
            some = rows[at : at + STATEMENT_ROWS]
            connection.exec_driver_sql(many, tuple(chain.from_iterable(some)))
            at += STATEMENT_ROWS
    if at < len(rows):
        connection.exec_driver_sql(f"{begin} {signs} {otherwise}", list(rows[at:]))


def _stands(connection: Connection, number: int, entry: Entry) -> bool:
    key = (ENTRIES.c.writer == number) & (ENTRIES.c.sequence == entry.sequence)
    return connection.execute(select(ENTRIES.c.hash).where(key)).scalar() == entry.hash


def _rows(connection: Connection, number: int, writer: str) -> Iterator[Stood]:
    """Yield the entries of one writer, page by page."""
    columns = [ENTRIES.c[name] for name in (*_LINKED, *_SEARCHED)]
    page = select(*columns).where(ENTRIES.c.writer == number).order_by(ENTRIES.c.sequence)
    last = 0
    while rows := connection.execute(page.where(ENTRIES.c.sequence > last).limit(PAGE)).all():
        for row in rows:
            entry = Entry(writer, *row[: len(_LINKED)])
            yield Stood(f"writer {writer} entry {entry.sequence}", entry, _difference(entry, row))
        last = rows[-1].sequence


def _difference(entry: Entry, row: Any) -> str:  # noqa: ANN401 -- a row
    """Return what is wrong with the columns that a row is found by."""
    if entry.payload is None:
        return ""
    try:
        expected = terms_of(entry.payload)
    except ValueError:
        return ""  # which the digest of the payload tells
    return "" if expected[:-1] == row[-len(_SEARCHED) :] else "its search columns were changed"


def _prepare_sqlite(engine: Engine, *, writes: bool, fsync: bool) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 -- of the driver
        connection.isolation_level = None  # this program begins transactions by itself
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 50" if writes else "PRAGMA busy_timeout = 5000")
        if writes:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute(f"PRAGMA synchronous = {'FULL' if fsync else 'NORMAL'}")
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _commit_without_waiting(connection: Any, _: object) -> None:  # noqa: ANN401 -- of the driver
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    connection.commit()


def _is_locked(error: SQLAlchemyError) -> bool:
    """Whether another process is writing, which passes."""
    return isinstance(error, DBAPIError) and "locked" in str(error.orig)


def _place(url: str) -> str:
    """Return how errors name a database: never with its password."""
    try:
        return f"`{one_line(make_url(url).render_as_string(hide_password=True), 300)}`"
    except ArgumentError:
        return "the given text"
