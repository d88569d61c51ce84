"""Whether a zone's clocks ever went back past midnight, so that a later instant is dated earlier. Converts no dates."""

from __future__ import annotations

import datetime as dt
import pkgutil
import struct
from functools import lru_cache
from itertools import pairwise
from typing import Final

from events.dates.zones import offset_of, offset_spread, zone_named
from events.when import Bound

_DAY: Final = 86_400
_HEADER: Final = struct.Struct(">4s1s15x6L")
_LAST: Final = dt.timedelta(microseconds=1)
_RULED: Final = dt.date(2040, 1, 1)
"""A day after the last transition that the time-zone data lists: its standing rule holds from there on."""


@lru_cache(maxsize=512)
def turns_back(name: str) -> bool:
    """Whether, in this zone, an instant can have an earlier civil date than an instant before it.

    So it is where clocks were put back at one minute past midnight, as in Newfoundland until 2011, or where a day was
    lived twice, as in Alaska in 1867. Raises `Fault` for an unknown zone.

    >>> turns_back("America/St_Johns"), turns_back("America/Los_Angeles"), turns_back("UTC")
    (True, False, False)
    """
    if not offset_spread(name):
        return False
    listed = _listed(pkgutil.get_data("tzdata", f"zoneinfo/{name}") or b"")
    return any((at + after) // _DAY < (at + before - 1) // _DAY for at, before, after in listed) or _by_rule(name)


def dates_onward(name: str) -> Bound:
    """Give how many civil days later an instant can be dated than one that it is not before.

    >>> dates_onward("UTC"), dates_onward("America/St_Johns")
    (Bound(lo=0, hi=None), Bound(lo=-1, hi=None))
    """
    return Bound(-1 if turns_back(name) else 0, None)


def _listed(data: bytes) -> list[tuple[int, int, int]]:
    """Give the transitions in the 64-bit block of a TZif file (RFC 8536, section 3): when, offset before, and after."""
    *_, isut, isstd, leap, times, types, chars = _HEADER.unpack_from(data)
    second = _HEADER.size + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    *_, times, types, chars = _HEADER.unpack_from(data, second)
    start = second + _HEADER.size
    at = struct.unpack_from(f">{times}q", data, start)
    kinds = struct.unpack_from(f">{times}B", data, start + times * 8)
    offsets = [struct.unpack_from(">l", data, start + times * 9 + 6 * kind)[0] for kind in range(types)]
    turned = pairwise((offsets[0], *(offsets[kind] for kind in kinds)))
    return [(when, before, after) for when, (before, after) in zip(at, turned, strict=True)]


def _by_rule(name: str) -> bool:
    """Whether the standing rule does: then the end of some date comes after the beginning of the next."""
    zone = zone_named(name)
    midnights = (dt.datetime.combine(_RULED + dt.timedelta(days), dt.time()) for days in range(800))
    ends = ((each, (each - _LAST).replace(fold=1)) for each in midnights)
    return any(offset_of(zone, each) > offset_of(zone, before) for each, before in ends)
