"""EDTF, levels 0 to 2, wherever a bound is defined: one date or set. Reads no sentences, no A/B."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Sequence
from functools import lru_cache

from events.dates.localtime import wall
from events.dates.stretch import Place, Stretch, coarser
from events.dates.zones import read_offset
from events.errors import Fault
from events.when import EARLIEST, HOUR, LATEST, MINUTE, Bound

_Q = "[?~%]?"
_DATE = re.compile(
    rf"{_Q}(?P<year>[0-9X]{{4}}){_Q}(?:-{_Q}(?P<month>[0-9X]{{2}}){_Q}(?:-{_Q}(?P<day>[0-9X]{{2}}){_Q})?)?"
    rf"(?:[Tt ](?P<time>[0-9:.]+) ?(?P<offset>[Zz]|[+-][0-9:]+)?{_Q})?"
)
_SIGNIFICANT = re.compile(r"([0-9]{4})S([0-9]+)[?~%]?")
_TIME = re.compile(r"([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?")
_PARTS = {33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3), 37: (1, 4), 38: (5, 4), 39: (9, 4), 40: (1, 6), 41: (7, 6)}
"""First month and number of months of quarters, quadrimesters and semesters (EDTF level 2)."""


def clock(text: str) -> tuple[dt.timedelta, int, str]:
    """Read hh, hh:mm, hh:mm:ss or with decimals: time since midnight, microseconds it stands for, precision.

    Faults on 24:00, on seconds of 60 and on anything else no clock shows.

    >>> clock("16:17")
    (datetime.timedelta(seconds=58620), 60000000, 'minute')
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise Fault(f"{text!r} is not a time of day", "write it like 16:17 or 16:17:30")
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if hour == 24:
        raise Fault(f"{text} is not a time of any day", "write 00:00 of the next day")
    if second == 60:
        raise Fault(f"{text} has a second 60", "write the second 59, or the minute alone")
    if hour > 24 or minute > 59 or second > 59:
        raise Fault(f"no clock shows {text}", "write hours 00 to 23, minutes and seconds 00 to 59")
    digits = (match[4] or "")[:6]
    since = dt.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(digits.ljust(6, "0")))
    if match[3]:
        return since, 10 ** (6 - len(digits)), "second"
    return (since, MINUTE, "minute") if match[2] else (since, HOUR, "hour")


def timed(date: dt.date, time: str, offset: str, place: Place, text: str) -> Stretch:
    """Give the stretch of a time on a date; without an offset it is local."""
    since, step, precision = clock(time)
    local = dt.datetime(date.year, date.month, date.day) + since  # noqa: DTZ001
    if offset:
        first = wall(local) - read_offset(offset)
        if first < EARLIEST or first + step - 1 > LATEST:
            raise Fault(f"{text} lies outside the years 1 to 9999 in UTC", "write a date within them")
        bound = Bound(first, first + step - 1)
        return Stretch(early=bound, late=bound, name=text, precision=precision)
    early, late = place.time(local, step, text)
    return Stretch(early=early, late=late, name=text, precision=precision)


@lru_cache(maxsize=1024)
def _values(pattern: str, least: int, greatest: int) -> Sequence[int]:
    """Give the numbers from least to greatest whose digits fit a pattern with X."""
    if set(pattern) == {"X"}:
        return range(least, greatest + 1)
    numbers = [0]
    for digit in pattern:
        numbers = [number * 10 + d for number in numbers for d in (range(10) if digit == "X" else (int(digit),))]
    return tuple(number for number in numbers if least <= number <= greatest)


def _adjoining(values: Sequence[int]) -> bool:
    return len(values) == values[-1] - values[0] + 1


