"""What an export takes, and what it leaves out: events in log order, omissions with their reasons. Knows no format."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, final

import msgspec

from events.event import RecordedEvent
from events.log import Log

LOG_CASE: Final = "casefold:log"
PRIVATE: Final = "private, and not asked for"
REDACTED: Final = "redacted in the log"
LOGS_OWN: Final = "an event of the log about itself"
WITHDRAWN: Final = "withdrawn"
AMENDMENT: Final = "an amendment, which the rows have in them"
ATTACHED: Final = "an attached file itself"
ATTACHMENT: Final = "attached:"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of which log: these cases (empty: all), up to a position, with `private` or without."""

    log: Log
    cases: tuple[str, ...] = ()
    upto: int = 0
    private: bool = False

    def events(self) -> Iterator[RecordedEvent]:
        """Give the events in log order, the log's own among them."""
        if not self.cases:
            yield from self.log.all_events(1, self.upto)
            return
        each = (self.log.events(case, upto=self.upto) for case in self.cases)
        yield from heapq.merge(*each, key=lambda event: event.position)

    def names(self) -> tuple[str, ...]:
        """Give the cases that are exported, by name where all are; the log's own is none of them."""
        there = tuple(row.name for row in self.log.cases() if row.first <= self.upto)
        return tuple(name for name in self.cases or there if name != LOG_CASE)


@final
class LeftOut:
    """What an export leaves out: counted by reason, and written down line by line where there is a file for it."""

    def __init__(self, out: BinaryIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._out = out

    def note(self, event: RecordedEvent, why: str, field: str = "") -> None:
        """Write down one omission: of a field, or of the whole event."""
        self.counts[why] += 1
        if self._out is not None:
            row: dict[str, Any] = {"case": event.case, "id": event.id, "position": event.position}
            self._out.write(msgspec.json.encode({**row, **({"field": field} if field else {}), "why": why}) + b"\n")

    def of(self, event: RecordedEvent, *, private: bool) -> None:
        """Write down which fields of an event do not leave."""
        if event.private and not private:
            self.note(event, PRIVATE, "private")
        for field in sorted(event.redacted):
            if private or field != "private":
                self.note(event, REDACTED, field)
        if event.type == "amend.correct" and event.id.startswith(ATTACHMENT):
            self.note(event, ATTACHED, "file")
