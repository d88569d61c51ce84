"""When something happened, as far as known: constraints on the time axis. Reads no text, knows no calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import msgspec

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
EARLIEST = -62_135_596_800 * SECOND
"""0001-01-01T00:00:00Z in microseconds since 1970."""
LATEST = 253_402_300_800 * SECOND - 1
"""9999-12-31T23:59:59.999999Z in microseconds since 1970."""


@final
class Bound(msgspec.Struct, frozen=True, gc=False):
    """A closed interval of integers; an end that is None is open (SEMANTICS 1).

    >>> Bound(1, None).meet(Bound(None, 3))
    Bound(lo=1, hi=3)
    >>> Bound(1, 2).meet(Bound(3, 4)).empty
    True
    """

    lo: int | None = None
    hi: int | None = None

    @property
    def empty(self) -> bool:
        """Whether no value lies within."""
        return self.lo is not None and self.hi is not None and self.lo > self.hi

    @property
    def exact(self) -> bool:
        """Whether exactly one value lies within."""
        return self.lo is not None and self.lo == self.hi

    def meet(self, other: Bound) -> Bound:
        """Give what lies within both; may be empty."""
        lo = other.lo if self.lo is None else self.lo if other.lo is None else max(self.lo, other.lo)
        hi = other.hi if self.hi is None else self.hi if other.hi is None else min(self.hi, other.hi)
        return Bound(lo, hi)

    def hull(self, other: Bound) -> Bound:
        """Give the least interval that contains both."""
        lo = None if self.lo is None or other.lo is None else min(self.lo, other.lo)
        hi = None if self.hi is None or other.hi is None else max(self.hi, other.hi)
        return Bound(lo, hi)

    def covers(self, other: Bound) -> bool:
        """Whether every value of `other` lies within this one."""
        low = self.lo is None or (other.lo is not None and self.lo <= other.lo)
        high = self.hi is None or (other.hi is not None and other.hi <= self.hi)
        return low and high

    def widen(self, by: int) -> Bound:
        """Move both ends outwards by `by` (>= 0)."""
        return Bound(None if self.lo is None else self.lo - by, None if self.hi is None else self.hi + by)

    def negate(self) -> Bound:
        """Give the interval of the negated values."""
        return Bound(None if self.hi is None else -self.hi, None if self.lo is None else -self.lo)


ANY = Bound()
Point = Literal["", "first", "last", "start", "end"]
Side = Literal["single", "start", "end"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Another event of the case that a time is measured from; `point` is the instant of it that is meant.

    `side` says which instant a bare reference takes where the event has two: the `start` (or first) for
    before and by, the `end` (or last) for after and since; `single` where only an event of one instant will do.
    """

    id: str
    point: Point = ""
    side: Side = "single"

    def __str__(self) -> str:
        return f"@{self.id}.{self.point}" if self.point else f"@{self.id}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Civil:
    """A difference of civil dates: date(anchor) - date(t) lies in `steps`: days, months or years (SEMANTICS 1.1).

    Negative steps lie after the anchor. `zone` is that of the event that speaks. `clip` is set where months or years
    came with a comparator (both then count months), and shifts the anchor's own bounds instead of comparing the
    numbers of months or years; `strict` then says that the shifted instant itself is excluded (more than, less than).
    """

    steps: Bound
    unit: Literal["day", "month", "year"] = "day"
    zone: str
    clip: bool = False
    strict: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One constraint: t - anchor lies in `outer`; without an anchor, t itself does (microseconds since 1970).

    `inner` is what holds under every reading (equal to `outer` but for hulls and civil days; None: nothing does).
    A `soft` part bounds nothing but what `outer` still says (an order, or nothing); `literal` is its literal reading,
    on the same axis, for showing and sorting, or to be widened by a width for its `precision`.
    `hull` marks bounds that are not known to be tight. `text` is the source's, `reading` how it was understood.
    """

    text: str
    reading: str
    anchor: Ref | None = None
    outer: Bound = ANY
    inner: Bound | None = None
    soft: bool = False
    literal: Bound = ANY
    precision: str = ""
    hull: bool = False
    civil: Civil | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All that one text says of one instant: every part holds. No parts: unknown.

    `zone` is the zone it was read in, empty where none was needed or known.
    """

    text: str
    parts: tuple[Part, ...] = ()
    zone: str = ""

    @property
    def own(self) -> Bound:
        """Bounds from its own absolute parts alone, closed, in microseconds since 1970; empty if they contradict."""
        bound = ANY
        for part in self.parts:
            if part.anchor is None and not part.soft:
                bound = bound.meet(part.outer)
        return bound

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The references of its parts, in order, each once."""
        return tuple(dict.fromkeys(part.anchor for part in self.parts if part.anchor is not None))

    @property
    def soft(self) -> bool:
        """Whether any part is soft."""
        return any(part.soft for part in self.parts)

    @property
    def unknown(self) -> bool:
        """Whether it says nothing at all."""
        return not self.parts


UNKNOWN = When(text="unknown")
