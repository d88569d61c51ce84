"""How a PostgreSQL database is named, and what is said where there is none: one line, what to do, never a password."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from events.errors import Fault, SchemaMismatch, Unavailable
from events.log import Log, open_log, upgrade
from events.log.checkpoints import key_file
from events.log.on_postgres.address import shown
from events.log.on_postgres.reading import PostgresReading
from events.log.opening import database_at
from tests.databases.server import Server

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "code", "why"),
    [
        ("postgresql+asyncpg://me:s3cr3t@host/log", 2, r"not use the driver of postgresql\+asyncpg://; write postg"),
        ("postgresql://me:s3cr3t@host/log?colour=s3cr3t", 2, "cannot be read as a URL; write postgresql://USER@HOST"),
        ("postgresql://me:s3cr3t@host", 2, "names no database; write postgresql://USER@HOST"),
        ("postgresql://me:s3cr3t@/log?host=/nowhere", 3, "cannot be reached: .*; is the server running, and"),
        ("postgresql://me:s3cr3t@127.0.0.1:1/log", 3, "cannot be reached: .*; is the server running"),
        ("oracle://me:s3cr3t@host/log", 2, "oracle:// is no database that Casefold knows"),
    ],
)
def test_a_bad_address_is_said_in_one_line(url: str, code: int, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGDATABASE", raising=False)
    with pytest.raises((Fault, Unavailable), match=why) as refused:
        open_log(url)
    assert refused.value.exit_code == code
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["nothing_here", "postgres"])
def test_a_database_that_is_missing_or_empty(server: Server, name: str) -> None:
    why = "is no database of that server; create it first" if name == "nothing_here" else "there is no log at"
    with pytest.raises(Unavailable, match=why):
        open_log(server.url(name, password=SECRET))


def test_a_wrong_password_and_a_role_that_is_not_there(server: Server) -> None:
    with closing(server.connect()) as admin, suppress(psycopg.errors.DuplicateObject):
        admin.execute("CREATE ROLE locked LOGIN PASSWORD 'the right one'")
    with pytest.raises(Unavailable, match=r"does not let this role in; check the role and its password") as refused:
        open_log(server.url("postgres", "locked", SECRET))
    assert SECRET not in str(refused.value)
    with pytest.raises(Unavailable, match="wants a password; give it by PGPASSWORD"):
        open_log(server.url("postgres", "locked"))
    with pytest.raises(Unavailable, match="there is no log"):
        open_log(server.url("postgres", "locked", "the%20right%20one"))
    with pytest.raises(Unavailable, match="knows no such role; name another user, or create it"):
        open_log(server.url("postgres", "a_stranger"))
    with pytest.raises(Unavailable, match="this role may not make one there; let the owner of the database do so"):
        open_log(server.url("postgres", "locked", "the%20right%20one"), mode="write")


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Unavailable, match=r"which is not installed; run `pip install 'casefold\[postgres\]'`"):
        open_log("postgresql://me@host/log")


def test_one_database_has_one_name_however_it_is_written(log: Log) -> None:
    rest = log.address.partition("://")[2]
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        with open_log(f"{scheme}://{rest}") as same:
            assert (same.origin, same.where) == (log.origin, log.where)
    assert shown("postgres://a:b:c@h:1,[::1]:2/d?password=x&sslmode=require#f") == "postgresql://a@h:1,[::1]:2/d"


def test_keys_lie_in_the_working_folder_and_tell_no_password(log: Log) -> None:
    url = f"postgresql://me:{SECRET}@host/my%20cases"
    assert key_file(url) == Path("my-cases.key")
    assert database_at(url).where == "postgresql://me@host/my%20cases"


def test_a_schema_of_something_else_is_left_alone(server: Server, postgres_place: str) -> None:
    with closing(server.connect(database_name(postgres_place))) as other:
        other.execute("CREATE SCHEMA casefold")
        with pytest.raises(Unavailable, match="there is no log"):
            open_log(postgres_place)
        other.execute("CREATE TABLE casefold.event (a int)")
    for mode in ("read", "write"):
        with pytest.raises(Unavailable, match="has a schema casefold of something else; name another database"):
            open_log(postgres_place, mode=mode)


def test_a_newer_schema_is_refused(log: Log, server: Server) -> None:
    assert upgrade(log.address)[0] == upgrade(log.address)[1]
    with closing(server.connect(database_name(log.where))) as owner:
        owner.execute("UPDATE casefold.alembic_version SET version_num = '0999'")
    for attempt in (open_log, upgrade):
        with pytest.raises(SchemaMismatch, match="was written by a newer Casefold"):
            attempt(log.address)


def database_name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def test_a_server_that_may_lose_what_it_acknowledged_is_warned_about(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = PostgresReading.rows

    def off(self: Any, sql: str, parameters: Any = ()) -> Any:
        return [("off",)] if parameters == ("fsync",) else rows(self, sql, parameters)

    monkeypatch.setattr(PostgresReading, "rows", off)
    with open_log(log.address, mode="write") as again:
        (warning,) = again.warnings
    assert "runs with fsync off: a power cut may cost events" in warning.what


def test_the_writer_is_durable_and_meets_no_other_names(log: Log, server: Server) -> None:
    name = database_name(log.where)
    with closing(server.connect()) as admin:
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    with log.writing("keeper") as writer:
        for name, value in (
            ("search_path", "casefold, pg_temp"), ("synchronous_commit", "on"), ("row_security", "off"),
            ("default_transaction_isolation", "read committed"), ("lock_timeout", "30s"),
        ):  # fmt: skip
            assert writer._rows(f"SHOW {name}") == [(value,)]
    assert log.rows("SHOW default_transaction_read_only") == [("on",)]
