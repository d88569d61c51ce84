"""What other substances ran beside a treatment, certainly or possibly, up to where they were stopped. Words nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

from events.event import RecordedEvent, find_type
from events.when import ANY, EARLIEST, LATEST
from timeline.answers import Truth
from timeline.case import said
from timeline.counting.happenings import Happening
from timeline.hearings.hearing import Hearing

ORDER: Final = "prescription"
_EVER: Final = EARLIEST - 1
_NEVER: Final = LATEST + 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One administration, or an order, of another substance: from its start to its end, or to where it was stopped.

    `end` is empty where nobody says that an order ended. `by` is the event that stopped it.
    """

    id: str
    substance: str
    ordered: bool
    start: str
    end: str
    truth: Truth
    by: str = ""


@final
@dataclass(frozen=True, slots=True)
class Time:
    """What courses are held against: nodes of which some instant lies at or before, and at or after, each of them."""

    first: tuple[str, ...]
    last: tuple[str, ...]


@final
class _Nodes:
    """Many nodes, held against one: by their own bounds, and two by two only where statements tie them to it."""

    def __init__(self, hearing: Hearing, nodes: Sequence[str]) -> None:
        self.hearing, self.nodes = hearing, nodes
        self.own = hearing.network.bounds()
        self.tied: dict[int | str, list[str]] = {}
        for one in nodes:
            self.tied.setdefault(hearing.network.group(one), []).append(one)
        bounds = [self.own.get(one, ANY) for one in nodes]
        self.lows = sorted(_EVER if each.lo is None else each.lo for each in bounds)
        self.highs = sorted(_NEVER if each.hi is None else each.hi for each in bounds)

    def _beside(self, node: str) -> Sequence[str]:
        return self.tied.get(self.hearing.network.group(node), ())

    def any_after(self, node: str) -> bool:
        """Whether a node is at or before any of these in every world."""
        high = self.own.get(node, ANY).hi
        if high is not None and self.lows and high <= self.lows[-1]:
            return True
        return any(_before(self.hearing, node, one) for one in self._beside(node))

    def any_before(self, node: str) -> bool:
        """Whether any of these is at or before a node in every world."""
        low = self.own.get(node, ANY).lo
        if low is not None and self.highs and self.highs[0] <= low:
            return True
        return any(_before(self.hearing, one, node) for one in self._beside(node))

    def all_before(self, node: str) -> bool:
        """Whether a node is after each of these in every world."""
        low = self.own.get(node, ANY).lo
        others = len(self.highs) - (0 if low is None else bisect_left(self.highs, low))
        if others > len(self._beside(node)):
            return False
        return not others or all(_after(self.hearing, node, one) for one in self.nodes)

    def all_after(self, node: str) -> bool:
        """Whether each of these is after a node in every world."""
        high = self.own.get(node, ANY).hi
        others = len(self.lows) if high is None else bisect_right(self.lows, high)
        if others > len(self._beside(node)):
            return False
        return not others or all(_after(self.hearing, one, node) for one in self.nodes)


def time_of(told: Sequence[Happening]) -> Time:
    """Give the time from the first to the last of these sessions."""
    dated = [one for one in told if one.dated]
    return Time(tuple(one.first for one in dated), tuple(one.last for one in dated))


def beside(hearing: Hearing, substance: str, time: Time) -> tuple[Course, ...]:
    """Give the courses of other substances that certainly or possibly overlap a time; by id."""
    first, last = _Nodes(hearing, time.first), _Nodes(hearing, time.last)
    found = (_course(hearing, event, first, last) for event in _others(hearing, substance))
    return tuple(sorted((one for one in found if one.truth is not Truth.IMPOSSIBLE), key=lambda one: one.id))


def _others(hearing: Hearing, substance: str) -> Iterator[RecordedEvent]:
    same = hearing.timeline.same_name
    for event in hearing.counted:
        kind = find_type(event.type)
        of = same(str(said(event, "substance")))
        if kind is not None and (kind.administration or event.type == ORDER) and of and of != substance:
            yield event


def _course(hearing: Hearing, event: RecordedEvent, first: _Nodes, last: _Nodes) -> Course:
    nodes = hearing.nodes(event.id)
    ordered = event.type == ORDER
    dated = event.id in hearing.statements and event.id not in hearing.undated
    end, by = nodes.end, ""
    if nodes.single and ordered:
        by = _stopped(hearing, event) if dated else ""
        end = hearing.nodes(by).start if by else ""
    truth = _overlaps(nodes.start, end, first, last) if dated else Truth.POSSIBLE
    name = str(said(event, "substance"))
    return Course(id=event.id, substance=name, ordered=ordered, start=nodes.start, end=end, truth=truth, by=by)


def _stopped(hearing: Hearing, event: RecordedEvent) -> str:
    """Give the event that stopped this course: the one that certainly came first after it; empty where none did."""
    same = hearing.timeline.same_name
    of = same(str(said(event, "substance")))
    start = hearing.nodes(event.id).start
    stops = [
        one.id
        for one in hearing.counted
        if one.type == "stopped" and same(str(said(one, "substance"))) == of and one.id not in hearing.undated
        if _before(hearing, start, hearing.nodes(one.id).start)
    ]
    firsts = (
        one
        for one in stops
        if all(_before(hearing, hearing.nodes(one).start, hearing.nodes(other).start) for other in stops)
    )
    return next(firsts, "")


def _before(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is at or before b in every world."""
    least = hearing.network.between(a, b).lo
    return a == b or (least is not None and least >= 0)


def _after(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is after b in every world."""
    least = hearing.network.between(b, a).lo
    return least is not None and least > 0


def _overlaps(start: str, end: str, first: _Nodes, last: _Nodes) -> Truth:
    """Whether [start, end] meets the time from the first to the last of its instants; an end not known is open."""
    if not first.nodes:
        return Truth.POSSIBLE
    if last.all_before(start):
        return Truth.IMPOSSIBLE
    if end and first.all_after(end):
        return Truth.IMPOSSIBLE
    begun = last.any_after(start)
    lasting = bool(end) and first.any_before(end)
    return Truth.CERTAIN if begun and lasting else Truth.POSSIBLE
