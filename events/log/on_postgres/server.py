"""The log in a PostgreSQL database: how it is made, opened, locked and written; all that is its own. Knows no event."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, final

from events.errors import Preceded, Problem, Unavailable
from events.log.database import COLUMNS, Reading, Row
from events.log.on_postgres.address import beside, connection_info, shown
from events.log.on_postgres.reading import PostgresReading
from events.log.on_postgres.said import GRANT, unavailable
from events.log.on_postgres.session import LOCK, SCHEMA, Purpose, connect
from events.log.on_postgres.writing import PostgresWriting

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy import Engine

BUSY_SECONDS = 30.0
ANALYSED: Final = 10_000
"""Rows inserted after which the planner's figures are taken anew."""
OURS: Final = {"log", "event", "alembic_version"}
OWN: Final = {*COLUMNS, *OURS}
_TABLES: Final = (
    "SELECT relname::text, relkind = 'r' FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ?)"
)
_USABLE: Final = "SELECT has_schema_privilege(oid, 'USAGE'), oid::bigint FROM pg_namespace WHERE nspname = ?"


@final
class PostgresDatabase:
    """One PostgreSQL database as the home of one log, in the schema `casefold`."""

    beyond: str = (
        "the server keeps what it wrote before: its write-ahead log and archives of it, replicas, base backups, and the"
        " blocks of files that were given up; see docs/postgresql.md"
    )

    def __init__(self, url: str) -> None:
        self.aside = False
        self._schema = 0
        self._spare: PostgresReading | None = None
        self._kept: Connection[Any] | None = None
        self._info: dict[str, Any] | None = None
        self._inserted = 0
        self.address = url
        self.where = shown(url)
        self.beside = beside(url)
        self.warnings: list[Problem] = []

    def __del__(self) -> None:
        """Close what a command that failed on the way has left open."""
        for left in (self._spare, self._kept):
            if left is not None:
                left.close()

    def state(self) -> str:
        """Give the schema version; empty where there is no log yet. Raises `Unavailable` where it is not ours."""
        reading = PostgresReading(self._connect("read"), self.unavailable)
        try:
            version = self._version(reading)
        except BaseException:
            reading.close()
            raise
        self._spare = reading
        return version

    def _version(self, reading: Reading) -> str:
        usable = reading.rows(_USABLE, (SCHEMA,))
        tables: dict[str, bool] = dict(reading.rows(_TABLES, (SCHEMA,)))
        if not tables:
            return ""
        self._schema = usable[0][1]
        if not usable[0][0]:
            raise Unavailable(f"{self.where} holds a log that this role may not read; {GRANT}")
        if not tables.keys() >= OURS:
            raise Unavailable(f"{self.where} has a schema {SCHEMA} of something else; name another database")
        for name in sorted(OWN & tables.keys()):
            if not tables[name]:  # a view, say, that would run its maker's functions under the reader's role
                raise Unavailable(f"{self.where} is not as Casefold makes it: {name} is no table; restore a backup")
        return "".join(name for (name,) in reading.rows("SELECT version_num FROM alembic_version"))

    def create(self) -> None:
        """Make the schema, under the writer's lock, where there is none; until a commit it may go again (`discard`)."""
        connection = self._connect("write")
        try:
            connection.execute(f"SELECT pg_catalog.pg_advisory_lock({LOCK[0]}, {LOCK[1]})")
            named = "SELECT oid::bigint FROM pg_namespace WHERE nspname = %s"
            found = connection.execute(named, (SCHEMA,)).fetchone()
            if not found:
                connection.execute(f"CREATE SCHEMA {SCHEMA}")
                found = connection.execute(named, (SCHEMA,)).fetchone()
                self.aside = True
            self._schema = found[0] if found else 0
        except Exception as error:
            if getattr(error, "sqlstate", "") == "42501":
                raise Unavailable(
                    f"{self.where} holds no log, and this role may not make one there;"
                    " let the owner of the database do so, who then runs `casefold db grant ROLE`"
                ) from None
            raise self.unavailable(error) from error
        finally:
            connection.close()

    def publish(self) -> None:
        """Leave the schema where it is, which is its place from the beginning."""
        self.aside = False

    def discard(self) -> None:
        """Take the schema away again that this program made, unless an event was committed there since.

        Whoever has opened the empty log meanwhile finds that it is another one, or none, before anything is written.
        """
        if self.aside:
            self.aside = False
            with contextlib.suppress(Unavailable, Preceded), self.writing() as writing:
                tables = writing.rows("SELECT to_regclass('casefold.event') IS NOT NULL")[0][0]
                if not tables or not writing.rows("SELECT 1 FROM event LIMIT 1"):
                    writing.rows(f"DROP SCHEMA {SCHEMA} CASCADE")
                writing.commit()
            self.tidy()

    def settle(self) -> None:
        """Say where the server does not keep what it acknowledges; raise `Unavailable` where a trigger is not ours."""
        from events.log.on_postgres.guards import strange_triggers

        reading = self._spare or PostgresReading(self._connect("read"), self.unavailable)
        self._spare = reading
        for name in strange_triggers(reading.rows):
            raise Unavailable(
                f"{self.where} has a trigger or function that is not Casefold's, {name!r}, and is not written to;"
                " see `casefold verify`"
            )
        for setting in ("fsync", "full_page_writes"):
            if reading.rows("SELECT current_setting(?)", (setting,)) == [("off",)]:
                what = f"the server of {self.where} runs with {setting} off: a power cut may cost events or the log"
                self._warn(Problem(what=what, instead=f"set {setting} = on in postgresql.conf"))

    def reading(self) -> Reading:
        """Open for reading: sessions that may not write, whatever is sent."""
        spare, self._spare = self._spare, None
        return spare or PostgresReading(self._connect("read"), self.unavailable)

    def engine(self) -> Engine:
        """Give an engine for migrations, whose transactions take the writer's lock at once."""
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import NullPool

        def connected() -> Connection[Any]:
            connection = self._connect("write")
            connection.autocommit = False
            return connection

        engine = create_engine("postgresql+psycopg://", creator=connected, poolclass=NullPool, hide_parameters=True)
        lock = f"SELECT pg_catalog.pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})"
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(lock))
        return engine

    @contextlib.contextmanager
    def writing(self) -> Iterator[PostgresWriting]:
        """Hold one transaction on a connection that is kept for the next; closed where the body fails."""
        connection, writing = self._begun()
        try:
            self._look_again(writing)
            yield writing
        except Unavailable:
            connection.close()
            raise
        except Exception:
            with contextlib.suppress(Unavailable):
                writing.rollback()
            self._keep(connection)
            raise
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        self._inserted += writing.inserted
        if writing.committed:
            self.publish()

    def unavailable(self, error: BaseException) -> Unavailable:
        """Put a driver's error into one line for the user."""
        return unavailable(self.where, error, str((self._info or {}).get("password") or ""))

    def faults(self, reading: Reading) -> Iterator[Problem]:
        """Give what PostgreSQL itself can say is wrong: tables, triggers, functions, indexes."""
        from events.log.on_postgres.guards import look

        for words in look(reading.rows):
            yield Problem(field="schema", what=words, instead="find out who did that")

    def copy_to(self, file: str) -> None:
        """Copy the whole log, as it stands at one instant, into an empty SQLite file, while others may write."""
        from events.log.copying import copy_log
        from events.log.on_sqlite.file import SqliteFile

        copy_log(self, SqliteFile(file))

    def scrub(self) -> bool:
        """Write the disclosures anew, without what was deleted, and drop kept views; whether both could be done."""
        from events.log.on_postgres.kept_views import purge
        from events.log.on_postgres.scrub import scrub

        with contextlib.closing(self._connect("write")) as connection:
            purged = purge(connection)
            return scrub(connection, BUSY_SECONDS) and purged

    def tidy(self) -> None:
        """Let the connection go; after many rows have the planner count them, as far as this role may."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with contextlib.suppress(Exception):
                if self._inserted > ANALYSED:
                    kept.execute("ANALYZE event, cases, disclosure")
            kept.close()
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def remove(self) -> None:
        """Do nothing: what is made for a rehearsal is a SQLite file."""

    def session(self, purpose: Purpose) -> Connection[Any]:
        """Open a session for what is PostgreSQL's alone, such as granting."""
        return self._connect(purpose)

    def rows_of(self, sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        """Give all rows of one query, on a connection of its own."""
        with contextlib.closing(self.reading()) as reading:
            return reading.rows(sql, parameters)

    def _keep(self, connection: Connection[Any]) -> None:
        """Keep a connection for the next transaction, unless it is lost or in the middle of one."""
        if connection.closed or connection.info.transaction_status or self._kept is not None:
            connection.close()
        else:
            self._kept = connection

    def _look_again(self, writing: PostgresWriting) -> None:
        """Raise `Preceded` where the schema, since it was looked at, was taken away, and perhaps another made."""
        if self._schema and writing.schema != self._schema:
            raise Preceded(self.where)

    def _begun(self) -> tuple[Connection[Any], PostgresWriting]:
        """Begin on the connection that was kept; where the server has let that go, on a new one."""
        kept, self._kept = self._kept, None
        connection = kept or self._connect("write")
        try:
            return connection, PostgresWriting(connection, self.unavailable)
        except BaseException as error:
            lost = connection.closed
            connection.close()
            if kept is None or not lost or not isinstance(error, Unavailable):
                raise
        return self._begun()

    def _connect(self, purpose: Purpose) -> Connection[Any]:
        if self._info is None:
            self._info = connection_info(self.address)
        return connect(self._info, self.where, purpose, BUSY_SECONDS)

    def _warn(self, problem: Problem) -> None:
        if problem not in self.warnings:
            self.warnings.append(problem)
