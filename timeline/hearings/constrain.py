"""Turns what events say of their times into statements: nodes and edges of the network. Keeps and rejects none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, final

import msgspec

from events.dates.civil import civil_reach
from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import convert, read_quantity
from events.source import rank
from events.when import ANY, MINUTE, SECOND, UNKNOWN, Bound, Part, Ref, When
from events.when_text import read_duration, read_span, read_when
from timeline.counting.periods import OVER, End, period_of
from timeline.fold import Folded, family, said, width
from timeline.hearings.claims import acting_edges, claimed_refs, tied_parts
from timeline.network import ORIGIN, Edge

ONCE: Final = Bound(1, 1)
_PLAIN: Final = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time>T[0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
CUT_AWAY: Final = "@{} is cut away: it is a time without bounds"


class Nodes(NamedTuple):
    """The network nodes of an event: its start, first and last instant, and end; all one for a single instant."""

    start: str
    first: str
    last: str
    end: str

    @property
    def single(self) -> bool:
        """Whether the event has one instant."""
        return self.start == self.end

    @property
    def several(self) -> bool:
        """Whether it is an event of several."""
        return self.first != self.last

    def at(self, point: str) -> str:
        """Give the node of a named point; a span of one is first at its start and last at its end."""
        last = self.last if self.several else self.end
        return {"start": self.start, "first": self.first, "last": last, "end": self.end}[point]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence about how an event's time was taken."""

    about: str
    sentence: str


@final
class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All that one event says of times: its own edges, and edges that rest on another event's own date too.

    `rank` orders statements by standing. `loose` marks bounds that are not known to be the tightest (hulls, civil
    days), `soft` a part without a width.
    `pairs` are edges by the id of the event whose own date they rest on, too.
    """

    id: str
    rank: int
    edges: tuple[Edge, ...] = ()
    pairs: tuple[tuple[str, tuple[Edge, ...]], ...] = ()
    loose: bool = False
    soft: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def bounds(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.edges or self.pairs)


def statement(timeline: Folded, event: RecordedEvent, *, acts: bool) -> Statement:
    """Give the statement an event makes; a claim's effect is in it only where it `acts` (it counts in the account)."""
    acts = acts or not event.type.startswith("claim.")
    key = (event.id, "acts" if acts else "anchors")
    known = timeline.readings.get(key)
    if known is None or known[0] is not event:
        known = timeline.readings[key] = (event, _statement(timeline, event, acts=acts))
    made: Statement = known[1]
    return made


def _statement(timeline: Folded, event: RecordedEvent, *, acts: bool) -> Statement:
    nodes = nodes_of(timeline, event.id)
    if nodes.single and _plain(event):
        own = (Edge(ORIGIN, nodes.start, event.earliest, event.latest),)
        return Statement(id=event.id, rank=rank(event.source.standing), edges=own)
    gathered = _Gathered(timeline, event)
    when, until = read(timeline, event), read(timeline, event, "until")
    gathered.absolute(nodes, event, when, until)
    for part in when.parts:
        gathered.part(part, _spoken_of(nodes, until=ends(event)))
    for part in until.parts:
        gathered.part(part, (nodes.end,))
    if acts:
        gathered.edges += acting_edges(timeline, event, lambda ref: gathered.target(ref, event.type))
        for part, ref in tied_parts(timeline, event):
            gathered.part(part, tuple(filter(None, [gathered.target(ref, event.type)])))
        gathered.period()
    said_something = bool(gathered.edges or gathered.pairs)
    shape = _shape(event, nodes) if said_something or duration_of(event) != ANY else ()
    return Statement(
        id=event.id,
        rank=rank(event.source.standing),
        edges=(*gathered.edges, *shape),
        pairs=tuple(gathered.pairs),
        loose=gathered.loose,
        soft=gathered.soft,
        notes=tuple(gathered.notes),
    )


def _plain(event: RecordedEvent) -> bool:
    """Whether an event says no more of times than its stored bounds: a civil day, or a minute that came but once."""
    if event.until or event.earliest is None or event.latest is None or event.type.startswith("claim."):
        return False
    found = _PLAIN.fullmatch(event.when)
    if found is None or found["time"] is None:
        return found is not None
    return event.latest - event.earliest == (SECOND if found["second"] else MINUTE) - 1


def read(timeline: Folded, event: RecordedEvent, field: str = "when") -> When:
    """Read an event's `when` or `until` again, in its zone; unknown where there is none, or none that can be read."""
    known = timeline.readings.get((event.id, field))
    if known is None or known[0] is not event:
        known = timeline.readings[event.id, field] = (event, _read(timeline, event, field))
    when: When = known[1]
    return when


def _read(timeline: Folded, event: RecordedEvent, field: str) -> When:
    text = event.until if field == "until" else event.when
    zone = timeline.zone_of(event)
    try:
        span = read_span(event.when, zone, event.id) if not event.until else None
        if span is not None:
            return span[field == "until"]
        return read_when(text, zone=zone, own_id=event.id) if text else UNKNOWN
    except Fault:
        return UNKNOWN


