"""The civil calendar over bounded instants: steps of days and months, dates between. Reads no sentences."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from events.dates.iso import read_instant
from events.dates.localtime import (
    both_instants,
    civil_date,
    day_bound,
    first_instant,
    greatest_local,
    instant_text,
    last_instant,
    least_local,
    local_bound,
)
from events.dates.zones import offset_spread, tzdata_version, zone_named
from events.when import DAY, Bound, Civil

__all__ = [
    "calendar_days",
    "civil_certainty",
    "civil_date",
    "civil_difference",
    "civil_reach",
    "day_bound",
    "instant_text",
    "local_bound",
    "offset_spread",
    "read_instant",
    "shift_out",
    "tzdata_version",
    "zone_named",
]


def _moved(date: dt.date, days: int) -> dt.date | None:
    ordinal = date.toordinal() + days
    return dt.date.fromordinal(ordinal) if 1 <= ordinal <= dt.date.max.toordinal() else None


def _month_of(date: dt.date, months: int) -> tuple[int, int] | None:
    """Give (year, month) so many months from a date, or None outside years 1 to 9999."""
    index = date.year * 12 + date.month - 1 + months
    return (index // 12, index % 12 + 1) if 1 <= index // 12 <= 9999 else None


def _days_reach(civil: Civil, least: dt.date | None, greatest: dt.date | None) -> Bound:
    low = _moved(least, -civil.steps.hi) if least and civil.steps.hi is not None else None
    high = _moved(greatest, -civil.steps.lo) if greatest and civil.steps.lo is not None else None
    return Bound(
        None if low is None else first_instant(low, civil.zone),
        None if high is None else last_instant(high, civil.zone),
    )


def _months_reach(civil: Civil, least: dt.date | None, greatest: dt.date | None) -> Bound:
    low = _month_of(least, -civil.steps.hi) if least and civil.steps.hi is not None else None
    high = _month_of(greatest, -civil.steps.lo) if greatest and civil.steps.lo is not None else None
    return _from_month_to(civil, low, high)


def _years_reach(civil: Civil, least: dt.date | None, greatest: dt.date | None) -> Bound:
    low = least.year - civil.steps.hi if least and civil.steps.hi is not None else 0
    high = greatest.year - civil.steps.lo if greatest and civil.steps.lo is not None else 0
    return _from_month_to(civil, (low, 1) if 1 <= low <= 9999 else None, (high, 12) if 1 <= high <= 9999 else None)


def _from_month_to(civil: Civil, low: tuple[int, int] | None, high: tuple[int, int] | None) -> Bound:
    """Give the instants from the first of one month to the last of another, open where one is None."""
    return Bound(
        None if low is None else first_instant(dt.date(*low, 1), civil.zone),
        None if high is None else last_instant(dt.date(*high, monthrange(*high)[1]), civil.zone),
    )


def _shifted(local: dt.datetime, months: int) -> tuple[dt.datetime, bool] | None:
    """Give a local time shifted by months with the day clipped, and whether it was clipped."""
    month = _month_of(local.date(), months)
    if month is None:
        return None
    last = monthrange(*month)[1]
    moved = local.replace(year=month[0], month=month[1], day=min(local.day, last), fold=0)
    return moved, local.day > last


def _least_shift(low: dt.datetime, high: dt.datetime | None, months: int, zone: str) -> int | None:
    """Give a time that no shift of a local time in [low, high] comes before.

    Shifting is not monotone: where the next day is clipped to the same date, its small hours come first.
    """
    shifted = _shifted(low, months)
    if shifted is None:
        return None
    moved, _ = shifted
    following = _moved(low.date(), 1)
    again = _shifted(dt.datetime.combine(following, dt.time()), months) if following else None
    if again and again[0].date() == moved.date() and (high is None or following is None or high.date() >= following):
        moved = again[0]
    return min(both_instants(moved, zone))


def _greatest_shift(low: dt.datetime | None, high: dt.datetime, months: int, zone: str) -> int | None:
    """Give a time that no shift of a local time in [low, high] comes after."""
    shifted = _shifted(high, months)
    if shifted is None:
        return None
    moved, clipped = shifted
    if clipped and (low is None or low.date() < high.date()):
        return last_instant(moved.date(), zone)
    return max(both_instants(moved, zone))


def _clipped_reach(civil: Civil, own: Bound) -> Bound:
    """Give the reach of months with a comparator: both ends of the anchor shifted, days clipped."""
    least = None if own.lo is None else least_local(own.lo, civil.zone)
    greatest = None if own.hi is None else greatest_local(own.hi, civil.zone)
    near, far = civil.steps.lo, civil.steps.hi
    low = high = None
    if least and own.lo is not None and far is not None:
        low = own.lo if far == 0 else _least_shift(least, greatest, -far, civil.zone)
        low = low + 1 if low is not None and civil.strict and far else low
    if greatest and own.hi is not None and near is not None:
        high = own.hi if near == 0 else _greatest_shift(least, greatest, -near, civil.zone)
        high = high - 1 if high is not None and civil.strict and near else high
    return Bound(low, high)


def civil_reach(civil: Civil, anchor_own: Bound) -> Bound:
    """Give the bounds of t from the anchor's own absolute bounds: rule (ii) of SEMANTICS 1.1, and the clip rule.

    Absolute, closed, in microseconds since 1970; open where the anchor's end is open.

    >>> from events.when import Bound, Civil
    >>> noon = 12 * 3_600_000_000
    >>> civil_reach(Civil(steps=Bound(1, 1), zone="UTC"), Bound(noon, noon)) == Bound(-DAY, -1)
    True
    """
    if civil.clip:
        return _clipped_reach(civil, anchor_own)
    least = None if anchor_own.lo is None else least_local(anchor_own.lo, civil.zone).date()
    greatest = None if anchor_own.hi is None else greatest_local(anchor_own.hi, civil.zone).date()
    reach = {"day": _days_reach, "month": _months_reach, "year": _years_reach}[civil.unit]
    return reach(civil, least, greatest)


_SHORTEST, _LONGEST = {"day": 1, "month": 28, "year": 365}, {"day": 1, "month": 31, "year": 366}


def _length(number: int, unit: str, *, shortest: bool) -> int:
    """Give the least, or greatest, microseconds that so many units can take (negative ones mirrored)."""
    return number * (_SHORTEST if shortest == (number >= 0) else _LONGEST)[unit] * DAY


def civil_difference(civil: Civil) -> Bound:
    """Give bounds of anchor - t that hold wherever the anchor lies: rule (i) of SEMANTICS 1.1."""
    spread = offset_spread(civil.zone)
    near, far = civil.steps.lo, civil.steps.hi
    if civil.clip:
        strict = 1 if civil.strict else 0
        low = None if near is None else near and _length(near, "month", shortest=True) - spread + strict
        high = None if far is None else far and _length(far, "month", shortest=False) + spread - strict
        return Bound(low, high)
    low = None if near is None else _length(near - 1, civil.unit, shortest=True) - spread + 1
    high = None if far is None else _length(far + 1, civil.unit, shortest=False) + spread - 1
    return Bound(low, high)


def civil_certainty(civil: Civil) -> Bound | None:
    """Give bounds of anchor - t within which the civil statement holds wherever the anchor lies, or None."""
    spread = offset_spread(civil.zone)
    near, far = civil.steps.lo, civil.steps.hi
    if civil.clip:
        strict = 1 if civil.strict else 0
        low = None if near is None else near and _length(near, "month", shortest=False) + spread + strict
        high = None if far is None else far and _length(far, "month", shortest=True) - spread - strict
    elif civil.unit == "day":
        low = None if near is None else near * DAY + spread
        high = None if far is None else far * DAY - spread
    else:
        return None
    inner = Bound(low, high)
    return None if inner.empty else inner


def shift_out(own: Bound, zone: str, *, days: int = 0, months: int = 0) -> Bound:
    """Give a bound widened on both ends by civil days or months, days clipped.

    >>> shift_out(Bound(0, DAY - 1), "UTC", days=1) == Bound(-DAY, 2 * DAY - 1)
    True
    """
    if months:
        civil = Civil(steps=Bound(-months, months), unit="month", zone=zone, clip=True)
        return _clipped_reach(civil, own)
    return Bound(
        None if own.lo is None else _by_days(own.lo, -days, zone),
        None if own.hi is None else _by_days(own.hi, days, zone),
    )


def _by_days(us: int, days: int, zone: str) -> int:
    local = least_local(us, zone) if days < 0 else greatest_local(us, zone)
    moved = _moved(local.date(), days)
    if moved is None:
        return us + days * DAY
    both = both_instants(dt.datetime.combine(moved, local.time()), zone)
    return min(both) if days < 0 else max(both)


def calendar_days(a: Bound, b: Bound, zone: str) -> Bound:
    """Give bounds of the civil dates from a to b (negative if b is the earlier); open where an end is open.

    >>> calendar_days(Bound(0, 0), Bound(DAY, 2 * DAY), "UTC")
    Bound(lo=1, hi=2)
    """
    low = high = None
    if b.lo is not None and a.hi is not None:
        low = (least_local(b.lo, zone).date() - greatest_local(a.hi, zone).date()).days
    if b.hi is not None and a.lo is not None:
        high = (greatest_local(b.hi, zone).date() - least_local(a.lo, zone).date()).days
    return Bound(low, high)
