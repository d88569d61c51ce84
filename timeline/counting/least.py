"""The most that certainly lies in one stretch, of the claims and events wholly inside it. Composes and places nothing.

Many stretches of one question hold the same, or share a part: what each mask comes to is found once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, final

from timeline.counting.happenings import Declared, Happening, Moment, Scope, Teller, Total
from timeline.counting.placing import Placing, bits
from timeline.counting.tellings import Tellings

PLAIN = 2
"""The boundaries of a question where nothing but its window has any: there is one stretch, asked about once."""


class Worth(NamedTuple):
    """What a happening is worth at least and at most: its count, or its amount as a whole number of small units."""

    least: Callable[[Happening], int]
    most: Callable[[Happening], int | None]


class Known(NamedTuple):
    """The most that certainly is there, and who says it."""

    least: int
    ids: tuple[str, ...]


class Part(NamedTuple):
    """A scope with what of it is inside: masks of happenings and of totals."""

    scope: Scope
    mask: int
    totals: int


NOTHING = Known(0, ())


@final
class Weights:
    """What the happenings of a mask are worth together; added up by value, of which there are few."""

    def __init__(self, placing: Placing, worth: Callable[[Happening], int | None]) -> None:
        places: dict[int | None, list[int]] = {}
        for place, one in enumerate(placing.happenings):
            places.setdefault(worth(one), []).append(place)
        self._open = placing.mask(places.pop(None, ()))
        self._groups = [(value, placing.mask(row)) for value, row in places.items() if value]

    def of(self, mask: int) -> int | None:
        """Give the sum; None where one of them is open."""
        if mask & self._open:
            return None
        return sum([value * (mask & group).bit_count() for value, group in self._groups])


@final
class Least:
    """The greatest number that certainly is there, by what is wholly inside."""

    def __init__(
        self, placing: Placing, totals: Sequence[Total], tellings: Tellings, declared: Declared, worth: Worth
    ) -> None:
        self.placing, self.totals, self.tellings, self.declared = placing, totals, tellings, declared
        self._worth = worth
        self._known: dict[Scope, dict[tuple[int, int], Known]] = {}
        self._wholes: dict[tuple[int, int], Known] = {}
        self._distinct: dict[int, Known] = {}

    def of(self, part: Part) -> Known:
        """Give the most of: what is there as a whole, and the sums over sub-scopes that are certainly distinct."""
        return self.within(part.scope)(part.mask, part.totals)

    def within(self, scope: Scope) -> Callable[[int, int], Known]:
        """Give `of` for the masks of one scope."""
        known = self._known.setdefault(scope, {})

        def of(mask: int, totals: int) -> Known:
            found = known.get((mask, totals))
            if found is None:
                found = known[mask, totals] = self._split(Part(scope, mask, totals))
            return found

        return of

    def _split(self, part: Part) -> Known:
        best = self._whole(part.mask, part.totals)
        if not part.totals and not part.mask & ~self.placing.singles:
            return best
        for parts in self.divisions(part):
            found = [self.of(each) for each in parts]
            total = sum([one.least for one in found])
            if total > best.least:
                best = Known(total, tuple(dict.fromkeys(i for one in found for i in one.ids)))
        return best

    # --- as a whole ----------------------------------------------------------------------------------------------

    def _whole(self, inside: int, totals: int) -> Known:
        key = (inside, totals)
        if key not in self._wholes:
            found = [self._apart(inside & self.placing.singles), *self._several(inside & ~self.placing.singles)]
            found += [Known(self.totals[i].count.lo or 0, (self.totals[i].id,)) for i in bits(totals)]
            self._wholes[key] = max(found, key=_number)
        return self._wholes[key]

    def _several(self, several: int) -> Iterator[Known]:
        """Give what events of several come to: exact counts of one period that are certainly distinct, and each."""
        rows = [row & several for row in self._periods if row & several]
        yield from (self._apart(row) for row in sorted(rows, key=_first))
        yield from (Known(self._worth.least(one), (one.id,)) for one in self.placing.taken(several))

    @cached_property
    def _periods(self) -> list[int]:
        """The events of several that say exactly how many, by the period they share (two rows of one telling)."""
        rows: dict[tuple[Moment, ...], list[int]] = {}
        for place in bits(self.placing.all & ~self.placing.singles):
            one = self.placing.happenings[place]
            if one.exact and one.ends:
                rows.setdefault(one.ends, []).append(place)
        return [self.placing.mask(row) for row in rows.values()]

    def _apart(self, mask: int) -> Known:
        """Give a large set of pairwise certainly distinct ones, as `Tellings.largest` chooses it."""
        if not mask:
            return NOTHING
        if mask not in self._distinct:
            if len(self.placing.moments) <= PLAIN:
                chosen = self.tellings.largest(self.placing.taken(mask), weigh=self._worth.least)
                self._distinct[mask] = Known(sum(map(self._worth.least, chosen)), tuple(one.id for one in chosen))
            else:
                taken = self._chosen(mask)
                ids = tuple(self.placing.happenings[i].id for i in bits(taken))
                self._distinct[mask] = Known(self._weights.of(taken) or 0, ids)
        return self._distinct[mask]

    def _chosen(self, mask: int) -> int:
        rows = [(-(self._weights.of(row & mask) or 0), name, row & mask) for name, row in self._rows if row & mask]
        chosen = 0
        for _, _, row in sorted(rows):
            taken = chosen
            chosen |= row if not taken else self.placing.mask(i for i in bits(row) if not self._beside(i) & taken)
        return chosen

    @cached_property
    def _rows(self) -> list[tuple[str, int]]:
        """The happenings that one telling lists, singles apart from others."""
        rows: dict[tuple[Teller | str, bool], list[int]] = {}
        for place, one in enumerate(self.placing.happenings):
            rows.setdefault((one.id if one.teller is None else one.teller, one.single), []).append(place)
        return [(str(key), self.placing.mask(row)) for key, row in rows.items()]

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self.placing, self._worth.least)

    @cached_property
    def _beside(self) -> Callable[[int], int]:
        return self.tellings.beside(self.placing.happenings)

    # --- by sub-scopes -------------------------------------------------------------------------------------------

    def divisions(self, part: Part) -> Iterator[list[Part]]:
        """Give the ways to divide a scope, by a field it leaves any, into sub-scopes that are certainly distinct."""
        for place, asked in enumerate(part.scope.fields):
            here = {} if asked else self._by_field(part, place)
            values = self._told_apart(here, person=place == 2)
            if len(values) > 1:
                yield [here[value] for value in values]

    def _by_field(self, part: Part, place: int) -> dict[str, Part]:
        """Give the sub-scopes that something inside is known to be of, by the value of a field."""
        type_, substance, giver = part.scope.fields
        found: dict[str, Part] = {}
        for value, (mask, totals) in self._fields[place].items():
            if mask & part.mask or totals & part.totals:
                fields = (value, substance, giver), (type_, value, giver), (type_, substance, value)
                found[value] = Part(Scope(*fields[place]), mask & part.mask, totals & part.totals)
        return found

    @cached_property
    def _fields(self) -> list[dict[str, tuple[int, int]]]:
        """Masks of the happenings and of the totals by each value that is known of each field."""
        told, claimed = ([one.scope.fields for one in each] for each in (self.placing.happenings, self.totals))
        return [self._values([one[place] for one in told], [one[place] for one in claimed]) for place in range(3)]

    def _values(self, told: Sequence[str], claimed: Sequence[str]) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[list[int], list[int]]] = {}
        for side, values in enumerate((told, claimed)):
            for place, value in enumerate(values):
                places.setdefault(value, ([], []))[side].append(place)
        known = ((value, row, sum(1 << i for i in totals)) for value, (row, totals) in places.items() if value)
        return {value: (self.placing.mask(row), totals) for value, row, totals in known}

    def _told_apart(self, values: Iterable[str], *, person: bool) -> list[str]:
        chosen: list[str] = []
        for value in sorted(values):
            if not person or all(self.declared.apart(value, other) for other in chosen):
                chosen.append(value)
        return chosen


def _number(known: Known) -> int:
    return known.least


def _first(mask: int) -> int:
    return mask & -mask
