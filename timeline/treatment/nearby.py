"""Which sessions can be the first or the last before an instant, of many. Gives too many rather than too few.

What is left out here changes no answer of `counting.last`, as the network's bounds are never wider than those of two
dates: a session whose dates put it before another one that certainly was before the instant is not the last, and so on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from events.when import Bound
from timeline.counting.happenings import Happening, Scope


class _Dated(NamedTuple):
    """A session between two known instants."""

    end: int
    start: int
    number: int


class Nearby(NamedTuple):
    """The sessions by their ends and by their starts; `always` are those that no date lets leave out."""

    among: tuple[Happening, ...]
    always: frozenset[int]
    by_end: tuple[_Dated, ...]
    by_start: tuple[_Dated, ...]
    widest: int
    nodes: frozenset[str]

    @classmethod
    def of(cls, among: Sequence[Happening], scope: Scope, bound: Callable[[str], Bound]) -> Nearby:
        """Sort them: only single ones that certainly were, of one teller and of the scope, at known dates."""
        dated = [
            _Dated(found.hi, found.lo, number)
            for number, one in enumerate(among)
            if one.dated and not one.soft and one.first == one.last and one.teller is not None
            if one.count.lo and one.scope.within(scope)
            for found in [bound(one.first)]
            if found.lo is not None and found.hi is not None
        ]
        return cls(
            among=tuple(among),
            always=frozenset(range(len(among))) - {one.number for one in dated},
            by_end=tuple(sorted(dated)),
            by_start=tuple(sorted(dated, key=lambda one: (one.start, one.end, one.number))),
            widest=max((one.end - one.start for one in dated), default=0),
            nodes=frozenset(node for one in among for node in (one.first, one.last)),
        )

    def last(self, node: str, at: Bound) -> tuple[Happening, ...]:
        """Give those that can be the last before the instant of a node within `at`, in their order."""
        if at.lo is None or at.hi is None or node in self.nodes:
            return self.among
        before = bisect_right(self.by_end, at.lo, key=lambda one: one.end)
        since = at.lo - (at.hi - self.by_end[before - 1].start) if before else None
        first = bisect_left(self.by_end, since, key=lambda one: one.end) if since is not None else 0
        end = bisect_right(self.by_end, at.hi + self.widest, key=lambda one: one.end)
        return self._chosen({one.number for one in self.by_end[first:end]})

    def first(self, node: str, at: Bound) -> tuple[Happening, ...]:
        """Give those that can be the first before the instant of a node within `at`, and those that may be after it."""
        if at.lo is None or at.hi is None or node in self.nodes:
            return self.among
        sure = self.by_start[0] if self.by_start and self.by_start[0].end <= at.lo else None
        if sure is None:
            return self.among
        until = at.hi - (at.lo - sure.end)
        end = bisect_right(self.by_start, until, key=lambda one: one.start)
        astride = self.by_end[
            bisect_right(self.by_end, at.lo, key=lambda one: one.end) : bisect_right(
                self.by_end, at.hi + self.widest, key=lambda one: one.end
            )
        ]
        return self._chosen({one.number for one in (*self.by_start[:end], *astride)})

    def _chosen(self, numbers: set[int]) -> tuple[Happening, ...]:
        return tuple(self.among[number] for number in sorted(numbers | self.always))
