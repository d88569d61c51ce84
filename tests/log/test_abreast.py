"""A slice goes in beside the reading of the next: a late clash, an early stop, a question between change nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from events.errors import Problem, Unavailable
from events.event import Draft
from events.log import Log
from events.log import append as append_room
from events.log.appending.abreast import Abreast, Later
from events.log.auditing.check import check
from events.log.on_postgres.writing import PostgresWriting
from events.log.on_sqlite.writing import SqliteWriting

Make = Callable[..., Draft]

pytestmark = pytest.mark.both
WRITERS: dict[str, type[Any]] = {"sqlite": SqliteWriting, "postgresql": PostgresWriting}


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append_room, "SLICE", 2)


@pytest.mark.parametrize("at", [0, 1, 2, 5, 8, 9])
def test_a_clash_takes_back_the_numbers_of_what_was_numbered_after_it(log: Log, draft: Make, at: int) -> None:
    aside: list[str] = []

    def refused(one: Draft, _problem: Problem) -> None:
        aside.append(one.id)

    drafts = [draft("ab"[n % 2], str(n), event_id=f"e{n}") for n in range(10)]
    drafts.insert(at + 1, draft(drafts[at].case, "other", event_id=drafts[at].id))
    with log.writing("keeper") as writer:
        writer.append(drafts, refused)
    assert aside == [f"e{at}"]
    assert (writer.outcome.appended, writer.outcome.refused) == (10, 1)
    assert [one.id for one in log.all_events()] == [f"e{n}" for n in range(10)]
    assert check(log) == ()


def test_a_new_type_in_a_slice_that_is_taken_back_is_written_once(log: Log, draft: Make) -> None:
    first = [draft("a", str(n), event_id=f"e{n}") for n in range(4)]
    second = [draft("a", "1", event_id="e1"), draft("a", "", event_id="d", kind="death"), draft("c", "x", event_id="x")]
    with log.writing("keeper") as writer:
        writer.append([*first, *second])
    assert (writer.outcome.appended, writer.outcome.already_there) == (6, 1)
    assert log.rows("SELECT id, name FROM event_types ORDER BY id") == [(1, "fact"), (2, "death")]
    assert check(log) == ()


def test_a_question_between_slices_sees_what_was_handed_over(log: Log, draft: Make) -> None:
    seen: list[int] = []
    with log.writing("keeper") as writer:

        def drafts() -> Iterator[Draft]:
            for n in range(6):
                ((count,),) = writer._rows("SELECT count(*) FROM event")
                seen.append(count)
                yield draft("a", str(n))

        writer.append(drafts())
    assert seen == [0, 0, 2, 2, 4, 4]


@pytest.mark.parametrize("where", ["between", "beginning"])
def test_an_interruption_ends_what_is_going_in_before_the_connection_is_closed(
    log: Log, draft: Make, database_kind: str, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    begun, go_on, order = threading.Event(), threading.Event(), []
    kind = WRITERS[database_kind]
    insert = kind.insert

    def slowly(self: Any, table: str, rows: list[tuple[object, ...]], *, abreast: bool = False) -> None:
        if table == "event":
            begun.set()
            assert go_on.wait(10)
        insert(self, table, rows, abreast=abreast)
        if table == "event":
            order.append(table)

    def interrupt(self: Any) -> None:
        order.append("interrupted")
        go_on.set()

    def begin(self: Abreast) -> None:
        self._thread.start()
        if where == "beginning":
            assert begun.wait(10)
            raise KeyboardInterrupt

    monkeypatch.setattr(kind, "insert", slowly)
    monkeypatch.setattr(kind, "interrupt", interrupt)
    monkeypatch.setattr(Abreast, "begin", begin)

    def drafts() -> Iterator[Draft]:
        yield draft("a", "1")
        yield draft("a", "2")
        assert begun.wait(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), log.writing("keeper") as writer:
        writer.append(drafts())
    assert order[:2] == ["interrupted", "event"]
    monkeypatch.undo()
    assert log.head() == (0, 0)


@pytest.mark.sqlite
def test_a_connection_is_not_closed_under_a_statement_that_runs(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None, check_same_thread=False)
    running, go_on, found = threading.Event(), threading.Event(), []

    def wait() -> int:
        running.set()
        return int(go_on.wait(10))

    connection.create_function("wait", 0, wait)
    writing = SqliteWriting(connection, lambda error: Unavailable(str(error)))
    asking = threading.Thread(target=lambda: found.extend(writing.rows("SELECT wait()")))
    closing = threading.Thread(target=writing.close)
    asking.start()
    assert running.wait(10)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    go_on.set()
    asking.join(10)
    closing.join(10)
    assert found == [(1,)]
    with pytest.raises(Unavailable, match="closed"):
        writing.rows("SELECT 1")


def test_what_the_other_thread_raises_is_raised_at_the_end() -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    running = Abreast(fail)
    running.stopped(fail)
    running.begin()
    with pytest.raises(KeyboardInterrupt):
        running.end()
    running.stopped(lambda: None)
    with pytest.raises(KeyboardInterrupt):
        Later(fail).end()
    Later(fail).stopped(fail)
