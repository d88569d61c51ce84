"""The record as it stood at a number of positions, each folded anew: rows and key answers then. Shows nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from events.dates.civil import instant_text
from events.errors import CasefoldError
from events.event import RecordedEvent
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import event_row
from timeline.reports.composing.shape import Row, Stop

FOLDED: Final = 9_000
"""Events that may be folded in all for the stops of one report: more stops for a small case, few for a large one."""
MOST: Final = 60
LEAST: Final = 4
Made = dict[str, tuple[tuple[object, ...], Row]]
"""Rows made so far by id, each with what it was made of."""


class Put(NamedTuple):
    """A key question, and its answer on the record as the report reads it."""

    view: str
    params: dict[str, object]
    text: str


def replay(brief: Brief, questions: Sequence[Put]) -> tuple[Stop, ...]:
    """Give the stops, oldest first; the last is the record as the report reads it. None of one cut by sources' dates.

    An account that the record did not have yet at a position (a speaker not heard so far) shows no rows there.
    """
    if brief.timeline.gone:
        return ()
    made: Made = {}
    return tuple(_stop(brief, at, questions, made) for at in stops(brief.timeline.events))


def stops(events: Sequence[RecordedEvent]) -> tuple[int, ...]:
    """Give the positions to stop at: each where there are few, else evenly apart, every amendment first of all.

    >>> from timeline.reports.composing.replay import stops
    >>> stops(())
    ()
    """
    count = len(events)
    if not count:
        return ()
    most = max(LEAST, min(MOST, 2 * FOLDED // count))
    if count <= most:
        return tuple(event.position for event in events)
    amended = [n for n, event in enumerate(events) if event.type.startswith("amend.")]
    steps = max(LEAST, most - len(amended[:most]))
    even = {round((n + 1) * (count - 1) / steps) for n in range(steps)}
    chosen = sorted({*even, *amended[: most - steps], count - 1})
    return tuple(events[n].position for n in chosen)


def _stop(brief: Brief, position: int, questions: Sequence[Put], made: Made) -> Stop:
    timeline = brief.timeline.upto(position)
    last = len(timeline.events) == len(brief.timeline.events)
    then = brief if last else replace(brief, timeline=timeline)
    at = instant_text(timeline.events[-1].recorded_at)
    try:
        undated = set(then.told["undated"])
        shown = [one for one in then.events.values() if one["type"] != "document" or one["id"] not in undated]
    except CasefoldError:
        return Stop(position=position, recorded_at=at, answers=tuple("not on record yet" for _ in questions), rows=())
    rows = tuple(_row(then, event, made) for event in shown)
    answers = tuple(each.text if last else _said(then, each) for each in questions)
    return Stop(position=position, recorded_at=at, answers=answers, rows=rows)


def _row(brief: Brief, event: Mapping[str, Any], made: Made) -> Row:
    """Give an event's row: that of the stop before where all it is made of is the same."""
    of = (event, brief.timeline.by_id.get(event["id"]), brief.timeline.zone)
    known = made.get(event["id"])
    if known is None or known[0] != of:
        known = made[event["id"]] = (of, event_row(brief, event))
    return known[1]


def _said(brief: Brief, put: Put) -> str:
    try:
        return brief.ask(put.view, put.params).text
    except CasefoldError:
        return "not on record yet"
