"""Counts singles in a window exactly, where that can be done: by a sweep or by enumeration. Knows no claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

from events.when import ANY, Bound
from timeline.counting.happenings import Moment, gap
from timeline.network import ORIGIN, Network

STAR_EFFORT: Final = 6_000
"""Singles times instants of the network up to which the sweep is worth its runs of the network."""
ENUMERATED_MOST: Final = 12
EFFORT: Final = 2_000
FAR: Final = 1 << 62


def exact_count(network: Network, start: Moment, end: Moment, nodes: Sequence[str]) -> Bound | None:
    """Give how many of the nodes' instants lie in (start, end]; both ends occur in some world. None: not known.

    The nodes are those of singles that may lie in the window. The sweep takes those whose times are
    independent given the origin and one anchor; else up to 12 are enumerated.
    """
    if len(set(nodes)) != len(nodes):
        return None
    anchor = _one_anchor(start, end) if len(nodes) * len(network.nodes) <= STAR_EFFORT else None
    if anchor is not None and (star := _star(network, anchor, nodes)) is not None:
        return _sweep(star, start, end)
    return _enumerate(network, start, end, nodes) if len(nodes) <= ENUMERATED_MOST else None


def _one_anchor(start: Moment, end: Moment) -> str | None:
    """Give the one node but the origin that the window hangs on; the origin if none, None if two."""
    nodes = {start.node, end.node} - {ORIGIN}
    return None if len(nodes) > 1 else nodes.pop() if nodes else ORIGIN


class Ray(NamedTuple):
    """One single of a star: its own bounds, and its bounds measured from the anchor."""

    own: Bound
    tied: Bound


@final
@dataclass(frozen=True, slots=True)
class Star:
    """Singles that are independent of one another given the anchor's instant."""

    anchor: str
    reach: Bound
    rays: tuple[Ray, ...]


def _star(network: Network, anchor: str, nodes: Sequence[str]) -> Star | None:
    """Give the star, or None where two singles are tied to one another otherwise than by origin and anchor."""
    own, tied = network.reach(ORIGIN), network.reach(anchor)
    rays = tuple(Ray(own.get(one, ANY), tied.get(one, ANY)) for one in nodes)
    for i, one in enumerate(nodes):
        reach = network.reach(one)
        for j in range(i + 1, len(nodes)):
            direct = reach.get(nodes[j], ANY)
            if not direct.covers(_through(rays[i].own, rays[j].own).meet(_through(rays[i].tied, rays[j].tied))):
                return None
    return Star(anchor, own.get(anchor, ANY), rays)


def _through(a: Bound, b: Bound) -> Bound:
    """Give b - a as it follows from the two alone."""
    return Bound(
        None if b.lo is None or a.hi is None else b.lo - a.hi, None if b.hi is None or a.lo is None else b.hi - a.lo
    )


def _sweep(star: Star, start: Moment, end: Moment) -> Bound:
    """Move the anchor over every place where the standing of a single changes."""
    least, most = len(star.rays), 0
    for at in _places(star, start, end):
        lo, hi = start.shift + at * (start.node != ORIGIN), end.shift + at * (end.node != ORIGIN)
        times = [ray.own.meet(Bound(_plus(ray.tied.lo, at), _plus(ray.tied.hi, at))) for ray in star.rays]
        inside = Bound(lo + 1, hi)
        least = min(least, sum(not inside.empty and inside.covers(time) for time in times))
        most = max(most, sum(not inside.meet(time).empty for time in times))
    return Bound(least, most)


def _places(star: Star, start: Moment, end: Moment) -> list[int]:
    turns = {0}
    for ray in star.rays:
        for moment in (start, end):
            ends = ray.tied if moment.node == ORIGIN else ray.own
            sign = -1 if moment.node == ORIGIN else 1
            turns.update(sign * (x - moment.shift) for x in (ends.lo, ends.hi) if x is not None)
    turns.update(x for x in (star.reach.lo, star.reach.hi) if x is not None)
    near = {turn + step for turn in turns for step in (-1, 0, 1)}
    return sorted(at for at in near if star.reach.covers(Bound(at, at)))


def _plus(end: int | None, by: int) -> int | None:
    return None if end is None else end + by


@final
@dataclass(slots=True)
class _Search:
    """Depth first over in, before and after for each single, on the closed matrix of the nodes that matter."""

    start: tuple[int, int]
    end: tuple[int, int]
    effort: int = field(default=EFFORT)

    def run(self, matrix: list[list[int]], left: Sequence[int], most: bool) -> int | None:
        """Give the most (or least) of `left` inside; None where the effort is spent."""
        best = self._go(matrix, left, 0, -1 if most else len(left) + 1, most)
        return None if self.effort <= 0 else best

    def _go(self, matrix: list[list[int]], left: Sequence[int], inside: int, best: int, most: bool) -> int:
        self.effort -= 1
        if self.effort <= 0 or (inside + len(left) <= best if most else inside >= best):
            return best
        if not left:
            return inside
        one, rest = left[0], left[1:]
        (s, low), (e, high) = self.start, self.end
        within = ((one, s, -low - 1), (e, one, high))
        before, after = ((s, one, low),), ((one, e, -high - 1),)
        turns = ((within, 1), (before, 0), (after, 0)) if most else ((before, 0), (after, 0), (within, 1))
        for edges, adds in turns:
            tighter = _tightened(matrix, edges)
            if tighter is not None:
                best = self._go(tighter, rest, inside + adds, best, most)
        return best


def _enumerate(network: Network, start: Moment, end: Moment, nodes: Sequence[str]) -> Bound | None:
    names = list(dict.fromkeys((start.node, end.node, *nodes)))
    matrix = [[_most(network, a, b) for b in names] for a in names]
    places = [names.index(one) for one in nodes]
    ends = (names.index(start.node), start.shift), (names.index(end.node), end.shift)
    least = _Search(*ends).run(matrix, places, most=False)
    most = _Search(*ends).run(matrix, places, most=True) if least is not None else None
    return None if least is None or most is None else Bound(least, most)


def _most(network: Network, a: str, b: str) -> int:
    """Give the upper end of t_b - t_a."""
    hi = gap(network, Moment(a), Moment(b)).hi
    return FAR if hi is None else hi


def _tightened(matrix: list[list[int]], edges: Sequence[tuple[int, int, int]]) -> list[list[int]] | None:
    """Give the closed matrix with t_v - t_u <= w added for each (u, v, w); None where nothing is left."""
    for u, v, w in edges:
        if w >= matrix[u][v]:
            continue
        if matrix[v][u] + w < 0:
            return None
        matrix = [row if row[u] >= FAR else _row_by(row, row[u] + w, matrix[v]) for row in matrix]
    return matrix


def _row_by(row: list[int], by: int, arm: list[int]) -> list[int]:
    return [old if far >= FAR else min(old, by + far) for old, far in zip(row, arm, strict=True)]
