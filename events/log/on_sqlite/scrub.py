"""Makes a SQLite file forget: no page, free page or log beside it keeps what was deleted. Deletes nothing itself."""

from __future__ import annotations

import contextlib
import sqlite3


def scrub(connection: sqlite3.Connection) -> bool:
    """Write every page anew, and empty the write-ahead log; whether it could be done.

    `secure_delete` alone is not enough: where rows were inserted out of order, pages that were split keep old copies.
    False where another program is reading, or the disk has no room for a second copy.
    """
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not busy
    return False
