"""The least that the largest silence can be: the whole shared out evenly among the silences. Knows no event.

The chain "each start at most g after the end before it" holds in some world for no g smaller than that. Along the axis
Newton's method finds it: each stretch that is too short for its distance says to which g; the network is searched where
instants are tied together otherwise, and there are few enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from timeline.network import Edge
from timeline.silence.instants import VISITS, Instants, Piece, total

Least = tuple[int, tuple[str, ...]]
"""A length in microseconds, and the ids of the pieces that it comes from."""
Blocks = Sequence[Sequence[Piece]]


class Link(NamedTuple):
    """The silence from one single piece to the next: its nodes, its greatest length, the ids of both."""

    nodes: tuple[str, str]
    most: int | None
    ids: tuple[str, ...]


class _Reach(NamedTuple):
    """The latest that a chain can have got to: `at` + `hops` * g, from the cap of the piece number `since`."""

    at: int
    hops: int
    since: int


def shared_out(known: Instants, blocks: Blocks, least: Least) -> Least:
    """Raise the least largest silence until the axis allows a chain of all blocks; every piece must be certain."""
    step = _violated(known, blocks, least[0])
    while step is not None:
        g, (first, last) = step
        least = g, tuple(one.id for block in blocks[first : last + 1] for one in block)
        step = _violated(known, blocks, g)
    return least


def _violated(known: Instants, blocks: Blocks, g: int) -> tuple[int, tuple[int, int]] | None:
    """Follow the chain as late as it can be; give the greater g that the first piece too late for it needs."""
    reach: _Reach | None = None
    crowd, cover = 0, 0
    for place, block in enumerate(blocks):
        if len(block) > 1:
            covered = total([_lasting(known, one) for one in block if one.start != one.end])
            reach = None if covered is None else reach
            crowd, cover = crowd + len(block), cover + (covered or 0)
            continue
        one = block[0]
        if reach is not None:
            reach = _Reach(reach.at + cover, reach.hops + crowd + 1, reach.since)
        crowd, cover = 0, 0
        for node, more in _steps(known, one):
            if more is None or reach is None:
                reach = None
            elif more:
                reach = reach._replace(at=reach.at + more)
            bound = known.axis[node]
            if reach is not None and bound.lo is not None and reach.hops and reach.at + reach.hops * g < bound.lo:
                return -((reach.at - bound.lo) // reach.hops), (reach.since, place)
            if bound.hi is not None and (reach is None or bound.hi <= reach.at + reach.hops * g):
                reach = _Reach(bound.hi, 0, place)
    return None


def _steps(known: Instants, one: Piece) -> tuple[tuple[str, int | None], ...]:
    """Give the instants of a piece, each with how long after the one before it at most."""
    return ((one.start, 0),) if one.start == one.end else ((one.start, 0), (one.end, _lasting(known, one)))


def _lasting(known: Instants, one: Piece) -> int | None:
    return 0 if one.start == one.end else known.gap(one.start, one.end).hi


def searched(
    known: Instants, blocks: Blocks, links: Sequence[Link], low: Least, most: int | None
) -> tuple[Least, bool]:
    """Search the network for the least largest silence of single pieces in a row; give whether it is settled.

    `low` is what `shared_out` gave, `most` the greatest that the largest silence can be (None: open).
    """
    critical = [one for one in links if one.most is None or one.most > low[0]]
    if not critical or _untied(known, blocks):
        return low, True
    if len(critical) * known.cost > VISITS:
        return low, False

    def possible(g: int) -> bool:
        return known.network.feasible([Edge(*one.nodes, None, g) for one in critical])

    least, high = low[0], _ceiling(low[0], most, possible)
    while least < high:
        middle = (least + high) // 2
        least, high = (least, middle) if possible(middle) else (middle + 1, high)
    raised = tuple(each for one in critical for each in one.ids)
    return (low if least == low[0] else (least, raised)), True


def _ceiling(least: int, most: int | None, possible: Callable[[int], bool]) -> int:
    if most is not None:
        return most
    width = 1
    while not possible(least + width):
        width *= 2
    return least + width


def _untied(known: Instants, blocks: Blocks) -> bool:
    """Whether all instants are tied to nothing but the axis, so that the chain along it says all."""
    groups = [known.tied.get(node) for block in blocks for one in block for node in dict.fromkeys((one.start, one.end))]
    return None not in groups and len(set(groups)) == len(groups)
