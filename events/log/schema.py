"""The tables of the log, once, in SQLAlchemy Core, for writing and for tests; the read side never imports it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData()

log: Final = Table(
    "log",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
cases: Final = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("name"),
)
event_types: Final = Table(
    "event_types",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "version"),
)
event: Final = Table(
    "event",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("case_id", Integer, ForeignKey("cases.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("case_position", Integer, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type_id", Integer, ForeignKey("event_types.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("earliest", BigInteger),
    Column("latest", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "case_position"),
    UniqueConstraint("case_id", "event_id"),
)
disclosure: Final = Table(
    "disclosure",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("event.position", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column("field", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("position", "field"),
    sqlite_with_rowid=False,
)
batch: Final = Table(
    "batch",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("map_sha256", Text, nullable=False),
    Column("first", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("last", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("loaded_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
)
tile: Final = Table(
    "tile",
    metadata,
    Column("level", Integer, nullable=False),
    Column("index", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "index"),
    sqlite_with_rowid=False,
)
checkpoint: Final = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
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
