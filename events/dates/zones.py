"""Time zones by name, from the pinned tzdata package and never the system's. Converts no dates."""

from __future__ import annotations

import io
import pkgutil
import re
import struct
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import import_module
from zoneinfo import ZoneInfo

from events.errors import Fault
from events.when import MINUTE, SECOND

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_SLOT = timedelta(microseconds=1)
_ADVICE = "write the zone's name as the time-zone database has it, such as America/Los_Angeles or UTC"
FARTHEST = 14 * 60 * MINUTE
"""The greatest offset from UTC that is accepted, in microseconds."""


def read_offset(text: str) -> int:
    """Give the microseconds east of UTC of `Z` or `±hh:mm`.

    Faults on -00:00 ("not known" in RFC 3339), on minutes over 59 and beyond ±14:00.

    >>> read_offset("-07:00") // 3_600_000_000
    -7
    """
    if text in {"Z", "z"}:
        return 0
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise Fault(f"{text!r} is not an offset from UTC", "write Z, or hours and minutes such as -07:00")
    if text == "-00:00":
        raise Fault("-00:00 says that the offset is not known", "write the true one, or leave it out and give a zone")
    minutes = int(match[2]) * 60 + int(match[3])
    if int(match[3]) > 59 or minutes * MINUTE > FARTHEST:
        raise Fault(f"no clock is {text} from UTC", "write an offset from -14:00 to +14:00")
    return (-minutes if match[1] == "-" else minutes) * MINUTE


def _fixed(name: str) -> tzinfo | None:
    if name in {"UTC", "Z"}:
        return UTC
    if name[:1] in {"+", "-"}:
        return timezone(timedelta(microseconds=read_offset(name)), name)
    return None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Give the names the tzdata package knows."""
    listed = pkgutil.get_data("tzdata", "zones") or b""
    return frozenset(listed.decode("ascii").split())


def _shorthand(name: str) -> bool:
    """Whether this is an abbreviation of a zone, which says too little to be relied on."""
    return "/" not in name and name == name.upper()


def _unknown(name: str) -> Fault:
    from difflib import get_close_matches

    if not name:
        return Fault("no zone is given", _ADVICE)
    if _shorthand(name) and len(name) <= 8:
        return Fault(f"{name} is an abbreviation that does not name one zone", _ADVICE)
    nearest = get_close_matches(name[:64], sorted(zone_names()), n=1, cutoff=0.6)
    hint = f"; the nearest known is {nearest[0]}" if nearest else ""
    return Fault(f"{name[:64]!r} is not a known zone", _ADVICE + hint)


def _data(name: str) -> bytes:
    if _shorthand(name) or name not in zone_names():
        raise _unknown(name)
    return pkgutil.get_data("tzdata", f"zoneinfo/{name}") or b""


@lru_cache(maxsize=512)
def zone_named(name: str) -> tzinfo:
    """Give the zone of this name, or of a fixed offset such as +05:30.

    Faults on unknown names and on abbreviations (EST, PST, GMT): they name no one zone.

    >>> str(zone_named("America/Los_Angeles"))
    'America/Los_Angeles'
    """
    return _fixed(name) or ZoneInfo.from_file(io.BytesIO(_data(name)), key=name)


@lru_cache(maxsize=1)
def tzdata_version() -> str:
    """Give the version of the time-zone data, as IANA names it: '2024a'."""
    return str(import_module("tzdata").IANA_VERSION)


def _listed_offsets(data: bytes) -> frozenset[int]:
    """Give the offsets (seconds) listed in the 64-bit block of a TZif file (RFC 8536, section 3)."""
    header = struct.Struct(">4s1s15x6L")
    _, _, isut, isstd, leap, times, types, chars = header.unpack_from(data)
    second = header.size + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    _, _, _, _, _, times, types, _ = header.unpack_from(data, second)
    start = second + header.size + times * 9
    return frozenset(struct.unpack_from(">l", data, start + 6 * i)[0] for i in range(types))


@lru_cache(maxsize=512)
def offset_spread(name: str) -> int:
    """Give the microseconds between the greatest and the least offset the zone has ever had; 0 if fixed.

    Local mean time counts, and so do the offsets its standing rule will bring.

    >>> offset_spread("America/Los_Angeles") // 3_600_000_000, offset_spread("UTC")
    (1, 0)
    """
    if _fixed(name) is not None:
        return 0
    zone = zone_named(name)
    seconds = set(_listed_offsets(_data(name)))
    for month in range(24):
        offset = zone.utcoffset(datetime(2040 + month // 12, month % 12 + 1, 15))  # noqa: DTZ001
        seconds.add((offset or timedelta()) // timedelta(seconds=1))
    return (max(seconds) - min(seconds)) * SECOND


def offset_of(zone: tzinfo, local: datetime) -> int:
    """Give the microseconds east of UTC at a naive local time; its fold chooses between two readings."""
    return (zone.utcoffset(local) or timedelta()) // _SLOT
