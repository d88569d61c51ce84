"""How bounds read in English: durations, numbers, days, instants. Computes nothing and never says more than a bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from events.dates.civil import civil_date, day_bound
from events.dates.localtime import local_time
from events.when import DAY, HOUR, MINUTE, SECOND, Bound

OPEN: Final = "not bounded by the record"
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def duration(micros: int) -> str:
    """Give an exact duration (µs, not negative) in words: whole days in days, else the units it has.

    >>> duration(7 * DAY), duration(DAY), duration(7 * DAY + 16 * HOUR + 18 * MINUTE), duration(90 * MINUTE)
    ('7 days', '1 day', '7 d 16 h 18 min', '1 h 30 min')
    >>> duration(0), duration(2_500_000)
    ('0 s', '2.5 s')
    """
    if micros and micros % DAY == 0:
        return plural(micros // DAY, "day")
    days, rest = divmod(micros, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    words = f"{f' {days} d' if days else ''}{f' {hours} h' if hours else ''}{f' {minutes} min' if minutes else ''}"
    if rest or not words:
        seconds, rest = divmod(rest, SECOND)
        words += " " + f"{seconds}.{rest:06d}".rstrip("0").rstrip(".") + " s"
    return words[1:]


def elapsed(bound: Bound) -> str:
    """Give a bound of a duration (µs; negative is earlier) in words that hold for all of it.

    An end one microsecond inside a whole second is strict: "more than", "less than". An end with a fraction that is
    neither is rounded outwards to the second.

    >>> elapsed(Bound(7 * DAY + 1, None)), elapsed(Bound(9 * DAY, 12 * DAY))
    ('more than 7 days', '9 to 12 days')
    >>> elapsed(Bound(7 * DAY + 1, 7 * DAY + 16 * HOUR + 18 * MINUTE - 1))
    'more than 7 days, less than 7 d 16 h 18 min'
    >>> elapsed(Bound(3 * HOUR + 14 * MINUTE + 1, 3 * HOUR + 16 * MINUTE - 1))
    '3 h 14 min to 3 h 16 min'
    >>> elapsed(Bound(-2 * HOUR, 3 * HOUR)), elapsed(Bound(-12 * DAY, -9 * DAY))
    ('between 2 h earlier and 3 h later', '9 to 12 days earlier')
    >>> elapsed(Bound(1, None)), elapsed(Bound(None, -1))
    ('some time', 'some time earlier')
    """
    lo, hi = bound.lo, bound.hi
    if hi is not None and hi < 0:
        return f"{elapsed(bound.negate())} earlier"
    if lo is not None and lo < 0:
        return _astride(-lo, hi)
    if lo is None:
        return OPEN if hi is None else f"{_most(hi)} later, if later"
    if hi is None:
        return OPEN if lo == 0 else _least(lo)
    return _between(lo, hi)


def _between(lo: int, hi: int) -> str:
    low, lo_strict = _inner(lo, -1)
    high, hi_strict = _inner(hi, 1)
    if low <= 0:
        return duration(0) if high == 0 else _most(hi)
    if lo == hi:
        return duration(lo) if lo % SECOND == 0 else f"{duration(low)} to {duration(high)}"
    if lo_strict and low % DAY == 0:
        return f"more than {duration(low)}, {'less than' if hi_strict else 'at most'} {duration(high)}"
    return _range(duration(low), duration(high))


def _range(low: str, high: str) -> str:
    """Give two durations with their unit said once where it is one: `9 to 12 days`."""
    if low.count(" ") == 1 == high.count(" "):
        number, unit = low.split(" ")
        if unit.rstrip("s") == high.split(" ")[1].rstrip("s"):
            return f"{number} to {high}"
    return f"{low} to {high}"


def _astride(earlier: int, hi: int | None) -> str:
    low, _ = _inner(earlier, 1)
    if hi is None:
        return f"at most {duration(low)} earlier, or any time later"
    return f"between {duration(low)} earlier and {duration(_inner(hi, 1)[0])} later"


def _least(lo: int) -> str:
    """Say a lower end; more than no time at all, which is no measure, as some."""
    low, strict = _inner(lo, -1)
    return "some time" if low == 0 else f"{'more than' if strict else 'at least'} {duration(low)}"


def _most(hi: int) -> str:
    high, strict = _inner(hi, 1)
    return f"{'less than' if strict else 'at most'} {duration(high)}"


def _inner(end: int, away: int) -> tuple[int, bool]:
    """Give the whole second to print for an end, outwards by at most one, and whether the end is strict.

    `away` is 1 for an upper end and -1 for a lower one. Below a minute every digit is kept.
    """
    if end % SECOND == 0:
        return end, False
    if (end + away) % SECOND == 0:
        return end + away, True
    if end < MINUTE:
        return end, False
    return (-(-end // SECOND) if away > 0 else end // SECOND) * SECOND, False


def plural(count: int, noun: str) -> str:
    """Give a number with its noun.

    >>> plural(1, "day"), plural(3, "calendar day")
    ('1 day', '3 calendar days')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def number(bound: Bound) -> str:
    """Give a bound of whole numbers in words.

    >>> number(Bound(27, None)), number(Bound(7, 8)), number(Bound(5, 9)), number(Bound(3, 3)), number(Bound(0, 5))
    ('at least 27', '7 or 8', '5 to 9', '3', 'at most 5')
    >>> number(Bound()), number(Bound(0, 0))
    ('any number', '0')
    """
    lo, hi = bound.lo, bound.hi
    if lo is None or hi is None:
        free = lo == hi or (hi is None and lo == 0)
        return "any number" if free else f"at most {hi}" if lo is None else f"at least {lo}"
    if lo == hi:
        return str(lo)
    if lo == 0 and hi > 1:
        return f"at most {hi}"
    return f"{lo} {'or' if hi == lo + 1 else 'to'} {hi}"


