"""A recorded event as the line that says the same: what exports and merges write. Reads no log and checks nothing.

A value that was erased is written as `[redacted]`: a log that the line is loaded into erases that word where the
redaction comes in, too (see `events.log.appending.erased`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.event import RecordedEvent, find_type
from events.fields import kinds
from events.leaf.disclosure import without


def line_of(event: RecordedEvent, *, private: bool = False) -> dict[str, Any]:
    """Give the fields of an event's line (DESIGN 3), absent ones left out; `private` only where it is asked for.

    Loaded into a log of its own it gives the same leaf but for what that log gives: `log`, `position`, `prev`,
    `recorded_at` and the salted `_sd`. The id is always written, so that a content id stays what it was.
    """
    when, until = (event.spoken, "") if event.spoken else (event.when, event.until)
    fields: dict[str, Any] = {
        "case": event.case,
        "id": event.id,
        "type": event.type,
        "version": event.version if event.version != 1 else None,
        "when": when,
        "until": until,
        "zone": event.zone,
        "data": _loadable(event),
        "source": event.source.given,
        "tags": list(event.tags),
        "note": event.note,
        "private": event.private if private else "",
        "actor": event.actor,
        "causes": list(event.causes),
    }
    return {name: value for name, value in fields.items() if value or value == 0}


def _loadable(event: RecordedEvent) -> Mapping[str, Any]:
    """Give the data as written; without an erased value where its field could not say that it was erased."""
    data: Mapping[str, Any] = event.written
    for path in event.redacted:
        head, _, name = path.partition(".")
        if head == "data" and not _takes_words(event.type, name):
            data = without(data, name)
    return data


def _takes_words(type_name: str, name: str) -> bool:
    kind = find_type(type_name)
    shape = kinds(kind.facts).get(name) if kind is not None else None
    return shape is None or shape.name == "text"
