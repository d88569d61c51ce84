"""The part of a case on which questions of doses can depend, whoever of it is believed. Hears nobody, answers nothing.

`sources` asks its questions again without each speaker. Most of a long record bears on none of them: a message, a dose
of years before. What is left out here changes no answer in the account it is chosen for, nor in one that hears some of
its speakers and not others:

- A statement that nothing ties to another lies on no path but its own, and contradicts nothing. So it is with every
  group of statements that are tied to one another: groups stay as a whole, or not at all.
- An event is placed here by its own word and the words it refers to. Whoever counts it, they are there, so that its
  bounds are these or closer ones. Of statements that contradict one another, and all that is tied to them, nothing is
  taken for placed.
- One that lies outside of a window by these bounds is not counted there (see `counting.near`); it is kept where its
  scope may divide the question.
- One that is over before another of its speaker, of the type asked for, by more than the anchor is uncertain, is not
  the last: whoever hears the one hears the other.
- Where claims of numbers or of identity take part, or an anchor is not heard, all of the case is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

from events.event import RecordedEvent
from events.when import ANY, DAY, Bound, Ref
from timeline.asking.questions import Window
from timeline.case import CaseTimeline, said
from timeline.counting.happenings import Scope
from timeline.counting.rules import NUMBERS
from timeline.counting.told import DOSE, kind_of, scope_of
from timeline.hearings import constrain
from timeline.hearings.claims import claimed_refs
from timeline.hearings.constrain import Statement
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN

CHAIN: Final = 8
"""Events placed one by another, at most; what is placed by a longer chain is taken to lie anywhere."""
SLACK: Final = 3
"""Days by which a window of so many civil days can be longer: two dates' own length, and what clocks are moved."""
MONTH: Final = 31
HERE: Final = Bound(0, 0)
_ALWAYS: Final = ("case.", "claim.", "position")
"""Families that speak of the whole case, whatever their own time."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The question how long before an anchor the last of a type was; the type is `dose` for any administration."""

    type: str
    anchor: Ref


Asked = Last | Window
"""A question of a last, or of how much was given in a window."""


def part_of(timeline: CaseTimeline, hearing: Hearing, asked: Sequence[Asked]) -> CaseTimeline:
    """Give the part of a case on which these questions depend, for the account of a hearing and any part of that.

    A part of an account hears all or nothing of what one speaker tells in it. Raises `Fault` for an unclear anchor.
    """
    if not asked or any(event.type in NUMBERS or event.type == "claim.same" for event in hearing.counted):
        return timeline
    anchors = {one.anchor.id for one in asked if one.anchor is not None}
    if not anchors <= hearing.statements.keys():
        return timeline
    always = {kind for kind in {event.type for event in timeline.told} if kind.startswith(_ALWAYS)}
    always |= {timeline.by_id[anchor].type for anchor in anchors}  # one of these may be meant by its type
    needed = {event.id for event in timeline.told if event.type in always}
    words = _Words(timeline, hearing)
    for one in asked:
        needed.update(words.lasts(one) if isinstance(one, Last) else words.within(one))
    kept = words.tied(needed)
    if len(kept) == len(timeline.told):
        return timeline
    return timeline.only(event for event in timeline.told if event.id in kept)


