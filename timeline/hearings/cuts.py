"""The record as it stood at a cut written in words, and what arrived late. Reads no log: it cuts what was folded."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from events.errors import Fault
from events.event import RecordedEvent
from events.when_text import read_date, read_when
from timeline.case import CaseTimeline

ASSERTED: Final = ("asserted:", "asserted by ", "asserted ")
"""What stands before a date that cuts by the sources' own dates."""
INSTEAD: Final = "write a position, an instant, a date or asserted:DATE"


class Lag(NamedTuple):
    """How long after a source's date the log learned of it: microseconds, and whose date (`asserted` or `occurred`)."""

    micros: int
    since: str


def cut_at(timeline: CaseTimeline, text: str) -> CaseTimeline:
    """Cut a case: all digits a position, `asserted:DATE` the sources' dates, else recorded time to its end (UTC).

    Raises `Fault` where the text is none of them.
    """
    plain = " ".join(text.split())
    if plain.isascii() and plain.isdigit():
        return timeline.upto(int(plain))
    for word in ASSERTED:
        if plain.startswith(word):
            return timeline.asserted_by(plain.removeprefix(word).strip())
    try:
        end = read_date(plain, zone="UTC").outer.hi
    except Fault as fault:
        raise Fault(f"{text!r} is no cut: {fault.what}", INSTEAD) from None
    if end is None:
        raise Fault(f"the cut {text!r} has no end", INSTEAD)
    return replace(timeline, events=tuple(event for event in timeline.events if event.recorded_at <= end))


def lag(timeline: CaseTimeline, event: RecordedEvent) -> Lag | None:
    """Give how long after it was said, else after it happened, an event was recorded; None where nobody says when."""
    said = _asserted(timeline, event)
    if said is not None:
        return Lag(event.recorded_at - said, "asserted")
    return None if event.latest is None else Lag(event.recorded_at - event.latest, "occurred")


def _asserted(timeline: CaseTimeline, event: RecordedEvent) -> int | None:
    if not event.source.asserted:
        return None
    try:
        return read_when(event.source.asserted, zone=timeline.zone_of(event) or "UTC").own.hi
    except Fault:
        return None
