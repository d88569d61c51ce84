"""The log in a SQLite file: how it is made, opened, locked and written; all that is SQLite's own. Knows no event."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, final
from urllib.parse import quote

from events.errors import Preceded, Problem, Unavailable, reason
from events.log.database import Reading, Row
from events.log.on_sqlite.aside import begun, put_in_place, remove
from events.log.on_sqlite.guarded import LONGEST, look_at_triggers, look_over, only_reads
from events.log.on_sqlite.writing import SqliteWriting
from events.log.uninterrupted import uninterrupted
from events.noticed import notice

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_SECONDS = 30.0
CACHE_KIB: Final = 65_536
NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "ncpfs", "vboxsf"}
)
"""Mounts on which SQLite's shared memory, and so WAL, cannot be trusted."""
OURS: Final = {"log", "event", "alembic_version"}

_open = sqlite3.connect
_SAID: Final = {
    sqlite3.SQLITE_BUSY: "is busy: another program is writing to it; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "is busy: another program is writing to it; try again when that has finished",
    sqlite3.SQLITE_FULL: "could not be written: the disk is full; nothing was written",
    sqlite3.SQLITE_READONLY: "may not be written; check the permissions of the file and of its folder",
    sqlite3.SQLITE_AUTH: "may not be written: it is open for reading only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the permissions of the file and of its folder",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a backup, then run `casefold db check`",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database; name another file with --db",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reports a fault; nothing was written",
}


