"""The sum that cannot be: the cycle of bounds behind a contradiction, leg by leg. Decides nothing and words nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from events.when import Bound
from timeline.hearings.constrain import Statement
from timeline.network import ORIGIN, Edge, Network

MOST: Final = 60
"""Statements of one contradiction whose sum is worked out; a longer one cannot be followed by a reader."""


class _Arc(NamedTuple):
    tail: str
    head: str
    most: int
    rests: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one statement says on the way round: `t_end - t_start` is at most `most`; in all its words, `bound`.

    `rests` names the statement, and after it the event whose own date it rests on, if any. `most` and `bound` are in
    microseconds, closed; one end may be `ORIGIN`, the axis itself.
    """

    rests: tuple[str, ...]
    start: str
    end: str
    most: int
    bound: Bound


def legs(statements: Mapping[str, Statement], ids: Collection[str]) -> tuple[Leg, ...]:
    """Give the legs of a round of bounds whose sum is less than nothing, from ORIGIN where it is met.

    `ids` must be a minimal contradicting set, so that every one of them has a leg. Nothing for a set of more than MOST.
    """
    if len(ids) > MOST:
        return ()
    cycle = _cycle([*_arcs(statements, sorted(ids))])
    merged: list[_Arc] = []
    for arc in _turned(cycle):
        if merged and merged[-1].rests == arc.rests and arc.tail != ORIGIN and arc.head != merged[-1].tail:
            merged[-1] = merged[-1]._replace(head=arc.head, most=merged[-1].most + arc.most)
        else:
            merged.append(arc)
    return tuple(
        Leg(rests=one.rests, start=one.tail, end=one.head, most=one.most, bound=_said(statements, one))
        for one in merged
    )


def _arcs(statements: Mapping[str, Statement], ids: Collection[str]) -> Iterator[_Arc]:
    for name in ids:
        for rests, edges in _spoken(statements[name]):
            if all(one in ids for one in rests):
                for edge in edges:
                    yield from _both(edge, rests)


def _spoken(statement: Statement) -> Iterator[tuple[tuple[str, ...], tuple[Edge, ...]]]:
    yield (statement.id,), statement.edges
    yield from (((statement.id, other), edges) for other, edges in statement.pairs)


def _both(edge: Edge, rests: tuple[str, ...]) -> Iterator[_Arc]:
    if edge.hi is not None:
        yield _Arc(edge.a, edge.b, edge.hi, rests)
    if edge.lo is not None:
        yield _Arc(edge.b, edge.a, -edge.lo, rests)


def _cycle(arcs: list[_Arc]) -> list[_Arc]:
    """Give a negative cycle (Bellman and Ford); nothing where there is none."""
    arcs.sort()
    least = dict.fromkeys((node for arc in arcs for node in arc[:2]), 0)
    last: dict[str, _Arc] = {}
    for _ in least:
        moved = False
        for arc in arcs:
            if least[arc.tail] + arc.most < least[arc.head]:
                least[arc.head], last[arc.head] = least[arc.tail] + arc.most, arc
                moved = True
        if not moved:
            return []
        if found := _round(last):
            return found
    return []


def _round(last: Mapping[str, _Arc]) -> list[_Arc]:
    """Give a cycle among the last arcs, in its order; nothing where they are a forest."""
    seen: dict[str, str] = {}
    for start in last:
        node = start
        while node in last and node not in seen:
            seen[node] = start
            node = last[node].tail
        if seen.get(node) == start and node in last:
            path, at = [last[node]], last[node].tail
            while at != node:
                path.append(last[at])
                at = last[at].tail
            return path[::-1]
    return []


def _turned(cycle: list[_Arc]) -> Iterable[_Arc]:
    """Begin at ORIGIN, else where one statement follows another, at the least of these."""
    starts = [at for at, arc in enumerate(cycle) if arc.tail == ORIGIN]
    starts = starts or [at for at, arc in enumerate(cycle) if cycle[at - 1].rests != arc.rests]
    at = min(starts, key=lambda one: cycle[one], default=0)
    return (*cycle[at:], *cycle[:at])


def _said(statements: Mapping[str, Statement], leg: _Arc) -> Bound:
    """Give all that the statements of a leg say of its two ends; what the leg itself says where they contradict."""
    network = Network()
    for rests, edges in _spoken(statements[leg.rests[0]]):
        if set(rests) <= set(leg.rests) and network.add("/".join(rests), edges):
            return Bound(None, leg.most)
    bound = network.between(leg.tail, leg.head)
    return bound if bound.hi == leg.most else Bound(bound.lo, leg.most)

