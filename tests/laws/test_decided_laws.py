"""What claims that none happened decide, against the plain way: conclude everything, add it all, and look again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.counting.decided import decide
from timeline.counting.happenings import NONE, Happening, Last, Moment, Record, Scope, Total
from timeline.network import ORIGIN, Edge, Network

Dated = tuple[int, int]
Told = tuple[tuple[Dated, ...], tuple[tuple[int, int], ...], tuple[Dated, ...]]
"""The days of each event, (anchor, earliest day) of each claimed last, the periods in which there was none."""


def record_of(told: Told) -> Record:
    """Give a record whose claims have decided nothing so far."""
    dated, lasts, none = told
    network = Network()
    for number, (lo, hi) in enumerate(dated):
        network.add(f"e{number}", [Edge(ORIGIN, f"e{number}", lo, hi)])
    for number, (anchor, earliest) in enumerate(lasts):
        edges = [Edge(f"c{number}", f"e{anchor}", 0, None), Edge(ORIGIN, f"c{number}", earliest or None, None)]
        network.add(f"last{number}", edges)
    return Record(
        network=network,
        happenings=tuple(
            Happening(id=f"e{number}", scope=Scope("xy"[number % 3 == 0]), first=f"e{number}", last=f"e{number}")
            for number in range(len(dated))
        ),
        totals=tuple(
            Total(id=f"none{number}", scope=Scope("x"), count=NONE, start=Moment(ORIGIN, a), end=Moment(ORIGIN, b))
            for number, (a, b) in enumerate(none)
        ),
        lasts=tuple(
            Last(id=f"last{number}", scope=Scope("xy"[number % 2]), node=f"c{number}", before=f"e{anchor}")
            for number, (anchor, _) in enumerate(lasts)
        ),
    )


def plainly(network: Network, record: Record) -> tuple[str, ...]:
    """Decide the same by adding each conclusion of each claim on each event, until there is no more."""
    while found := [*conclusions(network, record)]:
        for claim, edge, rests in found:
            against = network.add(claim, [edge], given=rests)
            if against:
                return against
    return ()


def conclusions(network: Network, record: Record) -> Iterator[tuple[str, Edge, set[str]]]:
    for claim in sorted((one for one in record.limits if one.count.hi == 0), key=lambda one: one.id):
        start, end = claim.start, claim.end
        for one in (one for one in record.told if one.scope.within(claim.scope)):
            after, before = network.difference(start.node, one.first), network.difference(end.node, one.first)
            begun = after.bound.lo is not None and after.bound.lo > start.shift
            over = before.bound.hi is not None and before.bound.hi <= end.shift
            if over and not (after.bound.hi is not None and after.bound.hi <= start.shift):
                yield claim.id, Edge(start.node, one.first, None, start.shift), {one.id, *before.hi_rests}
            if begun and not (before.bound.lo is not None and before.bound.lo > end.shift):
                yield claim.id, Edge(end.node, one.first, end.shift + 1, None), {one.id, *after.lo_rests}


@st.composite
def told(draw: st.DrawFn) -> Told:
    spans = st.builds(lambda start, long: (start, start + long), st.integers(1, 30), st.sampled_from((0, 0, 1, 5)))
    dated = draw(st.lists(spans, min_size=2, max_size=9))
    lasts = st.tuples(st.integers(0, len(dated) - 1), st.sampled_from((0, 0, 0, 4, 12)))
    return tuple(dated), tuple(draw(st.lists(lasts, max_size=4))), tuple(draw(st.lists(spans, max_size=2)))


@given(told())
@tries(60)
def test_the_fewest_conclusions_say_the_same_as_all_of_them(told: Told) -> None:
    record, plain = record_of(told), record_of(told)
    ours, theirs = decide(record.network, record), plainly(plain.network, plain)
    assert ours == theirs
    if not ours:
        for node in sorted(plain.network.nodes):
            assert record.network.bound(node) == plain.network.bound(node)
        for claim in plain.lasts:
            between = plain.network.difference(claim.node, claim.before)
            assert record.network.difference(claim.node, claim.before) == between


def test_of_hundreds_before_a_claimed_last_only_the_latest_say_when_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    dated = tuple((day, day) for day in range(1, 300))
    record = record_of((dated, ((298, 0),), ()))
    asked: list[str] = []
    add = Network.add

    def counted(network: Network, statement: str, edges: tuple[Edge, ...], *, given: tuple[str, ...] = ()) -> object:
        asked.append(statement)
        return add(network, statement, edges, given=given)

    monkeypatch.setattr(Network, "add", counted)
    assert decide(record.network, record) == ()
    assert record.network.between(ORIGIN, "c0").lo == 299
    assert len(asked) < 10
