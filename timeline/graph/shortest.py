"""Shortest paths in a network and the statements they rest on. Changes no network and knows no time.

A node is a number, an arc `(other node, weight, statements)`; weights are integers of any size and sign.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import TypeAlias, final

Rests: TypeAlias = tuple[str, ...]
Arc: TypeAlias = tuple[int, int, Rests]
Rows: TypeAlias = list[list[Arc]]
Step: TypeAlias = tuple[int, int, Rests]
"""One arc of a shortest path: from, to, statements."""
Last: TypeAlias = tuple[int, Rests]
"""The last arc of a shortest path: from, statements."""
Onward: TypeAlias = dict[int, list[Last]]

EFFORT = 20_000
"""Statements handled by one exact search for the fewest; beyond it the path of fewest arcs is taken."""


def distances(rows: Rows, potential: Sequence[int]) -> list[int | None]:
    """Give the least weight of a path from the first node, the origin, to every node; None where there is none.

    Dijkstra on reduced costs: `potential[v] <= potential[u] + weight` must hold for every arc from u to v. Most nodes
    are tied to the origin alone: nothing is reached through them, and they need not wait their turn.
    """
    found: list[int | None] = [None] * len(rows)
    found[0] = 0
    heap: list[tuple[int, int]] = [(-potential[0], 0)]
    while heap:
        cost, node = heappop(heap)
        here = found[node]
        if here is None or here - potential[node] != cost:
            continue
        for other, weight, _ in rows[node]:
            there = here + weight
            seen = found[other]
            if seen is None or there < seen:
                found[other] = there
                row = rows[other]
                if len(row) > 1 or (row and row[0][0]):
                    heappush(heap, (there - potential[other], other))
    return found


def near(rows: Rows, potential: Sequence[int], source: int, sign: int) -> dict[int, int]:
    """Give the least weights of paths from `source` that do not lead through the origin, where there are any.

    `sign` is 1 along arcs and -1 against them; the potential is as `distances` wants it, times `sign`.
    """
    found = {source: 0}
    heap = [(0, source)]
    while heap:
        cost, node = heappop(heap)
        if cost != found[node]:
            continue
        base = cost + sign * potential[node]
        for other, weight, _ in rows[node]:
            if other:
                there = base + weight - sign * potential[other]
                if other not in found or there < found[other]:
                    found[other] = there
                    heappush(heap, (there, other))
    shift = potential[source]
    return {node: cost + sign * (potential[node] - shift) for node, cost in found.items()}


@final
class Tight:
    """The arcs that lie on shortest paths from one node (or, `backwards`, to it).

    `against` holds the rows opposite to those that the distances were found along.
    """

    __slots__ = ("_against", "_alone", "_backwards", "_distance", "_known", "_source")

    def __init__(self, distance: Sequence[int | None], against: Rows, source: int, *, backwards: bool) -> None:
        self._distance, self._against, self._source, self._backwards = distance, against, source, backwards
        self._known: dict[int, tuple[Last, ...]] = {source: ()}
        self._alone: dict[int, frozenset[str] | None] = {source: frozenset()}

    def rests(self, far: int, names: Sequence[str]) -> Rests:
        """Give the statements of the canonical shortest path between the source and `far`, as `least` does."""
        alone = self.only(far)
        if alone is not None:
            return tuple(sorted(alone))
        first, last = (far, self._source) if self._backwards else (self._source, far)
        return least(self.steps(far), first, last, names)

    def steps(self, far: int) -> set[Step]:
        """Give the arcs of every shortest path between the source and `far`."""
        back = walked([far], self._lasts)
        return {*back} if self._backwards else {(start, end, rests) for end, start, rests in back}

    def _lasts(self, node: int) -> tuple[Last, ...]:
        """Give the last arcs of every shortest path to the node, each once."""
        known = self._known.get(node)
        if known is None:
            row = self._against[node]
            found = ((row[0][0], row[0][2]),) if len(row) == 1 else dict.fromkeys(self._look(node))
            known = self._known[node] = tuple(found)
        return known

    def _look(self, node: int) -> Iterator[Last]:
        distance, here = self._distance, self._distance[node]
        for other, weight, rests in self._against[node]:
            there = distance[other]
            if there is not None and there + weight == here and not self._hangs_on(node, other):
                yield other, rests

    def _hangs_on(self, node: int, other: int) -> bool:
        """Whether another node is reached from this one alone, so that no path leads by way of it back to this one."""
        row = self._against[other]
        return len(row) == 1 and row[0][0] == node and other != self._source

    def joined(self, found: set[str], far: int) -> bool:
        """Add the statements of the path to those found if there is but one, and give whether there is."""
        row = self._against[far]
        one = row[0][2] if len(row) == 1 and row[0][0] == self._source else self.only(far)
        found.update(one or ())
        return one is not None

    def only(self, far: int) -> frozenset[str] | None:
        """Give the statements of the path if there is but one, which is the usual case; else None."""
        ahead: list[int] = []
        while far not in self._alone:
            ahead.append(far)
            lasts = self._lasts(far)
            if len(lasts) != 1:
                self._alone[far] = None
                break
            far = lasts[0][0]
        found = self._alone[far]
        for node in reversed(ahead):
            if found is not None:
                found = found.union(self._lasts(node)[0][1])
            self._alone[node] = found
        return found


def walked(starts: Iterable[int], lasts: Callable[[int], Iterable[Last]]) -> Iterator[Step]:
    """Give every arc met on the way back from the starts, from the later node to the earlier."""
    waiting = [*starts]
    met = {*waiting}
    while waiting:
        node = waiting.pop()
        for other, rests in lasts(node):
            yield node, other, rests
            if other not in met:
                met.add(other)
                waiting.append(other)


def least(steps: Iterable[Step], first: int, last: int, names: Sequence[str]) -> Rests:
    """Give the statements of the canonical path from `first` to `last` among the steps, sorted.

    Canonical is the path with the fewest distinct statements, then the one whose sorted ids come first. Which one
    that is depends on the statements alone, neither on the order in which they came nor on potentials.
    Finding it is hard in general, so beyond EFFORT the path of fewest arcs is taken, and of those at each
    arc from its start the one with the least statements (then the least node), which is as canonical.
    """
    onward: Onward = {}
    for start, end, rests in steps:
        onward.setdefault(start, []).append((end, rests))
    return _fewest_statements(onward, first, last, names) or _fewest_arcs(onward, first, last, names)


def _repeated(onward: Onward) -> frozenset[str]:
    """Give the statements found on more than one arc: only these can be used again further on."""
    uses = Counter(name for arcs in onward.values() for _, rests in arcs for name in rests)
    return frozenset(name for name, count in uses.items() if count > 1)


def _fewest_statements(onward: Onward, first: int, last: int, names: Sequence[str]) -> Rests:
    """Give the least set of statements of any path, by number and then ids; empty when EFFORT was not enough.

    Two ways to a node that agree on the repeated statements have the same futures, so the lesser alone goes on.
    """
    repeated = _repeated(onward)
    heap: list[tuple[int, Rests, str, int]] = [(0, (), names[first], first)]
    done: set[tuple[int, frozenset[str]]] = set()
    effort = EFFORT
    while heap and effort > 0:
        count, statements, _, node = heappop(heap)
        if node == last:
            return statements
        mark = (node, repeated.intersection(statements))
        if mark in done:
            continue
        done.add(mark)
        for other, rests in onward.get(node, ()):
            effort -= count + 1
            more = tuple(sorted({*statements, *rests}))
            heappush(heap, (len(more), more, names[other], other))
    return ()


def _arcs_left(onward: Onward, last: int) -> dict[int, int]:
    """Give the least number of arcs from each node to the last."""
    behind: dict[int, list[int]] = {}
    for start, arcs in onward.items():
        for end, _ in arcs:
            behind.setdefault(end, []).append(start)
    left = {last: 0}
    waiting = deque([last])
    while waiting:
        node = waiting.popleft()
        for other in behind.get(node, ()):
            if other not in left:
                left[other] = left[node] + 1
                waiting.append(other)
    return left


def _fewest_arcs(onward: Onward, first: int, last: int, names: Sequence[str]) -> Rests:
    left = _arcs_left(onward, last)
    statements: set[str] = set()
    while first != last:
        shorter = [(rests, names[end], end) for end, rests in onward[first] if left.get(end) == left[first] - 1]
        rests, _, first = min(shorter)
        statements.update(rests)
    return tuple(sorted(statements))
