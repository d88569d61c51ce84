"""How much was given in a window, by substance and unit, as far as known. Knows no events and no words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from operator import attrgetter
from typing import Final, NamedTuple, final

from events.units import compatible
from events.when import Bound
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, Window, can_meet, gap
from timeline.counting.least import Worth
from timeline.counting.limits import BY_COUNT
from timeline.counting.measures import NOT_SAID, ZERO, Amounts, Measure, over
from timeline.counting.near import near
from timeline.counting.placing import Placing
from timeline.counting.tellings import Tellings
from timeline.counts import Count, Counting

_ID: Final = attrgetter("id")
AT_LEAST_NONE: Final = Bound(0, None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The amount of one substance in one unit in a window, from `lo` to `hi` (None: open).

    `unknown` bounds how many administrations of it have an amount nobody states; while there may be one, `hi` is open
    unless a claim says how much there was in all, which `fact_hi` holds. `substance` and `unit` are empty where they
    are not known.
    """

    substance: str
    unit: str
    lo: Fraction
    hi: Fraction | None
    unknown: Bound
    fact_hi: Fraction | None = None
    tight: bool = False
    least_rests: tuple[str, ...] = ()
    most_rests: tuple[str, ...] = ()


@final
class Claimed(NamedTuple):
    """A claim that all of a scope in the period of `total` came to `amount`."""

    total: Total
    amount: Measure


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """The amounts of the happenings of a record by id; `spans` has the start and end nodes of those given at a rate.

    `claimed` are the claims of how much there was in all. `default` is what an administration of unknown amount is
    taken to be, where the question says so.
    """

    amounts: Mapping[str, Amounts]
    spans: Mapping[str, tuple[str, str]]
    claimed: tuple[Claimed, ...] = ()
    default: Measure | None = None


def amounts_in(record: Record, window: Window, scope: Scope, dosing: Dosing) -> tuple[Sum, ...]:
    """Add up what was given of a scope in a window, by substance and unit; an unknown amount is never zero."""
    record = near(record, window, dosing.spans)
    told = sorted(record.told, key=_ID)
    meeting = [one for one in told if can_meet(one.scope, scope, record.declared)]
    placing = Placing(record, window, meeting)
    touching = placing.touching(0, 1)
    meeting = list(placing.taken(touching))
    there = {one.id for one in meeting}
    meeting += [one for one in placing.happenings if one.id in dosing.spans and one.id not in there]
    groups: dict[str, list[Happening]] = {}
    for one in sorted(meeting, key=_ID):
        groups.setdefault(scope.substance or one.scope.substance, []).append(one)
    for total in (*record.totals, *(one.total for one in dosing.claimed)):
        if total.count.hi != 0 and can_meet(total.scope, scope, record.declared):
            groups.setdefault(scope.substance or total.scope.substance, [])
    found = (_Group(record, window, scope, dosing, name, group) for name, group in sorted(groups.items()))
    return tuple(each for group in found for each in group.sums())


