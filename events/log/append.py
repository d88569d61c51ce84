"""The only INSERT of new events: one transaction, gapless positions, hashes, all or nothing. Reads no file, no text."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, final

from events.dates.zones import tzdata_version
from events.drafts.fast_lane import Stamp, Swift
from events.errors import Overtaken, Problem, Unavailable
from events.event import Draft
from events.log.appending.abreast import Abreast, Later
from events.log.appending.erased import Erased
from events.log.appending.heads import Head, Heads
from events.log.appending.numbering import TABLES, Drafts, Numbered, Numbering
from events.log.appending.places import Places
from events.log.appending.sift import Sift
from events.log.database import COLUMNS, Clash, Database, Row, Writing
from events.log.frame import Opening, opening_of
from events.log.tree import new_tiles
from events.log.uninterrupted import uninterrupted
from events.stopping import WRITTEN

SLICE: Final = 3_276
"""Drafts a savepoint: as many as one statement of SQLite takes (32,766 values), few enough to do again one by one."""
OPENED: Final = "case.opened"
PLANNED: Final = frozenset({"hearing", "deadline", "prescription"})
"""Types that speak of what is to come."""
SET_BACK: Final = Problem(
    what="this machine's clock stands before the time of the last event in the log, whose time was used",
    instead="set the clock",
)

_HEAD: Final = (
    "SELECT (SELECT max(position) FROM event), (SELECT recorded_at FROM event ORDER BY position DESC LIMIT 1),"
    " (SELECT max(id) FROM cases)"
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
    with database.writing() as writing:
        writer = Writer(writing, origin=origin, key=key, actor=actor, clock=clock, reserved=reserved)
        try:
            yield writer
            writer._finish()  # noqa: SLF001
        except BaseException:
            writer._stop()  # noqa: SLF001
            raise
        if writer.discarded:
            writing.rollback()
        else:
            with uninterrupted():
                writing.commit()
                if writer.outcome.appended:
                    WRITTEN.set(True)


@final
class Writer:
    """Appends drafts to the log inside one transaction; `outcome` says what it did once the transaction is over."""

    def __init__(
        self,
        writing: Writing,
        *,
        origin: str,
        key: bytes,
        actor: str,
        clock: Callable[[], int] | None,
        reserved: bool,
    ) -> None:
        self.outcome = Appended()
        self.discarded = False
        self._writing = writing
        self._flight: tuple[Abreast | Later, Numbered, Refused | None] | None = None
        self._actor = actor
        ((last, recorded, cases),) = self._rows(_HEAD)
        self._start, recorded = last or 0, recorded or 0
        self._batch_start = self._start
        self._batch = 0
        now = (clock or _now)()
        stamp = Stamp(origin, max(now, recorded), tzdata_version(), actor)
        self._now = stamp.recorded_at
        self._ahead: tuple[Problem, ...] = ()
        self._more_ahead = 0
        self._warnings = (SET_BACK,) if now < recorded else ()
        kinds = self._rows("SELECT name, version, id FROM event_types ORDER BY id")
        self._heads = Heads(self._rows, (cases or 0) + 1)
        types = {(name, version): number for name, version, number in kinds}
        self._numbering = Numbering(self._start, self._heads, types, stamp, key)
        self._openings: dict[str, Opening] = {}
        self._touched = _Distinct()
        self._erased = Erased()
        self._places = Places()
        self._sift = Sift(self._rows, start=self._start, key=key, places=self._places, reserved=reserved)

    def case_zone(self, case: str) -> str:
        """Give the zone of the case, from its `case.opened` in the log or earlier in this batch; empty where none."""
        return self._opening(case).zone

    def case_words(self, case: str) -> Mapping[str, str]:
        """Give the case's words for times of day, from its `case.opened` in the log or earlier in this batch."""
        return self._opening(case).words

    @property
    def reads_as(self) -> dict[str, Any]:
        """What drafting asks of a case to read its dates, by the name of the argument."""
        return {"case_zone": self.case_zone, "case_words": self.case_words, "case_about": self.case_about}

    def case_about(self, case: str) -> Collection[str]:
        """Give the precisions for which the case says how wide "about" is, as `case_words` its words."""
        return self._opening(case).about

    def _opening(self, case: str) -> Opening:
        if case not in self._openings:
            if len(self._openings) >= 100_000:
                self._openings.clear()
            self._openings[case] = opening_of(self._rows, case)
        return self._openings[case]

    def expect(self, case: str, events: int) -> None:
        """Go on only if the case has exactly so many events; raises `Overtaken`."""
        there = self._heads.one(case).count
        if there != events:
            raise Overtaken(
                f"case {case} has {there} event{'' if there == 1 else 's'}, not {events}: somebody wrote to it first;"
                f" look at it again, then expect {there}"
            )

    def case_head(self, case: str) -> int:
        """Give how many events the case has, those of this transaction that are numbered included."""
        return self._heads.one(case).count

    def append(self, drafts: Iterable[Draft | Swift], refused: Refused | None = None) -> None:
        """Append drafts in order; the same event again is counted, not appended.

        A draft that clashes with what is there raises `BadInput` naming both, or is handed to `refused` and left out.
        The iterable may itself ask `case_zone`: an event is known to it as soon as it has been handed over.
        """
        slice_: list[Draft | Swift] = []
        for draft in drafts:
            if draft.type == OPENED:
                self._note_opening(draft)
            if draft.earliest is not None and draft.earliest > self._now:
                self._note_ahead(draft)
            slice_.append(draft)
            if len(slice_) == SLICE:
                self._append_slice(slice_, refused)
                slice_ = []
        if slice_:
            self._append_slice(slice_, refused)
        self._land()

    def batch(self, name: str, sha256: str = "", map_sha256: str = "") -> None:
        """Write down what was read for the events appended since the last call; nothing where there are none."""
        first, last = self._batch_start + 1, self._numbering.position
        if last < first:
            return
        ((self._batch,),) = self._rows("SELECT coalesce(max(n), 0) + 1 FROM batch")
        at = self._numbering.stamp.recorded_at
        self._writing.insert("batch", [(self._batch, sha256, name, map_sha256, first, last, at, self._actor)])
        self._batch_start = last

    def keep(self, table: str, row: Row) -> bool:
        """Keep a row whose first column is its hash beside the events; False where it is there already."""
        key = COLUMNS[table][0]
        if self._rows(f"SELECT 1 FROM {table} WHERE {key} = ?", (row[0],)):
            return False
        self._writing.insert(table, [row])
        return True

    def erase(self, disclosures: Iterable[tuple[int, str]]) -> None:
        """Take values out of the log, by position and field: those that a redaction in this transaction names."""
        self._land()
        self._writing.erasing()
        for position, field in disclosures:
            self._rows("DELETE FROM disclosure WHERE position = ? AND field = ?", (position, field))

    def discard(self) -> None:
        """Take everything back at the end, but say what would have been done (a dry run)."""
        self.discarded = True

    def _finish(self) -> None:
        if gone := list(self._erased.placeholders(self._rows)):
            self.erase(gone)
        last = self._numbering.position
        appended = last - self._start
        self.outcome = Appended(
            appended=appended,
            already_there=self._sift.already_there,
            refused=self._sift.refused,
            cases=self._touched.count,
            first_position=self._start + 1 if appended else 0,
            last_position=last if appended else 0,
            batch=self._batch,
            warnings=(
                *self._warnings,
                *self._ahead_of_now(),
                *self._erased.standing(self._rows),
                *self._sift.warnings(),
            ),
        )

    def _stop(self) -> None:
        """End what is still being inserted, before the connection is closed."""
        if self._flight is not None:
            self._flight[0].stopped(self._writing.interrupt)

    def _append_slice(self, drafts: Drafts, refused: Refused | None) -> None:
        """Number a slice while the one before it is being inserted; when that one is in, begin to insert this one."""
        heads = self._heads.of({draft.case for draft in drafts})
        if self._sift.wanted(drafts, heads):
            self._land()
            self._append_sifted(drafts, heads, refused)
            return
        numbered = self._numbering.number(drafts, heads)
        if not self._land(numbered):
            self._append_slice(drafts, refused)
            return
        beside = len(drafts) == SLICE and self._writing.abreast
        insert = partial(self._insert, numbered, abreast=beside)
        flight = Abreast(insert) if beside else Later(insert)
        self._flight = (flight, numbered, refused)
        flight.begin()

    def _land(self, newer: Numbered | None = None) -> bool:
        """Wait until the slice on its way is in. Where an id of it is taken, it goes again with look-ups: False.

        What was numbered after it (`newer`) has then lost its numbers.
        """
        if self._flight is None:
            return True
        flight, numbered, refused = self._flight
        try:
            flight.end()
        except Clash:
            self._flight = None
            if newer is not None:
                self._numbering.take_back(newer)
            self._numbering.take_back(numbered)
            self._append_sifted(numbered.drafts, numbered.heads, refused)
            return False
        self._flight = None
        self._note(numbered)
        return True

    def _append_sifted(self, drafts: Drafts, heads: dict[str, Head], refused: Refused | None) -> None:
        numbered = self._numbering.number(self._sift.new_ones(drafts, heads, refused), heads)
        try:
            self._insert(numbered)
        except Clash as clash:
            raise Unavailable("an id is taken that no look-up finds; run `casefold db check`") from clash
        self._note(numbered)

    def _insert(self, numbered: Numbered, *, abreast: bool = False) -> None:
        if not numbered.drafts:
            return
        alone = len(numbered.drafts) == 1 and not any(numbered.rows[:2])
        with nullcontext() if alone else self._writing.savepoint():
            for table, rows in zip(TABLES, numbered.rows, strict=True):
                self._writing.insert(table, rows, abreast=abreast)
            leaves = [row[-1] for row in numbered.rows[2]]
            self._writing.insert("tile", new_tiles(self._writing.rows, numbered.first - 1, leaves))

    def _note(self, numbered: Numbered) -> None:
        """Keep in mind what is now in: cases, places, and events that were spoken of."""
        self._touched.add(numbered.heads)
        self._erased.note(numbered.drafts)
        self._places.add(range(numbered.first, numbered.first + len(numbered.drafts)), numbered.drafts)
        self._sift.note_mentions(numbered.drafts, numbered.heads)

    def _note_ahead(self, draft: Draft | Swift) -> None:
        if draft.type in PLANNED:
            return
        if self._ahead:
            self._more_ahead += 1
        else:
            what = "it lies in the future, by this machine's clock"
            self._ahead = (Problem(file=draft.file, line=draft.line, field="when", what=what),)

    def _ahead_of_now(self) -> Iterator[Problem]:
        more = f", and so do {self._more_ahead:,} more" if self._more_ahead else ""
        for first in self._ahead:
            yield replace(first, what=first.what + more, instead="check the year")

    def _note_opening(self, draft: Draft | Swift) -> None:
        data = draft.own.get("data")
        if isinstance(data, dict):
            self._openings[draft.case] = self._opening(draft.case).then(data)

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
        self._land()
        return self._writing.rows(sql, parameters)


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


def _now() -> int:
    return time.time_ns() // 1000
