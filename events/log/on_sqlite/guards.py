"""The schema of a log in a SQLite file as text, compared with the program's. Reads no event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from events.log.database import Row
from events.log.triggers import triggers

THEIRS: Final = "alembic_version"

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


def look(rows: Rows) -> Iterator[str]:
    """Say of every table, trigger, view or index whether it is gone, altered or not Casefold's."""
    there = {
        (kind, name): sql or ""
        for kind, name, sql in rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'", ())
    }
    there.pop(("table", THEIRS), None)
    wanted = _wanted()
    for (kind, name), sql in wanted.items():
        if (kind, name) not in there:
            yield f"the {kind} {name} is gone"
        elif plain(there[kind, name]) != sql:
            yield f"the {kind} {name} is not as Casefold made it"
    for kind, name in there.keys() - wanted.keys():
        yield f"the {kind} {name} is not Casefold's"


def plain(sql: str) -> str:
    """Give SQL without what spacing says nothing."""
    return re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").replace(" ,", ",").strip()


@cache
def _wanted() -> Mapping[tuple[str, str], str]:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateTable

    from events.log.schema import metadata

    made = {("trigger", name): plain(sql) for name, sql in triggers().items()}
    for table in metadata.sorted_tables:
        made["table", table.name] = plain(str(CreateTable(table).compile(dialect=sqlite.dialect())))
    return made
