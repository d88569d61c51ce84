"""Small values as scripts read them: a source. Holds no rule."""

from __future__ import annotations

from events.source import Source


def source_json(source: Source) -> dict[str, str]:
    """Give who says so, empty fields left out.

    >>> source_json(Source(speaker="police", standing="stated"))
    {'speaker': 'police', 'standing': 'stated'}
    """
    return {name: value for name in source.__struct_fields__ if (value := getattr(source, name))}
