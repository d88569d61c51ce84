"""Spans laid into lanes so that none hides another: like ones grouped, crowded lanes shaded. Draws nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, final

from events.when import Bound
from timeline.charts.axis import Axis
from timeline.charts.theme import CHARACTER, WIDTH

CROWDED: Final = 40
"""Spans of one lane beyond which it is shaded, step by step, by how many events may lie there."""
DEEPEST: Final = 8
"""Rows of one lane beyond which it is shaded likewise."""
STEPS: Final = 100
THIN: Final = 4.0
"""Pixels below which a span is drawn as a mark of its own."""
_ROOM: Final = 8.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One event, or several with the same bounds: where it may lie on the axis, and what is written beside it."""

    lane: str
    kind: str
    bound: Bound
    label: str
    standing: str
    ids: tuple[str, ...]
    row: int = 0

    @property
    def id(self) -> str:
        """The event that the mark links to."""
        return self.ids[0]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """One step of a crowded lane, in pixels from the left, and how many of its events may lie there."""

    lane: str
    row: int
    left: float
    right: float
    count: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Lanes from top to bottom, each with its rows: `spans` have a row each, `depth` how many rows a lane has.

    A crowded lane has one row of `shades` in place of spans.
    """

    spans: tuple[Span, ...] = ()
    depth: tuple[tuple[str, int], ...] = ()
    shades: tuple[Shade, ...] = ()
    crowded: tuple[tuple[str, int], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(depth for _, depth in self.depth)


def lay(spans: Iterable[Span], axis: Axis, order: Sequence[str]) -> Laid:
    """Lay spans into lanes, in the order of the lanes given; lanes without a span are left out."""
    by_lane: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_lane[span.lane].append(span)
    placed: list[Span] = []
    shades: list[Shade] = []
    depths: list[tuple[str, int]] = []
    crowded: list[tuple[str, int]] = []
    for lane in (name for name in order if name in by_lane):
        grouped = _grouped(by_lane[lane], axis)
        start = sum(depth for _, depth in depths)
        rows = _packed(grouped, axis) if len(grouped) <= CROWDED else []
        deep = max((span.row for span in rows), default=DEEPEST) + 1
        if deep <= DEEPEST:
            placed += [replace(span, row=start + span.row) for span in rows]
            depths.append((lane, deep))
        else:
            shades += _shaded(by_lane[lane], axis, lane, start)
            crowded.append((lane, sum(len(span.ids) for span in by_lane[lane])))
            depths.append((lane, 1))
    return Laid(spans=tuple(placed), depth=tuple(depths), shades=tuple(shades), crowded=tuple(crowded))


def pixels(span: Span, axis: Axis) -> tuple[float, float]:
    """Give the left and right end of a span in pixels; an open end is the end of the axis."""
    left = 0.0 if span.bound.lo is None else axis.pixel(span.bound.lo)
    return left, WIDTH if span.bound.hi is None else axis.pixel(span.bound.hi)


def label_left(span: Span, axis: Axis) -> bool:
    """Whether the label stands left of the span, as it has no room at its right."""
    left, right = pixels(span, axis)
    wide = _wide(span)
    return right + wide > WIDTH and left - wide >= 0


def label_inside(span: Span, axis: Axis) -> bool:
    """Whether the label stands within the span, as it has room at neither side."""
    left, right = pixels(span, axis)
    return right + _wide(span) > WIDTH and left - _wide(span) < 0


def _wide(span: Span) -> float:
    return len(span.label) * CHARACTER + _ROOM if span.label else 0.0


def _extent(span: Span, axis: Axis) -> tuple[float, float]:
    left, right = pixels(span, axis)
    if label_inside(span, axis):
        return left - 2, right + 2
    wide = _wide(span)
    return (left - wide - 4, right + 4) if label_left(span, axis) else (left - 4, right + wide + 4)


def _grouped(spans: Sequence[Span], axis: Axis) -> list[Span]:
    """Make one of spans that look alike on the axis: the same bounds to the pixel, the same standing."""
    groups: defaultdict[tuple[object, ...], list[Span]] = defaultdict(list)
    for span in spans:
        left, right = pixels(span, axis)
        ends = (span.bound.lo is None, span.bound.hi is None, round(left), round(right))
        groups[(*ends, span.standing)].append(span)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Span]) -> Span:
    if len(group) == 1:
        return group[0]
    ids = tuple(one for span in group for one in span.ids)
    what = group[0].kind if all(span.kind == group[0].kind for span in group) else "event"
    return replace(group[0], ids=ids, label=f"{len(ids)} × {what}", bound=_hull(group))


def _hull(group: Sequence[Span]) -> Bound:
    los = [span.bound.lo for span in group]
    his = [span.bound.hi for span in group]
    lo = None if None in los else min(one for one in los if one is not None)
    return Bound(lo, None if None in his else max(one for one in his if one is not None))


def _shaded(spans: Sequence[Span], axis: Axis, lane: str, row: int) -> list[Shade]:
    """Count, for each step of the axis, the events that may lie in it: one that may lie in several counts in each."""
    wide = WIDTH / STEPS
    counts = [0] * (STEPS + 1)
    for span in spans:
        left, right = pixels(span, axis)
        counts[min(int(left / wide), STEPS - 1)] += len(span.ids)
        counts[min(int(right / wide), STEPS - 1) + 1] -= len(span.ids)
    found = list(accumulate(counts))[:STEPS]
    return [
        Shade(lane=lane, row=row, left=n * wide, right=(n + 1) * wide, count=count)
        for n, count in enumerate(found)
        if count
    ]


def _packed(spans: Sequence[Span], axis: Axis) -> list[Span]:
    """Put each span into the first row where neither it nor its label touches another."""
    ends: list[float] = []
    placed = []
    for span in sorted(spans, key=lambda one: (_extent(one, axis), one.id)):
        left, right = _extent(span, axis)
        row = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        placed.append(replace(span, row=row))
    return placed
