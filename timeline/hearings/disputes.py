"""How a contradiction reads: who says what, the sum that cannot be, what is shown and why. Sets nothing aside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

from events.event import RecordedEvent
from events.source import Source
from events.when import SECOND, Bound
from timeline.asking import words
from timeline.fold import Folded, said
from timeline.hearings.arithmetic import Leg, legs
from timeline.hearings.claims import POINTS
from timeline.hearings.constrain import Statement, refs_of
from timeline.hearings.set_aside import Conflict
from timeline.network import ORIGIN

_TO_ANCHOR: Final = re.compile(r"\s+(before|after|of)\s+@\S+")


@final
@dataclass(frozen=True, kw_only=True)
class Dispute:
    """One contradiction of an account, ready to be told."""

    timeline: Folded
    statements: Mapping[str, Statement]
    conflict: Conflict

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The ids whose times do not act."""
        return self.conflict.set_aside

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """The round of bounds whose sum cannot be."""
        return legs(self.statements, self.conflict.statements)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The members that are shown."""
        return tuple(one for one in self.conflict.statements if one not in self.conflict.set_aside)

    @cached_property
    def about(self) -> frozenset[str]:
        """The members that disagree: all, but for what two others only measure from."""
        members = self.conflict.statements
        measured = {ref.id for one in members for ref in refs_of(self.timeline, self.timeline.by_id[one])}
        others = frozenset(members) - measured
        return others if len(others) > 1 else frozenset(members)

    def bears_on(self, ids: Collection[str]) -> bool:
        """Whether it is about the times that an answer rests on, names or leaves undated.

        So it is where the answer has one of those that disagree, or speaks of both instants that one of them ties.
        """
        if not self.about.isdisjoint(ids):
            return True
        touched = {node for one in ids if one in self.statements for node in _touched(self.statements[one])}
        ours = (leg for leg in self.legs if leg.rests[0] in self.about)
        return any({leg.start, leg.end} - {ORIGIN} <= touched for leg in ours)

    @property
    def beside(self) -> str:
        """What stands beside an answer: `DISPUTED: …; …. Shown: the first, because …`."""
        told = "; ".join(self._telling(one) for one in (*self.kept, *self.set_aside))
        return f"DISPUTED: {told}. Shown: {self._shown}."

    @property
    def brief(self) -> str:
        """What stands in an answer's short words: `DISPUTED by trade newsletter (stated): 7 calendar days`."""
        told = (f"{_short(self._source(one))}: {self._words(one)}" for one in self.set_aside)
        return f"DISPUTED by {'; by '.join(told)}"

    @property
    def why(self) -> str:
        """Who says what, how it is read, the bound it puts, and the sum that cannot be."""
        if not self.legs:
            told = (self._said(one) for one in self.conflict.statements)
            return f"{'; '.join(told)}: these cannot all be true"
        return f"{'; '.join(self._leg(leg) for leg in self.legs)}: {self._sum()}"

    def _source(self, event_id: str) -> Source:
        return self.timeline.by_id[event_id].source

    def _telling(self, event_id: str) -> str:
        return f"{self._words(event_id)} (@{event_id}, {_who(self._source(event_id))})"

    def _words(self, event_id: str) -> str:
        """Give what a member says, as short as the dispute allows: `9 to 12 days`, `7 calendar days`."""
        event, ours = self.timeline.by_id[event_id], [leg for leg in self.legs if leg.rests[0] == event_id]
        anchor = {frozenset((leg.start, leg.end)) for leg in self.legs}
        if len(anchor) != 1 or len(ours) != 1 or ORIGIN in (ours[0].start, ours[0].end):
            return _written(event)
        if self.statements[event_id].loose and event.when:
            return _TO_ANCHOR.sub("", event.when)
        bound = ours[0].bound
        return words.elapsed(bound.negate() if bound.hi is not None and bound.hi <= 0 else bound)

    @property
    def _shown(self) -> str:
        because = _because(self)
        if len(self.conflict.statements) == 2 and self.kept:
            return f"the first, because the second's {because}"
        if not self.kept:
            return f"neither, {because}" if len(self.set_aside) == 2 else f"none of them, {because}"
        one = len(self.set_aside) == 1
        return f"without {_ids(self.set_aside)}, because {'its' if one else 'their'} {because}"

    # The sum

    def _said(self, event_id: str, also: str = "") -> str:
        event = self.timeline.by_id[event_id]
        reads = f'"{event.source.reads}", read as ' if event.source.reads else ""
        return f"@{event_id} ({_who(event.source)}: {reads}{_written(event)}{also})"

    def _leg(self, leg: Leg) -> str:
        event = self.timeline.by_id[leg.rests[0]]
        subject, other, bound = leg.end, leg.start, leg.bound
        if other != ORIGIN and (subject == ORIGIN or _owner(other) == event.id or other.startswith("last ")):
            subject, other, bound = other, subject, bound.negate()
        told = self._said(event.id, "".join(f", with the date of @{one}" for one in leg.rests[1:]))
        if other == ORIGIN:
            return f"{told} puts {_name(subject)} {self._dates(bound, event)}"
        return f"{told} puts {_name(subject)} {apart(bound, _name(other))}"

    def _dates(self, bound: Bound, event: RecordedEvent) -> str:
        zone = self.timeline.zone_of(event) or "UTC"
        text = words.instants(bound, zone)
        return text if bound.lo is None or bound.hi is None or bound.exact else f"in {text}"

    def _sum(self) -> str:
        first, last = self.legs[0], self.legs[-1]
        items = [leg.most for leg in self.legs]
        dated = ""
        if first.start == last.end == ORIGIN and len(self.legs) > 1:
            until, since = self._date(first, Bound(None, first.most)), self._date(last, Bound(-last.most, None))
            if len(self.legs) == 2:
                return f"{_name(first.end)} cannot be both {until} and {since}"
            room = first.most + last.most
            late, early = (f"{_name(last.start)} ({since})", f"{_name(first.end)} ({until})")
            start, end = (early, late) if room < 0 else (late, early)
            dated = f"from {start} to {end} is {_room(room)}; "
            items = [room, *(leg.most for leg in self.legs[1:-1])]
        return f"{dated}{cannot(-sum(one for one in items if one < 0), sum(one for one in items if one > 0))}"

    def _date(self, leg: Leg, bound: Bound) -> str:
        zone = self.timeline.zone_of(self.timeline.by_id[leg.rests[0]]) or "UTC"
        return words.instants(bound, zone)


