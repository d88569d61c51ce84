"""What is known of instants: on the axis, and from one to another, as far as asking pays. Knows no event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

import msgspec

from events.when import ANY, Bound
from timeline.network import Network

VISITS: Final = 40_000
"""How many instants may be visited for what the axis alone does not tell; only sharpness depends on it."""


@final
class Piece(msgspec.Struct, frozen=True, gc=False):
    """Something told of: from the instant `start` to the instant `end` (nodes; the same for a single instant).

    `sure` is whether it certainly took place, as asked for. `several` is one whose inner instants are unknown: there
    may be silence inside it, too.
    """

    id: str
    start: str
    end: str
    sure: bool = True
    several: bool = False


@final
class Axis(dict[str, Bound]):
    """The bounds of instants in microseconds since 1970; one that no statement names is free."""

    def __missing__(self, node: str) -> Bound:
        return ANY


@final
@dataclass(slots=True)
class Instants:
    """What is known of the instants: their bounds on the axis, and the network for those that are tied together."""

    network: Network
    tied: Mapping[str, int]
    left: int = VISITS
    axis: Axis = field(init=False)
    cost: int = field(init=False)
    asked: set[str] = field(default_factory=set)
    gaps: dict[tuple[str, str], Bound] = field(default_factory=dict)
    short: bool = False

    def __post_init__(self) -> None:
        self.axis = Axis(self.network.bounds())
        self.cost = max(1, len(self.axis))

    def at(self, node: str) -> Bound:
        """Give the bound of an instant on the axis, in microseconds since 1970."""
        return self.axis[node]

    def gap(self, a: str, b: str) -> Bound:
        """Give bounds of t_b - t_a; the tightest while there are visits left."""
        if not self.ties(a, b):
            return minus(self.axis[b], self.axis[a])
        if (a, b) not in self.gaps:
            self.gaps[a, b] = self._asked(a, b)
        return self.gaps[a, b]

    def ties(self, a: str, b: str) -> bool:
        """Whether more may be known of t_b - t_a than the axis tells."""
        ours, theirs = self.tied.get(a, -1), self.tied.get(b, -1)
        if ours != theirs and ours >= 0 <= theirs:
            return False
        return a == b or not (self.axis[a].exact or self.axis[b].exact)

    def groups(self, pieces: Iterable[Piece]) -> tuple[set[int], bool]:
        """Give the groups that these pieces are tied to, and whether no two of them are tied to one another.

        What may be tied to anything is of the group -1; for the others the axis tells all.
        """
        seen, apart, tied = set[int](), True, self.tied
        for one in pieces:
            ours, theirs = tied.get(one.start, -1), tied.get(one.end, -1)
            apart = apart and ours not in seen and theirs not in seen and ours >= 0 <= theirs
            seen.add(ours)
            seen.add(theirs)
        return seen, apart

    def untied(self, some: Sequence[Piece], others: Sequence[Piece]) -> bool:
        """Whether none of some is tied to any of the others, as far as is known."""
        if not (some and others):
            return True
        ours, theirs = self.groups(some)[0], self.groups(others)[0]
        return ours.isdisjoint(theirs) and -1 not in ours and -1 not in theirs

    def _asked(self, a: str, b: str) -> Bound:
        """Ask the network; where that has become too much, give what the axis tells."""
        if a not in self.asked:
            if self.left < self.cost:
                self.short = True
                return minus(self.at(b), self.at(a))
            self.left -= self.cost
            self.asked.add(a)
        return self.network.between(a, b)


def minus(a: Bound, b: Bound) -> Bound:
    """Give the bound of a - b for two bounds that nothing else ties together."""
    lo = None if a.lo is None or b.hi is None else a.lo - b.hi
    return Bound(lo, None if a.hi is None or b.lo is None else a.hi - b.lo)


def total(ends: Sequence[int | None]) -> int | None:
    """Give the sum of ends; None where one is open."""
    return None if None in ends else sum(end for end in ends if end is not None)


def least_of(ends: Sequence[int | None], *, wanting: bool) -> int | None:
    """Give the least end; None where one is open and open is less than all (`wanting`), or where all are."""
    known = [end for end in ends if end is not None]
    return None if not known or (wanting and len(known) < len(ends)) else min(known)