@final
class SqliteFile:
    """One SQLite file as the home of one log."""

    beyond = ""

    def __init__(self, path: str) -> None:
        self.path = self._place = os.path.abspath(path)  # noqa: PTH100
        self.aside = False
        self.where = self.address = self.beside = path
        self.warnings: list[Problem] = []
        self._kept: sqlite3.Connection | None = None
        self._readings: list[SqliteReading] = []

    def state(self) -> str:
        """Give the schema version; empty where there is no log yet. Raises `Unavailable` where it is not ours."""
        try:
            found = os.stat(self.path)  # noqa: PTH116
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise Unavailable(f"{self.where} cannot be opened: {reason(error)}") from error
        if stat.S_ISDIR(found.st_mode):
            raise Unavailable(f"{self.where} is a folder; name a database file in it")
        if not stat.S_ISREG(found.st_mode):
            raise Unavailable(f"{self.where} is not a file; name a database file with --db")
        if found.st_size == 0:
            return ""
        reading = self.reading()
        try:
            if not look_over(reading.rows, self.where, OURS):
                return ""
            self._warn_if_open_to_others(found.st_mode)
            return "".join(str(name) for (name,) in reading.rows("SELECT version_num FROM alembic_version"))
        finally:
            reading.close()

    def create(self) -> None:
        """Make an empty file for its owner alone, aside; a database that holds nothing at all is taken as it is.

        Raises `Preceded` where another program has made the log meanwhile.
        """
        with contextlib.suppress(FileNotFoundError):
            if os.stat(self.path).st_size:  # noqa: PTH116
                if self.state():
                    raise Preceded(self.where)
                return
        self.path, self.aside = begun(self._place, self.where), True

    def publish(self) -> None:
        """Fold -wal into the file, and put it in its place; what reads it reads it there from then on."""
        if not self.aside:
            return
        for reading in self._readings:
            reading.release()
        self.tidy()
        with uninterrupted():
            put_in_place(self.path, self._place, self.where, BUSY_SECONDS)
            self.path, self.aside = self._place, False

    def discard(self) -> None:
        """Take the file away that was made aside."""
        if self.aside:
            remove(self.path)

    def settle(self) -> None:
        """Set WAL, or on a network drive DELETE with a warning; both are durable with synchronous FULL.

        Raises `Unavailable` where a trigger would run that is not ours.
        """
        network = mount_type(self.path) in NETWORK
        if network:
            self._warn(
                f"{self.where} is on a network drive, where only one program at a time may safely write",
                "keep the log on a local disk",
            )
        connection = self._connect()
        try:
            look_at_triggers(lambda sql, given: connection.execute(sql, given).fetchall(), self.where)
            wanted = "delete" if network else "wal"
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if mode != wanted:
                with contextlib.suppress(
                    sqlite3.OperationalError
                ):  # another program is in it: the next opening sets it
                    connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
        except sqlite3.Error as error:
            raise self.unavailable(error) from error
        finally:
            connection.close()

    def reading(self) -> Reading:
        """Open read-only; in a folder that may not be written, and only there, as an immutable file (said)."""
        try:
            reading = SqliteReading(self, "mode=ro")
        except Unavailable:
            if not os.path.exists(self.path) or os.access(os.path.dirname(self.path), os.W_OK):  # noqa: PTH110, PTH120
                raise
            reading = SqliteReading(self, "mode=ro&immutable=1")
            self._warn_immutable()
        if self.aside:
            self._readings.append(reading)
        return reading

    def engine(self) -> Engine:
        """Give an engine for migrations, whose transactions take the writer's lock at once (BEGIN IMMEDIATE)."""
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import NullPool

        engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    @contextlib.contextmanager
    def writing(self) -> Iterator[SqliteWriting]:
        """Hold one transaction on a connection that is kept for the next; closed where the body fails."""
        connection, self._kept = self._kept or self._connect(), None
        with _closed_where_it_fails(connection):
            writing = SqliteWriting(connection, self.unavailable)
        with _closed_where_it_fails(writing):
            yield writing
        if connection.in_transaction or self._kept is not None:
            connection.close()
        else:
            self._kept = connection
        if writing.committed:
            self.publish()

    def unavailable(self, error: BaseException) -> Unavailable:
        """Put a driver's error into one line for the user."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        words = _SAID.get(code, f"could not be used: {error}")
        return Unavailable(f"{self.where} {words}")

    def faults(self, reading: Reading) -> Iterator[Problem]:
        """Give what SQLite itself can say is wrong: triggers that are gone, pages, keys."""
        from events.log.on_sqlite.faults import faults

        return faults(reading.rows)

    def copy_to(self, file: str) -> None:
        """Copy the whole database, as it stands at one instant, into an empty file, while others may write."""
        from events.log.on_sqlite.copy import copy

        try:
            copy(self.path, file, BUSY_SECONDS)
        except sqlite3.Error as error:
            raise self.unavailable(error) from error

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in the file or beside it, in kept views too; whether that could be done."""
        from events.log.kept_views import purge
        from events.log.on_sqlite.scrub import scrub

        purged = purge(self.path, BUSY_SECONDS)
        with contextlib.closing(self._connect()) as connection:
            return scrub(connection) and purged

    def tidy(self) -> None:
        """Let SQLite fold -wal into the file and take it away; a reader, being the last to leave, could not."""
        with contextlib.suppress(Unavailable, sqlite3.Error):
            kept, self._kept = self._kept or self._connect(), None
            kept.close()

    def remove(self) -> None:
        """Take the file away with what SQLite keeps beside it."""
        remove(self.path)

    def _connect(self) -> sqlite3.Connection:
        uri = f"file:{quote(self.path)}?mode=rw"
        try:
            connection = _open(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            with _closed_where_it_fails(connection):
                for pragma in (
                    "foreign_keys = ON",
                    "synchronous = FULL",
                    "trusted_schema = OFF",
                    f"cache_size = -{CACHE_KIB}",
                ):
                    connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise self.unavailable(error) from error
        return connection

    def _warn_if_open_to_others(self, mode: int) -> None:
        if mode & 0o077:
            self._warn(f"{self.where} can be read by other users of this machine", f"chmod 600 {self.where}")

    def _warn_immutable(self) -> None:
        wal = f"{self.path}-wal"
        unread = os.path.exists(wal) and os.path.getsize(wal) > 0  # noqa: PTH110, PTH202
        what = f"{self.where} is in a folder that may not be written, so it is read as a file that nobody changes"
        more = "; its -wal file is not read, and the newest events may be missing" if unread else ""
        self._warn(what + more, "copy the folder to where you may write" if unread else "")

    def _warn(self, what: str, instead: str) -> None:
        warning = Problem(what=what, instead=instead)
        if warning not in self.warnings:
            self.warnings.append(warning)
            notice([warning])


@contextlib.contextmanager
def _closed_where_it_fails(one: sqlite3.Connection | SqliteWriting) -> Iterator[None]:
    try:
        yield
    except BaseException:
        one.close()
        raise


@final
class SqliteReading:
    """A connection that cannot write, on the driver itself: importing SQLAlchemy costs a cold question its time."""

    def __init__(self, file: SqliteFile, options: str) -> None:
        self._file = file
        self._options = options
        self._released = False
        self._connect()

    def _connect(self) -> None:
        file = self._file
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(file.path)}?{self._options}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
            )
        except sqlite3.Error as error:
            raise file.unavailable(error) from error
        self._released = False
        with _closed_where_it_fails(self._connection):
            for pragma in (
                "query_only = ON",
                "trusted_schema = OFF",
                "cell_size_check = ON",
                f"cache_size = -{CACHE_KIB}",
            ):
                self.rows(f"PRAGMA {pragma}")
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            self._connection.set_authorizer(only_reads)
            self.rows("SELECT count(*) FROM sqlite_master")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""
        if self._released:
            self._connect()
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._file.unavailable(error) from error

    def begin(self) -> None:
        """Hold one snapshot for several queries, until `end`."""
        self.rows("BEGIN")

    def end(self) -> None:
        """Let the snapshot go."""
        if not self._released and self._connection.in_transaction:
            self.rows("COMMIT")

    def close(self) -> None:
        """Give the connection back."""
        self._released = False
        self._connection.close()

    def release(self) -> None:
        """Let the file go, which gets another name; the next query opens it there."""
        self._connection.close()
        self._released = True


def mount_type(path: str, mounts: str = "/proc/mounts") -> str:
    """Give the file-system type a path lies on, by the longest mount point above it; empty where that is not told."""
    path = os.path.realpath(path)
    best, found = "", ""
    with contextlib.suppress(OSError), open(mounts, encoding="utf-8", errors="replace") as lines:  # noqa: PTH123
        for line in lines:
            parts = line.split()
            if len(parts) < 3:
                continue
            point = parts[1].replace("\\040", " ")
            if len(point) >= len(best) and (path == point or path.startswith(point.rstrip("/") + "/")):
                best, found = point, parts[2]
    return found
