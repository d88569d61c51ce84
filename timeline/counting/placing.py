"""Where happenings certainly or possibly lie between boundaries, as bit masks. Counts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple, final

from events.when import ANY, Bound
from timeline.counting.happenings import Happening, Moment, Record, gap
from timeline.network import Network

_DIGITS: Final = bytes.maketrans(b"\0\1", b"01")


def bits(mask: int) -> Iterator[int]:
    """Give the places of the ones in a mask, lowest first.

    >>> list(bits(0b1010))
    [1, 3]
    """
    flags = bin(mask)[:1:-1]
    place = flags.find("1")
    while place >= 0:
        yield place
        place = flags.find("1", place + 1)


def from_node(reach: Mapping[str, Bound], one: Happening) -> Bound:
    """Give from the least of (first - node) to the greatest of (last - node); open where it is undated."""
    if not one.dated:
        return ANY
    if one.first == one.last:
        return reach.get(one.first, ANY)
    return Bound(reach.get(one.first, ANY).lo, reach.get(one.last, ANY).hi)


@final
class Placed(NamedTuple):
    """What the questions of a record found of a network: where each happening lies."""

    network: Network
    gaps: dict[str, dict[tuple[str, str, bool], Bound]]


def kept_places(record: Record) -> Placed:
    """Give what the questions of a record share, as long as its network is the same."""
    found = record.shared.get("placed")
    if not isinstance(found, Placed) or found.network is not record.network:
        found = record.shared["placed"] = Placed(record.network, {})
    return found


def gaps_from(record: Record, node: str, happenings: Iterable[Happening]) -> list[Bound]:
    """Give where each happening lies as measured from a node (see `from_node`); each is looked up but once.

    They are known by their instants: an id may stand for one telling here, and there for several that are one.
    """
    reach, known = record.reach(node), kept_places(record).gaps.setdefault(node, {})
    found: list[Bound] = []
    for one in happenings:
        bound = known.get(key := (one.first, one.last, one.dated))
        if bound is None:
            bound = known[key] = from_node(reach, one)
        found.append(bound)
    return found


@final
class Placing:
    """The happenings of one question against its boundaries; the network is asked once for each node and happening."""

    def __init__(self, record: Record, moments: Sequence[Moment], happenings: Sequence[Happening]) -> None:
        self.network = record.network
        self.moments = tuple(moments)
        self.happenings = tuple(happenings)
        self.all = (1 << len(self.happenings)) - 1
        self.singles = _where([one.single for one in self.happenings])
        nodes = {moment.node for moment in moments}
        gaps = {node: gaps_from(record, node, self.happenings) for node in nodes}
        self._after = [_beyond(gaps[moment.node], moment.shift) for moment in self.moments]
        self._upto = [_reached(gaps[moment.node], moment.shift) for moment in self.moments]
        self._taken: dict[int, tuple[Happening, ...]] = {}
        self._order: dict[tuple[int, int], bool] = {}

    def mask(self, places: Iterable[int]) -> int:
        """Give the mask with ones at these places."""
        flags = bytearray(b"0") * (len(self.happenings) + 1)
        for place in places:
            flags[-1 - place] = 49
        return int(flags, 2)

    @staticmethod
    def places(mask: int) -> Iterator[int]:
        """Give the places of the ones in a mask."""
        return bits(mask)

    def taken(self, mask: int) -> tuple[Happening, ...]:
        """Give the happenings of a mask, in their order."""
        if mask not in self._taken:
            every = mask == self.all and mask
            self._taken[mask] = self.happenings if every else tuple([self.happenings[i] for i in bits(mask)])
        return self._taken[mask]

    def inside(self, a: int, b: int) -> int:
        """Mask of those that lie in (a, b] as a whole, in every world."""
        return self._after[a] & self._upto[b]

    def touching(self, a: int, b: int) -> int:
        """Mask of those of which something may lie in (a, b] in some world."""
        return self.all & ~self._upto[a] & ~self._after[b]

    def ordered(self, a: int, b: int) -> bool:
        """Whether boundary a is at or before boundary b in every world."""
        key = (a, b)
        if key not in self._order:
            least = gap(self.network, self.moments[a], self.moments[b]).lo
            self._order[key] = least is not None and least >= 0
        return self._order[key]

    def rests(self, a: int, b: int, mask: int) -> tuple[str, ...]:
        """Give the statements that place the happenings of a mask inside (a, b], beside what they say themselves."""
        start, end = self.moments[a].node, self.moments[b].node
        there = self.taken(mask)
        after, upto = ((one.first, start) for one in there), ((end, one.last) for one in there)
        return tuple(sorted(self.network.resting(chain(after, upto))))


def _beyond(gaps: Sequence[Bound], shift: int) -> int:
    return _where([(low := one.lo) is not None and low > shift for one in gaps])


def _reached(gaps: Sequence[Bound], shift: int) -> int:
    return _where([(high := one.hi) is not None and high <= shift for one in gaps])


def _where(flags: Sequence[bool]) -> int:
    """Give the mask with ones where a flag is set, the first of them lowest."""
    return int(bytes(reversed(flags)).translate(_DIGITS) or b"0", 2)
