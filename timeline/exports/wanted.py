"""What an export takes, and what it leaves out: events in log order, omissions with their reasons. Knows no format."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final, final

import msgspec

from events.event import RecordedEvent
from events.log import Log
from timeline.case import CaseTimeline
from timeline.read import PLAIN, Asked

if TYPE_CHECKING:
    from timeline.exports.chosen import Part

LOG_CASE: Final = "casefold:log"
PRIVATE: Final = "private, and not asked for"
REDACTED: Final = "redacted in the log"
LOGS_OWN: Final = "an event of the log about itself"
WITHDRAWN: Final = "withdrawn"
AMENDMENT: Final = "an amendment, which the rows have in them"
NOT_CHOSEN: Final = "not of the account and the cut that were asked for"
CLOSED: Final = "a claim that the record is complete, which a part of it is not"
ATTACHED: Final = "an attached file itself"
ATTACHMENT: Final = "attached:"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of which log: these cases (empty: all), up to a position, with `private` or without.

    `parts` is what an account, or a cut by the sources' dates, takes of each case; empty takes all (`choosing`).
    """

    log: Log
    cases: tuple[str, ...] = ()
    upto: int = 0
    private: bool = False
    asked: Asked = PLAIN
    parts: Mapping[str, Part] = field(default_factory=dict)

    def events(self) -> Iterator[RecordedEvent]:
        """Give the events in log order, the log's own among them."""
        if not self.cases:
            yield from self.log.all_events(1, self.upto)
            return
        each = (self.log.events(case, upto=self.upto) for case in self.cases)
        yield from heapq.merge(*each, key=lambda event: event.position)

    def timeline(self, case: str) -> CaseTimeline:
        """Fold a case at the cut asked for."""
        asked = self.asked
        events = self.log.events(case, upto=self.upto)
        timeline = CaseTimeline.of(case, events, about=asked.about, on_conflict=asked.on_conflict)
        return timeline.asserted_by(asked.asserted_by) if asked.asserted_by else timeline

    def stays(self, event: RecordedEvent) -> str:
        """Say why an event stays behind, as the account or the cut does not have it; empty where it leaves."""
        part = self.parts.get(event.case) if self.parts else None
        if part is None or event.id in part.ids:
            return ""
        return CLOSED if event.id in part.counted else NOT_CHOSEN

    @property
    def along(self) -> int:
        """How many events come along only to date others."""
        return sum(len(part.along) for part in self.parts.values())

    def names(self) -> tuple[str, ...]:
        """Give the cases that are exported, by name where all are; the log's own is none of them."""
        there = tuple(row.name for row in self.log.cases() if row.first <= self.upto)
        return tuple(name for name in self.cases or there if name != LOG_CASE and self._takes(name))

    def _takes(self, case: str) -> bool:
        return not self.parts or bool(self.parts[case].ids)


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
        for name in sorted(event.redacted):
            if private or name != "private":
                self.note(event, REDACTED, name)
        if event.type == "amend.correct" and event.id.startswith(ATTACHMENT):
            self.note(event, ATTACHED, "file")
