"""Upkeep of a SQLite store: is its file as it was written, and what to do where it is not."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from criterion.errors import StoreError
from criterion.policy.stores.lines import exported, imported
from criterion.policy.stores.sqlite import SqliteStore
from criterion.policy.stores.sqlite_file import MIGRATIONS, connect, explained, prepare
from criterion.policy.stores.sqlite_parts import replay
from criterion.policy.stores.sqlite_pool import again
from criterion.policy.stores.sqlite_rows import KINDS, text_of
from criterion.text import code, listing

FINDINGS_MAX: Final = 100
"""How many findings of one kind are told of."""

_TABLES: Final = {
    "parts": "customer, kind, name, at, born, data",
    "alts": "name, customer",
    "plans": "plan, customer",
}


class Checked(NamedTuple):
    """What a check found.

    Attributes:
        last: The number of the last commit.
        findings: What is wrong, one sentence each; empty where nothing is.
    """

    last: int
    findings: tuple[str, ...]


def check(path: str, *, mark: int = 0) -> Checked:
    """Check a file: its pages, its heads against its journal, its end against an outside mark.

    Args:
        path: The file. It may be in use; the check sees it as it stood when it began.
        mark: The number of a commit that was seen outside, such as the ``seq`` of an audited
            verdict or the ``last`` of an earlier check. Where a file lost its end, everything in it
            fits together, and only such a mark shows it.

    Raises:
        StoreError: It is not there, is no store, or is of a newer version.
    """
    with explained(path), closing(_opened(path)) as connection:
        findings: list[str] = []
        last = 0
        try:
            findings += _pages(connection)
            last = _last(connection)
            findings += _gaps(connection)
            if last < mark:
                lost = f"{mark - last:,} after it were seen outside, and are gone"
                findings.append(f"the journal ends at commit {last:,}: {lost}")
            findings += _differences(connection)
        except (sqlite3.DatabaseError, json.JSONDecodeError, StoreError) as error:
            findings.append(f"not everything can be read: {error}")
    return Checked(last, tuple(findings))


def rebuild(path: str) -> int:
    """Make all heads of a file anew from its journal; wholly or not at all.

    Returns:
        The number of the last commit.

    Raises:
        StoreError: The journal cannot be read, or the file cannot be written.
    """
    with explained(path), closing(_opened(path)) as connection:
        again(lambda: connection.execute("BEGIN IMMEDIATE"))
        try:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of ours
            replay(connection)
            last = _last(connection)
            connection.execute("COMMIT")
        except json.JSONDecodeError:
            raise StoreError(f"the journal of store {code(path)} is damaged") from None
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    return last


def export_file(path: str) -> Iterator[str]:
    """Yield everything that a file's journal says, as lines of JSON.

    Raises:
        StoreError: It cannot be read; what was yielded before is as it was written.
    """
    _require(path)
    store = SqliteStore(path)
    try:
        yield from exported(store)
    finally:
        store.close()


def import_file(path: str, lines: Iterable[str]) -> int:
    """Make a file of what `export_file` yielded; wholly or not at all.

    Returns:
        The number of the last commit.

    Raises:
        StoreError: The file is there already, or the lines are not whole.
    """
    if Path(path).exists():
        raise StoreError(f"{code(path)} is there already", hint="import into a new file")
    beside = Path(f"{path}.importing")
    _remove(beside)
    with explained(path):
        prepare(str(beside), again)
    store = SqliteStore(str(beside), synchronous="normal")
    try:
        last = imported(lines, store)
        store.close()
        beside.rename(path)
    finally:
        store.close()
        _remove(beside)
    return last


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _require(path: str) -> None:
    if not Path(path).is_file():
        raise StoreError(f"there is no file {code(path)}", hint="name the file of a store")


def _opened(path: str) -> sqlite3.Connection:
    _require(path)
    prepare(path, again)
    return connect(path, "full")


def _pages(connection: sqlite3.Connection) -> Iterator[str]:
    for (text,) in connection.execute(f"PRAGMA integrity_check({FINDINGS_MAX})"):
        if text != "ok":
            yield f"damaged: {text}"


def _last(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0


def _gaps(connection: sqlite3.Connection) -> Iterator[str]:
    gaps = connection.execute(
        "SELECT before + 1, seq - 1 FROM (SELECT seq, lag(seq, 1, 0) OVER (ORDER BY seq) AS before"
        " FROM journal) WHERE seq <> before + 1 LIMIT ?",
        (FINDINGS_MAX,),
    )
    for first, last in gaps:
        which = f"commit {first:,} is" if first == last else f"commits {first:,} to {last:,} are"
        yield f"{which} missing from the journal"


def _differences(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the heads that are not what the journal says, which is replayed beside them."""
    connection.execute("BEGIN")
    for statement in MIGRATIONS[0]:
        if any(f"CREATE TABLE {table} " in statement for table in _TABLES):
            connection.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    replay(connection)
    for table, columns in _TABLES.items():
        found = connection.execute(
            f"SELECT {columns} FROM main.{table} EXCEPT SELECT {columns} FROM temp.{table}"  # noqa: S608 -- names of ours
            f" UNION ALL SELECT * FROM"
            f" (SELECT {columns} FROM temp.{table} EXCEPT SELECT {columns} FROM main.{table})"
        )
        named = {_named(table, row) for row in found}
        if named:
            shown = listing(sorted(named)[:FINDINGS_MAX], "and")
            yield f"not what the journal says ({len(named):,}): {shown}"
    connection.execute("ROLLBACK")


def _named(table: str, row: tuple[str, ...]) -> str:
    if table != "parts":
        return f"{table} {code(text_of(row[0]))}"
    kind, name = KINDS[int(row[1])], text_of(row[2])
    return f"{kind} {code(name)} of {code(text_of(row[0]))}" if name else code(text_of(row[0]))
