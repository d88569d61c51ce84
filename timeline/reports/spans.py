"""A pair of instants as a reader's words in the case's zone, rounded outwards to the minute. Computes no bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_WHOLE_MINUTE: Final = timedelta(minutes=1, microseconds=-1)


def span_words(
    earliest: str | None, latest: str | None, zone: str = "", *, soft: bool = False, undated: str = ""
) -> str:
    """Give the bounds of one instant (ISO texts in UTC, None open) in words, in local time of `zone`.

    `undated` is shown where both ends are open: the source's own words. A soft date is marked with "about".

    >>> span_words("2023-10-28T07:00:00.000000Z", "2023-10-29T06:59:59.999999Z", "America/Los_Angeles")
    '2023-10-28'
    >>> span_words("2023-10-28T15:30:00.000000Z", "2023-10-28T15:30:59.999999Z", "America/Los_Angeles")
    '2023-10-28 08:30'
    >>> span_words("2023-10-28T20:20:00.000001Z", "2023-10-28T23:00:59.999999Z", "America/Los_Angeles")
    '2023-10-28 13:20 … 16:00'
    >>> span_words(None, "2023-12-16T07:59:59.999999Z", "America/Los_Angeles")
    'up to 2023-12-15'
    """
    if earliest is None and latest is None:
        return undated or "unknown"
    lo, hi = _local(earliest, zone), _local(latest, zone)
    about = "about " if soft else ""
    if lo is None:
        return f"{about}up to {_end(hi)}" if hi else ""
    if hi is None:
        return f"{about}from {_day(lo) if _midnight(lo) else _minute(lo)}"
    return about + _between(lo, hi)


def _between(lo: datetime, hi: datetime) -> str:
    if _midnight(lo) and _ends_day(hi):
        first, last = _day(lo), _day(hi)
    elif hi - lo < _WHOLE_MINUTE:
        first, last = _second(lo), _second(hi)
    else:
        first, last = _minute(lo), _minute(hi)
    if first == last:
        return first
    return f"{first} … {last.split(' ')[-1] if lo.date() == hi.date() else last}"


def _local(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(_zone(zone)).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _zone(name: str) -> tzinfo:
    if not name or name == "UTC":
        return UTC
    from events.dates.civil import zone_named

    return zone_named(name)


def _midnight(moment: datetime) -> bool:
    return moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _ends_day(moment: datetime) -> bool:
    return moment == moment.replace(hour=23, minute=59, second=59, microsecond=999_999)


def _end(moment: datetime) -> str:
    return _day(moment) if _ends_day(moment) else _minute(moment)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _minute(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes")


def _second(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
