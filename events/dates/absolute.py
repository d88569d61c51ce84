"""The absolute dates of a `when`: about, before, between, ±, A/B around one or two dates. Knows no other event."""

from __future__ import annotations

import re
from dataclasses import replace

from events.dates.civil import shift_out
from events.dates.durations import Duration, read_duration
from events.dates.edtf import read_edtf
from events.dates.refusals import refusal
from events.dates.stretch import ANYTIME, Place, Stretch, coarser
from events.dates.written import read_written
from events.errors import Fault
from events.when import ANY, EARLIEST, LATEST, Bound, Part

TOLERANCE = re.compile(r" ?(?:±|\+/-|\+-| give or take ) ?", re.IGNORECASE)
_ABOUT = re.compile(r"(?:on or about|about|around|circa) ", re.IGNORECASE)
_SIDE = re.compile(r"(before|after|by|since|no later than|not before) ", re.IGNORECASE)
_BETWEEN = re.compile(r"between (.+?) and (.+)", re.IGNORECASE)
_SPAN = re.compile(r"from (.+?) to (.+)", re.IGNORECASE)
_NUMERIC = re.compile(r"[0-9]{1,2}/[0-9]{2}$")
_CLOCK = r"[0-9]{1,2}(?::[0-9:.]+)?"
_NOON = r" ?[ap]\.?m\.?"
_TIME_ALONE = re.compile(rf"{_CLOCK}(?:{_NOON})?", re.IGNORECASE)
_DAY_AND_TIME = re.compile(rf"(.+?)(?:,? at |, |[ T]){_CLOCK}(?:{_NOON})?", re.IGNORECASE)
_HOURS_ON = re.compile(rf"from ({_CLOCK})({_NOON})? to ({_CLOCK})({_NOON})? on (.+)", re.IGNORECASE)
_SIDES = {
    "before": "before {} begins",
    "after": "after {} ends",
    "by": "up to the end of {}",
    "since": "from the start of {}",
    "no later than": "up to the end of {}",
    "not before": "from the start of {}",
}
_IN = {
    "year": "in {}",
    "month": "in {}",
    "day": "on {}",
    "hour": "within the hour {}",
    "minute": "within the minute {}",
}


def read_stretch(text: str, place: Place) -> Stretch:
    """Read one date. Faults on anything else, with what to write instead."""
    stretch = read_edtf(text, place) or read_written(text, place)
    if stretch is None:
        raise refusal(text)
    return stretch


def split_span(text: str) -> tuple[str, str] | None:
    """Give A and B of `from A to B`, or None; a day written once serves both times.

    >>> split_span("from 10 to 11 pm on 2023-10-28")
    ('10 pm on 2023-10-28', '11 pm on 2023-10-28')
    >>> split_span("from 2023-10-28 22:00 to 23:30")
    ('2023-10-28 22:00', '2023-10-28 23:30')
    """
    if text.lstrip()[:5].lower() != "from ":
        return None
    text = " ".join(text.split())
    if hours := _HOURS_ON.fullmatch(text):
        noon = hours[2] or hours[4] or ""
        return f"{hours[1]}{noon} on {hours[5]}", f"{hours[3]}{hours[4] or ''} on {hours[5]}"
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    first, last = match[1].strip(), match[2].strip()
    day = _DAY_AND_TIME.fullmatch(first) if _TIME_ALONE.fullmatch(last) else None
    return (first, f"{day[1]} {last}") if day else (first, last)


def _interval(text: str, place: Place) -> Stretch:
    """Read A/B, ../B, A/.., /B and A/."""
    first, _, last = (side.strip() for side in text.partition("/"))
    start = None if first in {"", ".."} else read_stretch(first, place)
    end = None if last in {"", ".."} else read_stretch(last, place)
    if start is None and end is None:
        raise Fault(f"{text!r} bounds nothing", "write unknown")
    if end is None:
        return replace((start or ANYTIME).after(including=True), name=text)
    return replace(end.before(including=True), name=text) if start is None else start.to(end, text)


def _clipped(bound: Bound) -> Bound:
    lo, hi = bound.lo, bound.hi
    return Bound(None if lo is None else max(lo, EARLIEST), None if hi is None else min(hi, LATEST))


