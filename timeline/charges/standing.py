"""Which charge, plea or verdict a later one replaces, and how many counts stand, as bounds. Knows no words of a court.

A charge is amended by a new `charge` event of the same defendant and offence (compared as names are) that is strictly
later; its counts then are those that stand, and 0 drops the charge. Rows of one teller with the same words of time are
parts of one instrument: none replaces another. Pleas and verdicts are replaced by later ones in the same way.

Tellers who word an offence differently may speak of one charge. So the least number of counts is the most that one
teller lists of what nothing can have replaced (or the least that the last of all can have), the most is the sum of all
that is not certainly replaced, and open where one of them does not say how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

from events.when import Bound

MOST: Final = 60
"""Rows of one defendant among which replacement is weighed one by one; of more, the least is that of the last."""
Teller = tuple[str, str, str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: its offence as names are compared (empty: not stated), teller, words of time, and number of counts.

    `sure` is whether it certainly was there by the day asked about, `joined` the least id of the tellings that claims
    say are one with it (its own where there are none).
    """

    id: str
    offence: str
    teller: Teller
    when: str
    counts: Bound
    joined: str
    sure: bool = True


Gap = Callable[[str, str], Bound]
"""The bound of how much later the second entry is than the first, by their ids."""


@final
class Standing:
    """Which entries of one defendant and type replace which."""

    def __init__(self, entries: Sequence[Entry], gap: Gap) -> None:
        self.entries = tuple(entries)
        self.gap = gap
        self._replaced: dict[str, tuple[str, ...]] = {}
        self._sure: dict[str, list[Entry]] = {}
        for one in self.entries:
            if one.sure and one.offence:
                self._sure.setdefault(one.offence, []).append(one)

    def replaced_by(self, one: Entry) -> tuple[str, ...]:
        """Give the entries that certainly replaced this one: the same offence, later in every world."""
        if one.id not in self._replaced:
            self._replaced[one.id] = self._replacing(one)
        return self._replaced[one.id]

    def _replacing(self, one: Entry) -> tuple[str, ...]:
        return tuple(
            other.id
            for other in self._sure.get(one.offence, ())
            if self._another(one, other) and (self.gap(one.id, other.id).lo or 0) > 0
        )

    @cached_property
    def standing(self) -> tuple[Entry, ...]:
        """The entries that nothing certainly replaced."""
        return tuple(one for one in self.entries if not self.replaced_by(one))

    def left(self, offence: str = "") -> Sequence[Entry]:
        """Give the entries of an offence (empty: of all) that nothing certainly replaced."""
        return self._left.get(offence, ()) if offence else self.standing

    @cached_property
    def _left(self) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for one in self.standing:
            found.setdefault(one.offence, []).append(one)
        return found

    def safe(self, one: Entry) -> bool:
        """Whether no entry can have replaced this one, also none that replaces what may be one with it."""
        near = [other for other in self.entries if self._may_be_one(one, other)]
        return not any(self._replaces(one, other, near) for other in self.entries)

    def _replaces(self, one: Entry, other: Entry, near: Sequence[Entry]) -> bool:
        """Whether an entry can have replaced one, or what may be one with it (`near`, itself among them)."""
        if other.joined == one.joined or not self._may_be_later(one, other):
            return False
        return any(_same_offence(each, other) and self._another(each, other) for each in near)

    def _another(self, one: Entry, other: Entry) -> bool:
        """Whether they are two charges: neither tellings of one, nor parts of one teller's instrument of one date."""
        return other.joined != one.joined and (other.when != one.when or other.teller != one.teller)

    def _may_be_one(self, one: Entry, other: Entry) -> bool:
        if other.id == one.id or other.teller == one.teller:
            return other.joined == one.joined
        bound = self.gap(one.id, other.id)
        return (bound.lo is None or bound.lo <= 0) and (bound.hi is None or bound.hi >= 0)

    def _may_be_later(self, one: Entry, other: Entry) -> bool:
        most = self.gap(one.id, other.id).hi
        return most is None or most > 0

    def counts(self, kept: Callable[[Entry], bool] = lambda _: True) -> Bound:
        """Give how many counts stand, of the entries that are `kept` alone."""
        told = [one for one in self.standing if kept(one)]
        if not told:
            return Bound(0, 0)
        most = [one.counts.hi for one in once(told).values()]
        high = None if None in most else sum(end for end in most if end is not None)
        return Bound(self._least(told), high)

    def _least(self, told: Sequence[Entry]) -> int:
        sure = [one for one in told if one.sure]
        listed: dict[Teller, list[Entry]] = {}
        for one in sure if len(self.entries) <= MOST else ():
            if self.safe(one):
                listed.setdefault(one.teller, []).append(one)
        sums = [sum(one.counts.lo or 0 for one in once(row).values()) for row in listed.values()]
        return max((*sums, self._last(told)))

    def _last(self, told: Sequence[Entry]) -> int:
        """Give the least that the last of all can have: it stands, whatever it replaced."""
        ids = {one.id for one in told}
        if not any(one.sure for one in self.entries) or any(one.id not in ids for one in self.standing):
            return 0
        return min(one.counts.lo or 0 for one in told)


def _same_offence(one: Entry, other: Entry) -> bool:
    return one.offence == other.offence or "" in (one.offence, other.offence)


def once(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """Give one entry for all that claims say are one: with the greatest lower and the least upper number of counts."""
    found: dict[str, Entry] = {}
    for one in entries:
        known = found.get(one.joined)
        found[one.joined] = one if known is None else _both(known, one)
    return found


def _both(a: Entry, b: Entry) -> Entry:
    met = a.counts.meet(b.counts)
    counts = a.counts.hull(b.counts) if met.empty else met
    return Entry(
        id=a.id, offence=a.offence, teller=a.teller, when=a.when, counts=counts, joined=a.joined, sure=a.sure or b.sure
    )
