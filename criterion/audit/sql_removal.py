"""Removing from a database: payloads with their words, and the beginnings of chains."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, delete, select, update

from criterion.audit.entry import Checkpoint
from criterion.audit.removal import Range, Removal
from criterion.audit.sql_tables import ENTRIES, WORDS, WRITERS
from criterion.audit.terms import terms_of

CHUNK: Final = 1_000
"""How many entries are removed at once."""


def remove(connection: Connection, removal: Removal) -> None:
    """Remove what a removal names, all of it or nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.commit()
    with connection.begin():
        for writer, ranges in removal.erased.items():
            for each in ranges:
                _erase(connection, writer, each)
        for checkpoint in removal.pruned:
            _prune(connection, checkpoint)
    if connection.dialect.name == "sqlite":  # or the write-ahead log would keep the old pages
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _erase(connection: Connection, writer: str, between: Range) -> None:
    number = _number(connection, writer)
    first, last = between
    named = (ENTRIES.c.writer == number) & ENTRIES.c.sequence.between(first, last)
    _remove_words(connection, number, first, last)
    connection.execute(update(ENTRIES).where(named).values(salt=None, payload=None))


def _prune(connection: Connection, until: Checkpoint) -> None:
    number = _number(connection, until.writer)
    _remove_words(connection, number, 1, until.sequence)
    old = (ENTRIES.c.writer == number) & (ENTRIES.c.sequence <= until.sequence)
    connection.execute(delete(ENTRIES).where(old))


def _remove_words(connection: Connection, number: int | None, first: int, last: int) -> None:
    """Remove the words of entries, which the payloads still tell."""
    columns = select(ENTRIES.c.sequence, ENTRIES.c.id, ENTRIES.c.payload)
    mine = columns.where(ENTRIES.c.writer == number).order_by(ENTRIES.c.sequence)
    at = first
    while rows := connection.execute(
        mine.where(ENTRIES.c.sequence.between(at, last)).limit(CHUNK)
    ).all():
        words = [
            (name, word, id)
            for _, id, payload in rows
            if payload is not None
            for name, word in _words(payload).items()
        ]
        _delete_words(connection, words)
        at = rows[-1].sequence + 1


def _words(payload: str) -> Mapping[str, str]:
    try:
        return terms_of(payload).words
    except ValueError:  # it was changed; what words it had, nobody knows any more
        return {}


def _delete_words(connection: Connection, words: list[tuple[str, str, str]]) -> None:
    sign = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    named = f"name = {sign} AND value = {sign} AND id = {sign}"
    if words:
        connection.exec_driver_sql(f"DELETE FROM {WORDS.name} WHERE {named}", words)  # noqa: S608 -- no data in it


def _number(connection: Connection, writer: str) -> int | None:
    named = select(WRITERS.c.number).where(WRITERS.c.name == writer)
    number: int | None = connection.execute(named).scalar()
    return number
