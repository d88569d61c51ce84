"""Silent periods between things that happened at uncertain times, and the largest there must have been. Knows no event.

A *piece* is something that took place from one instant to another (the same for a single instant). Pieces fall into
*blocks*: every piece of a block is over before any of the next begins, in every world. Between two blocks nothing is
told of in any world: that silence is certain, from the last end of the one to the first start of the other. Inside a
block a silence may follow a piece or not.

The largest silence, over all worlds: at most the longest any silence can be; at least what any two blocks leave, and
at least what the whole leaves when it is shared out evenly (Newton's method on the greatest mean cycle: the chain
"each start at most g after the end before it" holds for no smaller g). Both ends are exact where every block is one
piece and the pieces are tied to nothing but the axis; else the network is asked as far as `VISITS` allows, and `tight`
is false where that did not settle it. All times are whole microseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias, final

from events.when import ANY, Bound
from timeline.network import Network
from timeline.silence.instants import Instants, Piece, apart, ceiling, floor, least_of, most_of
from timeline.silence.shares import Least, Link, searched, shared_out

SMALL: Final = 40
"""The largest block whose pieces are compared one by one."""
ZERO: Final = Bound(0, 0)
Gaps: TypeAlias = Mapping[tuple[str, str], Bound]
"""From the end of one piece to the start of another, by their ids."""


class Silence(NamedTuple):
    """A period in which nothing told of can lie: after the last of `after`, before the first of `before`.

    `certain`: it is there in every world, and `length` (µs) bounds it. Otherwise it may be there, at most that long.
    `start` and `end` bound its two instants (µs since 1970). An
    event of several is both `after` and `before` where the silence is inside it; `before` is empty where too many may
    end the silence.
    """

    after: tuple[str, ...]
    before: tuple[str, ...]
    certain: bool
    length: Bound
    start: Bound
    end: Bound
    nodes: tuple[str, str] = ("", "")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Every silence, in order of time, the bound of the largest (µs), and whether both its ends occur.

    `largest` is open at both ends where fewer than two pieces are there. `least` and `most` are the ids of the pieces
    that its ends come from.
    """

    silences: tuple[Silence, ...] = ()
    largest: Bound = ANY
    tight: bool = False
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()


def silences(
    network: Network, pieces: Sequence[Piece], *, tied: Mapping[str, int] | None = None, longer_than: int = 0
) -> Silences:
    """Find the silences that can be longer than `longer_than` (µs), and bound the largest of all.

    `tied` numbers the groups of instants that statements tie together other than through the axis; left out, all are
    taken to be tied. The network must be consistent.
    """
    known = Instants(network, tied or {})
    ordered = sorted(pieces, key=lambda one: _order(known, one))
    if len(ordered) < 2 and not any(one.several for one in ordered):
        return Silences()
    blocks = _blocks(known, ordered)
    between = [_between(known, a, b, ordered) for a, b in pairwise(blocks)]
    inside = [each for block in blocks for each in _inside(known, block, ordered)]
    found = [each for each in (*between, *inside) if each.length.hi is None or each.length.hi > longer_than]
    found.sort(key=_in_time)
    return _largest(known, blocks, between, inside, tuple(found))


def _order(known: Instants, piece: Piece) -> tuple[bool, int, bool, int, str]:
    lo, hi = known.axis[piece.start].lo, known.axis[piece.end].hi
    return lo is not None, lo or 0, hi is None, hi or 0, piece.id


def _in_time(one: Silence) -> tuple[bool, int, bool, int, tuple[str, ...]]:
    return (one.start.lo is not None, one.start.lo or 0, one.end.hi is None, one.end.hi or 0, one.after)


# --- blocks ----------------------------------------------------------------------------------------------------------


def _blocks(known: Instants, ordered: Sequence[Piece]) -> list[list[Piece]]:
    """Divide the pieces wherever all before are over before all after begin: by the axis, then by the network."""
    blocks: list[list[Piece]] = []
    reached: int | None = None
    axis = known.axis
    for piece in ordered:
        start, end = axis[piece.start].lo, axis[piece.end].hi
        if blocks and (start is None or reached is None or start < reached):
            blocks[-1].append(piece)
            reached = None if reached is None or end is None else max(reached, end)
        else:
            blocks.append([piece])
            reached = end
    return [each for block in blocks for each in ([block] if len(block) == 1 else _divided(known, block))]


