"""Counts, last and first against the enumeration of every world of small cases (SEMANTICS 4 to 7 and 9)."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import assume, given
from hypothesis import strategies as st

from events.when import Bound
from tests.laws import oracle
from tests.laws.effort import tries
from tests.laws.oracle import Case, Telling
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, Window
from timeline.counting.last import Since, since_first, since_last
from timeline.counts import Count, count_in
from timeline.network import ORIGIN, Edge, Network

ANCHOR = "anchor"


@dataclass(frozen=True)
class Asked:
    """A closed window on the axis or from the anchor, and a type (empty: any)."""

    start: int
    end: int
    tied: bool
    type: str

    @property
    def window(self) -> Window:
        node = ANCHOR if self.tied else ORIGIN
        return Window(Moment(node, self.start - 1), Moment(node, self.end))


def record(case: Case) -> Record:
    """Tell the engine what the oracle is told."""
    network = Network()
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, case.early, case.late)])
    happenings = []
    for one in case.told:
        anchor = one.near or (ANCHOR if one.tied else ORIGIN)
        first, last = (one.id, one.id) if one.single else (f"{one.id}.first", f"{one.id}.last")
        edges = [Edge(anchor, node, one.start, one.end) for node in dict.fromkeys((first, last))]
        network.add(one.id, edges if one.single else [*edges, Edge(first, last, 0, None)])
        happenings.append(
            Happening(
                id=one.id,
                scope=Scope(one.type),
                teller=(one.teller, "", ""),
                count=Bound(one.low, one.high),
                first=first,
                last=last,
                ends=() if one.single else (Moment(anchor, one.start - 1), Moment(anchor, one.end)),
            )
        )
    totals = tuple(
        Total(
            id=one.id,
            scope=Scope(one.type),
            count=Bound(one.low, one.high),
            start=Moment(ANCHOR if one.tied else ORIGIN, one.start - 1),
            end=Moment(ANCHOR if one.tied else ORIGIN, one.end),
        )
        for one in case.totals
    )
    return Record(network=network, happenings=tuple(happenings), totals=totals)


SINGLE = (1, 1)
SEVERAL = ((2, 2), (1, None), (0, 1), (1, 2))


@st.composite
def tellings(draw: st.DrawFn, name: str, told: list[Telling], *, several: bool) -> Telling:
    near = draw(st.sampled_from(["", "", *(one.id for one in told if one.single)]))
    tied = not near and draw(st.booleans())
    start = draw(st.integers(-3, 1) if tied or near else st.integers(2, 5))
    low, high = draw(st.sampled_from((SINGLE,) * 4 + (SEVERAL if several else ())))
    return Telling(
        id=name,
        teller=draw(st.sampled_from("pq")),
        start=start,
        end=start + draw(st.sampled_from((0, 0, 1, 2))),
        tied=tied,
        type=draw(st.sampled_from(("x", "x", "x", "y", ""))),
        low=low,
        high=high,
        near=near,
    )


@st.composite
def cases(draw: st.DrawFn, *, several: bool = True, most: int = 3) -> Case:
    early = draw(st.integers(3, 6))
    told: list[Telling] = []
    for name in "abcdef"[: draw(st.integers(2, most))]:
        told.append(draw(tellings(name, told, several=several)))
    return Case(early, early + draw(st.sampled_from((0, 1, 2))), tuple(told))


@st.composite
def totals(draw: st.DrawFn, name: str) -> oracle.Total:
    start = draw(st.integers(0, 5))
    low = draw(st.integers(0, 2))
    high = draw(st.sampled_from([None, low, low + 1]))
    return oracle.Total(name, start, start + draw(st.integers(0, 4)), low, high, type=draw(st.sampled_from(("", "x"))))


@st.composite
def windows(draw: st.DrawFn) -> Asked:
    tied = draw(st.booleans())
    start = draw(st.integers(-4, -1) if tied else st.integers(0, 4))
    return Asked(start, start + draw(st.integers(1, 5)), tied, draw(st.sampled_from(("", "", "x"))))


def within(bound: Bound, values: set[int]) -> bool:
    return all((bound.lo or 0) <= one and (bound.hi is None or one <= bound.hi) for one in values)


def numbers(worlds: object, asked: Asked) -> set[int]:
    return {oracle.number(one, asked.start, asked.end, tied=asked.tied, type_=asked.type) for one in worlds}  # type: ignore[attr-defined]


def ends_occur(count: Count, values: set[int]) -> bool:
    return count.bound.lo == min(values) and count.bound.hi in {None, max(values)}


@tries(60)
@given(cases(), windows())
def test_a_count_holds_in_every_world_and_a_tight_one_is_reached(case: Case, asked: Asked) -> None:
    values = numbers(oracle.on_record(case), asked)
    count = count_in(record(case), asked.window, Scope(asked.type))
    assert within(count.bound, values), (count.bound, values)
    assert not count.tight or ends_occur(count, values), (count.bound, values)
    assert not count.contradiction
    assert count.in_fact == Bound(count.bound.lo, None)


@tries(60)
@given(cases(several=False, most=4), windows())
def test_singles_of_one_telling_are_counted_exactly(case: Case, asked: Asked) -> None:
    one_teller = Case(case.early, case.late, tuple(Telling(**{**vars(one), "teller": "p"}) for one in case.told))
    count = count_in(record(one_teller), asked.window, Scope(asked.type))
    values = numbers(oracle.on_record(one_teller), asked)
    assert count.tight
    assert (count.bound.lo, count.bound.hi) == (min(values), max(values))


@tries(30)
@given(cases(most=2), st.lists(totals("t"), min_size=1, max_size=1), windows())
def test_totals_bound_the_record_and_the_facts(case: Case, claimed: list[oracle.Total], asked: Asked) -> None:
    case = Case(case.early, case.early, case.told, tuple(claimed))
    count = count_in(record(case), asked.window, Scope(asked.type))
    told, facts = numbers(oracle.on_record(case), asked), numbers(oracle.in_fact(case), asked)
    assume(told)
    assert within(count.bound, told), (count.bound, told)
    assert within(count.in_fact, facts | told), (count.in_fact, facts)
    assert not count.contradiction


@tries(40)
@given(cases(), windows(), st.randoms(use_true_random=False))
def test_the_order_of_events_changes_no_count(case: Case, asked: Asked, random: object) -> None:
    shuffled = [one for one in case.told if not one.near]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    plain = Case(case.early, case.late, tuple(one for one in case.told if not one.near))
    mixed = Case(case.early, case.late, tuple(shuffled))
    first, second = (count_in(record(one), asked.window, Scope(asked.type)) for one in (plain, mixed))
    assert (first.bound, first.tight, first.least_rests, first.doubts) == (
        second.bound,
        second.tight,
        second.least_rests,
        second.doubts,
    )


def agrees(found: Since, values: set[int | None], facts: set[int | None]) -> None:
    """Check one answer about the last or first against the values of every world."""
    some = {value for value in values if value is not None}
    assert (found.exists == "impossible") == (not some)
    assert found.exists != "certain" or None not in values
    assert found.fact_exists != "certain" or None not in facts
    assert not some or within(found.elapsed, some), (found.elapsed, some)
    assert within(found.fact_elapsed, {value for value in facts if value is not None})
    if found.tight and some:
        assert found.elapsed.lo == min(some)
        assert found.elapsed.hi in {None, max(some)}


@tries(60)
@given(cases(most=3), st.sampled_from(("", "x")))
def test_the_last_before_an_anchor_holds_in_every_world(case: Case, type_: str) -> None:
    values = {oracle.since_last(one, type_) for one in oracle.worlds(case)}
    few = len(case.told) <= 2
    facts = {oracle.since_last(one, type_) for one in oracle.in_fact(case)} if few else values
    agrees(since_last(record(case), ANCHOR, Scope(type_)), values, facts)


@tries(60)
@given(cases(most=3), st.sampled_from(("", "x")))
def test_the_first_before_an_anchor_holds_in_every_world(case: Case, type_: str) -> None:
    values = {oracle.since_first(one, type_) for one in oracle.worlds(case)}
    agrees(since_first(record(case), ANCHOR, Scope(type_)), values, values)
