"""Where and when the specimen of a laboratory value was taken, as bounds. Takes no report's day for a sample's.

A specimen's time is its `collected`, else the `when` of its own event. A value that names no specimen was measured in
one that was taken at or before the measurement, and nothing more is known: it may have been taken in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.when import ANY, Bound, When
from events.when_text import read_when
from timeline.case import said
from timeline.counting.happenings import Moment, gap
from timeline.hearings.claims import read_id
from timeline.hearings.hearing import Hearing

NOT_RECORDED: Final = "not recorded"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A sample as far as known: its event (empty: none named), site and matrix, when taken, how long after death.

    `after_death` is in microseconds (negative: in life); both its ends are open where the case has no one death.
    `stated` is whether anybody says when it was taken.
    """

    id: str
    site: str
    matrix: str
    taken: Bound = ANY
    after_death: Bound = ANY
    stated: bool = False
    rests: tuple[str, ...] = ()


def specimen_of(hearing: Hearing, event: RecordedEvent, death: str) -> Specimen:
    """Give what is known of the specimen of a `toxicology` event; `death` is the node of the death, empty for none."""
    name = read_id(str(said(event, "specimen"))).id
    sample = hearing.timeline.by_id.get(name) if name in hearing.statements else None
    site, matrix = (str(said(event, one) or (said(sample, one) if sample else "")) for one in ("site", "matrix"))
    if sample is None:
        return _unnamed(hearing, event, death, Specimen(id=name, site=site, matrix=matrix))
    known = Specimen(id=sample.id, site=site, matrix=matrix)
    collected = str(said(sample, "collected"))
    if collected:
        return _collected(hearing, sample, collected, death, known)
    return _dated(hearing, sample.id, death, known)


def _unnamed(hearing: Hearing, event: RecordedEvent, death: str, known: Specimen) -> Specimen:
    """Take the measurement as the latest that the sample can have been taken."""
    end = hearing.nodes(event.id).end
    taken, after = Bound(None, hearing.bound(end).hi), ANY
    if death:
        after = Bound(None, hearing.network.between(death, end).hi)
    return Specimen(
        id=known.id, site=known.site, matrix=known.matrix, taken=taken, after_death=after, rests=(event.id,)
    )


def _dated(hearing: Hearing, sample: str, death: str, known: Specimen) -> Specimen:
    nodes = hearing.nodes(sample)
    taken = Bound(hearing.bound(nodes.start).lo, hearing.bound(nodes.end).hi)
    after = ANY
    if death:
        first, last = (hearing.network.between(death, one) for one in (nodes.start, nodes.end))
        after = Bound(first.lo, last.hi)
    return Specimen(
        id=known.id, site=known.site, matrix=known.matrix, taken=taken, after_death=after,
        stated=taken != ANY or after != ANY, rests=(sample,),
    )  # fmt: skip


def _collected(hearing: Hearing, sample: RecordedEvent, text: str, death: str, known: Specimen) -> Specimen:
    """Read when it was collected: a date, or relative to an event of the case."""
    taken, after, at = ANY, ANY, hearing.bound(death) if death else ANY
    for moment, bound in _places(hearing, _when(hearing, sample, text)):
        own = hearing.bound(moment.node) if moment.node else Bound(0, 0)
        taken = taken.meet(_plus(own, bound))
        if death:
            span = gap(hearing.network, Moment(death), moment) if moment.node else at.negate()
            after = after.meet(_plus(span, bound))
    return Specimen(
        id=known.id, site=known.site, matrix=known.matrix, taken=taken, after_death=after,
        stated=taken != ANY, rests=(sample.id,),
    )  # fmt: skip


def _when(hearing: Hearing, sample: RecordedEvent, text: str) -> When | None:
    try:
        return read_when(text, zone=hearing.timeline.zone_of(sample), own_id=sample.id)
    except Fault:
        return None


def _places(hearing: Hearing, when: When | None) -> list[tuple[Moment, Bound]]:
    """Give the parts of a time as bounds from an instant; the origin has no node. Soft and unclear parts bound none."""
    found = []
    for part in when.parts if when else ():
        if part.soft:
            continue
        if part.anchor is None:
            found.append((Moment(""), part.outer))
        elif part.anchor.id in hearing.statements:
            try:
                found.append((Moment(hearing.node(part.anchor)), part.outer))
            except Fault:
                continue
    return found


def _plus(a: Bound, b: Bound) -> Bound:
    return Bound(
        None if a.lo is None or b.lo is None else a.lo + b.lo, None if a.hi is None or b.hi is None else a.hi + b.hi
    )
