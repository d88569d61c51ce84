"""Reading the log back: events of a case, all events, cases, batches, heads. Cannot write, and folds nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, final

import msgspec

from events.errors import Problem, Unavailable
from events.log.damage import FAILURES, damaged
from events.log.database import Database, Reading, Row, Writing
from events.log.following import follow
from events.log.frame import opening_of
from events.log.uninterrupted import uninterrupted
from events.stopping import WRITTEN

if TYPE_CHECKING:
    from events.event import RecordedEvent
    from events.log.append import Writer

__all__ = ["BatchRow", "CaseRow", "Log", "Stats", "follow"]

CHUNK = 500
"""Positions read at a time, few enough for a processor's cache; no snapshot is held longer than one chunk takes."""
NAMED = 500
"""Ids that are asked for at a time."""

_CASE_ROWS = (
    "SELECT e.position, e.body FROM event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.name = ? AND e.position <= ? ORDER BY e.case_position"
)
_CASE_DISCLOSURES = (
    "SELECT d.position, d.field, d.value FROM event e JOIN cases c ON c.id = e.case_id"
    " JOIN disclosure d ON d.position = e.position WHERE c.name = ? AND e.position <= ?"
)
_ROWS = "SELECT position, body FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
_DISCLOSURES = "SELECT position, field, value FROM disclosure WHERE position BETWEEN ? AND ?"
_ONE = "SELECT e.position, e.body FROM event e JOIN cases c ON c.id = e.case_id WHERE c.name = ? AND e.event_id = ?"
_NAMED = (
    "SELECT e.position, e.body FROM event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.name = ? AND e.event_id IN ({marks})"
)
_NAMED_DISCLOSURES = (
    "SELECT d.position, d.field, d.value FROM event e JOIN cases c ON c.id = e.case_id"
    " JOIN disclosure d ON d.position = e.position WHERE c.name = ? AND e.event_id IN ({marks})"
)
_CASES = (
    "SELECT c.name, l.case_position, f.position, l.position, f.recorded_at, l.recorded_at FROM cases c"
    " JOIN event f ON f.case_id = c.id AND f.case_position = 1"
    " JOIN event l ON l.case_id = c.id"
    " AND l.case_position = (SELECT max(case_position) FROM event WHERE case_id = c.id) ORDER BY c.name"
)
_HEAD = "SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1"
_TOUCHED = (
    "SELECT c.name FROM cases c WHERE c.id IN (SELECT DISTINCT case_id FROM event WHERE position >= ?)"
    " ORDER BY c.id LIMIT ?"
)
_BATCHES = 'SELECT n, name, sha256, map_sha256, "first", "last", loaded_at, actor FROM batch ORDER BY n'
_END = 2**62


@final
@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as listed: its name, how many events, positions of the first and last, and when those were recorded."""

    name: str
    events: int
    first: int
    last: int
    first_recorded: int
    last_recorded: int


@final
@dataclass(frozen=True, slots=True)
class BatchRow:
    """One load: what was read, and the closed range of positions it appended."""

    n: int
    name: str
    sha256: str
    map_sha256: str
    first: int
    last: int
    loaded_at: int
    actor: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The size of a log: counts, and events by type."""

    schema: str
    events: int
    cases: int
    batches: int
    disclosures: int
    types: tuple[tuple[str, int], ...]
    first_recorded: int
    last_recorded: int


