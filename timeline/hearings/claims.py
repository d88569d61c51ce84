"""What claims of time tie together: elapsed, order, same, last. Counts nothing: totals act elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from events.errors import Fault
from events.event import RecordedEvent
from events.when import Part, Point, Ref, Side
from events.when_text import read_when, so_long_before
from timeline.fold import Folded, said
from timeline.network import Edge

POINTS: Final[tuple[Point, ...]] = ("first", "last", "start", "end")
_FIELDS: Final[dict[str, tuple[tuple[str, Side], ...]]] = {
    "claim.last": (("before", "start"),),
    "claim.order": (("first", "end"), ("then", "start")),
    "claim.elapsed": (("from", "end"), ("to", "start")),
}
Target = Callable[[Ref], str]


def claimed_refs(timeline: Folded, event: RecordedEvent) -> tuple[Ref, ...]:
    """Give the events that a claim of time speaks of, and those that the ends of a claim's period refer to.

    The tellings that `claim.same` speaks of are none: each account uses the tellers it keeps (SEMANTICS 5).
    """
    if event.type in _FIELDS:
        return tuple(ref for name, side in _FIELDS[event.type] if (ref := _ref(event, name, side)).id)
    if event.type in {"claim.total", "claim.complete"}:
        return tuple(ref for name in ("from", "to") for ref in _period(timeline, event, name))
    return ()


def acting_edges(timeline: Folded, event: RecordedEvent, target: Target) -> list[Edge]:
    """Give the edges that a claim puts between events; `target` gives the node of a reference, empty for none."""
    if event.type == "claim.order":
        ends = [target(_ref(event, name, side)) for name, side in _FIELDS[event.type]]
        return [Edge(ends[0], ends[1], 1, None)] if all(ends) else []
    if event.type == "claim.same":
        return _same(event, target)
    if event.type == "claim.last":
        return _last(timeline, event, target)
    return []


def tied_parts(timeline: Folded, event: RecordedEvent) -> Iterator[tuple[Part, Ref]]:
    """Give what `claim.elapsed` says: parts relative to its `to`, of the instant of its `from`."""
    if event.type != "claim.elapsed":
        return
    start, end = (_ref(event, name, side) for name, side in _FIELDS[event.type])
    text = so_long_before(str(said(event, "elapsed")), f"@{end.id}.{end.point or 'start'}")
    try:
        parts = read_when(text, zone=timeline.zone_of(event)).parts
    except Fault:
        return
    for part in parts:
        yield part, start


def read_id(text: str, side: Side = "single") -> Ref:
    """Read an id as data write it, with or without `@`, with a point where needed.

    >>> str(read_id("scene.end")), str(read_id("@death"))
    ('@scene.end', '@death')
    """
    plain = text.strip().removeprefix("@")
    for point in POINTS:
        if plain.endswith(f".{point}"):
            return Ref(id=plain.removesuffix(f".{point}"), point=point, side=side)
    return Ref(id=plain, side=side)


def last_node(timeline: Folded, event: RecordedEvent, before: str) -> str:
    """Give the node of the one instant that all claims of a last with this scope and anchor share.

    Event ids have no blanks, so that it is never the node of an event.
    """
    scope = [timeline.same_name(str(said(event, name))) or "any" for name in ("of", "substance", "given_by")]
    return f"last {' / '.join(scope)} before {before}"


def _last(timeline: Folded, event: RecordedEvent, target: Target) -> list[Edge]:
    before = target(_ref(event, "before", "start"))
    if not before:
        return []
    shared = last_node(timeline, event, before)
    return [Edge(shared, event.id, 0, 0), Edge(shared, before, 0, None)]


def _same(event: RecordedEvent, target: Target) -> list[Edge]:
    """Tie one happening's tellings: instant to instant, and a single instant into the span another tells of."""
    edges: list[Edge] = []
    ids = [read_id(str(one)).id for one in said(event, "ids") or ()]
    told = [tuple(target(Ref(id=one, point=point)) for point in ("start", "first", "last", "end")) for one in ids]
    for a, b in pairwise(told):
        if not (all(a) and all(b)):
            continue
        if len(set(a)) == len(set(b)):
            edges += [Edge(x, y, 0, 0) for x, y in dict.fromkeys(zip(a, b, strict=True))]
        else:
            edges += [Edge(a[0], b[3], 0, None), Edge(b[0], a[3], 0, None)]
    return edges


def _ref(event: RecordedEvent, name: str, side: Side) -> Ref:
    return read_id(str(said(event, f"{name}_") or said(event, name)), side)


def _period(timeline: Folded, event: RecordedEvent, name: str) -> tuple[Ref, ...]:
    text = str(said(event, f"{name}_") or said(event, name))
    try:
        return read_when(text, zone=timeline.zone_of(event), own_id=event.id).refs if text else ()
    except Fault:
        return ()
