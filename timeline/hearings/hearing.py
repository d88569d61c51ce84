"""What an account hears of a case: what counts, the network of its times, what was set aside. Asks no question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from events.dates.civil import calendar_days, offset_spread
from events.errors import Fault, NotHeld
from events.event import RecordedEvent
from events.when import ANY, Bound, Ref, When
from timeline.answers import implied_calendar_days
from timeline.asking import words
from timeline.counting.rules import Rules
from timeline.fold import Folded, family
from timeline.hearings import constrain
from timeline.hearings.account import Account, select
from timeline.hearings.constrain import Nodes, Note, Statement
from timeline.hearings.disputes import Aside, Dispute
from timeline.hearings.positions import Position, disputed, in_words
from timeline.hearings.set_aside import Conflict, keep
from timeline.network import Difference, Network


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One account of a case, ready to be asked.

    `counted` are the events that count, in log order; `anchors` the ids that only constrain; `network` holds the times
    of both. `set_aside` are ids whose times act no longer (the events still happened); `undated` are counted ids whose
    times bound nothing. `notes` are sentences about how times were taken, each with the event it is about.
    """

    timeline: Folded
    account: Account
    counted: tuple[RecordedEvent, ...]
    anchors: frozenset[str]
    statements: Mapping[str, Statement]
    network: Network
    set_aside: Aside
    conflicts: tuple[Conflict, ...]
    undated: tuple[str, ...]
    notes: tuple[Note, ...]
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What has been found out from this hearing, kept for the next question."""

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """The contradictions of this account, ready to be told."""
        return self.set_aside.disputes

    @property
    def assumes(self) -> tuple[str, ...]:
        """Every sentence about the whole hearing: the cut, anchors, soft and missing times."""
        return self.notes_on(note.about for note in self.notes)

    def notes_on(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The sentences that concern these events, each once; those about the cut always."""
        wanted = {note.about for note in self.notes}.intersection(ids) | {""}
        return tuple(dict.fromkeys(note.sentence for note in self.notes if note.about in wanted))

    def nodes(self, event_id: str) -> Nodes:
        """The network nodes of an event (`start`, `first`, `last`, `end`; all one for a single instant)."""
        return constrain.nodes_of(self.timeline, event_id)

    def node(self, ref: Ref) -> str:
        """The node a reference means. Raises `Fault` where a bare one could mean either of two instants."""
        node = constrain.target_node(self.nodes(ref.id), ref)
        if not node:
            raise Fault(
                f"@{ref.id} has more than one instant",
                f"write @{ref.id}.first, @{ref.id}.last, @{ref.id}.start or @{ref.id}.end",
            )
        return node

    def placed(self, event_id: str) -> tuple[str, str]:
        """The first and last node by which an administration is placed: a span by its start, several by both."""
        nodes = self.nodes(event_id)
        return nodes.first, nodes.last

    def difference(self, a: str, b: str) -> Difference:
        """Bounds of t_b - t_a in microseconds, and the event ids that each end rests on."""
        return self.network.difference(a, b)

    def bound(self, node: str) -> Bound:
        """Bounds of a node's instant, in microseconds since 1970."""
        return self.network.between("", node)

    def when_of(self, event_id: str) -> When:
        """How an event's `when` is read, in its zone."""
        return constrain.read(self.timeline, self.timeline.by_id[event_id])

    def own(self, ref: Ref) -> Bound:
        """The bounds an event's own absolute parts put on the instant a reference means; open for one not kept."""
        kept = ref.id in self.statements and ref.id not in self.set_aside
        return constrain.own_of(self.timeline, ref) if kept else ANY

    def zone(self, event_id: str) -> str:
        """The zone that an answer about an anchor is counted in: the event's, else the case's, else `UTC`."""
        event = self.timeline.by_id.get(event_id) or self.timeline.away.get(event_id)
        return (self.timeline.zone_of(event) if event else self.timeline.zone) or "UTC"

    def calendar_days(self, a: str, b: str, zone: str) -> Bound:
        """Civil dates from node a to node b in a zone: by their own bounds, met with what their difference implies."""
        by_ends = calendar_days(self.bound(a), self.bound(b), zone)
        return by_ends.meet(implied_calendar_days(self.network.between(a, b), offset_spread(zone)))

    def tight(self, *nodes: str) -> bool:
        """Whether a difference of these nodes is sure to be the tightest: no hull or civil day is tied to them.

        Nodes that only the axis connects are independent of one another; every other bound of the network is exact.
        """
        loose = [_nodes_of(one) for one in self.statements.values() if one.loose and one.id not in self.set_aside]
        if not loose:
            return True
        kept = [one for one in self.statements.values() if one.id not in self.set_aside]
        tied = _component(nodes, [_nodes_of(one) for one in kept])
        return not any(touched & tied for touched in loose)


