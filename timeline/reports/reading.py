"""How one date text is read, for a person and for scripts. Writes nothing and knows no case but its zone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from events.dates.civil import tzdata_version
from events.dates.day_words import spelled
from events.errors import Fault
from events.when import Bound, Part
from events.when_text import read_when, reads_as
from timeline.answers import elapsed_json, instants_json

_NO_WORDS: Final[Mapping[str, str]] = MappingProxyType({})


def when_json(text: str, zone: str = "", words: Mapping[str, str] = _NO_WORDS) -> dict[str, Any]:
    """Give the reading of a date text, with a case's words for times of day; raises `Fault` with its cure."""
    try:
        when = read_when(text, zone=zone)
    except Fault:
        if (rewritten := spelled(text, words)) == text:
            raise
        when = read_when(rewritten, zone=zone)
    own = when.own
    bounds = instants_json(own)
    return {
        "text": text,
        "reads": reads_as(when),
        "zone": when.zone or zone,
        "tzdata": tzdata_version(),
        "earliest": bounds["min"],
        "latest": bounds["max"],
        "soft": when.soft,
        "parts": [_part(part) for part in when.parts],
    }


def frame_for(where: str, case: str) -> tuple[str, Mapping[str, str]]:
    """Give a case's own zone and words; empty where no case is named. Raises `Fault` where the log has no such case."""
    if not case:
        return "", _NO_WORDS
    from timeline.reports.asking import frame_of_case

    return frame_of_case(where, case)


def _part(part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": part.text, "reading": part.reading, "soft": part.soft}
    if part.anchor is None:
        return {
            **shown,
            "instants": instants_json(part.outer),
            "literal": instants_json(part.literal) if part.soft else None,
        }
    return {**shown, "anchor": str(part.anchor), "after_anchor": elapsed_json(part.outer), "literal": _literal(part)}


def _literal(part: Part) -> dict[str, int | None] | None:
    return elapsed_json(part.literal) if part.soft and part.literal != Bound() else None
