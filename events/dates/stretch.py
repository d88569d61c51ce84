"""What one date text stands for: a stretch of the time axis, or two readings of one. Reads no text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import final

from events.dates.localtime import day_readings, days_readings, local_readings
from events.errors import Fault
from events.when import ANY, Bound, Part


@final
@dataclass(slots=True)
class Place:
    """The zone a text is read in, and whether it was needed."""

    zone: str
    used: bool = field(default=False)

    def need(self, text: str) -> str:
        """Give the zone for a civil date or a local time. Faults where none is known."""
        what = f"{text} is a civil date or a local time, and no zone is known to read it in"
        return self._known(what, "write the instant with Z or its offset from UTC")

    def count(self, text: str) -> str:
        """Give the zone for counting civil days or months from another event. Faults where none is known."""
        what = f"{text} counts days or months of the calendar, and no zone is known to count them in"
        return self._known(what, "write hours, such as exactly 48 hours before @x")

    def _known(self, what: str, instead: str) -> str:
        if not self.zone:
            zones = "give the event, the batch (--zone) or the case (case.opened) a zone such as America/Los_Angeles"
            raise Fault(what, f"{zones}, or {instead}")
        self.used = True
        return self.zone

    def days(self, first: dt.date, last: dt.date, text: str) -> tuple[Bound, Bound]:
        """Give both readings of the civil days from first to last. Faults on one date that the zone skipped."""
        zone = self.need(text)
        return day_readings(first, zone) if first == last else days_readings(first, last, zone)

    def time(self, local: dt.datetime, step: int, text: str) -> tuple[Bound, Bound]:
        """Give both readings of a local time that stands for `step` microseconds. Faults on a skipped one."""
        return local_readings(local, self.need(text), step)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Two readings of a date, alike but for repeated hours; every reading's ends lie between theirs.

    `broken`: not every instant between the ends is meant (X digits, sets). `several`: it was written with two ends.
    `precision` is the finest unit written, the coarser of two.
    """

    early: Bound
    late: Bound
    name: str
    precision: str
    soft: bool = False
    broken: bool = False
    several: bool = False

    @property
    def outer(self) -> Bound:
        """The hull of both readings."""
        return self.early.hull(self.late)

    def part(self, text: str, reading: str) -> Part:
        """Give it as a constraint on t itself."""
        outer = self.outer
        if self.soft:
            return Part(text=text, reading=reading, soft=True, literal=outer, precision=self.precision)
        common = self.early.meet(self.late)
        return Part(
            text=text,
            reading=reading,
            outer=outer,
            inner=None if self.broken or common.empty else common,
            literal=outer,
            precision=self.precision,
            hull=self.broken or self.early != self.late,
        )

    def softened(self) -> Stretch:
        """Give the same without width of its own."""
        return replace(self, soft=True)

    def before(self, *, including: bool) -> Stretch:
        """Give all up to its last instant, or all before its first."""
        return self._ends(None, None, *self._sides("hi" if including else "lo", 0 if including else -1))

    def after(self, *, including: bool) -> Stretch:
        """Give all from its first instant, or all after its last."""
        low, low_late = self._sides("lo" if including else "hi", 0 if including else 1)
        return self._ends(low, low_late, None, None)

    def to(self, end: Stretch, name: str) -> Stretch:
        """Give all from this one's first instant to the last of `end`. Faults where they are the wrong way round."""
        whole = Bound(self.early.lo, end.late.hi)
        if whole.empty:
            raise Fault(f"{name} ends before it begins", "write the earlier date first")
        return replace(
            self,
            early=Bound(self.early.lo, end.early.hi),
            late=Bound(self.late.lo, end.late.hi),
            name=name,
            precision=coarser(self.precision, end.precision),
            soft=self.soft or end.soft,
            broken=self.broken or end.broken,
            several=True,
        )

    def _sides(self, end: str, by: int) -> tuple[int | None, int | None]:
        first: int | None = getattr(self.early, end)
        last: int | None = getattr(self.late, end)
        return (None if first is None else first + by), (None if last is None else last + by)

    def _ends(self, lo: int | None, lo_late: int | None, hi: int | None, hi_late: int | None) -> Stretch:
        return replace(self, early=Bound(lo, hi), late=Bound(lo_late, hi_late))


ANYTIME = Stretch(early=ANY, late=ANY, name="", precision="")
_ORDER = ("", "second", "minute", "hour", "day", "week", "month", "year")


def coarser(a: str, b: str) -> str:
    """Give the coarser of two precisions."""
    return max(a, b, key=_ORDER.index)
