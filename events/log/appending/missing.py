"""What to say of a reference to an event that its case does not have: in which field, and what that leaves open.

Looks nothing up and refuses nothing: a reference may run ahead of its target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from events.errors import Problem
from events.event import Draft

_END: Final = r"(?:\.(?:first|last|start|end))?(?![A-Za-z0-9._:/-])"


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
        if _names(own.get(name, ""), event_id):
            return name, "this time bounds nothing"
    if str(own.get("source", {}).get("doc", "")).removeprefix("@") == event_id:
        return "source.doc", "the source takes nothing over from it"
    if event_id in [str(one).removeprefix("@") for one in own.get("causes", ())]:
        return "causes", "no cause is known here"
    for name, value in own.get("data", {}).items():
        if _names(value, event_id):
            return f"data.{name}", "what is said of it here has no effect"
    return "when", "this time bounds nothing"


def _names(value: Any, event_id: str) -> bool:
    """Whether a value refers to an event: as an id, in a time, or in a list or an object of such."""
    if isinstance(value, Mapping):
        return any(_names(each, event_id) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_names(each, event_id) for each in value)
    name = re.escape(event_id) + _END
    return bool(re.fullmatch(name, str(value)) or re.search(f"@{name}", str(value)))
