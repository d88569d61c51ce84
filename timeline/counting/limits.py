"""What is known of running counts between the boundaries of one question. Gives limits, and answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import permutations
from operator import attrgetter
from typing import Final, final

from timeline.counting import boundaries
from timeline.counting.boundaries import MOST, Arc, Composed, Limit, Paths, Step, arcs_of, heaviest
from timeline.counting.happenings import Closed, Happening, Moment, Record, Scope, Total, Window, can_meet, gap
from timeline.counting.least import Known, Least, Part, Weights, Worth
from timeline.counting.placing import Placing
from timeline.counting.spans import Most, Spans, Upper
from timeline.counting.tellings import Tellings

_id: Final = attrgetter("id")
FEW: Final = 40
"""Up to so many boundaries sub-scopes are composed from each of them; above it, from the window's start alone."""
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
        self._least = Least(self.placing, self.totals, self.tellings, declared, worth)
        self.spans = Spans(self.placing.moments, self.totals, self.closed, self.ordered)
        self._most = Most(record, scope, self.spans, worth.most)
        self._members: dict[Scope, Part] = {}
        self._arcs: dict[tuple[Scope, bool], list[Arc]] = {}
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

    def members(self, scope: Scope) -> Part:
        """Give what is certainly inside a scope."""
        if scope not in self._members:
            places = (i for i, one in enumerate(self.placing.happenings) if one.scope.within(scope))
            totals = sum(1 << i for i, one in enumerate(self.totals) if one.scope.within(scope))
            self._members[scope] = Part(scope, self.placing.mask(places), totals)
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
        mask, totals = self.placing.inside(a, b) & members.mask, self.spans.inside(a, b) & members.totals
        return self._least.of(Part(scope, mask, totals))

    # Sub-scopes, composed each by itself

    def summed(self, scope: Scope, *, in_fact: bool) -> dict[tuple[int, int], tuple[int, tuple[Scope, ...]]]:
        """Give, by pairs of boundaries, the greatest sum of what certainly distinct sub-scopes come to by themselves.

        Each sub-scope is composed over the boundaries first, so that its own disjoint periods add.
        """
        key = (scope, in_fact)
        if key not in self._sums:
            self._sums[key] = {}
            members = self.members(scope)
            several = (members.mask & ~self.placing.singles).bit_count() + members.totals.bit_count()
            for parts in self._least.divisions(members) if several > 1 and self.composing else ():
                self._add_up(key, tuple(one.scope for one in parts))
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
            self._paths[key] = heaviest(len(self.placing.moments), self.arcs(scope, in_fact=in_fact), start)
        return self._paths[key]

    # Upper ends

    def recorded(self, a: int, b: int) -> int | None:
        """Give the sum of all that may lie in (a, b] on record; None where some count is open."""
        return self._recorded.of(self.placing.touching(a, b))

    def most(self, a: int, b: int, scope: Scope) -> Upper:
        """Give the least number that totals and closed stretches allow in (a, b], and who says it; None: open."""
        return self._most.within(scope)(a, b)

    # Together

    def arcs(self, scope: Scope, *, in_fact: bool) -> list[Arc]:
        """Give what is known of each ordered pair of boundaries of a scope within the question's."""
        key = (scope, in_fact)
        if key not in self._arcs:
            self._arcs[key] = arcs_of(self._limits(scope, in_fact=in_fact))
        return self._arcs[key]

    def _limits(self, scope: Scope, *, in_fact: bool) -> Iterator[Limit]:
        sums, members, known = self.summed(scope, in_fact=in_fact), self.members(scope), self._least.within(scope)
        highest = self._highest(scope, in_fact=in_fact) if self.claims else None
        inside, spanned = self.placing.inside, self.spans.inside
        for a, b in self._pairs:
            least = known(inside(a, b) & members.mask, spanned(a, b) & members.totals).least
            if (a, b) in sums:
                least = max(least, sums[a, b][0])
            yield Limit(a, b, least, None if highest is None else highest(a, b))

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        """The boundaries of which one is at or before the other in every world."""
        return [pair for pair in permutations(range(len(self.placing.moments)), 2) if self.placing.ordered(*pair)]

    def _highest(self, scope: Scope, *, in_fact: bool) -> Callable[[int, int], int | None]:
        """Give what finds the least that claims allow in a stretch, and on record what is recorded there."""
        most = self._most.within(scope if in_fact else self.narrowed(scope))
        if in_fact or not self.totals:
            return lambda a, b: most(a, b)[0]
        free = self.spans.free
        return lambda a, b: lesser(most(a, b)[0], self.recorded(a, b)) if free(a, b) else most(a, b)[0]

    def narrowed(self, scope: Scope) -> Scope:
        """Give the question as upper ends on record may take it: with what all told that can meet it has in common."""
        fields = []
        for asked, values in zip(scope.fields, self._values, strict=True):
            fields.append(asked or (next(iter(values)) if len(values) == 1 else ""))
        return Scope(*fields)

    @cached_property
    def _values(self) -> tuple[set[str], ...]:
        """What everything told is of, field by field."""
        told = [one.scope.fields for one in self.placing.happenings]
        told += [total.scope.fields for total in self.totals if total.count.hi != 0]
        return tuple({one[place] for one in told} for place in range(3))

    @cached_property
    def _recorded(self) -> Weights:
        return Weights(self.placing, self.worth.most)

    def composed(self, scope: Scope, *, in_fact: bool) -> Composed:
        """Compose the limits of a scope between the window's ends."""
        return boundaries.compose(len(self.placing.moments), self.arcs(scope, in_fact=in_fact), 0, 1)

    def against(self) -> tuple[str, ...]:
        """Give the statements of a contradiction of counts, with those of time that place them; none where none is."""
        cycle = boundaries.contradiction(len(self.placing.moments), self.arcs(self.scope, in_fact=True))
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
        free = not in_fact and self.spans.free(step.a, step.b)
        recorded = self.recorded(step.a, step.b) if free else None
        if claimed is None or claimed != lesser(claimed, recorded):
            return ids_of(self.placing.taken(self.placing.touching(step.a, step.b)))
        start, end = self.placing.moments[step.a], self.placing.moments[step.b]
        holding = self.spans.claims_at(self.spans.holding(step.a, step.b))
        claims = (one for one in holding if one.id in by)
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
        inside = self.spans.claims_at(self.spans.inside(step.a, step.b))
        claims = (one for one in inside if one.id in ids)
        placed = (each for one in claims for each in (*self._order(start, one.start), *self._order(one.end, end)))
        lying = self.placing.rests(step.a, step.b, there & self.placing.inside(step.a, step.b))
        return (*known.ids, *lying, *self._order(start, end), *placed)

    def _order(self, a: Moment, b: Moment) -> tuple[str, ...]:
        """Give the statements that say that a is not after b."""
        return () if a.node == b.node else self.record.network.difference(a.node, b.node).lo_rests


def ids_of(happenings: Iterable[Happening]) -> tuple[str, ...]:
    """Give their ids, in order."""
    return tuple(sorted(one.id for one in happenings))


def lesser(a: int | None, b: int | None) -> int | None:
    """Give the lesser of two upper ends; None is open."""
    return b if a is None else a if b is None else min(a, b)
