"""One writing transaction on PostgreSQL, on the driver itself: the advisory lock, and rows by COPY. Knows no event.

One row goes in as an INSERT, many by one COPY a table; between them stand the few look-ups a slice needs, never inside.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, final

from events.errors import Unavailable
from events.log.database import COLUMNS, Clash, Row
from events.log.on_postgres.session import LOCK, SCHEMA, marked

if TYPE_CHECKING:
    from psycopg import Connection

BEGIN: Final = (
    f"BEGIN; SELECT pg_catalog.pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]});"
    f" SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '{SCHEMA}'"
)
"""What comes after the lock sees all that its last holder committed: each statement looks anew."""
CLASH: Final = "event_case_id_event_id_key"
SECRET: Final = "disclosure"
"""Its rows always go by COPY, whose values no server writes into its log."""
_BYTES: Final = frozenset(
    {"body", "leaf_hash", "salt", "value", "hash", "root", "note", "data", "token", "token_sha256"}
)
_LONG: Final = frozenset(
    {
        "position", "earliest", "latest", "recorded_at", "first", "last", "loaded_at", "index", "created_at",
        "received_at",
    }
)  # fmt: skip
_TEXT: Final = frozenset({"name", "event_id", "field", "map_sha256", "actor"})


@final
class PostgresWriting:
    """Holds the writer's lock from its making until `commit` or `rollback`; every fault of the driver is said.

    `schema` tells the schema of the log from any other of its name, before or after; 0 where there is none.
    """

    abreast = True

    def __init__(self, connection: Connection[Any], said: Callable[[BaseException], Unavailable]) -> None:
        self._connection = connection
        self._said = said
        self._cursor = connection.cursor(binary=True)
        self.inserted = 0
        self.committed = False
        self._saved = False
        self.schema = self._begin()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""
        import psycopg

        try:
            cursor = self._cursor.execute(marked(sql), parameters)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise self._said(error) from error

    def insert(self, table: str, rows: Sequence[Row], *, abreast: bool = False) -> None:  # noqa: ARG002
        """Insert complete rows in the order of the table's columns. Raises `Clash`."""
        import psycopg

        try:
            if len(rows) == 1 and table != SECRET:
                self._insert_one(table, rows[0])
            elif rows:
                self._copy(table, rows)
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name == CLASH:
                raise Clash from error
            raise self._said(error) from error
        except psycopg.Error as error:
            raise self._said(error) from error
        self.inserted += len(rows)

    def _insert_one(self, table: str, row: Row) -> None:
        """Insert a row so that an id that is taken does not end the transaction."""
        self._cursor.execute(_insert(table), row)
        if not self._cursor.rowcount:
            raise Clash

    def _copy(self, table: str, rows: Sequence[Row]) -> None:
        with self._cursor.copy(_copy(table)) as copy:
            copy.set_types(_types(table))
            write = copy.write_row
            for row in rows:
                write(row)

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what is done inside where an id is taken, and only that; any other fault ends the transaction."""
        self._send("RELEASE SAVEPOINT slice; SAVEPOINT slice" if self._saved else "SAVEPOINT slice")
        self._saved = True  # left standing at the end, to be released with the next one or the commit
        try:
            yield
        except Clash:
            self._send("ROLLBACK TO SAVEPOINT slice")
            raise

    def erasing(self) -> None:
        """Nothing is to be said before a deletion: what it leaves behind is scrubbed after the commit."""

    def commit(self) -> None:
        """Make it durable."""
        self._send("COMMIT")
        self.committed = True

    def rollback(self) -> None:
        """Take it all back."""
        self._send("ROLLBACK")

    def interrupt(self) -> None:
        """Have the statement that another thread may be running end now."""
        self._connection.cancel()

    def _begin(self) -> int:
        import psycopg

        try:
            cursor = self._connection.execute(BEGIN)
            while cursor.nextset():
                pass
            return sum(oid for (oid,) in cursor.fetchall())
        except psycopg.Error as error:
            raise self._said(error) from error

    def _send(self, sql: str) -> None:
        import psycopg

        try:
            self._connection.execute(sql)
        except psycopg.Error as error:
            raise self._said(error) from error


@lru_cache(maxsize=16)
def _insert(table: str) -> str:
    marks = ", ".join(["%s"] * len(COLUMNS[table]))
    taken = " ON CONFLICT (case_id, event_id) DO NOTHING" if table == "event" else ""
    return f"INSERT INTO {table} ({_names(table)}) VALUES ({marks}){taken}"


@lru_cache(maxsize=16)
def _copy(table: str) -> str:
    return f"COPY {table} ({_names(table)}) FROM STDIN (FORMAT binary)"


def _names(table: str) -> str:
    return ", ".join(f'"{name}"' for name in COLUMNS[table])


@lru_cache(maxsize=16)
def _types(table: str) -> tuple[str, ...]:
    """Give the types that a binary COPY must name (a test holds them against the tables)."""
    return tuple(_type(table, name) for name in COLUMNS[table])


def _type(table: str, name: str) -> str:
    if name == "sha256":
        return "bytea" if table == "blob" else "text"
    if name == "size":
        return "int8"
    for names, kind in ((_BYTES, "bytea"), (_LONG, "int8"), (_TEXT, "text")):
        if name in names:
            return kind
    return "int4"
