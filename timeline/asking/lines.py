"""One event as a line of an answer: when, on whose word, since when, as amended, as disputed. Judges none of it.

Every row of the views that list events has these keys: `id`, `when` (the network's bounds) and `written` (the words),
`source`, `asserted` (bounds of the day its source said so), `recorded` (position and time in the log), `amended` (what
each amendment in force changed, with what was there before) and `positions` (who disputes, accepts or reserves it).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from events.dates.civil import instant_text
from events.errors import Fault
from events.event import RecordedEvent
from events.source import Source
from events.when import ANY, Bound
from events.when_text import read_when
from timeline.answers import instants_json
from timeline.asking import words
from timeline.case import inherit
from timeline.hearings.amendments import amend, content, target_of
from timeline.hearings.hearing import Hearing
from timeline.hearings.positions import Position, disputed, positions

ROW: Final = ("id", "when", "written", "source", "asserted", "recorded", "amended", "positions")
"""The keys that every row has, before those of its view."""
_SOURCE: Final = ("speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads")


def row(hearing: Hearing, event: RecordedEvent) -> dict[str, Any]:
    """Give the keys that every row of an event has."""
    return {
        "id": event.id,
        "when": instants_json(bound_of(hearing, event)),
        "written": event.when if not event.until else f"from {event.when} to {event.until}",
        "source": {name: value for name in _SOURCE if (value := getattr(event.source, name))},
        "asserted": instants_json(asserted(hearing, event)),
        "recorded": {"position": event.position, "at": instant_text(event.recorded_at)},
        "amended": changes(hearing, event),
        "positions": [
            {"party": one.party, "stance": one.stance, "id": one.id}
            for one in _positions(hearing).get(event.id, ())
        ],
    }


def _positions(hearing: Hearing) -> Mapping[str, tuple[Position, ...]]:
    """Give what the parties say of each event, found out once for a hearing."""
    if "positions" not in hearing.known:
        found: dict[str, tuple[Position, ...]] = {}
        for one in positions(hearing.timeline):
            found[one.target] = (*found.get(one.target, ()), one)
        hearing.known["positions"] = found
    known: Mapping[str, tuple[Position, ...]] = hearing.known["positions"]
    return known


def known_name(hearing: Hearing, asked: str, names: Iterable[str], what: str) -> str:
    """Give an asked name as names are compared, empty for none. Raises `Fault` where it is none of the case's names."""
    same = hearing.timeline.same_name
    there = {same(name): name for name in names if name}
    folded = same(asked)
    if not folded or folded in there or not there:
        return folded
    near = get_close_matches(folded, there, n=1, cutoff=0.5)
    instead = f"did you mean {there[near[0]]!r}?" if near else f"write one of: {', '.join(sorted(there.values())[:8])}"
    raise Fault(f"{asked!r} is no {what} of case {hearing.timeline.case!r}", instead)


def rows_of(hearing: Hearing, *types: str) -> list[RecordedEvent]:
    """Give the counted events of these types by earliest (open last), latest, id."""
    told = [event for event in hearing.counted if event.type in types]
    return sorted(told, key=lambda event: _order(bound_of(hearing, event), event.id))


def withdrawn(hearing: Hearing, *types: str) -> list[RecordedEvent]:
    """Give the withdrawn events of these types that the account would hear, as first written, by id."""
    contested = disputed(hearing.timeline)
    gone = [one for one in hearing.timeline.amended.withdrawn.values() if one.type in types]
    sourced = inherit(gone, hearing.timeline.told)
    return sorted((one for one in sourced if _hears(hearing, one, contested)), key=lambda event: event.id)


def _hears(hearing: Hearing, event: RecordedEvent, contested: Container[str]) -> bool:
    return hearing.account.everybody or hearing.account.hears(event, contested)


def bound_of(hearing: Hearing, event: RecordedEvent) -> Bound:
    """Give the bounds of an event, from its start to its end; open for one that is not in the network."""
    if event.id not in hearing.statements:
        return Bound(event.earliest, event.latest)
    nodes = hearing.nodes(event.id)
    if nodes.single:
        return hearing.bound(nodes.start)
    return Bound(hearing.bound(nodes.start).lo, hearing.bound(nodes.end).hi)


