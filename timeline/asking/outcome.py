"""What corrections make of an event, checked as a line that is loaded is. Says what is wrong; refuses nothing itself.

A correction is checked by itself when it is appended: each field that it sets. Whether what it leaves fits together (a
period that ends before it begins, a claim that says neither how many nor how much) shows only in the whole event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from msgspec.structs import replace as rewritten

from events.errors import Fault, Problem
from events.event import RecordedEvent
from timeline.case import CaseTimeline
from timeline.hearings.amendments import CORRECT, REINSTATE, RETRACT, amend, content, target_of

Check = Callable[[Mapping[str, Any]], tuple[Problem, ...]]
"""Says what is wrong with a line, as it would be loaded."""
MOST: Final = 1_000
"""Corrections whose outcome is looked at after a load."""
_VERDICTS: Final = frozenset({RETRACT, REINSTATE})


def unfit(events: Iterable[RecordedEvent], line: Mapping[str, Any], check: Check) -> tuple[Problem, ...]:
    """Give what a correction's line would make wrong of its event in a case, whose events are given in log order.

    Nothing where the line is wrong by itself, or its event was so before.
    """
    told = tuple(events)
    known = {event.id: event for event in told}
    target = known.get(line["data"]["target"])
    if target is None or check(line):
        return ()
    laid = rewritten(
        target,
        id="",
        type=CORRECT,
        position=told[-1].position + 1,
        written=line["data"],
        zone=line.get("zone", ""),
        redacted=frozenset(),
    )
    problems = _made_wrong([_root(known, target)], told, (*told, laid), check)
    return tuple(replace(each, field=f"data.set.{each.field}" if each.field else "data.set") for _, each in problems)


def unfit_since(timeline: CaseTimeline, position: int, check: Check) -> tuple[Problem, ...]:
    """Give what the corrections from a position on made wrong of the events of a case."""
    told = timeline.events
    new = [event for event in told if event.position >= position and event.type == CORRECT]
    if not new:
        return ()
    known = {event.id: event for event in told}
    roots = {root.id: root for root in (_root(known, one) for one in new[:MOST])}
    before = [event for event in told if event.position < position]
    return tuple(
        replace(each, field="", what=f"case {timeline.case}: as corrected, @{name} is wrong: {_where(each)}{each.what}")
        for name, each in _made_wrong(list(roots.values()), before, told, check)
    )


def _where(problem: Problem) -> str:
    return f"{problem.field}: " if problem.field else ""


def _root(known: Mapping[str, RecordedEvent], event: RecordedEvent) -> RecordedEvent:
    """Give the event that a correction corrects in the end; another event is its own."""
    while event.type == CORRECT and (target := known.get(target_of(event))) is not None:
        event = target
    return event


def _made_wrong(
    roots: Sequence[RecordedEvent],
    before: Sequence[RecordedEvent],
    after: Sequence[RecordedEvent],
    check: Check,
) -> list[tuple[str, Problem]]:
    """Give what is wrong with events as the amendments after leave them, and was not with those before, by id."""
    was = {(name, each.field, each.what) for name, each in _wrong(roots, before, check)}
    return [(name, each) for name, each in _wrong(roots, after, check) if (name, each.field, each.what) not in was]


def _wrong(
    roots: Sequence[RecordedEvent], told: Sequence[RecordedEvent], check: Check
) -> Iterator[tuple[str, Problem]]:
    """Give what is wrong with events as these amendments leave them, be they withdrawn or not."""
    names = {root.id for root in roots}
    acting = [one for one in told if one.type not in _VERDICTS or target_of(one) not in names]
    try:
        laid = amend(roots, acting).events
    except Fault:  # a field that the type has not: told of by itself
        return
    for now in laid:
        line = {"case": now.case, "id": now.id, "type": now.type, "version": now.version, **content(now)}
        yield from ((now.id, each) for each in check(line))
