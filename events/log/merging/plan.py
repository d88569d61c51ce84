"""What a merge would do: which events are here already, which are new, which clash. Appends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, final

from events.errors import Problem
from events.log.merging.compare import same, twin

if TYPE_CHECKING:
    from events.event import RecordedEvent
    from events.log.read import Log

LOG_CASE: Final = "casefold:log"
CHUNK: Final = 1_000
KEPT: Final = 1_000
"""Clashes that are named; all are counted."""


@final
@dataclass(slots=True, kw_only=True)
class Plan:
    """What was found of another log's events; `names` gives the ids here of its content ids.

    `fresh` has a 1 at the position of each event that is new, of which there are `new`.
    """

    upto: int
    same: int = 0
    conflicts: int = 0
    own: int = 0
    new: int = 0
    fresh: bytearray = field(default_factory=bytearray)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def planned(ours: Log, theirs: Log) -> Plan:
    """Compare every event of another log with this one, in memory that hardly grows (a byte an event).

    The other log's events about itself are counted as its `own`, and stay there.
    """
    plan = Plan(upto=theirs.head()[0])
    plan.fresh = bytearray(plan.upto + 1)
    events = theirs.all_events(1, plan.upto)
    while chunk := list(islice(events, CHUNK)):
        _compare(plan, ours, theirs, [event for event in chunk if event.case != LOG_CASE])
        plan.own += sum(event.case == LOG_CASE for event in chunk)
    return plan


def _compare(plan: Plan, ours: Log, theirs: Log, events: Sequence[RecordedEvent]) -> None:
    ids = defaultdict(set)
    for event in events:
        ids[event.case].add(event.id)
    here = {(case, one.id): one for case, names in ids.items() for one in ours.events_named(case, names)}
    for event in events:
        found = here.get((event.case, event.id)) or _twin(plan, ours, theirs, event)
        if found is None:
            plan.new += 1
            plan.fresh[event.position] = 1
        elif same(found, event, plan.names):
            plan.same += 1
            if found.id != event.id:
                plan.names[event.case, event.id] = found.id
        else:
            plan.conflicts += 1
            if len(plan.problems) < KEPT:
                plan.problems.append(_clash(theirs, found, event))


def _twin(plan: Plan, ours: Log, theirs: Log, event: RecordedEvent) -> RecordedEvent | None:
    """Give the event of this log that is the same line, under the content id that this log gave it."""
    name = twin(event, theirs.key, ours.key, plan.names) if ours.key != theirs.key else ""
    return ours.event(event.case, name) if name else None


def _clash(theirs: Log, found: RecordedEvent, event: RecordedEvent) -> Problem:
    return Problem(
        file=theirs.where,
        line=event.position,
        field="id",
        what=(
            f"{event.id} of case {event.case} is at position {event.position} there and at position {found.position}"
            " here, with other content"
        ),
        instead=f"export the case from {theirs.where} as JSONL, give its event another id, and load that file",
    )


def new_events(plan: Plan, theirs: Log) -> Iterator[RecordedEvent]:
    """Give the events that are to be appended, in the order of their log."""
    return (event for event in theirs.all_events(1, plan.upto) if plan.fresh[event.position])
