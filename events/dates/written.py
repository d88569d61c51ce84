"""Dates as people write them (SEMANTICS 1.2): month names, weekdays, am and pm. Reads no EDTF, no two dates."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import cache

from events.dates.edtf import timed
from events.dates.refusals import refusal
from events.dates.stretch import Place, Stretch
from events.errors import Fault
from events.when import Bound

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH = "(?:" + "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + r"|sept)\.?"
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + r"|mon|tues?|wed|thurs?|thu|fri|sat|sun)\.?"
_NTH = "(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?P<weekday>{_WEEKDAY}),? )?(?:"
    r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    rf"|(?P<m1>{_MONTH})[ -](?P<d1>[0-9]{{1,2}}){_NTH}(?:, ?| |-)(?P<y1>[0-9]{{4}})"
    rf"|(?:the )?(?P<d2>[0-9]{{1,2}}){_NTH}(?: of |[ -])(?P<m2>{_MONTH})(?:, ?| |-)(?P<y2>[0-9]{{4}})"
    rf"|(?P<m3>{_MONTH})(?:, ?| |-)(?P<y3>[0-9]{{4}}))"
)
_HOURS = r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"
_NOON = r"(?: ?(?:am|pm|a\.m\.?|p\.m\.?))"
_OFFSET = r"(?: ?(?:z|\+[0-9]{2}:[0-9]{2})|(?<=:[0-9]{2}:[0-9]{2})-[0-9]{2}:[0-9]{2})"
_ONE = rf"(?P<t1>{_HOURS})(?P<n1>{_NOON})?(?P<o1>{_OFFSET})?"
_TWO = rf"(?P<t2>{_HOURS})(?P<n2>{_NOON})?(?P<o2>{_OFFSET})?"
_LEAD = re.compile("^(?:on|in) ", re.IGNORECASE)
_FORMS = (
    _DATE,
    rf"{_DATE}(?:,? at|,)? {_ONE}",
    rf"(?:at )?{_ONE}(?:,? on|,)? {_DATE}",
    rf"{_DATE}(?:,? at|,)? {_ONE} ?- ?{_TWO}",
    rf"{_DATE},? (?:between|from) {_ONE} (?:and|to) {_TWO}",
    rf"(?:between|from) {_ONE} (?:and|to) {_TWO} on {_DATE}",
    rf"{_ONE} ?- ?{_TWO} on {_DATE}",
)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """Give the forms, compiled when the first text needs them, which most never do."""
    return tuple(re.compile(form) for form in _FORMS)


def _month(name: str) -> int:
    return next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.rstrip(".")[:3]))


def _date(match: re.Match[str], text: str) -> tuple[int, int, int]:
    """Give year, month and day (0: the whole month)."""
    if match["iso"]:
        year, month, day = (int(piece) for piece in match["iso"].split("-"))
    elif match["m3"]:
        year, month, day = int(match["y3"]), _month(match["m3"]), 0
    else:
        form = "1" if match["m1"] else "2"
        year, month, day = int(match["y" + form]), _month(match["m" + form]), int(match["d" + form])
    known = 1 <= year <= 9999 and 1 <= month <= 12 and (day > 0 or match["m3"])
    if not known or day > monthrange(year, month)[1]:
        raise Fault(f"{text} is not a date of the calendar", "write a day that the month has")
    return year, month, day


def _check_weekday(match: re.Match[str], date: dt.date) -> None:
    said = match["weekday"]
    if not said:
        return
    true = _WEEKDAYS[date.weekday()]
    if not true.startswith(said.rstrip(".")[:3]):
        raise Fault(
            f"{date} was a {true.capitalize()}, not a {said.rstrip('.').capitalize()}",
            "look the date up in the source, and write the date or the weekday that is right",
        )


def _clock(hours: str, noon: str, text: str) -> str:
    """Give a time in 24 hours, keeping its last written digit."""
    hour, colon, rest = hours.partition(":")
    if not noon:
        if not colon or len(hour) != 2:
            raise Fault(f"{hours} in {text!r} may be morning or afternoon", "write 04:17 or 4:17 pm")
        return hours
    if not 1 <= int(hour) <= 12:
        raise Fault(f"{hours}{noon} is not a time of day", "write 1 to 12 before am and pm, or 24 hours without them")
    number = int(hour) % 12 + (12 if noon.strip().startswith("p") else 0)
    return f"{number:02d}{colon}{rest}"


def _time(match: re.Match[str], which: str, noon: str, date: dt.date, place: Place, text: str) -> Stretch:
    offset = (match["o" + which] or "").strip().upper()
    return timed(date, _clock(match["t" + which], noon, text), offset, place, text)


def read_written(text: str, place: Place) -> Stretch | None:
    """Read a date, with or without a time or two, as people write it; None where no form fits.

    Faults on impossible dates and times, and on a weekday that disagrees with its date. Letter case is ignored.
    """
    text = _LEAD.sub("", text)
    lower = text.lower()
    match = next((found for form in _forms() if (found := form.fullmatch(lower))), None)
    if match is None:
        return None
    year, month, day = _date(match, text)
    if not day:
        if match["weekday"] or "t1" in match.groupdict():
            raise refusal(text)
        early, late = place.days(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]), text)
        return Stretch(early=early, late=late, name=text, precision="month")
    date = dt.date(year, month, day)
    _check_weekday(match, date)
    groups = match.groupdict()
    if "t1" not in groups:
        early, late = place.days(date, date, text)
        return Stretch(early=early, late=late, name=text, precision="day")
    noon = groups["n1"] or ""
    if "t2" not in groups:
        return _time(match, "1", noon, date, place, text)
    end_noon = groups["n2"] or ""
    start = _time(match, "1", noon or end_noon, date, place, text)
    end = _time(match, "2", end_noon, date, place, text)
    if Bound(start.early.lo, end.late.hi).empty:
        hours = _clock(groups["t1"], noon or end_noon, text), _clock(groups["t2"], end_noon, text)
        following = "the next day" if date == dt.date.max else date + dt.timedelta(days=1)
        raise Fault(
            f"{text!r} ends before it begins",
            f"write {date}T{hours[0]}/{following}T{hours[1]} if it ends on the next day, am and pm with both times, or "
            "T before a time with an offset",
        )
    return start.to(end, text)
