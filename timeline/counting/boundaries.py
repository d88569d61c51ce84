"""Composes limits on running counts between boundaries: longest and shortest paths. Knows neither events nor scopes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, final

MOST: int = 200
"""Above so many boundaries the composition is dropped (SEMANTICS 6)."""


@final
class Limit(NamedTuple):
    """What one step between two boundaries says: N(b) - N(a) >= `least`, and <= `most` unless that is None."""

    a: int
    b: int
    least: int
    most: int | None = None


@final
class Step(NamedTuple):
    """One step of a path: from boundary to boundary, using the `least` or the `most` of the limit between them."""

    a: int
    b: int
    upper: bool


@final
class Composed(NamedTuple):
    """Both ends of N(end) - N(start) with the steps each rests on; `cycle` holds the steps of a contradiction."""

    lo: int | None
    hi: int | None
    lo_path: tuple[Step, ...]
    hi_path: tuple[Step, ...]
    cycle: tuple[Step, ...] = ()


Arc = tuple[int, int, int, Step]


@final
class Paths(NamedTuple):
    """The heaviest paths from one boundary (or from any); `best` is None where there is none."""

    start: int
    best: list[int | None]
    came: list[Arc | None]
    cycle: tuple[Step, ...] = ()

    def steps(self, end: int) -> tuple[Step, ...]:
        """Give the steps of the heaviest path to a boundary."""
        steps: list[Step] = []
        at = end
        while at != self.start and (arc := self.came[at]) is not None:
            steps.append(arc[3])
            at = arc[0]
        return tuple(reversed(steps))


def compose(count: int, limits: Iterable[Limit], start: int, end: int) -> Composed:
    """Compose limits over boundaries 0 to count - 1; the greatest lower and the least upper end that follow.

    >>> exact = [Limit(0, 2, 5, 5), Limit(1, 3, 4, 4), Limit(0, 1, 0), Limit(1, 2, 0), Limit(2, 3, 0)]
    >>> found = compose(4, exact, 0, 3)
    >>> found.lo, found.hi
    (5, 9)
    """
    arcs = arcs_of(limits)
    above = heaviest(count, arcs, start)
    if above.cycle:
        return Composed(None, None, (), (), above.cycle)
    below = heaviest(count, arcs, end)
    lo, hi = above.best[end], below.best[start] if not below.cycle else None
    return Composed(
        lo,
        None if hi is None else -hi,
        () if lo is None else above.steps(end),
        () if hi is None else below.steps(start),
        below.cycle,
    )


def contradiction(count: int, limits: Iterable[Limit]) -> tuple[Step, ...]:
    """Give the steps of limits that cannot all be true; none where they can.

    >>> contradiction(2, [Limit(0, 1, 27, 20)])
    (Step(a=0, b=1, upper=True), Step(a=0, b=1, upper=False))
    """
    return heaviest(count, arcs_of(limits), None).cycle


def arcs_of(limits: Iterable[Limit]) -> list[Arc]:
    """Give the arcs u -> v of weight w, each saying N(v) - N(u) >= w."""
    arcs: list[Arc] = []
    for limit in limits:
        arcs.append((limit.a, limit.b, limit.least, Step(limit.a, limit.b, upper=False)))
        if limit.most is not None:
            arcs.append((limit.b, limit.a, -limit.most, Step(limit.a, limit.b, upper=True)))
    return arcs


def heaviest(count: int, arcs: list[Arc], start: int | None) -> Paths:
    """Bellman and Ford: the heaviest paths from a boundary (None: from any), or the steps of a positive cycle."""
    best: list[int | None] = [0 if start is None else None] * count
    came: list[Arc | None] = [None] * count
    if start is not None:
        best[start] = 0
    for _ in range(count + 1):
        moved = -1
        for arc in arcs:
            at, new = best[arc[0]], best[arc[1]]
            if at is not None and (new is None or at + arc[2] > new):
                best[arc[1]], came[arc[1]], moved = at + arc[2], arc, arc[1]
        if moved < 0:
            return Paths(-1 if start is None else start, best, came)
    return Paths(-1 if start is None else start, best, came, _cycle(came, moved, count))


def _cycle(came: list[Arc | None], at: int, count: int) -> tuple[Step, ...]:
    """Give the steps of the cycle that the way back from `at` ends in."""
    for _ in range(count):
        arc = came[at]
        at = arc[0] if arc is not None else at
    steps: list[Step] = []
    here = at
    while (arc := came[here]) is not None:
        steps.append(arc[3])
        here = arc[0]
        if here == at:
            break
    return tuple(steps)
