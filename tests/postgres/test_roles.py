"""What `db grant` lets a role do, and that it can do nothing else: attacked as that role, with the bare driver."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest

from events.errors import Fault, Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log.commands import grant_json
from events.log.redact import redact
from events.log.triggers import TABLES
from events.log.verify import verify
from tests.databases.server import Server

Make = Callable[..., Draft]


@pytest.fixture
def role(server: Server) -> str:
    with closing(server.connect()) as admin, suppress(psycopg.errors.DuplicateObject):
        admin.execute('CREATE ROLE "an app" LOGIN')
    return "an app"


def url_of(log: Log, role: str) -> str:
    return log.address.replace("casefold_owner@", f"{role.replace(' ', '%20')}@")


@pytest.fixture
def granted(four: Log, role: str) -> Callable[[str], Any]:
    def grant(may: str) -> Any:
        done = grant_json(four.address, role, may)
        assert (done["role"], done["may"], done["where"]) == (role, may, four.where)
        return url_of(four, role)

    return grant


def test_an_application_may_append_and_read_and_nothing_else(granted: Any, four: Log, draft: Make) -> None:
    url = granted("append")
    with open_log(url, mode="write") as log:
        with log.writing("the app") as writer:
            writer.append([draft("a", "from the app"), draft("new", "a case of its own", own={"note": "private"})])
            writer.batch("app.jsonl")
        assert [event.written["text"] for event in log.events("new")] == ["a case of its own"]
        assert log.scrub() is False
        assert {one.kind for one in verify(log).problems} <= {"tile", "checkpoint", "altered", "column", "missing"}
    with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as attacker:
        for table in TABLES:
            for statement in (
                f"UPDATE casefold.{table} SET ctid = ctid", f"DELETE FROM casefold.{table}",
                f"TRUNCATE casefold.{table}", f"ALTER TABLE casefold.{table} DISABLE TRIGGER ALL",
                f"DROP TABLE casefold.{table} CASCADE",
                f"CREATE INDEX ON casefold.{table} ((1))",
            ):  # fmt: skip
                with pytest.raises(psycopg.Error) as refused:
                    attacker.execute(statement)
                assert refused.value.sqlstate in {"42501", "0A000"}, statement
        for statement in (
            "SET session_replication_role = replica", "CREATE TABLE casefold.more (a int)",
            "DROP SCHEMA casefold CASCADE", "INSERT INTO casefold.log VALUES ('casefold/other', '', 0)",
            "UPDATE casefold.alembic_version SET version_num = 1",
            "ALTER FUNCTION casefold.never() RENAME TO ever", "DROP TRIGGER event_next ON casefold.event",
            "CREATE OR REPLACE FUNCTION casefold.never() RETURNS trigger LANGUAGE sql AS ''",
            "INSERT INTO casefold.cases VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = 'z'",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(statement)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="next position"):
            attacker.execute("INSERT INTO casefold.event SELECT 99, case_id, 99, 'y', type_id, earliest, latest,"
                             " recorded_at, body, leaf_hash FROM casefold.event WHERE position = 1")  # fmt: skip
        attacker.execute("CREATE TEMP TABLE event (position bigint)")
    assert four.head()[0] == 6


def test_a_reader_may_not_append_and_a_grant_can_be_made_smaller(granted: Any, draft: Make) -> None:
    granted("redact")
    url = granted("read")
    with open_log(url, mode="write") as log:
        assert log.head()[0] == 4
        with (
            pytest.raises(Unavailable, match="may not be read or written so by this role; ask its owner to run"),
            log.writing("reader") as writer,
        ):
            writer.append([draft("a", "more")])
        assert log.head()[0] == 4


def test_who_may_redact_may_not_delete_more(granted: Any, four: Log) -> None:
    url = granted("redact")
    with open_log(url, mode="write") as log:
        done = redact(log, "a", "x", ["data.text"], reason="asked", authority="court")
        assert (done["redacted"][0]["fields"], done["scrubbed"]) == (["data.text"], False)
    event = four.event("a", "x")
    assert event is not None
    assert event.redacted == {"data.text"}


def test_a_role_without_a_grant_is_told_what_to_ask_for(four: Log, role: str) -> None:
    with pytest.raises(Unavailable, match="holds a log that this role may not read; ask its owner to run `casefold"):
        open_log(url_of(four, role))


def test_whom_no_grant_can_bind(granted: Any, four: Log, role: str, server: Server, draft: Make) -> None:
    with pytest.raises(Fault, match=r"knows no role 'nobody else'; create it first: CREATE ROLE"):
        grant_json(four.address, "nobody else", "append")
    with pytest.raises(Fault, match="is a superuser, whom no grant binds"):
        grant_json(four.address, "casefold_owner", "append")
    with pytest.raises(Fault, match="this role does not own the log, and may grant nothing"):
        grant_json(granted("append"), role, "redact")
