"""Text to `When` and back to words: the door of the dates room. Reads one text; knows no case, no clock, no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from events.dates.absolute import TOLERANCE, read_absolute, split_span
from events.dates.durations import Duration, read_duration
from events.dates.iso import iso_bound
from events.dates.relative import read_relative, ref_of
from events.dates.stretch import Place
from events.errors import Fault
from events.when import Bound, Part, Ref, When

__all__ = [
    "Duration", "iso_bound", "read_date", "read_duration", "read_ref", "read_span", "read_when", "reads_as",
    "so_long_before",
]  # fmt: skip

LONGEST = 500
"""Characters of a `when`; longer texts are refused."""
_ALIKE = str.maketrans({"–": "-", "−": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def _plain(text: str) -> str:
    """Give a text with dashes and spaces made alike. Faults on long texts and on characters that do not show."""
    if len(text) > LONGEST:
        raise Fault(f"a when of more than {LONGEST} characters", "write the time in when, and the story in note")
    if _CONTROL.search(text):
        raise Fault(f"{text[:40]!r} has characters that do not show", "write it anew without them")
    return " ".join(text.translate(_ALIKE).split())


def _fast(text: str, zone: str) -> When | None:
    bound = iso_bound(text, zone)
    if bound is None:
        return None
    if len(text) == 10:
        part = Part(text=text, reading=f"on {text} ({zone})", outer=bound, inner=bound, literal=bound, precision="day")
        return When(text=text, parts=(part,), zone=zone)
    precision, reading = ("minute", "within the minute") if text[16] != ":" else ("second", "at")
    part = Part(
        text=text, reading=f"{reading} {text}", outer=bound, inner=bound, literal=bound, precision=precision
    )
    return When(text=text, parts=(part,))


def _read_part(text: str, place: Place) -> list[Part]:
    if not text:
        raise Fault("the text, or a part of it, is empty", "write a date or unknown, and one ; between two parts")
    if text.lower() == "unknown":
        return []
    return read_relative(text, place) if "@" in text else [read_absolute(text, place)]


def _node(ref: Ref) -> str:
    """Give the instant meant: an event of one instant is all of them at once."""
    return {"first": "start", "last": "end"}.get(ref.point, ref.point) or ref.side


def _meet(parts: Iterable[Part]) -> Bound:
    bound = Bound()
    for part in parts:
        bound = bound.meet(part.outer)
    return bound


def _clash(parts: Sequence[Part]) -> bool:
    """Whether parts tied to one event leave no time, wherever its start (not after its end) lies."""
    starts = _meet(part for part in parts if part.anchor and _node(part.anchor) != "end")
    ends = _meet(part for part in parts if part.anchor and _node(part.anchor) != "start")
    return starts.empty or ends.empty or Bound(ends.lo, starts.hi).empty


def _check(when: When) -> None:
    for ref in when.refs:
        if _clash([part for part in when.parts if part.anchor is not None and part.anchor.id == ref.id]):
            raise Fault(f"the parts of {when.text!r} cannot all be true of one instant", "write parts that meet")
    if when.own.empty:
        raise Fault(f"the parts of {when.text!r} cannot all be true of one instant", "write parts that meet")


@lru_cache(maxsize=8192)
def _read(text: str, zone: str) -> When:
    if (fast := _fast(text, zone)) is not None:
        return fast
    place = Place(zone)
    plain = _plain(text)
    parts = [part for piece in plain.split(";") for part in _read_part(piece.strip(), place)]
    when = When(text=text, parts=tuple(parts), zone=zone if place.used else "")
    _check(when)
    return when


def read_when(text: str, *, zone: str = "", own_id: str = "") -> When:
    """Read what a text says of one instant (SEMANTICS 1.1, 1.2).

    `zone` is a tzdata name, empty where none is known; `own_id` the event's id, which it may not refer to.
    Faults on every text the grammar refuses, with what to write instead. The words are kept as they are.

    >>> when = read_when("more than 7 days before @death")
    >>> when.parts[0].outer, when.parts[0].reading
    (Bound(lo=None, hi=-604800000001), 'more than 7 days (168 hours) before @death')
    >>> read_when("10/11/2023", zone="UTC")
    Traceback (most recent call last):
    events.errors.Fault: 10/11/2023 does not say which is the month; write 2023-10-11 or 2023-11-10
    """
    when = _read(text, zone)
    if own_id and any(part.anchor is not None and part.anchor.id == own_id for part in when.parts):
        raise Fault(f"{text!r} refers to the event itself", "write it relative to another event, or as a date")
    return when


def read_date(text: str, *, zone: str = "") -> Part:
    """Read one absolute date. Faults on relative ones, on several parts and on unknown.

    >>> read_date("2023-10", zone="UTC").precision
    'month'
    """
    when = read_when(text, zone=zone)
    if len(when.parts) != 1 or when.refs:
        raise Fault(f"{text!r} is not one date", "write a date of its own, such as 2023-10-28")
    return when.parts[0]


def read_span(text: str, zone: str = "", own_id: str = "") -> tuple[When, When] | None:
    """Read `from A to B` as its two ends; None where the text is no span.

    Faults as `read_when` does, and where B lies wholly before A.

    >>> start, end = read_span("from 2023-10-01 to 2023-10-03", "UTC")
    >>> start.text, end.text
    ('2023-10-01', '2023-10-03')
    """
    if len(text) > LONGEST or text.lstrip()[:5].lower() != "from ":
        return None
    ends = split_span(_plain(text))
    if ends is None:
        return None
    start, end = (read_when(side, zone=zone, own_id=own_id) for side in ends)
    if Bound(start.own.lo, end.own.hi).empty:
        raise Fault(f"{text!r} ends before it begins", "write the earlier date first")
    return start, end


def read_ref(text: str) -> Ref:
    """Read a reference, with or without its @. Faults on what cannot be an id.

    >>> read_ref("shots.last").point
    'last'
    """
    return ref_of(text if text.startswith("@") else f"@{text}")


def so_long_before(duration: str, ref: str) -> str:
    """Give the time that a duration before a reference is, as a `when`: what was given or taken stays last.

    >>> so_long_before("90 minutes ± 30 minutes", "@b"), so_long_before("more than 2 hours", "@b")
    ('90 minutes before @b ± 30 minutes', 'more than 2 hours before @b')
    """
    found = TOLERANCE.search(duration)
    told, by = (duration[: found.start()], duration[found.end() :]) if found else (duration, "")
    return f"{told} before {ref} ± {by}" if found else f"{told} before {ref}"


def reads_as(when: When) -> str:
    """Give in plain words, with the ruler, how a text was understood.

    >>> reads_as(read_when("7 days before @death", zone="America/Los_Angeles"))
    '7 calendar days before @death (civil dates differ by 7) in America/Los_Angeles'
    """
    readings = dict.fromkeys(part.reading for part in when.parts)
    return "; ".join(readings) or "unknown: it says nothing of the time"
