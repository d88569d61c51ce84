"""Claims of totals, lasts, completeness and identity against the enumeration of every world (SEMANTICS 5 to 7, 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import assume, given
from hypothesis import strategies as st

from events.when import EARLIEST, Bound
from tests.laws import oracle
from tests.laws.effort import tries
from tests.laws.oracle import Case, Telling
from timeline.counting.decided import decide
from timeline.counting.happenings import Closed, Declared, Happening, Last, Moment, Record, Scope, Total, Window
from timeline.counting.last import Since, since_last
from timeline.counting.tellings import told_once
from timeline.counts import count_in
from timeline.network import ORIGIN, Edge, Network

ANCHOR = "anchor"
SLOW = tries(12)
FEW = tries(40)


def node_of(one: oracle.Total | oracle.Complete) -> str:
    return ANCHOR if one.tied else ORIGIN


def period(one: oracle.Total | oracle.Complete) -> tuple[Moment, Moment]:
    return Moment(node_of(one), one.start - 1), Moment(node_of(one), one.end)


def happening(one: Telling) -> Happening:
    first, last = (one.id, one.id) if one.single else (f"{one.id}.first", f"{one.id}.last")
    anchor = ANCHOR if one.tied else ORIGIN
    return Happening(
        id=one.id,
        scope=Scope(one.type, "", one.by or ""),
        teller=(one.teller, "", ""),
        count=Bound(one.low, one.high),
        first=first,
        last=last,
        ends=() if one.single else (Moment(anchor, one.start - 1), Moment(anchor, one.end)),
    )


def record(case: Case) -> tuple[Record, bool]:
    """Tell the engine what the oracle is told, and say whether its network can agree with it."""
    network = Network()
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, case.early, case.late)])
    told = [happening(one) for one in case.told]
    for one, each in zip(case.told, told, strict=True):
        anchor = ANCHOR if one.tied else ORIGIN
        edges = [Edge(anchor, node, one.start, one.end) for node in dict.fromkeys((each.first, each.last))]
        network.add(one.id, edges if one.single else [*edges, Edge(each.first, each.last, 0, None)])
    agreed = True
    for number, ids in enumerate(case.same):
        a, b = sorted(ids)
        agreed = not network.add(f"same-{number}", [Edge(a, b, 0, 0)]) and agreed
    lasts = []
    for claim in case.lasts:
        node = f"c of {claim.type}"
        agreed = not network.add(claim.id, [Edge(node, ANCHOR, claim.near, claim.far)]) and agreed
        lasts.append(Last(id=claim.id, scope=Scope(claim.type), node=node, before=ANCHOR))
    distinct = Declared(frozenset(case.distinct))
    made = Record(
        network=network,
        happenings=told_once(told, [(f"same-{number}", ids) for number, ids in enumerate(case.same)]),
        totals=tuple(
            Total(id=one.id, scope=Scope(one.type, "", one.by), count=Bound(one.low, one.high), start=start, end=end)
            for one in case.totals
            for start, end in [period(one)]
        ),
        closed=tuple(
            Closed(id=one.id, scope=Scope(one.type), start=start, end=end, holds=tuple(told))
            for one in case.complete
            for start, end in [period(one)]
        ),
        lasts=tuple(lasts),
        declared=distinct,
    )
    return made, agreed and not decide(network, made)


@st.composite
def tellings(draw: st.DrawFn, name: str, *, several: bool = True, people: bool = False) -> Telling:
    tied = draw(st.booleans())
    start = draw(st.integers(-4, 1) if tied else st.integers(1, 5))
    low, high = draw(st.sampled_from(((1, 1),) * 3 + (((2, 2), (1, None), (0, 1)) if several else ())))
    return Telling(
        id=name,
        teller=draw(st.sampled_from("pq")),
        start=start,
        end=start + draw(st.sampled_from((0, 0, 1, 2))),
        tied=tied,
        type=draw(st.sampled_from(("x", "x", "x", "y", ""))),
        low=low,
        high=high,
        by=draw(st.sampled_from(("g", "h", ""))) if people else None,
    )


@st.composite
def cases(draw: st.DrawFn, *, least: int = 0, most: int = 2, several: bool = True, people: bool = False) -> Case:
    early = draw(st.integers(4, 6))
    names = "abcdef"[: draw(st.integers(least, most))]
    told = tuple(draw(tellings(name, several=several, people=people)) for name in names)
    return Case(early, early + draw(st.sampled_from((0, 0, 1))), told)


@st.composite
def totals(draw: st.DrawFn, name: str, *, people: bool = False) -> oracle.Total:
    tied = draw(st.booleans())
    start = draw(st.integers(-5, -1) if tied else st.integers(0, 5))
    low, high = draw(st.sampled_from(((0, 0), (0, 0), (1, None), (1, 2), (2, 2), (0, 1))))
    by = draw(st.sampled_from(("g", "h", ""))) if people else ""
    type_ = draw(st.sampled_from(("", "x")))
    return oracle.Total(name, start, start + draw(st.integers(0, 5)), low, high, tied=tied, type=type_, by=by)


@st.composite
def lasts(draw: st.DrawFn, name: str) -> oracle.Last:
    near = draw(st.integers(0, 3))
    return oracle.Last(name, near, near + draw(st.integers(0, 2)), draw(st.sampled_from(("", "x", "x"))))


@st.composite
def complete(draw: st.DrawFn, name: str) -> oracle.Complete:
    tied = draw(st.booleans())
    start = draw(st.integers(-6, -1) if tied else st.integers(-2, 4))
    end = start + draw(st.integers(1, 9))
    return oracle.Complete(name, start, end, tied=tied, type=draw(st.sampled_from(("", "x"))))


@dataclass(frozen=True)
class Asked:
    """A closed window on the axis or from the anchor, and a scope."""

    start: int
    end: int
    tied: bool
    type: str = ""
    by: str = ""

    @property
    def window(self) -> Window:
        node = ANCHOR if self.tied else ORIGIN
        return Window(Moment(node, self.start - 1), Moment(node, self.end))

    @property
    def scope(self) -> Scope:
        return Scope(self.type, "", self.by)

    def count(self, world: oracle.World) -> int:
        return oracle.number(world, self.start, self.end, tied=self.tied, type_=self.type, by=self.by)


@st.composite
def windows(draw: st.DrawFn, *, people: bool = False) -> Asked:
    tied = draw(st.booleans())
    start = draw(st.integers(-5, -1) if tied else st.integers(0, 5))
    by = draw(st.sampled_from(("", "g"))) if people else ""
    return Asked(start, start + draw(st.integers(0, 6)), tied, draw(st.sampled_from(("", "x"))), by)


def within(bound: Bound, values: set[int]) -> bool:
    return all((bound.lo or 0) <= one and (bound.hi is None or one <= bound.hi) for one in values)


def holds_in_every_world(case: Case, asked: Asked) -> None:
    made, agreed = record(case)
    told = {asked.count(one) for one in oracle.on_record(case)}
    facts = {asked.count(one) for one in oracle.in_fact(case)}
    assume(facts)
    assert agreed, "a contradiction where there is a world"
    count = count_in(made, asked.window, asked.scope)
    assert within(count.bound, told), (count.bound, told)
    assert within(count.in_fact, facts | told), (count.in_fact, facts)
    assert not count.contradiction
    if count.tight and told:
        assert count.bound.lo == min(told)
        assert count.bound.hi in {None, max(told)}


@FEW
@given(cases(), lasts("l"), windows())
def test_a_claimed_last_counts_and_closes(case: Case, claim: oracle.Last, asked: Asked) -> None:
    holds_in_every_world(replace(case, lasts=(claim,)), asked)


@SLOW
@given(cases(most=1), st.lists(totals("t"), min_size=1, max_size=1), lasts("l"), windows())
def test_a_total_and_a_last_together(case: Case, claimed: list[oracle.Total], claim: oracle.Last, asked: Asked) -> None:
    holds_in_every_world(replace(case, totals=tuple(claimed), lasts=(claim,), late=case.early), asked)


@FEW
@given(cases(), complete("k"), windows())
def test_a_complete_record_holds_no_more_than_it_has(case: Case, claim: oracle.Complete, asked: Asked) -> None:
    holds_in_every_world(replace(case, complete=(claim,)), asked)


@SLOW
@given(cases(most=2, people=True), st.lists(totals("t", people=True), max_size=1), st.booleans(), windows(people=True))
def test_givers_add_only_where_they_are_declared_distinct(
    case: Case, claimed: list[oracle.Total], declared: bool, asked: Asked
) -> None:
    distinct = (frozenset(oracle.PEOPLE),) if declared else ()
    holds_in_every_world(replace(case, totals=tuple(claimed), distinct=distinct, late=case.early), asked)


@FEW
@given(cases(least=2, most=3, several=False), st.booleans(), windows())
def test_same_and_distinct_ids(case: Case, same: bool, asked: Asked) -> None:
    pair = (frozenset(("a", "b")),)
    one_teller = case.told[0].teller == case.told[1].teller
    assume(not (same and one_teller))
    holds_in_every_world(replace(case, same=pair) if same else replace(case, distinct=pair), asked)


@FEW
@given(st.lists(totals("t"), min_size=2, max_size=2), windows())
def test_two_totals_bound_what_both_allow(claimed: list[oracle.Total], asked: Asked) -> None:
    first, second = claimed
    holds_in_every_world(Case(5, 5, (), (first, replace(second, id="u"))), asked)


def agrees(found: Since, values: set[int | None], facts: set[int | None]) -> None:
    """Check one answer about the last against the values of every world."""
    some = {value for value in values if value is not None}
    real = {value for value in facts if value is not None}
    assert found.exists != "impossible" or not some
    assert found.exists != "certain" or None not in values
    assert found.fact_exists != "certain" or None not in facts
    assert found.fact_exists != "impossible" or not real
    assert not some or within(found.elapsed, some), (found.elapsed, some)
    assert within(found.fact_elapsed, real), (found.fact_elapsed, real)
    if found.tight and some:
        assert found.elapsed.lo == min(some)
        assert found.elapsed.hi in {None, max(some)}


def last_holds(case: Case, type_: str) -> None:
    made, agreed = record(case)
    values = {oracle.since_last(one, type_) for one in oracle.on_record(case)}
    facts = {oracle.since_last(one, type_) for one in oracle.in_fact(case)}
    assume(facts)
    assert agreed, "a contradiction where there is a world"
    agrees(since_last(made, ANCHOR, Scope(type_)), values, facts)


@SLOW
@given(cases(), st.lists(lasts("l"), max_size=1), st.lists(totals("t"), max_size=1), st.sampled_from(("", "x")))
def test_the_last_with_claims(case: Case, last: list[oracle.Last], total: list[oracle.Total], type_: str) -> None:
    last_holds(replace(case, lasts=tuple(last), totals=tuple(total), late=case.early), type_)


@FEW
@given(cases(), st.lists(complete("k"), min_size=1, max_size=2), st.sampled_from(("", "x")))
def test_the_last_where_the_record_is_complete(case: Case, claimed: list[oracle.Complete], type_: str) -> None:
    last_holds(replace(case, complete=tuple(replace(one, id=f"k{at}") for at, one in enumerate(claimed))), type_)


def test_nothing_at_all_is_impossible_only_where_the_whole_past_is_closed() -> None:
    network = Network()
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, 5, 5)])
    beginning = Moment(ORIGIN, EARLIEST - 1)
    early = Closed(id="k", scope=Scope("x"), start=beginning, end=Moment(ORIGIN, 2))
    late = Total(id="t", scope=Scope(), count=Bound(0, 0), start=Moment(ORIGIN, 2), end=Moment(ANCHOR))
    whole = Record(network=network, happenings=(), closed=(early,), totals=(late,))
    assert since_last(whole, ANCHOR, Scope("x")).fact_exists == "impossible"
    assert since_last(replace(whole, closed=()), ANCHOR, Scope("x")).fact_exists == "possible"
    assert since_last(replace(whole, closed=()), ANCHOR, Scope("x")).fact_elapsed == Bound(3, None)
    assert since_last(whole, ANCHOR, Scope("y")).fact_exists == "possible"
