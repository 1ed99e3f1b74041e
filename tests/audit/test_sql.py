"""SQL: rows that are found, tables that migrate, databases that are locked, lost or not there."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, create_engine, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from criterion.audit import AuditRecorder, Delivery, open_trail, verify
from criterion.audit.batch import Batch
from criterion.audit.entry import Chain
from criterion.audit.sql import SqlTrail
from criterion.audit.sql_migrations import MIGRATIONS
from criterion.audit.sql_tables import ENTRIES, TABLES, WORDS
from criterion.audit.terms import Terms
from criterion.errors import AuditError
from tests.audit.trails import BRIEF, CLOCK, QUICK, engine, entries_of, is_intact, recorded, until
from tests.audit.trails import card_check as card
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge

PATIENT: Final = Delivery(waits=True, patience_s=20, close_s=20)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.external)], name="url")
def fixture_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path}/audit.db"


def rows(url: str, statement: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 -- any statement
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def change(url: str, statement: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text(statement))


def test_records_stand_in_the_database(url: str) -> None:
    trail = open_trail(url)

    recorded(trail, 5)

    assert [entry.sequence for entry in entries_of(trail)] == [1, 2, 3, 4, 5]
    assert sorted(each.kind for each in trail.definitions().values()) == ["profile", "python"]
    assert is_intact(trail)


def test_records_are_found_by_what_is_asked_about(url: str) -> None:
    with AuditRecorder(open_trail(url), clock=CLOCK, delivery=QUICK) as recorder:
        running = engine(recorder)
        running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"customer": "a\x00b", "n": 1})
        facts = {"number": "5", "holder": "h", "email": "e"}
        running.run(card, facts, metadata={"customer": "org_2", "tags": ["x"]})
        running.run(card, {})

    found = select(ENTRIES.c.decision, ENTRIES.c.rule, ENTRIES.c.outcome)
    assert rows(url, found.order_by(ENTRIES.c.sequence)) == [
        ("parcel-surcharge", "heavy", "OK"),
        ("card-check", "unknown", "DENIED"),
        ("card-check", None, "INVALID_INPUT"),
    ]
    assert rows(url, select(WORDS.c.name, WORDS.c.value).order_by(WORDS.c.value)) == [
        ("n", "1"),
        ("customer", "a\\x00b"),
        ("customer", "org_2"),
    ]


CHANGES: Final[dict[str, tuple[str, str]]] = {
    "payload": ("SET payload = replace(payload, '12000', '11') WHERE sequence = 3",
                "its payload was changed"),
    "no payload": ("SET payload = 'x' WHERE sequence = 3", "its payload was changed"),
    "rule": ("SET rule = 'light' WHERE sequence = 3", "its search columns were changed"),
    "outcome": ("SET outcome = 'DENIED' WHERE sequence = 3", "its search columns were changed"),
    "decision": ("SET decision = 'x' WHERE sequence = 3", "its search columns were changed"),
    "sequence": ("SET sequence = 9 WHERE sequence = 3", "entry 3 is before it missing"),
    "hash": ("SET hash = previous WHERE sequence = 3", "its link was changed"),
}  # fmt: skip


@pytest.mark.parametrize(("change_to", "problem"), CHANGES.values(), ids=CHANGES)
def test_a_changed_row_is_found(url: str, change_to: str, problem: str) -> None:
    trail = open_trail(url)
    recorded(trail, 5)

    change(url, f"UPDATE criterion_audit_entry {change_to}")

    assert problem in verify(trail.stood()).findings[0].problem


def test_a_deleted_row_is_found(url: str) -> None:
    trail = open_trail(url)
    recorded(trail, 5)

    change(url, "DELETE FROM criterion_audit_entry WHERE sequence = 3")

    assert [finding.problem for finding in verify(trail.stood()).findings] == [
        "entry 3 is before it missing"
    ]


def test_a_changed_definition_is_found(url: str) -> None:
    trail = open_trail(url)
    recorded(trail, 1)

    change(url, "UPDATE criterion_audit_definition SET text = 'x'")

    assert not is_intact(trail)


def test_many_pages_are_read(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criterion.audit.sql.PAGE", 3)
    trail = open_trail(url)

    recorded(trail, 10)

    assert verify(trail.stood()).entries == 10


def test_a_batch_that_was_written_is_not_written_twice(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = SqlTrail(url)
    begin = Connection.begin
    failures = [OperationalError("COMMIT", None, Exception("the connection was lost"))]

    @contextmanager
    def committing(connection: Connection) -> Iterator[None]:
        with begin(connection):
            yield
        if failures:
            raise failures.pop()

    sink, second = trail.sink("w-1"), a_batch(2)
    sink.append(a_batch(1))
    monkeypatch.setattr(Connection, "begin", committing)

    with pytest.raises(AuditError, match="the connection was lost"):
        sink.append(second)
    sink.append(second)

    assert [entry.sequence for entry in entries_of(trail)] == [1, 2]


def a_batch(sequence: int) -> Batch:
    chain = Chain("w-1")
    chain.sequence = sequence - 1
    entries = chain.link([(f"{sequence:036}", '{"kind":"loss"}')])
    return Batch(entries, [Terms(None, None, "loss", {})])


def test_tables_of_a_newer_version_are_refused(url: str) -> None:
    trail = open_trail(url)
    recorded(trail, 1)
    change(url, "UPDATE criterion_audit_schema SET version = 99")
    recorder = AuditRecorder(trail, delivery=BRIEF)
    engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    with pytest.raises(AuditError, match="the tables have version 99, and this program knows"):
        recorder.close()
    with pytest.raises(AuditError, match="the tables have version 99"):
        verify(trail.stood())


def test_tables_of_an_older_version_are_migrated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(open_trail(url), 1)

    def add(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE criterion_audit_more (x INTEGER)"))

    monkeypatch.setattr("criterion.audit.sql_migrations.MIGRATIONS", (*MIGRATIONS, add))
    recorded(open_trail(url), 1)
    recorded(open_trail(url), 1)

    with create_engine(url, poolclass=NullPool).connect() as connection:
        assert inspect(connection).has_table("criterion_audit_more")
    assert rows(url, text("SELECT version FROM criterion_audit_schema")) == [(2,)]


def test_migrations_make_the_tables_that_queries_name(url: str) -> None:
    recorded(open_trail(url), 1)
    migrated = described(url)
    engine = create_engine(url, poolclass=NullPool)
    TABLES.drop_all(engine)
    TABLES.create_all(engine)

    assert migrated == described(url)
    assert set(migrated) == set(TABLES.tables)


def described(url: str) -> dict[str, str]:
    """Return what a database tells of its tables."""
    seen = inspect(create_engine(url, poolclass=NullPool))
    return {
        name: repr(
            (
                seen.get_columns(name),
                seen.get_pk_constraint(name),
                sorted(map(str, seen.get_unique_constraints(name))),
                sorted(map(str, seen.get_indexes(name))),
                seen.get_table_options(name),
            )
        )
        for name in seen.get_table_names()
    }


@pytest.mark.external
def test_an_empty_database_has_no_trail(postgres: str) -> None:
    with pytest.raises(AuditError, match="has no audit trail"):
        verify(open_trail(postgres).stood())


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    trail = open_trail(f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(AuditError, match="does not exist"):
        verify(trail.stood())
    with pytest.raises(AuditError, match="does not exist"):
        trail.definitions()

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit.db").write_bytes(b"x" * 4_096)
    trail = open_trail(f"sqlite:///{tmp_path}/audit.db")
    recorder = AuditRecorder(trail, delivery=BRIEF)
    engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    with pytest.raises(AuditError, match="cannot be written: file is not a database"):
        recorder.close()
    with pytest.raises(AuditError, match="cannot be read: file is not a database"):
        verify(trail.stood())


def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    trail = open_trail(f"sqlite:///{tmp_path}/audit.db")
    recorded(trail, 1)
    with closing(sqlite3.connect(tmp_path / "audit.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        recorder = AuditRecorder(trail, delivery=Delivery(flush_s=0.001))
        engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
        other.execute("ROLLBACK")
        recorder.close()

    assert verify(trail.stood()).entries == 2


def test_a_database_that_stays_locked_fails_the_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("criterion.audit.sql.CONTENDED_S", 0.1)
    trail = open_trail(f"sqlite:///{tmp_path}/audit.db")
    recorded(trail, 1)
    with closing(sqlite3.connect(tmp_path / "audit.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        recorder = AuditRecorder(trail, delivery=Delivery(waits=True, patience_s=20, close_s=0.2))

        with pytest.raises(AuditError, match="cannot be written: database is locked"):
            engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

        with pytest.raises(AuditError, match="1 audit records were lost"):
            recorder.close()


def test_a_full_database_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = SqlTrail(f"sqlite:///{tmp_path}/audit.db")
    recorded(trail, 1)
    writing = SqlTrail.writing

    def small(self: SqlTrail) -> Connection:
        connection = writing(self)
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.rollback()
        return connection

    monkeypatch.setattr(SqlTrail, "writing", small)
    recorder = AuditRecorder(trail, delivery=Delivery(flush_s=60, close_s=0.1))
    for _ in range(100):
        engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    with pytest.raises(AuditError, match="database or disk is full"):
        recorder.close()
    assert is_intact(trail)


@pytest.mark.external
def test_a_lost_connection_is_made_again(postgres: str) -> None:
    trail = open_trail(postgres)
    with AuditRecorder(trail, clock=CLOCK, delivery=PATIENT) as recorder:
        running = engine(recorder)
        running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
        change(
            postgres,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        with pytest.raises(AuditError, match=r"terminating connection|it may be written later"):
            running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
        until(lambda: recorder.waiting == 0)
        running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert verify(trail.stood()).entries == 3
    assert is_intact(trail)


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    trail = open_trail("postgresql+psycopg://user:s3cret@127.0.0.1:1/none")

    with pytest.raises(AuditError) as caught:
        verify(trail.stood())

    assert "postgresql+psycopg://user:***@127.0.0.1:1/none` cannot be read" in str(caught.value)
    assert "s3cret" not in str(caught.value)


REFUSED: Final = {
    "unknown": ("oracle9://x", "is not the URL of a database"),
    "slashes": ("sqlite:audit.db", "is not the URL of a database"),
    "driver": ("postgresql+pg8000://x/y", "needs the driver `pg8000`"),
    "another database": ("mysql+pymysql://x/y", "is a database that no trail can stand in"),
}


@pytest.mark.parametrize(("url", "message"), REFUSED.values(), ids=REFUSED)
def test_a_url_that_leads_nowhere_is_refused(url: str, message: str) -> None:
    with pytest.raises(AuditError, match=message):
        open_trail(url)


WITHOUT: Final = """
import sys
sys.modules["sqlalchemy"] = None
from criterion.audit import open_trail
from criterion.errors import AuditError
open_trail("folder")
try:
    open_trail("sqlite:///audit.db")
except AuditError as error:
    print(error)
"""


def test_without_the_extra_its_name_is_said() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, check=True, text=True
    )

    assert ended.stdout == (
        "a trail in a database needs `sqlalchemy`\n  hint: pip install 'criterion-decisions[sql]'\n"
    )