def _divided(known: Instants, block: list[Piece]) -> list[list[Piece]]:
    """Divide a small block by what the network knows of its pieces."""
    if len(block) > SMALL:
        known.short = True
        return [block]
    earlier: dict[int, set[int]] = {place: set() for place in range(len(block))}
    for place, one in enumerate(block):
        for other in range(len(block)):
            if other != place and _over(known, one, block[other]):
                earlier[other].add(place)
    order = sorted(earlier, key=lambda one: (len(earlier[one]), one))
    parts: list[list[Piece]] = [[]]
    for place, number in enumerate(order):
        before = set(order[:place])
        if place and all(before <= earlier[later] for later in order[place:]):
            parts.append([])
        parts[-1].append(block[number])
    return parts


def _over(known: Instants, a: Piece, b: Piece) -> bool:
    """Whether a is over before b begins (or as it begins) in every world."""
    least = known.gap(a.end, b.start).lo
    return least is not None and least >= 0


# --- single silences -------------------------------------------------------------------------------------------------


def _between(known: Instants, a: Sequence[Piece], b: Sequence[Piece], ordered: Sequence[Piece]) -> Silence:
    """Give the silence between two neighbouring blocks; it is certain where each has a piece that is."""
    if len(a) == len(b) == 1 and a[0].sure and b[0].sure:
        return _between_two(known, a[0], b[0])
    before, after = [one for one in a if one.sure], [one for one in b if one.sure]
    certain = bool(before and after)
    hi = _length(known, before, after)[1] if certain else _next(known, a, ordered)
    ends, starts = [known.at(one.end) for one in a], [known.at(one.start) for one in b]
    least_end = most_of([known.at(one.end).lo for one in before], wanting=False) if certain else floor(ends)
    most_start = least_of([known.at(one.start).hi for one in after], wanting=False) if certain else ceiling(starts)
    return Silence(
        after=tuple(sorted(one.id for one in a)),
        before=tuple(sorted(one.id for one in b)),
        certain=certain,
        length=Bound(_length(known, a, b)[0] if certain else 0, hi),
        start=Bound(least_end, ceiling(ends)),
        end=Bound(floor(starts), most_start),
    )


def _between_two(known: Instants, a: Piece, b: Piece) -> Silence:
    length = known.gap(a.end, b.start)
    return Silence(
        after=(a.id,),
        before=(b.id,),
        certain=True,
        length=Bound(max(0, length.lo or 0), length.hi),
        start=known.axis[a.end],
        end=known.axis[b.start],
        nodes=(a.end, b.start),
    )


def _length(known: Instants, before: Sequence[Piece], after: Sequence[Piece]) -> tuple[int, int | None]:
    """Give the shortest and the longest that the silence between two blocks can be."""
    if len(before) * len(after) > SMALL:
        known.short = True
        low = least_of([known.at(one.start).lo for one in after], wanting=True)
        last = most_of([known.at(one.end).hi for one in before], wanting=True)
        high = least_of([known.at(one.start).hi for one in after], wanting=False)
        first = most_of([known.at(one.end).lo for one in before], wanting=False)
        return max(0, apart(low, last) or 0), apart(high, first)
    gaps = [known.gap(a.end, b.start) for a in before for b in after]
    low = least_of([each.lo for each in gaps], wanting=True)
    return max(0, low or 0), least_of([each.hi for each in gaps], wanting=False)


def _inside(known: Instants, block: Sequence[Piece], ordered: Sequence[Piece]) -> list[Silence]:
    """Give the silences that may follow each piece of a block within it, and those inside events of several."""
    found = [_within(known, one) for one in block if one.several]
    if len(block) == 1:
        return found
    if len(block) > SMALL:
        following, last = _following(known, ordered), ceiling([known.at(one.start) for one in block])
        return [*found, *(each for one in block if (each := _loose(known, one, following, last)) is not None)]
    gaps = {(a.id, b.id): known.gap(a.end, b.start) for a in block for b in block if a is not b}
    latest = {b.id: _latest(b, block, gaps) for b in block}
    return [*found, *(each for one in block if (each := _possible(known, one, block, gaps, latest)) is not None)]


def _latest(b: Piece, block: Sequence[Piece], gaps: Gaps) -> int | None:
    """Give how long before a piece the last that certainly was before it can have ended; None where none was."""
    before = (gaps[c.id, b.id] for c in block if c.sure and c is not b)
    return least_of([each.hi for each in before if (each.lo or 0) > 0], wanting=False)


def _within(known: Instants, one: Piece) -> Silence:
    lasting = known.gap(one.start, one.end)
    return Silence(
        after=(one.id,),
        before=(one.id,),
        certain=False,
        length=Bound(0, lasting.hi),
        start=known.at(one.start),
        end=known.at(one.end),
    )


