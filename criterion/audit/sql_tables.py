"""The tables of a trail in a database, as queries name them; migrations make them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from criterion.audit.terms import WORD_LENGTH_MAX

TABLES: Final = MetaData()

SCHEMA: Final = Table("criterion_audit_schema", TABLES, Column("version", Integer, nullable=False))

WRITERS: Final = Table(
    "criterion_audit_writer",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
)

ENTRIES: Final = Table(
    "criterion_audit_entry",
    TABLES,
    Column("writer", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("id", String(36), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("salt", String(32)),
    Column("payload", Text),
    Column("decision", String(100)),
    Column("rule", String(100)),
    Column("outcome", String(20), nullable=False),
    PrimaryKeyConstraint("writer", "sequence"),
    # Ids begin with the time, so that each of these indexes is in the order of time.
    Index("criterion_audit_by_id", "id", unique=True),
    Index("criterion_audit_by_decision", "decision", "id"),
    Index("criterion_audit_by_rule", "rule", "id"),
    Index("criterion_audit_by_outcome", "outcome", "id"),
)

WORDS: Final = Table(
    "criterion_audit_metadata",
    TABLES,
    Column("name", String(WORD_LENGTH_MAX), nullable=False),
    Column("value", String(WORD_LENGTH_MAX), nullable=False),
    Column("id", String(36), nullable=False),
    PrimaryKeyConstraint("name", "value", "id"),
    sqlite_with_rowid=False,
)

DEFINITIONS: Final = Table(
    "criterion_audit_definition",
    TABLES,
    Column("digest", String(71), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
)
