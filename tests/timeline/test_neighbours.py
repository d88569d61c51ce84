"""Which happenings are not certainly distinct: found by class and period, the same as pair by pair."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from events.when import Bound
from timeline.counting import neighbours
from timeline.counting.happenings import Declared, Happening, Moment, Scope
from timeline.counting.tellings import Tellings
from timeline.network import ORIGIN, Edge, Network

TELLERS = (None, ("a", "", ""), ("b", "", ""), ("c", "", ""))
COUNTS = (Bound(1, 1), Bound(1, 1), Bound(2, 2), Bound(1, None))
END = st.one_of(st.none(), st.integers(0, 6))


@st.composite
def told(draw: st.DrawFn) -> tuple[Network, Declared, list[Happening]]:
    network, happenings = Network(), list[Happening]()
    for n in range(draw(st.integers(2, 7))):
        name = f"x{n}"
        ends = sorted((draw(st.integers(0, 6)), draw(st.integers(0, 6))))
        lo, hi = (draw(st.sampled_from((end, None))) for end in ends)
        anchor = draw(st.sampled_from((ORIGIN, ORIGIN, *(one.id for one in happenings))))
        network.add(name, [Edge(anchor, name, lo, hi)])
        happenings.append(
            Happening(
                id=name, first=name, last=name, count=draw(st.sampled_from(COUNTS)), route=draw(st.sampled_from("| o"))
                .strip("| "), teller=draw(st.sampled_from(TELLERS)), dated=draw(st.integers(0, 4)) > 0,
                scope=Scope(*(draw(st.sampled_from(("", "p", "q"))) for _ in range(3))), ends=(Moment("", n % 2),),
            )
        )  # fmt: skip
    pairs = draw(st.lists(st.sampled_from([("p", "q"), ("x0", "x1"), ("x1", "x3")]), max_size=2))
    return network, Declared(frozenset(map(frozenset, pairs))), happenings


@given(told(), st.sampled_from((0, 10**6)))
def test_neighbours_are_the_pairs_that_are_not_certainly_distinct(
    case: tuple[Network, Declared, list[Happening]], sparse: int
) -> None:
    network, declared, happenings = case
    found, plain = Tellings(network, declared), Tellings(network, declared)
    brute = [(a, b) for a, b in combinations(happenings, 2) if not plain.apart(a, b)]
    before, neighbours.SPARSE = neighbours.SPARSE, sparse  # type: ignore[misc]
    try:
        assert found.may_be_one(happenings) == [(a.id, b.id) for a, b in brute if a.single == b.single]
        doubts = found.may_be_one(happenings)
        for after in range(len(doubts) + 2):
            assert doubts.ids(after) == tuple(dict.fromkeys(one for pair in list(doubts)[after:] for one in pair))
        mixed = [(b, a) if a.single else (a, b) for a, b in brute if a.single != b.single]
        assert found.overlaps(happenings) == sorted((a.id, b.id) for a, b in mixed)
        half, rest = happenings[::2], happenings[1::2]
        met = {one.id for pair in brute for one in pair if len({*map(happenings.index, pair)} & {0, 2, 4, 6}) == 1}
        assert [one.id for one in found.touching(half, rest)] == [one.id for one in half if one.id in met]
        shared = found.may_share(happenings)
        several, free = [one for one in happenings if not one.single], Tellings(network, declared)
        alone = {one.id: replace(one, teller=None) for one in several}
        rows = {(a.id, b.id) for a, b in combinations(several, 2) if _rows(a, b)}
        pairs = ((a.id, b.id) for a, b in combinations(several, 2) if not free.apart(alone[a.id], alone[b.id]))
        assert shared == [pair for pair in pairs if pair not in rows]
        assert len(shared) == len(list(shared))
        again = {one.id for one in found.sharing(half, rest)}
        assert again == {a for pair in shared for a, b in (pair, pair[::-1]) if _odd(b) and not _odd(a)}
    finally:
        neighbours.SPARSE = before  # type: ignore[misc]


def _rows(a: Happening, b: Happening) -> bool:
    """Whether two are rows of one telling: exact counts of one period."""
    return a.teller is not None and a.teller == b.teller and a.exact and b.exact and a.ends == b.ends


def _odd(name: str) -> bool:
    return int(name[1:]) % 2 == 1


def test_pairs_are_found_as_they_are_looked_at() -> None:
    network = Network()
    happenings = [
        Happening(id=f"x{n:04}", first=f"x{n:04}", last=f"x{n:04}", teller=(str(n % 2), "", ""), scope=Scope("p"))
        for n in range(2000)
    ]
    pairs = Tellings(network, everyone=happenings).may_be_one(happenings)
    assert len(pairs) == 1000 * 1000
    assert pairs[:2] == (("x0000", "x0001"), ("x0000", "x0003"))
    assert pairs
