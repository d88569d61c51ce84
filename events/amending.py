"""Amendments from the words of a command: their lines made, checked and appended. Applies none and prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from events.codec import content_id
from events.drafting import drafted
from events.enter import gather, nothing_new, sourced
from events.errors import Fault, Problem
from events.event import Draft, RecordedEvent
from events.log import Log
from events.nearest import nearest

CORRECT = "amend.correct"
Line = dict[str, Any]


def correction(
    log: Log, case: str, event_id: str, data: Iterable[str], said: Mapping[str, Any], *, removed: Iterable[str] = ()
) -> Line:
    """Give the line of a correction: `data` is FIELD=VALUE, `said` the options by name, `removed` dotted fields.

    Raises `Fault` where the case has no such event or nothing is corrected, `BadInput` for words that are no fields.
    """
    target = target_in(log, case, event_id)
    laid = gather(case, _root(log, target).type, data, said)
    for name in ("case", "type", "id"):
        laid.pop(name, None)
    for path in removed:
        _remove(path, laid)
    if not laid:
        raise Fault("nothing is corrected", "write FIELD=VALUE, an option such as --when, or --remove FIELD")
    line = amendment(CORRECT, case, target.id, said, set=laid)
    zone = laid.get("zone") or target.zone
    return {**line, "zone": zone} if zone else line


def _remove(path: str, laid: Line) -> None:
    """Lay a null over a field, such as when or data.count; raises `Fault` where it is set at the same time."""
    name, _, field = path.partition(".")
    if field and name not in ("data", "source"):
        raise Fault(f"{path!r} is no field", "remove e.g. when, data.count or source.via")
    if field in laid.get(name, {}) if field else name in laid:
        raise Fault(f"{path} is both set and removed", "write one of the two")
    if field:
        laid[name] = {**laid.get(name, {}), field: None}
    else:
        laid[name] = None


def amendment(kind: str, case: str, event_id: str, said: Mapping[str, Any], **data: Any) -> Line:
    """Give the line of an amendment of an event; `said` may have `id`, `reason` and `authority`."""
    why = {name: said[name] for name in ("reason", "authority") if said.get(name)}
    line: Line = {"case": case, "type": kind, "data": {"target": event_id.removeprefix("@"), **data, **why}}
    return {**line, "id": said["id"]} if said.get("id") else line


def citation(case: str, event_id: str, relation: str, said: Mapping[str, Any]) -> Line:
    """Give the line that names another source for an event. Raises `Fault` where no source is named."""
    given = sourced(said)
    if "source" not in given:
        raise Fault("no source is cited", "write --speaker, --document, --doc or another option of a source")
    line = amendment("amend.cite", case, event_id, said, relation=relation, source=given.pop("source"))
    return {**line, **given}


def target_in(log: Log, case: str, event_id: str) -> RecordedEvent:
    """Give the event that is to be amended; raises `Fault` where the case has none of that id."""
    name = event_id.removeprefix("@")
    found = log.event(case, name)
    if found is not None:
        return found
    if not log.has_case(case):
        raise Fault(f"there is no case {case!r} in {log.where}", "see `casefold cases`")
    known = (event.id for event in log.events(case))
    raise Fault(f"no event {name} in case {case}", nearest(name, known, "see `casefold log` for the ids of the case"))


def enter_amendments(
    log: Log, lines: Iterable[Line], *, actor: str = "", expect: tuple[str, int] | None = None, there: str = ""
) -> dict[str, Any]:
    """Append amendments, all or none, and say where they stand.

    The id of one without an id covers its case's head position, so that it can be made again. `expect` is a case and
    how many events it must have. Where `there` says that the case is as they would have it, they are checked, and not
    appended. Raises `BadInput` (nothing was written) and `Overtaken`.
    """
    ids: list[str] = []
    warnings: list[Problem] = []

    def drafts() -> Iterator[Draft]:
        for line in lines:
            made = drafted(line, actor=actor, **writer.reads_as)
            warnings.extend(made.warnings)
            own = made.draft.own
            name = made.draft.id or content_id(own, log.key, head=writer.case_head(made.draft.case))
            ids.append(name)
            yield msgspec.structs.replace(made.draft, own={**own, "id": name}, id=name)

    with log.writing(actor) as writer:
        if expect is not None:
            writer.expect(*expect)
        writer.append(drafts())
        if there:
            writer.discard()
    done = writer.outcome
    entered = {
        "id": ids[0] if len(ids) == 1 else None,
        "appended": done.appended,
        "already_there": done.already_there,
        "position": done.first_position or None,
        "last_position": done.last_position or None,
        "warnings": (*warnings, *done.warnings),
    }
    return nothing_new(entered, there) if there else entered


def _root(log: Log, event: RecordedEvent) -> RecordedEvent:
    """Give the event that a correction corrects in the end; another event is its own."""
    while event.type == CORRECT:
        event = target_in(log, event.case, str(event.written["target"]))
    return event