def asserted(hearing: Hearing, event: RecordedEvent) -> Bound:
    """Give the bounds of the day on which the source said so; open where it is not known."""
    if not event.source.asserted:
        return ANY
    try:
        return read_when(event.source.asserted, zone=hearing.timeline.zone_of(event) or "UTC").own
    except Fault:
        return ANY


def _order(bound: Bound, event_id: str) -> tuple[object, ...]:
    return bound == ANY, bound.lo is None, bound.lo or 0, bound.hi is None, bound.hi or 0, event_id


# --- amendments ------------------------------------------------------------------------------------------------------


def changes(hearing: Hearing, event: RecordedEvent) -> list[dict[str, Any]]:
    """Give what each amendment in force did to an event: its reason, and each field as it was and as it is."""
    timeline = hearing.timeline
    acting = timeline.amended.by.get(event.id, ())
    if not acting:
        return []
    told = _related(timeline.events, event.id)
    found, before = [], _flat(content(told[0]))
    for n, one in enumerate(told[1:], 2):
        stands = next((each for each in amend(told[:n]).events if each.id == event.id), None)
        after = before if stands is None else _flat(content(stands))
        if one.id in acting:
            moved = [name for name in {**before, **after} if before.get(name) != after.get(name)]
            was = {name: before.get(name) for name in moved}
            now = {name: after.get(name) for name in moved}
            reason = str(one.written.get("reason", ""))
            found.append({"by": one.id, "type": one.type, "reason": reason, "was": was, "now": now})
        before = after
    return found


def _related(events: Iterable[RecordedEvent], event_id: str) -> list[RecordedEvent]:
    ids, found = {event_id}, []
    for event in events:
        if event.id == event_id or target_of(event) in ids:
            ids.add(event.id)
            found.append(event)
    return found


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in fields.items() if name not in ("data", "source")}
    for name in ("data", "source"):
        flat |= {f"{name}.{each}": value for each, value in fields.get(name, {}).items()}
    return flat


# --- words -----------------------------------------------------------------------------------------------------------


def who(source: Source) -> str:
    """Give who says so, always with a standing: `prosecutors, as reported by BBC News (alleged)`.

    >>> who(Source(speaker="police"))
    'police (no standing given)'
    """
    return source.words if source.standing else f"{source.words} (no standing given)"


def when_words(hearing: Hearing, event: RecordedEvent) -> str:
    """Give when an event was in words, in its zone: its bounds, else the words of the source, else `undated`."""
    bound = bound_of(hearing, event)
    if bound == ANY:
        return f"“{event.when}”, not bounded" if event.when and event.when != "unknown" else "undated"
    return words.instants(bound, hearing.zone(event.id))


def tail(hearing: Hearing, event: RecordedEvent, made: Mapping[str, Any], *, recorded: bool = False) -> str:
    """Give the end of a line: who says so, since when, what was there before, who disputes it; `made` is its row.

    With `recorded` it says when the log learned it, too.
    """
    said = f"; asserted {event.source.asserted}" if event.source.asserted else ""
    said += f"; recorded {made['recorded']['at']}" if recorded else ""
    was = [f"before @{one['by']} ({one['reason']}): {_was(one)}" for one in made["amended"] if one["was"]]
    stances = [f"{one['stance']} by {one['party']}" for one in made["positions"]]
    stances = [one.replace("disputes by", "disputed by").replace("accepts by", "accepted by") for one in stances]
    stances = [one.replace("reserves by", "reserved by") for one in stances]
    aside = ["its time is set aside"] if event.id in hearing.set_aside else []
    return "; ".join((f"{who(event.source)}{said}", *was, *stances, *aside))


def _was(change: Mapping[str, Any]) -> str:
    shown = (f"{name.removeprefix('data.')} {value}" for name, value in change["was"].items() if value is not None)
    return ", ".join(shown) or f"no {words.listed([name.removeprefix('data.') for name in change['now']])}"
