"""Gives an empty SQLite log another name, inside a transaction that fills it. Knows no event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from events.log.database import Row
from events.log.triggers import triggers

GUARD: Final = "log_never_updated"


def rename(rows: Callable[[str, tuple[Any, ...]], list[Row]], name: tuple[str, bytes, int]) -> None:
    """Write origin, key and time of making; the trigger that forbids it stands aside and is put back as it was."""
    rows(f"DROP TRIGGER {GUARD}", ())
    rows("UPDATE log SET origin = ?, key = ?, created_at = ?", name)
    rows(triggers()[GUARD], ())
