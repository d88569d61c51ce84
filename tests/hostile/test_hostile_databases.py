"""Row 51: a database somebody else made, given to every command. Nothing in it runs, and nothing in it breaks us."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from events.errors import Unavailable
from events.log import open_log
from events.log.on_sqlite import guarded

LONG = bool(os.environ.get("CASEFOLD_LONG"))
GIVEN = {
    "case": "a", "event": "death", "kind": "fact", "data": "text=t", "ids": "death", "name": "", "means": "B",
    "files": "x.jsonl", "file": "x.out", "output": "x.out", "text": "2023", "reason": "r", "relation": "supports",
    "start": "1", "words": "", "cases": "a", "role": "nobody",
}  # fmt: skip
Connection = sqlite3.Connection


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give every command there is, however deep."""
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            one = group.get_command(ctx, name)
            if isinstance(one, click.Group):
                yield from commands(one, (*path, name))
            else:
                yield (*path, name), one


def words_for(path: tuple[str, ...], command: Any) -> list[str]:
    """Give a plausible line for a command: what it requires, and the arguments we know."""
    words = ["ask", "a", path[1]] if path[0] == "ask" else list(path)
    for each in command.params:
        value = GIVEN.get(each.name, "death")
        if isinstance(each, click.Argument) and (value or each.required):
            words += [value] * (2 if path == ("same",) else 1)
        elif isinstance(each, click.Option) and each.required:
            words += [max(each.opts, key=len), value]
    return [*words, "--no-wait"] if path == ("follow",) else words


def every_command() -> list[list[str]]:
    import cli

    longer = [["redact", "a", "doc", "note", "--reason", "r", "--authority", "x"], ["stamp", "--request", "x.out"]]
    left_out = {("demo",), ("load",)}
    said = [words_for(path, one) for path, one in commands(cli.casefold) if path not in left_out]
    return [["load", "x.jsonl"], ["load", "x.jsonl", "--dry-run"], *said, *longer]


def rewritten(database: Connection, table: str, old: str, new: str) -> None:
    database.execute("PRAGMA writable_schema = ON")
    changed = database.execute(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?)",
        (old, new, table, old),
    )
    assert changed.rowcount == 1


def view_for_table(database: Connection) -> None:
    database.executescript(
        "PRAGMA legacy_alter_table = ON; ALTER TABLE event RENAME TO kept;"
        "CREATE VIEW event AS SELECT *, load_extension('/tmp/evil') FROM kept;"
    )


def another_view(database: Connection) -> None:
    database.execute("CREATE VIEW more AS SELECT load_extension('/tmp/evil') AS x FROM event")


def generated_column(database: Connection) -> None:
    database.execute("ALTER TABLE event ADD COLUMN x AS (hex(zeroblob(100000000)))")


def check(database: Connection) -> None:
    rewritten(database, "batch", "actor TEXT NOT NULL", "actor TEXT NOT NULL CHECK (length(randomblob(100000000)))")


def default(database: Connection) -> None:
    rewritten(database, "batch", "actor TEXT NOT NULL", "actor TEXT NOT NULL DEFAULT (hex(randomblob(9)))")


def virtual_table(database: Connection) -> None:
    database.execute("CREATE VIRTUAL TABLE more USING fts5(a)")


def virtual_table_for_ours(database: Connection) -> None:
    database.executescript("DROP TABLE tile; CREATE VIRTUAL TABLE tile USING fts5(level, 'index', hash)")


def index_over_expression(database: Connection) -> None:
    database.execute("CREATE INDEX more ON event (hex(body))")


def collation(database: Connection) -> None:
    rewritten(database, "cases", "name TEXT NOT NULL", "name TEXT COLLATE evil NOT NULL")


def huge_schema(database: Connection) -> None:
    database.executescript("BEGIN; " + "; ".join(f"CREATE TABLE t{n} (a)" for n in range(600)) + "; COMMIT")


def garbage(database: Connection) -> None:
    rewritten(database, "batch", "CREATE TABLE", "CREATE EVIL")


def table_of_select(database: Connection) -> None:
    database.executescript("DROP TABLE batch; CREATE TABLE batch AS SELECT 1 AS n, 2 AS sha256")
    rewritten(
        database, "tile", "hash BLOB NOT NULL", "hash BLOB NOT NULL, x TEXT GENERATED ALWAYS AS (hex(hash)) STORED"
    )


