"""Keeping potentials valid as constraints arrive, or finding the cycle that forbids it. Decides nothing else.

A potential is one possible world: `potential[v] <= potential[u] + weight` for every arc from u to v, so that the
reduced cost `weight + potential[u] - potential[v]` is never negative (Cotton and Maler, "Fast and flexible difference
constraint propagation", 2006). A new arc that it does not satisfy is short by some amount. It is repaired by lowering
its head and what follows from that by one share of the amount, and raising its tail by the other: two searches by
Dijkstra's rule, each of which stops where it would get costly and leaves the rest to the other. They meet within the
amount if and only if there is a negative cycle, and the shortest way to meet is the most negative one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import final

from timeline.graph.shortest import Arc, Rests, Rows, Step, least, walked

Arc3 = tuple[int, int, int]
"""A new arc: from, to, weight."""


@final
class Sweep:
    """One of the two searches: the nodes near `start` by reduced cost, along `rows` (sign 1) or against them (-1)."""

    __slots__ = ("_heap", "_left", "_potential", "_rows", "_sign", "_start", "_work", "last", "length", "settled")

    def __init__(self, rows: Rows, potential: list[int], sign: int, start: int) -> None:
        self._rows, self._potential, self._sign, self._start = rows, potential, sign, start
        self._heap = [(0, start)]
        self._left: list[int] = []
        self._work = 0
        self.last = 0
        self.length = {start: 0}
        self.settled: set[int] = set()

    def next(self) -> tuple[int, int] | None:
        """Give the length and number of the nearest node that is not settled yet; None where there is none."""
        heap, settled = self._heap, self.settled
        while heap and heap[0][1] in settled:
            heappop(heap)
        return heap[0] if heap else None

    def cost(self, node: int) -> int:
        """Give the arcs looked at, with those of a node."""
        return self._work + len(self._rows[node])

    def settle(self, across: Sweep, limit: int) -> int:
        """Settle the next node; give the least length of a path to a node of the other search, at most `limit`.

        What the other has settled is not followed further: all paths through it are known.
        """
        self.last, node = heappop(self._heap)
        self.settled.add(node)
        if node in across.settled:
            self._left.append(node)
            return limit
        row, potential, sign, length, heap = self._rows[node], self._potential, self._sign, self.length, self._heap
        theirs = across.length
        self._work += len(row) + 1
        base = self.last + sign * potential[node]
        for other, weight, _ in row:
            there = base + weight - sign * potential[other]
            if there <= limit and (other not in length or there < length[other]):
                length[other] = there
                heappush(heap, (there, other))
                if other in theirs and there + theirs[other] < limit:
                    limit = there + theirs[other]
        return limit

    def skip(self, nearest: tuple[int, int]) -> None:
        """Settle the next node without following it, for it is next in the other search, too."""
        self.last = nearest[0]
        self.settled.add(nearest[1])
        self._left.append(nearest[1])

    def settle_ties(self, across: Sweep, limit: int) -> None:
        """Settle what is as near as the last node."""
        while (top := self.next()) is not None and top[0] == self.last:
            self.settle(across, limit)

    def settle_between(self, across: Sweep) -> None:
        """Settle what is as near as two nodes of which not both were followed: a way as short may lead there.

        Where one node alone was not followed, every way through it is known.
        """
        sign, potential, length = self._sign, self._potential, self.length
        levels = Counter(length[node] for node in {*self._left, *across._left} if node in length)
        left = [node for node in self._left if levels[length[node]] > 1]
        while left:
            node = left.pop()
            here = potential[node] * sign
            for other, weight, _ in self._rows[node]:
                if weight + here == sign * potential[other] and other not in self.settled:
                    length[other] = length[node]
                    self.settled.add(other)
                    left.append(other)

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
        for other, weight, rests in self._into(node, against):
            if self._level(other) + weight == here:
                yield other, rests

    def _into(self, node: int, against: Rows) -> Iterator[Arc]:
        """Give the arcs to a node from settled ones: found from these where the node has more, as the origin may."""
        if len(against[node]) > sum(len(self._rows[other]) for other in self.settled):
            for other in self.settled:
                yield from ((other, weight, rests) for there, weight, rests in self._rows[other] if there == node)
        else:
            yield from (arc for arc in against[node] if arc[0] in self.settled)

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
        fall, rise, short, least = self._fall, self._rise, self._short, self._least
        here, there = fall.next(), rise.next()
        while True:
            down, up = here[0] if here else short, there[0] if there else short
            if down + up >= short and least == short:
                fall.move(min(down, short))
                rise.move(short - min(down, short))
                return True
            self._least = least
            if down + up > least or here is None or there is None or short in {down, up}:
                return False
            if here[1] == there[1]:
                rise.skip(there)
                least, here, there = fall.settle(rise, least), fall.next(), rise.next()
            elif fall.cost(here[1]) <= rise.cost(there[1]):
                least, here = fall.settle(rise, least), fall.next()
            else:
                least, there = rise.settle(fall, least), rise.next()

    def cycle(self, names: Sequence[str]) -> Rests:
        """Give the statements of the most negative cycle but for the new arc's own, canonical as `least` is."""
        for one, other in ((self._fall, self._rise), (self._rise, self._fall)):
            one.settle_ties(other, self._least)
        for one, other in ((self._fall, self._rise), (self._rise, self._fall)):
            one.settle_between(other)
        tail, head, _ = self._arc
        return least({*self._steps()}, head, tail, names)

    def _steps(self) -> Iterator[Step]:
        fall, rise = self._fall, self._rise
        met = [node for node in rise.settled if fall.length.get(node, self._short) + rise.length[node] == self._least]
        for end, start, rests in walked(met, lambda node: fall.lasts(node, self._behind)):
            yield start, end, rests
        yield from walked(met, lambda node: rise.lasts(node, self._ahead))