@final
class _Words:
    """What the statements of a hearing say, each by itself: where it places its event, and what it is tied to."""

    def __init__(self, timeline: CaseTimeline, hearing: Hearing) -> None:
        self.timeline, self.hearing, self.statements = timeline, hearing, hearing.statements
        self._alone: dict[str, Bound] = {}
        self._by_node: dict[str, list[str]] = {}
        for one in self.statements.values():
            if not one.pairs and len(one.edges) == 1 and one.edges[0].a == ORIGIN and not one.soft:
                self._alone[one.id] = Bound(*one.edges[0][2:])
            elif one.edges or one.pairs:
                for node in _touched(one):
                    self._by_node.setdefault(node, []).append(one.id)
        self._told: dict[str, list[RecordedEvent]] = {}
        for event in hearing.counted:
            self._told.setdefault(event.type, []).append(event)
        self._known: dict[str, Bound] = {}
        self._clashing = self.tied(one for each in hearing.conflicts for one in each.statements)
        for clashing in self._clashing:
            self._alone.pop(clashing, None)

    # --- what is needed ----------------------------------------------------------------------------------------------

    def lasts(self, asked: Last) -> Iterator[str]:
        """Give those that may be the last of a type before an anchor, whichever speakers are heard."""
        at, node = self._anchor(asked.anchor)
        latest: dict[str, int] = {}
        open_: list[tuple[RecordedEvent, int | None]] = []
        for event in self._of_type(asked.type):
            bound = self.placed(event)
            if bound.lo is not None and at.hi is not None and bound.lo > at.hi:
                continue
            open_.append((event, bound.hi))
            if asked.type in (DOSE, event.type) and self._surely_before(event, bound, at, node):
                speaker, low = event.source.speaker, bound.lo or 0
                latest[speaker] = max(latest.get(speaker, low), low)
        width = None if at.lo is None or at.hi is None else at.hi - at.lo
        for event, high in open_:
            start = latest.get(event.source.speaker)
            if start is None or width is None or high is None or high >= start - width:
                yield event.id

    def within(self, window: Window) -> Iterator[str]:
        """Give those that may lie in a window, and of the rest what may tell how its count is divided."""
        first, last = self._ends(window)
        several = False
        outside: list[RecordedEvent] = []
        for event in self._of_type(DOSE):
            bound, lasting = self.placed(event), event.id not in self._alone
            nodes = constrain.nodes_of(self.timeline, event.id) if lasting else None
            several = several or (nodes is not None and nodes.several)
            before = bound.hi is not None and first is not None and bound.hi < first
            after = bound.lo is not None and last is not None and bound.lo > last
            rated = nodes is not None and nodes.start != nodes.end and said(event, "rate") != ""
            if (before or after) and not rated and not (nodes is not None and nodes.several):
                outside.append(event)
            else:
                yield event.id
        if several:
            yield from self._one_of_each_scope(outside)

    def _one_of_each_scope(self, events: Iterable[RecordedEvent]) -> Iterable[str]:
        found: dict[tuple[str, Scope], str] = {}
        for event in events:
            found.setdefault((event.source.speaker, scope_of(self.timeline, event)), event.id)
        return found.values()

    def _of_type(self, asked: str) -> Iterator[RecordedEvent]:
        """Give the events that count which may be of a type; `dose` is any administration, and may be each."""
        for type_, events in self._told.items():
            if kind_of(type_) == kind_of(asked) and (asked == DOSE or type_ in (asked, DOSE)):
                yield from events

    def _surely_before(self, event: RecordedEvent, bound: Bound, at: Bound, anchor: str) -> bool:
        """Whether an event is one that certainly was at or before the anchor, and is not the anchor."""
        if bound.lo is None or bound.hi is None or at.lo is None or bound.hi > at.lo:
            return False
        nodes = constrain.nodes_of(self.timeline, event.id)
        return not nodes.several and nodes.first != anchor

    def _anchor(self, ref: Ref) -> tuple[Bound, str]:
        """Give where an anchor's own word places it, and its node."""
        node = self.hearing.node(ref)
        return (self._by_word(ref.id, node, CHAIN) if self._sound(ref.id) else ANY), node

    def _ends(self, window: Window) -> tuple[int | None, int | None]:
        """Give the first and the last instant that may be of a window."""
        if window.anchor is None:
            return window.start, window.end
        at, _ = self._anchor(window.anchor)
        days = window.days if window.days is not None else (window.months or 0) * MONTH
        reach = window.reach or (days + SLACK) * DAY
        if window.before:
            return None if at.lo is None else at.lo - reach, at.hi
        return at.lo, None if at.hi is None else at.hi + reach

    # --- where an event is by its own word ---------------------------------------------------------------------------

    def placed(self, event: RecordedEvent) -> Bound:
        """Give from the first to the last instant of an event, as its own statement has it in every account."""
        alone = self._alone.get(event.id)
        if alone is not None:
            return alone
        if not self._sound(event.id):
            return ANY
        nodes = constrain.nodes_of(self.timeline, event.id)
        first, last = (self._by_word(event.id, node, CHAIN) for node in (nodes.first, nodes.last))
        return Bound(first.lo, last.hi)

    def _sound(self, event_id: str) -> bool:
        """Whether the statement of an event is there and contradicts nothing, nor anything that is tied to it."""
        one = self.statements.get(event_id)
        return one is not None and not one.soft and event_id not in self._clashing

    def _by_word(self, event_id: str, node: str, steps: int) -> Bound:
        """Give the bounds that an event's own statement puts on an instant of its own, from what it refers to."""
        found = ANY
        for a, b, lo, hi in self.statements[event_id].edges:
            if b == node:
                found = found.meet(_sum(HERE if a == ORIGIN else self._single(event_id, a, steps), Bound(lo, hi)))
        return found

    def _single(self, event_id: str, other: str, steps: int) -> Bound:
        """Give the same of an event of one instant, which is named as the event is, that another refers to."""
        refs = constrain.refs_of(self.timeline, self.timeline.by_id[event_id])
        if not steps or other not in self.statements or all(ref.id != other for ref in refs):
            return ANY
        if other not in self._known:
            self._known[other] = ANY  # for what refers back to itself
            self._known[other] = self._by_word(other, other, steps - 1)
        return self._known[other]

    # --- what is tied to it ------------------------------------------------------------------------------------------

    def tied(self, ids: Iterable[str]) -> set[str]:
        """Give these ids with all that statements tie to them other than through the axis, or that they refer to."""
        known, found, waiting = self.timeline.by_id, set[str](), list(ids)
        while waiting:
            one = waiting.pop()
            if one in known and one not in found:
                found.add(one)
                statement = self.statements.get(one)
                nodes = {one, *constrain.nodes_of(self.timeline, one), *(_touched(statement) if statement else ())}
                waiting += [other for node in nodes for other in (node, *self._by_node.get(node, ()))]
                event = known[one]
                refs = (*constrain.refs_of(self.timeline, event), *claimed_refs(self.timeline, event))
                waiting += [ref.id for ref in refs]
        return found


def _touched(one: Statement) -> set[str]:
    """Give the instants that a statement speaks of, and those on whose own date it rests."""
    edges = (*one.edges, *(edge for _, pair in one.pairs for edge in pair))
    return {node for edge in edges for node in edge[:2] if node}.union(other for other, _ in one.pairs)


def _sum(a: Bound, b: Bound) -> Bound:
    lo = None if a.lo is None or b.lo is None else a.lo + b.lo
    return Bound(lo, None if a.hi is None or b.hi is None else a.hi + b.hi)
