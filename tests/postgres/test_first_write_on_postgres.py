"""The first write in an empty database: there once it is committed, and nothing at all where it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from events.batches.into import load_into
from events.batches.replay import replay_into
from events.enter import enter
from events.errors import BadInput, CasefoldError, Preceded
from events.event import Draft
from events.log import Log, open_log
from events.log.opening import database_at, write_to
from tests.databases.attack import attacker

FACT = {"case": "a", "id": "one", "type": "fact", "data": {"text": "t"}}


def schemas(db: str) -> list[str]:
    with closing(attacker(db)) as connection:
        found = connection.execute("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'casefold%'").fetchall()
    return [name for (name,) in found]


def ids(db: str) -> list[str]:
    with open_log(db) as log:
        return [event.id for event in log.all_events()]


def refused(log: Log) -> None:
    enter(log, {**FACT, "when": "2023-02-30"})


@pytest.mark.parametrize(
    "write",
    [
        lambda db: write_to(db, refused),
        lambda db: write_to(db, lambda log: enter(log, FACT, expect=3)),
        lambda db: load_into(db, ["facts.jsonl", "none.jsonl"], opened=lambda _: None),
        lambda db: replay_into(db, "facts.jsonl"),
    ],
)
def test_a_first_write_that_is_refused_leaves_nothing(db: str, write: Callable[[str], Any]) -> None:
    Path("facts.jsonl").write_text(json.dumps(FACT) + "\n", "utf-8")
    with pytest.raises(CasefoldError):
        write(db)
    assert schemas(db) == []


def test_a_log_that_cannot_be_made_leaves_nothing(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.log.making._name_log", None)
    with pytest.raises(TypeError):
        open_log(db, mode="first")
    assert schemas(db) == []


def test_a_log_is_called_made_once_something_is_committed_to_it(db: str) -> None:
    with open_log(db, mode="first") as log:
        told = [log.created]
        enter(log, FACT)
        told.append(log.created)
        with suppress(BadInput):
            refused(log)
    assert (told, ids(db)) == ([False, True], ["one"])


def test_a_log_that_another_wrote_to_meanwhile_stays(db: str) -> None:
    def late(log: Log) -> None:
        write_to(db, lambda other: enter(other, FACT))
        refused(log)

    with pytest.raises(BadInput):
        write_to(db, late)
    assert ids(db) == ["one"]


def test_nothing_is_written_to_a_log_that_is_another_one_by_then(db: str, draft: Callable[..., Draft]) -> None:
    """Who had opened an empty log that was taken away, and made anew, would give his events the old one's origin."""
    with open_log(db, mode="first"):
        waiting = open_log(db, mode="write")
    assert schemas(db) == []
    with waiting:
        for _ in range(2):
            with pytest.raises(Preceded), waiting.writing("late") as writer:
                writer.append([draft("a", "late", event_id="late")])
            write_to(db, lambda log: enter(log, FACT))
    assert ids(db) == ["one"]


def test_a_schema_that_was_there_is_not_taken_away(db: str) -> None:
    with closing(attacker(db)) as connection:
        connection.execute("CREATE SCHEMA casefold")
    database = database_at(db)
    database.create()
    database.discard()
    assert schemas(db) == ["casefold"]
