"""Small values as scripts read them: a source. Holds no rule."""

from __future__ import annotations

from dataclasses import fields

from events.source import Source


def source_json(source: Source) -> dict[str, str]:
    """Give who says so, empty fields left out.

    >>> source_json(Source(speaker="police", standing="stated"))
    {'speaker': 'police', 'standing': 'stated'}
    """
    return {each.name: value for each in fields(source) if (value := getattr(source, each.name))}
