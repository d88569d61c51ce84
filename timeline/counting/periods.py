"""The period that a claim of numbers speaks of: its two ends, each an instant or a node of its own. Counts nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.when import ANY, EARLIEST, LATEST, UNKNOWN, Bound, Part, Ref, When
from events.when_text import read_span, read_when
from timeline.fold import Folded, said

OVER: Final = frozenset({"claim.total", "claim.complete"})
"""The claims that speak of a period."""
_RANGE: Final = re.compile(
    r"\.\.|/|\[|±|\+/-|give or take|^(between|from|before|after|by|since|no later than|not before|[0-9/: .-]+-[0-9])\b",
    re.IGNORECASE,
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """That an end lies within `bound` of a reference (of the axis where there is none), in microseconds."""

    anchor: Ref | None
    bound: Bound


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a period: just after, or at, `shift` from `anchor` (the axis where there is none).

    Where it is no exact instant, `node` is not empty: a node of its own that the `pins` and `parts` constrain, and the
    end is `shift` from it.
    """

    anchor: Ref | None = None
    shift: int = 0
    node: str = ""
    pins: tuple[Pin, ...] = ()
    parts: tuple[Part, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """All instants after `start` and up to `end`."""

    start: End
    end: End


def period_of(timeline: Folded, event: RecordedEvent) -> Period:
    """Give the period of a claim: its `from` and `to`; where one is left out, the claim's own time serves."""
    zone = timeline.zone_of(event)
    start, end = _own(event, zone)
    first, last = (_read(event, name, zone) for name in ("from", "to"))
    return Period(
        start=_stretch(event.id, start, first=True) if first is None else _instant(event.id, first, first=True),
        end=_stretch(event.id, end, first=False) if last is None else _instant(event.id, last, first=False),
    )


def _own(event: RecordedEvent, zone: str) -> tuple[When, When]:
    """Give what the claim's own time says of its start and of its end."""
    try:
        span = read_span(event.when, zone, event.id)
        if span is not None:
            return span
        when = read_when(event.when, zone=zone, own_id=event.id) if event.when else UNKNOWN
        until = read_when(event.until, zone=zone, own_id=event.id) if event.until else when
    except Fault:
        return UNKNOWN, UNKNOWN
    return when, until


def _read(event: RecordedEvent, name: str, zone: str) -> When | None:
    text = str(said(event, f"{name}_") or said(event, name))
    if not text:
        return None
    try:
        return read_when(text, zone=zone, own_id=event.id)
    except Fault:
        return UNKNOWN


def _instant(claim: str, when: When, *, first: bool) -> End:
    """Give an end that a text of its own dates: a plain date is its first instant, or its last."""
    node = f"{claim} {'from' if first else 'to'}"
    if len(when.parts) == 1 and (exact := _exact(when.parts[0], first=first)) is not None:
        return exact
    absolute = tuple(Pin(anchor=None, bound=part.outer) for part in when.parts if part.anchor is None and not part.soft)
    rest = tuple(part for part in when.parts if part.anchor is not None or part.soft)
    return End(node=node, shift=-1 if first else 0, pins=absolute, parts=rest)


def _exact(part: Part, *, first: bool) -> End | None:
    end = part.outer.lo if first else part.outer.hi
    if end is None or part.soft or part.civil is not None:
        return None
    plain = part.outer.exact if part.anchor is not None else not _RANGE.search(part.text.strip())
    return End(anchor=part.anchor, shift=end - 1 if first else end) if plain else None


def _stretch(claim: str, when: When, *, first: bool) -> End:
    """Give the end of the stretch that a claim's own time is: every instant that its time allows."""
    pins = [Pin(anchor=None, bound=when.own)] if when.own != ANY else []
    pins += [Pin(anchor=part.anchor, bound=part.outer) for part in when.parts if part.anchor is not None]
    ends = [(pin.anchor, pin.bound.lo if first else pin.bound.hi) for pin in pins]
    known = [(anchor, end) for anchor, end in ends if end is not None]
    loose = any(part.soft or part.civil is not None for part in when.parts)
    if not known and not loose:
        return End(shift=EARLIEST - 1 if first else LATEST)
    if len(known) == 1 and not loose:
        anchor, end = known[0]
        return End(anchor=anchor, shift=end - 1 if first else end)
    sided = (Pin(anchor=anchor, bound=Bound(end, None) if first else Bound(None, end)) for anchor, end in known)
    return End(node=f"{claim} {'from' if first else 'to'}", shift=-1 if first else 0, pins=tuple(sided))
