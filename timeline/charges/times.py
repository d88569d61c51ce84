"""The times from a death to a report, a charge, a sentence: what is known of each event once. Says not why they passed.

There is a row for every pair, so that what one event brings to its rows (its civil dates, who says it) is found out
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple, final

from events.dates.civil import offset_spread
from events.dates.localtime import greatest_local, least_local
from events.when import ANY, Bound
from timeline.answers import bound_json, elapsed_json, implied_calendar_days, whole_days
from timeline.asking import words
from timeline.asking.lines import who
from timeline.graph.shortest import Rests
from timeline.hearings.gaps import Gaps, apart
from timeline.hearings.hearing import Hearing

Row = dict[str, Any]


class Course(NamedTuple):
    """One defendant's name, charges and sentences, by id."""

    name: str
    charges: Sequence[str]
    sentences: Sequence[str]


def elapsed(hearing: Hearing, deaths: Sequence[str], reports: Sequence[str], courses: Iterable[Course]) -> list[Row]:
    """Give the times from each death to each report, to each charge, and from each charge to its sentences."""
    times = Times(hearing)
    rows = [times.row("death to report", a, b) for a, b in product(deaths, reports)]
    for one in courses:
        rows += [times.row(what, a, b, one.name) for what, a, b in _pairs(deaths, reports, one)]
    return rows


def _pairs(deaths: Sequence[str], reports: Sequence[str], one: Course) -> Iterator[tuple[str, str, str]]:
    yield from (("death to charge", a, b) for a, b in product(deaths, one.charges))
    yield from (("report to charge", a, b) for a, b in product(reports, one.charges))
    yield from (("charge to sentence", a, b) for a, b in product(one.charges, one.sentences))
    yield from (("death to sentence", a, b) for a, b in product(deaths, one.sentences))


@final
class _Event:
    """One event as either end of a time: its nodes, its zone, the civil dates it may begin and end on."""

    __slots__ = ("_closes", "_lasts", "end", "first", "spread", "start", "zone")

    def __init__(self, hearing: Hearing, event_id: str) -> None:
        self.start, self.end = hearing.nodes(event_id).start, hearing.nodes(event_id).end
        self.zone = hearing.zone(event_id)
        self.spread = offset_spread(self.zone)
        self.first, self._closes = _dates(hearing.bound(self.start), self.zone), hearing.bound(self.end)
        self._lasts: dict[str, Bound] = {}

    def last(self, zone: str) -> Bound:
        """Give the civil dates of its end in a zone, which is mostly its own."""
        known = self._lasts.get(zone)
        if known is None:
            known = self._lasts[zone] = _dates(self._closes, zone)
        return known


@final
class _Words(dict[str, str]):
    """Who says each event, with a standing; empty for what is no event of the case."""

    def __init__(self, hearing: Hearing) -> None:
        super().__init__()
        self._known = hearing.timeline.by_id

    def __missing__(self, event_id: str) -> str:
        event = self._known.get(event_id)
        said = self[event_id] = who(event.source) if event else ""
        return said


@final
class Times:
    """The times between the events of one hearing, from the end of the first to the start of the second."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing, self._gaps = hearing, Gaps(hearing)
        self._events: dict[str, _Event] = {}
        self._said = _Words(hearing)
        self._listed: dict[tuple[str, ...], str] = {}

    def row(self, what: str, a: str, b: str, name: str = "") -> Row:
        """Give one time as scripts read it, with its line in words: of calendar days, those of the second's zone."""
        one, other = self._event(a), self._event(b)
        bound = self._gaps.between(a, b)
        least, most = self._rests(one, other, bound)
        days = apart(one.last(other.zone), other.first).meet(implied_calendar_days(bound, other.spread))
        whose = f" ({name})" if name else ""
        civil = f" ({words.number(days)} calendar days)" if days != ANY else ""
        said = f"{words.elapsed(bound)}{civil} (on the word of {self._speakers(*least, *most, a, b)})"
        return {
            "what": what,
            "from": a,
            "to": b,
            "defendant": name or None,
            "elapsed": elapsed_json(bound),
            "whole_days": bound_json(whole_days(bound)),
            "calendar_days": bound_json(days),
            "rests_on": {"min": [*least], "max": [*most]},
            "line": f"{what}{whose}, @{a} to @{b}: {said}",
        }

    def _event(self, event_id: str) -> _Event:
        known = self._events.get(event_id)
        if known is None:
            known = self._events[event_id] = _Event(self._hearing, event_id)
        return known

    def _rests(self, one: _Event, other: _Event, bound: Bound) -> tuple[Rests, Rests]:
        """Give what either end of the time rests on: an open one on nothing."""
        rests = self._hearing.network.rests
        least = () if bound.lo is None else rests(other.start, one.end)
        return least, () if bound.hi is None else rests(one.end, other.start)

    def _speakers(self, *ids: str) -> str:
        """Give who says these, each once: there are few of them in a case, and many rows."""
        speakers = dict.fromkeys(map(self._said.__getitem__, ids))
        speakers.pop("", None)
        names = tuple(speakers)
        known = self._listed.get(names)
        if known is None:
            known = self._listed[names] = words.listed(names)
        return known


def _dates(bound: Bound, zone: str) -> Bound:
    """Give the civil dates on which an instant may lie in a zone, by their numbers; open where it is."""
    return Bound(
        None if bound.lo is None else least_local(bound.lo, zone).toordinal(),
        None if bound.hi is None else greatest_local(bound.hi, zone).toordinal(),
    )
