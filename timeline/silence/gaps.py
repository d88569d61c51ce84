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
from typing import Final, NamedTuple, final

from events.when import ANY, Bound
from timeline.network import Network
from timeline.silence.crowds import FAR, Crowd, closed, ends_of
from timeline.silence.instants import Instants, Piece, apart, ceiling, floor, least_of, most_of
from timeline.silence.shares import Least, Link, searched, shared_out

SMALL: Final = 40
"""The largest block whose pieces are compared one by one."""
ZERO: Final = Bound(0, 0)
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

    @property
    def most(self) -> int | None:
        """The greatest length; None where it is open."""
        return self.length.hi


class Within(NamedTuple):
    """A silence that may follow the piece at a place of a crowd; most are never looked at more closely."""

    crowd: Crowd
    place: int
    most: int | None
    certain: bool = False

    def whole(self, known: Instants) -> Silence:
        """Give it with all that is known of it."""
        one, after = self.crowd.pieces[self.place], self.crowd.following(self.place)
        return Silence(
            after=(one.id,),
            before=after.before,
            certain=False,
            length=Bound(0, self.most),
            start=known.axis[one.end],
            end=after.starts,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Every silence, in order of time, the bound of the largest (µs), and whether both its ends occur.

    `largest` is open at both ends where fewer than two pieces are there. `least` and `most` are the ids of the pieces
    that its ends come from. `left_off` counts the shorter possible silences that are not given.
    """

    silences: tuple[Silence, ...] = ()
    largest: Bound = ANY
    tight: bool = False
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()
    left_off: int = 0


def silences(
    network: Network,
    pieces: Sequence[Piece],
    *,
    tied: Mapping[str, int] | None = None,
    longer_than: int = 0,
    possible: int | None = None,
) -> Silences:
    """Find the silences that can be longer than `longer_than` (µs), and bound the largest of all.

    Of those that are only possible the longest are given, as many as `possible` says (None: all).
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
    every = [*between, *inside]
    found, left_off = _chosen(known, [one for one in every if _longer(one, longer_than)], possible)
    return _largest(known, [block.pieces for block in blocks], between, every, found, left_off)


def _longer(one: Silence | Within, least: int) -> bool:
    return one.most is None or one.most > least


def _chosen(
    known: Instants, found: Sequence[Silence | Within], possible: int | None
) -> tuple[tuple[Silence, ...], int]:
    """Give the certain silences and the longest possible ones, in order of time, and how many are left off.

    Only those that are given are looked at closely, and those that are as long as the shortest of them.
    """
    lengths = [FAR if one.most is None else one.most for one in found if not one.certain]
    if possible is None or len(lengths) <= possible:
        return tuple(sorted((_whole(known, one) for one in found), key=_in_time)), 0
    shortest = sorted(lengths, reverse=True)[possible - 1] if possible else FAR + 1
    longer, as_long = [one for one in found if one.certain], list[Silence | Within]()
    for one in found:
        most = FAR if one.most is None else one.most
        if not one.certain and most >= shortest:
            (as_long if most == shortest else longer).append(one)
    room = possible - sum(not one.certain for one in longer)
    first = sorted((_whole(known, one) for one in as_long), key=_in_time)[:room]
    return tuple(sorted((*(_whole(known, one) for one in longer), *first), key=_in_time)), len(lengths) - possible


def _whole(known: Instants, one: Silence | Within) -> Silence:
    return one.whole(known) if isinstance(one, Within) else one


def _order(known: Instants, piece: Piece) -> tuple[bool, int, bool, int, str]:
    lo, hi = known.axis[piece.start].lo, known.axis[piece.end].hi
    return lo is not None, lo or 0, hi is None, hi or 0, piece.id


def _in_time(one: Silence) -> tuple[bool, int, bool, int, tuple[str, ...]]:
    return (one.start.lo is not None, one.start.lo or 0, one.end.hi is None, one.end.hi or 0, one.after)


# --- blocks ----------------------------------------------------------------------------------------------------------


@final
class Block:
    """Pieces of which none is certainly over before all others begin; a small one with them compared one by one.

    `early` is when the first can begin, `late` when the first of those that certainly were must have; `late_end` when
    the last can be over, `early_end` when the last of those must be. `groups` are what they are tied to.
    """

    __slots__ = ("crowd", "early", "early_end", "groups", "late", "late_end", "pieces", "sure")

    def __init__(self, known: Instants, pieces: Sequence[Piece], crowd: Crowd | None = None) -> None:
        self.pieces, self.crowd = pieces, crowd
        ends = crowd.ends if crowd else ends_of(known, pieces)
        sure = [each for one, each in zip(pieces, ends, strict=True) if one.sure]
        self.sure = len(sure)
        self.groups = known.groups(pieces)[0]
        self.early, self.late = min([each[0] for each in ends]), min([each[1] for each in sure], default=FAR)
        self.late_end, self.early_end = max([each[3] for each in ends]), max([each[2] for each in sure], default=-FAR)


def _blocks(known: Instants, ordered: Sequence[Piece]) -> list[Block]:
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
    return [each for block in blocks for each in ([Block(known, block)] if len(block) == 1 else _divided(known, block))]


def _divided(known: Instants, block: list[Piece]) -> list[Block]:
    """Divide a small block by what the network knows of its pieces."""
    if len(block) > SMALL:
        known.short = True
        return [Block(known, block)]
    return [Block(known, one.pieces, one if len(one.pieces) > 1 else None) for one in Crowd.of(known, block)]


# --- single silences -------------------------------------------------------------------------------------------------


def _between(known: Instants, block: Block, other: Block, ordered: Sequence[Piece]) -> Silence:
    """Give the silence between two neighbouring blocks; it is certain where each has a piece that is."""
    a, b = block.pieces, other.pieces
    if len(a) == len(b) == 1 and a[0].sure and b[0].sure:
        return _between_two(known, a[0], b[0])
    after, before = (tuple(sorted([one.id for one in each])) for each in (a, b))
    if not (block.sure and other.sure):
        ends, starts = [known.at(one.end) for one in a], [known.at(one.start) for one in b]
        length = Bound(0, _next(known, a, ordered))
        return Silence(after, before, certain=False, length=length, start=_hull(ends), end=_hull(starts))
    return Silence(
        after,
        before,
        certain=True,
        length=_length(known, block, other),
        start=Bound(closed(block.early_end), closed(block.late_end)),
        end=Bound(closed(other.early), closed(other.late)),
    )


def _hull(bounds: Sequence[Bound]) -> Bound:
    return Bound(floor(bounds), ceiling(bounds))


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


def _length(known: Instants, block: Block, other: Block) -> Bound:
    """Give the shortest and the longest that the silence between two blocks can be; both have pieces that are sure.

    Where pieces of the two are tied together, and not too many, the network is asked of each two.
    """
    low, high = max(0, other.early - block.late_end), closed(other.late - block.early_end)
    free = block.groups.isdisjoint(other.groups) and -1 not in block.groups and -1 not in other.groups
    pairs, sure = len(block.pieces) * len(other.pieces), block.sure * other.sure
    known.short = known.short or pairs > SMALL
    if not free and sure <= SMALL:
        two = ((a.end, b.start) for a in block.pieces if a.sure for b in other.pieces if b.sure)
        high = least_of([known.gap(*each).hi for each in two], wanting=False)
    if not free and pairs <= SMALL:
        gaps = [known.gap(a.end, b.start).lo for a in block.pieces for b in other.pieces]
        low = max(0, least_of(gaps, wanting=True) or 0)
    return Bound(low, high)


def _inside(known: Instants, block: Block, ordered: Sequence[Piece]) -> list[Silence | Within]:
    """Give the silences that may follow each piece of a block within it, and those inside events of several."""
    found: list[Silence | Within] = [_within(known, one) for one in block.pieces if one.several]
    if block.crowd is not None:
        crowd = block.crowd
        return [*found, *(Within(crowd, place, most) for place, most in crowd.longest())]
    if len(block.pieces) == 1:
        return found
    following, last = _following(known, ordered), ceiling([known.at(one.start) for one in block.pieces])
    return [*found, *(each for one in block.pieces if (each := _loose(known, one, following, last)) is not None)]


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
    blocks: Sequence[Sequence[Piece]],
    between: Sequence[Silence],
    every: Sequence[Silence | Within],
    found: tuple[Silence, ...],
    left_off: int,
) -> Silences:
    widest = max(every, key=lambda one: (one.most is None, one.most or 0), default=None)
    top = _whole(known, widest) if widest else None
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
        left_off=left_off,
    )
