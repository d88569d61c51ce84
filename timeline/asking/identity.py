"""The lines that say two tellings are one happening, or two names one person. Checks them; appends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from events.errors import Fault
from events.event import RecordedEvent
from events.nearest import nearest
from timeline.asking.words import listed
from timeline.case import CaseTimeline, family
from timeline.counting.told import kind_of
from timeline.hearings.claims import read_id

_EACH: Final = (
    "they get one instant, but types differ and each is counted: retract one and enter it as what the other is, or"
    " retract the claim and write 'at @ID' as the time of one"
)
_NO_HAPPENING: Final = frozenset({"claims", "amendments", "case", "log"})


def same_fields(timeline: CaseTimeline, ids: Sequence[str]) -> dict[str, Any]:
    """Give the own fields of a `claim.same` of these events: `case`, `type`, `data`; source and note are the caller's.

    Raises `Fault` where fewer than two different events are named, one is not in the case, or is no happening.
    """
    plain = list(dict.fromkeys(_known(timeline, one).id for one in ids))
    if len(plain) < 2:
        raise Fault(f"{' '.join(ids)} names {len(plain)} event", "name two different events that are one happening")
    return {"case": timeline.case, "type": "claim.same", "data": {"ids": plain}}


def unlike(timeline: CaseTimeline, position: int) -> tuple[str, ...]:
    """Say of each `claim.same` which of its events are of different types, where it or one of them is new.

    New is what stands at that position or after it. Different administrations contradict the claim, which is told as
    any contradiction is.
    """
    said_one = [event for event in timeline.by_id.values() if event.type == "claim.same"]
    found = []
    for claim in sorted(said_one, key=lambda one: one.position):
        ids = dict.fromkeys(read_id(str(one)).id for one in claim.written["ids"])
        told = [timeline.by_id[one] for one in ids if one in timeline.by_id]
        new = any(event.position >= position for event in (claim, *told))
        if new and len({kind_of(event.type) for event in told}) > 1:
            named = listed([f"@{event.id} ({event.type})" for event in told])
            found.append(f"case {timeline.case}: @{claim.id} says that {named} are one happening; {_EACH}")
    return tuple(found)


def alias_fields(timeline: CaseTimeline, name: str, means: str) -> dict[str, Any]:
    """Give the own fields of a `case.alias`: in this case `name` means the same as `means`.

    Raises `Fault` where a name is empty.
    """
    if not name.strip() or not means.strip():
        raise Fault("a name is empty", "write both names")
    return {"case": timeline.case, "type": "case.alias", "data": {"name": name.strip(), "means": means.strip()}}


def _known(timeline: CaseTimeline, text: str) -> RecordedEvent:
    known = timeline.by_id
    plain = text.strip().removeprefix("@")
    event = known.get(plain) or known.get(read_id(text).id)
    if event is None and plain in timeline.amended.withdrawn:
        raise Fault(f"@{plain} was withdrawn", f"see `casefold history {timeline.case} {plain}`")
    if event is None:
        instead = nearest(plain, known, "see `casefold log` for the ids of the case")
        raise Fault(f"{plain!r} is no event of case {timeline.case!r}", instead)
    if family(event) in _NO_HAPPENING:
        raise Fault(f"@{event.id} is a {event.type}, no happening", "name events that tell of one happening")
    return event