def ends(event: RecordedEvent) -> bool:
    """Whether an event says when it ended: by `until`, or by a `when` of the form `from A to B`."""
    return bool(event.until) or event.when.lstrip()[:5].lower() == "from "


def refs_of(timeline: Folded, event: RecordedEvent) -> tuple[Ref, ...]:
    """The events that an event's times refer to."""
    if "@" not in event.when and "@" not in event.until:
        return ()
    return (*read(timeline, event).refs, *read(timeline, event, "until").refs)


def anchors_of(timeline: Folded, counted: Sequence[RecordedEvent], named: Iterable[str]) -> frozenset[str]:
    """Give the ids that the question names, or that the time of a counted event refers to, and theirs in turn.

    Of an account that counts them all, simply all.
    """
    if len(counted) == len(timeline.told):
        return frozenset(timeline.by_id)
    found: set[str] = set()
    waiting = list(named)
    for event in counted:
        if "@" in event.when or event.until or event.type.startswith("claim."):
            waiting += [ref.id for ref in (*refs_of(timeline, event), *claimed_refs(timeline, event))]
    while waiting:
        one = waiting.pop()
        if one not in found and one in timeline.by_id:
            found.add(one)
            waiting += [ref.id for ref in refs_of(timeline, timeline.by_id[one])]
    return frozenset(found)


def nodes_of(timeline: Folded, event_id: str) -> Nodes:
    """Give the nodes of an event; one that the case does not have is taken as a single instant."""
    known: Nodes | None = timeline.nodes.get(event_id)
    if known is None:
        event = timeline.by_id.get(event_id) or timeline.away.get(event_id)
        known = Nodes(event_id, event_id, event_id, event_id) if event is None else _nodes(event)
        timeline.nodes[event_id] = known
    return known


def _nodes(event: RecordedEvent) -> Nodes:
    event_id = event.id
    if family(event) in {"claims", "amendments", "case"} and not ends(event):
        return Nodes(event_id, event_id, event_id, event_id)
    several, lasts = count_of(event) != ONCE, duration_of(event) != ANY
    if several:
        start = f"{event_id}.start" if ends(event) else f"{event_id}.first"
        end = f"{event_id}.end" if ends(event) or lasts else f"{event_id}.last"
        return Nodes(start, f"{event_id}.first", f"{event_id}.last", end)
    if ends(event) or said(event, "duration"):
        return Nodes(f"{event_id}.start", f"{event_id}.start", f"{event_id}.start", f"{event_id}.end")
    return Nodes(event_id, event_id, event_id, event_id)


def count_of(event: RecordedEvent) -> Bound:
    """How many happenings of a treatment an event tells of; one where it does not say."""
    written = said(event, "count")
    if written == "" or family(event) != "treatment":
        return ONCE
    try:
        return read_quantity(written).count
    except Fault:
        return ONCE


def duration_of(event: RecordedEvent) -> Bound:
    """How long an event lasted, in microseconds, as far as its `duration` says."""
    written = said(event, "duration")
    return _micros(str(written)) if written != "" else ANY


def own_of(timeline: Folded, ref: Ref) -> Bound:
    """The bounds an event's own absolute parts put on the point a reference means; the stored ones for `when`."""
    event = timeline.by_id.get(ref.id)
    if event is None:
        return ANY
    nodes = nodes_of(timeline, ref.id)
    node = target_node(nodes, ref)
    if ends(event) and node == nodes.end:
        return read(timeline, event, "until").own
    return Bound(event.earliest, event.latest) if node in _spoken_of(nodes, until=ends(event)) else ANY


def target_node(nodes: Nodes, ref: Ref) -> str:
    """Give the node a reference means; empty where a bare one could mean either of two instants."""
    if nodes.single:
        return nodes.start
    if ref.point:
        return nodes.at(ref.point)
    return {"start": nodes.start, "end": nodes.end, "single": ""}[ref.side]


def _spoken_of(nodes: Nodes, *, until: bool) -> tuple[str, ...]:
    """Give the nodes that `when` speaks of: the start of a span, each instant of an event of several."""
    return (nodes.first, nodes.last) if nodes.several and not until else (nodes.start,)


def _shape(event: RecordedEvent, nodes: Nodes) -> tuple[Edge, ...]:
    """Give the order of an event's own nodes, and its duration."""
    steps = list(dict.fromkeys(nodes))
    lasts = duration_of(event)
    edges = [Edge(a, b, 0, None) for a, b in pairwise(steps)]
    if lasts != ANY and nodes.last != nodes.end:
        edges.append(Edge(nodes.last, nodes.end, lasts.lo, lasts.hi))
    return tuple(edges)


