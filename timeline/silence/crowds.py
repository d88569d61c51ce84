"""The pieces of one small block compared with one another: which are over before which, what silence may follow each.

Knows no event. All times are whole microseconds; an open end is `FAR`, so that ends are compared without asking first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import sub
from typing import Final, NamedTuple, TypeAlias, final

from events.when import Bound
from timeline.silence.instants import Instants, Piece

FAR: Final = 1 << 62
"""An open upper end; an open lower end is its negative. What is beyond half of it is open, too."""
_OPEN: Final = FAR >> 1
Rows: TypeAlias = Sequence[Sequence[int]]
Ends: TypeAlias = tuple[int, int, int, int]
"""When a piece can begin at the earliest and at the latest, and when it can end."""


class Following(NamedTuple):
    """The silence that may follow a piece: what may end it, and where those begin."""

    before: tuple[str, ...]
    starts: Bound


@final
class Crowd:
    """The pieces of a block. Those tied to one another are compared by the network, all others by the axis alone."""

    def __init__(self, pieces: Sequence[Piece], ends: Sequence[Ends], lo: Rows, hi: Rows) -> None:
        self.pieces = pieces
        self.ends = ends
        self._lo, self._hi = lo, hi
        self._sure = [one.sure for one in pieces]
        self._early, self._late, self._early_end, self._late_end = zip(*ends, strict=True)

    @classmethod
    def of(cls, known: Instants, block: Sequence[Piece]) -> list[Crowd]:
        """Compare the pieces of a block, and divide it wherever all before are over before all after begin."""
        crowd = cls(block, ends_of(known, block), (), ())
        return (crowd if known.groups(block)[1] else crowd._compared(known)).divided()

    def _compared(self, known: Instants) -> Crowd:
        """Bound the time from the end of each (row) to the start of each other (column)."""
        block = self.pieces
        lo = [[start - end for start in self._early] for end in self._late_end]
        hi = [[start - end for start in self._late] for end in self._early_end]
        for a, one in enumerate(block):
            for b, other in enumerate(block):
                if a != b and known.ties(one.end, other.start):
                    lo[a][b], hi[a][b] = _open(known.gap(one.end, other.start))
            lo[a][a] = hi[a][a] = -FAR
        return Crowd(block, self.ends, lo, hi)

    def divided(self) -> list[Crowd]:
        """Give the parts of which each is over before the next begins, in every world; those soonest over first.

        Pieces that are not tied together have been divided already, as far as they can be.
        """
        if not self._lo:
            ends = sorted(self._late_end)
            ways = zip(self._early, self._late_end, strict=True)
            counts = [bisect_right(ends, start) - (end <= start) for start, end in ways]
            order = sorted(range(len(counts)), key=counts.__getitem__)
            return [self if order == [*range(len(counts))] else self._part(order)]
        columns = zip(*self._lo, strict=True)
        earlier = [sum(1 << place for place, lo in enumerate(column) if lo >= 0) for column in columns]
        order = sorted(range(len(earlier)), key=lambda place: earlier[place].bit_count())
        common = [*accumulate((earlier[place] for place in reversed(order)), int.__and__)][::-1]
        parts: list[list[int]] = [[]]
        before = 0
        for place, theirs in zip(order, common, strict=True):
            if before and not before & ~theirs:
                parts.append([])
            parts[-1].append(place)
            before |= 1 << place
        return [self._part(part) for part in parts]

    def _part(self, places: Sequence[int]) -> Crowd:
        lo, hi = ([[rows[a][b] for b in places] for a in places] if rows else () for rows in (self._lo, self._hi))
        return Crowd([self.pieces[one] for one in places], [self.ends[one] for one in places], lo, hi)

    def longest(self) -> Iterator[tuple[int, int | None]]:
        """Give the greatest length of the silence that may follow each piece within the block, where one may."""
        caps = self._caps()
        for place, cap in enumerate(caps):
            most = min(max(self._lengths(place)), cap)
            if most > 0:
                yield place, closed(most)

    def following(self, place: int) -> Following:
        """Give what may end the silence that may follow a piece."""
        others = [other for other, most in enumerate(self._lengths(place)) if most > 0]
        starts = min([self._early[one] for one in others]), max([self._late[one] for one in others])
        ids = sorted([self.pieces[one].id for one in others])
        return Following(tuple(ids), Bound(*map(closed, starts)))

    def _lengths(self, place: int) -> list[int]:
        """Give how long the silence that follows a piece is at most, if it ends with each of the others."""
        if self._hi:
            return list(map(min, self._hi[place], self._latest))
        found = list(map(sub, self._late, map(max, self._latest, repeat(self._early_end[place]))))
        found[place] = -FAR
        return found

    @cached_property
    def _latest(self) -> list[int]:
        """When, at the earliest, the last that certainly was before each piece ended.

        Of pieces that are tied together: how long before it that was at most.
        """
        if self._hi:
            columns = zip(zip(*self._lo, strict=True), zip(*self._hi, strict=True), strict=True)
            return [_least(lo, hi, self._sure) for lo, hi in columns]
        ends = sorted(each[:2] for each in zip(self._late_end, self._early_end, self._sure, strict=True) if each[2])
        late, most = [end for end, _ in ends], [-FAR, *accumulate((early for _, early in ends), max)]
        return [most[bisect_left(late, start)] for start in self._early]

    def _caps(self) -> list[int]:
        """Give how long after each piece the first that certainly follows it begins at most."""
        if self._hi:
            return [_least(lo, hi, self._sure) for lo, hi in zip(self._lo, self._hi, strict=True)]
        starts = sorted(each[:2] for each in zip(self._early, self._late, self._sure, strict=True) if each[2])
        early, least = [start for start, _ in starts], [FAR, *accumulate((late for _, late in reversed(starts)), min)]
        ways = zip(self._early_end, self._late_end, strict=True)
        return [least[len(early) - bisect_right(early, end)] - start for start, end in ways]


def _least(lo: Sequence[int], hi: Sequence[int], sure: Sequence[bool]) -> int:
    """Give the least upper end of those that certainly were, and lie on this side in every world."""
    return min([most for least, most, was in zip(lo, hi, sure, strict=True) if least > 0 and was], default=FAR)


def ends_of(known: Instants, pieces: Sequence[Piece]) -> list[Ends]:
    """Give when each piece can begin, and end."""
    axis, found = known.axis, []
    for one in pieces:
        start = _open(axis[one.start])
        found.append(start + (start if one.start == one.end else _open(axis[one.end])))
    return found


def _open(bound: Bound) -> tuple[int, int]:
    return -FAR if bound.lo is None else bound.lo, FAR if bound.hi is None else bound.hi


def closed(end: int) -> int | None:
    """Give an end as a bound has it: None where it is open."""
    return None if abs(end) > _OPEN else end
