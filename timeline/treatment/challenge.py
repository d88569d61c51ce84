"""On drug at an instant or not; what followed stopping, and what followed a new exposure. Judges no causality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, final

from events.event import RecordedEvent
from events.when import ANY, Bound
from timeline.answers import Truth
from timeline.case import said
from timeline.counting.happenings import Happening, Scope
from timeline.counting.last import Since
from timeline.hearings.hearing import Hearing

Ended = Literal["ended after", "ended before", "ended before or after", "no end recorded"]


@final
@dataclass(frozen=True, kw_only=True)
class Doses:
    """The doses in question, the events that stopped them, and those that began them again.

    `told` are those that may be of the scope; `untold` says that a claim may tell of more doses than these.
    """

    hearing: Hearing
    told: tuple[Happening, ...]
    scope: Scope
    untold: bool = False

    @property
    def sure(self) -> list[Happening]:
        """The dated doses that certainly were, and of the scope."""
        return [one for one in self.told if one.dated and one.count.lo and one.scope.within(self.scope)]

    def events(self, kind: str) -> list[RecordedEvent]:
        """Give the counted events of a type that speak of this substance, or of none; by id."""
        if kind not in self._events:
            found = [one for one in self.hearing.counted if one.type == kind]
            self._events[kind] = sorted((one for one in found if self._speaks(one)), key=lambda one: one.id)
        return self._events[kind]

    @cached_property
    def _events(self) -> dict[str, list[RecordedEvent]]:
        return {}

    def of(self, event: RecordedEvent) -> str:
        """Give the substance an event speaks of, as names are compared; empty where it names none: it is of any."""
        return self.hearing.timeline.same_name(str(said(event, "substance")))

    def _speaks(self, event: RecordedEvent) -> bool:
        return not self.of(event) or not self.scope.substance or self.of(event) == self.scope.substance

    def stops(self, substance: str) -> list[str]:
        """Give the nodes of the stops of a substance: by name, or of whatever was given; all that the question means.

        A stop of one substance is none of another, nor of one that nobody names.
        """
        told = self.events("stopped")
        return [self.start(one.id) for one in told if self.scope.substance or self.of(one) in ("", substance)]

    def between(self, a: str, b: str) -> Bound:
        """Bounds of the time from one node to another."""
        return Bound(0, 0) if a == b else self.hearing.network.between(a, b)

    def by(self, a: str, b: str) -> bool:
        """Whether a is at or before b in every world."""
        least = self.between(a, b).lo
        return least is not None and least >= 0

    def after(self, a: str, b: str) -> bool:
        """Whether a is after b in every world; their own bounds first, they are cheap."""
        late, early = self._own.get(a, ANY).lo, self._own.get(b, ANY).hi
        if late is not None and early is not None and late > early:
            return True
        network = self.hearing.network
        if network.group(a) != network.group(b):
            return False
        least = self.between(b, a).lo
        return least is not None and least > 0

    @cached_property
    def _own(self) -> Mapping[str, Bound]:
        return self.hearing.network.bounds()

    @cached_property
    def exposures(self) -> Sequence[tuple[str, str]]:
        """The doses and new beginnings that are dated, by id, each with the node of its beginning."""
        known = self.hearing.timeline.by_id
        given = [(one.id, one.first) for one in self.told if one.dated and one.id in known]
        return sorted({*given, *((event.id, self.start(event.id)) for event in self.events("restarted"))})

    def start(self, event_id: str) -> str:
        """The node of an event's start."""
        return self.hearing.nodes(event_id).start


class OnDrug(NamedTuple):
    """Whether a dose was at work at an instant, and why; in fact an unrecorded dose or stop may have been."""

    truth: Truth
    why: str
    in_fact: Truth = Truth.POSSIBLE


def on_drug(doses: Doses, node: str, first: Since, last: Since, within: int | None) -> OnDrug:
    """Say whether the instant of a node was on drug: during a dose, `within` of one, or between two doses not stopped.

    `within` is how long after a dose (µs) one is still on the drug, where the question says so.
    """
    if first.exists == "impossible":
        return OnDrug(Truth.IMPOSSIBLE, "no dose on record can have been before it")
    spans = [doses.hearing.nodes(one.id) for one in doses.sure if one.single]
    for nodes in spans:
        if not nodes.single and doses.by(nodes.start, node) and doses.by(node, nodes.end):
            return OnDrug(Truth.CERTAIN, "it began during a dose", Truth.CERTAIN)
    if within is not None:
        return _within(doses, node, last, within)
    if _goes_on(doses, node, first):
        return OnDrug(Truth.CERTAIN, "doses came before and after it, and nothing says that they had been stopped")
    if _stopped(doses, node):
        return OnDrug(Truth.IMPOSSIBLE, "the doses were stopped before it, and none can have been between")
    return OnDrug(Truth.POSSIBLE, "nobody says how long a dose is at work: write --within DURATION")


def _within(doses: Doses, node: str, last: Since, within: int) -> OnDrug:
    lo, hi = last.elapsed.lo or 0, last.elapsed.hi
    if last.exists == "certain" and hi is not None and hi <= within:
        return OnDrug(Truth.CERTAIN, "a dose was within the time asked for", Truth.CERTAIN)
    running = any(not _over(doses, one, node, within) for one in doses.told)
    if lo > within and not running and not last.undated:
        return OnDrug(Truth.IMPOSSIBLE, "no dose on record can have been within the time asked for")
    return OnDrug(Truth.POSSIBLE, "a dose may have been within the time asked for, or not")