class _Gathered:
    """What one event's parts come to, gathered part by part."""

    def __init__(self, timeline: Folded, event: RecordedEvent) -> None:
        self.timeline, self.event = timeline, event
        self.edges: list[Edge] = []
        self.pairs: list[tuple[str, tuple[Edge, ...]]] = []
        self.notes: list[Note] = []
        self.loose = self.soft = False

    def absolute(self, nodes: Nodes, event: RecordedEvent, when: When, until: When) -> None:
        """Add the stored bounds of `when`, and those of `until` as it reads."""
        stored = Bound(event.earliest, event.latest)
        for node in _spoken_of(nodes, until=ends(event)):
            self.edge("", node, stored)
        if ends(event):
            self.edge("", nodes.end, until.own)
        self.loose = any(part.hull for part in (*when.parts, *until.parts) if part.anchor is None)

    def part(self, part: Part, spoken_of: tuple[str, ...]) -> None:
        """Add what a relative or a soft part says of each of these nodes."""
        bound = self.widened(part) if part.soft else part.outer
        if part.anchor is None:
            if part.soft:
                self.edges += [Edge(ORIGIN, node, bound.lo, bound.hi) for node in spoken_of if bound != ANY]
            return
        anchor = self.target(part.anchor, part.text)
        if not anchor:
            return
        self.loose = self.loose or part.hull or part.civil is not None
        for node in spoken_of:
            self.edge(anchor, node, bound)
        if part.civil is not None:
            reach = civil_reach(part.civil, own_of(self.timeline, part.anchor))
            if reach != ANY and part.anchor.id not in self.timeline.away:
                self.pairs.append((part.anchor.id, tuple(Edge(ORIGIN, node, reach.lo, reach.hi) for node in spoken_of)))
        if "no tolerance" in part.reading:
            self.note(f"{part.text!r} of @{self.event.id} is taken exactly: no tolerance stated")

    def period(self) -> None:
        """Add what dates the ends of a claim's period that are instants of their own."""
        if self.event.type not in OVER:
            return
        period = period_of(self.timeline, self.event)
        for name, end in (("begins", period.start), ("ends", period.end)):
            if end.node:
                self.end(end)
                self.note(f"the period of @{self.event.id} {name} at no exact instant: it acts where that is no matter")
            elif end.anchor is not None:
                self.target(end.anchor, f"the period of @{self.event.id}")

    def end(self, end: End) -> None:
        """Add what dates one such end."""
        for pin in end.pins:
            anchor = ORIGIN if pin.anchor is None else self.target(pin.anchor, self.event.type)
            if pin.anchor is None or anchor:
                self.edge(anchor, end.node, pin.bound)
        for part in end.parts:
            self.part(part, (end.node,))

    def target(self, ref: Ref, text: str) -> str:
        """Give the node a reference means; empty, and noted, where the reference bounds nothing."""
        if ref.id not in self.timeline.by_id and ref.id not in self.timeline.away:
            gone = "was withdrawn" if ref.id in self.timeline.amended.withdrawn else "is not in the case"
            self.note(f"@{ref.id} {gone}: {text!r} of @{self.event.id} bounds nothing until it is")
            return ""
        if ref.id in self.timeline.away:
            self.note(CUT_AWAY.format(ref.id))
        node = target_node(nodes_of(self.timeline, ref.id), ref)
        if not node:
            self.note(
                f"@{ref.id} has more than one instant: {text!r} of @{self.event.id} bounds nothing; "
                f"write @{ref.id}.first, .last, .start or .end"
            )
        return node

    def widened(self, part: Part) -> Bound:
        """Give a soft part's bound: as wide as the case or the question says, else only its order."""
        by = self.timeline.widths.get(part.precision, width(self.timeline.about) if self.timeline.about else -1)
        if by >= 0 and part.literal != ANY:
            return part.literal.widen(by).meet(part.outer)
        self.soft = True
        self.note(f"{part.text!r} of @{self.event.id} has no width: it bounds nothing but its order")
        return part.outer

    def edge(self, anchor: str, node: str, bound: Bound) -> None:
        """Add an edge unless it says nothing."""
        if bound != ANY:
            self.edges.append(Edge(anchor or ORIGIN, node, bound.lo, bound.hi))

    def note(self, sentence: str) -> None:
        """Add a sentence about this event."""
        self.notes.append(Note(about=self.event.id, sentence=sentence))


@lru_cache(maxsize=4096)
def _micros(text: str) -> Bound:
    """Read a duration as bounds in microseconds, rounded outwards; open where it cannot be read so."""
    try:
        amount = convert(read_quantity(text), "min")
    except Fault:
        return _plain_micros(text)
    lo = None if amount.lo is None else int(amount.lo * MINUTE) + (1 if amount.lo_strict else 0)
    hi = None if amount.hi is None else -int(-amount.hi * MINUTE // 1) - (1 if amount.hi_strict else 0)
    return Bound(lo, hi)


def _plain_micros(text: str) -> Bound:
    try:
        exact = read_duration(text).exact
    except Fault:
        return ANY
    return ANY if exact is None else Bound(exact, exact)


def statements(timeline: Folded, counted: frozenset[str], anchors: frozenset[str]) -> Iterator[Statement]:
    """Give the statements of the events that count and of those that only anchor them, in log order."""
    for event in timeline.told:
        acts = event.id in counted
        if acts or event.id in anchors:
            yield statement(timeline, event, acts=acts)
