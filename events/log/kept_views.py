"""Where kept views lie beside a log's file, and how they are taken away. Reads nothing of them and makes none.

They are copies of what the log says, sensitive values included, and of no weight: a redaction takes them away whole.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

ENDING: Final = ".views"
ASIDE: Final = "-aside-"
_BESIDE: Final = ("-journal", "-wal", "-shm")


def views_file(log: str) -> str:
    """Give the file of the kept views of the log at a path: beside the log itself, whatever links lead there.

    >>> views_file("/cases/perry.db")
    '/cases/perry.db.views'
    """
    return os.path.realpath(log) + ENDING


def purge(log: str, seconds: float) -> bool:
    """Take away all that is kept of the log at a path; whether it could be done.

    False where another program has been reading or writing there for so many seconds, or nothing may be removed there.
    """
    file = Path(views_file(log))
    with contextlib.suppress(OSError, sqlite3.Error):
        for aside in _asides(file):
            _remove(aside)
        return _locked_away(file, seconds)
    return False


def leftovers(file: str) -> None:
    """Take away what builders left aside that were killed: none of them holds its lock any more."""
    for aside in _asides(Path(file)):
        with contextlib.suppress(OSError, sqlite3.Error):
            _locked_away(aside, 0)


def without_company(file: Path) -> None:
    """Take away what SQLite left beside a file; only for who holds it alone, or where no database can be in it."""
    for end in _BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)


def _asides(file: Path) -> list[Path]:
    found = file.parent.glob(f"{glob.escape(file.name)}{ASIDE}*")
    return [path for path in found if not path.name.endswith(_BESIDE)]


def _locked_away(file: Path, seconds: float) -> bool:
    """Remove a file while nobody else can be in it: else its journal could be taken for a later file's."""
    while True:
        if file.is_symlink():
            return _remove(file)
        if not file.is_file():
            return True
        before = file.stat().st_ino
        uri = f"file:{quote(str(file))}?mode=rw"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=seconds, isolation_level=None)) as connection:
            if not _alone(connection):
                return False
            if file.exists() and file.stat().st_ino == before:
                return _remove(file)


def _alone(connection: sqlite3.Connection) -> bool:
    """Lock everybody else out of a file; true also where it is no database: nobody can be in it then."""
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
    return True


def _remove(file: Path) -> bool:
    without_company(file)
    file.unlink(missing_ok=True)
    return True
