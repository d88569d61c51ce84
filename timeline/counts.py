"""Counts happenings in a window whose times, numbers and identity are known in part. Knows no events and no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, final

from events.when import Bound
from timeline.boundaries import MOST, Composed, Limit, Step, compose
from timeline.exact import exact_count
from timeline.happenings import WHOLE, Closed, Happening, Moment, Record, Scope, Total, Window, can_meet, gap
from timeline.placing import Placing
from timeline.tellings import Tellings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there were in a window, on record and in fact.

    `tight` speaks of the record, and holds if the network's own bounds are the tightest (no hull, no civil day).
    `certain` are the ids that lie in the window and in the scope in every world, `possible` those that may. `doubts`
    are pairs that may be one, `among` pairs (event of several, single that may be one of it). `contradiction` names
    the statements that cannot all be true, where counts show it; then the bounds hold of each statement alone.
    """

    bound: Bound
    in_fact: Bound
    tight: bool = False
    least_rests: tuple[str, ...] = ()
    most_rests: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    among: tuple[tuple[str, str], ...] = ()
    contradiction: tuple[str, ...] = ()


def count_in(record: Record, window: Window, scope: Scope = WHOLE) -> Count:
    """Count the happenings of a scope in a window; sound always, tight only where SEMANTICS 6 proves it."""
    return Counting(record, window, scope).answer()


class _Known(NamedTuple):
    """The most that a sub-question's certain members say of one pair of boundaries, and who says it."""

    least: int
    ids: tuple[str, ...]


class _Part(NamedTuple):
    """A sub-scope with what of it is inside: a mask of happenings and the totals."""

    scope: Scope
    mask: int
    totals: tuple[int, ...]


@final
@dataclass(slots=True)
class _Members:
    """What is certainly inside one scope: a mask of happenings and the totals."""

    mask: int
    totals: tuple[int, ...]
    least: dict[tuple[int, tuple[int, ...]], _Known] = field(default_factory=dict)


class Worth(NamedTuple):
    """What a happening is worth at least and at most: its count, or its amount as a whole number of small units."""

    least: Callable[[Happening], int]
    most: Callable[[Happening], int | None]


BY_COUNT: Final = Worth(lambda one: one.count.lo or 0, lambda one: one.count.hi)