def _widened(stretch: Stretch, by: Duration, place: Place) -> Stretch:
    """Give a stretch widened on both ends by the width its source states: no longer soft."""

    def wider(bound: Bound) -> Bound:
        if by.exact is not None:
            return _clipped(bound.widen(by.exact))
        return shift_out(bound, place.need(by.text), days=by.days or 0, months=by.months or 0)

    precision = coarser(stretch.precision, by.precision)
    return replace(stretch, early=wider(stretch.early), late=wider(stretch.late), soft=False, precision=precision)


def _told(place: Place, reading: str) -> str:
    return f"{reading} ({place.zone})" if place.used else reading


def _and_width(text: str) -> tuple[str, str]:
    """Give a date and its width, empty for none; where the first date of a between has its own, so has the second."""
    *_, last = [None, *TOLERANCE.finditer(text)]
    if last is None or ((ends := _BETWEEN.fullmatch(text)) and TOLERANCE.search(ends[1])):
        return text, ""
    if last.end() == len(text):
        raise Fault(f"{text!r} gives no width", "write the width as a duration: 2023-10-28 ± 2 days")
    return text[: last.start()], text[last.end() :]


def _date(text: str, place: Place) -> tuple[Stretch, Duration | None]:
    """Read a date that others may be built on (about, between, ± and A/B, but no before or after), and its width."""
    head, width = _and_width(text)
    about = _ABOUT.match(head)
    stretch = _plain(head[about.end() :] if about else head, place)
    if not width:
        return stretch.softened() if about else stretch, None
    by = read_duration(width)
    return _widened(stretch, by, place), by


def _plain(text: str, place: Place) -> Stretch:
    if ends := _BETWEEN.fullmatch(text):
        return read_written(text, place) or _date(ends[1], place)[0].to(_date(ends[2], place)[0], text)
    return _interval(text, place) if text.count("/") == 1 and not _NUMERIC.match(text) else read_stretch(text, place)


def _sided(text: str, word: str, body: str, place: Place) -> Part:
    """Read before, after, by or since a date; a width moves the end that it leaves, outwards."""
    head, width = _and_width(body)
    date, _ = _date(head, place)
    if word in {"before", "by", "no later than"}:
        stretch = date.before(including=word != "before")
    else:
        stretch = date.after(including=word != "after")
    if stretch.outer == ANY:
        raise Fault(f"{text!r} bounds nothing", "write unknown")
    reading = _SIDES[word].format(date.name)
    if width:
        by = read_duration(width)
        stretch, reading = _widened(stretch, by, place), f"{reading}, give or take {by.reading}"
    return stretch.part(text, _told(place, reading + _softly(stretch)))


def _softly(stretch: Stretch) -> str:
    return "; no width stated, so it bounds nothing" if stretch.soft else ""


def _doubly(part: Part) -> Part:
    """Say so where a local time happened twice."""
    if part.hull and part.inner != part.outer and part.precision in {"hour", "minute", "second"}:
        return replace(part, reading=part.reading + ", a time the clocks showed twice: both readings")
    return part


def read_absolute(text: str, place: Place) -> Part:
    """Read one absolute part of a `when`. Faults with what to write instead."""
    if split_span(text):
        first, last = split_span(text) or ("", "")
        raise Fault(f"{text!r} is a span, not one instant", f"write when: {first}, until: {last}")
    if side := _SIDE.match(text):
        return _doubly(_sided(text, side[1].lower(), text[side.end() :], place))
    return _doubly(_dated(text, place))


def _dated(text: str, place: Place) -> Part:
    stretch, by = _date(text, place)
    if by is not None:
        reading = f"{stretch.name}, give or take {by.reading}"
    elif _ABOUT.match(text):
        reading = f"about {stretch.name}"
    elif several := _several(text, stretch):
        reading = f"{several} {text}"
    else:
        reading = _IN.get(stretch.precision, "at {}").format(stretch.name)
    return stretch.part(text, _told(place, reading + _softly(stretch)))


def _several(text: str, stretch: Stretch) -> str:
    """Give the words that lead a text with two ends or more; empty for other texts."""
    if _BETWEEN.fullmatch(text):
        return "some time"
    return "some time in" if text[:1] == "[" or stretch.several or (text.count("/") == 1) else ""
