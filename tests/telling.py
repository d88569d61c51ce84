"""Recorded events from lines, as the log reads them back, with positions and times that never change. No log."""

from __future__ import annotations

from typing import Any

from events.codec import typed
from events.drafting import draft
from events.event import RecordedEvent
from events.source import Source


def recorded(*lines: dict[str, Any], zone: str = "", case: str = "c", start: int = 1) -> tuple[Any, ...]:
    """Make recorded events of lines; the zone of a `case.opened` among them is the case's."""
    opened = next((line["data"].get("zone", "") for line in lines if line.get("type") == "case.opened"), "")
    made = []
    for position, line in enumerate(lines, start):
        one = draft({"case": case, **line}, zone=zone, case_zone=lambda _: opened)
        data = one.own.get("data", {})
        made.append(
            RecordedEvent(
                position=position,
                case_position=position,
                recorded_at=position,
                case=case,
                id=one.id,
                type=one.type,
                version=one.version,
                when=line.get("when", ""),
                until=line.get("until", ""),
                zone=one.zone,
                earliest=one.earliest,
                latest=one.latest,
                written=data,
                facts=typed(one.type, one.version, data),
                source=Source(**line.get("source", {})),
                tags=tuple(line.get("tags", ())),
            )
        )
    return tuple(made)