def _exists(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if day <= monthrange(year, month)[1] else None


def _impossible(text: str) -> Fault:
    return Fault(f"{text} is not a date of the calendar", "write a month 01 to 12 and a day that it has")


def _hull(years: Sequence[int], months: Sequence[int], days: Sequence[int], text: str) -> tuple[dt.date, dt.date]:
    """Give the first and the last date made of these numbers."""

    def meeting(backwards: int) -> dt.date:
        for year in years[::backwards]:
            for month in months[::backwards]:
                for day in days[::backwards]:
                    if date := _exists(year, month, day):
                        return date
        raise _impossible(text)

    return meeting(1), meeting(-1)


def _masked(year: str, month: str, day: str, place: Place, text: str) -> Stretch:
    """Give the hull of every date that fits the written digits (EDTF level 2)."""
    precision = "day" if day else "month" if month else "year"
    if day == "XX":
        day = ""
    if month == "XX" and not day:
        month = ""
    years = _values(year, 1, 9999)
    months = _values(month or "XX", 1, 12)
    days = _values(day or "XX", 1, 31)
    if not years:
        raise Fault(f"{text} lies outside the years 0001 to 9999", "write a year of four digits")
    if not (months and days):
        raise _impossible(text)
    first, last = _hull(years, months, days, text)
    finest = days if day else months if month else years
    above = [values for values, written in ((years, month or day), (months, day)) if written]
    whole = _adjoining(finest) and all(len(values) == 1 for values in above)
    early, late = place.days(first, last, text)
    return Stretch(early=early, late=late, name=text, precision=precision, broken=not whole and first != last)


def _part_of_year(year: str, number: int, place: Place, text: str) -> Stretch:
    if number <= 32:
        raise Fault(f"{text} is a season, whose months differ from country to country", "write the months: A/B")
    years = _values(year, 1, 9999)
    if number not in _PARTS or not years:
        raise _impossible(text)
    month, length = _PARTS[number]
    last = month + length - 1
    first, end = dt.date(years[0], month, 1), dt.date(years[-1], last, monthrange(years[-1], last)[1])
    early, late = place.days(first, end, text)
    return Stretch(early=early, late=late, name=text, precision="month", broken=len(years) > 1)


def _significant(text: str, year: str, digits: str, place: Place) -> Stretch:
    """Give the years that share the significant digits: 1950S2 is 1900 to 1999 (EDTF level 2)."""
    if digits not in {"1", "2", "3", "4"} or year == "0000":
        raise Fault(f"{text} does not say how many digits of its year count", "write S1 to S4, such as 1950S2")
    kept = int(digits)
    stretch = _masked(year[:kept] + "X" * (4 - kept), "", "", place, text)
    return stretch.softened() if text[-1] in "?~%" else stretch


def _with_time(match: re.Match[str], place: Place, text: str) -> Stretch:
    if match["day"] is None or "X" in match["day"] + match["month"] + match["year"]:
        raise Fault(f"{text} has a time but no whole date", "write year, month and day before the time")
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    date = _exists(year, month, day) if year >= 1 and 1 <= month <= 12 and day else None
    if date is None:
        raise _impossible(text)
    return timed(date, match["time"], match["offset"] or "", place, text)


def read_edtf(text: str, place: Place) -> Stretch | None:
    """Read one EDTF date or set, with `T` (or a space) before a time; None where the text has another shape.

    Faults on what has the shape and is no date, and on what EDTF allows and bounds nothing (seasons, Y, {...}).
    """
    if text[:1] == "[":
        return _read_set(text, place)
    if significant := _SIGNIFICANT.fullmatch(text):
        return _significant(text, significant[1], significant[2], place)
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    if match["time"]:
        if "T" not in text.upper() and (match["time"].count(":") < 2 or not match["offset"]):
            return None  # `D 22:00-23:00` is two times, and `D 22` no time: left to the forms people write
        stretch = _with_time(match, place, text)
    elif match["month"] and not match["day"] and match["month"].isdigit() and int(match["month"]) > 20:
        stretch = _part_of_year(match["year"], int(match["month"]), place, text)
    else:
        stretch = _masked(match["year"], match["month"] or "", match["day"] or "", place, text)
    return stretch.softened() if any(mark in text for mark in "?~%") else stretch


def _item(text: str, place: Place) -> Stretch:
    """Read one member of a set: A, ..A, A.. or A..B."""
    first, dots, last = text.partition("..")
    ends = [read_edtf(end, place) for end in (first, last) if end]
    known = [end for end in ends if end is not None]
    if len(known) != len(ends) or not known:
        raise Fault(f"{text!r} is not a date of a set", "write the set like [1667,1668,1670..1672]")
    if not dots:
        return known[0]
    if len(known) == 2:
        return known[0].to(known[1], text)
    return known[0].after(including=True) if first else known[0].before(including=True)


def _read_set(text: str, place: Place) -> Stretch:
    if text[-1] != "]":
        raise Fault(f"{text} lacks its closing bracket", "write the set like [1667,1668,1670..1672]")
    members = [_item(member.strip(), place) for member in text[1:-1].split(",")]
    members.sort(key=lambda member: (member.outer.lo is not None, member.outer.lo or 0))
    whole, broken, precision = members[0].outer, any(m.broken or m.early != m.late for m in members), ""
    for member in members:
        reached, begins = whole.hi, member.outer.lo
        broken = broken or not (reached is None or begins is None or begins <= reached + 1)
        whole, precision = whole.hull(member.outer), coarser(precision, member.precision)
    soft = any(member.soft for member in members)
    return Stretch(early=whole, late=whole, name=text, precision=precision, soft=soft, broken=broken)