SCHEMAS = [
    view_for_table, another_view, generated_column, check, default, virtual_table, virtual_table_for_ours,
    index_over_expression, collation, huge_schema, garbage, table_of_select,
]  # fmt: skip


def attacked(db: Path, attack: Callable[[Connection], object]) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        attack(database)


@pytest.mark.parametrize("attack", SCHEMAS)
def test_no_command_uses_a_file_that_could_run_something(house: Any, attack: Callable[[Connection], None]) -> None:
    attacked(house.db, attack)
    house.put("x.jsonl", {"case": "a", "id": "x", "type": "fact", "data": {"text": "t"}})
    before = house.db.read_bytes()
    every = every_command()
    for words in every if LONG else [*every[:4], *every[4::3]]:
        said = house(*words, code=None)
        if words[0] not in ("types", "views", "when", "map", "check-proof", "reproduce"):
            assert said.code in (2, 3), (words, said)
        assert not (house.folder / "x.out").exists(), words
    assert house("cases", code=3).lines[0].startswith("casefold: casefold.db ")
    assert house.db.read_bytes() == before


def stealing(database: Connection) -> None:
    database.executescript(
        "CREATE TABLE loot (a);"
        "CREATE TRIGGER steal AFTER INSERT ON event BEGIN INSERT INTO loot VALUES (NEW.body); END"
    )


def altering(database: Connection) -> None:
    database.executescript(
        "CREATE TABLE loot (a); DROP TRIGGER event_next;"
        "CREATE TRIGGER event_next BEFORE INSERT ON event BEGIN INSERT INTO loot VALUES (NEW.body); END"
    )


@pytest.mark.parametrize("attack", [stealing, altering])
def test_no_trigger_of_a_stranger_runs(house: Any, attack: Callable[[Connection], None]) -> None:
    attacked(house.db, attack)
    house.put("x.jsonl", {"case": "a", "id": "x", "type": "fact", "data": {"text": "t"}})
    for line in every_command():
        house(*line, code=None)
    for words in (
        ("load", "x.jsonl"),
        ("add", "a", "fact", "text=t"),
        ("retract", "a", "doc", "--reason", "r"),
        ("checkpoint",),
    ):
        assert "has a trigger that is not Casefold's" in house(*words, code=3).err
    with closing(sqlite3.connect(house.db)) as database:
        assert database.execute("SELECT count(*) FROM loot").fetchone() == (0,)
    assert {one["kind"] for one in house("verify", "--json", code=1).json["problems"]} >= {"schema"}


GUARDED = ("event", "log", "cases", "event_types", "disclosure", "batch", "checkpoint", "tile")
UNGUARD = "; ".join(f"DROP TRIGGER {table}_never_updated" for table in GUARDED)
UNGUARD += "".join(f"; DROP TRIGGER {table}_never_deleted" for table in GUARDED if table != "disclosure")
DEEP = '"data":' + '{"a":' * 500 + "1" + "}" * 500 + ',"id"'


def said(old: str, new: str) -> str:
    """Give the statement that puts other words into every body."""
    return f"UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '{old}', '{new}') AS BLOB)"


