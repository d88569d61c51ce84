"""What a report does not count and why: withdrawn, cut away, set aside, outside the account. Leaves out nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from events.event import RecordedEvent
from timeline.asking.words import plural
from timeline.case import family
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import NO_STANDING, facts, source_of, speaker_words, where_words
from timeline.reports.composing.shape import Cell, Column, Row, Section, Table
from timeline.reports.layout import summary

COLUMNS: Final = (
    Column("no.", 7, "number"),
    Column("why", 19),
    Column("what it says", 31),
    Column("who says so", 16),
    Column("standing", 10),
    Column("source", 17),
)
_FRAME: Final = frozenset({"case", "log", "amendments"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """The events that a report does not count, each with why, in log order within each reason."""

    rows: tuple[tuple[str, RecordedEvent], ...] = ()

    @property
    def words(self) -> str:
        """Count them by reason; empty for none."""
        reasons = dict.fromkeys(why for why, _ in self.rows)
        counted = ((why, sum(each == why for each, _ in self.rows)) for why in reasons)
        return "; ".join(f"{plural(count, 'event')} {why}" for why, count in counted)


def excluded(brief: Brief) -> Excluded:
    """Give what is not counted: withdrawn, not said by the date of the cut, set aside, outside the account."""
    timeline, counted = brief.timeline, {event.id for event in brief.hearing.counted}
    aside = set(brief.hearing.set_aside)
    withdrawn = sorted(timeline.amended.withdrawn.values(), key=lambda one: one.position)
    rows = [
        *(("withdrawn", event) for event in withdrawn if family(event) not in _FRAME),
        *(("not said by the date of the cut", event) for event in timeline.gone if family(event) not in _FRAME),
        *(("whose time is set aside, as others contradict it", one) for one in timeline.told if one.id in aside),
        *(
            ("outside the account asked for", event)
            for event in timeline.told
            if event.id not in counted and family(event) not in _FRAME
        ),
    ]
    return Excluded(rows=tuple(rows))


def left_out(brief: Brief) -> Section:
    """Give the section of what is not counted."""
    found = excluded(brief)
    table = Table(
        name="left-out",
        title="Left out of this report",
        columns=COLUMNS,
        rows=tuple(_row(brief, why, event) for why, event in found.rows),
        empty="Nothing: every event of the record is counted.",
    )
    data = [{"id": event.id, "type": event.type, "position": event.position, "why": why} for why, event in found.rows]
    return Section(name="left_out", title="Left out", blocks=(table,), data=data)


def _row(brief: Brief, why: str, event: RecordedEvent) -> Row:
    source = source_of(event)
    by = brief.timeline.amended.by.get(event.id, ())
    return Row(
        cells=(
            Cell(str(event.position)),
            Cell(why, f"by {', '.join(f'@{one}' for one in by)}" if why == "withdrawn" else ""),
            Cell(summary(event.type, event.written), f"@{event.id}"),
            Cell(speaker_words(source)),
            Cell(source.get("standing") or NO_STANDING),
            Cell(where_words(source)),
        ),
        id="" if event.id in brief.events else event.id,
        facts=facts(event.type, source, event.position),
    )
