"""Kept views in a SQLite file beside the log: locks, the file made aside and copied in, damage. Knows no question.

What was made aside is copied over the pages of the file that is there, in one transaction: the file is never another
one under the same name, whoever has it open. It has a rollback journal, so that one lock holds off everybody.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, final
from urllib.parse import quote

from events.errors import Unavailable
from events.log.kept_views import ASIDE, HEAD, clear_rubbish, leftovers
from timeline.kept.place import Absent, Check, Damaged, Moved, Rows
from timeline.kept.rows import Row
from timeline.kept.tables import TABLES, Table

BUSY_SECONDS = 30.0
CACHE_KIB: Final = 65_536
ENDING: Final = " WITHOUT ROWID"
_MOVED: Final = 1032  # SQLITE_READONLY_DBMOVED
_MADE: Final = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')"
_open = sqlite3.connect
_SAID: Final = {
    sqlite3.SQLITE_BUSY: "is busy: another program is keeping views there; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "is busy: another program is keeping views there; try again when that has finished",
    sqlite3.SQLITE_FULL: "could not be written: the disk is full",
    sqlite3.SQLITE_READONLY: "may not be written; check the permissions of the file and of its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the permissions of the file and of its folder",
    sqlite3.SQLITE_PERM: "may not be opened; check the permissions of the file and of its folder",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reports a fault",
    sqlite3.SQLITE_NOMEM: "could not be read: there is no memory left",
    sqlite3.SQLITE_INTERRUPT: "was interrupted",
}


@final
class ViewsFile:
    """One file of kept views."""

    def __init__(self, path: str, where: str = "") -> None:
        self.path = path
        self.where = where or path

    @contextlib.contextmanager
    def reading(self) -> Iterator[Rows | None]:
        """Hold one state for several queries; None where nothing is kept yet. Raises `Damaged`."""
        if self._number() is None:
            yield None
            return
        with self._connected(self.path) as connection:
            held = _Held(self, connection)
            held.rows("PRAGMA query_only = ON")
            held.rows("BEGIN")
            yield held.rows if held.made() else None

    @contextlib.contextmanager
    def keeping(self) -> Iterator[_Held]:
        """Wait for the lock, and change what is kept. Raises `Damaged`, and `Absent` where nothing is."""
        before = self._number()
        if before is None:
            raise Absent
        with self._connected(self.path) as connection:
            held = _Held(self, connection)
            _keep_safely(held)
            held.rows("BEGIN IMMEDIATE")
            if self._number() != before:
                raise Moved
            if not held.made():
                raise Absent
            yield held

    @contextlib.contextmanager
    def anew(self) -> Iterator[_Held]:
        """Make empty tables aside, which take the place of what is kept only when they are committed."""
        leftovers(self.path)
        aside = self._aside()
        try:
            with self._connected(aside) as connection:
                held = _Held(self, connection, aside=aside)
                for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
                    held.rows(f"PRAGMA {pragma}")
                held.rows("BEGIN EXCLUSIVE")
                for table in TABLES:
                    held.rows(table.create(ENDING))
                yield held
        except Unavailable:
            if os.path.exists(aside):  # noqa: PTH110
                raise
            raise Moved from None
        finally:
            with contextlib.suppress(OSError):
                os.unlink(aside)  # noqa: PTH108

    def put(self, aside: str, check: Check) -> None:
        """Copy a finished file into the place, alone there, if `check` finds nothing against it."""
        self._there()
        head = self._head()
        try:
            self._copy(aside, check)
        except Damaged:
            with self._said():
                clear_rubbish(Path(self.path), head)
            self._copy(aside, check)

    def _copy(self, aside: str, check: Check) -> None:
        with self._connected(aside) as made, self._connected(self.path) as there:
            _keep_safely(_Held(self, there))
            ((pages,),) = _Held(self, made).rows("PRAGMA page_count")
            until = time.monotonic() + BUSY_SECONDS

            def alone(status: int, *_: int) -> None:
                """Look after the first step, of all pages but one: that one is the commit."""
                if status == sqlite3.SQLITE_OK:
                    check()
                elif status != sqlite3.SQLITE_DONE and time.monotonic() > until:
                    raise Unavailable(f"{self.where} {_SAID[sqlite3.SQLITE_BUSY]}")

            try:
                made.backup(there, pages=pages - 1, progress=alone, sleep=0.01)
            except sqlite3.Error as error:
                raise self.fault(error) from error

    def fault(self, error: sqlite3.Error) -> Exception:
        """Put a driver's error into what it means for what is kept."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code == _MOVED:
            return Moved()
        words = _SAID.get(code & 0xFF)
        return Unavailable(f"{self.where} {words}") if words else Damaged(f"{self.where} is damaged ({error})")

    def _number(self) -> tuple[int, int] | None:
        """Give the file's own number; None where there is none. A link is nothing of ours, and leads nowhere."""
        try:
            found = os.lstat(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{self.where} cannot be opened: {error.strerror}") from error
        if os.path.islink(self.path):  # noqa: PTH114
            raise Damaged(f"{self.where} is a symbolic link")
        if os.path.isdir(self.path):  # noqa: PTH112
            raise Unavailable(f"{self.where} is a folder; move it away")
        return (found.st_dev, found.st_ino)

    def _there(self) -> None:
        """See to it that there is a file of ours, be it empty."""
        with self._said():
            if os.path.islink(self.path):  # noqa: PTH114
                os.unlink(self.path)  # noqa: PTH108
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self._number()

    def _head(self) -> bytes:
        with self._said(), Path(self.path).open("rb") as file:
            return file.read(HEAD)

    def _aside(self) -> str:
        folder, name = os.path.split(self.path)
        try:
            handle, aside = tempfile.mkstemp(prefix=f"{name}{ASIDE}", dir=folder)
        except OSError as error:
            raise Unavailable(f"{self.where} cannot be made: {error.strerror}") from error
        os.close(handle)
        return aside

    @contextlib.contextmanager
    def _connected(self, path: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = _open(f"file:{quote(path)}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise self.fault(error) from error
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as gone:
            raise Moved from gone
        except OSError as error:
            raise Unavailable(f"{self.where} cannot be made: {error.strerror}") from error


def _keep_safely(held: _Held) -> None:
    for pragma in ("journal_mode = DELETE", "synchronous = FULL", "secure_delete = ON"):
        held.rows(f"PRAGMA {pragma}")


@final
class _Held:
    """One connection in one transaction; every fault of the driver is said."""

    def __init__(self, file: ViewsFile, connection: sqlite3.Connection, aside: str = "") -> None:
        self._file = file
        self._connection = connection
        self._aside = aside
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", f"cache_size = -{CACHE_KIB}"):
            self.rows(f"PRAGMA {pragma}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of one query."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._file.fault(error) from error

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows in the order of the table's columns."""
        try:
            self._connection.executemany(table.insert, rows)
        except sqlite3.Error as error:
            raise self._file.fault(error) from error

    def commit(self, check: Check) -> None:
        """Keep it, if `check` finds nothing against it; what was made aside takes the place of what is kept."""
        if not self._aside:
            check()
        self.rows("COMMIT")
        if self._aside:
            self._connection.close()
            self._file.put(self._aside, check)

    def made(self) -> bool:
        """Whether there are tables; raises `Damaged` where they are not ours."""
        there = self.rows(_MADE)
        ours = {("table", table.name, table.create(ENDING)) for table in TABLES}
        if there and (not ours <= set(there) or any(kind == "trigger" for kind, *_ in there)):
            raise Damaged(f"{self._file.where} has other tables")
        return bool(there)
