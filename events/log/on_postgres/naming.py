"""Gives an empty PostgreSQL log another name, inside a transaction that fills it. Knows no event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from events.log.database import Row

_GUARDS: Final = (
    "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'casefold.log'::regclass AND NOT tgisinternal ORDER BY 1"
)


def rename(rows: Callable[[str, tuple[Any, ...]], list[Row]], name: tuple[str, bytes, int]) -> None:
    """Write origin, key and time of making; the triggers that forbid it stand aside. Only the owner may."""
    guards = rows(_GUARDS, ())
    rows("ALTER TABLE casefold.log DISABLE TRIGGER USER", ())
    rows("UPDATE casefold.log SET origin = ?, key = ?, created_at = ?", name)
    for (guard,) in guards:
        rows(f'ALTER TABLE casefold.log ENABLE ALWAYS TRIGGER "{guard}"', ())
