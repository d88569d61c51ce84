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


class Countdown:
    """Raises at the nth call that reaches the database, before it does anything; 0: never."""

    left = 0
    error: Callable[[], BaseException] = KeyboardInterrupt

    def call(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error()


class FaultyCursor(sqlite3.Cursor):
    """A cursor that asks the countdown first."""

    countdown: Countdown

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        self.countdown.call()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        self.countdown.call()
        return super().executemany(sql, parameters)


class FaultyConnection(sqlite3.Connection):
    """A connection that asks the countdown first."""

    countdown: Countdown

    def cursor(self, *_: Any) -> Any:
        made = FaultyCursor(self)
        made.countdown = self.countdown
        return made

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.countdown.call()
        return super().execute(sql, parameters)

    def commit(self) -> None:
        self.countdown.call()
        super().commit()


@pytest.fixture
def countdown(monkeypatch: pytest.MonkeyPatch) -> Countdown:
    """Put a countdown between Casefold and the database of every writer opened from now on."""
    made = Countdown()

    class Faulty(FaultyConnection):
        countdown = made

    monkeypatch.setattr(sqlite_room, "_open", partial(sqlite3.connect, factory=Faulty))
    return made


def load(log: Log, drafts: list[Draft]) -> None:
    with log.writing("keeper") as writer:
        writer.expect("a", log.case_head("a"))
        writer.append(drafts)
        writer.batch("a.jsonl")


def disk_fault() -> BaseException:
    return sqlite3.OperationalError("disk I/O error")


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
        assert at > 30
        assert (log.head()[0], log.batches()[-1].n, check(log)) == (before + 7, 2, ())


def test_a_disk_fault_is_said_in_one_line(db: str, countdown: Countdown, draft: Make) -> None:
    with open_log(db, mode="write") as log:
        load(log, [draft("a", "1")])
        for at in (2, 7, 11):
            countdown.left, countdown.error = at, disk_fault
            with pytest.raises(Unavailable, match="disk I/O error") as failed:
                load(log, [draft("a", "2")])
            assert "\n" not in str(failed.value)
            assert "INSERT" not in str(failed.value)
