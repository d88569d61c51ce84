"""What the record says of a document of a case, amendments counted. Opens no log, reads no file."""

from __future__ import annotations

from events.errors import Fault
from events.log import Log
from timeline.case import CaseTimeline


def document_told(log: Log, case: str, event_id: str) -> tuple[int, str]:
    """Give how many events the case has, and the sha256 told of a document of it, empty for none.

    Raises `Fault` where the case has no such document, or no longer.
    """
    events = tuple(log.events(case))
    name = event_id.removeprefix("@")
    event = CaseTimeline.of(case, events).by_id.get(name)
    if event is None:
        if any(one.id == name for one in events):
            raise Fault(f"{name} of case {case} was withdrawn", f"`casefold reinstate {case} {name}` first")
        raise Fault(f"there is no document {name} in case {case}", f"`casefold add {case} document --id {name}` first")
    if event.type != "document":
        raise Fault(f"{name} is of type {event.type}", "attach a file to an event of type document")
    return len(events), str(event.written.get("sha256", ""))
