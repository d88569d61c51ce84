"""Silences against every world of small cases: each bound holds, tight ends occur, certain silences are silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.network import ORIGIN, Edge, Network
from timeline.silence.gaps import Silence, silences
from timeline.silence.instants import Piece

LAST = 7
NAMES = "abcd"


@dataclass(frozen=True)
class Small:
    """Pieces over at most four instants, and what is said of their times: (from, to, least, most)."""

    nodes: tuple[str, ...]
    said: tuple[tuple[str, str, int, int], ...]
    pieces: tuple[Piece, ...]

    @property
    def network(self) -> Network | None:
        made = Network()
        if any(made.add(f"s{at}", [Edge(*one)]) for at, one in enumerate(self.said)):
            return None
        return made

    def worlds(self) -> Iterator[dict[str, int]]:
        for at in product(range(LAST + 1), repeat=len(self.nodes)):
            world = {ORIGIN: 0, **dict(zip(self.nodes, at, strict=True))}
            if all(lo <= world[b] - world[a] <= hi for a, b, lo, hi in self.said):
                yield world


@st.composite
def cases(draw: st.DrawFn, *, spans: bool = False, maybes: bool = False, tied: bool = True) -> Small:
    nodes: list[str] = []
    said: list[tuple[str, str, int, int]] = []
    pieces: list[Piece] = []
    for name in NAMES[: draw(st.integers(2, 3 if spans else 4))]:
        long = spans and draw(st.booleans())
        own = (f"{name}.start", f"{name}.end") if long else (name,)
        for node in own:
            lo, hi = sorted((draw(st.integers(0, LAST)), draw(st.integers(0, LAST))))
            said.append((ORIGIN, node, lo, hi))
        if long:
            said.append((*own, 0, LAST))
        nodes += own
        pieces.append(Piece(name, own[0], own[-1], sure=not maybes or draw(st.booleans())))
    for _ in range(draw(st.integers(0, 2)) if tied else 0):
        a, b = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        lo, hi = sorted((draw(st.integers(-LAST, LAST)), draw(st.integers(-LAST, LAST))))
        if a != b:
            said.append((a, b, lo, hi))
    return Small(tuple(nodes), tuple(said), tuple(pieces))


def quiet(world: dict[str, int], pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Give the silent periods of a world: between the pieces that are there, longer than nothing."""
    spans = sorted((world[one.start], world[one.end]) for one in pieces)
    found, reached = [], spans[0][1] if spans else 0
    for start, end in spans:
        if start > reached:
            found.append((reached, start))
        reached = max(reached, end)
    return found


def longest(world: dict[str, int], pieces: Sequence[Piece]) -> int:
    return max((b - a for a, b in quiet(world, pieces)), default=0)


def within(value: int, bound: Any) -> bool:
    return (bound.lo is None or bound.lo <= value) and (bound.hi is None or value <= bound.hi)


def period(world: dict[str, int], one: Silence, pieces: dict[str, Piece]) -> tuple[int, int]:
    """Give a certain silence's own period in a world where every piece is there."""
    start = max(world[pieces[name].end] for name in one.after)
    return start, min(world[pieces[name].start] for name in one.before)


@tries(60)
@given(case=cases(), known=st.booleans())
def test_the_largest_silence_of_every_world_lies_within_and_tight_ends_occur(case: Small, known: bool) -> None:
    network, there = case.network, list(case.worlds())
    assume(network is not None and there)
    assert network is not None
    free = {node: at for at, node in enumerate(case.nodes)} if len(case.said) == len(case.nodes) and known else None
    found = silences(network, case.pieces, tied=free)
    lengths = [longest(world, case.pieces) for world in there]
    assert all(within(length, found.largest) for length in lengths)
    if found.tight:
        assert (found.largest.lo, found.largest.hi) == (min(lengths), max(lengths))


@tries(40)
@given(case=cases(spans=True))
def test_the_largest_silence_between_spans_lies_within(case: Small) -> None:
    network, there = case.network, list(case.worlds())
    assume(network is not None and there)
    assert network is not None
    found = silences(network, case.pieces)
    lengths = [longest(world, case.pieces) for world in there]
    assert all(within(length, found.largest) for length in lengths)
    if found.tight:
        assert (found.largest.lo, found.largest.hi) == (min(lengths), max(lengths))


@tries(40)
@given(case=cases(maybes=True), data=st.data())
def test_what_may_not_have_been_is_allowed_for(case: Small, data: st.DataObject) -> None:
    network, there = case.network, list(case.worlds())
    assume(network is not None and there)
    assert network is not None
    found = silences(network, case.pieces)
    for world in there:
        kept = [one for one in case.pieces if one.sure or data.draw(st.booleans())]
        assert within(longest(world, kept), found.largest)


@tries(60)
@given(case=cases(spans=True), floor=st.integers(0, 3))
def test_every_silence_is_found_and_a_certain_one_is_silent(case: Small, floor: int) -> None:
    network, there = case.network, list(case.worlds())
    assume(network is not None and there)
    assert network is not None
    pieces = {one.id: one for one in case.pieces}
    found = silences(network, case.pieces, longer_than=floor)
    for world in there:
        for one in (one for one in found.silences if one.certain):
            start, end = period(world, one, pieces)
            assert within(end - start, one.length)
            assert within(start, one.start)
            assert within(end, one.end)
            assert not any(world[piece.start] < end and world[piece.end] > start for piece in case.pieces)
        for start, end in quiet(world, case.pieces):
            assert end - start <= floor or any(_is(world, one, pieces, (start, end)) for one in found.silences)


def _is(world: dict[str, int], one: Silence, pieces: dict[str, Piece], there: tuple[int, int]) -> bool:
    """Whether a silence of a world is one that was found."""
    ends = {world[pieces[name].end] for name in one.after}
    starts = {world[pieces[name].start] for name in one.before}
    return there[0] in ends and there[1] in starts and within(there[1] - there[0], one.length)


@tries(40)
@given(at=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), min_size=2, max_size=7))
def test_an_even_share_is_exact_for_a_fixed_order(at: list[tuple[int, int]]) -> None:
    """Against a search over g: the chain as late as it can be, stepped through one instant at a time."""
    bounds = sorted((lo, lo + wide) for lo, wide in at)
    assume(all(a[1] <= b[0] for a, b in pairwise(bounds)))
    made = Network()
    for number, (lo, hi) in enumerate(bounds):
        made.add(f"e{number}", [Edge(ORIGIN, f"e{number}", lo, hi)])
    names = [f"e{number}" for number in range(len(bounds))]
    free = {name: number for number, name in enumerate(names)}
    found = silences(made, [Piece(name, name, name) for name in names], tied=free)

    def chain(g: int) -> bool:
        reach = bounds[0][1]
        for lo, hi in bounds[1:]:
            if reach + g < lo:
                return False
            reach = min(hi, reach + g)
        return True

    assert found.largest.lo == next(g for g in range(70) if chain(g))
    assert found.largest.hi == max(b[1] - a[0] for a, b in pairwise(bounds))
    assert found.tight
    assert silences(made, [Piece(name, name, name) for name in names]).largest == found.largest
