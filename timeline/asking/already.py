"""Whether a case says already what a command is to say: what would change nothing, in words. Appends nothing.

A line that is loaded goes in as it is; a command that somebody runs a second time makes no second event of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from events.event import RecordedEvent
from timeline.asking.words import listed
from timeline.case import CaseTimeline
from timeline.hearings.amendments import CORRECT, REINSTATE, RETRACT, amend, content, lay, target_of
from timeline.hearings.claims import read_id

Line = Mapping[str, Any]
_VERDICTS: Final = frozenset({RETRACT, REINSTATE})


def amended_already(events: Iterable[RecordedEvent], line: Line) -> str:
    """Say that a case, its events in log order, is as this amendment would have it; nothing where it is not."""
    told = tuple(events)
    name = str(line["data"]["target"])
    target = next((event for event in told if event.id == name), None)
    if target is None:
        return ""
    if line["type"] == CORRECT:
        return f"@{name} says that already" if _corrected(told, target, line["data"]["set"]) else ""
    now = amend(told)
    if line["type"] in _VERDICTS:
        if (name in now.withdrawn) != (line["type"] == RETRACT):
            return ""
        retracts = {event.id for event in told if event.type == RETRACT}
        by = listed([f"@{one}" for one in now.by.get(name, ()) if one in retracts])
        return f"@{name} is withdrawn already (by {by})" if name in now.withdrawn else f"@{name} stands already"
    cited = [event.id for event in now.events if event.type == line["type"] and _says(event, line)]
    return f"@{name} has that citation already (@{cited[0]})" if cited else ""


def claimed_already(timeline: CaseTimeline, line: Line) -> str:
    """Say that a case as it stands has this `claim.same` of the same source, or this alias; nothing where it has not.

    Who says that two tellings are one matters; an alias acts whoever gave it.
    """
    data = line["data"]
    if line["type"] == "case.alias":
        one = timeline.same_name(data["name"]) == timeline.same_name(data["means"])
        return f"{data['name']!r} and {data['means']!r} are one name already" if one else ""
    ids = frozenset(data["ids"])
    for event in timeline.by_id.values():
        if event.type == line["type"] and frozenset(_ids(event)) == ids and _source(event) == _given(line):
            return f"@{event.id} says that already"
    return ""


def _ids(event: RecordedEvent) -> Sequence[str]:
    return [read_id(str(one)).id for one in event.written["ids"]]


def _corrected(told: Sequence[RecordedEvent], target: RecordedEvent, overlay: Line) -> bool:
    """Whether an event, or what it would be if it stood, is left as it is by what a correction would set."""
    if target.redacted:  # whether an erased value was the same is not known
        return False
    about = [event for event in told if event.type not in _VERDICTS or target_of(event) != target.id]
    (now,) = amend([target], about).events
    if target.type == CORRECT:  # laid over what that one sets, where a null takes a null away
        return bool(lay(now.written["set"], overlay) == now.written["set"])
    was = content(now)
    return bool(_spelled(lay(was, overlay)) == _spelled(was))


def _says(event: RecordedEvent, line: Line) -> bool:
    return bool(_spelled(event.written) == _spelled(line["data"])) and event.note == line.get("note", "")


def _source(event: RecordedEvent) -> tuple[Mapping[str, str], str]:
    return event.source.given, event.note


def _given(line: Line) -> tuple[Mapping[str, str], str]:
    return line.get("source", {}), line.get("note", "")


def _spelled(value: Any) -> Any:
    """Give a value with its numbers as texts, as a command gives them, and without fields that hold nothing."""
    if isinstance(value, Mapping):
        return {name: _spelled(each) for name, each in value.items() if each not in ({}, [], ())}
    if isinstance(value, list | tuple):
        return [_spelled(each) for each in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
