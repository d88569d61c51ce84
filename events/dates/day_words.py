"""Words for times of day (night, evening), by a case's own table (`case.opened` `words`). Knows none by itself.

SEMANTICS 1.1 refuses such words unless the case says what it means by them; with the table, a date with one of its
words is that date between two times, and the source's words are kept beside the reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from events.dates.localtime import instant_text
from events.dates.stretch import Place
from events.dates.written import read_written
from events.errors import Fault

_BEFORE: Final = r"(?:\b(?:in|on|at|during)\s+)?(?:\bthe\s+)?"
_AFTER: Final = r"(?:\s+(?:of|on)\b)?"


def spelled(text: str, words: Mapping[str, str]) -> str:
    """Give each part of a date text with a word of the table written as its times; other texts as they are.

    >>> spelled("the evening of 28 October 2023", {"evening": "18:00-23:00"})
    '28 October 2023 18:00-23:00'
    >>> spelled("2023-10-28, early morning; before @death", {"early morning": "00:00-06:00", "morning": "06:00-12:00"})
    '2023-10-28 00:00-06:00; before @death'
    >>> spelled("the night of October 28, 2023", {"night": "22:00-06:00"})
    '2023-10-28T22:00/2023-10-29T06:00'
    >>> spelled("the evening", {"evening": "18:00-23:00"})
    'the evening'
    """
    table = tuple(sorted(words.items(), key=lambda one: (-len(one[0]), one[0])))
    parts = [part.strip() for part in text.split(";")]
    written = [_part(part, table) for part in parts]
    return text if written == parts else "; ".join(written)


def _part(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for word, hours in table:
        found = _pattern(word).search(text)
        if found:
            date = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(", ")
            return _at(date, hours) if date else text
    return text


def _at(date: str, hours: str) -> str:
    """Give a date between two times, of which the second is on the next day where it is not after the first."""
    first, _, last = hours.partition("-")
    try:
        day = read_written(date, Place("UTC")) if last <= first else None
    except Fault:
        day = None
    if day is None or day.precision != "day" or day.outer.hi is None:
        return f"{date} {hours}"
    today, tomorrow = (instant_text(at)[:10] for at in (day.outer.hi, day.outer.hi + 1))
    return f"{today}T{first}/{tomorrow}T{last}"


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(one) for one in word.split())
    return re.compile(rf"{_BEFORE}\b{inner}\b{_AFTER}", re.IGNORECASE)