@final
class _Group:
    """The happenings of one substance, or of none known."""

    def __init__(
        self, record: Record, window: Window, scope: Scope, dosing: Dosing, substance: str, group: Sequence[Happening]
    ) -> None:
        self.record, self.window, self.scope, self.dosing = record, window, scope, dosing
        self.substance, self.happenings = substance, tuple(group)
        self.asked = Scope(scope.type, substance, scope.given_by)
        self.said = {one.id: dosing.amounts.get(one.id, NOT_SAID) for one in group}
        near = {substance, ""}
        self.totals = tuple(one for one in record.totals if one.count.hi == 0 or one.scope.substance in near)
        self.claimed = tuple(one for one in dosing.claimed if one.total.scope.substance in near)
        self.tellings = Tellings.of(record)
        self.by_rate = {one.id: self._rated(one) for one in group if self._has_rate(one)}
        self.unknown = [one for one in group if not self._said(one) and one.id not in self.by_rate]

    def _amounts(self, one: Happening) -> Amounts:
        return self.said[one.id]

    def _said(self, one: Happening) -> bool:
        return self._amounts(one).said

    def _has_rate(self, one: Happening) -> bool:
        said = self._amounts(one)
        return said.rate is not None and one.id in self.dosing.spans and one.dated and one.single

    def _rated(self, one: Happening) -> Measure:
        """Give what a rate comes to inside the window, by bounds of the overlap; never more than the whole amount."""
        said = self._amounts(one)
        lo, hi = self._overlap(one)
        inside = over(said.rate or Measure(ZERO, None, ""), lo, hi)
        return inside if one.scope.within(self.scope) else replace(inside, lo=ZERO)

    def _overlap(self, one: Happening) -> tuple[int, int | None]:
        start, end = (Moment(node) for node in self.dosing.spans[one.id])
        first = Moment(self.window.start.node, self.window.start.shift + 1)
        spans = [gap(self.record.network, a, b) for a in (start, first) for b in (end, self.window.end)]
        highs = [span.hi for span in spans if span.hi is not None]
        lows = [span.lo for span in spans]
        least = 0 if None in lows else max(0, min(low for low in lows if low is not None))
        return least, max(0, min(highs)) if highs else None

    def _measure(self, one: Happening) -> Measure | None:
        """Give what all of a happening together come to."""
        said = self._amounts(one)
        if one.id in self.by_rate:
            return self.by_rate[one.id]
        if said.total is not None:
            return said.total
        if said.each is None or one.single:
            return said.each
        return said.each.times(one.count.lo or 0, one.count.hi)

    def sums(self) -> tuple[Sum, ...]:
        """Give one sum for each unit, and one without a unit where no amount is stated at all."""
        if self.dosing.default is not None:
            return self._by_default(self.dosing.default)
        measures = {one.id: found for one in self.happenings if (found := self._measure(one)) is not None}
        unknown = self._unknown(resting=not measures)
        units = _units((*(found.unit for found in measures.values()), *(one.amount.unit for one in self._near())))
        sums = [self._sum(unit, measures, unknown) for unit in units]
        kept = [one for one in sums if one.lo or one.hi != 0 or one.fact_hi is not None]
        if kept:
            return tuple(kept)
        if unknown.bound == Bound(0, 0):
            return ()
        return (self._without_unit(self._unknown(resting=True) if measures else unknown),)

    def _sum(self, unit: str, measures: Mapping[str, Measure], unknown: Count) -> Sum:
        inside = {i: found.within(unit) for i, found in measures.items() if compatible(found.unit, unit)}
        size = lcm(*(end.denominator for found in inside.values() for end in (found.lo, found.hi or ZERO)))
        placed = tuple(one for one in self.happenings if one.id in inside and one.id not in self.by_rate)
        least = {i: _whole(found.lo, size) for i, found in inside.items()}
        most = {i: None if found.hi is None else _whole(found.hi, size) for i, found in inside.items()}
        worth = Worth(lambda one: least[one.id], lambda one: most[one.id])
        found = self._counting(placed, worth).answer()
        rated = [one for one in self.happenings if one.id in inside and one.id in self.by_rate]
        lo, least_rests = self._with_rates(found, placed, rated, inside, size)
        hi = None if found.bound.hi is None else Fraction(found.bound.hi, size)
        for one in rated:
            more = inside[one.id].hi
            hi = None if hi is None or more is None else hi + more
        open_end = unknown.bound.hi != 0
        some = [one.id for one in rated if inside[one.id].hi != 0]
        plain = Sum(
            substance=self.substance,
            unit=unit,
            lo=lo,
            hi=None if open_end else hi,
            unknown=unknown.bound,
            tight=lo == hi and not open_end,
            least_rests=least_rests,
            most_rests=() if open_end or hi is None else tuple(sorted({*found.most_rests, *some})),
        )
        return self._with_claims(plain, placed, inside)

    def _near(self) -> Iterable[Claimed]:
        """Give the claims of this substance whose period the window may meet."""
        return (one for one in self.claimed if one.total.scope.substance == self.substance and self._meets(one))

    def _meets(self, one: Claimed) -> bool:
        """Whether the period of a claim may meet the window."""
        away = (gap(self.record.network, a, b).lo for a, b in self._sides(one.total))
        return not any(lo is not None and lo >= 0 for lo in away)

    def _sides(self, total: Total) -> tuple[tuple[Moment, Moment], ...]:
        return (total.end, self.window.start), (self.window.end, total.start)

    def _with_claims(self, plain: Sum, placed: Sequence[Happening], inside: Mapping[str, Measure]) -> Sum:
        """Give a sum met with what claims say there was in all: the greater lower end, the lesser upper one."""
        if any(one.amount.hi != 0 and self._meets(one) for one in self.claimed):  # it may tell of more than the record
            plain = replace(plain, hi=None, most_rests=(), tight=False)
        claimed = [(one.total, one.amount.within(plain.unit)) for one in self.claimed
                   if compatible(one.amount.unit, plain.unit)]  # fmt: skip
        none = [(one, Measure(ZERO, ZERO, plain.unit)) for one in self.record.limits if one.count.hi == 0]
        if not claimed:
            return plain
        ends = [end for found in inside.values() for end in (found.lo,)]
        ends += [end for _, amount in claimed for end in (amount.lo, amount.hi or ZERO)]
        size = lcm(*(end.denominator for end in ends))
        totals = tuple(
            replace(total, count=Bound(int(much.lo * size), None if much.hi is None else int(much.hi * size)))
            for total, much in (*claimed, *none)
        )
        others = tuple(replace(one, count=AT_LEAST_NONE) for one in self.totals if one.count.hi != 0)
        sure = {one.id for one in placed}
        worth = Worth(lambda one: int(inside[one.id].lo * size) if one.id in sure else 0, lambda _: None)
        found = Counting(self._only(self.happenings, (*totals, *others)), self.window, self.asked, worth).answer()
        lo = Fraction(found.bound.lo or 0, size)
        most, fact = (None if hi is None else Fraction(hi, size) for hi in (found.bound.hi, found.in_fact.hi))
        if lo > plain.lo:
            plain = replace(plain, lo=lo, least_rests=found.least_rests)
        if most is not None and (plain.hi is None or most < plain.hi):
            limiting = tuple(sorted(one.id for one in totals if one.count.hi is not None))
            plain = replace(plain, hi=most, most_rests=limiting)
        return replace(plain, fact_hi=fact, tight=plain.lo == plain.hi)

    def _only(self, happenings: Sequence[Happening], totals: Sequence[Total] = ()) -> Record:
        """Give a record of these alone."""
        return replace(self.record, happenings=tuple(happenings), totals=tuple(totals), closed=(), lasts=())

    def _counting(self, happenings: Sequence[Happening], worth: Worth = BY_COUNT) -> Counting:
        return Counting(self._only(happenings), self.window, self.scope, worth)

    def _whole(self, *, resting: bool = True) -> Count:
        """Count all of the group, with the claims of how many there were."""
        none = tuple(one.none for one in self.record.lasts)
        counting = Counting(self._only(self.happenings, (*self.totals, *none)), self.window, self.asked)
        return counting.answer(resting=resting)

    def _with_rates(
        self,
        found: Count,
        placed: Sequence[Happening],
        rated: Sequence[Happening],
        inside: Mapping[str, Measure],
        size: int,
    ) -> tuple[Fraction, tuple[str, ...]]:
        """Join the lower ends: their sum where what was given at a rate is none of the rest, else the greater."""
        chosen = self.tellings.largest(rated)
        by_rate = sum((inside[one.id].lo for one in chosen), ZERO)
        others = Fraction(found.bound.lo or 0, size)
        ids = tuple(sorted(one.id for one in chosen if inside[one.id].lo))
        if not chosen or not self.tellings.touching(chosen, placed):
            return by_rate + others, tuple(sorted({*ids, *found.least_rests}))
        return (by_rate, ids) if by_rate > others else (others, found.least_rests)

    def _unknown(self, *, resting: bool = False) -> Count:
        """Count the administrations whose amount nobody states; one that a measured one may be is not certain."""
        count = self._counting(self.unknown).answer(resting=resting)
        known = [one for one in self.happenings if self._said(one) or one.id in self.by_rate]
        touching = {one.id for one in self.tellings.touching(known, self.unknown)}
        touching.update(one.id for one in self.tellings.sharing(known, self.unknown))
        taken = [one.count.hi for one in known if one.id in touching]
        most = None if None in taken else sum(end for end in taken if end is not None)
        lo = 0 if most is None else max(0, (count.bound.lo or 0) - most)
        if not any(one.count.hi != 0 for one in self.totals):
            return replace(count, bound=Bound(lo, count.bound.hi), in_fact=Bound(lo, None))
        whole, every = self._whole(resting=resting), [one.count.hi for one in known]
        beside = 0 if None in every else max(0, (whole.bound.lo or 0) - sum(end for end in every if end is not None))
        rests = whole.least_rests if beside > lo else count.least_rests
        lo, most = max(lo, beside), whole.bound.hi
        if most is not None:  # of all there were, those of which an amount is stated are not of an unknown one
            most = max(lo, most - (self._counting(known).answer(resting=False).bound.lo or 0))
        return replace(count, bound=Bound(lo, most), in_fact=Bound(lo, None), least_rests=rests)

    def _without_unit(self, unknown: Count) -> Sum:
        return Sum(
            substance=self.substance,
            unit="",
            lo=ZERO,
            hi=None,
            unknown=unknown.bound,
            tight=True,
            least_rests=unknown.least_rests,
        )

    # --- a default amount for each whose own is unknown ----------------------------------------------------------

    def _by_default(self, default: Measure) -> tuple[Sum, ...]:
        told = {one.id: self._told_or(one, default) for one in self.happenings}
        if any(not compatible(found.unit, default.unit) for found in told.values()):
            plain = replace(self.dosing, default=None)
            return _Group(self.record, self.window, self.scope, plain, self.substance, self.happenings).sums()
        each = self._unless_told({i: found.within(default.unit) for i, found in told.items()})
        counting = self._counting(self.happenings)
        placing, sure = counting.known.placing, counting.known.members(self.scope).mask
        inside = placing.taken(placing.inside(0, 1) & sure)
        possible = placing.taken(placing.touching(0, 1))
        certain = self.tellings.largest([one for one in inside if one.single])
        least = sum((each[one.id].lo for one in certain), ZERO)
        others = [each[one.id].lo for one in possible if one.single and one not in certain]
        for one in (one for one in inside if not one.single):
            least = max(least, _beside([each[i.id].lo for i in certain], others, one.count.lo or 0, each[one.id].lo))
        whole = self._whole()
        several = [each[one.id].lo for one in possible if not one.single]
        dear = min((*several, default.lo))
        least = max(least, _beside([each[i.id].lo for i in certain], others, whole.bound.lo or 0, dear))
        most = self._most_by_default(possible, each, default, whole)
        summed = Sum(
            substance=self.substance,
            unit=default.unit,
            lo=least,
            hi=most,
            unknown=self._unknown().bound,
            least_rests=whole.least_rests,
        )
        return (self._with_claims(summed, (), each),)

    def _unless_told(self, each: Mapping[str, Measure]) -> dict[str, Measure]:
        """Give the amounts where one that nobody states may be one with, or among, those that somebody does state."""
        silent, found = {one.id for one in self.unknown}, dict(each)
        if len(silent) in {0, len(found)}:
            return found
        asked = (self.tellings.may_be_one, self.tellings.overlaps, self.tellings.may_share)
        near = [pair for each in asked for pair in each(self.happenings)]
        for one, other in (pair for a, b in near for pair in ((a, b), (b, a))):
            if one in silent and other not in silent and each[other].lo < found[one].lo:
                found[one] = replace(found[one], lo=each[other].lo)
        return found

    def _most_by_default(
        self, possible: Sequence[Happening], each: Mapping[str, Measure], default: Measure, whole: Count
    ) -> Fraction | None:
        """Give the most that all could come to; open where their number or an amount is."""
        told = _sum(each[one.id].times(0, one.count.hi).hi for one in possible)
        if not any(one.count.hi != 0 for one in self.totals):
            return told
        highest = [default.hi, *(each[one.id].hi for one in possible)]
        dearest = None if None in highest else max(end for end in highest if end is not None)
        return None if dearest is None or whole.bound.hi is None else dearest * whole.bound.hi

    def _told_or(self, one: Happening, default: Measure) -> Measure:
        """Give the amount of each, or the default; a total of several says nothing of the least of each."""
        said = self._amounts(one)
        if one.id in self.by_rate:
            return self.by_rate[one.id]
        if said.each is not None or said.total is None:
            return said.each or default
        return said.total if one.single else Measure(ZERO, said.total.hi, said.total.unit)


def _beside(certain: Sequence[Fraction], others: Sequence[Fraction], k: int, each: Fraction) -> Fraction:
    """Give the least sum where at least k there were, each at least `each`, and singles may be among them.

    Singles that may be in it and are worth less take a place each, cheapest first (SEMANTICS 6, amounts).
    """
    cheap = sorted(end for end in others if end < each)[: max(0, k - len(certain))]
    return sum(certain, ZERO) + sum(cheap, ZERO) + max(0, k - len(certain) - len(cheap)) * each


def _whole(end: Fraction, size: int) -> int:
    """Give an end as a number of parts, so many to one; its denominator divides that."""
    return end.numerator * (size // end.denominator)


def _sum(ends: Iterable[Fraction | None]) -> Fraction | None:
    known = list(ends)
    return None if None in known else sum((end for end in known if end is not None), ZERO)


def _units(units: Iterable[str]) -> list[str]:
    """Give one unit for each group of compatible ones: the most frequent, then the first by name."""
    counts = Counter(units)
    chosen: list[str] = []
    for unit, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if not any(compatible(unit, other) for other in chosen):
            chosen.append(unit)
    return sorted(chosen)
