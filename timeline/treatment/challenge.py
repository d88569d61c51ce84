"""On drug at an instant or not; what followed stopping, and what followed a new exposure. Judges no causality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, final

from events.event import RecordedEvent
from events.when import ANY, Bound
from timeline.answers import Truth
from timeline.case import said
from timeline.counting.happenings import Happening
from timeline.counting.last import Since
from timeline.hearings.hearing import Hearing

Ended = Literal["ended after", "ended before", "ended before or after", "no end recorded"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """The doses in question, the events that stopped them, and those that began them again.

    `untold` says that a claim may tell of more doses than these.
    """

    hearing: Hearing
    told: tuple[Happening, ...]
    substance: str
    untold: bool = False

    def events(self, kind: str) -> list[RecordedEvent]:
        """Give the counted events of a type that speak of this substance, or of none; by id."""
        found = [one for one in self.hearing.counted if one.type == kind]
        return sorted((one for one in found if self._speaks(one)), key=lambda one: one.id)

    def starts(self, kind: str) -> list[str]:
        """Give the nodes of those events, the undated ones too: nothing is known of their time."""
        return [self.start(one.id) for one in self.events(kind)]

    def _speaks(self, event: RecordedEvent) -> bool:
        of = self.hearing.timeline.same_name(str(said(event, "substance")))
        return not of or not self.substance or of == self.substance

    def between(self, a: str, b: str) -> Bound:
        """Bounds of the time from one node to another."""
        return Bound(0, 0) if a == b else self.hearing.network.between(a, b)

    def by(self, a: str, b: str) -> bool:
        """Whether a is at or before b in every world."""
        least = self.between(a, b).lo
        return least is not None and least >= 0

    def after(self, a: str, b: str) -> bool:
        """Whether a is after b in every world."""
        least = self.between(b, a).lo
        return least is not None and least > 0

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
    spans = [doses.hearing.nodes(one.id) for one in doses.told if one.single and one.dated]
    for nodes in spans:
        if not nodes.single and doses.by(nodes.start, node) and doses.by(node, nodes.end):
            return OnDrug(Truth.CERTAIN, "it began during a dose", Truth.CERTAIN)
    if within is not None:
        return _within(doses, node, last, within)
    if first.exists == "certain" and _goes_on(doses, node):
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


def _goes_on(doses: Doses, node: str) -> bool:
    """Whether a dose certainly came after, and every stop lies after, or a dose between it and the node."""
    sure = [one for one in doses.told if one.dated and (one.count.lo or 0) > 0]
    if not any(doses.by(node, one.first) for one in sure):
        return False
    return all(
        doses.after(stop, node) or any(doses.after(one.first, stop) and doses.by(one.last, node) for one in sure)
        for stop in doses.starts("stopped")
    )


def _stopped(doses: Doses, node: str) -> bool:
    """Whether a stop certainly lies before, and no dose can lie between it and the node."""
    if doses.untold:
        return False
    return any(
        doses.by(stop, node)
        and all(one.dated and (doses.by(one.last, stop) or doses.after(one.first, node)) for one in doses.told)
        and all(doses.by(again, stop) or doses.after(again, node) for again in doses.starts("restarted"))
        for stop in doses.starts("stopped")
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
    onset = doses.start(reaction.id)
    found = []
    for event in doses.events("stopped"):
        stop = doses.start(event.id)
        if not doses.by(onset, stop):
            continue
        for again in _firsts(doses, _exposures(doses, stop)):
            recurred = _recurred(doses, reaction, again)
            time = doses.between(doses.start(again), doses.start(recurred)) if recurred else None
            found.append(Rechallenge(again, event.id, recurred, time))
    return tuple(found)


def _exposures(doses: Doses, stop: str) -> list[str]:
    known: Any = doses.hearing.timeline.by_id
    given = [one.id for one in doses.told if one.dated and one.id in known and doses.after(one.first, stop)]
    began = [event.id for event in doses.events("restarted") if doses.after(doses.start(event.id), stop)]
    return sorted({*given, *began})


def _firsts(doses: Doses, ids: Sequence[str]) -> list[str]:
    """Give those that no other certainly came before."""
    return [one for one in ids if not any(doses.after(doses.start(one), doses.start(other)) for other in ids)]


def _recurred(doses: Doses, reaction: RecordedEvent, again: str) -> str:
    """Give the first telling of the same effect that certainly came at or after an exposure; empty for none."""
    same = doses.hearing.timeline.same_name
    effect = same(str(said(reaction, "effect")))
    others = [
        one.id
        for one in doses.hearing.counted
        if one.type == reaction.type and one.id != reaction.id and effect and same(str(said(one, "effect"))) == effect
        if one.id not in doses.hearing.undated and doses.by(doses.start(again), doses.start(one.id))
    ]
    return min(_firsts(doses, others), default="")
