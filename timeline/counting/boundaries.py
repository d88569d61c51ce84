"""Composes limits on running counts between boundaries: longest and shortest paths. Knows neither events nor scopes."""

from __future__ import annotations

from collections import deque
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


Arc = tuple[int, int, int, bool]
"""From, to, weight; whether it uses the `most` of a limit, which it goes against."""


@final
class Paths(NamedTuple):
    """The heaviest paths from one boundary (or from any); `best` is None where there is none."""

    start: int
    best: list[int | None]
    arcs: list[Arc]
    cycle: tuple[Step, ...] = ()

    def steps(self, end: int) -> tuple[Step, ...]:
        """Give the steps of a heaviest path to a boundary, of those the one with fewest: nobody is named in vain."""
        came: dict[int, Arc] = {}
        ahead, waiting = self._heaviest(), deque([self.start])
        while waiting and end not in came and waiting[0] != end:
            for arc in ahead.get(waiting.popleft(), ()):
                if arc[1] != self.start and arc[1] not in came:
                    came[arc[1]] = arc
                    waiting.append(arc[1])
        steps: list[Step] = []
        at = end
        while at in came:
            steps.append(_step(came[at]))
            at = came[at][0]
        return tuple(reversed(steps))

    def _heaviest(self) -> dict[int, list[Arc]]:
        """The arcs that lie on heaviest paths, by where they start."""
        found: dict[int, list[Arc]] = {}
        for arc in self.arcs:
            before, after = self.best[arc[0]], self.best[arc[1]]
            if before is not None and before + arc[2] == after:
                found.setdefault(arc[0], []).append(arc)
        return found


def compose(count: int, arcs: list[Arc], start: int, end: int) -> Composed:
    """Compose limits over boundaries 0 to count - 1; the greatest lower and the least upper end that follow.

    >>> exact = [Limit(0, 2, 5, 5), Limit(1, 3, 4, 4), Limit(0, 1, 0), Limit(1, 2, 0), Limit(2, 3, 0)]
    >>> found = compose(4, arcs_of(exact), 0, 3)
    >>> found.lo, found.hi
    (5, 9)
    """
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


def contradiction(count: int, arcs: list[Arc]) -> tuple[Step, ...]:
    """Give the steps of limits that cannot all be true; none where they can.

    >>> contradiction(2, arcs_of([Limit(0, 1, 27, 20)]))
    (Step(a=0, b=1, upper=True), Step(a=0, b=1, upper=False))
    """
    return heaviest(count, arcs, None).cycle


def arcs_of(limits: Iterable[Limit]) -> list[Arc]:
    """Give the arcs u -> v of weight w, each saying N(v) - N(u) >= w."""
    arcs: list[Arc] = []
    for a, b, least, most in limits:
        arcs.append((a, b, least, False))
        if most is not None:
            arcs.append((b, a, -most, True))
    return arcs


def _step(arc: Arc) -> Step:
    a, b, _, upper = arc
    return Step(b, a, upper=True) if upper else Step(a, b, upper=False)


def heaviest(count: int, arcs: list[Arc], start: int | None) -> Paths:
    """Bellman and Ford: the heaviest paths from a boundary (None: from any), or the steps of a positive cycle."""
    best: list[int | None] = [0 if start is None else None] * count
    came: list[Arc | None] = [None] * count
    if start is not None:
        best[start] = 0
    for _ in range(count + 1):
        moved = -1
        for arc in arcs:
            at = best[arc[0]]
            if at is None:
                continue
            there, new = at + arc[2], best[arc[1]]
            if new is None or there > new:
                moved = arc[1]
                best[moved], came[moved] = there, arc
        if moved < 0:
            return Paths(-1 if start is None else start, best, arcs)
    return Paths(-1 if start is None else start, best, arcs, _cycle(came, moved, count))


def _cycle(came: list[Arc | None], at: int, count: int) -> tuple[Step, ...]:
    """Give the steps of the cycle that the way back from `at` ends in."""
    for _ in range(count):
        arc = came[at]
        at = arc[0] if arc is not None else at
    steps: list[Step] = []
    here = at
    while (arc := came[here]) is not None:
        steps.append(_step(arc))
        here = arc[0]
        if here == at:
            break
    return tuple(steps)
