"""Keeping potentials valid as constraints arrive, or finding the cycle that forbids it. Decides nothing else.

A potential is one possible world: `potential[v] <= potential[u] + weight` for every arc from u to v, so that the
reduced cost `weight + potential[u] - potential[v]` is never negative (Cotton and Maler, "Fast and flexible difference
constraint propagation", 2006). A new arc that it does not satisfy is short by some amount. It is repaired by lowering
its head and what follows from that by one share of the amount, and raising its tail by the other: two searches by
Dijkstra's rule, each of which stops where it would get costly and leaves the rest to the other. They meet within the
amount if and only if there is a negative cycle, and the shortest way to meet is the most negative one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import final

from timeline.shortest import Rests, Rows, Step, least, walked

Arc3 = tuple[int, int, int]
"""A new arc: from, to, weight."""


@final
class Sweep:
    """One of the two searches: the nodes near `start` by reduced cost, along `rows` (sign 1) or against them (-1)."""

    __slots__ = ("_heap", "_potential", "_rows", "_sign", "_start", "_work", "last", "length", "settled")

    def __init__(self, rows: Rows, potential: list[int], sign: int, start: int) -> None:
        self._rows, self._potential, self._sign, self._start = rows, potential, sign, start
        self._heap = [(0, start)]
        self._work = 0
        self.last = 0
        self.length = {start: 0}
        self.settled: set[int] = set()

    def radius(self, limit: int) -> int:
        """Give the length below which every node is settled."""
        return self._heap[0][0] if self._heap else limit

    def cost(self) -> int:
        """Give the arcs looked at, with those of the next node."""
        return self._work + len(self._rows[self._heap[0][1]])

    def settle(self, across: dict[int, int], limit: int) -> int:
        """Settle the next node; give the least length of a path to a node of the other search, at most `limit`."""
        self.last, node = heappop(self._heap)
        if node in self.settled:
            return limit
        self.settled.add(node)
        row, potential, sign, length, heap = self._rows[node], self._potential, self._sign, self.length, self._heap
        self._work += len(row) + 1
        base = self.last + sign * potential[node]
        met = limit
        for other, weight, _ in row:
            there = base + weight - sign * potential[other]
            if there <= limit and there < length.get(other, limit + 1):
                length[other] = there
                heappush(heap, (there, other))
                if other in across:
                    met = min(met, there + across[other])
        return met

    def settle_ties(self, across: dict[int, int], limit: int) -> None:
        """Settle what is as near as the last node."""
        while self._heap and self._heap[0][0] == self.last:
            self.settle(across, limit)

    def move(self, radius: int) -> None:
        """Move every node nearer than `radius`, the nearer the further."""
        for node in self.settled:
            if self.length[node] < radius:
                self._potential[node] -= self._sign * (radius - self.length[node])

    def lasts(self, node: int, against: Rows) -> Iterator[tuple[int, Rests]]:
        """Give the last arcs of the shortest paths to a node that this search has come to, but for its start."""
        if node == self._start:
            return
        here = self._level(node)
        for other, weight, rests in against[node]:
            if other in self.settled and self._level(other) + weight == here:
                yield other, rests

    def _level(self, node: int) -> int:
        return self.length[node] + self._sign * self._potential[node]


@final
class Repair:
    """The repair of one arc: either done by `attempt`, or impossible, and `cycle` tells why."""

    __slots__ = ("_ahead", "_arc", "_behind", "_fall", "_least", "_rise", "_short")

    def __init__(self, potential: list[int], ahead: Rows, behind: Rows, arc: Arc3) -> None:
        tail, head, weight = arc
        self._ahead, self._behind, self._arc = ahead, behind, arc
        self._short = potential[head] - potential[tail] - weight
        self._fall = Sweep(ahead, potential, 1, head)
        self._rise = Sweep(behind, potential, -1, tail)
        self._least = 0 if head == tail else self._short

    def attempt(self) -> bool:
        """Make the potential satisfy the arc, too; or leave it as it is and say that this cannot be done."""
        fall, rise, short = self._fall, self._rise, self._short
        while True:
            here, there = fall.radius(short), rise.radius(short)
            if here + there >= short and self._least == short:
                fall.move(min(here, short))
                rise.move(short - min(here, short))
                return True
            if here + there > self._least or short in {here, there}:
                return False
            one, other = (fall, rise) if fall.cost() <= rise.cost() else (rise, fall)
            self._least = min(self._least, one.settle(other.length, self._least))

    def cycle(self, names: Sequence[str]) -> Rests:
        """Give the statements of the most negative cycle but for the new arc's own, canonical as `least` is."""
        for one, other in ((self._fall, self._rise), (self._rise, self._fall)):
            one.settle_ties(other.length, self._least)
        tail, head, _ = self._arc
        return least({*self._steps()}, head, tail, names)

    def _steps(self) -> Iterator[Step]:
        fall, rise = self._fall, self._rise
        met = [node for node in rise.settled if fall.length.get(node, self._short) + rise.length[node] == self._least]
        for end, start, rests in walked(met, lambda node: fall.lasts(node, self._behind)):
            yield start, end, rests
        yield from walked(met, lambda node: rise.lasts(node, self._ahead))
