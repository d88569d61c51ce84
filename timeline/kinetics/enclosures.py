"""What is left where age, duration and speed of absorption are known only as far as bounds. Sound; says where tight.

Each bound rests on a proof that needs no more than a curve after a rapid dose that only falls (`compartments`):

- *Infusion*, age t, duration T. What is left is the mean of the falling curve over the ages of its parts: for t <= T it
  rises with t and falls with T, for t >= T it falls with t and rises with T. So the greatest over a box lies on t = T
  at its least, or at a corner where the box does not meet t = T; the least lies at a corner.
- *Streamed*, at a rate for a time T: the integral itself; rises with T, and with t up to T, then falls.
- *Absorbed* at a constant rate: c' = rate × (curve - c). c starts below the curve, can only be carried above it while
  the curve falls, and is never caught again: c rises, then falls, and its greatest is at most the curve where they
  cross. In the rate itself c is the rate times something that falls with it: the bounds of a piece are within the
  ratio of its ends, and pieces are small. Not called tight.
- *By any way*: each part reaches the blood at or after it was given: from nothing to the curve's start.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import Final, NamedTuple, final

from timeline.kinetics.compartments import Disposition

PIECES: Final = 40
"""Into how many pieces of one ratio a range of absorption is cut."""
NEXT_TO_NOTHING: Final = 1e-12
"""ng/mL of 1 mg/kg that need no closer bounds."""
HALVINGS: Final = 60
GONE: Final = 800.0
"""How often the time of the slowest rate has passed when nothing is left: e^-746 is below the least binary number."""
SLACK: Final = 1e-9
"""By what part of themselves bounds are moved outwards, far more than binary arithmetic can be off."""


@final
class Span(NamedTuple):
    """From `lo` to `hi`, closed; `hi` may be infinite. Only an age may be negative: of a dose not yet given.

    >>> Span(1.0, 2.0).times(Span(0.5, inf)), Span(0.0, 0.0).times(Span(1.0, inf))
    (Span(lo=0.5, hi=inf), Span(lo=0.0, hi=0.0))
    """

    lo: float
    hi: float

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.lo == self.hi

    def times(self, other: Span) -> Span:
        """Multiply; nothing times anything is nothing, also of what is open."""
        return Span(self.lo * other.lo, 0.0 if 0.0 in (self.hi, other.hi) else self.hi * other.hi)

    def plus(self, other: Span) -> Span:
        """Add."""
        return Span(self.lo + other.lo, self.hi + other.hi)

    def hull(self, other: Span) -> Span:
        """Give the least span that holds both."""
        return Span(min(self.lo, other.lo), max(self.hi, other.hi))

    def meet(self, other: Span) -> Span:
        """Give what lies in both; where nothing does, what lies between them and in either."""
        lo, hi = max(self.lo, other.lo), min(self.hi, other.hi)
        return Span(lo, hi) if lo <= hi else self.hull(other)

    @property
    def outward(self) -> Span:
        """Give it moved outwards by more than binary arithmetic can be off."""
        return Span(self.lo * (1 - SLACK), self.hi * (1 + SLACK))


NOTHING: Final = Span(0.0, 0.0)
ONCE: Final = Span(1.0, 1.0)
ANYTHING: Final = Span(0.0, inf)


def at_once(curve: Disposition, age: Span) -> Span:
    """Bound what is left of 1 mg/kg given at once; an age below zero is a dose not yet given. Tight."""
    if age.hi < 0 or age.lo * curve.slowest > GONE:
        return NOTHING
    least = 0.0 if age.lo < 0 else curve.bolus(age.hi)
    return Span(least, curve.bolus(max(0.0, age.lo))).outward


def infused(curve: Disposition, age: Span, lasting: Span) -> Span:
    """Bound what is left of 1 mg/kg infused over a time known as far as `lasting`, begun `age` ago. Tight."""
    if age.hi < 0 or (age.lo - lasting.hi) * curve.slowest > GONE:
        return NOTHING
    first = max(0.0, age.lo)
    corners = [curve.infused(t, long) for t in (first, age.hi) for long in lasting]
    meets = max(first, lasting.lo)
    if meets <= min(age.hi, lasting.hi) and meets != inf:
        corners.append(curve.infused(meets, meets))
    return Span(0.0 if age.lo < 0 else min(corners), max(corners)).outward


def streamed(curve: Disposition, age: Span, lasting: Span) -> Span:
    """Bound what is left of 1 mg/kg each minute, for a time known as far as `lasting`, begun `age` ago. Tight."""
    if age.hi < 0:
        return NOTHING
    first = max(0.0, age.lo)
    best = min(max(lasting.hi, first), age.hi)
    least = min(_stream(curve, t, lasting.lo) for t in (first, age.hi))
    return Span(0.0 if age.lo < 0 else least, _stream(curve, best, lasting.hi)).outward


def _stream(curve: Disposition, age: float, lasting: float) -> float:
    if lasting == 0:
        return 0.0
    if lasting >= age:
        return curve.area if age == inf else curve.infused(age, age) * age
    return curve.infused(age, lasting) * lasting


def absorbed(curve: Disposition, age: Span, absorption: Span) -> Span:
    """Bound what is left of 1 mg/kg that is taken up at a constant rate known as far as `absorption`."""
    if age.hi < 0 or age.lo * min(curve.slowest, absorption.lo) > GONE:
        return NOTHING
    rough = _top(curve, age, absorption.lo) * (absorption.hi / absorption.lo)
    if rough < NEXT_TO_NOTHING:
        return Span(0.0, rough).outward
    least, most = inf, 0.0
    for one in _pieces(absorption):
        by = one.hi / one.lo
        least = min(least, _ends(curve, age, one.hi) / by)
        most = max(most, _top(curve, age, one.lo) * by)
    return Span(least, most).outward


def _pieces(whole: Span) -> list[Span]:
    if whole.exact:
        return [whole]
    step = (whole.hi / whole.lo) ** (1 / PIECES)
    ends = [whole.lo * step**n for n in range(PIECES)]
    return [Span(a, b) for a, b in zip(ends, [*ends[1:], whole.hi], strict=True)]


def _ends(curve: Disposition, age: Span, absorption: float) -> float:
    return min(curve.absorbed(age.lo, absorption), curve.absorbed(age.hi, absorption))


def _top(curve: Disposition, age: Span, absorption: float) -> float:
    """Give the greatest over the ages: at an end, or (no less) the curve just before the two cross."""
    first = max(0.0, age.lo)
    start = curve.absorbed(first, absorption)
    if start >= curve.bolus(first):
        return start
    if age.hi != inf:
        end = curve.absorbed(age.hi, absorption)
        if end <= curve.bolus(age.hi):
            return end
    return _crossing(curve, first, absorption)


@lru_cache(maxsize=4096)
def _crossing(curve: Disposition, first: float, absorption: float) -> float:
    """Give the curve just before what is taken up crosses it, after an age when it has not.

    Doses of no known time share one age, and are looked at once.
    """
    below, above = first, first + 1.0
    while curve.absorbed(above, absorption) < curve.bolus(above):
        below, above = above, above * 2
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if curve.absorbed(middle, absorption) < curve.bolus(middle):
            below = middle
        else:
            above = middle
    return curve.bolus(below)


def by_any_way(curve: Disposition, age: Span) -> Span:
    """Bound what is left of 1 mg/kg whatever the way and the speed it reached the blood: at most as if only now."""
    return NOTHING if age.hi < 0 else Span(0.0, curve.bolus(0.0)).outward