def apart(bound: Bound, other: str) -> str:
    """Give a bound of how much later something is than another, in words.

    >>> from events.when import DAY, HOUR
    >>> apart(Bound(-12 * DAY, -9 * DAY), "@death"), apart(Bound(1, None), "@a"), apart(Bound(0, 0), "@a")
    ('9 to 12 days before @death', 'after @a', 'at @a')
    >>> apart(Bound(-2 * HOUR, 3 * HOUR), "@a"), apart(Bound(None, 0), "@a"), apart(Bound(-HOUR, None), "@a")
    ('between 2 h before and 3 h after @a', 'at or before @a', 'at most 1 h before @a')
    """
    lo, hi = bound.lo, bound.hi
    if lo == hi == 0:
        return f"at {other}"
    if hi is not None and hi <= 0:
        return f"{_length(bound.negate(), 'before')} {other}"
    if lo is not None and lo >= 0:
        return f"{_length(bound, 'after')} {other}"
    if lo is None or hi is None:
        most, side = (hi, "after") if hi is not None else (-(lo or 0), "before")
        return f"{words.elapsed(Bound(0, most))} {side} {other}" if most is not None else f"at any time, {other} or not"
    return f"between {words.duration(-lo)} before and {words.duration(hi)} after {other}"


def cannot(least: int, most: int) -> str:
    """Say that what is at least so long (µs) is also at most so long, and cannot be.

    >>> from events.when import DAY, HOUR
    >>> cannot(9 * DAY, 8 * DAY + HOUR - 1)
    'at least 9 days cannot be less than 8 d 1 h'
    >>> cannot(2, 0)
    'in that round each would be before itself'
    """
    if most == 0 and least < SECOND:
        return "in that round each would be before itself"
    shortest = words.elapsed(Bound(least, None)) if least >= SECOND else "one after the other"
    return f"{shortest} cannot be {words.elapsed(Bound(0, most)) if most else 'at once'}"


def _length(bound: Bound, side: str) -> str:
    lo, hi = bound.lo or 0, bound.hi
    if hi is None and lo <= 1:
        return f"at or {side}" if lo == 0 else side
    return f"{words.elapsed(bound)} {side}"


def _room(room: int) -> str:
    return words.elapsed(Bound(-room, None) if room < 0 else Bound(0, room)) if room else "no time"


def _name(node: str) -> str:
    """Give an instant of the network in words: the instant of a claim of a last has none of an event's."""
    if not node.startswith("last "):
        return f"@{node}"
    kind, _, rest = node.removeprefix("last ").rpartition(" before ")[0].partition(" / ")
    substance, _, giver = rest.partition(" / ")
    of = f" of {substance}" if substance not in ("", "any") else ""
    return f"the last {kind.replace('_', ' ')}{of}{f' by {giver}' if giver not in ('', 'any') else ''}"


def _owner(node: str) -> str:
    """Give the event that an instant belongs to."""
    head, _, point = node.rpartition(".")
    return head if point in POINTS else node


def _touched(one: Statement) -> set[str]:
    return {node for edge in one.edges for node in (edge.a, edge.b)}


def _written(event: RecordedEvent) -> str:
    when = "; until ".join(each for each in (event.when, event.until) if each)
    return when or str(said(event, "elapsed")) or event.type


def _who(source: Source) -> str:
    return f"{source.speaker or 'nobody named'}, {source.standing or 'no standing given'}"


def _short(source: Source) -> str:
    return f"{source.speaker or 'nobody named'} ({source.standing or 'no standing given'})"


def _ids(ids: Sequence[str]) -> str:
    return words.listed([f"@{one}" for one in ids])


def _because(dispute: Dispute) -> str:
    ranks, kept = dispute.statements, dispute.kept
    if not kept:
        same = len({ranks[one].rank for one in dispute.set_aside}) == 1
        return "for none has the stronger standing" if same else "as was asked for"
    weaker = min(ranks[one].rank for one in dispute.set_aside) > max(ranks[one].rank for one in kept)
    return "standing is weaker" if weaker else "time contradicts what the question names or is kept"


@final
class Aside(tuple[str, ...]):  # noqa: SLOT001
    """The ids that are set aside, sorted, which know the disputes they come from: an answer that names them tells."""

    disputes: tuple[Dispute, ...]

    @classmethod
    def of(
        cls, timeline: Folded, statements: Mapping[str, Statement], conflicts: Iterable[Conflict]
    ) -> Aside:
        """Give what an account's contradictions set aside."""
        told = tuple(Dispute(timeline=timeline, statements=statements, conflict=one) for one in conflicts)
        aside = cls(sorted({one for each in told for one in each.set_aside}))
        aside.disputes = told
        return aside