@final
class Log:
    """An open log; a context manager. Every read sees committed events only, at one instant each.

    `origin` names the log, `key` makes content ids, `warnings` says what a careful user should know about the place it
    lies in.
    """

    def __init__(self, database: Database, *, writable: bool, created: bool, passing: bool = False) -> None:
        self.where = database.where
        self.address = database.address
        self._created = created
        self.database = database
        self._writable = writable
        self._passing = passing
        self._reading: Reading = database.reading()
        named = self._reading.rows("SELECT origin, key, created_at FROM log")
        if not named:
            self._reading.close()
            raise Unavailable(f"{self.where} was not created to the end; remove it and run the command again")
        self.origin: str = named[0][0]
        self.key: bytes = named[0][1]
        self.created_at: int = named[0][2]
        if not (isinstance(self.origin, str) and isinstance(self.key, bytes) and isinstance(self.created_at, int)):
            self._reading.close()
            raise self._not_ours("row 1 of the table log")
        if len(named) > 1:
            self._reading.close()
            raise self._not_ours("row 2 of the table log")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, FAILURES) and (row := damaged(self.rows)):
                raise self._not_ours(row) from error
        finally:
            self.close()

    def _not_ours(self, row: str) -> Unavailable:
        return Unavailable(f"{self.where} holds what Casefold did not write: {row}; restore a backup")

    def close(self) -> None:
        """Give the log back; a rehearsal's log is gone then, and a first write's that was not committed."""
        self._reading.close()
        if self._writable:
            self.database.tidy()
        self.database.discard()
        if self._passing:
            self.database.remove()

    @property
    def created(self) -> bool:
        """Whether opening this log, or the first transaction in it, made it."""
        return self._created and not self.database.aside

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What a careful user should know about the place of the log."""
        return tuple(self.database.warnings)

    def writing(
        self, actor: str, clock: Callable[[], int] | None = None, *, reserved: bool = False
    ) -> AbstractContextManager[Writer]:
        """Open the one transaction in which events are appended: all of them, or none (see `events.log.append`).

        `clock` gives microseconds since 1970, UTC. `reserved` lets the log's own commands write to `casefold:log`.
        """
        from events.log.append import writing

        if not self._writable:
            raise Unavailable(f"{self.where} was opened for reading; open it for writing")
        return writing(self.database, origin=self.origin, key=self.key, actor=actor, clock=clock, reserved=reserved)

    @contextmanager
    def holding(self, *, keep: bool = True) -> Iterator[Writing]:
        """Hold the writer's lock, to write what no draft says, and commit at the end; nothing is left where it fails.

        Without `keep` nothing is left either way.
        """
        if not self._writable:
            raise Unavailable(f"{self.where} was opened for reading; open it for writing")
        with self.database.writing() as writing:
            yield writing
            if keep:
                with uninterrupted():
                    writing.commit()
                    WRITTEN.set(True)
            else:
                writing.rollback()

    def copy_to(self, file: str) -> None:
        """Copy the whole log, as it stands at one instant, into an empty file, while others may write."""
        self.database.copy_to(file)

    def scrub(self) -> bool:
        """Leave nothing of what was redacted in the files of the log; whether that could be done (a reader hinders)."""
        return self.database.scrub()

    @property
    def beyond(self) -> str:
        """What `scrub` cannot reach; empty where it reaches all that the database itself keeps."""
        return self.database.beyond

    def events(self, case: str, *, upto: int | None = None) -> Iterator[RecordedEvent]:
        """Give the events of a case in case order; only positions up to and including `upto`, where given."""
        asked = (case, _END if upto is None else upto)
        with self.snapshot():
            rows = self._reading.rows(_CASE_ROWS, asked)
            disclosures = self._reading.rows(_CASE_DISCLOSURES, asked)
        return _recorded(rows, disclosures)

    def all_events(self, start: int = 1, stop: int | None = None) -> Iterator[RecordedEvent]:
        """Give all events by position from `start` to `stop` (both included; all there are), in chunks, memory flat."""
        last = self.head()[0] if stop is None else stop
        while start <= last:
            asked = (start, min(start + CHUNK - 1, last))
            with self.snapshot():
                rows = self._reading.rows(_ROWS, asked)
                disclosures = self._reading.rows(_DISCLOSURES, asked)
            if not rows:
                raise Unavailable(f"position {start} of {self.where} is missing; run `casefold verify`")
            yield from _recorded(rows, disclosures)
            start += CHUNK

    def follow(self, position: int = 0, *, wait: bool = True) -> Iterator[RecordedEvent]:
        """Give the events after a position, and go on as they land (see `events.log.following.follow`)."""
        return follow(self, position, wait=wait)

    def event(self, case: str, event_id: str) -> RecordedEvent | None:
        """Give one event as recorded; None where the case has none of that id."""
        with self.snapshot():
            rows = self._reading.rows(_ONE, (case, event_id))
            disclosures = [
                row for position, _ in rows for row in self._reading.rows(_DISCLOSURES, (position, position))
            ]
        return next(_recorded(rows, disclosures), None)

    def events_named(self, case: str, ids: Iterable[str]) -> Iterator[RecordedEvent]:
        """Give those of a case's events that have one of these ids, in no order that means anything."""
        asked = list(ids)
        for start in range(0, len(asked), NAMED):
            some = asked[start : start + NAMED]
            marks = ", ".join("?" * len(some))
            with self.snapshot():
                rows = self._reading.rows(_NAMED.format(marks=marks), (case, *some))
                disclosures = self._reading.rows(_NAMED_DISCLOSURES.format(marks=marks), (case, *some))
            yield from _recorded(rows, disclosures)

    def cases(self) -> tuple[CaseRow, ...]:
        """Give every case by name."""
        return tuple(CaseRow(name, *map(int, numbers)) for name, *numbers in self._reading.rows(_CASES))

    def cases_since(self, position: int, limit: int) -> tuple[str, ...]:
        """Give the cases that have an event at or after a position, at most `limit` of them, oldest first."""
        return tuple(name for (name,) in self._reading.rows(_TOUCHED, (position, limit)))

    def has_case(self, case: str) -> bool:
        """Whether the log has any event of that case."""
        return self.case_head(case) > 0

    def case_head(self, case: str) -> int:
        """Give how many events the case has; 0 where there is no such case."""
        ((head,),) = self._reading.rows(
            "SELECT coalesce(max(case_position), 0) FROM event WHERE case_id = (SELECT id FROM cases WHERE name = ?)",
            (case,),
        )
        return int(head)

    def case_zone(self, case: str) -> str:
        """Give the zone of the case's `case.opened`, the last one that names one; empty where none does."""
        return opening_of(self._reading.rows, case).zone

    def case_words(self, case: str) -> Mapping[str, str]:
        """Give the case's table of words for times of day, from its `case.opened`; empty where it has none."""
        return opening_of(self._reading.rows, case).words

    def batches(self) -> tuple[BatchRow, ...]:
        """Give every load in order."""
        return tuple(
            BatchRow(n, str(name), sha256, map_sha256, int(first), int(last), int(at), str(actor))
            for n, name, sha256, map_sha256, first, last, at, actor in self._reading.rows(_BATCHES)
        )

    def head(self) -> tuple[int, int]:
        """Give the last position and when it was recorded; (0, 0) for an empty log."""
        return next(((int(position), int(at)) for position, at in self._reading.rows(_HEAD)), (0, 0))

    def recorded_before(self, instant: int) -> int:
        """Give the last position recorded at or before an instant (µs, UTC); 0 for none. Takes a few look-ups."""
        low, high = 0, self.head()[0]
        while low < high:
            middle = (low + high + 1) // 2
            ((at,),) = self._reading.rows("SELECT recorded_at FROM event WHERE position = ?", (middle,))
            low, high = (middle, high) if at <= instant else (low, middle - 1)
        return low

    def stats(self) -> Stats:
        """Give the size of the log; counts by type read every row."""
        with self.snapshot():
            counts = [
                int(self._reading.rows(f"SELECT count(*) FROM {table}")[0][0])
                for table in ("event", "cases", "batch", "disclosure")
            ]
            types = self._reading.rows(
                "SELECT t.name, count(*) FROM event e JOIN event_types t ON t.id = e.type_id"
                " GROUP BY t.name ORDER BY 2 DESC, 1"
            )
            first = self._reading.rows("SELECT recorded_at FROM event WHERE position = 1")
            last = self.head()[1]
            ((schema,),) = self._reading.rows("SELECT version_num FROM alembic_version")
        events, cases, batches, disclosures = counts
        return Stats(
            schema=schema,
            events=events,
            cases=cases,
            batches=batches,
            disclosures=disclosures,
            types=tuple((str(name), int(count)) for name, count in types),
            first_recorded=int(first[0][0]) if first else 0,
            last_recorded=last,
        )

    def faults(self) -> Iterator[Problem]:
        """Give what the database itself can say is wrong with the log's place and guards."""
        return self.database.faults(self._reading)

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
        """Give all rows of one read-only query with `?` marks; for the checks of this room."""
        return self._reading.rows(sql, parameters)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one state of the log for several reads."""
        self._reading.begin()
        try:
            yield
        finally:
            self._reading.end()


def _recorded(rows: list[Row], disclosures: list[Row]) -> Iterator[RecordedEvent]:
    from events.codec import recorded

    values: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for position, field, value in disclosures:
        values[position][field] = msgspec.json.decode(value)
    nothing: dict[str, Any] = {}
    return (recorded(bytes(body), values.get(position, nothing)) for position, body in rows)
