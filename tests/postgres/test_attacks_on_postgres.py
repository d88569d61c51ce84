"""The database itself refuses what the log never does, whoever asks: the superuser, a replica's session, a stranger."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest

from events.errors import Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check
from events.log.database import COLUMNS
from events.log.on_postgres import guards
from events.log.on_postgres.session import marked
from events.log.on_postgres.triggers import functions, triggers
from events.log.on_postgres.writing import _types
from events.log.schema import metadata
from events.log.triggers import ERASABLE, TABLES
from tests.databases.server import Server

EVENT = "position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"


def everything(connection: Any) -> list[list[tuple[object, ...]]]:
    return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_no_row_is_ever_changed_or_taken_out(owner: Any, role: str) -> None:
    before = everything(owner)
    assert all(before)
    owner.execute(f"SET session_replication_role = {role}")
    for table in TABLES:
        (first, *_) = COLUMNS.get(table, ("origin",))
        for statement in (f"UPDATE {table} SET {first} = {first}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            if statement == "DELETE FROM disclosure":
                continue
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=f"casefold: {table} is append-only"):
                owner.execute(statement)
    assert everything(owner) == before
    assert owner.execute("DELETE FROM disclosure WHERE position = 1").rowcount == 1


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_only_what_comes_next_is_inserted(owner: Any, role: str) -> None:
    before = everything(owner)
    owner.execute(f"SET session_replication_role = {role}")
    changes = (
        ({"position": "1"}, "duplicate key"), ({"position": "6"}, "next position"),
        ({"position": "0"}, "next position"), ({"position": "-1"}, "next position"),
        ({"position": "NULL"}, "null value"),
        ({"case_position": "9"}, "next position of its case"), ({"case_position": "1"}, "duplicate key"),
        ({"case_position": "NULL"}, "null value"), ({"event_id": "'x'"}, "duplicate key"),
        ({"case_id": "9", "case_position": "1"}, "of a case and of a type that are there"),
        ({"type_id": "9"}, "of a case and of a type that are there"),
    )  # fmt: skip
    for change, why in changes:
        values = {"position": "5", "case_position": "4", "event_id": "'new'"} | change
        selected = ", ".join(values.get(name, name) for name in EVENT.split(", "))
        with pytest.raises(psycopg.errors.IntegrityError, match=why):
            owner.execute(f"INSERT INTO event ({EVENT}) SELECT {selected} FROM event WHERE position = 2")
    assert everything(owner) == before


OUT_OF_TURN = (
    "INSERT INTO cases VALUES (9, 'gap')",
    "INSERT INTO cases VALUES (0, 'zero')",
    "INSERT INTO cases VALUES (3, 'a')",
    "INSERT INTO cases VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = 'z'",
    "INSERT INTO event_types VALUES (9, 'gap', 1)",
    "INSERT INTO batch VALUES (7, '', 'gap', '', 1, 1, 1, '')",
    "INSERT INTO log VALUES ('casefold/other', '', 0)",
    "INSERT INTO tile VALUES (1, 2, '')",
    "INSERT INTO tile VALUES (2, 1, '')",
    "INSERT INTO tile VALUES (1, -1, '')",
    "INSERT INTO checkpoint VALUES (1, '', '', 1)",
    "INSERT INTO checkpoint VALUES (3, '', '', 1), (1, '', '', 1)",
    "INSERT INTO disclosure VALUES (99, 'note', '', '')",
    "INSERT INTO blob SELECT sha256, 9, '' FROM blob",
    "MERGE INTO cases USING (SELECT 1) s ON id = 1 WHEN MATCHED THEN UPDATE SET name = 'z'",
    "WITH gone AS (DELETE FROM event RETURNING 1) SELECT 1",
)


def test_no_other_row_is_replaced_or_out_of_turn(owner: Any) -> None:
    before = everything(owner)
    for statement in OUT_OF_TURN:
        if statement.startswith("MERGE") and owner.info.server_version < 150_000:
            continue  # MERGE came with PostgreSQL 15
        with pytest.raises(psycopg.errors.IntegrityError, match=r"casefold:|duplicate key"):
            owner.execute(statement)
    assert everything(owner) == before


def test_every_table_is_guarded_always(owner: Any) -> None:
    rows = owner.execute("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal").fetchall()
    assert dict(rows) == dict.fromkeys(triggers(), "A")
    for table in TABLES:
        assert {f"{table}_never_updated", f"{table}_never_truncated"} <= triggers().keys()
        assert (f"{table}_never_deleted" in triggers()) is (table not in ERASABLE)


def test_whatever_is_gone_or_altered_is_named(owner: Any) -> None:
    def found(*statements: str) -> list[str]:
        with owner.transaction(force_rollback=True):
            for statement in statements:
                owner.execute(statement)
            return list(guards.look(lambda sql, given: owner.execute(marked(sql), given).fetchall()))

    assert found() == []
    for name, sql in triggers().items():
        table = re.search(r"casefold\.(\w+)", sql)[1]  # type: ignore[index]
        assert found(f"DROP TRIGGER {name} ON {table}") == [f"the trigger {name} is gone"]
    for name in functions():
        made = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        assert found(made) == [f"the function {name} is not as Casefold made it"]
    for statement, words in (
        ("ALTER TABLE event DISABLE TRIGGER event_next", "the trigger event_next is not as Casefold made it"),
        ("ALTER TABLE event ENABLE TRIGGER event_next", "the trigger event_next is not as Casefold made it"),
        ("ALTER FUNCTION event_next() SECURITY DEFINER", "the function event_next is not as Casefold made it"),
        ("ALTER FUNCTION never() SET search_path = public", "the function never is not as Casefold made it"),
        ("ALTER TABLE batch ADD COLUMN more TEXT", "the table batch is not as Casefold made it"),
        ("ALTER TABLE event ALTER COLUMN body DROP NOT NULL", "the table event is not as Casefold made it"),
        ("ALTER TABLE event ALTER COLUMN earliest SET DEFAULT 0", "the table event is not as Casefold made it"),
        ("ALTER TABLE event ENABLE ROW LEVEL SECURITY", "the table event is not as Casefold made it"),
        ("ALTER TABLE disclosure SET UNLOGGED", "the table disclosure is not as Casefold made it"),
        ("CREATE TABLE public.child () INHERITS (casefold.event)", "the table event is not as Casefold made it"),
        ("CREATE TABLE more (a int)", "the table more is not Casefold's"),
        ("CREATE VIEW more AS SELECT 1 AS a", "the table more is not Casefold's"),
        ("CREATE INDEX more ON event (recorded_at)", "the index more is not Casefold's"),
        ("CREATE RULE more AS ON INSERT TO event DO INSTEAD NOTHING", "the rule more is not Casefold's"),
        ("CREATE POLICY more ON event USING (true)", "the policy more is not Casefold's"),
        ("CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'", "the function more is not Casefold's"),
        ("ALTER TABLE event DROP CONSTRAINT event_case_id_event_id_key",
         "the constraint event_case_id_event_id_key is gone"),
    ):  # fmt: skip
        assert words in found(statement), statement


def test_a_log_whose_triggers_are_a_strangers_is_not_written_to(owner: Any, four: Log) -> None:
    owner.execute("CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    with pytest.raises(Unavailable, match=r"a trigger or function that is not Casefold's, 'mine', and is not written"):
        open_log(four.address, mode="write")
    with open_log(four.address) as reading:
        assert reading.head()[0] == 4


def test_a_view_in_the_place_of_a_table_is_not_read(owner: Any, four: Log) -> None:
    owner.execute("CREATE FUNCTION public.spy() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE ''run''; END'")
    owner.execute("ALTER TABLE batch RENAME TO batch_before")
    owner.execute("CREATE VIEW batch AS SELECT n, public.spy() FROM batch_before")
    for mode in ("read", "write"):
        with pytest.raises(Unavailable, match="is not as Casefold makes it: batch is no table"):
            open_log(four.address, mode=mode)


def test_names_in_other_schemas_are_never_met(
    server: Server, four: Log, owner: Any, draft: Callable[..., Draft]
) -> None:
    for statement in (
        "CREATE SCHEMA evil",
        "CREATE TABLE evil.event (position bigint)",
        "CREATE TABLE public.event (LIKE casefold.event)",
        "CREATE FUNCTION evil.max(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 99::bigint'",
        "CREATE FUNCTION evil.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
        "CREATE FUNCTION evil.lies(bigint, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
        "CREATE OPERATOR evil.<> (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = evil.lies)",
        f"ALTER ROLE {owner.info.user} IN DATABASE {owner.info.dbname} SET search_path = evil, pg_catalog, casefold",
    ):
        owner.execute(statement)
    with open_log(four.address, mode="write") as log:
        assert log.rows("SHOW search_path") == [("casefold, pg_temp",)]
        with log.writing("keeper") as writer:
            writer.append([draft("a", "after the attack"), draft("c", "and another")])
        assert log.head()[0] == 6
        assert list(log.faults()) == []
    with closing(server.connect(str(owner.info.dbname))) as evil, pytest.raises(
        psycopg.errors.IntegrityConstraintViolation, match="next position"
    ):
        evil.execute("INSERT INTO casefold.event SELECT 99, case_id, 9, 'y', type_id, earliest, latest, recorded_at,"
                     " body, leaf_hash FROM casefold.event WHERE position = 1")  # fmt: skip


def test_the_read_side_cannot_write(four: Log) -> None:
    for statement in ("INSERT INTO cases VALUES (3, 'c')", "DELETE FROM disclosure", "CREATE TABLE more (a int)"):
        with pytest.raises(Unavailable, match="may not be written"):
            four.rows(statement)
    four.rows("SELECT 1")
    with four.snapshot(), pytest.raises(Unavailable, match="may not be written"):
        four.rows("DELETE FROM disclosure")
    assert check(four) == ()


def test_the_types_a_copy_names_are_those_of_the_tables() -> None:
    kinds = {"BIGINT": "int8", "INTEGER": "int4", "TEXT": "text", "BLOB": "bytea"}
    for table, names in COLUMNS.items():
        columns = metadata.tables[table].columns
        assert [kinds[str(columns[name].type)] for name in names] == list(_types(table)), table
