"""Which happenings are not certainly distinct from which, found by class and period, not pair by pair. Counts none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any, Final, NamedTuple, Protocol, final, overload

from timeline.counting.happenings import Declared, Happening
from timeline.counting.placing import bits

SPARSE: Final = 16
"""Up to so many meeting periods a happening, on average, pairs are listed; above it, each has a mask of all."""


class Spanned(NamedTuple):
    """A happening with the ends of the period it can lie in (µs since 1970)."""

    low: int
    high: int
    one: Happening


class Rows(Protocol):
    """For each place the places beside it; a group of places is made once and asked of many."""

    def group(self, places: Iterable[int]) -> Any:
        """Make a group of places."""

    def less(self, group: Any, places: Iterable[int]) -> Any:
        """Give a group without some places; the group itself may be gone."""

    def beside(self, place: int, group: Any) -> Sequence[int]:
        """Give those of a group that are beside a place, in order."""

    def meets(self, place: int, group: Any) -> bool:
        """Whether any of a group is beside a place."""

    def count(self, place: int, group: Any) -> int:
        """Give how many of a group are beside a place."""

    def mask(self, place: int) -> int:
        """Give the mask of all that are beside a place."""


@final
class Listed:
    """Rows of a few places each."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._rows: dict[int, set[int]] = {}
        for a, b in pairs:
            self._rows.setdefault(a, set()).add(b)
            self._rows.setdefault(b, set()).add(a)

    def group(self, places: Iterable[int]) -> Any:
        """Make a group of places."""
        return set(places)

    def less(self, group: Any, places: Iterable[int]) -> Any:
        """Give a group without some places; the group itself may be gone."""
        group.difference_update(places)
        return group

    def beside(self, place: int, group: Any) -> Sequence[int]:
        """Give those of a group that are beside a place, in order."""
        row = self._rows.get(place)
        return sorted(row & group) if row else ()

    def meets(self, place: int, group: Any) -> bool:
        """Whether any of a group is beside a place."""
        row = self._rows.get(place)
        return row is not None and not row.isdisjoint(group)

    def count(self, place: int, group: Any) -> int:
        """Give how many of a group are beside a place."""
        row = self._rows.get(place)
        return len(row & group) if row else 0

    def mask(self, place: int) -> int:
        """Give the mask of all that are beside a place."""
        return sum(1 << other for other in self._rows.get(place, ()))


@final
class Masked:
    """Rows of many places each, as masks."""

    def __init__(self, rows: Sequence[int]) -> None:
        self._rows = rows

    def group(self, places: Iterable[int]) -> Any:
        """Make a group of places."""
        return mask_of(places, len(self._rows))

    def less(self, group: Any, places: Iterable[int]) -> Any:
        """Give a group without some places; the group itself may be gone."""
        for place in places:
            group &= ~(1 << place)
        return group

    def beside(self, place: int, group: Any) -> Sequence[int]:
        """Give those of a group that are beside a place, in order."""
        return tuple(bits(self._rows[place] & group))

    def meets(self, place: int, group: Any) -> bool:
        """Whether any of a group is beside a place."""
        return bool(self._rows[place] & group)

    def count(self, place: int, group: Any) -> int:
        """Give how many of a group are beside a place."""
        found: int = self._rows[place] & group
        return found.bit_count()

    def mask(self, place: int) -> int:
        """Give the mask of all that are beside a place."""
        return self._rows[place]


def mask_of(places: Iterable[int], size: int) -> int:
    """Give the mask with ones at these places, all below `size`.

    >>> bin(mask_of([1, 3], 8))
    '0b1010'
    """
    flags = bytearray(b"0") * (size + 1)
    for place in places:
        flags[-1 - place] = 49
    return int(flags, 2)


