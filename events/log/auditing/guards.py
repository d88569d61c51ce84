"""The schema of a log as text, compared with the program's: tables, triggers, and nothing else. Reads no event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from events.log.auditing.findings import Findings
from events.log.database import SCHEMAS
from events.log.tree import Rows
from events.log.triggers import triggers

THEIRS = "alembic_version"


def look(rows: Rows, findings: Findings) -> None:
    """Note every table, trigger, view or index that is gone, altered or not Casefold's."""
    there = {
        (kind, name): sql or ""
        for kind, name, sql in rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'", ())
    }
    there.pop(("table", THEIRS), None)
    wanted = _wanted()
    for (kind, name), sql in wanted.items():
        if (kind, name) not in there:
            findings.add(None, "schema", f"the {kind} {name} is gone")
        elif plain(there[kind, name]) != sql:
            findings.add(None, "schema", f"the {kind} {name} is not as Casefold made it")
    for kind, name in there.keys() - wanted.keys():
        findings.add(None, "schema", f"the {kind} {name} is not Casefold's")
    versions = [version for (version,) in rows(f"SELECT version_num FROM {THEIRS}", ())]
    if versions != [SCHEMAS[-1]]:
        findings.add(None, "schema", f"the schema says it is {', '.join(map(str, versions))}, not {SCHEMAS[-1]}")


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
