"""Three cases to be kept, and what is kept of a log: as it lies there, and as a fold of the whole gives it. No test."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from events.drafting import draft
from events.log import Log
from timeline import store
from timeline.kept.tables import TABLES

ZONE = "America/Los_Angeles"
LINES: tuple[dict[str, Any], ...] = (
    {"case": "a", "id": "o", "type": "case.opened", "data": {"zone": ZONE, "title": "=HYPERLINK(1)"}},
    {"case": "a", "id": "i", "type": "infusion", "when": "more than 7 days before @d", "source": {"speaker": "x"}},
    {"case": "b", "id": "s", "type": "injection", "when": "2023-10-28T08:30Z", "data": {"amount": "20 mg"}},
    {"case": "a", "id": "d", "type": "death", "when": "2023-10-28T16:17"},
    {"case": "b", "id": "f", "type": "fact", "data": {"text": "a long walk"}, "source": {"quote": "walked for hours"}},
    {"case": "a", "id": "j", "type": "injection", "when": "2023-10-28", "data": {"count": "at least 27"}},
    {"case": "b", "id": "d", "type": "death", "when": "2023-10-29"},
    {"case": "a", "id": "u", "type": "injection", "data": {"substance": "ketamine"}},
    {"case": "b", "id": "d2", "type": "death", "when": "2023-10-30"},
    {"case": "a", "id": "c", "type": "amend.correct", "data": {"target": "j", "set": {"data": {"count": "2"}}}},
    {"case": "b", "id": "r", "type": "amend.retract", "data": {"target": "d2"}},
    {"case": "c", "id": "only", "type": "call", "when": "2020"},
)  # fmt: skip
LAST = "days-since-last infusion --at death"


def append(log: Log, *lines: dict[str, Any]) -> None:
    zones = {"a": ZONE}
    with log.writing("keeper") as writer:
        writer.append([draft(line, zone="UTC", case_zone=lambda case: zones.get(case, "UTC")) for line in lines])


def kept(db: str | Path) -> dict[str, list[Any]]:
    """Give every row of every table of the kept views."""
    with closing(sqlite3.connect(f"{db}.views")) as connection:
        named = ((table, ", ".join(table.names)) for table in TABLES)
        return {t.name: sorted(connection.execute(f"SELECT {names} FROM {t.name}"), key=repr) for t, names in named}


def folded(db: str | Path) -> dict[str, list[Any]]:
    """Give what would be kept if nothing had ever been kept before."""
    fresh = Path(f"{db}.fresh")
    with closing(sqlite3.connect(db)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
    store.project(str(fresh))
    rows = kept(fresh)
    for path in (fresh, Path(f"{fresh}.views")):
        path.unlink()
    return rows