@final
class Pairs(Sequence[tuple[str, str]]):
    """Pairs of ids, each found as it is looked at: there may be millions, of which a dozen are named.

    `wanted` has places, each with the group of those it is paired with; `once` leaves out those before it.
    """

    def __init__(
        self, names: Sequence[str], rows: Rows, wanted: Sequence[tuple[int, Any]], *, once: bool = False
    ) -> None:
        self._names, self._rows, self._wanted, self._once = names, rows, wanted, once

    def __iter__(self) -> Iterator[tuple[str, str]]:
        names = self._names
        for place, group in self._wanted:
            mine, beside = names[place], self._rows.beside(place, group)
            for other in beside[bisect_right(beside, place) :] if self._once else beside:
                yield mine, names[other]

    def ids(self, after: int = 0) -> tuple[str, ...]:
        """Give the ids of the pairs but the first so many, each once, in the order in which the pairs name them.

        Of pairs `once`. What has been named is not looked at again: a million pairs may be of a thousand ids.
        """
        names, rows, found = self._names, self._rows, dict[str, None]()
        onward, fresh = self._kinds(), self._kinds()
        for place, group in self._wanted:
            kind = id(group)
            onward[kind], fresh[kind] = (rows.less(each[kind], [place]) for each in (onward, fresh))
            beside = rows.beside(place, onward[kind] if after else fresh[kind])
            passed = min(after, len(beside))
            after, ours = after - passed, beside[passed:]
            if ours or (not passed and not after and rows.meets(place, onward[kind])):
                found.update(dict.fromkeys((names[place], *(names[other] for other in ours))))
                fresh[kind] = rows.less(fresh[kind], ours)
        return tuple(found)

    def _kinds(self) -> dict[int, Any]:
        """Give a group of its own of the places that are paired with one another, by the group they are given with."""
        places: dict[int, list[int]] = {}
        for place, group in self._wanted:
            places.setdefault(id(group), []).append(place)
        return {kind: self._rows.group(some) for kind, some in places.items()}

    @cached_property
    def _size(self) -> int:
        found = sum(self._rows.count(place, group) for place, group in self._wanted)
        return found // 2 if self._once else found

    def __len__(self) -> int:
        return self._size

    def __bool__(self) -> bool:
        return any(self._rows.meets(place, group) for place, group in self._wanted)

    @overload
    def __getitem__(self, at: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, str], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, str] | tuple[tuple[str, str], ...]:
        if isinstance(at, slice) and at.start is None and at.step is None and at.stop is not None and at.stop >= 0:
            return tuple(islice(self, at.stop))
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


@final
class Neighbours:
    """Some happenings, and which of them are not certainly distinct from one another; `names` are their ids, sorted.

    `differ` says whether two are certainly distinct whatever their times, `apart` by these. Two of one telling, as
    `telling` names it, are certainly distinct, too (None: of none). `tied` gives the group of a node that statements
    tie to others than through the axis: outside of a group periods alone decide whether two can coincide.
    """

    def __init__(
        self,
        spanned: Iterable[Spanned],
        declared: Declared,
        *,
        telling: Callable[[Happening], Hashable],
        differ: Callable[[Happening, Happening], bool],
        apart: Callable[[Happening, Happening], bool],
        tied: Callable[[str], int | str],
    ) -> None:
        self.spanned = sorted(spanned, key=_id_of)
        self.declared, self.telling, self.differ, self.apart, self.tied = declared, telling, differ, apart, tied
        self.names = [each.one.id for each in self.spanned]
        self.places: Mapping[str, int] = {name: place for place, name in enumerate(self.names)}

    @cached_property
    def rows(self) -> Rows:
        """Who is beside whom."""
        size = len(self.spanned)
        lows, highs = sorted([each.low for each in self.spanned]), sorted([each.high for each in self.spanned])
        met = sum([bisect_right(lows, high) - bisect_left(highs, low) - 1 for low, high, _ in self.spanned])
        if met <= 2 * SPARSE * size:
            return Listed(self._swept())
        return Masked(self._masked())

    # --- pair by pair, where periods seldom meet -----------------------------------------------------------------

    def _swept(self) -> Iterator[tuple[int, int]]:
        """Walk along the axis: only those whose periods meet, and that no one telling lists, need be compared."""
        lows, tellings = [each.low for each in self.spanned], self._tellings()
        firsts, lasts = self._groups()
        begun: list[int] = []
        for place in sorted(range(len(lows)), key=lows.__getitem__):
            low, _, one = self.spanned[place]
            begun = [there for there in begun if self.spanned[there].high >= low]
            for there in begun:
                if tellings[there] != tellings[place]:
                    other = self.spanned[there].one
                    tied = firsts[place] == lasts[there] or lasts[place] == firsts[there]
                    if not self.differ(one, other) and not (tied and self.apart(one, other)):
                        yield place, there
            begun.append(place)

    def _tellings(self) -> list[int]:
        """Give a number for the telling that lists each, which is its alone where none does."""
        numbers: dict[Hashable, int] = {}
        known = (self.telling(each.one) for each in self.spanned)
        return [numbers.setdefault(place if own is None else (own,), place) for place, own in enumerate(known)]

    def _groups(self) -> tuple[list[int | str], list[int | str]]:
        """Give the groups of the first and of the last instant of each."""
        firsts = [self.tied(one.first) for _, _, one in self.spanned]
        lasts = [
            group if one.last == one.first else self.tied(one.last)
            for group, (_, _, one) in zip(firsts, self.spanned, strict=True)
        ]
        return firsts, lasts

    # --- class by class, where many periods meet -----------------------------------------------------------------

    def _masked(self) -> list[int]:
        """Give the masks: periods that meet, of classes that can be one, less the pairs that the network parts."""
        spanned, size = self.spanned, len(self.spanned)
        classes = _Classes([each.one for each in spanned], self.declared, self.telling)
        rows = [0] * size
        by_low = sorted(range(size), key=lambda place: spanned[place].low)
        by_high = sorted(range(size), key=lambda place: spanned[place].high)
        for place, begun in _growing(by_high, by_low, lambda a, b: spanned[b].low <= spanned[a].high):
            rows[place] = begun & classes.others(place)
        for place, lasting in _growing(by_low[::-1], by_high[::-1], lambda a, b: spanned[b].high >= spanned[a].low):
            rows[place] &= lasting
        for place, cut in classes.declared_apart():
            rows[place] &= ~cut
        self._part(rows)
        return rows

    def _part(self, rows: list[int]) -> None:
        """Take out the pairs of tied instants that cannot coincide though their periods meet."""
        firsts, lasts = self._groups()
        begun, ended = self._together(firsts), self._together(lasts)
        for place, (_, _, one) in enumerate(self.spanned):
            near = begun.get(lasts[place], 0) | ended.get(firsts[place], 0)
            if not one.dated or near in (0, 1 << place):
                continue
            for there in bits(rows[place] & near >> (place + 1) << (place + 1)):
                if self.apart(one, self.spanned[there].one):
                    rows[place] &= ~(1 << there)
                    rows[there] &= ~(1 << place)

    def _together(self, groups: Sequence[int | str]) -> dict[int | str, int]:
        """Give the mask of the dated places of each group; most are alone in theirs."""
        places: dict[int | str, list[int]] = {}
        for place, group in enumerate(groups):
            if self.spanned[place].one.dated:
                places.setdefault(group, []).append(place)
        size = len(groups)
        return {group: mask_of(some, size) if len(some) > 1 else 1 << some[0] for group, some in places.items()}