def _over(doses: Doses, one: Happening, node: str, within: int) -> bool:
    """Whether a dose had certainly ended more than `within` before a node, or began after it."""
    if not one.dated:
        return False
    if doses.after(one.first, node):
        return True
    end = doses.hearing.nodes(one.id).end if one.id in doses.hearing.timeline.by_id else one.last
    since = doses.between(end, node).lo
    return since is not None and since > within


def _goes_on(doses: Doses, node: str, first: Since) -> bool:
    """Whether doses of one substance certainly came before and after, and each stop of it lies after, or a dose since.

    Where the question names a substance, a claim may tell of the doses before.
    """
    known = {one.scope.substance for one in doses.sure}
    asked = bool(doses.scope.substance) and first.exists == "certain"
    return any(_goes_on_with(doses, node, one, begun=asked) for one in sorted(known - {""}))


def _goes_on_with(doses: Doses, node: str, substance: str, *, begun: bool) -> bool:
    ours = [one for one in doses.sure if one.scope.substance == substance]
    begun = begun or any(doses.by(one.first, node) for one in ours)
    if not begun or not any(doses.by(node, one.first) for one in ours):
        return False
    stops = [doses.start(one.id) for one in doses.events("stopped") if doses.of(one) in ("", substance)]
    return all(
        doses.after(stop, node) or any(doses.after(one.first, stop) and doses.by(one.last, node) for one in ours)
        for stop in stops
    )


def _stopped(doses: Doses, node: str) -> bool:
    """Whether each dose was certainly stopped before, or came after, and none can have begun again in between."""
    if doses.untold:
        return False
    began = [(doses.start(one.id), doses.of(one)) for one in doses.events("restarted")]
    given = [(one.last, one.first, one.scope.substance) for one in doses.told]
    return all(one.dated for one in doses.told) and all(
        doses.after(first, node) or any(doses.by(last, stop) and doses.by(stop, node) for stop in doses.stops(of))
        for last, first, of in (*given, *((again, again, of) for again, of in began))
    )


class Dechallenge(NamedTuple):
    """What followed a stop: how long after the onset it was, and how long after it the reaction ended."""

    id: str
    after_onset: Bound
    outcome: Ended
    to_end: Bound | None


def dechallenges(doses: Doses, reaction: RecordedEvent) -> tuple[Dechallenge, ...]:
    """Give each stop on record with what the record says of the reaction after it."""
    nodes = doses.hearing.nodes(reaction.id)
    found = []
    for event in doses.events("stopped"):
        stop = doses.start(event.id)
        to_end = None if nodes.single else doses.between(stop, nodes.end)
        found.append(Dechallenge(event.id, doses.between(nodes.start, stop), _outcome(to_end), to_end))
    return tuple(found)


def _outcome(to_end: Bound | None) -> Ended:
    if to_end is None or to_end == ANY:
        return "no end recorded"
    if to_end.lo is not None and to_end.lo >= 0:
        return "ended after"
    return "ended before" if to_end.hi is not None and to_end.hi < 0 else "ended before or after"


class Rechallenge(NamedTuple):
    """A new exposure after a stop, and the first time the same effect certainly came again after it."""

    id: str
    stop: str
    again: str
    to_again: Bound | None


def rechallenges(doses: Doses, reaction: RecordedEvent) -> tuple[Rechallenge, ...]:
    """Give the first exposures on record after each stop that followed the onset, with what came again."""
    onset, others = doses.start(reaction.id), _others(doses, reaction)
    found = []
    for event in doses.events("stopped"):
        stop = doses.start(event.id)
        if not doses.by(onset, stop):
            continue
        for again in _firsts(doses, [one for one, node in doses.exposures if doses.after(node, stop)]):
            recurred = _recurred(doses, others, again)
            time = doses.between(doses.start(again), doses.start(recurred)) if recurred else None
            found.append(Rechallenge(again, event.id, recurred, time))
    return tuple(found)


def _firsts(doses: Doses, ids: Sequence[str]) -> list[str]:
    """Give those that no other certainly came before: by their own bounds, then by what ties them to one another."""
    network, own = doses.hearing.network, doses.hearing.network.bounds()
    nodes = {one: doses.start(one) for one in ids}
    ends = [end for node in nodes.values() if (end := own.get(node, ANY).hi) is not None]
    least = min(ends, default=None)
    starts = {one: own.get(nodes[one], ANY).lo for one in ids}
    left = [one for one, start in starts.items() if least is None or start is None or start <= least]
    tied: dict[int | str, list[str]] = {}
    for node in nodes.values():
        tied.setdefault(network.group(node), []).append(node)
    return [one for one in left if not any(doses.after(nodes[one], other) for other in tied[network.group(nodes[one])])]


def _others(doses: Doses, reaction: RecordedEvent) -> list[str]:
    """Give the other dated tellings of the same effect."""
    same = doses.hearing.timeline.same_name
    effect = same(str(said(reaction, "effect")))
    told = (one for one in doses.hearing.counted if one.type == reaction.type and one.id != reaction.id)
    return [
        one.id
        for one in told
        if effect and same(str(said(one, "effect"))) == effect and one.id not in doses.hearing.undated
    ]


def _recurred(doses: Doses, others: Sequence[str], again: str) -> str:
    """Give the first telling of the effect that certainly came at or after an exposure; empty for none."""
    start = doses.start(again)
    return min(_firsts(doses, [one for one in others if doses.by(start, doses.start(one))]), default="")
