"""Enumerates every world of a small case and counts in it. Shares no code with the engine, and is slow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

TYPES = ("x", "y")
MORE = 1
"""How many more than its lower end an open count is tried with."""


@dataclass(frozen=True)
class Telling:
    """One event: `low` to `high` (None: open) happenings, each from `start` to `end` on the axis or from the anchor.

    With `near`, the id of a single told before it, they are measured from that one.
    """

    id: str
    teller: str
    start: int
    end: int
    tied: bool = False
    type: str = "x"
    low: int = 1
    high: int | None = 1
    near: str = ""

    @property
    def single(self) -> bool:
        return self.low == self.high == 1

    @property
    def period(self) -> tuple[bool, str, int, int]:
        return self.tied, self.near, self.start, self.end


@dataclass(frozen=True)
class Total:
    """A claim of how many there were of a type (empty: any) from `start` to `end`, both included."""

    id: str
    start: int
    end: int
    low: int
    high: int | None
    tied: bool = False
    type: str = ""


@dataclass(frozen=True)
class Case:
    """An anchor that lies from `early` to `late`, what is told, and what is claimed."""

    early: int
    late: int
    told: tuple[Telling, ...]
    totals: tuple[Total, ...] = ()


Happening = tuple[int, str]
World = tuple[int, tuple[Happening, ...]]
"""Where the anchor is, and every happening with its time and type."""


def worlds(case: Case) -> Iterator[World]:
    """Give every world of what is told, without the claims: times, numbers, types and identities."""
    for anchor in range(case.early, case.late + 1):
        for tellings in _tellings(case, anchor, ()):
            instances = [(at, kind, who) for who, (kind, times) in enumerate(tellings) for at in times]
            for joined in _identities(case, instances, []):
                yield anchor, joined


Way = tuple[str, tuple[int, ...]]


def _tellings(case: Case, anchor: int, sofar: tuple[Way, ...]) -> Iterator[tuple[Way, ...]]:
    """Give every way the tellings may come out: of each a type and its times."""
    if len(sofar) == len(case.told):
        yield sofar
        return
    one = case.told[len(sofar)]
    known = {told.id: times[0] for told, (_, times) in zip(case.told, sofar, strict=False) if told.single}
    for way in _ways(one, known[one.near] if one.near else anchor if one.tied else 0):
        yield from _tellings(case, anchor, (*sofar, way))


def _ways(one: Telling, shift: int) -> Iterator[Way]:
    places = range(one.start + shift, one.end + shift + 1)
    most = one.low + MORE if one.high is None else one.high
    for kind in (one.type,) if one.type else TYPES:
        for number in range(one.low, most + 1):
            for times in combinations_with_replacement(places, number):
                yield kind, times


def _identities(
    case: Case, left: list[tuple[int, str, int]], groups: list[tuple[int, str, frozenset[int]]]
) -> Iterator[tuple[Happening, ...]]:
    """Let each telling's instance be a happening of its own, or one that others tell of."""
    if not left:
        yield tuple((at, kind) for at, kind, _ in groups)
        return
    (at, kind, who), rest = left[0], left[1:]
    yield from _identities(case, rest, [*groups, (at, kind, frozenset({who}))])
    for place, (time, type_, members) in enumerate(groups):
        if time == at and type_ == kind and not any(_distinct(case.told[who], case.told[one]) for one in members):
            others = [*groups[:place], (time, type_, members | {who}), *groups[place + 1 :]]
            yield from _identities(case, rest, others)


def _distinct(a: Telling, b: Telling) -> bool:
    """Whether one telling lists both; an event tells of each of its own happenings once."""
    if a.id == b.id:
        return True
    exact = a.low == a.high and b.low == b.high and a.period == b.period
    return a.teller == b.teller and ((a.single and b.single) or (exact and not a.single and not b.single))


def on_record(case: Case) -> Iterator[World]:
    """Give the worlds of what is told and claimed, with further happenings only where a claim tells of some."""
    return _claimed(case, anywhere=False)


def in_fact(case: Case, hidden: int = 1) -> Iterator[World]:
    """Give the worlds with up to so many happenings that nobody recorded."""
    return _claimed(case, anywhere=True, hidden=hidden)


def _claimed(case: Case, *, anywhere: bool, hidden: int = 1) -> Iterator[World]:
    fewest = min((one.low for one in case.totals if one.high != 0), default=0)
    most = max(hidden if anywhere else 0, fewest + MORE if case.totals else 0)
    for anchor, happened in worlds(case):
        places = [(at, kind) for at in range(-2, 12) for kind in TYPES]
        told = [total for total in case.totals if total.high != 0]
        free = [one for one in places if anywhere or any(_in(total, one, anchor) for total in told)]
        for number in range(most + 1):
            for more in combinations_with_replacement(free, number):
                every = (*happened, *more)
                if all(_agrees(total, every, anchor) for total in case.totals):
                    yield anchor, every


def _in(total: Total, one: Happening, anchor: int) -> bool:
    shift = anchor if total.tied else 0
    return total.start + shift <= one[0] <= total.end + shift and total.type in {"", one[1]}


def _agrees(total: Total, happened: tuple[Happening, ...], anchor: int) -> bool:
    number = sum(_in(total, one, anchor) for one in happened)
    return total.low <= number and (total.high is None or number <= total.high)


def number(world: World, start: int, end: int, *, tied: bool, type_: str = "") -> int:
    """Count the happenings of a type from `start` to `end`, both included."""
    anchor, happened = world
    shift = anchor if tied else 0
    return sum(start + shift <= at <= end + shift and type_ in {"", kind} for at, kind in happened)


def since_last(world: World, type_: str = "") -> int | None:
    """Give how long before the anchor the last one of a type was; None where there was none."""
    anchor, happened = world
    return min((anchor - at for at, kind in happened if at <= anchor and type_ in {"", kind}), default=None)


def since_first(world: World, type_: str = "") -> int | None:
    """Give how long before the anchor the first one of a type was; None where there was none."""
    anchor, happened = world
    return max((anchor - at for at, kind in happened if at <= anchor and type_ in {"", kind}), default=None)
