"""The events of a case in the order they were recorded, and which of them are wanted. Asks no view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from events.dates.civil import instant_text
from events.errors import Fault
from events.event import RecordedEvent, type_named
from events.source import fold_name
from events.when import Bound
from events.when_text import read_date
from timeline.case import CaseTimeline, inherit
from timeline.hearings.account import EVERYBODY, Account
from timeline.hearings.amendments import Amended


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are listed; every field empty means all."""

    kinds: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    text: str = ""
    tags: tuple[str, ...] = ()

    def takes(self, event: RecordedEvent) -> bool:
        """Whether an event is wanted."""
        return (
            (not self.kinds or event.type in self.kinds)
            and (not self.said_by or fold_name(event.source.speaker) in {fold_name(one) for one in self.said_by})
            and (not self.tags or bool(set(self.tags) & set(event.tags)))
            and (not self.text or fold_name(self.text) in fold_name(_words(event)))
        )


def listed(
    timeline: CaseTimeline, wanted: Wanted, account: Account = EVERYBODY, *, since: str = "", until: str = ""
) -> list[dict[str, Any]]:
    """Give the wanted events that an account hears, in log order, as first written, with bounds as they stand there.

    Whether the account hears an event is decided by its source as it stands; of one that was withdrawn, as written.

    Where amendments in force changed, withdrew or brought back one, `amended_by` names them; `withdrawn` where so.

    `since` and `until` are dates in the case's zone (UTC without one): an event is kept where it can lie between them,
    by all that the case says of its time; one without any bound is left out then. Raises `Fault` for an unknown type.
    """
    for kind in wanted.kinds:
        type_named(kind)
    span = Bound(_end(timeline, "--since", since).lo, _end(timeline, "--until", until).hi)
    if span.empty:
        raise Fault(f"--since {since} lies after --until {until}", "write the earlier date as --since")
    hearing = timeline.hear(account)
    heard = frozenset(event.id for event in hearing.counted)
    rows = []
    amended = timeline.amended
    for event in inherit(timeline.events, timeline.told):
        kept = event.id in heard if event.id in timeline.by_id else account.hears(event)
        if kept and wanted.takes(event):
            gone = event.id in amended.withdrawn
            own = Bound(event.earliest, event.latest)
            dated = bool(timeline.by_id[event.id].when) if not gone else False
            bound = own if gone else hearing.bound(hearing.nodes(event.id).start) if dated else Bound()
            if span == Bound() or (bound != Bound() and not bound.meet(span).empty):
                rows.append(_row(event, bound) | _amended(amended, event.id))
    return rows


def _amended(amended: Amended, event_id: str) -> dict[str, Any]:
    """Say what the amendments in force do to an event; nothing where there are none."""
    by = amended.by.get(event_id, ())
    withdrawn = {"withdrawn": True} if event_id in amended.withdrawn else {}
    return ({"amended_by": list(by)} if by else {}) | withdrawn


def _end(timeline: CaseTimeline, option: str, text: str) -> Bound:
    if not text:
        return Bound()
    try:
        return read_date(text, zone=timeline.zone or "UTC").outer
    except Fault as fault:
        instead = "write a date such as 2023-10-28" if "@" in fault.instead else fault.instead
        raise Fault(f"{option}: {fault.what}", instead) from None


def _row(event: RecordedEvent, bound: Bound) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "position": event.position,
        "case_position": event.case_position,
        "recorded_at": instant_text(event.recorded_at),
        "actor": event.actor,
        "id": event.id,
        "type": event.type,
        "when": event.when,
        "until": event.until,
        "earliest": None if bound.lo is None else instant_text(bound.lo),
        "latest": None if bound.hi is None else instant_text(bound.hi),
        "data": dict(event.written),
        "source": event.source.given,
        "tags": list(event.tags),
        "note": event.note,
        "redacted": sorted(event.redacted),
    }
    optional = ("actor", "until", "tags", "note", "redacted")
    return {name: value for name, value in shown.items() if value or name not in optional}


def _words(event: RecordedEvent) -> str:
    said: Sequence[str] = (
        event.id,
        event.type,
        event.when,
        event.until,
        event.note,
        *event.tags,
        *_leaves(event.written),
    )
    return " ".join((*said, *event.source.given.values()))


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _leaves(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in _leaves(each)]
    return [str(value)]
