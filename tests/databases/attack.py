"""What somebody may do who has the database itself, on either kind: change it with the triggers out of the way."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

from events.log.triggers import TABLES

_SAID: tuple[tuple[str, str], ...] = (
    (r"zeroblob\((\d+)\)", r"decode(repeat('00', \1), 'hex')"),
    (r"randomblob\(16\)", r"decode(md5(random()::text), 'hex')"),
    (r"\bx'([0-9a-f]*)'", r"decode('\1', 'hex')"),
    (r"CAST\((\w+) AS TEXT\)", r"convert_from(\1, 'UTF8')"),
    (r"CAST\((.+) AS BLOB\)", r"convert_to(\1, 'UTF8')"),
)


def on_postgres(sql: str) -> str:
    """Put what was written for SQLite into PostgreSQL's words.

    >>> on_postgres("UPDATE event SET body = x'ff', leaf_hash = zeroblob(32)")
    "UPDATE event SET body = decode('ff', 'hex'), leaf_hash = decode(repeat('00', 32), 'hex')"
    """
    for pattern, words in _SAID:
        sql = re.sub(pattern, words, sql)
    return sql


def attacker(db: str) -> Any:
    """Connect as somebody who has the file, or owns the tables."""
    if "://" not in db:
        return sqlite3.connect(db, isolation_level=None)
    import psycopg

    return psycopg.connect(db.replace("+psycopg", ""), autocommit=True, options="-c search_path=casefold")


def tamper(db: str, *statements: str) -> None:
    """Change a log without its triggers, which are then put back as they were."""
    with closing(attacker(db)) as connection:
        if "://" in db:
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                connection.execute(on_postgres(statement))
            for (name, table) in connection.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger").fetchall():
                connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
            return
        kept = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in kept:
            connection.execute(sql)
