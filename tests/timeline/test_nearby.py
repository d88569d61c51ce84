"""Measuring from the few sessions that can matter gives what measuring from all of them gives."""

from __future__ import annotations

from functools import reduce
from types import SimpleNamespace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from events.when import ANY, Bound
from tests.laws.effort import tries
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Last, Moment, Record, Scope, Total
from timeline.counting.last import Since, since_first, since_last
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN, Edge, Network
from timeline.treatment.nearby import Nearby
from timeline.treatment.since import Sittings

ANCHOR, CLAIMED, DEATH = "anchor", "claimed", "death"
SCOPE = Scope("x")


def open_ended(draw: st.DrawFn, low: int, high: int) -> tuple[int | None, int | None]:
    """Leave an end open now and then."""
    return draw(st.sampled_from((low, low, low, None))), draw(st.sampled_from((high, high, high, None)))


@st.composite
def records(draw: st.DrawFn, *, claims: bool) -> Record:
    """Make sessions before, about and after an instant: dated, open, tied to it, several, undated, of other types."""
    network = Network()
    early = draw(st.integers(0, 20))
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, *open_ended(draw, early, early + draw(st.integers(0, 4))))])
    told = [session(draw, network, name) for name in "abcdefgh"[: draw(st.integers(0, 8))]]
    lasts, totals = (claimed(draw, network) if claims else ((), ()))
    return Record(network=network, happenings=tuple(told), lasts=lasts, totals=totals)


def session(draw: st.DrawFn, network: Network, name: str) -> Happening:
    """Make one session and date it, where that contradicts nothing."""
    start, width = draw(st.integers(0, 25)), draw(st.integers(0, 5))
    low, high = draw(st.sampled_from(((1, 1), (1, 1), (0, 1), (1, None), (0, 0), (2, 3))))
    last = name if high in (0, 1) else f"{name}.last"
    edges = [Edge(ORIGIN, each, *open_ended(draw, start, start + width)) for each in dict.fromkeys((name, last))]
    edges += [Edge(name, last, 0, None)] if last != name else []
    if draw(st.integers(0, 3)) == 0:
        edges.append(Edge(name, ANCHOR, draw(st.integers(-3, 0)), draw(st.integers(0, 9))))
    return Happening(
        id=name,
        scope=Scope(draw(st.sampled_from(("x", "x", "x", "", "y")))),
        teller=("p", "", ""),
        count=Bound(low, high),
        first=name,
        last=last,
        dated=not network.add(name, edges) and draw(st.integers(0, 6)) > 0,
        soft=draw(st.integers(0, 5)) == 0,
    )


def claimed(draw: st.DrawFn, network: Network) -> tuple[tuple[Last, ...], tuple[Total, ...]]:
    """Claim a last before a day, or how many there were in a period."""
    day, start = draw(st.integers(5, 25)), draw(st.integers(0, 20))
    network.add(DEATH, [Edge(ORIGIN, DEATH, day, day)])
    low = draw(st.integers(0, 1))
    total = Total(
        id="total", scope=Scope("x"), count=Bound(low, draw(st.sampled_from((low, None)))),
        start=Moment("", start), end=Moment("", start + draw(st.integers(0, 6))),
    )  # fmt: skip
    if network.add(CLAIMED, [Edge(CLAIMED, DEATH, draw(st.integers(0, 6)), None)]):
        return (), (total,)
    last = Last(id=CLAIMED, scope=Scope("x"), node=CLAIMED, before=DEATH)
    return draw(st.sampled_from((((last,), ()), ((), (total,)), ((last,), (total,)))))


def sittings(record: Record) -> Sittings:
    """Measure from the sessions of a record that no hearing tells of."""
    hearing = SimpleNamespace(bound=lambda node: record.network.between("", node), network=record.network)
    told = SimpleNamespace(record=record)
    return Sittings.of(cast("Hearing", hearing), cast("Happened", told), SCOPE, record.happenings, all_=True)


def shown(asked: Sittings, since: Since) -> object:
    """Give what an answer shows of a measure: whether, how long, and from between which instants (open: undated)."""
    if since.exists == "impossible":
        return since.exists
    spans = [asked.hearing.bound(node) for node in asked.meant(since, ANCHOR)]
    reach = reduce(Bound.hull, spans) if spans else ANY
    return since.exists, since.elapsed, since.fact_exists, since.fact_elapsed, reach


def agrees(record: Record) -> None:
    """Hold the few against all."""
    few = sittings(record)
    every = Sittings(hearing=few.hearing, record=record, scope=SCOPE)
    assert shown(few, few.since_last(ANCHOR)) == shown(every, since_last(record, ANCHOR, SCOPE))
    assert shown(few, few.since_first(ANCHOR)) == shown(every, since_first(record, ANCHOR, SCOPE))


@tries(150)
@given(records(claims=False))
def test_few_sessions_say_what_all_of_them_say(record: Record) -> None:
    agrees(record)


@tries(100)
@given(records(claims=True))
def test_so_they_do_beside_claims_of_a_last_and_of_how_many(record: Record) -> None:
    agrees(record)


def test_of_many_only_the_near_ones_are_looked_at() -> None:
    network = Network()
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, 500, 500)])
    network.add("tied", [Edge(ORIGIN, "tied", 500, 500), Edge(ANCHOR, "tied", 0, 0)])
    told = []
    for day in range(0, 1000, 10):
        network.add(f"s{day}", [Edge(ORIGIN, f"s{day}", day, day)])
        told.append(Happening(id=f"s{day}", scope=SCOPE, teller=("p", "", ""), first=f"s{day}", last=f"s{day}"))
    nearby = Nearby.of(told, SCOPE, network.bounds(), network.group)
    at = network.bound(ANCHOR).bound
    assert {one.id for one in nearby.last(ANCHOR, at)} == {"s0", "s500"}
    assert {one.id for one in nearby.first(ANCHOR, at)} == {"s0", "s500"}
    assert nearby.last("s500", at) == tuple(told), "a session is measured from itself: nothing is left out"
    tied = Nearby.of(told, SCOPE, network.bounds(), network.group, alone=False)
    assert [one.id for one in tied.last(ANCHOR, at)] == ["s500"]
    assert [one.id for one in tied.first(ANCHOR, at)] == ["s0"]
