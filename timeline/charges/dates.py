"""Hearings with the dates they replaced, and deadlines. Reads no clock, and says not why a date moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeGuard, final

from events.event import RecordedEvent
from events.when import ANY
from timeline.answers import Truth
from timeline.asking import words
from timeline.asking.lines import row, tail, when_words
from timeline.case import said
from timeline.charges.today import Today, before, by_then
from timeline.counting.happenings import Moment
from timeline.hearings.claims import read_id
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing

Row = dict[str, Any]
MET, MAYBE_MET, MISSED = "met", "may have been met", "not met in time"
PASSED, MAYBE, OPEN, NO_DAY = "passed", "may have passed", "open", "no day to compare with"
_DAY: Final = {Truth.CERTAIN: PASSED, Truth.POSSIBLE: MAYBE, Truth.IMPOSSIBLE: OPEN}


# --- hearings --------------------------------------------------------------------------------------------------------


def hearings(
    hearing: Hearing, events: Sequence[RecordedEvent], charges: Charges, today: Today
) -> list[Row]:
    """Give each hearing: what it replaces, what replaced it, whether it stands; `charges` are all charges of the case.

    A date that is certainly before every charge is flagged.
    """
    known = {event.id: event for event in events}
    replaces = {event.id: one for event in events if (one := read_id(str(said(event, "replaces"))).id) in known}
    by: dict[str, list[RecordedEvent]] = {}
    for one, was in sorted(replaces.items()):
        by.setdefault(was, []).append(known[one])
    moved = Moved(known, replaces, by)
    return [_hearing(hearing, event, moved, _flags(event, charges), today) for event in events]


class Moved(NamedTuple):
    """The hearings by their ids, the one that each replaces, and those that replaced each."""

    known: Mapping[str, RecordedEvent]
    replaces: Mapping[str, str]
    by: Mapping[str, Sequence[RecordedEvent]]


def _hearing(hearing: Hearing, event: RecordedEvent, moved: Moved, flags: Sequence[str], today: Today) -> Row:
    made = row(hearing, event)
    newer = moved.by.get(event.id, ())
    by = [one.id for one in newer]
    was = [moved.known[one] for one in _chain(event.id, moved.replaces)]
    purpose, status = str(said(event, "purpose")), str(said(event, "status"))
    state = "superseded" if by else status or "status not stated"
    then = by_then(hearing, event, today) if today else None
    parts = [f"{purpose or 'hearing'} {_set(status)} {when_words(hearing, event)}", *_before_that(hearing, was)]
    line = ", ".join(parts) + _superseded(hearing, newer)
    notes = ["the date has passed and nothing says it was held"] * _silent(status, then, by)
    return {
        **made,
        "purpose": purpose,
        "status": status,
        "state": state,
        "by_then": then and str(then),
        "replaces": moved.replaces.get(event.id),
        "replaced_by": by,
        "before_that": [{"id": one.id, "written": one.when} for one in was],
        "flags": [*flags],
        "line": f"{'; '.join([line, *notes, *flags])} ({tail(hearing, event, made)})",
    }


def _chain(event_id: str, replaces: Mapping[str, str]) -> list[str]:
    """Give the hearings that one replaced, nearest first; a ring of them ends where it began."""
    found: dict[str, None] = {}
    while (event_id := replaces.get(event_id, "")) and event_id not in found:
        found[event_id] = None
    return [*found]


def _set(status: str) -> str:
    return {"held": "held on", "vacated": "taken off the calendar of", "": "dated"}.get(status, "set for")


def _before_that(hearing: Hearing, was: Sequence[RecordedEvent]) -> list[str]:
    return [f"before that {when_words(hearing, one)} (@{one.id})" for one in was]


def _superseded(hearing: Hearing, by: Sequence[RecordedEvent]) -> str:
    if not by:
        return ""
    return "; superseded: " + words.listed([f"now {when_words(hearing, one)} (@{one.id})" for one in by])


def _silent(status: str, then: Truth | None, by: Sequence[str]) -> bool:
    return then is Truth.CERTAIN and status == "scheduled" and not by


def _flags(event: RecordedEvent, charges: Charges) -> list[str]:
    if not charges.ids or not charges.all_after(event):
        return []
    return [f"flagged: before any charge of the record ({words.listed([f'@{one}' for one in charges.ids[:3]])})"]


@final
class Charges:
    """Charges, held against other events: by the earliest that any may have been, two by two where they are tied."""

    def __init__(self, hearing: Hearing, gaps: Gaps, ids: Sequence[str]) -> None:
        self.ids, self._hearing, self._gaps = ids, hearing, gaps
        self._own = hearing.network.bounds()
        starts = [hearing.nodes(one).start for one in ids]
        self._groups = {hearing.network.group(node) for node in starts}
        lows = [self._own.get(node, ANY).lo for node in starts]
        self._first = min(filter(_known, lows), default=None) if None not in lows else None

    def all_after(self, event: RecordedEvent) -> bool:
        """Whether an event lies before every one of them in every world."""
        end = self._hearing.nodes(event.id).end
        if self._hearing.network.group(end) in self._groups:
            return all((self._gaps.between(event.id, one).lo or 0) > 0 for one in self.ids)
        last = self._own.get(end, ANY).hi
        return not self.ids or (last is not None and self._first is not None and last < self._first)


def _known(end: int | None) -> TypeGuard[int]:
    return end is not None


# --- deadlines -------------------------------------------------------------------------------------------------------


def deadlines(hearing: Hearing, events: Sequence[RecordedEvent], today: Today) -> list[Row]:
    """Give each deadline with its state: met, passed, may have passed, open; of no day where none is asked.

    It is met by an event that names it in `causes` and certainly was at or before it.
    """
    answering: dict[str, list[RecordedEvent]] = {}
    for one in (each for each in hearing.counted if each.causes):
        for cause in {each.removeprefix("@") for each in one.causes}:
            answering.setdefault(cause, []).append(one)
    return [_deadline(hearing, event, answering.get(event.id, ()), today) for event in events]


def _deadline(hearing: Hearing, event: RecordedEvent, answering: Sequence[RecordedEvent], today: Today) -> Row:
    made = row(hearing, event)
    met = {one.id: _met(hearing, one, event, today) for one in answering}
    state = _state(hearing, event, set(met.values()), today)
    purpose, party = str(said(event, "purpose")), str(said(event, "party"))
    whose = f" of {party}" if party else ""
    by = f" by {words.listed([f'@{one}' for one in met])}" if met and state in (MET, MAYBE_MET, MISSED) else ""
    at = f" at {today.text}" if today and state in (PASSED, MAYBE, OPEN) else ""
    asked = "; ask --at DATE" if state == NO_DAY else ""
    line = f"deadline{whose}: {purpose or 'purpose not stated'}, {when_words(hearing, event)}: {state}{by}{at}{asked}"
    return {
        **made,
        "purpose": purpose,
        "party": party,
        "state": state,
        "met_by": sorted(met),
        "line": f"{line} ({tail(hearing, event, made)})",
    }


def _met(hearing: Hearing, one: RecordedEvent, event: RecordedEvent, today: Today) -> str:
    """Say whether an event met a deadline; one that may be later than the day asked about only may have."""
    if by_then(hearing, one, today) is Truth.IMPOSSIBLE:
        return ""
    nodes = hearing.nodes(one.id), hearing.nodes(event.id)
    found = before(hearing, Moment(nodes[0].end), Moment(nodes[1].end))
    if found is Truth.IMPOSSIBLE:
        return MISSED
    sure = found is Truth.CERTAIN and by_then(hearing, one, today) is Truth.CERTAIN
    return MET if sure else MAYBE_MET


def _state(hearing: Hearing, event: RecordedEvent, met: set[str], today: Today) -> str:
    for state in (MET, MAYBE_MET, MISSED):
        if state in met:
            return state
    if not today:
        return NO_DAY
    return _DAY[before(hearing, Moment(hearing.nodes(event.id).end), _just_before(hearing, today))]


def _just_before(hearing: Hearing, today: Today) -> Moment:
    """Give the last instant before the day's own: what is due then has not passed."""
    at = today.moment(hearing)
    return Moment(at.node, at.shift - 1)
