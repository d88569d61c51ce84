"""The JSON Schema of a line of one event type, for `casefold types NAME` and for editors. Checks no line itself."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from events.event import EventType
from events.source import STANDINGS

ID_PATTERN: Final = "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"
_TEXT: Final = {"type": "string", "minLength": 1}
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def line_schema(kind: EventType) -> dict[str, Any]:
    """Give the schema of a whole line of a type: the fields every event has, and the type's own `data`."""
    data = _data_schema(kind)
    return {
        "$schema": _DRAFT,
        "title": kind.name,
        "description": (kind.facts.__doc__ or "").strip(),
        "type": "object",
        "properties": {**_envelope(kind), "data": data},
        "required": ["case", "type", *(["data"] if data.get("required") else [])],
        "additionalProperties": False,
        "x-family": kind.family,
        "x-sensitive": sorted(kind.sensitive),
    }


def _data_schema(kind: EventType) -> dict[str, Any]:
    whole = msgspec.json.schema(kind.facts)
    data: dict[str, Any] = next(iter(whole["$defs"].values()))
    for one in data["properties"].values():
        one.pop("default", None)
    data.pop("description", None)
    return data


def _envelope(kind: EventType) -> dict[str, Any]:
    identity = {"type": "string", "pattern": ID_PATTERN}
    texts = {"type": "array", "items": _TEXT}
    source = dict.fromkeys(("speaker", "via", "document", "locator", "asserted", "quote", "reads"), _TEXT)
    return {
        "case": identity,
        "id": {**identity, "description": "unique in the case; left out, the log makes one of the content"},
        "type": {"const": kind.name},
        "version": {"type": "integer", "minimum": 1, "maximum": kind.version, "description": "left out: 1"},
        "when": {**_TEXT, "description": "when it happened or began, as far as known"},
        "until": {**_TEXT, "description": "when it ended, as far as known"},
        "zone": {**_TEXT, "description": "a time zone by its IANA name"},
        "source": {
            "type": "object",
            "properties": {**source, "standing": {"enum": [*STANDINGS]}, "doc": identity},
            "additionalProperties": False,
        },
        "tags": texts,
        "note": _TEXT,
        "private": _TEXT,
        "actor": _TEXT,
        "causes": {"type": "array", "items": {"type": "string"}},
    }
