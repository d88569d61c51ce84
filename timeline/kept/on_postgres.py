"""Kept views in the schema `casefold_views` of the log's own PostgreSQL database. Knows no question.

Who keeps holds an advisory lock. A rebuild makes its tables in one transaction, under a name that nobody sees, and
takes the lock only to put them in place: what is killed in between was never there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, final

from events.errors import Unavailable
from events.log.on_postgres.kept_views import HOLD, SCHEMA
from events.log.on_postgres.session import marked
from timeline.kept.place import Absent, Check, Damaged, Moved, Rows
from timeline.kept.rows import Row
from timeline.kept.tables import TABLES, Table

if TYPE_CHECKING:
    from events.log.on_postgres.server import PostgresDatabase

ASIDE: Final = "casefold_views_aside"
TEXT: Final = 'text COLLATE "C"'
_THERE: Final = (
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'"
    " AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ?) ORDER BY c.oid, a.attnum"
)
_DAMAGED: Final = ("XX", "42")


@final
class ViewsSchema:
    """The schema of the kept views of one log."""

    def __init__(self, database: PostgresDatabase) -> None:
        self.where = f"{database.where} (schema {SCHEMA})"
        self._database = database

    @contextlib.contextmanager
    def reading(self) -> Iterator[Rows | None]:
        """Hold one state for several queries; None where nothing is kept yet. Raises `Damaged`."""
        with self._session("read") as held:
            held.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield held.rows if held.made(SCHEMA) else None

    @contextlib.contextmanager
    def keeping(self) -> Iterator[_Held]:
        """Wait for the lock, and change what is kept. Raises `Damaged`, and `Absent` where nothing is."""
        with self._session("write") as held:
            held.rows("BEGIN")
            held.rows(HOLD)
            if not held.made(SCHEMA):
                raise Absent
            yield held

    @contextlib.contextmanager
    def anew(self) -> Iterator[_Held]:
        """Make empty tables aside, which take the place of what is kept only when they are committed."""
        with self._session("write") as held:
            held.rows("BEGIN")
            held.aside = True
            held.before = held.number()
            name = f"{ASIDE}_{held.rows('SELECT pg_catalog.pg_backend_pid()')[0][0]}"
            held.rows(f"CREATE SCHEMA {name}")
            held.rows(f"SET LOCAL search_path = {name}, pg_temp")
            for table in TABLES:
                held.rows(table.create(text=TEXT))
            held.name = name
            yield held

    @contextlib.contextmanager
    def _session(self, purpose: Any) -> Iterator[_Held]:
        with contextlib.closing(self._database.session(purpose)) as connection:
            held = _Held(self, connection)
            held.rows(f"SET search_path = {SCHEMA}, pg_temp")
            yield held

    def fault(self, error: Exception) -> Exception:
        """Put a driver's error into what it means for what is kept."""
        code = getattr(error, "sqlstate", None) or ""
        if code == "42501":
            words = "may not be used by this role: to make it needs CREATE on the database, to read it a grant"
            return Unavailable(f"{self.where} {words}")
        if not code.startswith(_DAMAGED):
            return self._database.unavailable(error)
        return Damaged(f"{self.where} is damaged ({' '.join(str(error).split())})")


@final
class _Held:
    """One connection in one transaction; every fault of the driver is said."""

    def __init__(self, schema: ViewsSchema, connection: Any) -> None:
        self._schema = schema
        self._connection = connection
        self.aside = False
        self.before: object = None
        self.name = SCHEMA

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of one query."""
        import psycopg

        try:
            cursor = self._connection.execute(marked(sql), parameters)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise self._schema.fault(error) from error

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows in the order of the table's columns."""
        import psycopg

        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(marked(table.insert), list(rows))
        except psycopg.Error as error:
            raise self._schema.fault(error) from error

    def commit(self, check: Check) -> None:
        """Keep it, if `check` finds nothing against it; what was made aside takes the place of what is kept."""
        if self.aside:
            self.rows(HOLD)
            if self.number() != self.before:
                raise Moved
        check()
        if self.aside:
            self.rows(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            self.rows(f"ALTER SCHEMA {self.name} RENAME TO {SCHEMA}")
        self.rows("COMMIT")

    def number(self) -> object:
        """Give the number of the schema that lies in the place; None where there is none."""
        found = self.rows("SELECT oid::bigint FROM pg_catalog.pg_namespace WHERE nspname = ?", (SCHEMA,))
        return found[0][0] if found else None

    def made(self, schema: str) -> bool:
        """Whether there are tables; raises `Damaged` where they are not ours."""
        there: dict[str, list[tuple[str, str]]] = {}
        for name, column, kind in self.rows(_THERE, (schema,)):
            there.setdefault(name, []).append((column, kind))
        ours = {table.name: [(column.name, column.sql) for column in table.columns] for table in TABLES}
        if there and not there.items() >= ours.items():
            raise Damaged(f"{self._schema.where} has other tables")
        return bool(there)
