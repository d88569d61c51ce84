"""The distances of a network, found as they are asked for and kept: through the origin, or otherwise. Changes nothing.

Most instants are tied to the origin alone, so that what lies between two of them is the sum of two distances; only
within a group of nodes that are tied to one another is there more to look for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, final

from timeline.graph.shortest import Rests, Rows, Tight, distances, least, near
from timeline.hearings.ties import Ties

HUB: Final = 16
"""Arcs of a node from which it is worth a run of its own for the sake of what hangs on it."""
RUNS: Final = 32
"""One-source runs kept."""
ROUND: Final = 500_000
"""Distances kept from nodes to those tied to them."""


@final
class _Run:
    """The distances from one node (or, backwards, to it), and the arcs they come from."""

    __slots__ = ("distance", "tight")

    def __init__(self, distance: list[int | None], against: Rows, source: int, *, backwards: bool) -> None:
        self.distance = distance
        self.tight = Tight(distance, against, source, backwards=backwards)


@final
class Paths:
    """The shortest paths between the nodes of a network, as long as nothing is added to it."""

    def __init__(self, ahead: Rows, behind: Rows, potential: list[int], ties: Ties) -> None:
        self._ahead, self._behind, self._potential, self._ties = ahead, behind, potential, ties
        self._runs: dict[tuple[int, bool], _Run] = {}
        self._near: dict[tuple[int, bool], dict[int, int]] = {}
        self._room = ROUND

    def all(self, source: int, *, backwards: bool) -> Sequence[int | None]:
        """Give the distances of all nodes from one (or, backwards, to it); None where there is no path."""
        return self._run(source, backwards=backwards).distance

    def rests(self, start: int, end: int, names: Sequence[str]) -> Rests:
        """Give the statements that the distance between two different nodes rests on.

        Where every path leads through the origin, those between it and either of the two.
        """
        if start and end and not self._ties.tied(start, end):
            return self._through(start, end, names)
        run, far = self._via(start, end)
        return run.tight.rests(far, names)

    def resting(self, pairs: Iterable[tuple[str, str]], index: Mapping[str, int], names: Sequence[str]) -> set[str]:
        """Give all that the distances between these pairs rest on, each as `rests` tells it, where there is a path.

        Where every path leads through the origin and there is but one, its two halves are added as they are, each once.
        """
        found, to, fro, tied = set[str](), self._to_origin, self._from_origin, self._ties.tied
        there, back = set[int](), set[int]()
        for a, b in pairs:
            if a not in index or b not in index:
                continue
            start, end = index[a], index[b]
            if start and end and not tied(start, end):
                if to.distance[start] is None or fro.distance[end] is None:
                    continue
                if (start in there or to.tight.joined(found, start)) and (end in back or fro.tight.joined(found, end)):
                    there.add(start)
                    back.add(end)
                    continue
            if start != end and self.distance(start, end) is not None:
                found.update(self.rests(start, end, names))
        return found

    def _through(self, start: int, end: int, names: Sequence[str]) -> Rests:
        to, fro = self._to_origin.tight, self._from_origin.tight
        there = to.only(start)
        further = fro.only(end) if there is not None else None
        if there is None or further is None:
            return least(to.steps(start) | fro.steps(end), start, end, names)
        return tuple(sorted(there | further))

    def distance(self, start: int, end: int) -> int | None:
        """Give the distance from one node to another; None where there is no path."""
        if not start:
            return self._from_origin.distance[end]
        first = self._to_origin.distance[start]
        if not end:
            return first
        rest = self._from_origin.distance[end]
        through = None if first is None or rest is None else first + rest
        direct = self._direct(start, end) if self._ties.tied(start, end) else None
        return direct if through is None or (direct is not None and direct < through) else through

    @cached_property
    def _to_origin(self) -> _Run:
        return self._run(0, backwards=True)

    @cached_property
    def _from_origin(self) -> _Run:
        return self._run(0, backwards=False)

    def _run(self, source: int, *, backwards: bool) -> _Run:
        run = self._runs.get((source, backwards))
        if run is None:
            rows, against = (self._behind, self._ahead) if backwards else (self._ahead, self._behind)
            distance = self._far(source, backwards=backwards) if source else distances(rows, self._levels(backwards))
            if len(self._runs) >= RUNS:
                del self._runs[next(key for key in self._runs if key[0])]
            run = self._runs[source, backwards] = _Run(distance, against, source, backwards=backwards)
        return run

    def _levels(self, backwards: bool) -> list[int]:
        return [-value for value in self._potential] if backwards else self._potential

    def _far(self, source: int, *, backwards: bool) -> list[int | None]:
        """Give the distances of all nodes from one: through the origin, or nearer."""
        first = self._run(0, backwards=not backwards).distance[source]
        found: list[int | None] = [None] * len(self._ahead)
        if first is not None:
            further = self._run(0, backwards=backwards).distance
            found = [None if rest is None else first + rest for rest in further]
        for node, there in self._around(source, backwards=backwards).items():
            seen = found[node]
            if seen is None or there < seen:
                found[node] = there
        return found

    def _around(self, source: int, *, backwards: bool) -> dict[int, int]:
        """Give the distances of those tied to a node from it (or, backwards, to it), not through the origin."""
        around = self._near.get((source, backwards))
        if around is None:
            rows = self._behind if backwards else self._ahead
            around = near(rows, self._potential, source, -1 if backwards else 1)
            self._room -= len(around)
            if self._room < 0:
                self._near.clear()
                self._room = ROUND - len(around)
            self._near[source, backwards] = around
        return around

    def _direct(self, start: int, end: int) -> int | None:
        """Give the distance not through the origin.

        It is looked for from the end from which others were, else from the one with more edges: anchors are asked about
        again. Where all arcs of a node lead to such hubs, from those.
        """
        if (start, False) in self._near:
            return self._near[start, False].get(end)
        if (end, True) in self._near:
            return self._near[end, True].get(start)
        arcs = [arc for arc in self._ahead[start] if arc[0]]
        if len(arcs) <= HUB and all(len(self._ahead[x]) > HUB for x, _, _ in arcs):
            ways = ((weight, self._around(x, backwards=False).get(end)) for x, weight, _ in arcs)
            return min((weight + rest for weight, rest in ways if rest is not None), default=None)
        if self._degree(start) >= self._degree(end):
            return self._around(start, backwards=False).get(end)
        return self._around(end, backwards=True).get(start)

    def _degree(self, node: int) -> int:
        return len(self._ahead[node]) + len(self._behind[node])

    def _via(self, start: int, end: int) -> tuple[_Run, int]:
        """Give the run that knows the path from one node to another, and its other end.

        It starts at the end that has a run, else at the one with more edges: anchors are asked about again.
        """
        if self._rank(start) >= self._rank(end):
            return self._run(start, backwards=False), end
        return self._run(end, backwards=True), start

    def _rank(self, node: int) -> tuple[bool, bool, int]:
        has_run = (node, False) in self._runs or (node, True) in self._runs
        return has_run, node == 0, self._degree(node)
