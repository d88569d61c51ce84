"""One writing transaction on a SQLite file, on the driver itself; one append costs little more than its commit.

Knows no event. Many rows go in as one statement, so that a thread that sends it leaves the interpreter to others.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, final

from events.errors import Unavailable
from events.log.database import COLUMNS, Clash, Row
from events.log.triggers import CLASH

FEW: Final = 64
"""Up to so many rows are sent one by one: a statement for all of them would take longer to prepare."""
MANY: Final = 256
"""Rows a statement where nothing runs abreast: more of them leave the processor's cache."""


@final
class SqliteWriting:
    """Holds the writer's lock from its making until `commit` or `abandon`; every fault of the driver is said."""

    abreast = sqlite3.threadsafety == 3

    def __init__(self, connection: sqlite3.Connection, said: Callable[[BaseException], Unavailable]) -> None:
        self._connection = connection
        self._said = said
        self._sending = threading.Lock()
        self.committed = False
        self._parameters = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        self.rows("BEGIN IMMEDIATE")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""
        try:
            with self._sending:
                return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._said(error) from error

    def insert(self, table: str, rows: Sequence[Row], *, abreast: bool = False) -> None:
        """Insert complete rows in the order of the table's columns (OR FAIL: see `triggers`). Raises `Clash`.

        `abreast` of another thread it sends as few statements as can be: each has to wait for the interpreter.
        """
        most = self._parameters // len(COLUMNS[table])
        at_once = 1 if len(rows) <= FEW else most if abreast else min(most, MANY)
        try:
            for start in range(0, len(rows), at_once):
                some = rows[start : start + at_once]
                values = some[0] if at_once == 1 else tuple(chain.from_iterable(some))
                with self._sending:
                    self._connection.execute(_statement(table, len(some)), values)
        except sqlite3.IntegrityError as error:
            if str(error).startswith(CLASH):
                raise Clash from error
            raise self._said(error) from error
        except sqlite3.Error as error:
            raise self._said(error) from error

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what is done inside where an id is taken, and only that; any other fault ends the transaction."""
        self.rows("SAVEPOINT slice")
        try:
            yield
        except Clash:
            self.rows("ROLLBACK TO slice")
            self.rows("RELEASE slice")
            raise
        self.rows("RELEASE slice")

    def erasing(self) -> None:
        """Have what is deleted from here on overwritten with zeros."""
        self.rows("PRAGMA secure_delete = ON")

    def commit(self) -> None:
        """Make it durable."""
        self.rows("COMMIT")
        self.committed = True

    def rollback(self) -> None:
        """Take it all back."""
        self.rows("ROLLBACK")

    def interrupt(self) -> None:
        """Have the statement that another thread may be running end now."""
        self._connection.interrupt()

    def close(self) -> None:
        """Give the connection up between two statements: one that is closed under a running statement takes all down.

        An interruption may come at any place, also while another one is being cleared away. Where it comes here, the
        connection stays open until nothing uses it.
        """
        with self._sending:
            self._connection.close()


@lru_cache(maxsize=16)
def _statement(table: str, rows: int) -> str:
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    marks = f"({', '.join('?' * len(COLUMNS[table]))})"
    return f"INSERT OR FAIL INTO {table} ({names}) VALUES {', '.join([marks] * rows)}"
