"""The only INSERT of events: one transaction, gapless positions, hashes, all or nothing. Reads no file and no text."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError, IntegrityError

from events import codec
from events.errors import Overtaken, Problem
from events.event import Draft
from events.log import schema
from events.log.database import Database, Row
from events.log.heads import Head, Heads
from events.log.places import Places
from events.log.read import zone_of
from events.log.sift import Sift
from events.zones import tzdata_version

if TYPE_CHECKING:
    from sqlalchemy import Connection

SLICE: Final = 4_000
"""Drafts a savepoint: enough to spread its cost, few enough to do again one by one."""
OPENED: Final = "case.opened"
SET_BACK: Final = Problem(
    what="this machine's clock stands before the time of the last event in the log, whose time was used",
    instead="set the clock",
)

Refused = Callable[[Draft, Problem], None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What one transaction did: events appended and already there, cases touched; position and batch 0 for none."""

    appended: int = 0
    already_there: int = 0
    refused: int = 0
    cases: int = 0
    first_position: int = 0
    last_position: int = 0
    batch: int = 0
    warnings: tuple[Problem, ...] = ()


@contextmanager
def writing(
    database: Database, *, origin: str, key: bytes, actor: str, clock: Callable[[], int] | None, reserved: bool
) -> Iterator[Writer]:
    """Hold the writer's lock and one transaction; commit on a clean exit, else leave the log as it was.

    Raises `Unavailable` where another program holds the lock for too long, or the disk fails.
    """
    try:
        with database.engine().connect() as connection:
            try:
                transaction = connection.begin()
                writer = Writer(
                    database, connection, origin=origin, key=key, actor=actor, clock=clock, reserved=reserved
                )
                yield writer
                writer._finish()  # noqa: SLF001
                if writer.discarded:
                    transaction.rollback()
                else:
                    with _uninterrupted():
                        transaction.commit()
            except BaseException:
                connection.invalidate()  # closing it takes back what a failed commit, too, may have left open
                raise
    except DBAPIError as error:
        raise database.unavailable(error.orig or error) from error


