"""The day a case is looked at from: an event's instant, or the end of a date; never a clock. Dates no event itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from events.errors import Fault
from events.event import RecordedEvent
from events.nearest import nearest
from events.when import Bound, Ref
from events.when_text import read_date
from timeline.answers import Truth
from timeline.asking.questions import read_ref
from timeline.case import CaseTimeline
from timeline.counting.happenings import Moment, gap
from timeline.hearings.hearing import Hearing


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What `--at` says: an event (its start), else an instant in microseconds; `text` is as written, empty for none."""

    text: str = ""
    ref: Ref | None = None
    instant: int = 0

    def __bool__(self) -> bool:
        """Whether there is such a day at all."""
        return bool(self.text)

    @property
    def named(self) -> tuple[str, ...]:
        """The ids that it names."""
        return (self.ref.id,) if self.ref else ()

    def moment(self, hearing: Hearing) -> Moment:
        """Give it as an instant of a network."""
        return Moment(hearing.node(self.ref)) if self.ref else Moment("", self.instant)


def read_today(timeline: CaseTimeline, text: str) -> Today:
    """Read `--at REF|DATE`: an event of the case, else a date or an instant to its end. Raises `Fault`.

    A date is read in the case's zone (UTC where it has none).
    """
    plain = text.strip()
    if not plain:
        return Today()
    if plain.removeprefix("@") in timeline.by_id or any(event.type == plain for event in timeline.told):
        return Today(text=plain, ref=read_ref(timeline, plain, "start"))
    try:
        end = read_date(plain, zone=timeline.zone or "UTC").outer.hi
    except Fault:
        instead = nearest(plain.removeprefix("@"), timeline.by_id, "write --at 2025-12-04, or an id of the case")
        raise Fault(f"{text!r} is neither a date nor an event of case {timeline.case!r}", instead) from None
    if end is None:
        raise Fault(f"{text!r} has no end", "write --at with a date, or an id of the case")
    return Today(text=plain, instant=end)


def by_then(hearing: Hearing, event: RecordedEvent, today: Today) -> Truth:
    """Say whether an event was over by that day: certain, possible or impossible; certain where no day is asked."""
    if not today:
        return Truth.CERTAIN
    return before(hearing, Moment(hearing.nodes(event.id).end), today.moment(hearing))


def before(hearing: Hearing, a: Moment, b: Moment, *, strictly: bool = False) -> Truth:
    """Say whether one instant is before another (at or before it, unless strictly)."""
    bound: Bound = gap(hearing.network, a, b)
    least = 1 if strictly else 0
    if bound.lo is not None and bound.lo >= least:
        return Truth.CERTAIN
    return Truth.IMPOSSIBLE if bound.hi is not None and bound.hi < least else Truth.POSSIBLE
