"""Strips of time with one lane a stream: the whole case, and its final days. Draws bounds, never a point in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from events.dates.civil import civil_date
from events.errors import Fault
from events.event import find_type
from events.when import DAY, Bound
from timeline.asking.words import date, listed, plural
from timeline.charts.axis import Axis, around
from timeline.charts.chart import Chart
from timeline.charts.lanes import THIN, Laid, Span, label_inside, label_left, lay, pixels
from timeline.charts.subject import Happening, Subject
from timeline.charts.theme import BAND, INK, LINE, QUIET, WIDTH, config, labels, layer, standing_scales

FINAL_DAYS: Final = 5
ROW: Final = 20
"""Pixels that one row of a lane is high."""
LANES: Final = (
    "infusion", "injection", "nasal spray", "oral dose", "dose", "treatment", "supply", "communication",
    "seen alive", "death", "after death", "justice", "other",
)  # fmt: skip
_DEATH: Final = {"last_seen_alive": "seen alive", "found": "death", "death": "death", "pronounced": "death"}
_HEAD: Final = ("lane", "event", "when", "standing")
_MOST_ROWS: Final = 60


def overview(subject: Subject) -> Chart:
    """Give the whole case as one strip; raises `Fault` where nothing in it has a date."""
    axis = around([one.bound for one in subject.happenings], subject.zone)
    if axis is None:
        raise Fault("no event of the account has a date", "there is no overview to draw")
    return _strip(subject, axis, "overview", "The whole case", subject.happenings, ())


def final_days(subject: Subject) -> Chart:
    """Give the days before the anchor and the day after; raises `Fault` where there is no anchor."""
    days = int(subject.options.get("days") or FINAL_DAYS)
    at = subject.anchored
    axis = Axis((at.lo or 0) - days * DAY - DAY // 4, (at.hi or 0) + DAY, subject.zone)
    inside = [one for one in subject.happenings if axis.meets(one.bound) and not axis.holds_all(one.bound)]
    anywhere = [one for one in subject.happenings if axis.holds_all(one.bound)]
    more = (f"{plural(len(anywhere), 'event')} that may lie anywhere in these days or outside them not drawn",)
    marks = [
        at.widen(0) if n == 0 else Bound((at.lo or 0) - n * DAY, (at.hi or 0) - n * DAY) for n in range(1, days + 1)
    ]
    title = f"The {plural(days, 'day')} before @{subject.anchor}"
    return _strip(subject, axis, "final-days", title, inside, more if anywhere else (), marks)


def _strip(
    subject: Subject,
    axis: Axis,
    name: str,
    title: str,
    shown: Sequence[Happening],
    beside: tuple[str, ...],
    marks: Sequence[Bound] = (),
) -> Chart:
    laid = lay((_span(one) for one in shown), axis, LANES)
    undrawn = f"{plural(subject.undrawn, 'event')} without any bound not drawn" if subject.undrawn else ""
    lanes = listed([lane for lane, _ in laid.crowded])
    coarse = f"Too many to draw one by one, shaded by how many may lie there: {lanes}" if lanes else ""
    notes = tuple(part for part in (*beside, undrawn, coarse) if part)
    listed_rows = shown[:_MOST_ROWS]
    return Chart(
        name=name,
        title=title,
        alt=_alt(subject, axis, title, shown, notes),
        specify=lambda: _spec(subject, axis, laid, marks) if laid.depth else {},
        caption="Each bar reaches over all instants that the record allows; an arrow says that an end is open. Fills"
        " show the standing, as the legend says.",
        head=_HEAD,
        rows=tuple((_lane(one), f"@{one.event.id}", subject.words(one.bound), one.standing) for one in listed_rows),
        ids=tuple((one.event.id,) for one in listed_rows),
    )


def _span(one: Happening) -> Span:
    count = one.event.written.get("count", "")
    label = f"{one.event.id} ({count})" if one.administration and count else one.event.id
    kind = one.event.type.replace("_", " ")
    return Span(lane=_lane(one), kind=kind, bound=one.bound, label=label, standing=one.standing, ids=(one.event.id,))


def _lane(one: Happening) -> str:
    kind = one.event.type
    if one.administration:
        return kind.replace("_", " ")
    if kind in _DEATH:
        return _DEATH[kind]
    known = find_type(kind)
    return {"death": "after death"}.get(known.family, known.family) if known and known.family in _FAMILIES else "other"


_FAMILIES: Final = frozenset({"treatment", "supply", "communication", "death", "justice"})


def _alt(subject: Subject, axis: Axis, title: str, shown: Sequence[Happening], notes: Iterable[str]) -> str:
    """Say what the strip shows: how many events in each lane, with the first and the last bound of it."""
    lanes: dict[str, list[Happening]] = {}
    for one in shown:
        lanes.setdefault(_lane(one), []).append(one)
    said = [
        f"{lane}: {plural(len(lanes[lane]), 'event')}, {_reach(subject, lanes[lane])}"
        for lane in LANES
        if lane in lanes
    ]
    anchor = f"@{subject.anchor}: {subject.words(subject.anchored)}" if subject.anchor else ""
    first, last = (date(civil_date(end, axis.zone)) for end in (axis.lo, axis.hi))
    reach = f"{title}, {first} to {last} ({axis.zone})"
    return ". ".join(part for part in (reach, anchor, "; ".join(said), *notes) if part) + "."


def _reach(subject: Subject, lane: Sequence[Happening]) -> str:
    los, his = [one.bound.lo for one in lane], [one.bound.hi for one in lane]
    lo = None if None in los else min(one for one in los if one is not None)
    hi = None if None in his else max(one for one in his if one is not None)
    return subject.words(Bound(lo, hi)) if lo is not None or hi is not None else "open at both ends"


# --- the picture -----------------------------------------------------------------------------------------------------


def _spec(subject: Subject, axis: Axis, laid: Laid, marks: Sequence[Bound]) -> dict[str, Any]:
    import altair as alt

    x = alt.X("x:T", title=f"local time, {axis.zone}").scale(type="utc", domain=axis.domain, nice=False)
    x = x.axis(format=axis.tick, grid=True, tickCount=8)
    y = alt.Y("y:Q", axis=None).scale(domain=[0, laid.rows], reverse=True, nice=False, zero=False)
    across = {"x": x, "x2": "x2:T", "y": y, "y2": "y2:Q"}
    layers = [
        *_anchor(subject, axis, laid, marks, across),
        *_lanes(axis, laid, x, y),
        *_shades(axis, laid, across, x, y),
        *_bars(axis, laid, across, x, y),
        *_labels(axis, laid, x, y),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=laid.rows * ROW)
    return config(chart.configure_view(clip=False))


def _anchor(subject: Subject, axis: Axis, laid: Laid, marks: Sequence[Bound], across: dict[str, Any]) -> Iterable[Any]:
    """Draw the anchor as a band over its bounds, and the same so many days before."""
    if not subject.anchor:
        return
    at = subject.anchored
    rows = [_box(axis, at, 0, laid.rows)]
    yield layer(
        rows, {"type": "rect", "color": BAND, "stroke": QUIET, "strokeWidth": 1, "strokeDash": [4, 3]}, **across
    )
    top = [{"x": axis.x(at.lo or 0), "y": 0, "t": f"@{subject.anchor}"}]
    before = [
        {"x": axis.x(one.lo or 0), "y": 0, "t": f"−{n} d"} for n, one in enumerate(marks, 1) if (one.lo or 0) > axis.lo
    ]
    look = {"type": "text", "align": "left", "baseline": "bottom", "dy": -4, "color": QUIET, "fontSize": 11}
    plain = {"x": across["x"], "y": across["y"], "text": "t:N"}
    yield layer([*top, *before], look, **plain)
    bands = [_box(axis, one, 0, laid.rows) for one in marks if (one.lo or 0) > axis.lo]
    yield layer(bands, {"type": "rect", "color": BAND, "opacity": 0.45}, **across)


def _box(axis: Axis, bound: Bound, y: float, y2: float) -> dict[str, float]:
    lo, hi = bound.lo or 0, bound.hi or 0
    wide = max(axis.pixel(hi) - axis.pixel(lo), 2.0)
    return {"x": axis.x(lo), "x2": axis.x(axis.at(axis.pixel(lo) + wide)), "y": y, "y2": y2}


def _lanes(axis: Axis, laid: Laid, x: Any, y: Any) -> Iterable[Any]:
    """Draw the names of the lanes at the left and a line between two lanes."""
    names, lines, start = [], [], 0
    for lane, depth in laid.depth:
        names.append({"x": axis.domain[0], "y": start + depth / 2, "t": lane})
        lines.append({"y": start})
        start += depth
    lines.append({"y": start})
    yield layer(lines, {"type": "rule", "color": LINE, "strokeWidth": 1}, y=y)
    look = {"type": "text", "align": "right", "dx": -8, "baseline": "middle", "fontWeight": "bold", "fontSize": 11}
    yield layer(names, {**look, "color": INK}, x=x, y=y, text="t:N")


def _shades(axis: Axis, laid: Laid, across: dict[str, Any], x: Any, y: Any) -> Iterable[Any]:
    """Draw a crowded lane: the darker a step, the more events may lie in it."""
    import altair as alt

    most = max((one.count for one in laid.shades), default=1)
    rows = [
        {"x": axis.x(axis.at(one.left)), "x2": axis.x(axis.at(one.right)), "y": one.row + 0.1, "y2": one.row + 0.9}
        | {"n": (one.count / most) ** 0.5}
        for one in laid.shades
    ]
    if rows:
        shade = alt.Color("n:Q", legend=None).scale(domain=[0, 1], range=["#f1f4f7", "#33506e"])
        yield layer(rows, {"type": "rect"}, **across, color=shade)
        told = {one.lane: one for one in laid.shades}
        words = [
            {"x": axis.domain[1], "y": told[lane].row + 0.5, "t": plural(count, "event")}
            for lane, count in laid.crowded
        ]
        look = {**_text("left"), "dx": 6, "color": QUIET}
        yield layer(words, look, x=x, y=y, text="t:N")


def _bars(axis: Axis, laid: Laid, across: dict[str, Any], x: Any, y: Any) -> Iterable[Any]:
    """Draw each span: a bar over its bounds, a diamond where they are one instant, an arrow at an open end."""
    bars, points, arrows = [], [], []
    for span in laid.spans:
        left, right = pixels(span, axis)
        same = {"standing": span.standing, "href": f"#e-{span.id}", "ids": ", ".join(span.ids[:9])}
        if right - left < THIN:
            points.append(
                {
                    "x": axis.domain[0] + (axis.x(axis.at((left + right) / 2)) - axis.domain[0]),
                    "y": span.row + 0.5,
                    **same,
                }
            )
            continue
        bars.append(
            {
                "x": axis.x(axis.at(left)),
                "x2": axis.x(axis.at(right)),
                "y": span.row + 0.22,
                "y2": span.row + 0.78,
                **same,
            }
        )
        arrows += [{"x": axis.domain[0], "y": span.row + 0.5, "way": "left"}] if span.bound.lo is None else []
        arrows += [{"x": axis.domain[1], "y": span.row + 0.5, "way": "right"}] if span.bound.hi is None else []
    shown = {**standing_scales(span.standing for span in laid.spans), "href": "href:N", "description": "ids:N"}
    yield layer(bars, {"type": "bar", "stroke": INK, "strokeWidth": 1.1, "clip": True}, **across, **shown)
    for way, fades in (("left", [1, 0]), ("right", [0, 1])):
        rows = [one for one in arrows if one["way"] == way]
        if rows:
            yield layer(_fading(rows, axis, way), {"type": "rect", "color": _gradient(fades)}, **across)
            yield layer(
                rows, {"type": "point", "shape": f"triangle-{way}", "filled": True, "size": 70, "color": INK}, x=x, y=y
            )
    look = {
        "type": "point",
        "shape": "diamond",
        "filled": True,
        "size": 80,
        "stroke": INK,
        "strokeWidth": 1.1,
        "opacity": 1,
    }
    yield layer(points, look, x=x, y=y, **shown)


def _fading(rows: Iterable[dict[str, Any]], axis: Axis, way: str) -> list[dict[str, Any]]:
    """Give the white veil over the open end of each bar."""
    ends = (
        (axis.x(axis.at(0)), axis.x(axis.at(46)))
        if way == "left"
        else (axis.x(axis.at(WIDTH - 46)), axis.x(axis.at(WIDTH)))
    )
    return [{"x": ends[0], "x2": ends[1], "y": one["y"] - 0.3, "y2": one["y"] + 0.3} for one in rows]


def _gradient(opacity: Sequence[float]) -> dict[str, Any]:
    stops = [{"offset": n, "color": f"rgba(255,255,255,{each})"} for n, each in enumerate(opacity)]
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 0, "stops": stops}


def _labels(axis: Axis, laid: Laid, x: Any, y: Any) -> Iterable[Any]:
    """Write the id beside each span, or in it where there is room nowhere else."""
    sides: dict[str, list[dict[str, Any]]] = {"left": [], "right": [], "inside": []}
    for span in (one for one in laid.spans if one.label):
        left, right = pixels(span, axis)
        inside, before = label_inside(span, axis), label_left(span, axis)
        off = 9 if right - left < THIN else 5
        at = (left + right) / 2 if inside else left - off if before else right + off
        side = "inside" if inside else "left" if before else "right"
        sides[side].append({"x": axis.x(axis.at(at)), "y": span.row + 0.5, "t": span.label})
    looks: tuple[tuple[str, str], ...] = (("left", "right"), ("right", "left"), ("inside", "center"))
    for side, align in looks:
        yield from labels(sides[side], _text(align), x=x, y=y, text="t:N")


def _text(align: str) -> dict[str, Any]:
    return {"type": "text", "align": align, "baseline": "middle", "color": INK, "fontSize": 11}


Maker = Callable[[Subject], Chart]