@final
class Writer:
    """Appends drafts to the log inside one transaction; `outcome` says what it did once the transaction is over."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        *,
        origin: str,
        key: bytes,
        actor: str,
        clock: Callable[[], int] | None,
        reserved: bool,
    ) -> None:
        self.outcome = Appended()
        self.discarded = False
        self._database = database
        self._connection = connection
        self._origin = origin
        self._key = key
        self._actor = actor
        last = self._rows("SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1")
        self._position, recorded = last[0] if last else (0, 0)
        now = (clock or _now)()
        self._now = max(now, recorded)
        self._warnings = (SET_BACK,) if now < recorded else ()
        self._start = self._position
        self._batch_start = self._position
        self._batch = 0
        self._tzdata = tzdata_version()
        self._heads = Heads(self._rows)
        self._types = {
            (name, version): number for number, name, version in self._rows("SELECT id, name, version FROM event_types")
        }
        self._zones: dict[str, str] = {}
        self._salts = _salts()
        self._touched = _Distinct()
        self._places = Places()
        self._sift = Sift(self._rows, start=self._start, key=key, places=self._places, reserved=reserved)

    def case_zone(self, case: str) -> str:
        """Give the zone of the case, from its `case.opened` in the log or earlier in this batch; empty where none."""
        if case not in self._zones:
            if len(self._zones) >= 100_000:
                self._zones.clear()
            self._zones[case] = zone_of(self._rows, case)
        return self._zones[case]

    def expect(self, case: str, events: int) -> None:
        """Go on only if the case has exactly so many events; raises `Overtaken`."""
        there = self._heads.one(case).count
        if there != events:
            raise Overtaken(
                f"case {case} has {there} events, not {events}: somebody wrote to it first;"
                f" look at it again, then expect {there}"
            )

    def append(self, drafts: Iterable[Draft], refused: Refused | None = None) -> None:
        """Append drafts in order; the same event again is counted, not appended.

        A draft that clashes with what is there raises `BadInput` naming both, or is handed to `refused` and left out.
        The iterable may itself ask `case_zone`: an event is known to it as soon as it has been handed over.
        """
        slice_: list[Draft] = []
        for draft in drafts:
            if draft.type == OPENED:
                self._note_zone(draft)
            slice_.append(draft)
            if len(slice_) == SLICE:
                self._append_slice(slice_, refused)
                slice_ = []
        if slice_:
            self._append_slice(slice_, refused)

    def batch(self, name: str, sha256: str = "", map_sha256: str = "") -> None:
        """Write down what was read for the events appended since the last call; nothing where there are none."""
        if self._position == self._batch_start:
            return
        ((self._batch,),) = self._rows("SELECT coalesce(max(n), 0) + 1 FROM batch")
        first, last = self._batch_start + 1, self._position
        row = (self._batch, sha256, name, map_sha256, first, last, self._now, self._actor)
        self._database.insert(self._connection, schema.batch, [row])
        self._batch_start = self._position

    def discard(self) -> None:
        """Take everything back at the end, but say what would have been done (a dry run)."""
        self.discarded = True

    def _finish(self) -> None:
        appended = self._position - self._start
        self.outcome = Appended(
            appended=appended,
            already_there=self._sift.already_there,
            refused=self._sift.refused,
            cases=self._touched.count,
            first_position=self._start + 1 if appended else 0,
            last_position=self._position if appended else 0,
            batch=self._batch,
            warnings=(*self._warnings, *self._sift.warnings()),
        )

    def _append_slice(self, drafts: list[Draft], refused: Refused | None) -> None:
        heads = self._heads.of({draft.case for draft in drafts})
        was = {name: (head.id, head.count, head.prev) for name, head in heads.items()}
        next_id, position, types = self._heads.next_id, self._position, len(self._types)
        sifted = self._sift.wanted(drafts, heads)
        if sifted:
            drafts = self._sift.new_ones(drafts, heads, refused)
        try:
            self._insert(drafts, heads)
        except IntegrityError as error:
            if sifted or not self._database.clash(error.orig or error):
                raise
            self._heads.restore(was, next_id)
            self._position = position
            self._types = dict(list(self._types.items())[:types])
            drafts = self._sift.new_ones(drafts, heads, refused)
            self._insert(drafts, heads)
        self._touched.add(heads)
        self._places.add(range(position + 1, self._position + 1), drafts)
        self._sift.note_mentions(drafts, heads)

    def _insert(self, drafts: Sequence[Draft], heads: dict[str, Head]) -> None:
        if not drafts:
            return
        with self._database.savepoint(self._connection):
            made = self._made(drafts, heads)
            for table, rows in made:
                self._database.insert(self._connection, table, rows)

    def _made(self, drafts: Sequence[Draft], heads: dict[str, Head]) -> tuple[tuple[Any, list[Row]], ...]:
        """Number, chain and hash the drafts; gives the rows to insert, by table, in the order the keys ask for."""
        leaf, content_id, key, origin, tzdata = codec.leaf, codec.content_id, self._key, self._origin, self._tzdata
        now, position, salt, types = self._now, self._position, self._salts.__next__, self._types
        actor = self._actor
        cases: list[Row] = []
        kinds: list[Row] = []
        events: list[Row] = []
        disclosures: list[Row] = []
        for draft in drafts:
            if actor and not draft.actor:
                draft = replace(draft, actor=actor)  # noqa: PLW2901
            head = heads[draft.case]
            if not head.id:
                head.id = self._heads.next_id
                self._heads.next_id += 1
                cases.append((head.id, draft.case))
            kind = types.get((draft.type, draft.version))
            if kind is None:
                kind = types[draft.type, draft.version] = len(types) + 1
                kinds.append((kind, draft.type, draft.version))
            event_id = draft.id or content_id(draft.own, key)
            position += 1
            head.count += 1
            made = leaf(
                draft, log=origin, position=position, case_position=head.count, prev=head.prev, event_id=event_id,
                recorded_at=now, tzdata=tzdata, salt=salt,
            )  # fmt: skip
            head.prev = made.leaf_hash
            events.append(
                (
                    position,
                    head.id,
                    head.count,
                    event_id,
                    kind,
                    draft.earliest,
                    draft.latest,
                    now,
                    made.body,
                    made.leaf_hash,
                )
            )
            for field, grain, value in made.disclosures:
                disclosures.append((position, field, grain, value))
        self._position = position
        return (
            (schema.cases, cases),
            (schema.event_types, kinds),
            (schema.event, events),
            (schema.disclosure, disclosures),
        )

    def _note_zone(self, draft: Draft) -> None:
        data = draft.own.get("data")
        zone = data.get("zone", "") if isinstance(data, dict) else ""
        if zone and isinstance(zone, str):
            self._zones[draft.case] = zone

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
        return self._database.rows(self._connection, sql, parameters)


@final
class _Distinct:
    """Counts the cases of one transaction: by the heads' row ids, so that names need not be kept."""

    def __init__(self) -> None:
        self._seen = bytearray()
        self.count = 0

    def add(self, heads: dict[str, Head]) -> None:
        seen = self._seen
        for head in heads.values():
            byte, bit = head.id >> 3, 1 << (head.id & 7)
            if head.id and byte >= len(seen):
                seen.extend(bytes(byte + 1 - len(seen)))
            if head.id and not seen[byte] & bit:
                seen[byte] |= bit
                self.count += 1


def _salts() -> Iterator[bytes]:
    """Give random salts of 128 bits without end; the system is asked for more at a time as more are used."""
    count = 8
    while True:
        many = os.urandom(16 * count)
        count = min(4096, 8 * count)
        for start in range(0, len(many), 16):
            yield many[start : start + 16]


def _now() -> int:
    return time.time_ns() // 1000


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let a commit that has begun end: an interruption that comes so late must not say that nothing was written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    was = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in was.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
