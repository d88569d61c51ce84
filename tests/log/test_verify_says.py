"""What verify says beside the sweep: schemas that are not Casefold's, what it cannot know, and very many findings."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.drafting import draft as drafting
from events.log import Log, open_log
from events.log.auditing.audit import Audit
from events.log.checkpoints import checkpoint, key_file, make_key
from events.log.notes import new_key
from events.log.redact import redact
from events.log.triggers import triggers
from events.log.verify import ALONE, NEVER, UNSIGNED, verify
from tests.databases.attack import tamper


def line(n: int) -> dict[str, Any]:
    return {"case": "abc"[n % 3], "id": f"e{n}", "type": "fact", "data": {"text": f"text {n}"}}


@pytest.mark.sqlite
@pytest.mark.parametrize("name", sorted(triggers()))
def test_a_trigger_that_is_gone_is_found(log: Log, db: str, name: str) -> None:
    with closing(sqlite3.connect(db)) as attacker:
        attacker.execute(f"DROP TRIGGER {name}")
    (problem,) = verify(log).problems
    assert (problem.position, problem.kind, problem.what) == (None, "schema", f"the trigger {name} is gone")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TRIGGER event_next", "CREATE TRIGGER event_next BEFORE INSERT ON event BEGIN SELECT 1; END"],
        ["CREATE TRIGGER more AFTER INSERT ON event BEGIN SELECT 1; END"],
        ["CREATE INDEX more ON event (recorded_at)"],
        ["CREATE VIEW more AS SELECT 1"],
        ["CREATE TABLE more (a)"],
        ["DROP TABLE blob"],
        ["ALTER TABLE batch ADD COLUMN more TEXT"],
        ["UPDATE alembic_version SET version_num = '0001'"],
    ],
)
def test_any_other_schema_is_found(log: Log, db: str, statements: Sequence[str]) -> None:
    with closing(sqlite3.connect(db)) as attacker, attacker:
        for statement in statements:
            attacker.execute(statement)
    assert "schema" in {one.kind for one in verify(log).problems}


def test_what_cannot_be_known_is_said(log: Log, db: str) -> None:
    make_key(log, key_file(db))
    note = checkpoint(log, key_file(db)).encode()
    assert verify(log).unknown == (ALONE, UNSIGNED, NEVER)
    with log.writing("keeper") as writer:
        writer.append([drafting(line(1))])
    (beyond, never) = verify(log, checkpoints=[("a", note)], keys=[new_key("other").verifying]).unknown
    assert beyond.startswith("nothing after position 1,")
    assert never == NEVER


def test_a_checkpoint_of_another_log_does_not_hold(log: Log, tmp_path: Path) -> None:
    with open_log(str(tmp_path / "other.db"), mode="write") as other:
        note = checkpoint(other, tmp_path / "none.key").encode()
    (one, *_) = verify(log, checkpoints=[("other", note)]).problems
    assert one.kind == "checkpoint"
    assert "is of the log" in one.what


def test_many_findings_are_counted_and_not_all_listed(log: Log, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.log.auditing.findings.KEPT", 5)
    with log.writing("keeper") as writer:
        writer.append(drafting(line(n)) for n in range(50))
    tamper(db, "UPDATE event SET leaf_hash = zeroblob(32)")
    problems = verify(log).problems
    assert len(problems) == 6
    assert problems[-1].what == "and 45 more, which are not listed"


def test_whatever_an_event_may_say_is_looked_at_with_the_others_at_once(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: Sequence[dict[str, Any]] = [
        {"when": "1583-01-01", "until": "2300-12-31", "data": {"text": "before 1684 and after 2255"}, "zone": "UTC"},
        {"data": {"text": "größer als ASCII"}, "source": {"quote": "Ärztin", "locator": "Blatt Ä"}},
        {"zone": "Europe/Berlin", "when": "2023-10-28", "tags": ["é", "b"], "note": "ß", "private": "nur hier"},
        {"data": {"text": "of another"}, "actor": "somebody", "causes": ["e0"]},
    ]
    with log.writing("keeper") as writer:
        writer.append(drafting({**line(n), **each}) for n, each in enumerate(written))
    redact(log, "a", "e0", ["data.text"], reason="asked for", authority="")
    monkeypatch.setattr(Audit, "_one_by_one", None)
    done = verify(log)
    assert (done.ok, done.size, len(done.redacted)) == (True, 5, 1)


@pytest.mark.both
@pytest.mark.parametrize(
    "tampering", ["", "UPDATE event SET body = x'7b7d' WHERE position = 70", "DELETE FROM event WHERE position = 3"]
)
def test_a_long_log_is_looked_at_by_many_and_the_same_is_found(
    log: Log, db: str, monkeypatch: pytest.MonkeyPatch, tampering: str
) -> None:
    with log.writing("keeper") as writer:
        writer.append(drafting(line(n)) for n in range(300))
    tamper(db, *filter(None, [tampering]))
    alone = verify(log)
    monkeypatch.setattr("events.log.auditing.sharing.processors", lambda: 2)
    monkeypatch.setattr("events.log.auditing.sharing.LONG", 10)
    monkeypatch.setattr("events.log.auditing.sharing.SHARE", 64)
    assert verify(log) == alone
    assert alone.size == 300
    assert any(one.position in {3, 70} for one in alone.problems) == bool(tampering)


@pytest.mark.parametrize(
    ("name", "value"),
    [("events.log.auditing.others._START", "import sys; sys.stdin.buffer.read(1)"), ("sys.executable", None)],
)
def test_what_another_process_could_not_look_at_is_looked_at_here(
    log: Log, monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    """Where the other has ended, and where Python is embedded in a program and does not know how to start one."""
    with log.writing("keeper") as writer:
        writer.append(drafting(line(n)) for n in range(20))
    monkeypatch.setattr("events.log.auditing.sharing.processors", lambda: 2)
    monkeypatch.setattr("events.log.auditing.sharing.LONG", 10)
    monkeypatch.setattr(name, value)
    assert verify(log).ok