def trio(calendar: Bound, whole: Bound, *, dates: str = "", first_day: str = "the first day") -> str:
    """Give the three rulers of a number of days; `dates` are the civil dates, where both are known.

    >>> trio(Bound(8, 8), Bound(7, 8), dates="20 to 28 October", first_day="the day of the dose")
    '8 calendar days (20 to 28 October); 7 or 8 full 24-hour days; 9 counting the day of the dose as day 1'
    """
    one = Bound(1, 1)
    said = f" ({dates})" if dates else ""
    with_first = Bound(*(None if end is None else end + 1 for end in (calendar.lo, calendar.hi)))
    return "; ".join(
        (
            f"{number(calendar)} calendar day{'' if calendar == one else 's'}{said}",
            f"{number(whole)} full 24-hour day{'' if whole == one else 's'}",
            f"{number(with_first)} counting {first_day} as day 1",
        )
    )


def date(day: dt.date, *, year: bool = True) -> str:
    """Give a civil date: `28 October 2023`."""
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year:04d}' if year else ''}"


def dates(a: Bound, b: Bound, zone: str) -> str:
    """Give the civil dates of two instants in a zone, where each is surely on one; else nothing.

    >>> noon = Bound(12 * HOUR, 12 * HOUR)
    >>> dates(noon, Bound(noon.lo + 8 * DAY, noon.hi + 8 * DAY), "UTC")
    '1 to 9 January'
    """
    first, second = _one_date(a, zone), _one_date(b, zone)
    if first is None or second is None:
        return ""
    if first.year != second.year:
        return f"{date(first)} to {date(second)}"
    return f"{first.day if first.month == second.month else date(first, year=False)} to {date(second, year=False)}"


def _one_date(bound: Bound, zone: str) -> dt.date | None:
    if bound.lo is None or bound.hi is None:
        return None
    first, last = civil_date(bound.lo, zone), civil_date(bound.hi, zone)
    return first if first == last else None


def instant(micros: int, zone: str) -> str:
    """Give the local time of an instant, as exact as it must be: minutes, else seconds, else all its digits.

    Zones whose offset has seconds show them.

    >>> instant(16 * HOUR + 17 * MINUTE, "UTC")
    '1 January 1970 16:17'
    """
    local = local_time(micros, zone)
    if local.second == local.microsecond == 0:
        clock = f"{local:%H:%M}"
    else:
        clock = local.time().isoformat(timespec="microseconds" if local.microsecond else "seconds")
    return f"{date(local.date())} {clock}"


def instants(bound: Bound, zone: str) -> str:
    """Give a bound of instants in words, in a zone (not named): a day, a minute, or from when to when.

    >>> instants(Bound(0, DAY - 1), "UTC"), instants(Bound(HOUR, HOUR + MINUTE - 1), "UTC")
    ('1 January 1970', '1 January 1970 01:00')
    >>> instants(Bound(None, DAY - 1), "UTC"), instants(Bound(HOUR, None), "UTC")
    ('by 1 January 1970', 'from 1 January 1970 01:00')
    """
    lo, hi = bound.lo, bound.hi
    if lo is None:
        return "undated" if hi is None else f"by {_last(hi, zone)}"
    if hi is None:
        return f"from {_first(lo, zone)}"
    if lo == hi or (lo % MINUTE == 0 and hi == lo + MINUTE - 1):
        return instant(lo, zone)
    first, last = _first(lo, zone), _last(hi, zone)
    return first if first == last else f"{first} to {last}"


def _first(micros: int, zone: str) -> str:
    """Give the day that begins here, else the minute or second that does, or has just begun."""
    day = civil_date(micros, zone)
    return date(day) if day_bound(day, zone).lo == micros else _stamp(micros, micros % MINUTE < SECOND, zone)


def _last(micros: int, zone: str) -> str:
    """Give the day that ends here, else the minute or second that does, or is about to: it stands for all of itself."""
    day = civil_date(micros, zone)
    return date(day) if day_bound(day, zone).hi == micros else _stamp(micros, micros % MINUTE >= MINUTE - SECOND, zone)


def _stamp(micros: int, minute: bool, zone: str) -> str:
    size = MINUTE if minute else SECOND
    return instant(micros - micros % size, zone)


def listed(words: Sequence[str], *, joined: str = "and") -> str:
    """Give a list in words.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joined} {words[-1]}" if words else ""
