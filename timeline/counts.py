"""Counts happenings in a window whose times, numbers and identity are known in part. Knows no events and no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from events.when import Bound
from timeline.counting.boundaries import Composed, Step
from timeline.counting.exact import exact_count
from timeline.counting.happenings import WHOLE, Happening, Record, Scope, Window
from timeline.counting.least import Worth
from timeline.counting.limits import BY_COUNT, Limits, ids_of
from timeline.counting.near import near


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
    claims: tuple[str, ...] = ()
    doubts: Sequence[tuple[str, str]] = ()
    among: Sequence[tuple[str, str]] = ()
    contradiction: tuple[str, ...] = ()


def count_in(record: Record, window: Window, scope: Scope = WHOLE, *, resting: bool = True) -> Count:
    """Count the happenings of a scope in a window; sound always, tight only where SEMANTICS 6 proves it.

    Without `resting` it says not on what its ends rest, for a caller who does not read it.
    """
    return Counting(near(record, window), window, scope).answer(resting=resting)


@final
class Counting:
    """One count under way."""

    def __init__(self, record: Record, window: Window, scope: Scope, worth: Worth = BY_COUNT) -> None:
        self.record, self.window, self.scope = record, window, scope
        self.known = Limits(record, window, scope, worth)

    def answer(self, *, resting: bool = True) -> Count:
        """Give both bounds, what they rest on, and what stays in doubt; not `resting`, it says not on what."""
        known, placing = self.known, self.known.placing
        record = known.composed(self.scope, in_fact=False)
        fact = known.composed(self.scope, in_fact=True) if known.claims else record._replace(hi=None)
        direct = known.least(0, 1, self.scope)
        least = max(record.lo or 0, direct.least)
        most, most_rests = self._most(record, resting=resting)
        possible = placing.taken(placing.touching(0, 1))
        certain = placing.inside(0, 1) & known.members(self.scope).mask
        steps = record.lo_path or (Step(0, 1, upper=False),)
        count = Count(
            bound=Bound(least, most if most is None else max(most, least)),
            in_fact=Bound(max(fact.lo or 0, direct.least), None if fact.hi is None else max(fact.hi, direct.least)),
            least_rests=known.rests(steps, self.scope, in_fact=False) if resting else (),
            most_rests=most_rests,
            certain=ids_of(placing.taken(certain)),
            possible=ids_of(possible),
            undated=tuple(one.id for one in placing.taken(placing.touching(0, 1) & ~certain) if _undated(one)),
            claims=tuple(sorted({one.id for one in known.claims})),
            doubts=known.tellings.may_be_one(possible),
            among=known.tellings.overlaps(possible),
            contradiction=known.rests(record.cycle, self.scope, in_fact=False)
            or known.rests(fact.cycle, self.scope, in_fact=True),
        )
        return self._settled(count, possible)

    def _most(self, record: Composed, *, resting: bool) -> tuple[int | None, tuple[str, ...]]:
        """Give the upper end on record: what the claims allow and, where no total tells of more, what is recorded."""
        known = self.known
        recorded = None if any(one.count.hi != 0 for one in known.totals) else known.recorded(0, 1)
        if record.hi is not None and (recorded is None or record.hi <= recorded):
            return record.hi, known.rests(record.hi_path, self.scope, in_fact=False) if resting else ()
        there = known.placing.taken(known.placing.touching(0, 1)) if resting and recorded is not None else ()
        return recorded, ids_of(there)

    def _settled(self, count: Count, possible: Sequence[Happening]) -> Count:
        """Say whether the bound on record is the tightest; narrow it where the singles can be counted exactly."""
        if count.bound.exact and not count.contradiction:
            return replace(count, tight=True)
        doubtful = count.doubts or count.among or count.undated or count.contradiction
        if self.known.claims or doubtful or self.known.worth is not BY_COUNT:
            return count
        if not all(one.single for one in possible):
            return replace(count, tight=len(possible) == 1 and count.possible == count.certain)
        return self._exactly(count)

    def _exactly(self, count: Count) -> Count:
        placing = self.known.placing
        inside, free = placing.inside(0, 1), placing.touching(0, 1) & ~placing.inside(0, 1)
        sure = self.known.members(self.scope).mask
        least = self._exact(free & sure)
        most = self._exact(free) if free & ~sure else least
        if least is None or most is None or least.lo is None or most.hi is None:
            return count
        bound = Bound((inside & sure).bit_count() + least.lo, inside.bit_count() + most.hi)
        free_ids = ids_of(placing.taken(free & sure)) if least.lo else ()
        rests = tuple(sorted({*count.least_rests, *free_ids}))
        return replace(count, bound=bound, in_fact=Bound(bound.lo, count.in_fact.hi), least_rests=rests, tight=True)

    def _exact(self, mask: int) -> Bound | None:
        return exact_count(self.record.network, *self.window, [one.first for one in self.known.placing.taken(mask)])


def _undated(one: Happening) -> bool:
    return one.soft or not one.dated
