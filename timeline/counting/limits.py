"""What is known of running counts between the boundaries of one question. Gives limits, and answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NamedTuple, final

from timeline.counting.boundaries import MOST, Composed, Limit, Paths, Step, arcs_of, compose, contradiction, heaviest
from timeline.counting.happenings import Closed, Happening, Moment, Record, Scope, Total, Window, can_meet, gap
from timeline.counting.placing import Placing
from timeline.counting.tellings import Tellings

_id: Final = attrgetter("id")
FEW: Final = 40
"""Up to so many boundaries sub-scopes are composed from each of them; above it, from the window's start alone."""


class Known(NamedTuple):
    """The most that certainly is there, and who says it."""

    least: int
    ids: tuple[str, ...]


class _Part(NamedTuple):
    """A sub-scope with what of it is inside: a mask of happenings and the totals."""

    scope: Scope
    mask: int
    totals: tuple[int, ...]


@final
@dataclass(slots=True)
class Members:
    """What is certainly inside one scope: a mask of happenings and the totals."""

    mask: int
    totals: tuple[int, ...]
    least: dict[tuple[int, tuple[int, ...]], Known] = field(default_factory=dict)


class Worth(NamedTuple):
    """What a happening is worth at least and at most: its count, or its amount as a whole number of small units."""

    least: Callable[[Happening], int]
    most: Callable[[Happening], int | None]


BY_COUNT: Final = Worth(lambda one: one.count.lo or 0, lambda one: one.count.hi)


