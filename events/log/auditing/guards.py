"""Whether the schema of a log is the program's: tables, triggers, and nothing else. Reads no event."""

from __future__ import annotations

from typing import Final

from events.log.auditing.findings import Findings
from events.log.database import SCHEMAS
from events.log.tree import Rows

WHICH: Final = "SELECT '1' = 1"
"""SQLite tells a text from a number; PostgreSQL reads the text as one. Whoever asks has rows, and knows no database."""


def look(rows: Rows, findings: Findings) -> None:
    """Note everything in the schema that is gone, altered or not Casefold's."""
    if rows(WHICH, ())[0][0]:
        from events.log.on_postgres.guards import look as said
    else:
        from events.log.on_sqlite.guards import look as said
    for words in said(rows):
        findings.add(None, "schema", words)
    versions = [version for (version,) in rows("SELECT version_num FROM alembic_version", ())]
    if versions != [SCHEMAS[-1]]:
        findings.add(None, "schema", f"the schema says it is {', '.join(map(str, versions))}, not {SCHEMAS[-1]}")
