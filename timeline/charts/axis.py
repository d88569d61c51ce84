"""The time axis of a chart: instants as local wall-clock milliseconds, its ends, ticks of the anchor. Draws nothing.

Vega knows no zone of a case: a local time is handed to it as if it were UTC, and every axis says which zone it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, final

from events.dates.localtime import local_time
from events.when import DAY, Bound
from timeline.charts.theme import WIDTH

MILLI: Final = 1_000


def wall(micros: int, zone: str) -> float:
    """Give an instant (µs) as milliseconds of the local wall clock.

    >>> wall(0, "Europe/Berlin")
    3600000.0
    """
    local = local_time(micros, zone or "UTC").replace(tzinfo=UTC)
    return (local - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * MILLI


@final
@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of time a chart shows, in microseconds, both ends known; `zone` is that of its labels."""

    lo: int
    hi: int
    zone: str

    def x(self, micros: int) -> float:
        """Give the wall-clock milliseconds of an instant, held within the axis."""
        return wall(min(max(micros, self.lo), self.hi), self.zone)

    def pixel(self, micros: int) -> float:
        """Give how many pixels from the left an instant is, held within the axis."""
        held = min(max(micros, self.lo), self.hi)
        return (held - self.lo) / max(1, self.hi - self.lo) * WIDTH

    def at(self, pixel: float) -> int:
        """Give the instant so many pixels from the left."""
        return self.lo + round(pixel / WIDTH * (self.hi - self.lo))

    def meets(self, bound: Bound) -> bool:
        """Whether a bound can lie in the stretch."""
        return not bound.meet(Bound(self.lo, self.hi)).empty

    def holds_all(self, bound: Bound) -> bool:
        """Whether a bound reaches over both ends, so that it says nothing of where in the stretch."""
        return (bound.lo is None or bound.lo < self.lo) and (bound.hi is None or bound.hi > self.hi)

    @property
    def domain(self) -> list[float]:
        """The ends as wall-clock milliseconds."""
        return [wall(self.lo, self.zone), wall(self.hi, self.zone)]

    @property
    def tick(self) -> str:
        """How ticks are written: the time of day where the stretch is short, the day, or the month."""
        span = self.hi - self.lo
        return "%-d %b %H:%M" if span < 3 * DAY else "%-d %b" if span < 120 * DAY else "%b %Y"


def around(bounds: list[Bound], zone: str) -> Axis | None:
    """Give an axis that holds every known end with some room; None where no end is known."""
    known = [end for bound in bounds for end in (bound.lo, bound.hi) if end is not None]
    if not known:
        return None
    room = max((max(known) - min(known)) // 25, DAY)
    return Axis(min(known) - room, max(known) + room, zone)
