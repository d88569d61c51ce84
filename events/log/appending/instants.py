"""Whether an event that a time is measured from has one instant, as first written. Looks nothing up, reads no log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from events.errors import Fault, Problem
from events.event import Draft, find_type
from events.quantity import read_quantity
from events.when import Bound

ONCE = Bound(1, 1)
TIMELESS = frozenset({"claims", "amendments", "case"})


def has_several(type_: str, own: Mapping[str, Any]) -> bool:
    """Whether an event has more than one instant: it ended, it lasted, or its count is other than 1 (SEMANTICS 1.3)."""
    known = find_type(type_)
    family = known.family if known else "other"
    if own.get("until") or str(own.get("when", "")).lstrip()[:5].lower() == "from ":
        return True
    data = own.get("data") or {}
    if family in TIMELESS:
        return False
    return bool(data.get("duration")) or (family == "treatment" and _count(data.get("count", "")) != ONCE)


def _count(written: Any) -> Bound:
    try:
        return read_quantity(written).count if written not in ("", None) else ONCE
    except Fault:
        return ONCE


def which_instant(draft: Draft, event_id: str) -> Problem:
    """Say that a draft refers to an event of several instants without saying which of them is meant."""
    bare = re.compile(rf"@{re.escape(event_id)}(?![A-Za-z0-9._:/-])")
    fields = ((name, draft.own.get(name, "")) for name in ("when", "until"))
    data = ((f"data.{name}", value) for name, value in (draft.own.get("data") or {}).items())
    return Problem(
        file=draft.file,
        line=draft.line,
        field=next((name for name, value in (*fields, *data) if bare.search(str(value))), "when"),
        what=f"@{event_id} has more than one instant",
        instead=f"write @{event_id}.first, .last, .start or .end, before or after @{event_id}, or during @{event_id}",
    )
