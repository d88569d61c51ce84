"""What claims of numbers say of each stretch between two boundaries: which lie inside it, which hold it. Sums nothing.

Each claim is compared with each boundary once; what it says of a stretch is read off masks of both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import final

from timeline.counting.happenings import Closed, Happening, Moment, Record, Scope, Total, can_meet
from timeline.counting.least import Weights
from timeline.counting.placing import Placing, bits

Order = Callable[[Moment, Moment], bool]
"""Whether one moment is at or before another in every world."""
Upper = tuple[int | None, tuple[str, ...]]
"""The most that is allowed, and who says it; None is open."""
OPEN: Upper = (None, ())


@final
class Spans:
    """The totals and closed stretches of one question against its boundaries, which are given by their places."""

    def __init__(
        self, moments: Sequence[Moment], totals: Sequence[Total], closed: Sequence[Closed], order: Order
    ) -> None:
        self.moments, self.totals, self.closed = moments, totals, closed
        self.claims: tuple[Total | Closed, ...] = (*totals, *closed)
        self._order = order
        self._since: dict[Moment, int] = {}
        self._upto: dict[Moment, int] = {}

    def inside(self, a: int, b: int) -> int:
        """Mask of the totals whose period lies in (a, b] in every world."""
        return self._opening[a] & self._closing[b]

    def holding(self, a: int, b: int) -> int:
        """Mask of the claims, totals first, whose period holds all of (a, b] in every world."""
        return self._begun[a] & self._lasting[b]

    def free(self, a: int, b: int) -> bool:
        """Whether no total tells of happenings that may lie in (a, b]."""
        return not self._reaching[a] & self._coming[b]

    def claims_at(self, mask: int) -> Iterator[Total | Closed]:
        """Give the claims of a mask."""
        return (self.claims[i] for i in bits(mask))

    @cached_property
    def _opening(self) -> list[int]:
        return self._rows([self._before(one.start) for one in self.totals])

    @cached_property
    def _closing(self) -> list[int]:
        return self._rows([self._after(one.end) for one in self.totals])

    @cached_property
    def _begun(self) -> list[int]:
        return self._rows([self._after(one.start) for one in self.claims])

    @cached_property
    def _lasting(self) -> list[int]:
        return self._rows([self._before(one.end) for one in self.claims])

    @cached_property
    def _reaching(self) -> list[int]:
        return self._rows([~self._after(one.end) if one.count.hi != 0 else 0 for one in self.totals])

    @cached_property
    def _coming(self) -> list[int]:
        return self._rows([~self._before(one.start) if one.count.hi != 0 else 0 for one in self.totals])

    def _rows(self, claims: Sequence[int]) -> list[int]:
        """Turn masks of boundaries by claim into masks of claims by boundary."""
        return [sum([1 << i for i, mask in enumerate(claims) if mask >> at & 1]) for at in range(len(self.moments))]

    def _before(self, moment: Moment) -> int:
        """Mask of the boundaries that are at or before a moment in every world."""
        if moment not in self._upto:
            self._upto[moment] = sum(1 << at for at, one in enumerate(self.moments) if self._order(one, moment))
        return self._upto[moment]

    def _after(self, moment: Moment) -> int:
        """Mask of the boundaries that are at or after a moment in every world."""
        if moment not in self._since:
            self._since[moment] = sum(1 << at for at, one in enumerate(self.moments) if self._order(moment, one))
        return self._since[moment]


@final
class Most:
    """The least that claims allow in each stretch, and who says it."""

    def __init__(self, record: Record, scope: Scope, spans: Spans, most: Callable[[Happening], int | None]) -> None:
        self._record, self._scope, self._spans, self._most = record, scope, spans, most

    def within(self, scope: Scope) -> Callable[[int, int], Upper]:
        """Give what finds the least number that totals and closed stretches allow of a scope in (a, b], by whom."""
        upper = [
            (one.count.hi, one.id, 1 << i)
            for i, one in enumerate(self._spans.totals)
            if one.count.hi is not None and scope.within(one.scope)
        ]
        totals, first = sorted(upper), len(self._spans.totals)

        def most(a: int, b: int) -> Upper:
            holding = self._spans.holding(a, b)
            found = next(((most, (name,)) for most, name, bit in totals if holding & bit), OPEN) if holding else OPEN
            closed = holding >> first
            return self._lesser(found, closed, a, b) if closed else found

        return most

    def _lesser(self, found: Upper, closed: int, a: int, b: int) -> Upper:
        """Give the lesser of what totals allow and what the record has in stretches that claims close."""
        there = ((self._there(i, a, b), (self._spans.closed[i].id,)) for i in bits(closed))
        return min((found, *there), key=_ends_first)

    def _there(self, closed: int, a: int, b: int) -> int | None:
        """Give how many the record has in a stretch that a claim says it is complete for; None where that is open."""
        placing, weights = self._records[closed]
        return weights.of(placing.touching(a, b))

    @cached_property
    def _records(self) -> list[tuple[Placing, Weights]]:
        """What each closed stretch counts, by boundaries; claims of one kind count the same."""
        found: list[tuple[Placing, Weights]] = []
        before: tuple[Happening, ...] | None = None
        for one in self._spans.closed:
            if one.holds is not before:
                before = one.holds
                meeting = [each for each in one.holds if can_meet(each.scope, self._scope, self._record.declared)]
                placing = Placing(self._record, self._spans.moments, meeting)
                found.append((placing, Weights(placing, self._most)))
            else:
                found.append(found[-1])
        return found


def _ends_first(upper: Upper) -> tuple[bool, int, tuple[str, ...]]:
    most, ids = upper
    return most is None, most or 0, ids
