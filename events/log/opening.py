"""From what the user names (`--db`) to an open log: found, created or refused. Appends nothing and reads no event."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Literal, TypeVar

from events.errors import Fault, Preceded, Unavailable
from events.log.database import SCHEMAS, Database, check_schema
from events.log.making import Naming, make, migrate
from events.log.on_postgres.address import is_postgres
from events.log.on_sqlite.file import SqliteFile
from events.log.read import Log

Done = TypeVar("Done")


def check_name(where: str) -> None:
    """Raise `Fault` where a name is no text: SQLite opens no file whose name is not UTF-8."""
    if not where.isprintable() and any("\ud800" <= char <= "\udfff" for char in where):
        raise Fault(f"the name {where!a} is not UTF-8", "give the database a name in UTF-8")


def database_at(where: str) -> Database:
    """Give the database that a URL or a file name means; touches nothing. Raises `Fault` for a URL of another kind.

    >>> database_at("sqlite:///cases/perry.db").where
    'cases/perry.db'
    >>> database_at("postgresql+psycopg://me:secret@host/cases").where
    'postgresql://me@host/cases'
    """
    check_name(where)
    scheme, separator, rest = where.partition("://")
    if not separator:
        return SqliteFile(where)
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SqliteFile(rest[1:])
    if is_postgres(where):
        from events.log.on_postgres.server import PostgresDatabase

        return PostgresDatabase(where)
    raise Fault(
        f"{scheme}:// is no database that Casefold knows", "name a SQLite file, or postgresql://USER@HOST/DATABASE"
    )


def open_log(
    where: str, *, mode: Literal["read", "first", "write", "rehearse"] = "read", named: Naming | None = None
) -> Log:
    """Open the log at a file or a URL; use it as a context manager.

    "read" never writes; "write" creates the log where there is none, at once; "first" is for what a user writes: a
    SQLite file that is missing is there with the first transaction that is committed, and not before (see `writing`);
    `log.created` says whether it was made. "rehearse" is for dry runs: a log that is missing is made for the occasion
    and gone afterwards. A log that is made is called as `named` says, where that is given (a replay), else by chance.
    Raises `Unavailable` where it is missing, busy, damaged or not ours, `SchemaMismatch` where its schema is another.
    """
    database = database_at(where)
    version = database.state()
    if version:
        check_schema(version, database.where)
    elif mode == "read":
        raise Unavailable(
            f"there is no log at {database.where}; `casefold load FILE` or `casefold add` creates one,"
            " --db names another"
        )
    passing = not version and mode == "rehearse"
    database = _passing() if passing else database
    try:
        if passing:
            migrate(database, named)
        elif not version:
            make(database, named)
        if mode != "read":
            database.settle()
        if mode == "write":
            database.publish()
        return Log(database, writable=mode != "read", created=not version, passing=passing)
    except Preceded:
        database.discard()
        return open_log(where, mode=mode, named=named)
    except BaseException:
        database.discard()
        if passing:
            database.remove()
        raise


def write_to(where: str, write: Callable[[Log], Done], *, again: bool = True, named: Naming | None = None) -> Done:
    """Open the log at a file or a URL as for a user's first write, and have `write` do its one transaction in it.

    Where another program makes the log meanwhile, all of it is done once more, in that one, if it can be done `again`.
    Raises as `open_log` and `write` do, and `Preceded`.
    """
    try:
        with open_log(where, mode="first", named=named) as log:
            return write(log)
    except Preceded:
        if not again:
            raise
    with open_log(where, mode="first", named=named) as log:
        return write(log)


def upgrade(where: str) -> tuple[str, str]:
    """Bring the log at `where` to the program's schema; gives the versions before and after.

    Raises `Unavailable` where there is no log, `SchemaMismatch` where its schema is newer than the program's.
    """
    database = database_at(where)
    version = database.state()
    if not version:
        raise Unavailable(f"there is no log at {database.where} to upgrade; name another with --db")
    if version not in SCHEMAS:
        check_schema(version, database.where)
    if version != SCHEMAS[-1]:
        migrate(database)
    return version, SCHEMAS[-1]


def _passing() -> Database:
    import tempfile

    handle, name = tempfile.mkstemp(suffix=".db", prefix="casefold-rehearsal-")
    os.close(handle)
    return SqliteFile(name)
