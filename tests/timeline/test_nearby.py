"""Leaving sessions out that dates alone exclude changes no answer about the first and the last."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from events.when import Bound
from tests.laws.effort import tries
from timeline.counting.happenings import Happening, Record, Scope
from timeline.counting.last import since_first, since_last
from timeline.network import ORIGIN, Edge, Network
from timeline.treatment.nearby import Nearby

ANCHOR = "anchor"
SCOPE = Scope("x")


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Make sessions before, about and after an instant: dated, tied to it, of several, undated, of another type."""
    network = Network()
    early = draw(st.integers(0, 20))
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, early, early + draw(st.integers(0, 4)))])
    told = []
    for name in "abcdefgh"[: draw(st.integers(0, 8))]:
        start, width = draw(st.integers(0, 25)), draw(st.integers(0, 5))
        edges = [Edge(ORIGIN, name, start, start + width)]
        if draw(st.integers(0, 3)) == 0:
            edges.append(Edge(name, ANCHOR, draw(st.integers(-3, 0)), draw(st.integers(0, 9))))
        fits = not network.add(name, edges)
        low, high = draw(st.sampled_from(((1, 1), (1, 1), (0, 1), (1, None))))
        type_ = draw(st.sampled_from(("x", "x", "x", "", "y")))
        told.append(
            Happening(
                id=name,
                scope=Scope(type_),
                teller=("p", "", ""),
                count=Bound(low, high),
                first=name,
                last=name,
                dated=fits,
                soft=draw(st.integers(0, 5)) == 0,
            )
        )
    return Record(network=network, happenings=tuple(told))


@tries(150)
@given(records())
def test_the_answers_are_those_of_all_sessions(record: Record) -> None:
    nearby = Nearby.of(record.happenings, SCOPE, lambda node: record.network.bound(node).bound)
    at = record.network.bound(ANCHOR).bound
    few = replace(record, happenings=nearby.last(ANCHOR, at))
    assert since_last(few, ANCHOR, SCOPE) == since_last(record, ANCHOR, SCOPE)
    few = replace(record, happenings=nearby.first(ANCHOR, at))
    assert since_first(few, ANCHOR, SCOPE) == since_first(record, ANCHOR, SCOPE)


def test_of_many_only_the_near_ones_are_looked_at() -> None:
    network = Network()
    network.add(ANCHOR, [Edge(ORIGIN, ANCHOR, 500, 500)])
    told = []
    for day in range(0, 1000, 10):
        network.add(f"s{day}", [Edge(ORIGIN, f"s{day}", day, day)])
        told.append(Happening(id=f"s{day}", scope=SCOPE, teller=("p", "", ""), first=f"s{day}", last=f"s{day}"))
    nearby = Nearby.of(told, SCOPE, lambda node: network.bound(node).bound)
    at = network.bound(ANCHOR).bound
    assert [one.id for one in nearby.last(ANCHOR, at)] == ["s500"]
    assert [one.id for one in nearby.first(ANCHOR, at)] == ["s0"]
    assert nearby.last("s500", at) == tuple(told), "a session is measured from itself: nothing is left out"
