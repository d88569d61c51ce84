"""Who disputes, accepts or reserves what: the positions of parties as they stand. Decides nothing of who is right.

A position is an event of its own (`position`: target, stance, party). The latest of a party on a target stands: one
that was certainly taken before another of theirs is gone; where the dates leave that open, a dispute stands before a
reservation, and that before an acceptance, whatever the order of recording. It speaks for every account, as amendments
do: who is not listened to still disputes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final, Literal, final

from events.errors import Fault
from events.when import Bound
from events.when_text import read_when
from timeline.hearings.claims import read_id

if TYPE_CHECKING:
    from events.event import RecordedEvent
    from timeline.fold import Folded

Stance = Literal["disputes", "accepts", "reserves"]
NOBODY_NAMED: Final = "nobody named"
_CAUTION: Final = ("disputes", "reserves", "accepts")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a party says of an event, as it stands: the party as written, and the `position` event that says so."""

    id: str
    target: str
    party: str
    stance: Stance


def positions(timeline: Folded) -> tuple[Position, ...]:
    """Give each party's position on each target as it stands, by target and then party.

    The party of a position without one is its speaker; names are compared as the case compares them.
    """
    taken: dict[tuple[str, str], list[RecordedEvent]] = {}
    for event in timeline.told:
        if event.type == "position":
            taken.setdefault((_target(event), timeline.same_name(_party(event))), []).append(event)
    standing = (_position(_latest(timeline, events)) for _, events in sorted(taken.items()))
    return tuple(standing)


def disputed(timeline: Folded) -> Mapping[str, tuple[Position, ...]]:
    """Give the ids that some party disputes now, each with the positions that dispute it."""
    found: dict[str, tuple[Position, ...]] = {}
    for one in positions(timeline):
        if one.stance == "disputes":
            found[one.target] = (*found.get(one.target, ()), one)
    return found


def in_words(disputes: Iterable[Position]) -> str:
    """Give a sentence of the positions that dispute one event.

    >>> in_words([Position(id="p", target="shots", party="assistant", stance="disputes")])
    '@shots is disputed by assistant'
    """
    each = list(disputes)
    names = list(dict.fromkeys(one.party for one in each))
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"@{each[0].target} is disputed by {listed}"


def _position(event: RecordedEvent) -> Position:
    stance: Stance = event.written["stance"]
    return Position(id=event.id, target=_target(event), party=_party(event) or NOBODY_NAMED, stance=stance)


def _target(event: RecordedEvent) -> str:
    return read_id(str(event.written["target"])).id


def _party(event: RecordedEvent) -> str:
    return str(event.written.get("party", "")) or event.source.speaker


def _latest(timeline: Folded, events: list[RecordedEvent]) -> RecordedEvent:
    """Give the most cautious of those that none was certainly taken after; of equal ones that of the least id."""
    taken = {event.id: _taken(timeline, event) for event in events}
    latest_start = reduce(_later, (bound.lo for bound in taken.values()))
    open_ = [event for event in events if not _before(taken[event.id], latest_start)]
    return min(open_, key=lambda event: (_CAUTION.index(event.written["stance"]), event.id))


def _taken(timeline: Folded, event: RecordedEvent) -> Bound:
    """Give when a position was taken: its own dates, else the day its source said so."""
    if event.earliest is not None or event.latest is not None or not event.source.asserted:
        return Bound(event.earliest, event.latest)
    try:
        return read_when(event.source.asserted, zone=timeline.zone_of(event) or "UTC").own
    except Fault:
        return Bound(None, None)


def _later(a: int | None, b: int | None) -> int | None:
    return b if a is None or (b is not None and b > a) else a


def _before(bound: Bound, start: int | None) -> bool:
    return bound.hi is not None and start is not None and bound.hi < start
