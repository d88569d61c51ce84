"""Local times, civil days and instants of a zone, in integer microseconds. Reads no text."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from events.dates.zones import offset_of, zone_named
from events.errors import Fault
from events.when import DAY, EARLIEST, LATEST, SECOND, Bound

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001
_EPOCH_DAY = _EPOCH.toordinal()
_TICK = dt.timedelta(microseconds=1)


def wall(local: dt.datetime) -> int:
    """Give the microseconds from 1970-01-01T00:00 to a naive time on the same clock."""
    seconds = ((local.toordinal() - _EPOCH_DAY) * 24 + local.hour) * 3600 + local.minute * 60 + local.second
    return seconds * SECOND + local.microsecond


def from_wall(micros: int) -> dt.datetime:
    """Give the naive time so many microseconds after 1970-01-01T00:00 on the same clock; clipped to years 1 to 9999."""
    return _EPOCH + dt.timedelta(microseconds=min(max(micros, EARLIEST), LATEST))


def clip(us: int) -> int:
    """Give the instant, or the nearest within years 1 to 9999 of UTC."""
    return min(max(us, EARLIEST), LATEST)


def local_time(us: int, zone: str) -> dt.datetime:
    """Give the naive local time of an instant, with its fold; clipped to years 1 to 9999."""
    aware = from_wall(us).replace(tzinfo=dt.UTC)
    try:
        return aware.astimezone(zone_named(zone)).replace(tzinfo=None)
    except OverflowError:
        return dt.datetime.min if us < 0 else dt.datetime.max  # noqa: DTZ901


def civil_date(us: int, zone: str) -> dt.date:
    """Give the civil date of an instant in a zone.

    >>> civil_date(0, "America/Los_Angeles").isoformat()
    '1969-12-31'
    """
    return local_time(us, zone).date()


def _change_between(low: int, high: int, zone: str) -> int:
    """Give the first instant in (low, high] with the offset of `high`; there is one clock change in between."""
    after = wall(local_time(high, zone)) - high
    while high - low > 1:
        middle = (low + high) // 2
        if wall(local_time(middle, zone)) - middle == after:
            high = middle
        else:
            low = middle
    return high


def both_instants(local: dt.datetime, zone: str) -> tuple[int, int]:
    """Give the instants of a local time by the offset before, and by the offset after, a clock change."""
    place = zone_named(zone)
    micros = wall(local)
    return micros - offset_of(place, local.replace(fold=0)), micros - offset_of(place, local.replace(fold=1))


def _crossings(local: dt.datetime, zone: str) -> tuple[int, int]:
    """Give the first instant at which the clock shows `local` or more, and the one since which it always has."""
    before, after = both_instants(local, zone)
    if before > after:
        change = _change_between(after - 1, before, zone)
        return change, change
    if before < after and local_time(after - 1, zone) >= local.replace(fold=0):
        return before, before
    return before, after


def local_readings(local: dt.datetime, zone: str, step: int) -> tuple[Bound, Bound]:
    """Give both readings of a naive time that stands for `step` microseconds: the same twice, but in a repeated hour.

    Faults on a local time that a clock change skips.
    """
    end = local + (step - 1) * _TICK
    (low, low_again), (high, high_again) = both_instants(local, zone), both_instants(end, zone)
    if low > low_again and high > high_again:
        raise Fault(
            f"{local.isoformat(sep=' ')} did not exist in {zone}: the clocks were put forward over it",
            "write the time with its offset from UTC, or the time the clocks showed",
        )
    if low > low_again:
        low = low_again = _change_between(low_again - 1, low, zone)
    if high > high_again:
        high = high_again = _change_between(high_again - 1, high, zone) - 1
    return Bound(clip(low), clip(high)), Bound(clip(low_again), clip(high_again))


def local_bound(local: dt.datetime, zone: str, step: int) -> tuple[Bound, Bound | None, bool]:
    """Give (outer, inner, hull) of a naive time that stands for `step` microseconds (SEMANTICS 1).

    A repeated hour is the hull of both readings; what holds under both is `inner`, or None.
    Faults on a local time that a clock change skips.
    """
    early, late = local_readings(local, zone, step)
    inner = early.meet(late)
    return early.hull(late), None if inner.empty else inner, early != late


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime(date.year, date.month, date.day)  # noqa: DTZ001


@lru_cache(maxsize=16384)
def _starts(date: dt.date, zone: str) -> tuple[int, int]:
    return _crossings(_midnight(date), zone)


def _ends(date: dt.date, zone: str) -> tuple[int, int]:
    if date == dt.date.max:
        return LATEST, LATEST
    first, last = _starts(date + dt.timedelta(days=1), zone)
    return first - 1, last - 1


def first_instant(date: dt.date, zone: str) -> int:
    """Give the first instant of a civil date, or of the next one there is."""
    return clip(_starts(date, zone)[0])


def last_instant(date: dt.date, zone: str) -> int:
    """Give the last instant of a civil date, or of the one before it that there is."""
    return clip(_ends(date, zone)[1])


@lru_cache(maxsize=16384)
def day_readings(date: dt.date, zone: str) -> tuple[Bound, Bound]:
    """Give two bounds between whose ends the civil day lies: the same twice, unless a change at midnight cut it in two.

    Faults on a date that the zone skipped (Pacific/Apia 2011-12-30).
    """
    (start, restart), (end, last_end) = _starts(date, zone), _ends(date, zone)
    if last_end < start:
        raise Fault(f"{date} did not exist in {zone}: the zone skipped it", "write the date the calendar there showed")
    return Bound(clip(start), clip(end)), Bound(clip(restart), clip(last_end))


def days_readings(first: dt.date, last: dt.date, zone: str) -> tuple[Bound, Bound]:
    """Give two bounds between whose ends the civil days from first to last lie; skipped dates add nothing."""
    (start, restart), (end, last_end) = _starts(first, zone), _ends(last, zone)
    return Bound(clip(start), clip(end)), Bound(clip(restart), clip(last_end))


@lru_cache(maxsize=16384)
def day_bound(date: dt.date, zone: str) -> Bound:
    """Give the whole civil day: from its first existing instant to its last, 23 to 25 hours as a rule.

    Faults on a date that the zone skipped.

    >>> day = day_bound(dt.date(2023, 11, 5), "America/Los_Angeles")
    >>> instant_text(day.lo), (day.hi + 1 - day.lo) // 3_600_000_000
    ('2023-11-05T07:00:00.000000Z', 25)
    """
    early, late = day_readings(date, zone)
    return early.hull(late)


@lru_cache(maxsize=16384)
def least_local(us: int, zone: str) -> dt.datetime:
    """Give the least local time at or after an instant: earlier than its own where clocks are about to go back."""
    local = local_time(us, zone)
    first, again = both_instants(local, zone)
    if local.fold or first >= again:
        return local
    change = _change_between(us, again, zone)
    return min(local, local_time(change, zone).replace(fold=0))


@lru_cache(maxsize=16384)
def greatest_local(us: int, zone: str) -> dt.datetime:
    """Give the greatest local time at or before an instant: later than its own where clocks have just gone back."""
    local = local_time(us, zone).replace(fold=0)
    first, again = both_instants(local, zone)
    if first >= again or us < again:
        return local
    change = _change_between(first, us, zone)
    return max(local, local_time(change - 1, zone))


def instant_text(us: int) -> str:
    """Give an instant as UTC with six decimals.

    >>> instant_text(1698476400000000)
    '2023-10-28T07:00:00.000000Z'
    """
    day, time = divmod(us if EARLIEST <= us <= LATEST else clip(us), DAY)
    return _date_text(day) + _clock_text(time)


@lru_cache(maxsize=16_384)
def _date_text(day: int) -> str:
    return dt.date.fromordinal(_EPOCH_DAY + day).isoformat()


@lru_cache(maxsize=16_384)
def _clock_text(time: int) -> str:
    """Give a time of day, in microseconds since its midnight: most are the first or last of a minute."""
    second, micros = divmod(time, SECOND)
    return f"T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{micros:06d}Z"