@final
class Limits:
    """The boundaries of one question, and what each pair of them is known to hold."""

    def __init__(self, record: Record, window: Window, scope: Scope, worth: Worth = BY_COUNT) -> None:
        self.record, self.window, self.scope, self.worth = record, window, scope, worth
        declared = record.declared
        self.totals = tuple(one for one in sorted(record.limits, key=_id) if can_meet(one.scope, scope, declared))
        self.closed = tuple(one for one in sorted(record.closed, key=_id) if scope.within(one.scope))
        self.claims: tuple[Total | Closed, ...] = (*self.totals, *self.closed)
        told = sorted(record.told, key=_id)
        meeting = tuple(one for one in told if can_meet(one.scope, scope, declared))
        self._orders: dict[tuple[Moment, Moment], bool] = {}
        moments = self._moments(meeting)
        self.composing = len(moments) <= MOST
        self.placing = Placing(record, moments if self.composing else window, meeting)
        self.tellings = Tellings.of(record)
        self._members: dict[Scope, Members] = {}
        self._limits: dict[tuple[Scope, bool], list[Limit]] = {}
        self._paths: dict[tuple[Scope, bool, int], Paths] = {}
        self._sums: dict[tuple[Scope, bool], dict[tuple[int, int], tuple[int, tuple[Scope, ...]]]] = {}

    def _moments(self, happenings: Sequence[Happening]) -> list[Moment]:
        """Give the boundaries: the window's ends first, then those of events of several and of claims, each once.

        Without claims nothing outside the window says anything of what is in it.
        """
        ends = {end for one in happenings if not one.single and one.dated for end in one.ends}
        if not self.claims:
            first, last = self.window
            ends = {end for end in ends if self.ordered(first, end) and self.ordered(end, last)}
        ends.update(end for one in self.claims for end in (one.start, one.end))
        return [*self.window, *sorted(ends - set(self.window))]

    def members(self, scope: Scope) -> Members:
        """Give what is certainly inside a scope."""
        if scope not in self._members:
            places = (i for i, one in enumerate(self.placing.happenings) if one.scope.within(scope))
            totals = tuple(i for i, one in enumerate(self.totals) if one.scope.within(scope))
            self._members[scope] = Members(self.placing.mask(places), totals)
        return self._members[scope]

    def ordered(self, a: Moment, b: Moment) -> bool:
        """Whether a is at or before b in every world."""
        if (a, b) not in self._orders:
            least = gap(self.record.network, a, b).lo
            self._orders[a, b] = least is not None and least >= 0
        return self._orders[a, b]

    # Lower ends

    def least(self, a: int, b: int, scope: Scope) -> Known:
        """Give the greatest number that certainly lies in (a, b], of the claims and events wholly inside."""
        members = self.members(scope)
        inside = self.placing.inside(a, b) & members.mask
        totals = tuple(i for i in members.totals if self._spans(a, b, self.totals[i]))
        if (inside, totals) not in members.least:
            members.least[inside, totals] = self._split(inside, totals, scope)
        return members.least[inside, totals]

    def _spans(self, a: int, b: int, total: Total) -> bool:
        return self.ordered(self.placing.moments[a], total.start) and self.ordered(total.end, self.placing.moments[b])

    def _split(self, inside: int, totals: tuple[int, ...], scope: Scope) -> Known:
        """Give the most of: what is there as a whole, and the sums over sub-scopes that are certainly distinct."""
        best = self._whole(inside, totals)
        if not totals and not inside & ~self.placing.singles:
            return best
        for parts in self._parts(inside, totals, scope):
            found = [self._split(part.mask, part.totals, part.scope) for part in parts]
            total = sum(one.least for one in found)
            if total > best.least:
                best = Known(total, tuple(dict.fromkeys(i for one in found for i in one.ids)))
        return best

    def _whole(self, inside: int, totals: tuple[int, ...]) -> Known:
        placing = self.placing
        least = self.worth.least
        best = self._sum_of(self.tellings.largest(placing.taken(inside & placing.singles), weigh=least))
        several = placing.taken(inside & ~placing.singles)
        for found in (*self._rows(several), *(Known(least(one), (one.id,)) for one in several)):
            best = max(best, found, key=_number)
        return max((best, *(Known(self.totals[i].count.lo or 0, (self.totals[i].id,)) for i in totals)), key=_number)

    def _rows(self, several: Sequence[Happening]) -> Iterable[Known]:
        """Sum exact counts that share one period and are certainly distinct (two rows of one telling)."""
        periods: dict[tuple[Moment, ...], list[Happening]] = {}
        for one in several:
            if one.exact and one.ends:
                periods.setdefault(one.ends, []).append(one)
        for row in periods.values():
            yield self._sum_of(self.tellings.largest(row, weigh=self.worth.least))

    def _sum_of(self, chosen: Sequence[Happening]) -> Known:
        return Known(sum(map(self.worth.least, chosen)), tuple(one.id for one in chosen))

    def _parts(self, inside: int, totals: tuple[int, ...], scope: Scope) -> Iterable[list[_Part]]:
        """Give, for each field that the scope leaves any, the sub-scopes that are certainly distinct."""
        here = [(1 << i, (), self.placing.happenings[i].scope) for i in self.placing.places(inside)]
        told: list[tuple[int, tuple[int, ...], Scope]] = [*here, *((0, (i,), self.totals[i].scope) for i in totals)]
        for place, subs in self._divisions(scope, [one for _, _, one in told]):
            parts = []
            for sub in subs:
                ours = [(mask, some) for mask, some, one in told if one.fields[place] == sub.fields[place]]
                some = tuple(i for _, totals in ours for i in totals)
                parts.append(_Part(sub, sum(mask for mask, _ in ours), some))
            yield parts

    def _divisions(self, scope: Scope, told: Sequence[Scope]) -> Iterator[tuple[int, tuple[Scope, ...]]]:
        """Give the ways to divide a scope, by a field it leaves any, into sub-scopes that are certainly distinct."""
        for place, asked in enumerate(scope.fields):
            values = () if asked else self._distinct({one.fields[place] for one in told} - {""}, person=place == 2)
            if len(values) > 1:
                yield place, tuple(Scope(*(*scope.fields[:place], one, *scope.fields[place + 1 :])) for one in values)

    def _distinct(self, values: set[str], *, person: bool) -> list[str]:
        chosen: list[str] = []
        for value in sorted(values):
            if not person or all(self.record.declared.apart(value, other) for other in chosen):
                chosen.append(value)
        return chosen

    # Sub-scopes, composed each by itself

    def summed(self, scope: Scope, *, in_fact: bool) -> dict[tuple[int, int], tuple[int, tuple[Scope, ...]]]:
        """Give, by pairs of boundaries, the greatest sum of what certainly distinct sub-scopes come to by themselves.

        Each sub-scope is composed over the boundaries first, so that its own disjoint periods add.
        """
        key = (scope, in_fact)
        if key not in self._sums:
            self._sums[key] = {}
            members = self.members(scope)
            several = (members.mask & ~self.placing.singles).bit_count() + len(members.totals)
            told = [self.placing.happenings[i].scope for i in self.placing.places(members.mask)] if several > 1 else []
            told += [self.totals[i].scope for i in members.totals]
            for _, subs in self._divisions(scope, told) if several > 1 and self.composing else ():
                self._add_up(key, subs)
        return self._sums[key]

    def _add_up(self, key: tuple[Scope, bool], subs: tuple[Scope, ...]) -> None:
        size = len(self.placing.moments)
        if size > FEW < len(subs):
            return
        for a in range(size) if size <= FEW else (0,):
            found = [self.paths(sub, a, in_fact=key[1]) for sub in subs]
            for b in range(size):
                total = sum(max(0, each.best[b] or 0) for each in found if not each.cycle)
                if a != b and total > self._sums[key].get((a, b), (0,))[0] and self.placing.ordered(a, b):
                    self._sums[key][a, b] = (total, subs)

    def paths(self, scope: Scope, start: int, *, in_fact: bool) -> Paths:
        """Give the heaviest paths of a scope from one boundary."""
        key = (scope, in_fact, start)
        if key not in self._paths:
            arcs = arcs_of(self.limits(scope, in_fact=in_fact))
            self._paths[key] = heaviest(len(self.placing.moments), arcs, start)
        return self._paths[key]

    # Upper ends

    def recorded(self, a: int, b: int) -> int | None:
        """Give the sum of all that may lie in (a, b] on record; None where some count is open."""
        return _sum(map(self.worth.most, self.placing.taken(self.placing.touching(a, b))))

    def no_total_reaches(self, a: int, b: int) -> bool:
        """Whether no total tells of happenings that may lie in (a, b]."""
        start, end = self.placing.moments[a], self.placing.moments[b]
        return all(
            one.count.hi == 0 or self.ordered(one.end, start) or self.ordered(end, one.start) for one in self.totals
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
        return self.ordered(claim.start, start) and self.ordered(end, claim.end)

    def _there(self, closed: Closed, start: Moment, end: Moment) -> int | None:
        meeting = [one for one in closed.holds if can_meet(one.scope, self.scope, self.record.declared)]
        placing = Placing(self.record, (start, end), meeting)
        return _sum(map(self.worth.most, placing.taken(placing.touching(0, 1))))

    # Together

    def limits(self, scope: Scope, *, in_fact: bool) -> list[Limit]:
        """Give what is known of each ordered pair of boundaries of a scope within the question's."""
        key = (scope, in_fact)
        if key not in self._limits:
            sums = self.summed(scope, in_fact=in_fact)
            upper = self.narrowed(scope) if self.claims and not in_fact else scope
            pairs = [(a, b) for a in range(len(self.placing.moments)) for b in range(len(self.placing.moments))]
            self._limits[key] = [
                Limit(
                    a,
                    b,
                    max(self.least(a, b, scope).least, sums.get((a, b), (0,))[0]),
                    self._highest(a, b, upper, in_fact=in_fact) if self.claims else None,
                )
                for a, b in pairs
                if a != b and self.placing.ordered(a, b)
            ]
        return self._limits[key]

    def _highest(self, a: int, b: int, upper: Scope, *, in_fact: bool) -> int | None:
        most = self.most(a, b, upper)[0]
        if self.totals and not in_fact and self.no_total_reaches(a, b):
            most = lesser(most, self.recorded(a, b))
        return most

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

    def against(self) -> tuple[str, ...]:
        """Give the statements of a contradiction of counts, with those of time that place them; none where none is."""
        cycle = contradiction(len(self.placing.moments), self.limits(self.scope, in_fact=True))
        return self.rests(cycle, self.scope, in_fact=True)

    # What a path rests on

    def rests(self, path: Sequence[Step], scope: Scope, *, in_fact: bool) -> tuple[str, ...]:
        """Give the ids that the steps of a path rest on, with the statements of time that place them."""
        ids: set[str] = set()
        for step in path:
            ids.update(self._above(step, scope, in_fact=in_fact) if step.upper else self._below(step, scope, in_fact))
        return tuple(sorted(ids))

    def _above(self, step: Step, scope: Scope, *, in_fact: bool) -> Iterable[str]:
        claimed, by = self.most(step.a, step.b, scope if in_fact else self.narrowed(scope))
        free = not in_fact and self.no_total_reaches(step.a, step.b)
        recorded = self.recorded(step.a, step.b) if free else None
        if claimed is None or claimed != lesser(claimed, recorded):
            return ids_of(self.placing.taken(self.placing.touching(step.a, step.b)))
        start, end = self.placing.moments[step.a], self.placing.moments[step.b]
        claims = (one for one in self.claims if one.id in by and self._holds(one, start, end))
        placed = (each for one in claims for each in (*self._order(one.start, start), *self._order(end, one.end)))
        return (*by, *placed)

    def _below(self, step: Step, scope: Scope, in_fact: bool) -> Iterable[str]:
        known = self.least(step.a, step.b, scope)
        total, subs = self.summed(scope, in_fact=in_fact).get((step.a, step.b), (0, ()))
        if total > known.least:
            paths = ((sub, self.paths(sub, step.a, in_fact=in_fact)) for sub in subs)
            return (one for sub, each in paths for one in self.rests(each.steps(step.b), sub, in_fact=in_fact))
        ids = frozenset(known.ids)
        there = self.placing.mask(i for i, one in enumerate(self.placing.happenings) if one.id in ids)
        start, end = self.placing.moments[step.a], self.placing.moments[step.b]
        claims = (one for one in self.totals if one.id in ids and self._spans(step.a, step.b, one))
        placed = (each for one in claims for each in (*self._order(start, one.start), *self._order(one.end, end)))
        inside = self.placing.rests(step.a, step.b, there & self.placing.inside(step.a, step.b))
        return (*known.ids, *inside, *self._order(start, end), *placed)

    def _order(self, a: Moment, b: Moment) -> tuple[str, ...]:
        """Give the statements that say that a is not after b."""
        return () if a.node == b.node else self.record.network.difference(a.node, b.node).lo_rests


def ids_of(happenings: Iterable[Happening]) -> tuple[str, ...]:
    """Give their ids, in order."""
    return tuple(sorted(one.id for one in happenings))


def lesser(a: int | None, b: int | None) -> int | None:
    """Give the lesser of two upper ends; None is open."""
    return b if a is None else a if b is None else min(a, b)


def _number(known: Known) -> int:
    return known.least


def _sum(ends: Iterable[int | None]) -> int | None:
    total = 0
    for end in ends:
        if end is None:
            return None
        total += end
    return total
