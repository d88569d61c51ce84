"""Whether an amendment fits what it amends, once the log has found that. Looks nothing up and appends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from events.drafts.corrections import correction_problems
from events.errors import Problem
from events.event import Draft

CORRECT = "amend.correct"
Key = tuple[str, str]
Found = Mapping[Key, tuple[int, bytes]]


class Target(NamedTuple):
    """What is known of an event that is amended: its type and its data."""

    type: str
    data: Mapping[str, Any]


def misfit(draft: Draft, there: Found, here: Mapping[Key, Draft]) -> Problem | None:
    """Give what is wrong with an amendment of events that are in the log (`there`) or before it in its batch (`here`).

    Every target must be among them, and those of corrections that it corrects (see `unknown_roots`).
    """
    for name in draft.requires:
        target = _target((draft.case, name), there, here)
        if target is None:
            continue
        if draft.type in ("amend.retract", "amend.reinstate") and target.type == "amend.redact":
            return _at(draft, "data.target", f"{name} is a redaction, which is never undone", "name another event")
        if draft.type == CORRECT:
            root = _root(draft.case, target, there, here)
            problems = correction_problems(draft, root.type, of_correction=target.type == CORRECT)
            if problems:
                return problems[0]
            if _own(draft, name):
                what = f"the corrected time of @{name} refers to the event itself"
                return _at(draft, "data.set", what, "write it relative to another event, or a date")
    return None


def unknown_roots(drafts: list[Draft], there: Found) -> list[Key]:
    """Give the targets of corrections that these drafts correct, as far as they were not looked up yet."""
    sought = []
    for draft in drafts:
        if draft.type == CORRECT:
            for name in draft.requires:
                key = (draft.case, name)
                while key in there and (target := _target(key, there, {})) and target.type == CORRECT:
                    key = (draft.case, _name(target))
                if key not in there and key != (draft.case, name):
                    sought.append(key)
    return sought


def _target(key: Key, there: Found, here: Mapping[Key, Draft]) -> Target | None:
    if key in there:
        body = msgspec.json.decode(there[key][1])
        return Target(body["type"], body.get("data", {}))
    return Target(here[key].type, here[key].own.get("data", {})) if key in here else None


def _root(case: str, target: Target, there: Found, here: Mapping[Key, Draft]) -> Target:
    found: Target | None = target
    while found is not None and found.type == CORRECT:
        target, found = found, _target((case, _name(found)), there, here)
    return found or target


def _name(target: Target) -> str:
    return str(target.data.get("target", "")).removeprefix("@")


def _own(draft: Draft, name: str) -> bool:
    laid = draft.own["data"].get("set", {})
    return name in draft.mentions and any(f"@{name}" in str(laid.get(each, "")) for each in ("when", "until"))


def _at(draft: Draft, field: str, what: str, instead: str) -> Problem:
    return Problem(file=draft.file, line=draft.line, field=field, what=what, instead=instead)
