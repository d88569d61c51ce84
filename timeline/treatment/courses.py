"""What other substances ran beside a treatment, certainly or possibly, up to where they were stopped. Words nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, final

from events.event import RecordedEvent, find_type
from events.when import ANY, EARLIEST, LATEST
from timeline.answers import Truth
from timeline.case import said
from timeline.counting.happenings import Happening, Moment, Record, Scope, can_meet, gap
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
    """What courses are held against: the sessions that may have been, by the nodes of the first and the last of each.

    `sure` are the nodes of those that certainly were. `untold` are the stretches in which claims tell of others; where
    it is `open`, one of the sessions may have been at any time.
    """

    first: tuple[str, ...]
    last: tuple[str, ...]
    sure: tuple[tuple[str, ...], tuple[str, ...]]
    untold: tuple[tuple[Moment, Moment], ...] = ()
    open: bool = False


@final
class Instants:
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
        return any(_not_before(self.hearing, one, node) for one in self._beside(node))

    def any_before(self, node: str, *, strictly: bool = False) -> bool:
        """Whether any of these is at or before a node in every world."""
        low = self.own.get(node, ANY).lo
        if low is not None and self.highs and self.highs[0] <= low - strictly:
            return True
        known = _after if strictly else _not_before
        return any(known(self.hearing, node, one) for one in self._beside(node))

    def all_before(self, node: str) -> bool:
        """Whether a node is after each of these in every world."""
        low = self.own.get(node, ANY).lo
        others = len(self.highs) - (0 if low is None else bisect_left(self.highs, low))
        if others > len(self._beside(node)):
            return False
        return not others or all(_after(self.hearing, node, one) for one in self.nodes)

    def all_after(self, node: str, *, strictly: bool = True) -> bool:
        """Whether each of these is after a node (at or after it, unless strictly) in every world."""
        high = self.own.get(node, ANY).hi
        others = len(self.lows) if high is None else bisect_right(self.lows, high - (not strictly))
        if others > len(self._beside(node)):
            return False
        known = _after if strictly else _not_before
        return not others or all(known(self.hearing, one, node) for one in self.nodes)


def time_of(record: Record, told: Sequence[Happening], scope: Scope) -> Time:
    """Give the time from the first to the last of these sessions, with those of a scope that claims tell of besides."""
    dated = [one for one in told if one.dated]
    sure = [one for one in dated if one.count.lo and one.scope.within(scope)]
    claimed = [(Moment(one.node), Moment(one.node), one.scope) for one in record.lasts]
    claimed += [(one.start, one.end, one.scope) for one in record.totals if one.count.hi != 0]
    return Time(
        tuple(one.first for one in dated),
        tuple(one.last for one in dated),
        (tuple(one.first for one in sure), tuple(one.last for one in sure)),
        tuple((start, end) for start, end, of in claimed if can_meet(of, scope, record.declared)),
        len(dated) < len(told),
    )


def at_instant(node: str) -> Time:
    """Give the time of one instant."""
    return Time((node,), (node,), ((node,), (node,)))


@final
class _Held:
    """A time and the stops of courses, ready to hold courses against."""

    def __init__(self, hearing: Hearing, time: Time) -> None:
        self.hearing, self.time = hearing, time
        self.first, self.last = Instants(hearing, time.first), Instants(hearing, time.last)
        self.sure = tuple(Instants(hearing, nodes) for nodes in time.sure)
        self.undated = frozenset(hearing.undated)
        self.stops = _stops(hearing)

    def overlaps(self, start: str, end: str, *, firm: bool) -> Truth:
        """Whether [start, end] meets the time; an end not known is open, and one that is not `firm` may be earlier."""
        if not self.time.first and not self.time.untold:
            return Truth.POSSIBLE
        if not self.time.open and (self._too_late(start) or (end and self._too_early(end))):
            return Truth.IMPOSSIBLE
        first, last = self.sure
        return Truth.CERTAIN if end and firm and last.any_after(start) and first.any_before(end) else Truth.POSSIBLE

    def _too_late(self, start: str) -> bool:
        after = (gap(self.hearing.network, end, Moment(start)).lo for _, end in self.time.untold)
        return self.last.all_before(start) and all(each is not None and each > 0 for each in after)

    def _too_early(self, end: str) -> bool:
        before = (gap(self.hearing.network, Moment(end), start).lo for start, _ in self.time.untold)
        return self.first.all_after(end) and all(each is not None and each > 0 for each in before)

    def stopped(self, event: RecordedEvent) -> str:
        """Give the event that stopped this course: the one that certainly came first after it; empty if none did."""
        start = self.hearing.nodes(event.id).start
        stops = [one for one in self._of(event) if one not in self.undated and self._by(start, one)]
        firsts = (one for one in stops if all(self._by(self.hearing.nodes(one).start, other) for other in stops))
        return next(firsts, "")

    def firm(self, event: RecordedEvent, end: str) -> bool:
        """Whether no stop on record, also of nobody says what, may have come between an order and this end of it."""
        start = self.hearing.nodes(event.id).start
        stops = (self.hearing.nodes(one).start for one in (*self._of(event), *self.stops.get("", ())))
        return all(_after(self.hearing, start, one) or _not_before(self.hearing, one, end) for one in stops)

    def _of(self, event: RecordedEvent) -> Sequence[str]:
        return self.stops.get(self.hearing.timeline.same_name(str(said(event, "substance"))), ())

    def _by(self, node: str, stop: str) -> bool:
        return _not_before(self.hearing, self.hearing.nodes(stop).start, node)


def beside(hearing: Hearing, apart: Collection[str], time: Time) -> tuple[Course, ...]:
    """Give the courses of substances apart from these that certainly or possibly overlap a time; by id."""
    others = list(_others(hearing, apart))
    held = _Held(hearing, time) if others else None
    found = [_course(held, event) for event in others] if held else []
    return tuple(sorted((one for one in found if one.truth is not Truth.IMPOSSIBLE), key=lambda one: one.id))


def _others(hearing: Hearing, apart: Collection[str]) -> Iterator[RecordedEvent]:
    same = cache(hearing.timeline.same_name)
    types = {one for one in {event.type for event in hearing.counted} if one == ORDER or _given(one)}
    for event in hearing.counted:
        of = same(str(said(event, "substance"))) if event.type in types else ""
        if of and of not in apart:
            yield event


def _given(type_: str) -> bool:
    kind = find_type(type_)
    return kind is not None and kind.administration


def _course(held: _Held, event: RecordedEvent) -> Course:
    nodes = held.hearing.nodes(event.id)
    ordered = event.type == ORDER
    dated = event.id in held.hearing.statements and event.id not in held.undated
    end, by = nodes.end, ""
    if nodes.single and ordered:
        by = held.stopped(event) if dated else ""
        end = held.hearing.nodes(by).start if by else ""
    firm = not ordered or (dated and bool(end) and held.firm(event, end))
    truth = held.overlaps(nodes.start, end, firm=firm) if dated else Truth.POSSIBLE
    name = str(said(event, "substance"))
    return Course(id=event.id, substance=name, ordered=ordered, start=nodes.start, end=end, truth=truth, by=by)


def _stops(hearing: Hearing) -> Mapping[str, Sequence[str]]:
    """Give the events that stopped a substance, by its name as names are compared, in log order."""
    found: dict[str, list[str]] = {}
    for one in hearing.counted:
        if one.type == "stopped":
            found.setdefault(hearing.timeline.same_name(str(said(one, "substance"))), []).append(one.id)
    return found


def _not_before(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is at or after b in every world."""
    least = hearing.network.between(b, a).lo
    return a == b or (least is not None and least >= 0)


def _after(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is after b in every world."""
    least = hearing.network.between(b, a).lo
    return least is not None and least > 0
