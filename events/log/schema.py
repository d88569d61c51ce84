"""The tables of the log, once, in SQLAlchemy Core, for writing and for tests; the read side never imports it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql

metadata: Final = MetaData()
_LONG: Final = BigInteger().with_variant(Integer, "sqlite")
_TEXT: Final = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Texts are compared and sorted byte by byte on either database."""


def _kept(column: str, parent: str) -> ForeignKeyConstraint:
    """Tie a column to its parent; on PostgreSQL, where that is asked row by row, a statement's trigger does so."""
    made = ForeignKeyConstraint([column], [parent], deferrable=True, initially="DEFERRED")
    return made.ddl_if(dialect="sqlite")


log: Final = Table(
    "log",
    metadata,
    Column("origin", _TEXT, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
cases: Final = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", _TEXT, nullable=False),
    UniqueConstraint("name"),
)
event_types: Final = Table(
    "event_types",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", _TEXT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "version"),
)
event: Final = Table(
    "event",
    metadata,
    Column("position", _LONG, primary_key=True, autoincrement=False),
    Column("case_id", Integer, nullable=False),
    Column("case_position", Integer, nullable=False),
    Column("event_id", _TEXT, nullable=False),
    Column("type_id", Integer, nullable=False),
    Column("earliest", BigInteger),
    Column("latest", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "case_position"),
    UniqueConstraint("case_id", "event_id"),
    _kept("case_id", "cases.id"),
    _kept("type_id", "event_types.id"),
)
disclosure: Final = Table(
    "disclosure",
    metadata,
    Column("position", _LONG, nullable=False),
    Column("field", _TEXT, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("position", "field"),
    _kept("position", "event.position"),
    sqlite_with_rowid=False,
)
batch: Final = Table(
    "batch",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("sha256", _TEXT, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("map_sha256", _TEXT, nullable=False),
    Column("first", _LONG, nullable=False),
    Column("last", _LONG, nullable=False),
    Column("loaded_at", BigInteger, nullable=False),
    Column("actor", _TEXT, nullable=False),
)
tile: Final = Table(
    "tile",
    metadata,
    Column("level", Integer, nullable=False),
    Column("index", _LONG, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "index"),
    sqlite_with_rowid=False,
)
checkpoint: Final = Table(
    "checkpoint",
    metadata,
    Column("size", _LONG, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
blob: Final = Table(
    "blob",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
timestamp: Final = Table(
    "timestamp",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)