def _id_of(each: Spanned) -> str:
    return each.one.id


def _growing(
    order: Sequence[int], entering: Sequence[int], enters: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Give each place with the mask of those that have entered by then."""
    mask = at = 0
    for place in order:
        while at < len(entering) and enters(place, entering[at]):
            mask |= 1 << entering[at]
            at += 1
        yield place, mask


@final
class _Classes:
    """The happenings by what may tell them apart whatever their time: teller, type, substance, route, who gave it."""

    def __init__(
        self, happenings: Sequence[Happening], declared: Declared, telling: Callable[[Happening], Hashable]
    ) -> None:
        self.happenings, self.declared = happenings, declared
        self._told = [telling(one) for one in happenings]
        self.all = (1 << len(happenings)) - 1
        fields: list[dict[str, list[int]]] = [{}, {}, {}, {}]
        tellings: dict[Hashable, list[int]] = {}
        for place, one in enumerate(happenings):
            for known, value in zip(fields, _fields(one), strict=True):
                known.setdefault(value, []).append(place)
            tellings.setdefault(self._told[place], []).append(place)
        size = len(happenings)
        self._fields = [{value: mask_of(row, size) for value, row in known.items()} for known in fields]
        self._tellings = {key: mask_of(row, size) for key, row in tellings.items() if key is not None}
        self._givers = self._parted_givers()
        self._known: dict[Hashable, int] = {}

    def others(self, place: int) -> int:
        """Mask of those that a happening may be one with, were it not for their times; never itself."""
        one = self.happenings[place]
        key = (self._told[place], *_fields(one))
        if key not in self._known:
            mask = self.all & ~self._tellings.get(self._told[place], 0)
            for known, value in zip(self._fields[:3], _fields(one)[:3], strict=True):
                if value:
                    mask &= known[value] | known.get("", 0)
            self._known[key] = mask & ~self._givers.get(one.scope.given_by, 0)
        return self._known[key] & ~(1 << place)

    def _parted_givers(self) -> dict[str, int]:
        givers, found = self._fields[3], dict[str, int]()
        for a, b in self._both(givers):
            found[a] = found.get(a, 0) | givers[b]
        return found

    def declared_apart(self) -> Iterator[tuple[int, int]]:
        """Give the places of which an id, or that of another telling, is declared distinct from others, as a mask."""
        named: dict[str, list[int]] = {}
        for place, one in enumerate(self.happenings) if self.declared.distinct else ():
            for each in dict.fromkeys((one.id, *one.tellings)):
                named.setdefault(each, []).append(place)
        for a, b in self._both(named):
            cut = reduce(or_, (1 << there for there in named[b]))
            yield from ((place, cut) for place in named[a])

    def _both(self, known: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Give the declared pairs of which both are known, both ways."""
        for pair in self.declared.distinct:
            if len(pair) == 2 and all(one in known for one in pair):
                a, b = pair
                yield from ((a, b), (b, a))


def _fields(one: Happening) -> tuple[str, str, str, str]:
    return one.scope.type, one.scope.substance, one.route, one.scope.given_by