@final
class Counting:
    """One count under way: its boundaries, and what each pair of them is known to hold."""

    def __init__(self, record: Record, window: Window, scope: Scope, worth: Worth = BY_COUNT) -> None:
        self.record, self.window, self.scope, self.worth = record, window, scope, worth
        declared = record.declared
        self.totals = tuple(one for one in sorted(record.totals, key=_id) if can_meet(one.scope, scope, declared))
        self.closed = tuple(one for one in sorted(record.closed, key=_id) if scope.within(one.scope))
        told = sorted(record.happenings, key=_id)
        meeting = tuple(one for one in told if can_meet(one.scope, scope, declared))
        moments = _moments(window, meeting, self.totals, self.closed)
        self.composing = len(moments) <= MOST
        self.placing = Placing(record, moments if self.composing else window, meeting)
        self.tellings = Tellings(record.network, declared)
        self.claims = bool(self.totals or self.closed)
        self._members: dict[Scope, _Members] = {}
        self._orders: dict[tuple[Moment, Moment], bool] = {}

    def members(self, scope: Scope) -> _Members:
        """Give what is certainly inside a scope."""
        if scope not in self._members:
            places = (i for i, one in enumerate(self.placing.happenings) if one.scope.within(scope))
            totals = tuple(i for i, one in enumerate(self.totals) if one.scope.within(scope))
            self._members[scope] = _Members(self.placing.mask(places), totals)
        return self._members[scope]

    # --- lower ends ---------------------------------------------------------------------------------------------

    def least(self, a: int, b: int, scope: Scope) -> _Known:
        """Give the greatest number that certainly lies in (a, b], of the claims and events wholly inside."""
        members = self.members(scope)
        inside = self.placing.inside(a, b) & members.mask
        totals = tuple(i for i in members.totals if self._spans(a, b, self.totals[i]))
        if (inside, totals) not in members.least:
            members.least[inside, totals] = self._split(inside, totals, scope)
        return members.least[inside, totals]

    def _spans(self, a: int, b: int, total: Total) -> bool:
        return self._ordered(self.placing.moments[a], total.start) and self._ordered(total.end, self.placing.moments[b])

    def _ordered(self, a: Moment, b: Moment) -> bool:
        if (a, b) not in self._orders:
            least = gap(self.record.network, a, b).lo
            self._orders[a, b] = least is not None and least >= 0
        return self._orders[a, b]

    def _split(self, inside: int, totals: tuple[int, ...], scope: Scope) -> _Known:
        """Give the most of: what is there as a whole, and the sums over sub-scopes that are certainly distinct."""
        best = self._whole(inside, totals)
        if not totals and not inside & ~self.placing.singles:
            return best
        for parts in self._parts(inside, totals, scope):
            found = [self._split(part.mask, part.totals, part.scope) for part in parts]
            total = sum(one.least for one in found)
            if total > best.least:
                best = _Known(total, tuple(dict.fromkeys(i for one in found for i in one.ids)))
        return best

    def _whole(self, inside: int, totals: tuple[int, ...]) -> _Known:
        placing = self.placing
        least = self.worth.least
        best = self._sum_of(self.tellings.largest(placing.taken(inside & placing.singles), weigh=least))
        several = placing.taken(inside & ~placing.singles)
        for found in (*self._rows(several), *(_Known(least(one), (one.id,)) for one in several)):
            best = max(best, found, key=_number)
        return max((best, *(_Known(self.totals[i].count.lo or 0, (self.totals[i].id,)) for i in totals)), key=_number)

    def _rows(self, several: Sequence[Happening]) -> Iterable[_Known]:
        """Sum exact counts that share one period and are certainly distinct (two rows of one telling)."""
        periods: dict[tuple[Moment, ...], list[Happening]] = {}
        for one in several:
            if one.exact and one.ends:
                periods.setdefault(one.ends, []).append(one)
        for row in periods.values():
            yield self._sum_of(self.tellings.largest(row, weigh=self.worth.least))

    def _sum_of(self, chosen: Sequence[Happening]) -> _Known:
        return _Known(sum(map(self.worth.least, chosen)), tuple(one.id for one in chosen))

    def _parts(self, inside: int, totals: tuple[int, ...], scope: Scope) -> Iterable[list[_Part]]:
        """Give, for each field that the scope leaves any, the sub-scopes that are certainly distinct."""
        here = [(1 << i, (), one.scope) for i, one in enumerate(self.placing.happenings) if inside >> i & 1]
        told: list[tuple[int, tuple[int, ...], Scope]] = [*here, *((0, (i,), self.totals[i].scope) for i in totals)]
        for place in range(3):
            if scope.fields[place]:
                continue
            values = self._distinct({one.fields[place] for _, _, one in told} - {""}, person=place == 2)
            parts = []
            for value in values if len(values) > 1 else ():
                ours = [(mask, some) for mask, some, one in told if one.fields[place] == value]
                fields = [*scope.fields]
                fields[place] = value
                some = tuple(i for _, totals in ours for i in totals)
                parts.append(_Part(Scope(*fields), sum(mask for mask, _ in ours), some))
            yield parts

    def _distinct(self, values: set[str], *, person: bool) -> list[str]:
        chosen: list[str] = []
        for value in sorted(values):
            if not person or all(self.record.declared.apart(value, other) for other in chosen):
                chosen.append(value)
        return chosen

    # --- upper ends ---------------------------------------------------------------------------------------------

    def recorded(self, a: int, b: int) -> int | None:
        """Give the sum of all that may lie in (a, b] on record; None where some count is open."""
        return _sum(map(self.worth.most, self.placing.taken(self.placing.touching(a, b))))

    def _no_total_reaches(self, a: int, b: int) -> bool:
        start, end = self.placing.moments[a], self.placing.moments[b]
        return all(
            one.count.hi == 0 or self._ordered(one.end, start) or self._ordered(end, one.start) for one in self.totals
        )

    def most(self, a: int, b: int, scope: Scope) -> tuple[int | None, tuple[str, ...]]:
        """Give the least number that totals and closed stretches allow in (a, b], and who says it; None: open."""
        start, end = self.placing.moments[a], self.placing.moments[b]
        found: list[tuple[int, tuple[str, ...]]] = [
            (total.count.hi, (total.id,))
            for total in self.totals
            if total.count.hi is not None and scope.within(total.scope) and self._holds(total, start, end)
        ]
        for closed in self.closed:
            there = self._there(closed, start, end) if self._holds(closed, start, end) else None
            if there is not None:
                found.append((there, (closed.id,)))
        return min(found, default=(None, ()), key=lambda one: (one[0] is None, one[0] or 0, one[1]))

    def _holds(self, claim: Total | Closed, start: Moment, end: Moment) -> bool:
        return self._ordered(claim.start, start) and self._ordered(end, claim.end)

    def _there(self, closed: Closed, start: Moment, end: Moment) -> int | None:
        meeting = [one for one in closed.holds if can_meet(one.scope, self.scope, self.record.declared)]
        placing = Placing(self.record, (start, end), meeting)
        return _sum(map(self.worth.most, placing.taken(placing.touching(0, 1))))

    # --- together -----------------------------------------------------------------------------------------------

    def limits(self, scope: Scope, *, in_fact: bool) -> Iterable[Limit]:
        """Give what is known of each ordered pair of boundaries of a scope within the question's."""
        upper = self.narrowed(scope) if not in_fact else scope
        for a in range(len(self.placing.moments)):
            for b in range(len(self.placing.moments)):
                if a == b or not self.placing.ordered(a, b):
                    continue
                most = self.most(a, b, upper)[0] if self.claims else None
                if self.totals and not in_fact and self._no_total_reaches(a, b):
                    most = _lesser(most, self.recorded(a, b))
                yield Limit(a, b, self.least(a, b, scope).least, most)

    def narrowed(self, scope: Scope) -> Scope:
        """Give the question as upper ends on record may take it: with what all told that can meet it has in common."""
        told = [one.scope for one in self.placing.happenings]
        told += [total.scope for total in self.totals if total.count.hi != 0]
        fields = []
        for place, asked in enumerate(scope.fields):
            values = {one.fields[place] for one in told}
            fields.append(asked or (values.pop() if len(values) == 1 else ""))
        return Scope(*fields)

    def composed(self, scope: Scope, *, in_fact: bool) -> Composed:
        """Compose the limits of a scope between the window's ends."""
        return compose(len(self.placing.moments), self.limits(scope, in_fact=in_fact), 0, 1)

    def answer(self) -> Count:
        """Give both bounds, what they rest on, and what stays in doubt."""
        record = self.composed(self.scope, in_fact=False)
        fact = self.composed(self.scope, in_fact=True) if self.claims else record._replace(hi=None)
        direct = self.least(0, 1, self.scope)
        least = max(record.lo or 0, direct.least)
        most, most_rests = self._most(record)
        possible = self.placing.taken(self.placing.touching(0, 1))
        count = Count(
            bound=Bound(least, most if most is None else max(most, least)),
            in_fact=Bound(max(fact.lo or 0, direct.least), None if fact.hi is None else max(fact.hi, direct.least)),
            least_rests=self._rests(record.lo_path or (Step(0, 1, upper=False),)),
            most_rests=most_rests,
            certain=_ids(self.placing.taken(self.placing.inside(0, 1) & self.members(self.scope).mask)),
            possible=_ids(possible),
            undated=tuple(one.id for one in possible if not one.dated),
            doubts=self.tellings.may_be_one(possible),
            among=self.tellings.overlaps(possible),
            contradiction=self._rests(record.cycle or fact.cycle),
        )
        return self._settled(count, possible)

    def _most(self, record: Composed) -> tuple[int | None, tuple[str, ...]]:
        """Give the upper end on record: what the claims allow and, where no total tells of more, what is recorded."""
        recorded = None if any(one.count.hi != 0 for one in self.totals) else self.recorded(0, 1)
        if record.hi is not None and (recorded is None or record.hi < recorded):
            return record.hi, self._rests(record.hi_path)
        return recorded, () if recorded is None else _ids(self.placing.taken(self.placing.touching(0, 1)))

    def _rests(self, path: Sequence[Step]) -> tuple[str, ...]:
        """Give the ids that the steps of a path rest on, with the statements of time that place them."""
        ids: set[str] = set()
        for step in path:
            if step.upper:
                claimed, by = self.most(step.a, step.b, self.narrowed(self.scope))
                recorded = self.recorded(step.a, step.b) if self._no_total_reaches(step.a, step.b) else None
                told = self.placing.taken(self.placing.touching(step.a, step.b))
                ids.update(by if claimed is not None and claimed == _lesser(claimed, recorded) else _ids(told))
                continue
            known = self.least(step.a, step.b, self.scope)
            there = self.placing.mask(i for i, one in enumerate(self.placing.happenings) if one.id in known.ids)
            ids.update((*known.ids, *self.placing.rests(step.a, step.b, there)))
        return tuple(sorted(ids))

    def _settled(self, count: Count, possible: Sequence[Happening]) -> Count:
        """Say whether the bound on record is the tightest; narrow it where the singles can be counted exactly."""
        if count.bound.exact and not count.contradiction:
            return replace(count, tight=True)
        doubtful = count.doubts or count.among or count.undated or count.contradiction
        if self.claims or doubtful or self.worth is not BY_COUNT:
            return count
        if not all(one.single for one in possible):
            return replace(count, tight=len(possible) == 1 and count.possible == count.certain)
        return self._exactly(count)

    def _exactly(self, count: Count) -> Count:
        inside, free = self.placing.inside(0, 1), self.placing.touching(0, 1) & ~self.placing.inside(0, 1)
        sure = self.members(self.scope).mask
        least = self._exact(free & sure)
        most = self._exact(free) if free & ~sure else least
        if least is None or most is None or least.lo is None or most.hi is None:
            return count
        bound = Bound((inside & sure).bit_count() + least.lo, inside.bit_count() + most.hi)
        free_ids = _ids(self.placing.taken(free & sure)) if least.lo else ()
        rests = tuple(sorted({*count.least_rests, *free_ids}))
        return replace(count, bound=bound, in_fact=Bound(bound.lo, count.in_fact.hi), least_rests=rests, tight=True)


    def _exact(self, mask: int) -> Bound | None:
        return exact_count(self.record.network, *self.window, [one.first for one in self.placing.taken(mask)])


def _ids(happenings: Iterable[Happening]) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in happenings))


def _id(one: Happening | Total | Closed) -> str:
    return one.id


def _number(known: _Known) -> int:
    return known.least


def _sum(ends: Iterable[int | None]) -> int | None:
    total = 0
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def _lesser(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)


def _moments(
    window: Window, happenings: Sequence[Happening], totals: Sequence[Total], closed: Sequence[Closed]
) -> list[Moment]:
    """Give the boundaries: the window's ends first, then those of events of several and of claims, each once."""
    ends = {end for one in happenings if not one.single and one.dated for end in one.ends}
    ends.update(end for one in totals for end in (one.start, one.end))
    ends.update(end for one in closed for end in (one.start, one.end))
    return [*window, *sorted(ends - set(window))]
