"""What the peer's tests let through: our log passes the stricter ones, and each planted fault is found by one of them.

A writer that does not sync is a fault that no recorder's interface shows: tests/faults/test_power_loss plants that one.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest

pytest.importorskip("eventsourcing", reason="eventsourcing is missing; pip install -e '.[test]'")

import eventsourcing.tests.persistence as peer
from eventsourcing.persistence import Notification, StoredEvent

from tests.conformance import strict
from tests.conformance.recorders import LogApplicationRecorder


class Skips(LogApplicationRecorder):
    """A reader that leaves out a row while others write, as one that reads by a sequence does."""

    writing = 0

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self.writing += 1
        try:
            return super().insert_events(stored_events, **kwargs)
        finally:
            self.writing -= 1

    def select_notifications(self, *args: Any, **kwargs: Any) -> Sequence[Notification]:
        found = super().select_notifications(*args, **kwargs)
        return found[1:] if self.writing > 1 and len(found) > 1 else found


class Again(LogApplicationRecorder):
    """A position that is used twice: a batch that fails gives its positions to two."""

    last = 0

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        positions = super().insert_events(stored_events, **kwargs) or []
        self.last += 1
        return [position - (self.last > 9) for position in positions]


class Rewrites(LogApplicationRecorder):
    """History that changes: the triggers are gone, and an old event is put right in its row."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        done = super().insert_events(stored_events, **kwargs)
        with closing(sqlite3.connect(self.db, isolation_level=None, timeout=30)) as database:
            database.execute("DROP TRIGGER IF EXISTS disclosure_never_updated")
            database.execute(
                "UPDATE disclosure SET value = CAST(replace(CAST(value AS TEXT), 'first', 'wrong') AS BLOB)"
                " WHERE position = 1 AND (SELECT max(position) FROM event) > 10"
            )
        return done


class InPart(LogApplicationRecorder):
    """A batch that is committed event by event."""

    turn = threading.Lock()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        with self.turn:
            return [p for one in stored_events for p in super(InPart, self).insert_events([one], **kwargs) or ()]


MUTANTS = {
    Skips: "no_reader_skips",
    Again: "no_position_is_used_twice",
    Rewrites: "no_history_changes",
    InPart: "no_batch_in_part",
}


@contextmanager
def opened(kind: type[LogApplicationRecorder], db: str) -> Iterator[LogApplicationRecorder]:
    recorder = kind(db)
    try:
        yield recorder
    finally:
        recorder.shut()


@pytest.mark.both
@pytest.mark.parametrize("demand", strict.STRICT, ids=lambda one: one.__name__)
def test_our_log_does_what_is_demanded(db: str, demand: Callable[..., None]) -> None:
    with opened(LogApplicationRecorder, db) as recorder:
        demand(recorder)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_each_planted_fault_is_found(db: str, mutant: type[LogApplicationRecorder]) -> None:
    with opened(mutant, db) as recorder, pytest.raises(AssertionError):
        getattr(strict, MUTANTS[mutant])(recorder)


@pytest.mark.parametrize("mutant", [Skips, Again, Rewrites], ids=lambda one: one.__name__)
def test_the_peers_own_tests_let_it_through(db: str, mutant: type[LogApplicationRecorder]) -> None:
    with opened(mutant, db) as recorder:
        case = type("Peer", (peer.ApplicationRecorderTestCase,), {"create_recorder": lambda _: recorder})
        case("test_insert_select").debug()
