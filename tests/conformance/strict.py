"""Stricter demands on an application recorder than its makers' tests have; each raises `AssertionError`. Knows no log.

They ask only what the recorder's interface offers, so that any store's recorder can be held to them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any
from uuid import uuid4

from eventsourcing.persistence import IntegrityError, StoredEvent

PAGE = 7
"""Notifications read at a time: few, so that a reader meets many ends."""


def stack(size: int, topic: str = "t", first: int = 1) -> list[StoredEvent]:
    """Make events of a new aggregate."""
    name = uuid4()
    return [StoredEvent(name, first + n, topic, f"{topic} {n}".encode()) for n in range(size)]


def tail(recorder: Any, done: Event) -> list[Any]:
    """Read on from the last position that was seen, as a subscriber does, until nothing comes after `done`."""
    seen: list[Any] = []
    while True:
        over = done.is_set()
        page = recorder.select_notifications(seen[-1].id if seen else 0, PAGE, inclusive_of_start=False)
        seen += page
        if over and not page:
            return seen


def no_reader_skips(recorder: Any, writers: int = 4, batches: int = 6) -> None:
    """Several writers, some of whose batches fail, and readers of the tail: each reads every event, once, in order."""

    def write(n: int) -> list[tuple[Any, int, int]]:
        chance, kept = random.Random(n), []
        for _ in range(batches):
            events = stack(chance.choice((1, 2, 9)), f"w{n}")
            if chance.random() < 0.3:
                with suppress(IntegrityError):
                    recorder.insert_events([*events, events[0]])
            positions = recorder.insert_events(events)
            pairs = zip(events, positions, strict=True)
            kept += [(one.originator_id, one.originator_version, position) for one, position in pairs]
        return kept

    done = Event()
    with ThreadPoolExecutor(writers + 2) as pool:
        readers = [pool.submit(tail, recorder, done) for _ in range(2)]
        written = [one for each in [pool.submit(write, n) for n in range(writers)] for one in each.result()]
        done.set()
        tails = [reader.result() for reader in readers]
    wanted = sorted(written, key=lambda one: one[2])
    for seen in tails:
        assert [(one.originator_id, one.originator_version, one.id) for one in seen] == wanted, "a reader skipped"


def no_position_is_used_twice(recorder: Any, _unused: int = 0) -> None:
    """A position is given once, also after batches that failed, and is where its event is found."""
    given: dict[int, StoredEvent] = {}
    for n in range(12):
        events = stack(1 + n % 3, f"n{n}")
        if n % 3 == 0:
            with suppress(IntegrityError):
                recorder.insert_events([*events, *events])
        for one, position in zip(events, recorder.insert_events(events), strict=True):
            assert position not in given, f"position {position} is used twice"
            given[position] = one
    assert sorted(given) == list(range(1, len(given) + 1)), "there is a gap"
    for position, one in given.items():
        (found,) = recorder.select_notifications(position, 1)
        assert (found.id, found.originator_id, found.state) == (position, one.originator_id, one.state)


def no_history_changes(recorder: Any, _unused: int = 0) -> None:
    """What was read once reads the same ever after, by aggregate and by position, whatever is written since."""
    first = stack(5, "first")
    recorder.insert_events(first)
    before = recorder.select_notifications(1, 5)
    for n in range(8):
        recorder.insert_events(stack(2, f"later {n}"))
        with suppress(IntegrityError):
            recorder.insert_events([StoredEvent(first[0].originator_id, 1, "forged", b"forged")])
        assert recorder.select_events(first[0].originator_id) == first, "history changed"
        assert recorder.select_notifications(1, 5) == before, "history changed"


def no_batch_in_part(recorder: Any, _unused: int = 0) -> None:
    """A batch whose last event clashes leaves nothing, and no reader ever meets part of a batch."""
    taken = stack(1)
    recorder.insert_events(taken)
    for size in (2, 30):
        events = stack(size)
        with suppress(IntegrityError):
            recorder.insert_events([*events, *taken])
            raise AssertionError("a clash was taken")
        assert recorder.select_events(events[0].originator_id) == [], "part of a batch is there"
        assert recorder.max_notification_id() == 1, "part of a batch is there"
    done = Event()

    def write() -> None:
        for _ in range(8):
            recorder.insert_events(stack(25))
        done.set()

    def watch() -> list[int]:
        counts = []
        while not done.is_set():
            counts.append((recorder.max_notification_id() - 1) % 25)
        return counts

    with ThreadPoolExecutor(2) as pool:
        writing, watching = pool.submit(write), pool.submit(watch)
        writing.result()
        assert set(watching.result()) <= {0}, "a reader met part of a batch"


STRICT: Sequence[Callable[..., None]] = (
    no_reader_skips, no_position_is_used_twice, no_history_changes, no_batch_in_part,
)  # fmt: skip
