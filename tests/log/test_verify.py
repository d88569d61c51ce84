"""The tamper sweep: rows and columns of a log altered, deleted, swapped, copied, put in; what verify finds, and where.

Each change is made as an attacker with a plain SQLite would make it, with the triggers out of the way (that itself is a
finding, left out here), and taken back again. Set CASEFOLD_SWEEP=full to change every row in every column.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import msgspec
import pytest

from events.drafting import draft as drafting
from events.errors import Unavailable
from events.log import open_log
from events.log.auditing import audit as audit_room
from events.log.auditing import sharing
from events.log.auditing.findings import KINDS
from events.log.checkpoints import checkpoint, key_file, make_key, read_note
from events.log.merkle import leaf_hash, root_of
from events.log.notes import VerifyingKey, new_key, sign
from events.log.redact import redact
from events.log.triggers import triggers
from events.log.verify import ALONE, NEVER, Verified, _Verification, verify

SIZE = 500
STEP = 1 if os.environ.get("CASEFOLD_SWEEP") == "full" else 23
Found = set[tuple[int | None, str]]


def line(n: int) -> dict[str, Any]:
    case = "abc"[n % 3]
    made: dict[str, Any] = {
        "case": case,
        "id": f"e{n}",
        "type": ("infusion", "fact", "finding")[n % 3],
        "when": "2023-10-28T07:00Z",
    }
    if n % 3:
        made["data"] = {"text": f"text {n}"}
    return made | ({"note": f"note {n}"} if n % 4 == 0 else {})


class Sweep:
    """A log in the hands of somebody who may write its file."""

    def __init__(self, db: str, connection: sqlite3.Connection, key: VerifyingKey, note: bytes) -> None:
        self.db = db
        self.connection = connection
        self.key = key
        self.note = note

    @property
    def origin(self) -> str:
        ((origin,),) = self.sql("SELECT origin FROM log")
        return str(origin)

    def sql(self, sql: str, *parameters: Any) -> list[Any]:
        return self.connection.execute(sql, parameters).fetchall()

    @contextmanager
    def change(self) -> Iterator[None]:
        self.sql("SAVEPOINT tampering")
        try:
            yield
        finally:
            self.sql("ROLLBACK TO tampering")

    def verify(self, *, outside: bool = False) -> Verified:
        given = [("outside", self.note, *read_note(self.note))] if outside else []
        return _Verification(self.rows, self.origin, (self.key,)).run(given)

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self.sql(sql, *parameters)
        except sqlite3.Error as error:
            raise Unavailable(str(error)) from error

    def found(self, *, outside: bool = False) -> Found:
        problems = self.verify(outside=outside).problems
        assert {one.kind for one in problems} <= set(KINDS)
        return {(one.position, one.kind) for one in problems if one.kind != "schema"}

    def rewrite(self, position: int, change: Callable[[dict[str, Any]], None]) -> None:
        """Alter an event and make its row agree with itself again: columns, canonical form, leaf hash."""
        ((body,),) = self.sql("SELECT body FROM event WHERE position = ?", position)
        leaf = msgspec.json.decode(body)
        change(leaf)
        made = msgspec.json.encode(leaf, order="sorted")
        self.sql("UPDATE event SET body = ?, leaf_hash = ? WHERE position = ?", made, leaf_hash(made), position)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    db = str(tmp_path_factory.mktemp("sweep") / "casefold.db")
    with open_log(db, mode="write") as log:
        with log.writing("keeper") as writer:
            writer.append(drafting(line(n)) for n in range(1, SIZE - 1))
            writer.batch("a.jsonl", "0" * 64)
        redact(log, "b", "e4", ["note"], reason="asked for", authority="")
        key = make_key(log, key_file(db))
        checkpoint(log, key_file(db))
        assert log.head()[0] == SIZE
        note = checkpoint(log, key_file(db)).encode()
        with log.holding() as writing:
            writing.insert("blob", [(hashlib.sha256(b"a").digest(), 1, b"a")])
            writing.insert("timestamp", [(hashlib.sha256(b"t").digest(), SIZE, b"t", 1)])
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for name in triggers():
            connection.execute(f"DROP TRIGGER {name}")
        patch = pytest.MonkeyPatch()
        patch.setattr(sharing, "SHARE", 128)
        patch.setattr(audit_room, "PIECE", 64)
        yield Sweep(db, connection, key, note)
        patch.undo()


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_an_untouched_log_holds(sweep: Sweep) -> None:
    with open_log(sweep.db) as log:
        done = verify(log, checkpoints=[("outside", sweep.note)], keys=[sweep.key])
    assert (done.ok, done.size, done.unknown) == (True, SIZE, (NEVER,))
    assert [(one.origin, one.size, one.signature) for one in done.checked_against] == [
        ("the log itself", SIZE, "holds"),
        ("outside", SIZE, "holds"),
    ]
    assert sweep.found(outside=True) == set()
    assert len(sweep.verify().problems) == len(triggers())


COLUMNS: dict[str, tuple[str, str]] = {
    "case_id": ("case_id + 100", "column"),
    "case_position": ("case_position + 1000", "column"),
    "event_id": ("event_id || 'x'", "column"),
    "type_id": ("1 + type_id % 3", "column"),
    "earliest": ("coalesce(earliest, 0) + 1", "column"),
    "latest": ("coalesce(latest, 0) + 1", "column"),
    "recorded_at": ("recorded_at + 1", "column"),
    "leaf_hash": ("flipped(leaf_hash)", "altered"),
    "body": ("flipped(body)", "altered"),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_any_row_altered_is_found_there(sweep: Sweep, column: str) -> None:
    sweep.connection.create_function("flipped", 1, flipped)
    value, kind = COLUMNS[column]
    for position in range(1, SIZE + 1, 1 if column == "body" else STEP):
        with sweep.change():
            sweep.sql(f"UPDATE event SET {column} = {value} WHERE position = ?", position)
            assert (position, kind) in sweep.found(), (position, sweep.verify().problems[-5:])


@pytest.mark.parametrize("column", ["body", "leaf_hash", "event_id", "recorded_at"])
def test_a_value_of_another_type_is_found(sweep: Sweep, column: str) -> None:
    other = "TEXT" if column in {"body", "leaf_hash"} else "BLOB"
    for position in range(2, SIZE + 1, STEP):
        with sweep.change():
            sweep.sql(f"UPDATE event SET {column} = CAST({column} AS {other}) WHERE position = ?", position)
            assert (position, "column") in sweep.found()


def test_bytes_that_would_be_written_as_the_same_text_are_found(sweep: Sweep) -> None:
    """What writes JSON writes bytes in base64: `e123` is the base64 of three of them."""
    with sweep.change():
        sweep.sql("UPDATE event SET event_id = ? WHERE event_id = 'e123'", b64decode("e123"))
        assert sweep.found() == {(123, "column")}


def test_a_time_moved_on_makes_no_other_event_back_dated(sweep: Sweep) -> None:
    with sweep.change():
        later = """replace(CAST(body AS TEXT), '"recorded_at":1', '"recorded_at":3')"""
        sweep.sql(f"UPDATE event SET body = CAST({later} AS BLOB) WHERE position = 9")
        assert {(9, "altered"), (9, "column")} <= sweep.found()
        assert "back-dated" not in {kind for _, kind in sweep.found()}


def test_any_row_deleted_is_missing(sweep: Sweep) -> None:
    for position in range(1, SIZE, STEP):
        with sweep.change():
            sweep.sql("DELETE FROM event WHERE position = ?", position)
            assert (position, "missing") in sweep.found()


def test_any_two_rows_swapped_are_both_named(sweep: Sweep) -> None:
    for position in range(1, SIZE, STEP):
        other = position % SIZE + 1
        with sweep.change():
            swap(sweep, position, other)
            assert {(position, "reordered"), (other, "reordered")} <= sweep.found()


def swap(sweep: Sweep, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        sweep.sql("UPDATE event SET position = ? WHERE position = ?", new, old)


@pytest.mark.parametrize("at", ["SIZE + 1", "0", "-5"])
def test_a_copy_of_any_row_is_found_where_it_was_put(sweep: Sweep, at: str) -> None:
    where = {"SIZE + 1": SIZE + 1, "0": 0, "-5": -5}[at]
    for position in range(1, SIZE, STEP):
        with sweep.change():
            sweep.sql(
                "INSERT INTO event SELECT ?, case_id, case_position + 1000, event_id || 'x', type_id, earliest, latest,"
                " recorded_at, body, leaf_hash FROM event WHERE position = ?",
                where,
                position,
            )
            assert (where, "inserted") in sweep.found()


def test_an_event_altered_and_hashed_again_breaks_its_case_or_its_tile(sweep: Sweep) -> None:
    seen: dict[str, int] = {"chain": 0, "tile": 0, "checkpoint": 0}
    for position in range(1, SIZE + 1, STEP):
        with sweep.change():
            sweep.rewrite(position, lambda leaf: leaf.update(actor="somebody"))
            found = sweep.found()
            for kind in seen:
                seen[kind] += any(one == kind for _, one in found)
            assert (None, "checkpoint") in found
            assert ((position, "chain") in found) == (position < SIZE - 4 or position == SIZE - 4)  # it has a next one
            assert ((None, "tile") in found) == (position <= 256)
    assert all(seen.values())


def test_an_event_put_between_others_is_found(sweep: Sweep) -> None:
    with sweep.change():
        sweep.sql("UPDATE event SET position = -position WHERE position > 300")
        sweep.sql("UPDATE event SET position = 1 - position WHERE position < 0")
        sweep.sql(
            "INSERT INTO event SELECT 301, case_id, 9999, 'new', type_id, earliest, latest, recorded_at, body,"
            " leaf_hash FROM event WHERE position = 300"
        )
        found = sweep.found()
        assert (301, "inserted") in found
        assert {(position, "reordered") for position in range(302, SIZE + 2)} <= found


def test_an_event_that_claims_to_be_older_than_the_one_before_is_back_dated(sweep: Sweep) -> None:
    for position in range(2, SIZE + 1, STEP):
        with sweep.change():
            sweep.rewrite(position, lambda leaf: leaf.update(recorded_at=leaf["recorded_at"] - 10**9))
            assert (position, "back-dated") in sweep.found()


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b'"actor"', b' "actor"'),
        lambda body: body[:-1] + b',"extra":1}',
        lambda body: body[:-1] + b',"zone":""}',
        lambda body: body.replace(b'"v":1', b'"v":1.0'),
        lambda body: body.replace(b'"v":1', b'"v":2'),
        lambda body: b"[" + body + b"]",
        lambda body: body[:-9],
        lambda body: body.replace(b'"log"', b'"id":"other","log"'),
        lambda body: b"\xff" + body[1:],
        *(
            lambda body, tags=tags: body.replace(b'"type"', b'"tags":%b,"type"' % tags)
            for tags in (
                b"[1.5]", b"[1.0]", b"[-0]", b'[{"b":1,"a":2}]', b'[{"a":1,"a":2}]', b'["\\u0061"]',
                b'[{"\xc3\xa9":1}]', b"[[]" * 5_000,
            )
        ),
    ],
)
def test_a_body_that_another_reader_could_read_otherwise_is_found(sweep: Sweep, change: Any) -> None:
    for position in (77, 498):  # the last of its case, in no full block: nothing that follows would tell
        with sweep.change():
            ((body,),) = sweep.sql("SELECT body FROM event WHERE position = ?", position)
            made = change(body)
            assert made != body
            sweep.sql("UPDATE event SET body = ?, leaf_hash = ? WHERE position = ?", made, leaf_hash(made), position)
            assert (position, "altered") in sweep.found()


def test_a_tail_that_was_cut_off_is_noticed_by_what_still_tells_of_it(sweep: Sweep) -> None:
    for size in (0, 1, 256, 498, SIZE - 1):
        with sweep.change():
            sweep.sql("DELETE FROM event WHERE position > ?", size)
            assert {(size + 1, "missing"), (None, "checkpoint")} <= sweep.found()
            sweep.sql("DELETE FROM checkpoint")
            sweep.sql("DELETE FROM disclosure WHERE position > ?", size)
            assert (size + 1, "missing") in sweep.found(outside=True)


def test_a_tail_cut_off_with_all_that_told_of_it_is_seen_only_from_outside(sweep: Sweep) -> None:
    with sweep.change():
        cut(sweep, SIZE - 1)
        assert sweep.found() == set()
        assert ALONE in sweep.verify().unknown
        assert sweep.found(outside=True) == {(SIZE, "missing"), (None, "checkpoint")}


def cut(sweep: Sweep, size: int) -> None:
    for table in ("event", "disclosure"):
        sweep.sql(f"DELETE FROM {table} WHERE position > ?", size)
    sweep.sql("DELETE FROM checkpoint WHERE size > ?", size)
    sweep.sql("DELETE FROM cases WHERE id NOT IN (SELECT case_id FROM event)")
    sweep.sql("DELETE FROM event_types WHERE id NOT IN (SELECT type_id FROM event)")


def test_a_log_made_anew_is_seen_only_from_outside(sweep: Sweep) -> None:
    """Somebody with the key alters one event, and computes all that follows again, signature and all."""
    with sweep.change():
        forge(sweep, 200)
        sweep.sql("DELETE FROM checkpoint")
        assert sweep.found() == set()
        assert (None, "checkpoint") in sweep.found(outside=True)


def forge(sweep: Sweep, at: int) -> None:
    heads: dict[str, bytes] = {}
    leaves: list[bytes] = []
    for position, body in sweep.sql("SELECT position, body FROM event ORDER BY position"):
        leaf = msgspec.json.decode(body)
        if position == at:
            leaf["actor"] = "somebody"
        if "prev" in leaf:
            leaf["prev"] = heads[leaf["case"]].hex()
        made = msgspec.json.encode(leaf, order="sorted")
        heads[leaf["case"]] = leaf_hash(made)
        leaves.append(leaf_hash(made))
        sweep.sql("UPDATE event SET body = ?, leaf_hash = ? WHERE position = ?", made, leaves[-1], position)
    sweep.sql('UPDATE tile SET hash = ? WHERE level = 1 AND "index" = 0', root_of(leaves[:256]))


@pytest.mark.parametrize(
    ("tampering", "kind"),
    [
        ("UPDATE disclosure SET value = '\"forged\"' WHERE position = 8", "disclosure"),
        ("UPDATE disclosure SET value = CAST(value AS TEXT) WHERE position = 8", "disclosure"),
        ("UPDATE disclosure SET salt = randomblob(16) WHERE position = 8", "disclosure"),
        ("UPDATE disclosure SET field = 'private' WHERE position = 8 AND field = 'note'", "disclosure"),
        ("UPDATE disclosure SET position = 9 WHERE position = 8 AND field = 'note'", "disclosure"),
        ("UPDATE disclosure SET position = 9999 WHERE position = 8 AND field = 'note'", "disclosure"),
        ("DELETE FROM disclosure WHERE position = 8 AND field = 'note'", "disclosure"),
        ("DELETE FROM disclosure", "disclosure"),
        ("INSERT INTO disclosure VALUES (8, 'private', randomblob(16), x'2261')", "disclosure"),
        ("UPDATE cases SET name = 'z' WHERE id = 2", "column"),
        ("UPDATE cases SET id = 9 WHERE id = 2", "column"),
        ("DELETE FROM cases WHERE id = 2", "column"),
        ("INSERT INTO cases VALUES (99, 'new')", "missing"),
        ("UPDATE event_types SET name = 'dose' WHERE id = 1", "column"),
        ("UPDATE event_types SET version = 2 WHERE id = 1", "column"),
        ("DELETE FROM event_types WHERE id = 1", "column"),
        ("INSERT INTO event_types VALUES (99, 'new', 1)", "missing"),
        ("UPDATE log SET origin = 'casefold/other'", "column"),
        ("UPDATE tile SET hash = zeroblob(32)", "tile"),
        ("UPDATE tile SET hash = CAST('a' AS TEXT)", "tile"),
        ("UPDATE tile SET level = 2", "tile"),
        ('UPDATE tile SET "index" = 1', "tile"),
        ("DELETE FROM tile", "tile"),
        ("INSERT INTO tile VALUES (1, 1, zeroblob(32))", "tile"),
        ("UPDATE checkpoint SET size = size + 1", "checkpoint"),
        ("UPDATE checkpoint SET size = size - 1", "checkpoint"),
        ("UPDATE checkpoint SET root = zeroblob(32)", "checkpoint"),
        ("UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), '\n500', '\n499') AS BLOB)", "checkpoint"),
        ("UPDATE checkpoint SET note = CAST(note AS TEXT)", "checkpoint"),
        ("UPDATE checkpoint SET note = x''", "checkpoint"),
        ("UPDATE batch SET n = 2", "missing"),
        ('UPDATE batch SET "first" = 900', "column"),
        ('UPDATE batch SET "last" = 501', "missing"),
        ("UPDATE blob SET data = x'62'", "altered"),
        ("UPDATE blob SET size = 2", "altered"),
        ("UPDATE blob SET sha256 = zeroblob(32)", "altered"),
        ("UPDATE timestamp SET token = x'62'", "column"),
        ("UPDATE timestamp SET token_sha256 = zeroblob(32)", "column"),
    ],
)  # fmt: skip
def test_any_other_table_altered_is_found(sweep: Sweep, tampering: str, kind: str) -> None:
    with sweep.change():
        sweep.sql(tampering)
        assert kind in {one.kind for one in sweep.verify().problems}


def test_a_signature_that_is_not_the_keys_is_found(sweep: Sweep) -> None:
    with sweep.change():
        text = sweep.note.decode().partition("\n\n")[0] + "\n"
        sweep.sql("UPDATE checkpoint SET note = ?", sign(text, new_key(sweep.origin)).encode())
        assert sweep.found() == {(None, "signature")}


@pytest.mark.parametrize(
    "column",
    ["log.key", "log.created_at", "batch.name", "batch.sha256", "batch.map_sha256", "batch.loaded_at", "batch.actor",
     "checkpoint.created_at", "timestamp.received_at", "timestamp.size"],
)  # fmt: skip
def test_what_the_tree_does_not_cover_is_known(sweep: Sweep, column: str) -> None:
    """These columns stand in no leaf: docs/integrity.md says so."""
    table, _, name = column.partition(".")
    with sweep.change():
        sweep.sql(f"UPDATE {table} SET {name} = 7")
        assert sweep.found(outside=True) == set()
