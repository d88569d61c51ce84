"""Plain ISO dates and instants to bounds, quickly, for the bulk load. Leaves every other text to the grammar."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from events.dates.localtime import day_readings
from events.errors import Fault
from events.when import EARLIEST, LATEST, MINUTE, SECOND, Bound

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FARTHEST = dt.timedelta(hours=14)
_STEPS = {16: MINUTE, 19: SECOND} | {20 + digits: 10 ** (6 - digits) for digits in range(1, 7)}
"""The microseconds that the last written digit stands for, by the length of the text before Z or the offset."""


def iso_instant(text: str) -> tuple[int, int] | None:
    """Give the first and last microsecond of an instant with Z or an offset, or None where it is not plainly one.

    The last written digit counts: `2023-10-28T07:00Z` is a whole minute.

    >>> iso_instant("1970-01-01T00:00:01Z")
    (1000000, 1999999)
    """
    size = len(text)
    if size < 17 or text[10] != "T" or text[7] != "-" or text[4] != "-" or text[13] != ":":
        return None
    body = size - 1 if text[-1] == "Z" else size - 6
    step = _STEPS.get(body)
    if step is None or text[11:13] == "24" or (body > 16 and text[16] != ":") or (body > 19 and text[19] != "."):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if body == size - 6 and _doubtful(text, moment):
        return None
    since = moment - _EPOCH
    first = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    return (first, first + step - 1) if EARLIEST <= first <= LATEST - step + 1 else None


def _doubtful(text: str, moment: dt.datetime) -> bool:
    offset = moment.utcoffset()
    return text[-3] != ":" or text[-6:] == "-00:00" or offset is None or abs(offset) > _FARTHEST


@lru_cache(maxsize=65536)
def _iso_day(text: str, zone: str) -> Bound | None:
    if text[4] != "-" or text[7] != "-" or not zone:
        return None
    try:
        early, late = day_readings(dt.date.fromisoformat(text), zone)
    except (ValueError, Fault):
        return None
    return early if early == late else None


def iso_bound(text: str, zone: str) -> Bound | None:
    """Give the bound of a plain ISO date in a zone, or of an instant; None leaves the text to `read_when`.

    >>> iso_bound("1970-01-01", "UTC")
    Bound(lo=0, hi=86399999999)
    >>> iso_bound("about 1970", "UTC")
    """
    if len(text) == 10:
        return _iso_day(text, zone)
    ends = iso_instant(text)
    return None if ends is None else Bound(ends[0], ends[1])


_MIDDLE = 10_957 * 86_400_000_000
"""2000-01-01T00:00:00Z: no time of day with its offset leads from here to where instants are not counted."""


@lru_cache(maxsize=65536)
def _midnight(day: str) -> int | None:
    ends = iso_instant(f"{day}T00:00:00Z")
    return None if ends is None else ends[0]


@lru_cache(maxsize=131_072)
def _clock(time: str) -> tuple[int, int] | None:
    ends = iso_instant(f"2000-01-01{time}")
    return None if ends is None else (ends[0] - _MIDDLE, ends[1] - _MIDDLE)


def iso_ends(text: str, zone: str) -> tuple[int, int] | None:
    """Give what `iso_bound` gives as two numbers, in a quarter of its time where days and times of day repeat.

    >>> iso_ends("1970-01-01T00:00:01Z", "")
    (1000000, 1999999)
    """
    if len(text) == 10:
        day = _iso_day(text, zone)
        return None if day is None or day.lo is None or day.hi is None else (day.lo, day.hi)
    start, clock = _midnight(text[:10]), _clock(text[10:])
    if start is None or clock is None:
        return None
    first, last = start + clock[0], start + clock[1]
    return (first, last) if first >= EARLIEST and last <= LATEST else None


def read_instant(text: str) -> int:
    """Give the first microsecond of an instant written with Z or an offset. Faults on anything else.

    >>> read_instant("2023-10-28T00:00:00-07:00")
    1698476400000000
    """
    ends = iso_instant(text)
    if ends is None:
        raise Fault(f"{text[:64]!r} is not an instant", "write it like 2023-10-28T07:00:00Z")
    return ends[0]
