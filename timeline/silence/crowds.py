"""The pieces of one block compared with one another: which are over before which, what silence may follow each.

Knows no event. All times are whole microseconds; an open end is `FAR` (`timeline.silence.ordered`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from operator import sub
from typing import Protocol, TypeAlias, final

from events.when import Bound
from timeline.silence.instants import Instants, Piece, minus
from timeline.silence.ordered import FAR, Following, Ordered, closed, cutter

Rows: TypeAlias = Sequence[Sequence[int]]
Nearer: TypeAlias = Mapping[tuple[int, int], Bound]
"""What the network knows of the time from the end of one piece to the start of another that the axis does not tell."""


class Crowd(Protocol):
    """Pieces of which none is certainly over before all others begin; they are numbered from 0."""

    def at(self, place: int) -> Piece:
        """Give the piece at a place."""

    def longest(self) -> list[int]:
        """Give the greatest length of the silence that may follow each piece within the block; none if not positive."""

    def following(self, place: int) -> Following:
        """Give what may end the silence that may follow a piece."""


@final
class Loose:
    """A crowd of pieces that are not tied to one another: the axis alone compares them."""

    def __init__(self, ordered: Ordered, places: range) -> None:
        self._all, self._places = ordered, places

    def at(self, place: int) -> Piece:
        """Give the piece at a place."""
        return self._all.pieces[self._places[place]]

    def longest(self) -> list[int]:
        """Give the greatest length of the silence that may follow each piece within the block; none if not positive.

        Those that may begin last are looked at first: soon none of the rest can be further away.
        """
        over, caps, places = self._all.early_end, self._all.caps, self._places
        of = cutter(places)
        last_first = sorted(zip(of(self._all.late), of(self._all.spare), places, strict=True), reverse=True)
        found = []
        for place in places:
            end, cap, most = over[place], caps[place], -FAR
            for late, spare, other in last_first:
                away = late - end
                if away <= most or most >= cap:
                    break
                if spare > most and other != place:
                    most = min(spare, away)
            found.append(min(most, cap))
        return found

    def following(self, place: int) -> Following:
        """Give what may end the silence that may follow a piece."""
        at = self._places[place]
        late, end, spare = self._all.late, self._all.early_end[at], self._all.spare
        return self._all.ending([one for one in self._places if one != at and min(late[one] - end, spare[one]) > 0])


@final
class Throng:
    """A crowd of too many pieces to compare them: what certainly follows each is all that is looked at."""

    def __init__(self, ordered: Ordered, places: range) -> None:
        self._all = ordered
        self._places = places
        last = max(ordered.late[places.start : places.stop])
        self._by = [last if by == FAR else by for by in ordered.by[places.start : places.stop]]

    def at(self, place: int) -> Piece:
        """Give the piece at a place."""
        return self._all.pieces[self._places[place]]

    def longest(self) -> list[int]:
        """Give the greatest length of the silence that may follow each piece within the block; none if not positive."""
        return list(map(sub, self._by, self._all.early_end[self._places.start : self._places.stop]))

    def following(self, place: int) -> Following:
        """Give when the silence that may follow a piece is over; too many may end it to name them."""
        end, by = self._all.early_end[self._places[place]], self._by[place]
        return Following((), Bound(closed(end), closed(by) if closed(end) is not None else None))


@final
class Tied:
    """A crowd of pieces that may be tied to one another: the network compares them."""

    def __init__(self, ordered: Ordered, places: Sequence[int], lo: Rows, hi: Rows) -> None:
        self.places, self._all = places, ordered
        self._lo, self._hi = lo, hi
        self._sure = [ordered.sure[place] for place in places]

    @classmethod
    def of(cls, ordered: Ordered, places: range, nearer: Nearer) -> Tied:
        """Bound the time from the end of each (row) to the start of each other (column)."""
        cut = slice(places.start, places.stop)
        early, late = ordered.early[cut], ordered.late[cut]
        lo = [[start - end for start in early] for end in ordered.late_end[cut]]
        hi = [[start - end for start in late] for end in ordered.early_end[cut]]
        for (a, b), found in nearer.items():
            lo[a][b] = -FAR if found.lo is None else found.lo
            hi[a][b] = FAR if found.hi is None else found.hi
        for at in range(len(places)):
            lo[at][at] = hi[at][at] = -FAR
        return cls(ordered, places, lo, hi)

    def at(self, place: int) -> Piece:
        """Give the piece at a place."""
        return self._all.pieces[self.places[place]]

    def divided(self) -> list[Tied]:
        """Give the parts of which each is over before the next begins, in every world; those soonest over first."""
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
        if parts == [[*range(len(order))]]:
            return [self]
        return [self._part(part) for part in parts]

    def _part(self, places: Sequence[int]) -> Tied:
        lo, hi = ([[rows[a][b] for b in places] for a in places] for rows in (self._lo, self._hi))
        return Tied(self._all, [self.places[one] for one in places], lo, hi)

    def longest(self) -> list[int]:
        """Give the greatest length of the silence that may follow each piece within the block; none if not positive."""
        caps = [_least(lo, hi, self._sure) for lo, hi in zip(self._lo, self._hi, strict=True)]
        if min(self._latest) == FAR:
            return list(map(min, map(max, self._hi), caps))
        return [min(max(self._lengths(place)), cap) for place, cap in enumerate(caps)]

    def following(self, place: int) -> Following:
        """Give what may end the silence that may follow a piece."""
        return self._all.ending([self.places[one] for one, most in enumerate(self._lengths(place)) if most > 0])

    def _lengths(self, place: int) -> list[int]:
        """Give how long the silence that follows a piece is at most, if it ends with each of the others."""
        return list(map(min, self._hi[place], self._latest))

    @cached_property
    def _latest(self) -> list[int]:
        """How long before each piece the last that certainly was before it ended at most."""
        columns = zip(zip(*self._lo, strict=True), zip(*self._hi, strict=True), strict=True)
        return [_least(lo, hi, self._sure) for lo, hi in columns]


def nearer(known: Instants, ordered: Ordered, places: range) -> Nearer:
    """Ask the network of those pieces that are tied; most often it knows no more than the axis tells."""
    tied = [(at, ordered.pieces[place]) for at, place in enumerate(places) if not ordered.alone[place]]
    found: dict[tuple[int, int], Bound] = {}
    for a, one in tied:
        for b, other in tied:
            if a != b and known.ties(one.end, other.start):
                bound = known.gap(one.end, other.start)
                if bound != minus(known.at(other.start), known.at(one.end)):
                    found[a, b] = bound
    return found


def _least(lo: Sequence[int], hi: Sequence[int], sure: Sequence[bool]) -> int:
    """Give the least upper end of those that certainly were, and lie on this side in every world."""
    if max(lo) <= 0:
        return FAR
    return min([most for least, most, was in zip(lo, hi, sure, strict=True) if least > 0 and was], default=FAR)
