"""Whether an event of one log is one of another, and how it reads there: pure. Looks nothing up and appends nothing.

A content id is an HMAC under the key of its log, so that the same line without an id has another in each log. It is
known again by its content: the id that this log would give it is looked for, too, and references to it follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from events.codec import content_id
from events.event import RecordedEvent, find_type
from events.fields import kinds
from events.leaf.disclosure import without
from events.leaf.line import line_of

Names = Mapping[tuple[str, str], str]
"""Case and content id there, to the id here."""
_CONTENT_ID: Final = re.compile(r"c:[0-9a-f]{32}")
_REFERRING: Final = ("when", "until", "data", "causes")


def twin(event: RecordedEvent, there: bytes, here: bytes, names: Names) -> str:
    """Give the id that this log gives the same line; empty where the event was given its id, or a value is erased.

    `there` and `here` are the keys of the two logs.
    """
    if event.redacted or not _CONTENT_ID.fullmatch(event.id):
        return ""
    line = line_of(event, private=True)
    for name in ("id", "actor"):
        line.pop(name, None)
    for own in _as_written(line):
        if content_id(own, there) == event.id:
            return content_id(renamed(own, event.case, names), here)
    return ""


def _as_written(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the lines that a stored event may have been: its zone may be its batch's, its version have been written."""
    plain = [line] if "zone" not in line else [line, {name: line[name] for name in line if name != "zone"}]
    return [*plain, *({**one, "version": 1} for one in plain if "version" not in one)]


def renamed(line: dict[str, Any], case: str, names: Names) -> dict[str, Any]:
    """Give a line whose references name the events as this log does; texts that refer to nothing stay as they are."""
    if not names:
        return line

    def here(found: re.Match[str]) -> str:
        return names.get((case, found.group()), found.group())

    out = {name: _each_text(line[name], here) if name in _REFERRING else line[name] for name in line}
    if "data" in out:
        out["data"] |= {name: line["data"][name] for name in _words(line["type"]) if name in line["data"]}
    if "doc" in line.get("source", {}):
        out["source"] = {**line["source"], "doc": _CONTENT_ID.sub(here, line["source"]["doc"])}
    return out


@cache
def _words(type_name: str) -> tuple[str, ...]:
    """Give the data fields of a type that hold somebody's words."""
    kind = find_type(type_name)
    return tuple(name for name, each in kinds(kind.facts).items() if each.name == "text") if kind else ()


def _each_text(value: Any, here: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return _CONTENT_ID.sub(here, value)
    if isinstance(value, Mapping):
        return {name: _each_text(inner, here) for name, inner in value.items()}
    return [_each_text(inner, here) for inner in value] if isinstance(value, list | tuple) else value


def same(ours: RecordedEvent, theirs: RecordedEvent, names: Names) -> bool:
    """Whether two events of one id say the same: what either log has erased cannot tell and is not compared.

    Actor and recorded time are no content. A zone is, as far as it makes another time of the same words.
    """
    gone = ours.redacted | theirs.redacted
    mine = _content(line_of(ours, private=True), gone)
    other = _content(renamed(line_of(theirs, private=True), theirs.case, names), gone)
    zones = mine.pop("zone", ""), other.pop("zone", "")
    bounds = (ours.earliest, ours.latest) == (theirs.earliest, theirs.latest)
    return mine == other and (zones[0] == zones[1] or bounds)


def _content(line: Mapping[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    for path in gone:
        line = without(line, path)
    kept = {name: value for name, value in line.items() if name not in ("id", "actor") and value}
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(kept))
    return read
