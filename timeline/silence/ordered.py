"""The pieces of a question in order of time: when each can begin and end, which is tied to others. Asks no network.

Knows no event. All times are whole microseconds; an open end is `FAR`, so that ends are compared without asking first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from operator import itemgetter, sub
from typing import Any, Final, NamedTuple, final

from events.when import Bound
from timeline.silence.instants import Instants, Piece

FAR: Final = 1 << 62
"""An open upper end; an open lower end is its negative. What is beyond half of it is open, too."""
OPEN: Final = FAR >> 1


class Following(NamedTuple):
    """What may end the silence that may follow a piece, and where those begin."""

    before: tuple[str, ...]
    starts: Bound


@final
class Ordered:
    """Pieces, those that can begin first before the others, and of each by its place what is known of it alone.

    `early` and `late` are when a piece can begin, `early_end` and `late_end` when it can be over. `alone` is one whose
    instants are certainly tied to those of no other: of such the axis tells all. `all_sure` is whether all certainly
    were, `several` whether any is an event of several.
    """

    ids: Sequence[str]
    early: Sequence[int]
    late: Sequence[int]
    early_end: Sequence[int]
    late_end: Sequence[int]

    def __init__(self, known: Instants, pieces: Sequence[Piece]) -> None:
        axis, starts, ends = known.axis, [one.start for one in pieces], [one.end for one in pieces]
        begun = [axis[node] for node in starts]
        over = begun if starts == ends else [axis[node] for node in ends]
        first = sorted(zip(_lows(begun), _highs(over), [one.id for one in pieces], range(len(pieces)), strict=True))
        self.early, self.late_end, self.ids, in_time = zip(*first, strict=True)
        self.late, self.early_end = self.late_end, self.early
        if over is not begun:
            self.late = _highs([begun[number] for number in in_time])
            self.early_end = _lows([over[number] for number in in_time])
        alone = _alone(known.tied, starts, ends)
        self.pieces: Sequence[Piece] = [pieces[number] for number in in_time]
        self.alone = [alone[number] for number in in_time]
        self.sure = [one.sure for one in self.pieces]
        self.all_sure = all(self.sure)
        self.several = any(one.several for one in pieces)

    @cached_property
    def sure_late(self) -> Sequence[int]:
        """When each that certainly was must have begun; `FAR` for the others."""
        if self.all_sure:
            return self.late
        return [late if was else FAR for late, was in zip(self.late, self.sure, strict=True)]

    @cached_property
    def sure_end(self) -> Sequence[int]:
        """When, at the earliest, each that certainly was is over; the negative of `FAR` for the others."""
        if self.all_sure:
            return self.early_end
        return [end if was else -FAR for end, was in zip(self.early_end, self.sure, strict=True)]

    @cached_property
    def spare(self) -> list[int]:
        """How long before each begins at most the last was over that certainly was before it."""
        first_over = [*sorted(zip(self.late_end, self.sure_end, strict=True)), (FAR, FAR)]
        over, at, found = -FAR, 0, list[int]()
        for start, late in zip(self.early, self.late, strict=True):
            while first_over[at][0] < start:  # one that begins then is itself not over before
                over = max(over, first_over[at][1])
                at += 1
            found.append(late - over)
        return found

    @cached_property
    def by(self) -> list[int]:
        """When the first that certainly follows each must have begun; `FAR` where none does."""
        least = [FAR, *accumulate(reversed(self.sure_late), min)][::-1]
        return [least[bisect_right(self.early, end)] for end in self.late_end]

    @cached_property
    def caps(self) -> list[int]:
        """How long after each is over the first that certainly follows it begins at most."""
        return list(map(sub, self.by, self.early_end))

    @cached_property
    def following(self) -> list[int]:
        """How long after each is over the next of all can begin, where some may not have been at all."""
        last = max(self.late)
        return [(last if by == FAR else by) - end for by, end in zip(self.by, self.early_end, strict=True)]

    def tied(self, places: Sequence[int]) -> Sequence[Piece]:
        """Give those of the pieces at some places that may be tied to others."""
        if isinstance(places, range) and self._ties[places.start] == self._ties[places.stop]:
            return ()
        return [self.pieces[place] for place in places if not self.alone[place]]

    @cached_property
    def _ties(self) -> list[int]:
        """How many before each place may be tied to others."""
        return [0, *accumulate(not alone for alone in self.alone)]

    def ending(self, places: Sequence[int]) -> Following:
        """Give what the pieces at some places are as the end of a silence."""
        early, late = min(self.early[one] for one in places), max(self.late[one] for one in places)
        return Following(tuple(sorted([self.ids[one] for one in places])), Bound(closed(early), closed(late)))


def cutter(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Give what cuts out of a column what it has at some places."""
    in_row = isinstance(places, range) or len(places) == 1
    return itemgetter(slice(places[0], places[-1] + 1)) if in_row else itemgetter(*places)


def _lows(bounds: Sequence[Bound]) -> list[int]:
    return [-FAR if (lo := bound.lo) is None else lo for bound in bounds]


def _highs(bounds: Sequence[Bound]) -> list[int]:
    return [FAR if (hi := bound.hi) is None else hi for bound in bounds]


def _alone(tied: Mapping[str, int], starts: Sequence[str], ends: Sequence[str]) -> list[bool]:
    """Tell of each piece whether no other is of its groups; of none where one may be tied to anything."""
    ours = [tied.get(node, -1) for node in starts]
    theirs = ours if starts == ends else [tied.get(node, -1) for node in ends]
    times = Counter(ours)
    if theirs is not ours:
        times.update([end for start, end in zip(ours, theirs, strict=True) if start != end])
    if -1 in times:
        return [False] * len(starts)
    shared = {group for group, often in times.items() if often > 1}
    return [start not in shared and end not in shared for start, end in zip(ours, theirs, strict=True)]


def closed(end: int) -> int | None:
    """Give an end as a bound has it: None where it is open."""
    return None if abs(end) > OPEN else end
