"""What happened, in order, with bounds, standing and source. Leaves out amendments and case.* and decides nothing.

JSON: `{"view": "chronology", "events": [{"id", "type", "earliest", "latest", "when", "soft", "span", "data", "source",
"position"}]}`. `earliest` and `latest` are the network's bounds (a soft date's literal reading), null where open; those
of a span or an event of several reach from its start to its end. Undated events are the last, and in `undated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from events.dates.civil import instant_text
from events.event import RecordedEvent, find_type
from events.when import ANY, EARLIEST, LATEST, Bound, Part
from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, family
from timeline.hearings.account import Account
from timeline.hearings.constrain import nodes_of
from timeline.hearings.hearing import Hearing
from timeline.views import view

Rank: TypeAlias = tuple[int, int, str]
Place: TypeAlias = tuple[int, int, Rank, str, dict[str, Any]]
_BEFORE: Final = EARLIEST - 1
_AFTER: Final = LATEST + 1
_UNDATED: Final = LATEST + 2


@view("chronology", asks="what happened, in order, with bounds, standing and source")
def chronology(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:  # noqa: ARG001
    """Give every event that counts, in the one order that chronologies have (DESIGN 8)."""
    hearing = timeline.hear(account)
    placed = sorted(_placed(hearing))
    ids = tuple([one for _, _, _, one, _ in placed])
    undated = tuple([one for at, _, _, one, row in placed if at == _UNDATED and row["earliest"] is None])
    values = {"events": [row for _, _, _, _, row in placed]}
    text = words.plural(len(ids), "event") + (f", {len(undated)} of them undated" if undated else "")
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, f"the record tells of {text}", ids, undated=undated),
        tight=not any(one.loose for one in hearing.statements.values()),
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=hearing.assumes,
    )


def _placed(hearing: Hearing) -> list[Place]:
    """Give the row of every event that is told of, each after its place, in log order.

    The place is its earliest (open first), latest (open last), type and id; undated events are the last. Each row is
    made at once, while its event is at hand: in log order events lie side by side in memory, sorted they do not.
    """
    timeline, statements, axis = hearing.timeline, hearing.statements, hearing.network.bounds()
    ranks, placed = _ranks(hearing.counted), list[Place]()
    for event in hearing.counted:
        if event.type in ranks:
            start, first, last, end = nodes_of(timeline, event.id)
            soft = statements[event.id].soft
            bound = shown(hearing, event, axis) if soft or start != end else axis.get(start, ANY)
            lo, hi = bound.lo, bound.hi
            row = {
                "id": event.id,
                "type": event.type,
                "earliest": None if lo is None else instant_text(lo),
                "latest": None if hi is None else instant_text(hi),
                "when": event.when,
                "soft": soft,
                "span": start != first or last != end,
                "data": {**event.written},
                "source": event.source.given,
                "position": event.position,
            }
            if event.until:
                row["until"] = event.until
            begins = lo if lo is not None else _UNDATED if hi is None else _BEFORE
            placed.append((begins, _AFTER if hi is None else hi, ranks[event.type], event.id, row))
    return placed


def _ranks(events: Iterable[RecordedEvent]) -> Mapping[str, Rank]:
    """Give the place among events of one time of each type that is told of."""
    kinds = {event.type: event for event in events}
    found = ((kind, find_type(kind)) for kind, event in kinds.items() if _belongs(event))
    return {kind: known.rank if known else (2, 0, kind) for kind, known in found}


def shown(hearing: Hearing, event: RecordedEvent, axis: Mapping[str, Bound]) -> Bound:
    """Give the bounds an event is shown and sorted by: the network's, within them a soft date's literal reading.

    `axis` are the network's bounds of all instants.
    """
    start, _, _, end = nodes_of(hearing.timeline, event.id)
    bound = axis.get(start, ANY)
    if start != end:
        bound = Bound(bound.lo, axis.get(end, ANY).hi)
    if not hearing.statements[event.id].soft or event.id in hearing.set_aside:
        return bound
    for part in hearing.when_of(event.id).parts:
        narrowed = bound.meet(_literal(hearing, part)) if part.soft else bound
        bound = bound if narrowed.empty else narrowed
    return bound


def _literal(hearing: Hearing, part: Part) -> Bound:
    if part.anchor is None or part.literal == ANY:
        return part.literal
    if part.anchor.id not in hearing.timeline.by_id:
        return ANY
    anchor = hearing.bound(hearing.node(part.anchor))
    lo = None if anchor.lo is None or part.literal.lo is None else anchor.lo + part.literal.lo
    return Bound(lo, None if anchor.hi is None or part.literal.hi is None else anchor.hi + part.literal.hi)


def _belongs(event: RecordedEvent) -> bool:
    return not event.type.startswith(("case.", "log.")) and family(event) != "amendments"
