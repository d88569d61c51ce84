"""Events as they land, one line each: in words, or as JSON for scripts. Follows nothing itself."""

from __future__ import annotations

from typing import Any

from events.dates.civil import instant_text
from events.event import RecordedEvent
from events.leaf.line import line_of
from timeline.reports.escape import json_text, one_line
from timeline.reports.layout import source_words, summary


def words(event: RecordedEvent) -> str:
    """Give one event as a line: its position, case, id, when, what it says, and who says so."""
    line = line_of(event)
    what = summary(event.type, line.get("data", {}))
    who = source_words(line.get("source", {}))
    shown = (str(event.position), event.case, event.id, line.get("when", "") or "undated", what, who)
    return "  ".join(one_line(each) for each in shown if each)


def as_json(event: RecordedEvent, log: str) -> str:
    """Give one event as a line of JSON: as it is loaded (without `private`), and where and when it was recorded."""
    return json_text(followed_json(event, log), indent=None)


def followed_json(event: RecordedEvent, log: str) -> dict[str, Any]:
    """Give what a follower reads of an event; the stored bounds of its own dates in UTC, null where open."""
    return {
        "log": log,
        "position": event.position,
        "case_position": event.case_position,
        "recorded_at": instant_text(event.recorded_at),
        **line_of(event),
        "version": event.version,
        "earliest": None if event.earliest is None else instant_text(event.earliest),
        "latest": None if event.latest is None else instant_text(event.latest),
        "redacted": sorted(path for path in event.redacted if path != "private"),
    }
