"""Copies a SQLite file through SQLite's own online backup: one instant of it, whoever writes. Verifies nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from urllib.parse import quote


def copy(path: str, to: str, seconds: float) -> None:
    """Copy the database at `path` into the empty file `to`; the copy stands for itself, with no file beside it."""
    source = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=seconds)
    with closing(source), closing(sqlite3.connect(to, timeout=seconds, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE").fetchone()
