"""Whether a correction fits the event it corrects, once that event's type is known. Looks nothing up itself."""

from __future__ import annotations

from typing import Any

from events.drafts.place import Place
from events.drafts.shapes import Shape, shape_of_type
from events.errors import Fault, Problem
from events.event import Draft
from events.nearest import nearest


def correction_problems(
    draft: Draft, target_type: str, *, zone: str = "", of_correction: bool = False
) -> tuple[Problem, ...]:
    """Give what is wrong with the data that a correction sets, for a target of that type; none where it fits.

    A line is checked before the log knows its target; whoever looks the target up asks this. `zone` is the target's.
    `of_correction` is set where the target is a correction of an event of that type: null then only takes out of it.
    """
    laid = draft.own.get("data", {}).get("set", {})
    shape, place = shape_of_type(target_type), Place(draft.case, "", zone or "UTC", str)
    data = laid.get("data") or (dict.fromkeys(shape.required) if "data" in laid else {})
    problems = []
    for name, value in data.items():
        try:
            _check(shape, place, name, value, needed=not of_correction)
        except Fault as fault:
            problems.append(fault.problem(file=draft.file, line=draft.line, field=f"data.set.data.{name}"))
    return tuple(problems)


def _check(shape: Shape, place: Place, name: str, value: Any, *, needed: bool) -> None:
    if name not in shape.checks:
        raise Fault(f"{shape.kind.name} has no data field {name!r}", nearest(name, shape.checks))
    if shape.kind.family == "amendments" and name in ("target", "set", "fields"):
        raise Fault(f"a correction does not move the {name} of an amendment", "retract it, and make another")
    if value is None and needed and name in shape.required:
        raise Fault(f"{shape.kind.name} needs it", "set it to something else, or retract the event")
    if value is not None:
        check, kind = shape.checks[name]
        check(value, place, kind)
