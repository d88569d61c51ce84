"""Which parts of an event are sensitive, and how they are taken out of it and put back. Salts and hashes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from events.event import EventType, event_types

ENVELOPE: Final = ("note", "private", "source.quote")
"""The sensitive fields that every event may have (DESIGN 3)."""
_MISSING: Final = object()


@cache
def sensitive_data(kind: EventType) -> tuple[str, ...]:
    """Give the sensitive paths within `data` of a type, dotted.

    What a correction sets is as sensitive as what it corrects, whatever the type of its target.
    """
    if kind.name != "amend.correct":
        return tuple(sorted(kind.sensitive))
    within = {f"data.{path}" for other in event_types().values() for path in other.sensitive}
    return tuple(f"set.{path}" for path in sorted(within | set(ENVELOPE)))


def taken(data: Mapping[str, Any], paths: Iterable[str]) -> tuple[Mapping[str, Any], tuple[tuple[str, Any], ...]]:
    """Give the data without its sensitive values, and those values by path. The data itself is not changed."""
    out: list[tuple[str, Any]] = []
    for path in paths:
        value = _at(data, path)
        if value is not _MISSING and value is not None:
            data = without(data, path)
            out.append((path, value))
    return data, tuple(out)


def _at(data: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(data, Mapping) or name not in data:
            return _MISSING
        data = data[name]
    return data


def without(data: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Give a copy without the value at a dotted path, which may be absent."""
    name, _, rest = path.partition(".")
    if name not in data or (rest and not isinstance(data[name], Mapping)):
        return data
    if rest:
        return {**data, name: without(data[name], rest)}
    return {key: value for key, value in data.items() if key != name}


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value back at a dotted path, making what is missing on the way."""
    *way, last = path.split(".")
    for name in way:
        data = data.setdefault(name, {})
    data[last] = value
