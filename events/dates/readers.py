"""The readers of dates by name: each rewrites another notation into the grammar of `when`. Reads no date itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from events.dates.shorthand import PIVOT, UsShorthand
from events.errors import Fault
from events.nearest import nearest

Reader = Callable[[str], str]
"""From an office's text to a text of the grammar; raises `Fault`."""
Maker = Callable[[int, Mapping[str, str], int], Reader]
"""From the pivot of two-digit years, the table of words and the year of dates without one to a reader, or `Fault`."""
_READERS: Final[Mapping[str, Maker]] = {"us-shorthand": UsShorthand}


def readers() -> tuple[str, ...]:
    """Give the names of the readers there are.

    >>> readers()
    ('us-shorthand',)
    """
    return tuple(_READERS)


def reader_named(name: str, *, pivot: int = 0, words: Mapping[str, str] | None = None, year: int = 0) -> Reader:
    """Give the reader of that name, which may state its pivot (`us-shorthand:2068`; 0: the reader's own).

    `words` is a table of parts of a day or a month, `{"night": "22:00-06:00", "early": "1-10"}`; `year` that of texts
    that state none (0: they are refused). Faults on a name that is none, on a pivot given twice, on a year out of its
    bounds, and on a table that holds neither hours nor days.

    >>> reader_named("us-shorthand:2068")("6/17/68")
    '2068-06-17'
    >>> reader_named("us")
    Traceback (most recent call last):
    events.errors.Fault: 'us' is not a reader of dates; use one of us-shorthand
    """
    base, _, stated = name.partition(":")
    maker = _READERS.get(base)
    if maker is None:
        raise Fault(f"{name!r} is not a reader of dates", nearest(base, readers()))
    if stated and not (len(stated) == 4 and stated.isascii() and stated.isdigit()):
        raise Fault(f"{stated!r} is not a year", f"write the last year that two digits may mean: {base}:{PIVOT}")
    if stated and pivot:
        raise Fault("the pivot is given twice", "give it once")
    return maker(int(stated) if stated else pivot or PIVOT, words or {}, year)
