"""The SQLite triggers that keep the log append-only, as the newest schema has them; they guard against accidents.

They refuse every UPDATE, every DELETE but a disclosure's, and an INSERT that is not the next. INSERT OR REPLACE would
take the old row out without firing a DELETE trigger, so each table also refuses an INSERT whose key is taken. These say
FAIL and not ABORT: they speak before the row is touched, and ABORT would have SQLite copy every page that a bulk load
touches, row by row, lest it must be put back (keys between tables are checked at commit for the same reason).

Whoever may write the file can still drop a trigger: against people stand the Merkle tree and a checkpoint kept
elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TABLES: Final = (
    "log", "cases", "event_types", "event", "disclosure", "batch", "tile", "checkpoint", "blob", "timestamp",
)  # fmt: skip
ERASABLE: Final = frozenset({"disclosure"})
CLASH: Final = "casefold: this id is taken in its case"
"""How `event_once` begins to speak; the writer knows a uniqueness clash by it."""

_ONCE: Final = {
    "log_once": ("log", "EXISTS (SELECT 1 FROM log)", "casefold: a log has one origin"),
    "cases_next": (
        "cases",
        (
            "NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM cases)"
            " OR EXISTS (SELECT 1 FROM cases WHERE name = NEW.name)"
        ),
        "casefold: a case takes the next id and a new name",
    ),
    "event_types_next": (
        "event_types",
        (
            "NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event_types)"
            "\nOR EXISTS (SELECT 1 FROM event_types WHERE name = NEW.name AND version = NEW.version)"
        ),
        "casefold: an event type takes the next id and a new name",
    ),
    "event_next": (
        "event",
        (
            "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)"
            "\nOR NEW.case_position IS NOT"
            " (SELECT coalesce(max(case_position), 0) + 1 FROM event WHERE case_id = NEW.case_id)"
        ),
        "casefold: an event takes the next position",
    ),
    "event_once": (
        "event",
        "EXISTS (SELECT 1 FROM event WHERE case_id = NEW.case_id AND event_id = NEW.event_id)",
        CLASH,
    ),
    "disclosure_once": (
        "disclosure",
        "EXISTS (SELECT 1 FROM disclosure WHERE position = NEW.position AND field = NEW.field)",
        "casefold: this field is disclosed already",
    ),
    "batch_next": (
        "batch",
        "NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM batch)",
        "casefold: a batch takes the next number",
    ),
    "tile_next": (
        "tile",
        'NEW."index" IS NOT (SELECT coalesce(max("index"), -1) + 1 FROM tile WHERE level = NEW.level)',
        "casefold: a tile takes the next index of its level",
    ),
    "checkpoint_next": (
        "checkpoint",
        "NEW.size IS NULL OR NEW.size <= (SELECT coalesce(max(size), -1) FROM checkpoint)",
        "casefold: a checkpoint is of a greater size than the last",
    ),
    "blob_once": (
        "blob",
        "EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256)",
        "casefold: this attachment is there already",
    ),
    "timestamp_once": (
        "timestamp",
        "EXISTS (SELECT 1 FROM timestamp WHERE token_sha256 = NEW.token_sha256)",
        "casefold: this time stamp is there already",
    ),
}


def triggers() -> Mapping[str, str]:
    """Give the SQL of every trigger by name.

    >>> sorted(triggers())[:2]
    ['batch_never_deleted', 'batch_never_updated']
    """
    made = {
        name: f"CREATE TRIGGER {name} BEFORE INSERT ON {table}\nWHEN {when}\nBEGIN SELECT RAISE(FAIL, '{words}'); END"
        for name, (table, when, words) in _ONCE.items()
    }
    for table in TABLES:
        made[f"{table}_never_updated"] = (
            f"CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}"
            f"\nBEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing in it is changed'); END"
        )
        if table not in ERASABLE:
            made[f"{table}_never_deleted"] = (
                f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}"
                f"\nBEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing is taken out of it'); END"
            )
    return made
