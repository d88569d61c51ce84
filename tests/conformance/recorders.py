"""Our log as the recorders of the `eventsourcing` package: aggregate, application, tracking, process. Tests nothing.

An aggregate is a case, its version the id of a fact in it; a position in a foreign application that was dealt with is a
fact in a case of its own, in the same transaction. A nonce in each fact makes the same version twice a clash, as that
package wants it; to us it would be the same event again.
"""

from __future__ import annotations

import base64
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)

from events.errors import BadInput
from events.event import Draft, RecordedEvent
from events.log import Log, open_log

TRACKING = "tracking:"
_HEAD = (
    "SELECT e.event_id FROM event e JOIN cases c ON c.id = e.case_id WHERE c.name = ?"
    " ORDER BY e.case_position DESC LIMIT 1"
)


class Own:
    """A thread's own log, given back as the thread ends: no other thread may close SQLite's."""

    def __init__(self, db: str) -> None:
        self.log = open_log(db, mode="write")

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):
            self.log.close()


class Recorder:
    """What the four have in common: a log, opened once a thread."""

    def __init__(self, db: str) -> None:
        self.db = db
        self._logs = threading.local()
        self._listeners: weakref.WeakSet[ListenNotifySubscription[Any]] = weakref.WeakSet()
        _ = self.log

    @property
    def log(self) -> Log:
        """Give this thread's own log."""
        if not hasattr(self._logs, "own"):
            self._logs.own = Own(self.db)
        own: Own = self._logs.own
        return own.log

    def shut(self) -> None:
        """Give this thread's log back; those of threads that are gone went with them."""
        self._logs.__dict__.clear()

    def record(self, stored: Sequence[StoredEvent], tracking: Tracking | None = None) -> list[int]:
        """Append events, and what was dealt with, in one transaction; gives the positions of the events."""
        drafts = [drafted(str(one.originator_id), f"v{one.originator_version}", told(one)) for one in stored]
        if tracking is not None:
            drafts.append(drafted(TRACKING + tracking.application_name, f"n{tracking.notification_id}", "done"))
        if not drafts:
            return []
        try:
            with self.log.writing("peer") as writer:
                if tracking and (self.tracked(tracking.application_name) or 0) >= tracking.notification_id:
                    raise IntegrityError(f"{tracking.notification_id} was dealt with")
                writer.append(drafts)
        except BadInput as bad:
            raise IntegrityError(str(bad)) from bad
        for listener in tuple(self._listeners):
            listener._has_been_notified.set()
        first = writer.outcome.first_position
        return list(range(first, first + len(stored)))

    def tracked(self, application: str) -> int | None:
        """Give the last position that was dealt with, None for none."""
        return next((int(name[1:]) for (name,) in self.log.rows(_HEAD, (TRACKING + application,))), None)

    def events_of(self, originator: UUID | str) -> Iterator[StoredEvent]:
        """Give the events of an aggregate by version."""
        found = [stored_of(event) for event in self.log.events(str(originator))]
        return iter(sorted(found, key=lambda one: one.originator_version))


def drafted(case: str, name: str, text: str) -> Draft:
    """Give a draft of a fact."""
    own = {"case": case, "id": name, "type": "fact", "data": {"text": text}}
    return Draft(own=own, case=case, id=name, type="fact", version=1, zone="", actor="peer", earliest=None, latest=None)


def told(event: StoredEvent) -> str:
    """Put topic and state into a text, with a nonce."""
    return f"{os.urandom(6).hex()} {base64.b64encode(event.state).decode()} {event.topic}"


def stored_of(event: RecordedEvent) -> StoredEvent:
    """Read it back."""
    _, state, topic = event.written["text"].split(" ", 2)
    return StoredEvent(
        originator_id=originator_of(event.case),
        originator_version=int(event.id[1:]),
        topic=topic,
        state=base64.b64decode(state),
    )


def originator_of(case: str) -> UUID | str:
    """Give the id of an aggregate as it was given."""
    try:
        return UUID(case)
    except ValueError:
        return case


class LogAggregateRecorder(Recorder, AggregateRecorder):
    """Aggregates alone: nobody asks for positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self.record(stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        wanted = [
            one
            for one in self.events_of(originator_id)
            if (gt is None or one.originator_version > gt) and (lte is None or one.originator_version <= lte)
        ]
        return (wanted[::-1] if desc else wanted)[:limit]


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """All events in the order of their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return self.record(stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 1 if start is None else start if inclusive_of_start else start + 1
        found: list[Notification] = []
        for event in self.log.all_events(first, stop):
            if len(found) == limit:
                break
            if event.case.startswith(TRACKING):
                continue
            one = stored_of(event)
            if not topics or one.topic in topics:
                found.append(
                    Notification(one.originator_id, one.originator_version, one.topic, one.state, id=event.position)
                )
        return found

    def max_notification_id(self) -> int | None:
        return self.log.head()[0] or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> ListenNotifySubscription[ApplicationRecorder]:
        subscription: ListenNotifySubscription[ApplicationRecorder] = ListenNotifySubscription(self, gt, topics)
        self._listeners.add(subscription)
        return subscription


class LogTrackingRecorder(Recorder, TrackingRecorder):
    """What was dealt with, alone."""

    def insert_tracking(self, tracking: Tracking) -> None:
        self.record([], tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.tracked(application_name)


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Both, in one transaction."""
