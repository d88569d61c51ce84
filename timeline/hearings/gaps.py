"""How far apart events lie, where many pairs are asked for: each event is looked up once. Words nothing."""

from __future__ import annotations

from typing import NamedTuple, final

from events.when import Bound
from timeline.hearings.hearing import Hearing


class _Instant(NamedTuple):
    """One instant of an event: its node, what stands for the nodes tied to it, its own bounds."""

    node: str
    group: int | str
    bound: Bound


@final
class Gaps:
    """The bounds of the time from the end of one event to the start of another, by their ids.

    Between instants that nothing ties to one another no more is known than follows from the bounds of each, so that
    the network is asked of each event once, and only of pairs that are tied.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._starts: dict[str, _Instant] = {}
        self._ends: dict[str, _Instant] = {}

    def between(self, a: str, b: str) -> Bound:
        """Give the tightest bound of the start of b less the end of a, in microseconds."""
        end = self._ends.get(a) or self._ends.setdefault(a, self._instant(self._hearing.nodes(a).end))
        start = self._starts.get(b) or self._starts.setdefault(b, self._instant(self._hearing.nodes(b).start))
        if end.group == start.group:
            return self._hearing.network.between(end.node, start.node)
        return apart(end.bound, start.bound)

    def _instant(self, node: str) -> _Instant:
        return _Instant(node, self._hearing.network.group(node), self._hearing.bound(node))


def apart(a: Bound, b: Bound) -> Bound:
    """Give b - a, where either may be anywhere in its bounds.

    >>> apart(Bound(1, 2), Bound(5, None))
    Bound(lo=3, hi=None)
    """
    return Bound(
        None if b.lo is None or a.hi is None else b.lo - a.hi,
        None if b.hi is None or a.lo is None else b.hi - a.lo,
    )
