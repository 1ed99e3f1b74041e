"""Numbered migrations: what brings the tables of a trail from one version to the next.

Each is written out as it was released, and is never edited: a database may stand at any of them.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text, update

from criterion.audit.sql_tables import SCHEMA
from criterion.errors import AuditError

MIGRATING: Final = 4_715_001
"""The advisory lock that PostgreSQL holds while tables are made."""

_FIRST: Final = (
    "CREATE TABLE criterion_audit_schema (version INTEGER NOT NULL)",
    """CREATE TABLE criterion_audit_writer (
        number {counted} NOT NULL,
        name VARCHAR(64) NOT NULL,
        PRIMARY KEY (number),
        UNIQUE (name)
    )""",
    """CREATE TABLE criterion_audit_entry (
        writer INTEGER NOT NULL,
        sequence BIGINT NOT NULL,
        id VARCHAR(36) NOT NULL,
        previous VARCHAR(64) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        hash VARCHAR(64) NOT NULL,
        salt VARCHAR(32),
        payload TEXT,
        decision VARCHAR(100),
        rule VARCHAR(100),
        outcome VARCHAR(20) NOT NULL,
        PRIMARY KEY (writer, sequence)
    )""",
    "CREATE UNIQUE INDEX criterion_audit_by_id ON criterion_audit_entry (id)",
    "CREATE INDEX criterion_audit_by_decision ON criterion_audit_entry (decision, id)",
    "CREATE INDEX criterion_audit_by_rule ON criterion_audit_entry (rule, id)",
    "CREATE INDEX criterion_audit_by_outcome ON criterion_audit_entry (outcome, id)",
    """CREATE TABLE criterion_audit_metadata (
        name VARCHAR(200) NOT NULL,
        value VARCHAR(200) NOT NULL,
        id VARCHAR(36) NOT NULL,
        PRIMARY KEY (name, value, id)
    ) {by_key}""",
    """CREATE TABLE criterion_audit_definition (
        digest VARCHAR(71) NOT NULL,
        kind VARCHAR(20) NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (digest)
    )""",
)


def _make_tables(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    counted = "INTEGER" if is_sqlite else "SERIAL"
    by_key = "WITHOUT ROWID" if is_sqlite else ""
    for statement in _FIRST:
        connection.execute(text(statement.format(counted=counted, by_key=by_key)))


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_make_tables,)
"""What makes version 1 of an empty database, version 2 of version 1, and so on."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version, in the transaction of the connection.

    Raises:
        AuditError: A newer version of the library has made them.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
    version = version_of(connection)
    for step in MIGRATIONS[version:]:
        step(connection)
    if version == 0:
        connection.execute(insert(SCHEMA), {"version": len(MIGRATIONS)})
    elif version < len(MIGRATIONS):
        connection.execute(update(SCHEMA), {"version": len(MIGRATIONS)})


def version_of(connection: Connection) -> int:
    """Return the version of the tables; 0 where there are none.

    Raises:
        AuditError: A newer version of the library has made them.
    """
    if not inspect(connection).has_table(SCHEMA.name):
        return 0
    version = int(connection.execute(select(SCHEMA.c.version)).scalar_one())
    if version > len(MIGRATIONS):
        message = f"the tables have version {version}, and this program knows {len(MIGRATIONS)}"
        raise AuditError(message, hint="install the version of the library that made them")
    return version