def _possible(
    known: Instants, one: Piece, block: Sequence[Piece], gaps: Gaps, latest: Mapping[str, int | None]
) -> Silence | None:
    """Give the longest silence that may follow a piece within its block; None where no piece can follow it."""
    others = [other for other in block if other is not one]
    cap = least_of(
        [gaps[one.id, c.id].hi for c in others if c.sure and (gaps[one.id, c.id].lo or 0) > 0], wanting=False
    )
    lengths: dict[str, int | None] = {}
    for b in others:
        most = least_of([gaps[one.id, b.id].hi, cap, latest[b.id]], wanting=False)
        if most is None or most > 0:
            lengths[b.id] = most
    if not lengths:
        return None
    return _open(
        known, one, [other for other in others if other.id in lengths], most_of(lengths.values(), wanting=True)
    )


def _open(known: Instants, one: Piece, before: Sequence[Piece], most: int | None) -> Silence:
    starts = [known.at(other.start) for other in before]
    return Silence(
        after=(one.id,),
        before=tuple(sorted(other.id for other in before)),
        certain=False,
        length=Bound(0, most),
        start=known.at(one.end),
        end=Bound(floor(starts), ceiling(starts)),
    )


@final
class _Following:
    """When the next piece must have begun, by the axis alone: quick for many."""

    def __init__(self, known: Instants, ordered: Sequence[Piece]) -> None:
        bounds = (known.at(one.start) for one in ordered if one.sure)
        sure = sorted((each.lo, each.hi) for each in bounds if each.lo is not None and each.hi is not None)
        self.known, self.starts = known, [lo for lo, _ in sure]
        self.last = most_of([known.at(one.start).hi for one in ordered], wanting=True)
        self.by: list[int | None] = [None] * (len(sure) + 1)
        for place in range(len(sure) - 1, -1, -1):
            self.by[place] = least_of([sure[place][1], self.by[place + 1]], wanting=False)

    def most(self, one: Piece, last: int | None) -> int | None:
        """Give how long after this piece the next can begin, `last` being when the last of all can."""
        end = self.known.at(one.end)
        sure = None if end.hi is None else self.by[bisect_right(self.starts, end.hi)]
        return apart(last if sure is None else sure, end.lo)


def _following(known: Instants, ordered: Sequence[Piece]) -> _Following:
    """Give what is known of all pieces of a question; it is found once."""
    found = known.kept.get("following")
    if not isinstance(found, _Following):
        found = known.kept["following"] = _Following(known, ordered)
    return found


def _next(known: Instants, before: Sequence[Piece], ordered: Sequence[Piece]) -> int | None:
    """Give how long the silence after a block can be where some pieces may not have been at all."""
    following = _following(known, ordered)
    return most_of([following.most(one, following.last) for one in before], wanting=True)


def _loose(known: Instants, one: Piece, following: _Following, last: int | None) -> Silence | None:
    """Give the silence that may follow a piece of a large block, by the axis alone; what may end it is not named."""
    most = following.most(one, last)
    if most is not None and most <= 0:
        return None
    end = known.at(one.end)
    by = None if most is None or end.lo is None else end.lo + most
    return Silence(after=(one.id,), before=(), certain=False, length=Bound(0, most), start=end, end=Bound(end.lo, by))


# --- the largest -----------------------------------------------------------------------------------------------------


def _largest(
    known: Instants,
    blocks: Sequence[list[Piece]],
    between: Sequence[Silence],
    inside: Sequence[Silence],
    found: tuple[Silence, ...],
) -> Silences:
    every = [*between, *inside]
    top = max(every, key=lambda one: (one.length.hi is None, one.length.hi or 0), default=None)
    most = top.length.hi if top else 0
    sure = [one for one in between if one.certain]
    best = max(sure, key=lambda one: one.length.lo or 0, default=None)
    least: Least = (best.length.lo or 0, (*best.after, *best.before)) if best else (0, ())
    settled = False
    if all(one.sure for block in blocks for one in block):
        links = [Link(one.nodes, one.length.hi, (*one.after, *one.before)) for one in between]
        least, settled = searched(known, blocks, links, shared_out(known, blocks, least), most)
    single = all(len(block) == 1 and not block[0].several and block[0].sure for block in blocks)
    return Silences(
        silences=found,
        largest=Bound(least[0], most),
        tight=(single and settled and not known.short) or least[0] == most,
        least=tuple(dict.fromkeys(least[1])),
        most=(*top.after, *top.before) if top and most is not None else (),
    )
