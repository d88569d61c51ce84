"""The light check finds what was changed behind the log's back, and where."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from events.event import Draft
from events.log import Log
from events.log.auditing.check import check


@pytest.fixture
def four(log: Log, draft: Callable[..., Draft]) -> Log:
    with log.writing("keeper", lambda: 10) as writer:
        writer.append([draft("a", "1"), draft("b", "1"), draft("a", "2"), draft("a", "3")])
    return log


def tamper(db: str, *statements: str) -> None:
    """Change the file as somebody may who has it: without the triggers, which are then put back as they were."""
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        kept = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in kept:
            connection.execute(sql)


def test_an_untouched_log_is_sound(four: Log) -> None:
    assert check(four) == ()


@pytest.mark.parametrize(
    ("statement", "position", "words"),
    [
        ("UPDATE event SET body = replace(body, 'fact', 'fakt') WHERE position = 3", 3, "altered"),
        ("UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 2", 2, "altered"),
        ("UPDATE event SET earliest = 5 WHERE position = 1", 1, "its earliest stands as 5"),
        ("UPDATE event SET recorded_at = 9 WHERE position = 3", 3, "before the event in front"),
        ("UPDATE event SET event_id = 'forged' WHERE position = 4", 4, "its id stands as 'forged'"),
        ("UPDATE event SET case_id = 2, case_position = 2 WHERE position = 4", 4, "its case stands as 'b'"),
        ("DELETE FROM event WHERE position = 3", 3, "is missing"),
        ("DELETE FROM event WHERE position = 1", 1, "is missing"),
        ("UPDATE event SET case_position = 7 WHERE position = 4", 4, "has case position 7, not 3"),
        ("UPDATE event SET body = x'ff' WHERE position = 4", 4, "cannot be read"),
    ],
)
def test_what_was_changed_is_named(db: str, four: Log, statement: str, position: int, words: str) -> None:
    tamper(db, statement)
    found = [str(problem) for problem in check(four)]
    assert [one for one in found if one.startswith(f"position {position}: ") and words in one], found


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER event_next", "the trigger event_next is gone"),
        ("CREATE TRIGGER mine BEFORE INSERT ON event BEGIN SELECT 1; END", "the trigger mine is not Casefold's"),
    ],
)
def test_missing_and_strange_triggers_are_named(db: str, four: Log, statement: str, words: str) -> None:
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(statement)
    assert words in str(check(four)[0])
