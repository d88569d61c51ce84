"""What there is to write and to ask: event types, views, as scripts read them. Opens a log for its versions alone."""

from __future__ import annotations

from typing import Any

from events.event import EventType, event_types
from events.fields import kinds
from timeline.views import View, view_named, views


def types_json() -> dict[str, Any]:
    """List the event types in the order of a chronology, with their data fields."""
    known = sorted(event_types().values(), key=lambda each: each.rank)
    return {"types": [_type(each) for each in known]}


def _type(each: EventType) -> dict[str, Any]:
    return {
        "type": each.name,
        "version": each.version,
        "family": each.family,
        "administration": each.administration,
        "fields": {name: kind.name for name, kind in kinds(each.facts).items()},
        "sensitive": sorted(each.sensitive),
        "says": (each.facts.__doc__ or "").strip().splitlines()[0] if each.facts.__doc__ else "",
    }


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of one event type; raises `Fault` with the nearest known one."""
    from events.codec import schema as made

    return made(name)


def versions_json(where: str, name: str = "") -> dict[str, Any]:
    """Say whether every stored version of every type, or of one, can still be read; raises `Unavailable`."""
    from events.log import open_log
    from events.log.versions import versions

    with open_log(where) as log:
        return versions(log, name)


def views_json() -> dict[str, Any]:
    """List the views with what they ask."""
    return {"views": [view_json(each.name) for each in views().values()]}


def view_json(name: str) -> dict[str, Any]:
    """Say what one view asks and takes; raises `Fault` with the nearest known one."""
    return _view(view_named(name))


def _view(each: View) -> dict[str, Any]:
    return {
        "view": each.name,
        "version": each.version,
        "asks": each.asks,
        "usage": each.usage,
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "shown": one.shown,
                "required": one.required,
                "repeatable": one.repeatable,
                "help": one.help,
            }
            for one in each.parameters
        ],
    }
