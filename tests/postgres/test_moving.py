"""A log moved from SQLite to PostgreSQL and back is the same log: every row of it, and its root."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

import migrations
from events.batches.replay import replay_into
from events.drafting import draft as drafting
from events.errors import BadInput, Fault, SchemaMismatch, Unavailable
from events.log import Log, open_log, schema, upgrade
from events.log.backup import backup
from events.log.checkpoints import checkpoint, make_key
from events.log.commands import copy_json
from events.log.database import COLUMNS, SCHEMAS
from events.log.opening import database_at
from events.log.redact import redact
from events.log.tree import root_of_log
from events.log.verify import verify
from tests.databases.attack import tamper
from timeline.exports.exporting import export

EVENTS = 600


@pytest.fixture
def filled(tmp_path: Path) -> str:
    db = str(tmp_path / "casefold.db")
    with open_log(db, mode="write") as log:
        with log.writing("keeper") as writer:
            lines: list[dict[str, Any]] = [
                {"case": "abc"[n % 3], "id": f"e{n}", "type": ("infusion", "fact")[n % 2], "when": "2023-10-28T07:00Z"}
                | ({"data": {"text": f"text {n} ∑ é"}, "note": f"note {n}"} if n % 2 else {})
                for n in range(EVENTS)
            ]
            writer.append(drafting(line) for line in lines)
            writer.batch("a.jsonl", "0" * 64)
        make_key(log, tmp_path / "casefold.db.key")
        checkpoint(log, tmp_path / "casefold.db.key")
        redact(log, "b", "e1", ["note"], reason="asked for", authority="")
        with log.holding() as writing:
            writing.insert("blob", [(sha256(data).digest(), len(data), data) for data in (b"a", bytes(70_000))])
    return db


def everything(log: Log) -> dict[str, list[Any]]:
    tables = {"log": ("origin", "key", "created_at"), **COLUMNS}
    columns = {table: ", ".join(f'"{name}"' for name in names) for table, names in tables.items()}
    return {table: log.rows(f"SELECT {names} FROM {table} ORDER BY 1, 2") for table, names in columns.items()}


def test_there_and_back_nothing_is_lost_or_changed(filled: str, postgres_place: str, tmp_path: Path) -> None:
    back = str(tmp_path / "back.db")
    there = copy_json(filled, postgres_place)
    assert "casefold_owner@" in there["file"]
    again = copy_json(postgres_place, back)
    assert (there["size"], there["root"]) == (again["size"], again["root"]) == (EVENTS + 2, there["root"])
    with open_log(filled) as first, open_log(postgres_place) as second, open_log(back) as third:
        rows = everything(first)
        assert rows == everything(second) == everything(third)
    with open_log(postgres_place, mode="write") as moved, moved.writing("keeper") as writer:
        writer.append([drafting({"case": "a", "type": "fact", "data": {"text": "and it goes on"}})])


def test_an_older_schema_is_upgraded_and_given_its_tree(filled: str, postgres_place: str) -> None:
    with open_log(filled) as old:
        rows, root = everything(old), root_of_log(old.rows, old.head()[0])
    target = database_at(postgres_place)
    target.create()
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with target.engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        ((origin, key, created_at),) = rows["log"]
        connection.execute(schema.log.insert(), {"origin": origin, "key": key, "created_at": created_at})
    with target.writing() as writing:
        for table in ("cases", "event_types", "event", "disclosure", "batch"):
            writing.insert(table, rows[table])
        writing.commit()
    target.tidy()
    with pytest.raises(SchemaMismatch, match="run `casefold db upgrade`"):
        open_log(postgres_place)
    assert upgrade(postgres_place) == ("0001", SCHEMAS[-1])
    with open_log(postgres_place) as new:
        assert verify(new).ok
        assert root_of_log(new.rows, new.head()[0]) == root
        assert new.rows("SELECT * FROM tile ORDER BY 1, 2") == rows["tile"]


def test_a_backup_of_a_server_is_a_file_of_its_own(log: Log, tmp_path: Path) -> None:
    with log.writing("keeper") as writer:
        writer.append([drafting({"case": "a", "type": "fact", "data": {"text": "one"}})])
    done = backup(log, str(tmp_path / "copy.db"))
    assert (done.ok, done.size) == (True, 1)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    with open_log(str(tmp_path / "copy.db")) as copy:
        assert everything(copy) == everything(log)


def test_nothing_is_overwritten_and_nothing_half_is_left(filled: str, postgres_place: str, log: Log) -> None:
    with pytest.raises(Fault, match="holds a log already; a copy never overwrites; name an empty database"):
        copy_json(filled, log.address)
    tamper(filled, "UPDATE event SET position = 9999 WHERE position = 300")
    with pytest.raises(Unavailable, match="an event takes the next position"):
        copy_json(filled, postgres_place)
    with pytest.raises(Unavailable, match="there is no log"):
        open_log(postgres_place)


def test_a_replay_is_brought_back_on_a_server_or_leaves_nothing(
    filled: str, postgres_place: str, tmp_path: Path
) -> None:
    file = tmp_path / "whole.jsonl"
    export(filled, [], output=str(file), format="replay")
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(BadInput):
        replay_into(postgres_place, str(torn))
    with pytest.raises(Unavailable, match="there is no log"):
        open_log(postgres_place)
    done = replay_into(postgres_place, str(file))
    assert (done["created"], done["appended"]) == (True, EVENTS + 2)
    with open_log(filled) as first, open_log(postgres_place) as second:
        assert everything(first) == everything(second)
