"""What a database file may hold and a statement may do, so that a hostile file runs nothing. Opens no file itself.

A log's schema is plain: tables, their own indexes, and triggers that only refuse. Views, virtual tables, indexes over
expressions, generated columns, checks and defaults could run code of a stranger's choosing; none of them is ours.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final

from events.errors import Unavailable
from events.log.database import Row
from events.log.triggers import triggers

MOST: Final = 500
"""More tables, indexes and triggers than this no log has."""
LONGEST: Final = 1 << 27
"""The longest value that is read, in bytes: more than any attachment has."""
_RUNS: Final = re.compile(r"\b(CHECK|GENERATED|DEFAULT|COLLATE|AS)\b|^\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)
_SCHEMA: Final = "SELECT type, name, coalesce(sql, '') FROM sqlite_master LIMIT ?"
_TRIGGERS: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE}
)
_RUNNING: Final = frozenset(
    {"edit", "fts3_tokenizer", "load_extension", "randomblob", "readfile", "writefile", "zeroblob"}
)
"""Functions that reach outside, or for memory without end; no question needs one."""
_TOLD: Final = frozenset({"integrity_check", "foreign_key_check", "table_info"})
"""Pragmas that tell something of what they are given; any other is only asked for its value."""

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


def look_over(rows: Rows, where: str, ours: Iterable[str]) -> bool:
    """Whether there is a log in the file; False where there is nothing at all.

    Raises `Unavailable` where there is something else (not all of `ours` are tables), or what could run something.
    """
    found = rows(_SCHEMA, (MOST + 1,))
    if not found:
        return False
    tables = {name for kind, name, _ in found if kind == "table"}
    if not tables.issuperset(ours) or len(found) > MOST:
        raise Unavailable(f"{where} is a database of something else; name another file with --db")
    for kind, name, sql in found:
        if why := _hostile(str(kind), str(sql)):
            raise Unavailable(f"{where} is not as Casefold makes it: {str(name)[:60]!r} is {why}; restore a backup")
    return True


def _hostile(kind: str, sql: str) -> str:
    if kind == "view":
        return "a view"
    if kind == "index" and sql:
        return "an index that no log has"
    return "a table with an expression in it" if kind == "table" and _RUNS.search(sql) else ""


def look_at_triggers(rows: Rows, where: str) -> None:
    """Raise `Unavailable` where a trigger is not ours, or not as ours is: writing would run it."""
    ours = triggers()
    for name, sql in rows(_TRIGGERS, ()):
        if ours.get(name) != sql:
            raise Unavailable(
                f"{where} has a trigger that is not Casefold's, {str(name)[:60]!r}, and is not written to;"
                " restore a backup, or see what `casefold verify` says"
            )


def only_reads(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Let SQLite prepare a statement that reads, and deny all else (SQLite calls it an authorizer)."""
    allowed = (
        action in _ALLOWED
        or (action == sqlite3.SQLITE_FUNCTION and second not in _RUNNING)
        or (action == sqlite3.SQLITE_PRAGMA and (first in _TOLD or second is None))
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
