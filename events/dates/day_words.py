"""Words for times of day (night, evening), by a case's own table (`case.opened` `words`). Knows none by itself.

SEMANTICS 1.1 refuses such words unless the case says what it means by them; with the table, a date with one of its
words is that date between two times, and the source's words are kept beside the reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_BEFORE: Final = r"(?:\b(?:in|on|at|during)\s+)?(?:\bthe\s+)?"
_AFTER: Final = r"(?:\s+(?:of|on)\b)?"


def spelled(text: str, words: Mapping[str, str]) -> str:
    """Give each part of a date text with a word of the table written as its times; other texts as they are.

    >>> spelled("the evening of 28 October 2023", {"evening": "18:00-23:00"})
    '28 October 2023 18:00-23:00'
    >>> spelled("2023-10-28, early morning; before @death", {"early morning": "00:00-06:00", "morning": "06:00-12:00"})
    '2023-10-28 00:00-06:00; before @death'
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
            return f"{date} {hours}" if date else text
    return text


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(one) for one in word.split())
    return re.compile(rf"{_BEFORE}\b{inner}\b{_AFTER}", re.IGNORECASE)
