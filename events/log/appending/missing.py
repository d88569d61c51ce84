"""What to say of a reference to an event that its case does not have: in which field, and what that leaves open.

Looks nothing up and refuses nothing: a reference may run ahead of its target.
"""

from __future__ import annotations

from events.errors import Problem
from events.event import Draft


def missing(draft: Draft, event_id: str) -> Problem:
    """Warn that the case of a draft has no event of an id that the draft mentions."""
    field, left_open = _place(draft, event_id)
    return Problem(
        file=draft.file,
        line=draft.line,
        field=field,
        what=f"@{event_id} is not in case {draft.case}, so {left_open} until it is",
        instead="add that event, or correct the reference",
    )


def _place(draft: Draft, event_id: str) -> tuple[str, str]:
    """Find the field that mentions an event, times first, and say what it does not do without that event."""
    own = draft.own
    for name in ("when", "until"):
        if f"@{event_id}" in str(own.get(name, "")):
            return name, "this time bounds nothing"
    if str(own.get("source", {}).get("doc", "")).removeprefix("@") == event_id:
        return "source.doc", "the source takes nothing over from it"
    if event_id in [str(one).removeprefix("@") for one in own.get("causes", ())]:
        return "causes", "no cause is known here"
    for name, value in own.get("data", {}).items():
        if event_id in str(value):
            return f"data.{name}", "what is said of it here has no effect"
    return "when", "this time bounds nothing"
