"""Which sessions can be the first or the last before an instant, of many. Gives too many rather than too few.

What is left out changes neither whether there was one, nor how long before, nor between which dates it lay. An instant
that no statement ties to a session lies from it as their own bounds do: of all the sessions with one instant, those at
the extremes stand for the rest. Of an instant that is tied to one, the network may know more, though never less than
two dates tell: a session whose dates put it before another one that certainly was before the instant is not the last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import attrgetter
from typing import Final, NamedTuple, final

from events.when import ANY, EARLIEST, LATEST, Bound
from timeline.counting.happenings import Happening, Scope

_FAR: Final = 4 * (LATEST - EARLIEST)
"""Further than any time between two instants: what an open end is taken for."""


class _Dated(NamedTuple):
    """A session from its earliest start to its latest end; `solid` if it certainly was, at a time that bounds it."""

    end: int
    start: int
    number: int
    solid: bool


_END: Final = attrgetter("end")
_START: Final = attrgetter("start")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """The sessions by their ends and by their starts, with the extremes of each first and each last part of them.

    `several` are those of more than one instant, and `tied` the groups of instants that statements tie to a session.
    """

    among: tuple[Happening, ...]
    by_end: tuple[_Dated, ...]
    by_start: tuple[_Dated, ...]
    ends: tuple[int, ...]
    starts: tuple[int, ...]
    begun: tuple[_Dated | None, ...]
    over_first: _Dated | None
    opened: tuple[_Dated | None, ...]
    ended: tuple[_Dated | None, ...]
    several: tuple[_Dated, ...]
    nodes: frozenset[str]
    tied: frozenset[int | str]
    group: Callable[[str], int | str]
    alone: bool

    @classmethod
    def of(
        cls,
        among: Sequence[Happening],
        scope: Scope,
        own: Mapping[str, Bound],
        group: Callable[[str], int | str],
        *,
        alone: bool = True,
    ) -> Nearby:
        """Sort sessions of a scope; `own` are the bounds of each node, `group` what it is tied to.

        They are `alone` where no claim tells of more or places them.
        """
        every = [(number, one) for number, one in enumerate(among) if one.count.hi != 0]
        kept = [_dated(number, one, scope, own) for number, one in every if one.dated]
        undated = [_Dated(_FAR, -_FAR, number, solid=False) for number, one in every if not one.dated]
        single = [each for each in kept if among[each.number].first == among[each.number].last]
        several = [each for each in kept if among[each.number].first != among[each.number].last]
        single += undated[:1]
        by_end = tuple(sorted(single))
        by_start = tuple(sorted(single, key=attrgetter("start", "end", "number")))
        nodes = frozenset(node for one in among for node in (one.first, one.last))
        return cls(
            among=tuple(among),
            by_end=by_end,
            by_start=by_start,
            ends=tuple(map(_END, by_end)),
            starts=tuple(map(_START, by_start)),
            begun=_extremes((one if one.solid else None for one in by_end), _later_start),
            over_first=next((one for one in by_end if one.solid), None),
            opened=_extremes(reversed(by_end), _earlier_start)[::-1],
            ended=_extremes(by_start, _later_end),
            several=tuple(sorted(several)),
            nodes=nodes,
            tied=frozenset(group(node) for node in nodes),
            group=group,
            alone=alone,
        )

    def last(self, node: str, at: Bound) -> tuple[Happening, ...]:
        """Give those that can be the last before the instant of a node within `at`, in their order."""
        low, high = _ends(at)
        sure = self.begun[bisect_right(self.ends, low)]
        since = low - (high - sure.start) if sure else -_FAR
        if node in self.nodes:
            return self.among
        if self._free(node):
            until = bisect_right(self.starts, high)
            return self._chosen([sure, self.ended[until], *self.by_start[:1], *_within(self.several, since, high)])
        return self._chosen([*_within(self.by_end, since, high), *_within(self.several, since, high)])

    def first(self, node: str, at: Bound) -> tuple[Happening, ...]:
        """Give those that can be the first before the instant of a node within `at`, in their order."""
        low, high = _ends(at)
        sure = self.over_first
        until = high - (low - sure.end) if sure and sure.end <= low else high
        if node in self.nodes:
            return self.among
        if self._free(node):
            begun = bisect_right(self.starts, high)
            return self._chosen([sure, self.ended[begun], *self.by_start[:1], *_within(self.several, -_FAR, until)])
        begun = bisect_right(self.starts, until)
        return self._chosen([*self.by_start[:begun], *_within(self.several, -_FAR, until)])

    def between(self, node: str, at: Bound, elapsed: Bound) -> tuple[Happening, ...]:
        """Give those at the extremes of all that can lie so long before the instant of a node that is free."""
        if not self._free(node) or node in self.nodes:
            return ()
        low, high = _ends(at)
        since, until = low - (_FAR if elapsed.hi is None else elapsed.hi), high - (elapsed.lo or 0)
        opened = self.opened[bisect_left(self.ends, since)]
        ended = self.ended[bisect_right(self.starts, until)]
        return self._chosen(one for one in (opened, ended) if one and one.start <= until and one.end >= since)

    def _free(self, node: str) -> bool:
        return self.alone and self.group(node) not in self.tied

    def _chosen(self, found: Iterable[_Dated | None]) -> tuple[Happening, ...]:
        return tuple(self.among[number] for number in sorted({one.number for one in found if one is not None}))


def _dated(number: int, one: Happening, scope: Scope, own: Mapping[str, Bound]) -> _Dated:
    start = own.get(one.first, ANY).lo
    end = own.get(one.last, ANY).hi
    solid = bool(one.count.lo) and one.scope.within(scope)
    return _Dated(_FAR if end is None else end, -_FAR if start is None else start, number, solid)


def _ends(at: Bound) -> tuple[int, int]:
    return -_FAR if at.lo is None else at.lo, _FAR if at.hi is None else at.hi


def _within(sorted_by_end: Sequence[_Dated], since: int, until: int) -> Iterable[_Dated]:
    """Give those that end at or after an instant and start at or before another."""
    first = bisect_left(sorted_by_end, since, key=_END)
    return (one for one in sorted_by_end[first:] if one.start <= until)


def _extremes(
    row: Iterable[_Dated | None], better: Callable[[_Dated | None, _Dated | None], _Dated | None]
) -> tuple[_Dated | None, ...]:
    """Give, for each number of them from the beginning of the row, the one that is best."""
    return tuple(accumulate(chain((None,), row), better))


def _later_start(a: _Dated | None, b: _Dated | None) -> _Dated | None:
    return b if a is None or (b is not None and b.start > a.start) else a


def _earlier_start(a: _Dated | None, b: _Dated | None) -> _Dated | None:
    return b if a is None or (b is not None and b.start < a.start) else a


def _later_end(a: _Dated | None, b: _Dated | None) -> _Dated | None:
    return b if a is None or (b is not None and b.end > a.end) else a
