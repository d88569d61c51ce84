"""An instant in the words of its zone, for people to read. Never on the read path: it imports Pendulum."""

from __future__ import annotations

import pendulum

from events.dates.localtime import local_time
from events.dates.zones import offset_of, zone_named
from events.when import MINUTE


def local_words(us: int, zone: str) -> str:
    """Give the civil date and time of an instant in a zone, with weekday and offset.

    >>> local_words(1698476400000000, "America/Los_Angeles")
    'Saturday, October 28, 2023, 00:00:00.000000 -07:00 (America/Los_Angeles)'
    """
    local = local_time(us, zone)
    offset = offset_of(zone_named(zone), local) // MINUTE
    hours, minutes = divmod(abs(offset), 60)
    date, time = local.date(), local.time()
    civil = pendulum.naive(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond)
    words = civil.format("dddd, MMMM D, YYYY, HH:mm:ss.SSSSSS", locale="en")
    return f"{words} {'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d} ({zone})"
