"""What other substances ran beside a treatment, certainly or possibly, up to where they were stopped. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

from events.event import RecordedEvent, find_type
from timeline.answers import Truth
from timeline.case import said
from timeline.counting.happenings import Happening
from timeline.hearings.hearing import Hearing

ORDER: Final = "prescription"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One administration, or an order, of another substance: from its start to its end, or to where it was stopped.

    `end` is empty where nobody says that an order ended. `by` is the event that stopped it.
    """

    id: str
    substance: str
    ordered: bool
    start: str
    end: str
    truth: Truth
    by: str = ""


@final
@dataclass(frozen=True, slots=True)
class Time:
    """What courses are held against: nodes of which some instant lies at or before, and at or after, each of them."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def time_of(told: Sequence[Happening]) -> Time:
    """Give the time from the first to the last of these sessions."""
    dated = [one for one in told if one.dated]
    return Time(tuple(one.first for one in dated), tuple(one.last for one in dated))


def beside(hearing: Hearing, substance: str, time: Time) -> tuple[Course, ...]:
    """Give the courses of other substances that certainly or possibly overlap a time; by id."""
    found = (_course(hearing, event, time) for event in _others(hearing, substance))
    return tuple(sorted((one for one in found if one.truth is not Truth.IMPOSSIBLE), key=lambda one: one.id))


def _others(hearing: Hearing, substance: str) -> Iterator[RecordedEvent]:
    same = hearing.timeline.same_name
    for event in hearing.counted:
        kind = find_type(event.type)
        of = same(str(said(event, "substance")))
        if kind is not None and (kind.administration or event.type == ORDER) and of and of != substance:
            yield event


def _course(hearing: Hearing, event: RecordedEvent, time: Time) -> Course:
    nodes = hearing.nodes(event.id)
    ordered = event.type == ORDER
    dated = event.id in hearing.statements and event.id not in hearing.undated
    end, by = nodes.end, ""
    if nodes.single and ordered:
        by = _stopped(hearing, event) if dated else ""
        end = hearing.nodes(by).start if by else ""
    truth = _overlaps(hearing, nodes.start, end, time) if dated else Truth.POSSIBLE
    name = str(said(event, "substance"))
    return Course(id=event.id, substance=name, ordered=ordered, start=nodes.start, end=end, truth=truth, by=by)


def _stopped(hearing: Hearing, event: RecordedEvent) -> str:
    """Give the event that stopped this course: the one that certainly came first after it; empty where none did."""
    same = hearing.timeline.same_name
    of = same(str(said(event, "substance")))
    start = hearing.nodes(event.id).start
    stops = [
        one.id
        for one in hearing.counted
        if one.type == "stopped" and same(str(said(one, "substance"))) == of and one.id not in hearing.undated
        if _before(hearing, start, hearing.nodes(one.id).start)
    ]
    firsts = (
        one
        for one in stops
        if all(_before(hearing, hearing.nodes(one).start, hearing.nodes(other).start) for other in stops)
    )
    return next(firsts, "")


def _before(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is at or before b in every world."""
    least = hearing.network.between(a, b).lo
    return a == b or (least is not None and least >= 0)


def _after(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is after b in every world."""
    least = hearing.network.between(b, a).lo
    return least is not None and least > 0


def _overlaps(hearing: Hearing, start: str, end: str, time: Time) -> Truth:
    """Whether [start, end] meets the time from the first to the last of its instants; an end not known is open."""
    if not time.first:
        return Truth.POSSIBLE
    if all(_after(hearing, start, one) for one in time.last):
        return Truth.IMPOSSIBLE
    if end and all(_after(hearing, one, end) for one in time.first):
        return Truth.IMPOSSIBLE
    begun = any(_before(hearing, start, one) for one in time.last)
    lasting = bool(end) and any(_before(hearing, one, end) for one in time.first)
    return Truth.CERTAIN if begun and lasting else Truth.POSSIBLE
