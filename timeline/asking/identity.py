"""The lines that say two tellings are one happening, or two names one person. Checks them; appends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from events.errors import Fault
from events.event import RecordedEvent
from events.nearest import nearest
from timeline.case import CaseTimeline, family
from timeline.hearings.claims import read_id

_NO_HAPPENING: Final = frozenset({"claims", "amendments", "case", "log"})


def same_fields(timeline: CaseTimeline, ids: Sequence[str]) -> dict[str, Any]:
    """Give the own fields of a `claim.same` of these events: `case`, `type`, `data`; source and note are the caller's.

    Raises `Fault` where fewer than two different events are named, one is not in the case, or is no happening.
    """
    plain = list(dict.fromkeys(_known(timeline, one).id for one in ids))
    if len(plain) < 2:
        raise Fault(f"{' '.join(ids)} names {len(plain)} event", "name two different events that are one happening")
    return {"case": timeline.case, "type": "claim.same", "data": {"ids": plain}}


def alias_fields(timeline: CaseTimeline, name: str, means: str) -> dict[str, Any]:
    """Give the own fields of a `case.alias`: in this case `name` means the same as `means`.

    Raises `Fault` where a name is empty, or the two are one name already.
    """
    if not name.strip() or not means.strip():
        raise Fault("a name is empty", "write both names")
    if timeline.same_name(name) == timeline.same_name(means):
        raise Fault(f"{name!r} and {means!r} are one name already", "nothing needs to be written")
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