def hear(timeline: Folded, account: Account, *, named: tuple[str, ...] = ()) -> Hearing:
    """Take the steps account, constrain and set aside of a question that names these ids (SEMANTICS 3).

    Raises `Fault` for a speaker, standing, document or tag that the record does not have.
    """
    contested = disputed(timeline)
    counted = select(timeline.told, account, contested, sources=timeline.sources)
    ids = frozenset(event.id for event in counted)
    anchors = constrain.anchors_of(timeline, counted, named) - ids
    said = {one.id: one for one in constrain.statements(timeline, ids, anchors)}
    kept = keep(said.values(), frozenset(named), timeline.on_conflict, Rules.of(timeline, counted, said))
    aside = Aside.of(timeline, said, kept.conflicts)
    if aside and timeline.on_conflict == "fail":
        raise _not_held(aside)
    kept.network.bounds()  # found here, once: there is hardly a question that does not read them
    return Hearing(
        timeline=timeline,
        account=account,
        counted=counted,
        anchors=anchors,
        statements=said,
        network=kept.network,
        set_aside=aside,
        conflicts=tuple(kept.conflicts),
        undated=tuple(sorted(event.id for event in counted if _undated(said[event.id], aside) and _happens(event))),
        notes=(
            *_cut(timeline, named),
            *_anchored(timeline, anchors),
            *_contested(contested, ids | anchors),
            *(note for one in sorted(one.id for one in said.values() if one.notes) for note in said[one].notes),
        ),
    )


def _not_held(aside: Aside) -> NotHeld:
    sets = (words.listed([f"@{one}" for one in each.conflict.statements]) for each in aside.disputes)
    return NotHeld(f"statements that cannot all be true: {'; '.join(sets)}; `ask CASE conflicts` tells why")


def _happens(event: RecordedEvent) -> bool:
    return family(event) not in {"claims", "amendments", "case", "log"}


def _undated(said: Statement, aside: tuple[str, ...]) -> bool:
    return not said.bounds or said.id in aside


def _cut(timeline: Folded, named: tuple[str, ...]) -> tuple[Note, ...]:
    away = (Note(about=one, sentence=constrain.CUT_AWAY.format(one)) for one in named if one in timeline.away)
    return (*((Note(about="", sentence=timeline.cut),) if timeline.cut else ()), *away)


def _anchored(timeline: Folded, anchors: frozenset[str]) -> tuple[Note, ...]:
    return tuple(
        Note(about=one, sentence=f"@{one} dated on the word of {_word(timeline.by_id[one])}") for one in sorted(anchors)
    )


def _contested(contested: Mapping[str, tuple[Position, ...]], heard: frozenset[str]) -> tuple[Note, ...]:
    kept = ((one, each) for one, each in sorted(contested.items()) if one in heard)
    return tuple(Note(about=one, sentence=in_words(each)) for one, each in kept)


def _word(event: RecordedEvent) -> str:
    source = event.source
    return f"{source.speaker or 'nobody named'} ({source.standing or 'no standing given'})"


def _nodes_of(said: Statement) -> set[str]:
    edges = (*said.edges, *(edge for _, pair in said.pairs for edge in pair))
    return {node for edge in edges for node in (edge.a, edge.b) if node}


def _component(nodes: Iterable[str], tied: list[set[str]]) -> set[str]:
    """Give all nodes that statements tie to these, other than through the axis."""
    by_node: dict[str, list[set[str]]] = {}
    for touched in tied:
        for node in touched:
            by_node.setdefault(node, []).append(touched)
    found, waiting = set[str](), list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [other for touched in by_node.pop(node, ()) for other in touched]
    return found
