"""Many writers at once, some of whom give up: positions without gaps, and no reader that skips or sees half a batch."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check

WRITERS = 16
TURNS = 6

pytestmark = pytest.mark.both


class GivenUp(Exception):  # noqa: N818 (a writer's own decision)
    """A writer thinks better of it, its events already inserted."""


def write(url: str, name: str, draft: Callable[..., Draft], kept: list[str]) -> None:
    chance = random.Random(name)
    with open_log(url, mode="write") as log:
        for turn in range(TURNS):
            size = chance.choice((1, 1, 2, 5, 40))
            ids = [f"{name}-{turn}-{n}" for n in range(size)]
            with suppress(GivenUp), log.writing(name) as writer:
                writer.append([draft(chance.choice(("shared", name)), "x", event_id=one) for one in ids])
                writer.batch(f"{name} {turn}")
                if chance.random() < 0.3:
                    writer._land()
                    raise GivenUp
                kept += ids


class Reader(threading.Thread):
    """Asks again and again for what comes after the last event it has seen."""

    def __init__(self, url: str, done: threading.Event) -> None:
        super().__init__()
        self.url, self.done, self.seen = url, done, list[tuple[int, str]]()

    def run(self) -> None:
        with open_log(self.url) as log:
            last = False
            while not last:
                last = self.done.is_set()
                self.seen += [(one.position, one.id) for one in log.follow(len(self.seen), wait=False)]


def test_writers_that_give_up_leave_no_gap_and_no_reader_skips(db: str, log: Log, draft: Callable[..., Draft]) -> None:
    done = threading.Event()
    readers = [Reader(db, done) for _ in range(2)]
    kept: list[list[str]] = [[] for _ in range(WRITERS)]
    writers = [threading.Thread(target=write, args=(db, f"w{n}", draft, kept[n])) for n in range(WRITERS)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for reader in readers:
        reader.join()
    there = [(one.position, one.id) for one in log.all_events()]
    assert [position for position, _ in there] == list(range(1, len(there) + 1))
    assert sorted(name for _, name in there) == sorted(name for ids in kept for name in ids)
    for reader in readers:
        assert reader.seen == there
    assert check(log) == ()
    ends = [0, *(one.last for one in log.batches())]
    assert [one.first for one in log.batches()] == [end + 1 for end in ends[:-1]]
