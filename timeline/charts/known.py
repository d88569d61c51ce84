"""What was known when: each event by when it happened and when the log learned of it. Says not who knew it before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from events.dates.civil import instant_text
from events.errors import Fault
from timeline.asking.words import plural
from timeline.charts.axis import Axis, around
from timeline.charts.chart import Chart
from timeline.charts.subject import Happening, Subject
from timeline.charts.theme import INK, LINE, QUIET, WIDTH, config, layer, standing_scales

HEIGHT: Final = 320
MANY: Final = 300
"""Events beyond which they are drawn in cells, each as dark as it has events."""
CELLS: Final = (44, 24)
MOST_LOADS: Final = 12
"""Recorded times that have a line of their own."""
_HEAD: Final = ("recorded", "events", "of them dated", "first and last of the positions")
_MOST_ROWS: Final = 40


def known(subject: Subject) -> Chart:
    """Give the chart; raises `Fault` where nothing in the account has a date."""
    axis = around([one.bound for one in subject.happenings], subject.zone)
    if axis is None:
        raise Fault("no event of the account has a date", "there is nothing to draw")
    loads = _loads(subject)
    title = "What was known when"
    return Chart(
        name="known",
        title=title,
        alt=_alt(subject, loads, title),
        specify=lambda: _spec(subject, axis, loads),
        caption="Across: when it happened, over all instants that the record allows. Down: the order in which the log"
        " learned of it.",
        head=_HEAD,
        rows=tuple(
            (_second(at), str(len(told)), str(sum(one in dated for one in told)), f"{told[0]} to {told[-1]}")
            for dated in ({one.event.case_position for one in subject.happenings},)
            for at, told in loads[:_MOST_ROWS]
        ),
        ids=tuple(() for _ in loads[:_MOST_ROWS]),
    )


Loads = list[tuple[int, list[int]]]


def _second(at: int) -> str:
    """Give a recorded time as it is gathered here, to the second.

    >>> _second(1_698_535_020_000_000)
    '2023-10-28T23:17:00Z'
    """
    return f"{instant_text(at)[:19]}Z"


def _loads(subject: Subject) -> Loads:
    """Give each second in which something was recorded, with the case positions of what was recorded then."""
    found: dict[int, list[int]] = {}
    for event in subject.hearing.counted:
        found.setdefault(event.recorded_at // 1_000_000 * 1_000_000, []).append(event.case_position)
    return sorted(found.items())


def _alt(subject: Subject, loads: Loads, title: str) -> str:
    shown = "; ".join(f"{plural(len(told), 'event')} recorded {_second(at)}" for at, told in loads[:6])
    more = f"; and {plural(len(loads) - 6, 'further time')}" if len(loads) > 6 else ""
    drawn = plural(len(subject.happenings), "event")
    undrawn = f"{plural(subject.undrawn, 'event')} without any bound not drawn." if subject.undrawn else ""
    return (
        f"{title}: {drawn} with a bound, across by when they happened, down by the order in which the log learned"
        f" of them. {shown}{more}. {undrawn}"
    ).rstrip()


def _spec(subject: Subject, axis: Axis, loads: Loads) -> dict[str, Any]:
    import altair as alt

    last = max(event.case_position for event in subject.hearing.counted) + 1
    x = alt.X("x:T", title=f"happened: local time, {axis.zone}").scale(type="utc", domain=axis.domain, nice=False)
    x = x.axis(format=axis.tick, grid=True, tickCount=8)
    y = alt.Y("y:Q", title="recorded: place in the case").scale(domain=[0, last], reverse=True, nice=False)
    y = y.axis(grid=False, tickCount=6, format="d")
    across = {"x": x, "x2": "x2:T", "y": y}
    drawn = (
        _marks(subject.happenings, axis, across)
        if len(subject.happenings) <= MANY
        else _cells(subject, axis, last, across)
    )
    chart = alt.layer(*drawn, *_lines(axis, loads, x, y)).properties(width=WIDTH - 40, height=HEIGHT)
    return config(chart.configure_view(clip=False))


def _lines(axis: Axis, loads: Loads, x: Any, y: Any) -> Iterable[Any]:
    """Draw a line where each load begins, with its recorded time."""
    kept = loads[:: max(1, -(-len(loads) // MOST_LOADS))]
    rows = [{"x": axis.domain[1], "y": told[0] - 0.5, "t": f"recorded {instant_text(at)[:16]}Z"} for at, told in kept]
    yield layer(rows, {"type": "rule", "color": LINE, "strokeDash": [3, 3]}, y=y)
    look = {"type": "text", "align": "right", "baseline": "top", "dy": 3, "color": QUIET, "fontSize": 10}
    yield layer(rows, {**look, "stroke": "#ffffff", "strokeWidth": 4}, x=x, y=y, text="t:N")
    yield layer(rows, look, x=x, y=y, text="t:N")


def _marks(happenings: Sequence[Happening], axis: Axis, across: dict[str, Any]) -> Iterable[Any]:
    """Draw each event as a stroke over its bounds, with an arrow where they are open; a short one as a dot."""
    spans, dots, opens = [], [], []
    for one in happenings:
        left = 0.0 if one.bound.lo is None else axis.pixel(one.bound.lo)
        right = float(WIDTH) if one.bound.hi is None else axis.pixel(one.bound.hi)
        row = {
            "y": one.event.case_position,
            "standing": one.standing,
            "href": f"#e-{one.event.id}",
            "ids": one.event.id,
        }
        if right - left < 5:
            dots.append({"x": axis.x(axis.at((left + right) / 2)), **row})
        else:
            spans.append({"x": axis.x(axis.at(left)), "x2": axis.x(axis.at(right)), **row})
        opens += [{"x": axis.domain[0], "y": one.event.case_position, "way": "left"}] if one.bound.lo is None else []
        opens += [{"x": axis.domain[1], "y": one.event.case_position, "way": "right"}] if one.bound.hi is None else []
    link = {"href": "href:N", "description": "ids:N"}
    yield layer(spans, {"type": "rule", "strokeWidth": 2, "color": QUIET}, **across, **link)
    for way in ("left", "right"):
        rows = [one for one in opens if one["way"] == way]
        look = {"type": "point", "shape": f"triangle-{way}", "filled": True, "size": 26, "color": QUIET, "opacity": 1}
        yield layer(rows, look, x=across["x"], y=across["y"])
    look = {"type": "point", "shape": "diamond", "size": 44, "stroke": INK, "strokeWidth": 1, "opacity": 1}
    shown = standing_scales(one.standing for one in happenings)
    yield layer(dots, look, x=across["x"], y=across["y"], **shown, **link)


def _cells(subject: Subject, axis: Axis, last: int, across: dict[str, Any]) -> Iterable[Any]:
    """Draw cells that count events by the middle of their bounds, or by the end that is known."""
    import altair as alt

    counts: dict[tuple[int, int], int] = {}
    wide, high = axis.pixel(axis.hi) / CELLS[0], last / CELLS[1]
    for one in subject.happenings:
        left = axis.pixel(one.bound.lo if one.bound.lo is not None else one.bound.hi or 0)
        right = axis.pixel(one.bound.hi if one.bound.hi is not None else one.bound.lo or 0)
        cell = (int((left + right) / 2 / wide), int(one.event.case_position / high))
        counts[cell] = counts.get(cell, 0) + 1
    rows = [
        {
            "x": axis.x(axis.at(across_ * wide)),
            "x2": axis.x(axis.at((across_ + 1) * wide)),
            "y": down * high,
            "y2": (down + 1) * high,
            "n": count,
        }
        for (across_, down), count in sorted(counts.items())
    ]
    shade = alt.Fill("n:Q", title="events in a cell").scale(range=["#dbe4ee", "#12355b"]).legend(orient="top")
    yield layer(rows, {"type": "rect"}, x=across["x"], x2="x2:T", y=across["y"], y2="y2:Q", fill=shade)
