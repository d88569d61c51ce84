"""An event as a row of a table: when, what, who says so, standing, source; in a zone's local time. Chooses no event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.event import RecordedEvent
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.shape import Cell, Column, Row
from timeline.reports.layout import summary
from timeline.reports.spans import span_words

EVENT_COLUMNS: Final = (
    Column("no.", 5, "number"),
    Column("when", 21),
    Column("what happened", 28),
    Column("who says so", 15),
    Column("standing", 11),
    Column("source", 20),
)
NO_STANDING: Final = "none given"


def event_row(brief: Brief, event: Mapping[str, Any]) -> Row:
    """Give one event of a chronology (its JSON) as a row under `EVENT_COLUMNS`."""
    source, own = event["source"], brief.timeline.by_id.get(event["id"])
    when = span_words(event["earliest"], event["latest"], brief.timeline.zone, soft=event["soft"], undated="undated")
    return Row(
        cells=(
            Cell(str(event["position"])),
            Cell(when, _own_words(event, when)),
            Cell(summary(event["type"], event["data"]), f"@{event['id']}"),
            Cell(speaker_words(source)),
            Cell(source.get("standing") or NO_STANDING),
            Cell(source.get("document") or source.get("doc", ""), source.get("locator", "")),
        ),
        id=event["id"],
        notes=_notes(source, own),
        facts=facts(event["type"], source, event["position"]),
    )


def facts(kind: str, source: Mapping[str, Any], position: int) -> dict[str, str]:
    """Give what a reader may filter the row of an event by."""
    return {
        "type": kind,
        "standing": source.get("standing") or NO_STANDING,
        "speaker": source.get("speaker") or "nobody named",
        "position": str(position),
    }


def speaker_words(source: Mapping[str, Any]) -> str:
    """Give who says so without the standing.

    >>> speaker_words({"speaker": "prosecutors", "via": "BBC News", "standing": "alleged"})
    'prosecutors, as reported by BBC News'
    """
    through = f", as reported by {source['via']}" if source.get("via") else ""
    return f"{source.get('speaker') or 'nobody named'}{through}"


def where_words(source: Mapping[str, Any]) -> str:
    """Give the document and the place in it.

    >>> where_words({"document": "Report", "locator": "page 3"}), where_words({})
    ('Report, page 3', '')
    """
    return ", ".join(part for part in (source.get("document") or source.get("doc", ""), source.get("locator")) if part)


def source_of(event: RecordedEvent) -> dict[str, str]:
    """Give an event's source as a chronology has it."""
    return event.source.given


def _own_words(event: Mapping[str, Any], shown: str) -> str:
    """Give the record's own words for the time, where they say more than the bounds do."""
    return unsaid(" until ".join(part for part in (event["when"], event.get("until", "")) if part), shown)


def unsaid(written: str, shown: str) -> str:
    """Give the words as written where they are not just what is shown; else nothing.

    >>> unsaid("2023-10-28T08:30", "2023-10-28 08:30"), unsaid("before 2024", "up to 2023-12-31")
    ('', 'before 2024')
    """
    return "" if written in (shown, shown.replace(" ", "T")) else written


def _notes(source: Mapping[str, Any], own: RecordedEvent | None) -> tuple[str, ...]:
    quote, reads = source.get("quote", ""), source.get("reads", "")
    said = (
        f"“{quote}”" if quote else "",
        f"“{reads}” is read as {own.spoken or own.when}" if reads and own and own.when else "",
        f"Note: {own.note}" if own and own.note else "",
        f"Redacted: {', '.join(sorted(own.redacted))}" if own and own.redacted else "",
    )
    return tuple(part for part in said if part)
