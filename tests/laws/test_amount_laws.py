"""Sums of amounts under claims and default amounts, against every world of small cases (SEMANTICS 6, amounts).

The enumeration here shares no code with the engine: amounts are small whole numbers, times a handful of ticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product

from hypothesis import assume, given
from hypothesis import strategies as st

from events.when import Bound
from tests.laws.effort import tries
from timeline.counting.amounts import Claimed, Dosing, Sum, amounts_in
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, Window
from timeline.counting.measures import Amounts, Measure
from timeline.network import ORIGIN, Edge, Network

Range = tuple[int, int]
UNSAID = (0, 1, 3)
"""What an amount that nobody states is tried with."""
TICKS = range(-1, 7)
MORE = 1
"""How many more than its lower end an open number is tried with."""


@dataclass(frozen=True)
class Given:
    """A telling: `low` to `high` (None: open) administrations from `start` to `end`, each or all of so much."""

    id: str
    teller: str
    start: int
    end: int
    low: int = 1
    high: int | None = 1
    each: Range | None = None
    whole: Range | None = None

    @property
    def single(self) -> bool:
        return self.low == self.high == 1


@dataclass(frozen=True)
class Claim:
    """That from `start` to `end`, both included, there were so many (or there was so much) in all; None: open."""

    id: str
    start: int
    end: int
    low: int
    high: int | None

    def holds(self, value: int) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    def has(self, at: int) -> bool:
        return self.start <= at <= self.end


@dataclass(frozen=True)
class Case:
    """What is told, the claims of how many and of how much, and what is taken for an amount nobody states."""

    told: tuple[Given, ...]
    numbers: tuple[Claim, ...] = ()
    amounts: tuple[Claim, ...] = ()
    default: Range | None = None


One = tuple[int, frozenset[int]]
"""An administration: when, and the places of the tellings of it (none: nobody told)."""
World = tuple[tuple[One, int], ...]


def worlds(case: Case, *, anywhere: bool = False) -> Iterator[World]:
    """Give every world: what is told, what a claim tells of beyond that, and with `anywhere` one that nobody told."""
    for told in product(*map(_ways, case.told)):
        instances = [(at, who) for who, times in enumerate(told) for at in times]
        for happened in _joined(case, instances, ()):
            for more in _hidden(case, anywhere=anywhere):
                yield from _weighed(case, (*happened, *more), told)


def _ways(one: Given) -> list[tuple[int, ...]]:
    most = one.low + MORE if one.high is None else one.high
    ticks = range(one.start, one.end + 1)
    return [times for n in range(one.low, most + 1) for times in combinations_with_replacement(ticks, n)]


def _joined(case: Case, left: Sequence[tuple[int, int]], sofar: tuple[One, ...]) -> Iterator[tuple[One, ...]]:
    """Let each instance be one of its own, or one that others tell of too."""
    if not left:
        yield sofar
        return
    (at, who), rest = left[0], left[1:]
    yield from _joined(case, rest, (*sofar, (at, frozenset({who}))))
    for place, (when, by) in enumerate(sofar):
        if when == at and not any(_distinct(case.told[who], case.told[each]) for each in by):
            yield from _joined(case, rest, (*sofar[:place], (at, by | {who}), *sofar[place + 1 :]))


def _distinct(a: Given, b: Given) -> bool:
    if a.id == b.id:
        return True
    rows = a.low == a.high and b.low == b.high and (a.start, a.end) == (b.start, b.end)
    return a.teller == b.teller and ((a.single and b.single) or (rows and not a.single and not b.single))


def _hidden(case: Case, *, anywhere: bool) -> Iterator[tuple[One, ...]]:
    telling = [one for one in (*case.numbers, *case.amounts) if one.high != 0]
    ticks = [at for at in TICKS if anywhere or any(one.has(at) for one in telling)]
    most = max([1 if anywhere or telling else 0, *(one.low for one in case.numbers)])
    for number in range(most + 1):
        for times in combinations_with_replacement(ticks, number):
            yield tuple((at, frozenset()) for at in times)


def _weighed(case: Case, happened: Sequence[One], told: Sequence[tuple[int, ...]]) -> Iterator[World]:
    """Give every way that what happened can have come to amounts which all that is said allows."""
    if not all(one.holds(sum(one.has(at) for at, _ in happened)) for one in case.numbers):
        return
    for much in product(*(_amounts(case, by) for _, by in happened)):
        world = tuple(zip(happened, much, strict=True))
        wholes = ((who, one.whole) for who, one in enumerate(case.told) if one.whole is not None)
        if all(
            low <= sum(each for (_, by), each in world if who in by) <= high for who, (low, high) in wholes
        ) and all(one.holds(sum(each for (at, _), each in world if one.has(at))) for one in case.amounts):
            yield world


def _amounts(case: Case, by: Iterable[int]) -> Sequence[int]:
    said = [each for who in by if (each := case.told[who].each) is not None]
    if said:
        return range(max(low for low, _ in said), min(high for _, high in said) + 1)
    if case.default is None or any(case.told[who].whole is not None for who in by):
        return UNSAID
    return range(case.default[0], case.default[1] + 1)


def summed(found: Iterable[World], window: Range) -> set[int]:
    return {sum(much for (at, _), much in one if window[0] <= at <= window[1]) for one in found}


def unsaid(found: Iterable[World], case: Case, window: Range) -> set[int]:
    """Give how many there may be whose amount nobody states."""

    def silent(by: frozenset[int]) -> bool:
        return all(case.told[who].each is None and case.told[who].whole is None for who in by)

    return {sum(window[0] <= at <= window[1] and silent(by) for (at, by), _ in one) for one in found}


# --- what the engine is told -----------------------------------------------------------------------------------------


def record(case: Case) -> Record:
    network, happenings = Network(), []
    for one in case.told:
        first, last = (one.id, one.id) if one.single else (f"{one.id}.first", f"{one.id}.last")
        edges = [Edge(ORIGIN, node, one.start, one.end) for node in dict.fromkeys((first, last))]
        network.add(one.id, edges if one.single else [*edges, Edge(first, last, 0, None)])
        period = (Moment(ORIGIN, one.start - 1), Moment(ORIGIN, one.end))
        happenings.append(
            Happening(
                id=one.id,
                scope=SCOPE,
                teller=(one.teller, "", ""),
                count=Bound(one.low, one.high),
                first=first,
                last=last,
                ends=() if one.single else period,
            )
        )
    return Record(network=network, happenings=tuple(happenings), totals=tuple(map(total, case.numbers)))


SCOPE = Scope("x", "k")


def total(one: Claim) -> Total:
    start, end = Moment(ORIGIN, one.start - 1), Moment(ORIGIN, one.end)
    return Total(id=one.id, scope=SCOPE, count=Bound(one.low, one.high), start=start, end=end)


def measure(told: tuple[int, int | None] | None) -> Measure | None:
    return None if told is None else Measure(Fraction(told[0]), None if told[1] is None else Fraction(told[1]), "mg")


def asked(case: Case, window: Range) -> tuple[Sum, ...]:
    amounts = {one.id: Amounts(each=measure(one.each), total=measure(one.whole)) for one in case.told}
    claimed = tuple(Claimed(total(one), much) for one in case.amounts if (much := measure((one.low, one.high))))
    dosing = Dosing(amounts=amounts, spans={}, claimed=claimed, default=measure(case.default))
    return amounts_in(record(case), Window(Moment(ORIGIN, window[0] - 1), Moment(ORIGIN, window[1])), SCOPE, dosing)


# --- the law ---------------------------------------------------------------------------------------------------------

ranges = st.sampled_from([(0, 0), (1, 1), (1, 2), (2, 2), (0, 2)])


@st.composite
def tellings(draw: st.DrawFn, name: str) -> Given:
    start = draw(st.integers(0, 4))
    low, high = draw(st.sampled_from([(1, 1), (1, 1), (1, 1), (2, 2), (1, None), (0, 1)]))
    each = draw(st.one_of(st.none(), ranges))
    whole = draw(ranges) if each is None and draw(st.booleans()) else None
    length = draw(st.sampled_from((0, 0, 1, 2)))
    return Given(name, draw(st.sampled_from("pq")), start, start + length, low, high, each, whole)


@st.composite
def claims(draw: st.DrawFn, name: str, most: int) -> Claim:
    start, low = draw(st.integers(0, 4)), draw(st.integers(0, most))
    return Claim(name, start, start + draw(st.integers(0, 4)), low, draw(st.sampled_from([None, low, low + 1])))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    numbers = (draw(claims("n", 2)),) if draw(st.booleans()) else ()
    amounts = (draw(claims("m", 4)),) if draw(st.booleans()) else ()
    told = tuple(draw(tellings(name)) for name in "abc"[: draw(st.integers(1, 2 if numbers or amounts else 3))])
    return Case(told, numbers, amounts, draw(st.sampled_from([None, None, (0, 1), (1, 1), (1, 2)])))


@st.composite
def windows(draw: st.DrawFn) -> Range:
    start = draw(st.integers(0, 4))
    return start, start + draw(st.integers(0, 4))


@tries(30)
@given(cases(), windows())
def test_a_sum_holds_in_every_world_and_a_tight_one_is_reached(case: Case, window: Range) -> None:
    found = list(worlds(case))
    values = summed(found, window)
    assume(values)
    sums = asked(case, window)
    assert len(sums) <= 1
    if not sums:
        assert values == {0}
        return
    (one,) = sums
    assert one.lo <= min(values), (one, values)
    assert one.hi is None or max(values) <= one.hi, (one, values)
    assert not one.tight or one.hi is None or {one.lo, one.hi} == {min(values), max(values)}, (one, values)
    if not case.amounts:
        silent = unsaid(found, case, window)
        assert (one.unknown.lo or 0) <= min(silent), (one, silent)
        assert one.unknown.hi is None or max(silent) <= one.unknown.hi, (one, silent)
    if one.fact_hi is not None:
        assert max(summed(worlds(case, anywhere=True), window)) <= one.fact_hi, one
