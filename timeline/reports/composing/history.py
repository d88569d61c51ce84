"""What became of the record: corrected, retracted, reinstated, redacted, cited, with reasons. Judges no amendment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.dates.civil import instant_text
from events.event import RecordedEvent
from timeline.hearings.amendments import target_of
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.shape import Cell, Column, Row, Section, Table

_COLUMNS: Final = (
    Column("no.", 7, "number"),
    Column("what was done", 24),
    Column("by whom, when", 24),
    Column("reason and authority", 26),
    Column("in force", 9),
    Column("what it says", 10),
)
_DONE: Final[Mapping[str, str]] = {
    "amend.correct": "corrected",
    "amend.retract": "retracted",
    "amend.reinstate": "reinstated",
    "amend.redact": "redacted",
    "amend.cite": "another source named",
}


def history(brief: Brief) -> Section:
    """Give every amendment of the record at the cut, whatever the account: they act for everybody."""
    amendments = [event for event in brief.timeline.events if event.type in _DONE]
    off = brief.timeline.amended.withdrawn
    table = Table(
        name="history",
        title="Amendments",
        columns=_COLUMNS,
        rows=tuple(_row(event, in_force=event.id not in off) for event in amendments),
        caption="Nothing is edited: an amendment is an event of its own, and what it amends stays in the log.",
        empty="Nothing was corrected, retracted, reinstated, redacted or cited anew.",
    )
    data = [_json(event, in_force=event.id not in off) for event in amendments]
    return Section(name="history", title="History of the record", blocks=(table,), data=data)


def _row(event: RecordedEvent, *, in_force: bool) -> Row:
    told, source = event.written, event.source
    who = event.actor or source.speaker or "nobody named"
    authority = f"on the authority of {told['authority']}" if told.get("authority") else ""
    return Row(
        cells=(
            Cell(str(event.position)),
            Cell(f"{_DONE[event.type]}: @{target_of(event)}", f"@{event.id}"),
            Cell(who, instant_text(event.recorded_at)),
            Cell(str(told.get("reason", "")) or "no reason given", authority),
            Cell("yes" if in_force else "no"),
            Cell(_what(event)),
        ),
        id=event.id,
    )


def _what(event: RecordedEvent) -> str:
    """Say what an amendment lays over its target."""
    told = event.written
    if event.type == "amend.correct":
        return "; ".join(_fields(told.get("set", {})))
    if event.type == "amend.redact":
        return f"erased: {', '.join(map(str, told.get('fields', ())))}"
    if event.type == "amend.cite":
        return f"{told.get('relation', '')}: {event.source.words}"
    return ""


def _fields(over: Mapping[str, Any], path: str = "") -> list[str]:
    said: list[str] = []
    for name, value in over.items():
        if isinstance(value, Mapping):
            said += _fields(value, f"{path}{name}.")
        else:
            said.append(f"{path}{name}: {'removed' if value is None else value}")
    return said


def _json(event: RecordedEvent, *, in_force: bool) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "position": event.position,
        "recorded_at": instant_text(event.recorded_at),
        "actor": event.actor,
        "target": target_of(event),
        "reason": str(event.written.get("reason", "")),
        "authority": str(event.written.get("authority", "")),
        "in_force": in_force,
    }
