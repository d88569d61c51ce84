"""Mends the spelling of the words around dates (`beteen`, `horus`), where one word alone is meant. Mends no number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_MENDED: Final = (
    "between", "unknown", "hours", "sometime", "approximately", "around", "before", "after", "prior", "until",
    "january", "february", "august", "september", "october", "november", "december",
)  # fmt: skip
_KNOWN: Final = frozenset((
    "hour", "sometimes", "known", "other", "alter", "ours", "yours", "hourly", "approximate", "often", "priors",
))  # fmt: skip
"""Words of the language near a word of the shorthand: they are left as they stand."""
_GIVEN: Final = {"ther": "the", "teh": "the", "adn": "and", "btwn": "between", "b/w": "between"}
_WORD: Final = re.compile(r"b/w|[a-z]{3,20}")


def spelt(text: str) -> str:
    """Give a text in lower case with the words that are one slip away from a word of the shorthand put right.

    One slip: a letter too many, too few, another one, or two that changed places.

    >>> spelt("beteen 0500 horus and an unkown time in ther year")
    'between 0500 hours and an unknown time in the year'
    """
    return _WORD.sub(lambda found: _mended(found[0]), text)


@lru_cache(maxsize=1024)
def _mended(word: str) -> str:
    if word in _GIVEN:
        return _GIVEN[word]
    if len(word) < 4 or word in _MENDED or word in _KNOWN:
        return word
    near = [right for right in _MENDED if _one_slip(word, right)]
    return near[0] if len(near) == 1 else word


def _one_slip(word: str, right: str) -> bool:
    """Whether one slip of the fingers leads from the one word to the other; the first letter is never wrong."""
    if word[0] != right[0] or abs(len(word) - len(right)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), min(len(word), len(right)))
    left, due = word[at:], right[at:]
    swapped = left[:2] == due[:2][::-1] and left[2:] == due[2:]
    return swapped or left[1:] == due[1:] or left[1:] == due or left == due[1:]
