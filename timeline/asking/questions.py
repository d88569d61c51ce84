"""The texts that questions are put in: REF, WINDOW, STATEMENT. Reads them against a case; answers none."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final, final

from events.dates.civil import civil_difference, civil_reach, offset_spread
from events.dates.localtime import first_instant, greatest_local, last_instant, least_local
from events.errors import Fault
from events.event import event_types
from events.nearest import nearest
from events.quantity import read_quantity
from events.when import ANY, DAY, HOUR, Bound, Civil, Ref, Side, When
from events.when_text import read_duration, read_when
from timeline.asking import words
from timeline.case import CaseTimeline
from timeline.hearings.claims import read_id
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN, Edge

_HERE: Final = Bound(0, 0)
_RELATIVE: Final = re.compile(r"(?P<span>.+?)\s+(?P<way>before|after)\s+(?P<ref>\S+)", re.IGNORECASE)
_TO_REF: Final = re.compile(
    r"(?P<head>(?:.*\s)?(?:before|after|by|since|at|of|as|during)\s+)(?P<ref>[^\s±]+)"
    r"(?P<tail>\s*(?:±|\+/-|give or take).*)?",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"(?P<count>no|(?:(?:at least|at most|more than|fewer than|less than|exactly|>=|<=|>|<|≥|≤)\s*)?[0-9]{1,9}"
    r"|[0-9]{1,9}\s*(?:to|\.\.)\s*[0-9]{1,9})\s+(?P<type>[a-z][\w.-]*)\s+(?:within|in|on)\s+(?P<window>.+)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"(?:no|at (?:least|most)|(?:more|fewer|less) than|exactly) |[0-9<>≤≥]", re.IGNORECASE)
_LENGTH: Final = re.compile(r"\b(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_WINDOWS: Final = "write '4 days before @death', '2023-10-24/2023-10-28' or a date"
_FILLER: Final = re.compile(r"(?:(?:is|was|are|were|be|happened|began)\s+)?(?:in\s+(?=\d))?", re.IGNORECASE)


def read_ref(timeline: CaseTimeline, text: str, side: Side = "single") -> Ref:
    """Read a REF: an id with or without `@`, else a type of which the case has exactly one. Raises `Fault`."""
    if text.strip().removeprefix("@") in timeline.by_id:
        return Ref(id=text.strip().removeprefix("@"), side=side)
    ref = read_id(text, side)
    if ref.id in timeline.by_id or ref.id in timeline.away:
        return ref
    of_type = [event.id for event in timeline.told if event.type == ref.id]
    if len(of_type) == 1:
        return replace(ref, id=of_type[0])
    if of_type:
        shown = words.listed([f"@{one}" for one in of_type[:8]], joined="or")
        raise Fault(f"{ref.id!r} could be any of {len(of_type)} events of the case", f"write one of them: {shown}")
    if ref.id in timeline.amended.withdrawn:
        instead = f"see `casefold history {timeline.case} {ref.id}`; `casefold reinstate` brings it back"
        raise Fault(f"@{ref.id} was withdrawn", instead)
    if ref.id in event_types():
        raise Fault(f"the case has no {ref.id}", "write the id of an event, see `casefold log`")
    known = (*timeline.by_id, *event_types())
    instead = nearest(ref.id, known, "write an id of the case, or a type it has one of")
    raise Fault(f"{ref.id!r} is no event of case {timeline.case!r}", instead)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a window: the node's instant plus an offset in microseconds (exact unless the calendar is asked).

    `within` are bounds of the instant itself, where the offset says less.
    """

    node: str
    offset: Bound
    within: Bound = ANY

    def edges(self, name: str) -> tuple[Edge, ...]:
        """Give what places it as a node of its own."""
        return (
            Edge(self.node, name, self.offset.lo, self.offset.hi),
            Edge(ORIGIN, name, self.within.lo, self.within.hi),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A closed stretch of time that a question is about.

    With an `anchor`, it reaches for `reach` microseconds before it (after it where not `before`) up to it, or from the
    first (to the last) instant of the civil date `days` away, or from it shifted by `months`, the day clipped; without
    one, from `start` to `end`, exact instants.
    `ruler` is how it was measured ("96 hours").
    """

    text: str
    ruler: str
    zone: str
    anchor: Ref | None = None
    before: bool = True
    reach: int = 0
    days: int | None = None
    months: int | None = None
    start: int = 0
    end: int = 0

    def ends(self, hearing: Hearing) -> tuple[End, End]:
        """The window's two ends, earlier first, in the network of a hearing. Raises `Fault` for an unclear anchor."""
        if self.anchor is None:
            start, end = (Bound(instant, instant) for instant in (self.start, self.end))
            return End(node=ORIGIN, offset=start), End(node=ORIGIN, offset=end)
        near = End(node=hearing.node(self.anchor), offset=_HERE)
        far = self._far(near.node, hearing.bound(near.node))
        return (far, near) if self.before else (near, far)

    def bounds(self, hearing: Hearing) -> tuple[Bound, Bound]:
        """The instants of the two ends, as the network bounds them, in microseconds since 1970."""
        first, second = (_shifted(hearing.bound(end.node), end.offset).meet(end.within) for end in self.ends(hearing))
        return first, second

    def _far(self, node: str, at: Bound) -> End:
        """Give the far end, `at` being the bounds of the anchor `node`: by the calendar one instant, or a bound."""
        if self.days is None and self.months is None:
            return End(node=node, offset=Bound(-self.reach, -self.reach) if self.before else _just(self.reach))
        offset, within = self._months(at) if self.days is None else self._days(at)
        if within.exact:
            return End(node=ORIGIN, offset=within)
        return End(node=node, offset=offset, within=within)

    def _months(self, at: Bound) -> tuple[Bound, Bound]:
        """Give bounds of the far end from the anchor, and of itself: the anchor shifted, the day clipped."""
        steps = _just(self.months or 0)
        civil = Civil(steps=steps if self.before else steps.negate(), unit="month", zone=self.zone, clip=True)
        return civil_difference(civil).negate(), civil_reach(civil, at)

    def _days(self, at: Bound) -> tuple[Bound, Bound]:
        """Give the same for civil dates: from the first, or to the last, instant of the date."""
        instant = first_instant if self.before else last_instant
        first = None if at.lo is None else self._date(least_local(at.lo, self.zone).date())
        last = None if at.hi is None else self._date(greatest_local(at.hi, self.zone).date())
        within = Bound(*(None if date is None else instant(date, self.zone) for date in (first, last)))
        spread, days = offset_spread(self.zone), self.days or 0
        reach = Bound(days * DAY - spread, (days + 1) * DAY + spread - 1)
        return reach.negate() if self.before else reach, within

    def _date(self, date: dt.date) -> dt.date | None:
        """Give the date so many days from another; None beyond the years 1 to 9999."""
        days = self.days or 0
        away = date.toordinal() + (-days if self.before else days)
        return dt.date.fromordinal(away) if 1 <= away <= dt.date.max.toordinal() else None


def read_window(timeline: CaseTimeline, text: str) -> Window:
    """Read a WINDOW: `4 days before @death`, `2023-10-24/2023-10-28`, `2023-10-28`. Raises `Fault`."""
    plain = " ".join(text.split())
    zone = timeline.zone or "UTC"
    found = _RELATIVE.fullmatch(plain)
    if found is None:
        return _absolute(timeline, plain)
    before = found["way"].lower() == "before"
    ref = read_ref(timeline, found["ref"], "start" if before else "end")
    event = timeline.by_id.get(ref.id)
    zone = (timeline.zone_of(event) if event else timeline.zone) or "UTC"
    span = re.sub(r"^(within|in|the|last|final)\s+", "", found["span"], flags=re.IGNORECASE)
    read = read_duration(span)
    if read.calendar and read.days is not None:
        ruler = words.plural(read.days, "calendar day")
        return Window(text=plain, ruler=ruler, zone=zone, anchor=ref, before=before, days=read.days)
    if read.exact is None:
        return Window(text=plain, ruler=read.words, zone=zone, anchor=ref, before=before, months=read.months)
    return Window(text=plain, ruler=_ruler(read.exact), zone=zone, anchor=ref, before=before, reach=read.exact)


def _absolute(timeline: CaseTimeline, text: str) -> Window:
    no_window = Fault(f"{text!r} is no window with two known ends", _WINDOWS)
    try:
        read = read_when(text, zone=timeline.zone)
    except Fault:
        if _LENGTH.search(text) or not any(map(str.isdigit, text)):  # a date has digits
            raise no_window from None
        raise
    own = read.own
    if read.refs or read.soft or own.lo is None or own.hi is None:
        raise no_window
    zone = timeline.zone or "UTC"
    return Window(text=text, ruler=f"dates in {zone}", zone=zone, start=own.lo, end=own.hi)


def _ruler(reach: int) -> str:
    return words.plural(reach // HOUR, "hour") if reach % HOUR == 0 else words.duration(reach)


def _just(number: int) -> Bound:
    return Bound(number, number)


def _shifted(bound: Bound, by: Bound) -> Bound:
    lo = None if bound.lo is None or by.lo is None else bound.lo + by.lo
    return Bound(lo, None if bound.hi is None or by.hi is None else bound.hi + by.hi)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A question of what is certain, about times: the event it speaks of, and what it says of its time."""

    subject: Ref
    when: When

    @property
    def named(self) -> tuple[str, ...]:
        """The ids it names."""
        return tuple(dict.fromkeys((self.subject.id, *(ref.id for ref in self.when.refs))))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CountStatement:
    """A question of how many of a type there were within a window: `count` holds every number that is meant."""

    count: Bound
    type: str
    window: str


def read_count_statement(text: str) -> CountStatement | None:
    """Read a STATEMENT about how many; None where it is about times. Raises `Fault` for a number that is none.

    >>> read_count_statement("at least 3 injection within 1 day before @death")
    CountStatement(count=Bound(lo=3, hi=None), type='injection', window='1 day before @death')
    >>> read_count_statement("no infusion within 7 days before @death").count
    Bound(lo=0, hi=0)
    """
    found = _COUNTED.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    written = found["count"].lower()
    count = Bound(0, 0) if written == "no" else read_quantity(written.removeprefix("exactly").strip()).count
    if count == Bound(0, None):
        raise Fault(f"{text!r} always holds", "write 'no TYPE within WINDOW', or at least 1")
    return CountStatement(count=count, type=found["type"], window=found["window"])


def read_statement(timeline: CaseTimeline, text: str) -> Statement:
    """Read a STATEMENT about times: `@a before @b`, `@x more than 7 days before @death; after @y`. Raises `Fault`."""
    subject_text, _, rest = " ".join(text.split()).partition(" ")
    if subject_text not in timeline.by_id and _NUMBERED.match(f"{subject_text} {rest}"):
        instead = "write it like 'no infusion within 7 days before @death' or 'at least 3 injection on 2023-10-28'"
        raise Fault(f"{text!r} does not say how many of which type there were when", instead)
    subject = read_ref(timeline, subject_text)
    said = _FILLER.sub("", rest, count=1)
    if not said:
        raise Fault(f"{text!r} says nothing of {subject}", f"write a statement, such as '{subject} before @other'")
    parts = (_with_ids(timeline, _FILLER.sub("", part.strip(), count=1)) for part in said.split(";"))
    event = timeline.by_id.get(subject.id)
    zone = timeline.zone_of(event) if event else timeline.zone
    read = [read_when(part, zone=zone, own_id=subject.id) for part in parts]
    when = When(text=said, parts=tuple(part for each in read for part in each.parts), zone=zone)
    for ref in when.refs:
        read_ref(timeline, ref.id)
    if when.unknown or any(part.soft or part.outer == ANY for part in when.parts):
        instead = f"write how wide it is, such as '{subject} 2 hours before @x ± 10 min'"
        raise Fault(f"{said!r} has no bounds that could hold or not", instead)
    return Statement(subject=subject, when=when)


def _with_ids(timeline: CaseTimeline, part: str) -> str:
    """Give a part with its reference written as an id with `@`."""
    found = _TO_REF.fullmatch(part)
    if found is None:
        return part
    name = read_id(found["ref"]).id
    if not found["ref"].startswith("@") and name not in timeline.by_id and name not in event_types():
        return part
    return f"{found['head']}{read_ref(timeline, found['ref'])}{found['tail'] or ''}"