ROWS = {
    "body is no JSON": "UPDATE event SET body = CAST('{nonsense' AS BLOB)",
    "body is no UTF-8": "UPDATE event SET body = x'fffe'",
    "body is text": "UPDATE event SET body = 'x'",
    "body is a number": "UPDATE event SET body = 5",
    "body is empty": "UPDATE event SET body = x''",
    "body is a list": "UPDATE event SET body = CAST('[]' AS BLOB)",
    "body nests": f"UPDATE event SET body = CAST('{'[' * 50_000}' AS BLOB)",
    "body nests in data": said('"id"', DEEP),
    "when is nonsense": said("2023-10-28T16:17", "@@ ;; \x1b"),
    "zone is a path": said("America/Los_Angeles", "../../etc/passwd"),
    "type is unknown": said('"death"', '"evil"'),
    "version is great": said('"version":1', '"version":99'),
    "leaf of a later version": said('"v":1', '"v":2'),
    "numbers are texts": "UPDATE event SET recorded_at = 'x', earliest = 'y', case_position = 'z' || position",
    "recorded far away": (
        said('"recorded_at":', '"recorded_at":9') + "; UPDATE event SET recorded_at = 9223372036854775807"
    ),
    "no leaf hash": "UPDATE event SET leaf_hash = x'00'",
    "case name": "UPDATE cases SET name = 'a\x1b[2J'",
    "no cases": "PRAGMA foreign_keys = OFF; DELETE FROM cases",
    "no types": "DELETE FROM event_types",
    "log is odd": "UPDATE log SET origin = 5, key = 'x', created_at = 'y'",
    "log is gone": "DELETE FROM log",
    "two logs": "DROP TRIGGER log_once; INSERT INTO log VALUES ('casefold/x', x'00', 1)",
    "disclosure is no JSON": "UPDATE disclosure SET value = x'ff', salt = 'x'",
    "disclosure elsewhere": "UPDATE disclosure SET field = 'no.such.field'",
    "batch is odd": "UPDATE batch SET first = 'x', last = -1, name = x'00ff', loaded_at = 'z'",
    "checkpoint is odd": "INSERT INTO checkpoint VALUES (3, 'x', x'ff', 'z')",
    "checkpoint is great": (
        f"INSERT INTO checkpoint VALUES ({2**62}, x'00', CAST('a\n{2**62}\nAAAA\n' AS BLOB), 1)"
    ),
    "tile is odd": "DROP TRIGGER tile_next; INSERT INTO tile VALUES (9, 0, 'x'), (60, 0, x'00')",
    "events gone": "DELETE FROM event WHERE position = 2",
    "schema is odd": "UPDATE alembic_version SET version_num = x'ff'",
    "position is great": "UPDATE event SET position = 9223372036854775807 WHERE position = 3",
}
READING = [
    ["cases"], ["show", "a"], ["verify", "--json"], ["batches"], ["add", "a", "fact", "text=t"],
    ["prove", "a", "-o", "x.out"],
]  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_no_row_breaks_a_command(house: Any, seeded: Path, what: str) -> None:
    def attack(database: Connection) -> None:
        database.executescript(f"{UNGUARD}; {ROWS[what]}")

    attacked(house.db, attack)
    shutil.copyfile(house.db, house.folder / "attacked.db")
    for words in every_command() if LONG else READING:
        said = house(*words, code=None)
        assert said.code in (0, 1, 2, 3), (words, said)
        assert "\x1b" not in said.out + said.err
        assert all(line.startswith(("casefold: ", "created ")) for line in said.lines), (words, said)
        shutil.copyfile(house.folder / "attacked.db", house.db)
        for end in ("-wal", "-shm"):
            Path(f"{house.db}{end}").unlink(missing_ok=True)


ATTEMPTS = [
    "INSERT INTO cases VALUES (9, 'x')", "UPDATE log SET key = x'00'", "DELETE FROM event", "DROP TABLE event",
    "CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "CREATE TEMP VIEW x AS SELECT 1", "ALTER TABLE event ADD COLUMN x",
    "ATTACH 'x.db' AS x", "DETACH main", "VACUUM", "VACUUM INTO 'x.db'", "REINDEX", "ANALYZE", "SAVEPOINT x",
    "PRAGMA query_only = OFF", "PRAGMA writable_schema = ON", "PRAGMA trusted_schema = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA user_version = 9", "PRAGMA temp_store_directory = '/tmp'",
    "SELECT load_extension('/tmp/evil')", "SELECT hex(zeroblob(1000000000))", "SELECT writefile('x', 'y')",
    "SELECT randomblob(1000000000)", "SELECT fts3_tokenizer('simple')", "CREATE VIRTUAL TABLE temp.x USING fts5(a)",
]  # fmt: skip


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_the_read_side_prepares_nothing_but_reading(house: Any, sql: str) -> None:
    before = house.state()
    with open_log(str(house.db)) as log:
        with pytest.raises(Unavailable):
            log.rows(sql)
        assert log.rows("SELECT count(*), max(position) FROM event") == [(3, 3)]
    assert house.state() == before


def test_a_value_beyond_measure_is_not_read(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from events.log.on_sqlite import file as sqlite_room

    attacked(house.db, lambda database: database.executescript(f"{UNGUARD}; UPDATE event SET body = zeroblob(3000000)"))
    monkeypatch.setattr(sqlite_room, "LONGEST", 2_000_000)
    assert guarded.LONGEST > 100_000_000, "an attachment must fit"
    said = house("log", "a", code=3)
    assert "too big" in said.err


def test_every_command_is_attacked() -> None:
    import cli

    known = {tuple(words[:2]) if words[0] in ("db", "key") else (words[0],) for words in every_command()}
    assert {path[:2] if path[0] in ("db", "key") else path[:1] for path, _ in commands(cli.casefold)} - known == {
        ("demo",)
    }
