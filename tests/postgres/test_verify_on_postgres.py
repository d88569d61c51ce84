"""What verify finds where a log on PostgreSQL was altered by its owner; the sweep itself is test_verify's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from events.drafting import draft as drafting
from events.errors import Unavailable
from events.log import open_log
from events.log.checkpoints import checkpoint, make_key, read_note
from events.log.on_postgres.session import marked
from events.log.redact import redact
from events.log.triggers import TABLES
from events.log.verify import NEVER, _Verification, verify
from tests.databases.attack import attacker, on_postgres
from tests.databases.server import READY, Server

SIZE = 300


@pytest.fixture(scope="module")
def swept(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str, bytes]]:
    """A log whose owner has its triggers out of the way, and a checkpoint of it kept elsewhere."""
    name = "swept"
    url = server.database(name, READY)
    key = tmp_path_factory.mktemp("key") / "log.key"
    with open_log(url, mode="write") as log:
        lines = [
            {"case": "abc"[n % 3], "id": f"e{n}", "type": ("fact", "infusion")[n % 2], "when": "2023-10-28T07:00Z"}
            | ({"note": f"note {n}", "data": {"text": "t"}} if n % 2 == 0 else {})
            for n in range(1, SIZE - 1)
        ]
        with log.writing("keeper") as writer:
            writer.append(drafting(line) for line in lines)
            writer.batch("a.jsonl", "0" * 64)
        redact(log, "b", "e4", ["note"], reason="asked for", authority="")
        make_key(log, key)
        note = checkpoint(log, key).encode()
        done = verify(log, checkpoints=[("outside", note)])
        assert (done.ok, done.size, done.unknown[-1]) == (True, SIZE, NEVER)
        origin = log.origin
    with closing(attacker(url)) as connection:
        yield connection, origin, note
    server.drop(name)


@pytest.mark.parametrize(
    ("tampering", "position", "kind"),
    [
        ("UPDATE event SET case_id = case_id + 100 WHERE position = 7", 7, "column"),
        ("UPDATE event SET case_position = case_position + 1000 WHERE position = 8", 8, "column"),
        ("UPDATE event SET event_id = event_id || 'x' WHERE position = 9", 9, "column"),
        ("UPDATE event SET type_id = 3 - type_id WHERE position = 10", 10, "column"),
        ("UPDATE event SET earliest = earliest + 1 WHERE position = 11", 11, "column"),
        ("UPDATE event SET latest = NULL WHERE position = 12", 12, "column"),
        ("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 13", 13, "column"),
        ("UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 14", 14, "altered"),
        ("UPDATE event SET body = set_byte(body, 9, 65) WHERE position = 15", 15, "altered"),
        ("UPDATE event SET body = x'7b7d' WHERE position = 16", 16, "altered"),
        ("DELETE FROM event WHERE position = 17", 17, "missing"),
        ("DELETE FROM event WHERE position > 290", 291, "missing"),
        ("UPDATE event SET position = -18 WHERE position = 18", -18, "inserted"),
        (("INSERT INTO event SELECT 301, case_id, 9999, 'new', type_id, earliest, latest, recorded_at, body, leaf_hash"
         " FROM event WHERE position = 20"), 301, "inserted"),
        ("UPDATE disclosure SET value = x'2261' WHERE position = 6 AND field = 'note'", 6, "disclosure"),
        ("DELETE FROM disclosure WHERE position = 6 AND field = 'note'", 6, "disclosure"),
        ("INSERT INTO disclosure VALUES (5, 'private', randomblob(16), x'2261')", 5, "disclosure"),
        ("UPDATE cases SET name = 'z' WHERE id = 2", 2, "column"),
        ("DELETE FROM event_types WHERE id = 1", 1, "column"),
        ("INSERT INTO cases VALUES (99, 'new')", None, "missing"),
        ("UPDATE log SET origin = 'casefold/other'", None, "checkpoint"),
        ("UPDATE tile SET hash = zeroblob(32)", None, "tile"),
        ("DELETE FROM tile", None, "tile"),
        ("UPDATE checkpoint SET root = zeroblob(32)", None, "checkpoint"),
        ('UPDATE batch SET "last" = 999', 301, "missing"),
    ],
)  # fmt: skip
def test_what_was_altered_is_found_there(
    swept: tuple[Any, str, bytes], tampering: str, position: int | None, kind: str
) -> None:
    connection, origin, note = swept

    def rows(sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return list(connection.execute(marked(sql), parameters, binary=True).fetchall())
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    with connection.transaction(force_rollback=True):
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(on_postgres(tampering))
        ((origin,),) = rows("SELECT origin FROM log")
        problems = _Verification(rows, origin, ()).run([("outside", note, *read_note(note))]).problems
    assert (position, kind) in {(one.position, one.kind) for one in problems}
