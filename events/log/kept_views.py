"""Where kept views lie beside a log's file, and how they are emptied. Reads nothing of them and makes none.

They are copies of what the log says, sensitive values included, and of no weight: a redaction empties them whole. The
file itself stays: SQLite's locks hold for one file, its journal for one name, and a program that were left in an older
file of that name would take the journal of the newer one for its own.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

ENDING: Final = ".views"
ASIDE: Final = "-aside-"
HEAD: Final = 100
"""Bytes that say what a database is (SQLite's file format, 1.3)."""
_BESIDE: Final = ("-journal", "-wal", "-shm")
_LOCKED: Final = (512, 1 << 30)
"""How many bytes SQLite locks a file by, and from where on (SQLite's file format, 1.4)."""


def views_file(log: str) -> str:
    """Give the file of the kept views of the log at a path: beside the log itself, whatever links lead there.

    >>> views_file("/cases/perry.db")
    '/cases/perry.db.views'
    """
    return os.path.realpath(log) + ENDING


def purge(log: str, seconds: float) -> bool:
    """Empty all that is kept of the log at a path; whether it could be done.

    False where another program has been reading or writing there for so many seconds, or nothing may be changed there.
    """
    file = Path(views_file(log))
    with contextlib.suppress(OSError, sqlite3.Error):
        for aside in _asides(file):
            _remove(aside)
        if file.is_symlink():
            _remove(file)
        elif file.is_file():
            _emptied(file, seconds)
        return True
    return False


def leftovers(file: str) -> None:
    """Take away what builders left aside that were killed: none of them holds its lock any more."""
    for aside in _asides(Path(file)):
        with contextlib.suppress(OSError, sqlite3.OperationalError):
            _emptied(aside, 0)
            _remove(aside)


def clear_rubbish(file: Path, head: bytes = b"") -> None:
    """Cut a file that is no database to nothing, if it still begins so: another program may just have done it.

    Raises `OSError` where somebody else is in it, or it may not be changed.
    """
    with file.open("rb+") as opened:
        _lock_by_hand(opened)
        if opened.read(HEAD).startswith(head):
            opened.truncate(0)
            _without_company(file)


def _emptied(file: Path, seconds: float) -> None:
    """Cut a file to nothing while nobody else is in it. Raises `OSError`, and `sqlite3.Error` where somebody is."""
    try:
        with _alone(file, seconds):
            os.truncate(file, 0)
            _without_company(file)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        clear_rubbish(file)


@contextlib.contextmanager
def _alone(file: Path, seconds: float) -> Iterator[None]:
    """Lock everybody else out of a database. Raises `sqlite3.Error`."""
    uri = f"file:{quote(str(file))}?mode=rw"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=seconds, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _lock_by_hand(opened: IO[bytes]) -> None:
    """Hold what SQLite would hold to write a file. Raises `OSError`."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, *_LOCKED)


def _asides(file: Path) -> list[Path]:
    found = file.parent.glob(f"{glob.escape(file.name)}{ASIDE}*")
    return [path for path in found if not path.name.endswith(_BESIDE)]


def _without_company(file: Path) -> None:
    for end in _BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)


def _remove(file: Path) -> None:
    _without_company(file)
    file.unlink(missing_ok=True)
