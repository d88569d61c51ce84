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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, Final, TypeAlias, final

import msgspec

from events.when import ANY, Bound
from timeline.network import Network
from timeline.silence.crowds import Crowd, Loose, Throng, Tied, nearer
from timeline.silence.instants import Instants, Piece, least_of
from timeline.silence.ordered import FAR, OPEN, Ordered, closed, cutter
from timeline.silence.shares import Least, Link, searched, shared_out

SMALL: Final = 40
"""The largest block whose pieces are compared one by one."""


@final
class Silence(msgspec.Struct, frozen=True, gc=False):
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


Found: TypeAlias = tuple[int, Silence | Crowd, int]
"""A silence after its greatest length (µs), which is `FAR` where that is open.

Of a crowd it is the one that may follow the piece at a place; most of those are never looked at more closely.
"""


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
    if len(pieces) < 2 and not any(one.several for one in pieces):
        return Silences()
    ordered = Ordered(known, pieces)
    blocks = _blocks(known, ordered)
    between = [_between(known, a, b) for a, b in pairwise(blocks)]
    inside = list[Found]()
    for block in blocks:
        inside += _inside(known, block)
    sure = [one for one in between if one.certain and _most(one) > longer_than]
    unsure = [(_most(one), one, 0) for one in between if not one.certain]
    found, left_off = _chosen(known, sure, [each for each in (*unsure, *inside) if each[0] > longer_than], possible)
    widest = max(between, key=_most, default=None)
    further = max(inside, key=itemgetter(0), default=None)
    if further is not None and (widest is None or further[0] > _most(widest)):
        widest = _whole(known, further)
    return _largest(known, blocks, between, widest, found, left_off)


def _most(one: Silence) -> int:
    return FAR if one.length.hi is None else one.length.hi


def _chosen(
    known: Instants, sure: Sequence[Silence], unsure: Sequence[Found], possible: int | None
) -> tuple[tuple[Silence, ...], int]:
    """Give the certain silences and the longest possible ones, in order of time, and how many are left off.

    Only those that are given are looked at closely, and those that are as long as the shortest of them.
    """
    if possible is None or len(unsure) <= possible:
        return _in_order(sure, [_whole(known, each) for each in unsure]), 0
    lengths = sorted([most for most, _, _ in unsure], reverse=True)
    shortest = lengths[possible - 1] if possible else FAR + 1
    longer = [_whole(known, each) for each in unsure if each[0] > shortest]
    wanted = possible - len(longer)
    as_long = _earliest(known, [each for each in unsure if each[0] == shortest], wanted)
    first = sorted([_whole(known, each) for each in as_long], key=_in_time)[:wanted]
    return _in_order(sure, longer, first), len(lengths) - possible


def _earliest(known: Instants, found: Sequence[Found], wanted: int) -> Sequence[Found]:
    """Give those that can begin first, as many as are wanted and all that can begin with the last of them."""
    if len(found) <= wanted:
        return found
    starts = [_since(_start(known, each).lo) for each in found]
    last = sorted(starts)[wanted - 1]
    return [each for each, start in zip(found, starts, strict=True) if start <= last]


def _in_order(*of: Sequence[Silence]) -> tuple[Silence, ...]:
    return tuple(sorted(chain(*of), key=_in_time))


def _whole(known: Instants, found: Found) -> Silence:
    """Give a silence with all that is known of it."""
    most, whence, place = found
    if isinstance(whence, Silence):
        return whence
    one, after = whence.at(place), whence.following(place)
    return Silence(
        after=(one.id,),
        before=after.before,
        certain=False,
        length=Bound(0, closed(most)),
        start=_start(known, found),
        end=after.starts,
    )


def _start(known: Instants, found: Found) -> Bound:
    """Give when a silence can begin."""
    _, whence, place = found
    return whence.start if isinstance(whence, Silence) else known.axis[whence.at(place).end]


def _since(start: int | None) -> int:
    return -FAR if start is None else start


def _in_time(one: Silence) -> tuple[int, int, tuple[str, ...]]:
    end = one.end.hi
    return _since(one.start.lo), FAR if end is None else end, one.after


# --- blocks ----------------------------------------------------------------------------------------------------------


@final
class Block:
    """Pieces of which none is certainly over before all others begin, with them as a crowd where they are several.

    `of` cuts their part out of a column; `tied` are those that may be tied to others; `sure` counts those that
    certainly were.
    """

    __slots__ = ("all", "crowd", "first", "ids", "of", "pieces", "sure", "tied")

    def __init__(self, ordered: Ordered, places: Sequence[int], crowd: Crowd | None = None) -> None:
        self.all, self.crowd = ordered, crowd
        self.first = places.start if isinstance(places, range) else min(places)
        self.of: Callable[[Sequence[Any]], Sequence[Any]] = cutter(places)
        self.pieces: Sequence[Piece] = self.of(ordered.pieces)
        self.ids = tuple(sorted([one.id for one in self.pieces]))
        self.tied = ordered.tied(places)
        self.sure = len(places) if ordered.all_sure else sum(self.of(ordered.sure))

    @property
    def begins(self) -> int:
        """When, at the earliest, the first of its pieces begins."""
        return self.all.early[self.first]


