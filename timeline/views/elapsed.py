"""The time between two events: B's start or first minus A's end or last. May be negative, and says what it used.

JSON: `{"view": "elapsed", "elapsed": {"min_us", "max_us"}, "whole_days": {"min", "max"}, "calendar_days": {"min",
"max"}}`. `whole_days` are whole 24-hour periods, truncated toward zero; `calendar_days` civil dates in B's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.dates.turning_back import dates_onward
from events.when import DAY, Bound, Point, Ref
from timeline.answers import Answer, Rests, bound_json, elapsed_json, whole_days
from timeline.asking import words
from timeline.asking.questions import read_ref
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, view


@view(
    "elapsed",
    asks="the time between two events",
    parameters=(
        Parameter(name="a", kind="positional", shown="A", required=True, help="the event it is counted from"),
        Parameter(name="b", kind="positional", shown="B", required=True, help="the event it is counted to"),
    ),
)
def elapsed(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the bounds of the time from A to B."""
    a, b = read_ref(timeline, params["a"], "end"), read_ref(timeline, params["b"], "start")
    hearing = timeline.hear(account, named=(a.id, b.id))
    start, end = hearing.node(a), hearing.node(b)
    found = hearing.difference(start, end)
    zone = hearing.zone(b.id)
    days = _calendar_days(hearing.calendar_days(start, end, zone), found.bound, zone)
    values = {
        "elapsed": elapsed_json(found.bound),
        "whole_days": bound_json(whole_days(found.bound)),
        "calendar_days": bound_json(days),
    }
    rests = Rests(min=found.lo_rests, max=found.hi_rests)
    ids = tuple(dict.fromkeys((*rests.both, a.id, b.id)))
    undated = tuple(one for one in dict.fromkeys((a.id, b.id)) if not _dated(hearing, one))
    text = words.elapsed(found.bound)
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, _said(hearing, (a, b), text, days), ids, undated=undated),
        tight=hearing.tight(start, end),
        rests_on=rests,
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*_used(hearing, a, b), *_unzoned(timeline, b, zone), *hearing.notes_on(ids)),
    )


def _calendar_days(days: Bound, span: Bound, zone: str) -> Bound:
    """Give the civil dates between: dates run as the instants do, but where a zone's clocks went back past midnight."""
    onward = dates_onward(zone)
    if span.lo is not None and span.lo >= 0:
        days = days.meet(onward)
    if span.hi is not None and span.hi <= 0:
        days = days.meet(onward.negate())
    return days


def _dated(hearing: Hearing, event_id: str) -> bool:
    said = hearing.statements.get(event_id)
    return said is not None and said.bounds and event_id not in hearing.set_aside


def _said(hearing: Hearing, refs: tuple[Ref, Ref], text: str, days: Bound) -> str:
    """Say the answer with both ends, their dates and zone, and the three rulers where days are the measure."""
    a, b = refs
    zone = hearing.zone(b.id)
    at = [hearing.bound(hearing.node(ref)) for ref in refs]
    ends = [f"{_point(hearing, ref)} ({words.instants(bound, zone)})" for ref, bound in zip(refs, at, strict=True)]
    span = hearing.difference(hearing.node(a), hearing.node(b)).bound
    rulers = ""
    if span.lo is not None and span.lo >= DAY:
        rulers = f": {words.trio(days, whole_days(span), dates=words.dates(at[0], at[1], zone))}"
    return f"from {ends[0]} to {ends[1]}, {zone}: {text}{rulers}"


def _point(hearing: Hearing, ref: Ref) -> str:
    nodes = hearing.nodes(ref.id)
    if nodes.single:
        return f"@{ref.id}"
    names: tuple[Point, ...] = ("first", "last", "start", "end") if nodes.several else ("start", "end")
    used = ref.point or next(name for name in names if nodes.at(name) == hearing.node(ref))
    return f"@{ref.id}.{used}"


def _used(hearing: Hearing, a: Ref, b: Ref) -> tuple[str, ...]:
    shown = [_point(hearing, ref) for ref in (a, b) if not hearing.nodes(ref.id).single]
    return (f"counted from {_point(hearing, a)} to {_point(hearing, b)}",) if shown else ()


def _unzoned(timeline: CaseTimeline, b: Ref, zone: str) -> tuple[str, ...]:
    event = timeline.by_id.get(b.id)
    if zone == "UTC" and not (timeline.zone_of(event) if event else timeline.zone):
        return (f"calendar days are counted in UTC: neither @{b.id} nor the case has a zone",)
    return ()
