"""A whole log as each schema that has landed wrote it: upgraded, it verifies, is asked, and not a byte moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.drafting import draft
from events.errors import SchemaMismatch
from events.log import Log, open_log, upgrade
from events.log.auditing.check import check
from events.log.checkpoints import announced
from events.log.database import SCHEMAS
from events.log.verify import verify
from events.log.versions import versions
from timeline.read import PLAIN
from timeline.reports.asking import put

GOLDEN = Path(__file__).parents[1] / "golden"
NEVER_MOVED = "SELECT position, event_id, earliest, latest, recorded_at, body, leaf_hash FROM event ORDER BY position"


def restored(db: Path, schema: str) -> list[Any]:
    with closing(sqlite3.connect(db)) as old:
        old.executescript((GOLDEN / f"schema_{schema}.sql").read_text("utf-8"))
        return old.execute(NEVER_MOVED).fetchall()


@pytest.fixture(scope="module", params=SCHEMAS)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, list[Any]]:
    """Give a schema, the log that it left behind, upgraded, and its events as they lay there before."""
    db = tmp_path_factory.mktemp("snapshot") / "casefold.db"
    before = restored(db, request.param)
    assert upgrade(str(db)) == (request.param, SCHEMAS[-1])
    return request.param, str(db), before


def of(log: Log, sql: str) -> list[Any]:
    return log.rows(sql)


def test_no_event_moves_and_everything_verifies(upgraded: tuple[str, str, list[Any]]) -> None:
    _, db, before = upgraded
    with open_log(db) as log:
        assert of(log, NEVER_MOVED) == before
        assert verify(log, keys=announced(log)).problems == ()
        assert check(log) == ()
        assert versions(log)["ok"]


def test_it_is_read_asked_and_appended_to(upgraded: tuple[str, str, list[Any]]) -> None:
    schema, db, before = upgraded
    with open_log(db) as log:
        case = log.cases()[-1].name
    answer = put(db, case, "chronology", {}, PLAIN).json
    assert answer["as_of"]["position"] == len(before)
    assert answer["events"]
    if schema != SCHEMAS[0]:
        shots = put(db, "perry", "dose-total", {"type": "injection", "window": "4 days before @death"}, PLAIN).json
        assert shots["text"] == "at least 28, amount unknown"
        assert put(db, "perry", "days-since-last", {"type": "infusion", "at": "death"}, PLAIN).json["text"]
        assert "what was erased" not in str(put(db, "perry", "chronology", {}, PLAIN).json)
    with open_log(db, mode="write") as log:
        with log.writing("keeper") as writer:
            writer.append([draft({"case": case, "id": "today", "type": "fact", "data": {"text": "still open"}})])
        assert verify(log).ok


def test_an_older_log_is_not_read_before_it_is_upgraded(tmp_path: Path) -> None:
    db = tmp_path / "casefold.db"
    for schema in SCHEMAS[:-1]:
        restored(db, schema)
        with pytest.raises(SchemaMismatch, match="`casefold db upgrade`"):
            open_log(str(db))
        db.unlink()


def test_every_schema_that_has_landed_left_a_snapshot() -> None:
    assert {path.stem for path in GOLDEN.glob("schema_*.sql")} == {f"schema_{schema}" for schema in SCHEMAS}
