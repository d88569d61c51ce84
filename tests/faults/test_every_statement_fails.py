"""A fault at each database call in turn: the log is as before or as after, never between, and works again at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Self

import pytest

from events.errors import Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log import append as append_room
from events.log.auditing.check import check
from events.log.on_sqlite import file as sqlite_room

Make = Callable[..., Draft]

pytestmark = pytest.mark.both


class Countdown:
    """Raises at the nth call that reaches the database, before it does anything; 0: never."""

    left = 0
    error: Callable[[], BaseException] = KeyboardInterrupt

    def __init__(self, disk: Callable[[], BaseException]) -> None:
        self.disk = disk

    def call(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.disk() if self.error is disk_fault else self.error()


def faulty_sqlite(countdown: Countdown) -> Any:
    """Give a way to open a SQLite file whose every call asks the countdown first."""

    class FaultyCursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> Self:
            countdown.call()
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
            countdown.call()
            return super().executemany(sql, parameters)

    class FaultyConnection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return FaultyCursor(self)

        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            countdown.call()
            return super().execute(sql, parameters)

        def commit(self) -> None:
            countdown.call()
            super().commit()

    return partial(sqlite3.connect, factory=FaultyConnection)


def faulty_postgres(countdown: Countdown) -> Any:
    """Give a way to connect to PostgreSQL whose every call asks the countdown first."""
    import psycopg

    class FaultyCursor(psycopg.Cursor[Any]):
        def execute(self, *given: Any, **more: Any) -> Self:
            countdown.call()
            return super().execute(*given, **more)

        def copy(self, *given: Any, **more: Any) -> Any:
            countdown.call()
            return super().copy(*given, **more)

    return partial(psycopg.Connection.connect, cursor_factory=FaultyCursor)


@pytest.fixture
def countdown(monkeypatch: pytest.MonkeyPatch, database_kind: str) -> Countdown:
    """Put a countdown between Casefold and the database of every writer opened from now on."""
    if database_kind == "sqlite":
        made = Countdown(lambda: sqlite3.OperationalError("disk I/O error"))
        monkeypatch.setattr(sqlite_room, "_open", faulty_sqlite(made))
        return made
    from psycopg.errors import IoError

    made = Countdown(lambda: IoError("the disk"))
    monkeypatch.setattr("psycopg.connect", faulty_postgres(made))
    return made


def load(log: Log, drafts: list[Draft]) -> None:
    with log.writing("keeper") as writer:
        writer.expect("a", log.case_head("a"))
        writer.append(drafts)
        writer.batch("a.jsonl")


def disk_fault() -> BaseException:
    """Stand for what the driver at hand raises when the disk fails."""
    raise NotImplementedError


@pytest.mark.parametrize("error", [disk_fault, KeyboardInterrupt, MemoryError])
def test_a_fault_at_any_call_leaves_the_log_whole(
    db: str, countdown: Countdown, draft: Make, error: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_room, "SLICE", 3)
    drafts = [draft("ab"[n % 2], str(n), line=n) for n in range(2, 10)]
    with open_log(db, mode="write") as log:
        load(log, [draft("a", str(n)) for n in range(4)])
        before = log.head()[0]
        for at in range(1, 200):
            countdown.left, countdown.error = at, error
            with suppress(Unavailable, KeyboardInterrupt, MemoryError):
                load(log, drafts)
            if countdown.left > 0:
                break
            countdown.left = 0
            assert log.head()[0] == before, f"torn by a fault at call {at}"
            assert log.batches()[-1].n == 1
        countdown.left = 0
        assert at > 20
        assert (log.head()[0], log.batches()[-1].n, check(log)) == (before + 7, 2, ())


def test_a_disk_fault_is_said_in_one_line(db: str, countdown: Countdown, draft: Make) -> None:
    with open_log(db, mode="write") as log:
        load(log, [draft("a", "1")])
        for at in (2, 7, 11):
            countdown.left, countdown.error = at, disk_fault
            with pytest.raises(Unavailable, match=r"disk I/O error|disk reports a fault") as failed:
                load(log, [draft("a", "2")])
            assert "\n" not in str(failed.value)
            assert "INSERT" not in str(failed.value)
