"""The chronology, and what has no date, as sections. Orders nothing anew: the order is the chronology's own."""

from __future__ import annotations

from timeline.asking.sentences import disputes
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import EVENT_COLUMNS, event_row
from timeline.reports.composing.shape import Section, Table, Words


def chronology(brief: Brief) -> Section:
    """Give every dated event that counts, in order."""
    dated = [event for event in brief.events.values() if event["id"] not in set(brief.told["undated"])]
    table = Table(
        name="chronology",
        title="Chronology",
        columns=EVENT_COLUMNS,
        rows=tuple(event_row(brief, event) for event in dated),
        empty="No event of the account is dated.",
        events=True,
    )
    words = Words(text=f"Local times are in {brief.zone}; rounded outwards to the minute.", tone="note")
    said = (Words(text=each, tone="disputed") for each in disputes(brief.hearing))
    return Section(name="chronology", title="Chronology", blocks=(words, *said, table), data=dated)


def undated(brief: Brief) -> Section:
    """Give the events without a date that bounds anything."""
    ids = set(brief.told["undated"])
    events = [each for each in brief.events.values() if each["id"] in ids and each["type"] != "document"]
    table = Table(
        name="undated",
        title="Undated",
        columns=EVENT_COLUMNS,
        rows=tuple(event_row(brief, event) for event in events),
        empty="No event of the account is undated.",
        events=True,
    )
    return Section(name="undated", title="Undated", blocks=(table,), data=events)
