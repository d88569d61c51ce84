"""The database itself refuses what the log never does, whoever asks; attacked with bare SQLite, without our pragmas."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from events.event import Draft
from events.log import Log
from events.log.triggers import ERASABLE, TABLES, triggers

COLUMNS = "position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"

pytestmark = pytest.mark.sqlite  # tests/postgres has PostgreSQL's own


@pytest.fixture
def attacker(db: str, log: Log, draft: Callable[..., Draft]) -> Iterator[sqlite3.Connection]:
    with log.writing("keeper") as writer:
        writer.append([draft("a", "1", event_id="x"), draft("a", "2", event_id="y"), draft("b", "1", event_id="x")])
        writer.batch("a.jsonl")
    with log.holding() as writing:
        writing.insert("tile", [(1, 0, bytes(32))])
        writing.insert("checkpoint", [(2, bytes(32), b"a note", 1)])
        writing.insert("blob", [(bytes(32), 1, b"a")])
        writing.insert("timestamp", [(bytes(32), 2, b"a token", 1)])
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        yield connection


def everything(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE", "UPDATE OR IGNORE", "UPDATE OR REPLACE"])
def test_no_row_is_ever_changed(attacker: sqlite3.Connection, table: str, verb: str) -> None:
    (first, *_) = [name for _, name, *_ in attacker.execute(f"PRAGMA table_info({table})")]
    before = everything(attacker)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        attacker.execute(f"{verb} {table} SET {first} = {first}")
    assert everything(attacker) == before


@pytest.mark.parametrize("table", [table for table in TABLES if table not in ERASABLE])
def test_no_row_is_ever_taken_out(attacker: sqlite3.Connection, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        attacker.execute(f"DELETE FROM {table}")
    assert all(everything(attacker))


def test_a_disclosure_may_be_taken_out_but_not_put_back_over_another(attacker: sqlite3.Connection) -> None:
    (row,) = attacker.execute("SELECT * FROM disclosure WHERE position = 1").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="disclosed already"):
        attacker.execute("INSERT OR REPLACE INTO disclosure VALUES (?, ?, ?, ?)", (*row[:3], b'"forged"'))
    assert attacker.execute("DELETE FROM disclosure WHERE position = 1").rowcount == 1


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"position": "1"}, "next position"),
        ({"position": "3"}, "next position"),
        ({"position": "5"}, "next position"),
        ({"position": "-1"}, "next position"),
        ({"position": "0"}, "next position"),
        ({"position": "NULL"}, "next position"),
        ({"case_position": "1"}, "next position"),
        ({"case_position": "9"}, "next position"),
        ({"case_position": "NULL"}, "next position"),
        ({"event_id": "'y'"}, "taken"),
    ],
)
def test_an_event_is_only_ever_the_next_one(
    attacker: sqlite3.Connection, verb: str, change: dict[str, str], why: str
) -> None:
    values = {"position": "4", "case_position": "3", "event_id": "'new'"} | change
    selected = ", ".join(values.get(name, name) for name in COLUMNS.split(", "))
    before = everything(attacker)
    with pytest.raises(sqlite3.IntegrityError, match=why):
        attacker.execute(f"{verb} INTO event ({COLUMNS}) SELECT {selected} FROM event WHERE position = 2")
    assert everything(attacker) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO cases VALUES (1, 'stolen')",
        "INSERT OR REPLACE INTO cases VALUES (3, 'a')",
        "INSERT INTO cases VALUES (9, 'gap')",
        "INSERT OR REPLACE INTO event_types VALUES (1, 'death', 1)",
        "INSERT OR REPLACE INTO event_types VALUES (2, 'fact', 1)",
        "INSERT OR REPLACE INTO batch VALUES (1, '', 'forged', '', 1, 1, 1, '')",
        "INSERT INTO batch VALUES (7, '', 'gap', '', 1, 1, 1, '')",
        "INSERT INTO log VALUES ('casefold/other', x'00', 0)",
        "INSERT OR REPLACE INTO log SELECT origin, x'00', 0 FROM log",
        "INSERT INTO tile VALUES (1, 0, x'00')",
        "INSERT OR REPLACE INTO tile VALUES (1, 0, x'00')",
        "INSERT INTO tile VALUES (1, 2, x'00')",
        "INSERT INTO tile VALUES (2, 1, x'00')",
        "INSERT INTO checkpoint VALUES (1, x'00', x'00', 1)",
        "INSERT OR REPLACE INTO checkpoint VALUES (2, x'00', x'00', 1)",
        "INSERT INTO checkpoint VALUES (NULL, x'00', x'00', 1)",
        "INSERT OR REPLACE INTO blob SELECT sha256, 9, x'00' FROM blob",
        "INSERT OR REPLACE INTO timestamp SELECT token_sha256, 9, x'00', 1 FROM timestamp",
        "INSERT INTO cases VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = 'z'",
    ],
)
def test_no_other_row_is_replaced_or_out_of_turn(attacker: sqlite3.Connection, statement: str) -> None:
    before = everything(attacker)
    with pytest.raises(sqlite3.IntegrityError, match="casefold:"):
        attacker.execute(statement)
    assert everything(attacker) == before


def test_every_table_is_guarded() -> None:
    for table in TABLES:
        assert any(name.startswith(table) and "INSERT" in sql for name, sql in triggers().items())
        assert f"{table}_never_updated" in triggers()
        assert (f"{table}_never_deleted" in triggers()) is (table not in ERASABLE)
