"""The light check finds what was changed behind the log's back, and where."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check
from events.log.checkpoints import checkpoint, key_file, make_key
from tests.databases.attack import attacker, tamper

pytestmark = pytest.mark.both
FAKT = "CAST(replace(CAST(body AS TEXT), 'fact', 'fakt') AS BLOB)"


@pytest.fixture
def four(log: Log, draft: Callable[..., Draft]) -> Log:
    with log.writing("keeper", lambda: 10) as writer:
        writer.append([draft("a", "1"), draft("b", "1"), draft("a", "2"), draft("a", "3")])
    return log


def test_an_untouched_log_is_sound(four: Log) -> None:
    assert check(four) == ()


@pytest.mark.parametrize(
    ("statement", "position", "words"),
    [
        (f"UPDATE event SET body = {FAKT} WHERE position = 3", 3, "altered"),
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
    ("sqlite", "postgresql", "words"),
    [
        ("DROP TRIGGER event_next", "DROP TRIGGER event_next ON event", "the trigger event_next is gone"),
        (
            "CREATE TRIGGER mine BEFORE INSERT ON event BEGIN SELECT 1; END",
            "CREATE TRIGGER mine BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION never()",
            "the trigger mine is not Casefold's",
        ),
    ],
)
def test_missing_and_strange_triggers_are_named(
    db: str, four: Log, database_kind: str, sqlite: str, postgresql: str, words: str
) -> None:
    with closing(attacker(db)) as connection:
        connection.execute({"sqlite": sqlite, "postgresql": postgresql}[database_kind])
    assert words in str(check(four)[0])


@pytest.mark.sqlite
def test_a_copy_without_its_wal_is_behind_what_its_key_remembers(
    db: str, four: Log, draft: Callable[..., Draft], tmp_path: Path
) -> None:
    make_key(four, key_file(db))
    checkpoint(four, key_file(db))
    assert check(four) == ()
    copy = tmp_path / "copy" / "casefold.db"
    copy.parent.mkdir()
    four.close()
    copy.write_bytes(Path(db).read_bytes())
    with open_log(db, mode="write") as log, log.writing("keeper", lambda: 20) as writer:
        writer.append([draft("a", "4")])
    with open_log(db, mode="write") as log:
        checkpoint(log, key_file(db))
    for kept in Path(db).parent.glob("casefold.db.key*"):
        (copy.parent / kept.name).write_bytes(kept.read_bytes())
    with open_log(str(copy)) as log:
        (problem,) = check(log)
    assert str(problem).startswith("position 6: is missing: the last checkpoint signed with its key is of 6 events")
    assert "-wal" in problem.what


@pytest.mark.sqlite
def test_a_log_cut_off_before_its_own_checkpoint_is_found(db: str, four: Log) -> None:
    checkpoint(four, key_file(db))
    tamper(db, "DELETE FROM event WHERE position = 4")
    missing = [one.what for one in check(four) if one.field == "position 4"]
    assert any("a checkpoint that it holds is of 4 events" in what for what in missing)