def _blocks(known: Instants, ordered: Ordered) -> list[Block]:
    """Divide the pieces wherever all before are over before all after begin: by the axis, then by the network."""
    cuts, reached = [0], -FAR
    for place, (start, end) in enumerate(zip(ordered.early, ordered.late_end, strict=True)):
        if start >= reached > -FAR:
            cuts.append(place)
            reached = end
        elif end > reached:
            reached = end
    blocks = list[Block]()
    for first, end in pairwise((*cuts, len(ordered.pieces))):
        blocks += _divided(known, ordered, range(first, end))
    return blocks


def _divided(known: Instants, ordered: Ordered, places: range) -> list[Block]:
    """Divide a small block by what the network knows of its pieces, where they are tied to one another."""
    if len(places) == 1:
        return [Block(ordered, places)]
    if len(places) > SMALL:
        known.short = True
        return [Block(ordered, places, Throng(ordered, places))]
    tied = ordered.tied(places)
    apart = len(tied) < 2 or known.groups(tied)[1]
    told = {} if apart else nearer(known, ordered, places)
    if not told:
        return [Block(ordered, places, Loose(ordered, places))]
    parts = Tied.of(ordered, places, told).divided()
    return [Block(ordered, one.places, one if len(one.places) > 1 else None) for one in parts]


# --- single silences -------------------------------------------------------------------------------------------------


def _between(known: Instants, block: Block, other: Block) -> Silence:
    """Give the silence between two neighbouring blocks; it is certain where each has a piece that is."""
    a, b, ends = block.pieces, other.pieces, block.all
    if len(a) == len(b) == 1 and a[0].sure and b[0].sure:
        return _between_two(known, a[0], b[0])
    sure = block.sure > 0 < other.sure
    over = max(block.of(ends.sure_end)) if sure else min(block.of(ends.early_end))
    all_over = max(block.of(ends.late_end))
    begins, by = other.begins, min(other.of(ends.sure_late)) if sure else max(other.of(ends.late))
    told = Bound(begins - all_over, closed(by - over))
    return Silence(
        block.ids,
        other.ids,
        certain=sure,
        length=_length(known, block, other, told) if sure else Bound(0, closed(max(block.of(ends.following)))),
        start=Bound(closed(over), closed(all_over)),
        end=Bound(closed(begins), closed(by)),
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


def _length(known: Instants, block: Block, other: Block, told: Bound) -> Bound:
    """Give the shortest and the longest that the silence between two blocks can be; both have pieces that are sure.

    `told` is what the axis tells of it. Where pieces of the two are tied together, and not too many, the network is
    asked of each two.
    """
    low, high = max(0, told.lo or 0), told.hi
    pairs, sure = len(block.pieces) * len(other.pieces), block.sure * other.sure
    known.short = known.short or pairs > SMALL
    if known.untied(block.tied, other.tied):
        return Bound(low, high)
    if sure <= SMALL:
        two = ((a.end, b.start) for a in block.pieces if a.sure for b in other.pieces if b.sure)
        high = least_of([known.gap(*each).hi for each in two], wanting=False)
    if pairs <= SMALL:
        gaps = [known.gap(a.end, b.start).lo for a in block.pieces for b in other.pieces]
        low = max(0, least_of(gaps, wanting=True) or 0)
    return Bound(low, high)


def _inside(known: Instants, block: Block) -> list[Found]:
    """Give the silences that may follow each piece of a block within it, and those inside events of several."""
    found = list[Found]()
    if block.all.several:
        found += [(_most(silence), silence, 0) for silence in _severals(known, block.pieces)]
    crowd = block.crowd
    if crowd is not None:
        lengths = enumerate(crowd.longest())
        found += [(FAR if most > OPEN else most, crowd, place) for place, most in lengths if most > 0]
    return found


def _severals(known: Instants, pieces: Iterable[Piece]) -> Iterator[Silence]:
    for one in pieces:
        if one.several:
            yield Silence(
                after=(one.id,),
                before=(one.id,),
                certain=False,
                length=Bound(0, known.gap(one.start, one.end).hi),
                start=known.at(one.start),
                end=known.at(one.end),
            )


# --- the largest -----------------------------------------------------------------------------------------------------


def _largest(
    known: Instants,
    blocks: Sequence[Block],
    between: Sequence[Silence],
    top: Silence | None,
    found: tuple[Silence, ...],
    left_off: int,
) -> Silences:
    most = top.length.hi if top else 0
    sure = [one for one in between if one.certain]
    best = max(sure, key=lambda one: one.length.lo or 0, default=None)
    least: Least = (best.length.lo or 0, (*best.after, *best.before)) if best else (0, ())
    pieces, settled = [block.pieces for block in blocks], False
    alone = all(len(each) == 1 for each in pieces)
    if all(block.sure == len(block.pieces) for block in blocks):
        least = shared_out(known, pieces, least)
        if alone:
            links = [Link(one.nodes, one.length.hi, (*one.after, *one.before)) for one in between]
            least, settled = searched(known, pieces, links, least, most)
    single = alone and all(block.sure and not block.pieces[0].several for block in blocks)
    return Silences(
        silences=found,
        largest=Bound(least[0], most),
        tight=(single and settled and not known.short) or least[0] == most,
        least=tuple(dict.fromkeys(least[1])),
        most=(*top.after, *top.before) if top and most is not None else (),
        left_off=left_off,
    )
