"""The time from the last of a type to the anchor, as arrows with bounds: all together, then each speaker alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from events.errors import Fault
from events.when import DAY
from timeline.answers import Answer
from timeline.asking.sides import Sides, by_speaker
from timeline.asking.words import listed
from timeline.charts.chart import Chart
from timeline.charts.subject import NONE_GIVEN, Subject
from timeline.charts.theme import INK, LINE, QUIET, WIDTH, config, hatch, layer

ROW: Final = 34
MOST: Final = 12
"""Speakers that have an arrow of their own; the others are in the table."""
_HEAD: Final = ("on whose word", "answer", "standing")
_OPEN: Final = 1.18
"""How far the axis reaches beyond the greatest bound, so that an open end has room to be open."""


def last(subject: Subject) -> Chart:
    """Give the chart for the type of the options, else the case's first administration; raises `Fault`."""
    kind = str(subject.options.get("type") or "") or _first(subject)
    question = {"type": kind, "at": f"@{subject.anchor}"}
    if not subject.anchor:
        raise Fault("there is nothing to measure from", "name the event with --at, such as --at @death")
    sides = by_speaker(subject.timeline, "days-since-last", question, subject.account)
    lanes = [("all together", sides.together), *((one.shown, one.answer) for one in sides.sides)]
    said = kind.replace("_", " ")
    title = f"Time from the last {said} to @{subject.anchor}"
    return Chart(
        name=f"last-{kind}",
        title=title,
        alt=f"{title}. {_alt(sides)}",
        specify=lambda: _spec(lanes[: MOST + 1], subject.anchor),
        caption="Hatched: where the last one may lie. The arrow: from the latest instant it may have had to the anchor."
        " An arrowhead at the left says that the record sets no bound there.",
        head=_HEAD,
        rows=tuple((name, answer.text, _standing(subject, name, answer)) for name, answer in lanes),
        ids=tuple(answer.rests_on.both for _, answer in lanes),
    )


def kinds(subject: Subject) -> tuple[str, ...]:
    """Give the types of administration that the account tells of, in the order of the vocabulary."""
    from events.event import event_types

    told = {event.type for event in subject.hearing.counted}
    return tuple(each.name for each in event_types().values() if each.administration and each.name in told)


def _first(subject: Subject) -> str:
    found = kinds(subject)
    if not found:
        raise Fault("the account tells of no administration", "name a type with --type")
    return found[0]


def _alt(sides: Sides) -> str:
    said = [f"{one.shown}: {one.answer.text}" for one in sides.sides]
    apart = [f"{listed([name or 'nobody named' for name in pair])} cannot both be true" for pair in sides.exclude]
    return "; ".join((f"All together: {sides.together.text}", *said, *apart)) + "."


def _standing(subject: Subject, name: str, answer: Answer) -> str:
    told = (subject.timeline.by_id[one] for one in answer.rests_on.both if one in subject.timeline.by_id)
    own = (one for one in told if name in ("all together", one.source.speaker or "nobody named"))
    return listed(list(dict.fromkeys(one.source.standing or NONE_GIVEN for one in own)))


def _days(answer: Answer) -> tuple[float, float | None] | None:
    """Give the bounds in days; None where there is no such time, or nothing is known of it."""
    found: Mapping[str, Any] | None = answer.values["elapsed"]
    if found is None:
        return None
    hi = found["max_us"]
    return (found["min_us"] or 0) / DAY, None if hi is None else hi / DAY


# --- the picture -----------------------------------------------------------------------------------------------------


def _spec(lanes: list[tuple[str, Answer]], anchor: str) -> dict[str, Any]:
    import altair as alt

    bounds = [found for _, answer in lanes if (found := _days(answer)) is not None]
    known = [end for pair in bounds for end in pair if end is not None]
    reach = max(max(known, default=1.0) * _OPEN, 1 / 24)
    unit, size = ("days", 1.0) if reach > 2 else ("hours", 24.0)
    x = alt.X("x:Q", title=f"{unit} before @{anchor} (of 24 hours)" if unit == "days" else f"hours before @{anchor}")
    x = x.scale(domain=[reach * size, 0], nice=False).axis(grid=True, tickCount=10)
    y = alt.Y("y:Q", axis=None).scale(domain=[0, len(lanes)], reverse=True, nice=False, zero=False)
    across = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    rows = [(n, name, answer, _days(answer)) for n, (name, answer) in enumerate(lanes)]
    layers = [
        layer([{"y": n} for n in range(len(lanes) + 1)], {"type": "rule", "color": LINE}, y=y),
        layer([{"x": 0}], {"type": "rule", "color": INK, "strokeWidth": 2}, x=x),
        *_arrows(rows, reach, size, across),
        *_words(rows, reach, size, x, y),
    ]
    return config(alt.layer(*layers).properties(width=WIDTH, height=len(lanes) * ROW).configure_view(clip=False))


Rows = list[tuple[int, str, Answer, tuple[float, float | None] | None]]


def _arrows(rows: Rows, reach: float, size: float, across: dict[str, Any]) -> Iterable[Any]:
    """Draw where the last may lie as a hatched span, and from its latest instant an arrow to the anchor."""
    spans, strokes, shafts, heads, opens = [], [], [], [], []
    for n, _, _, bound in rows:
        if bound is None:
            continue
        least, most = bound
        far = reach if most is None else most
        box = {"x": far * size, "x2": least * size, "y": n + 0.52, "y2": n + 0.88}
        spans.append(box)
        lines = hatch(-box["x"], -box["x2"], box["y"], box["y2"], across=reach * size / 90, up=0.36 * 0.7)
        strokes += [{"x": -each["x"], "x2": -each["x2"], "y": each["y"], "y2": each["y2"]} for each in lines]
        shafts += [{"x": least * size, "x2": 0, "y": n + 0.7, "y2": n + 0.7}] if least else []
        heads += [{"x": reach * size * 0.006, "y": n + 0.7}] if least else []
        opens += [{"x": reach * size, "x2": reach * size * 0.93, "y": n + 0.48, "y2": n + 0.92}] if most is None else []
    yield layer(spans, {"type": "rect", "fill": "#eef2f6", "stroke": INK, "strokeWidth": 1.2}, **across)
    yield layer(strokes, {"type": "rule", "color": QUIET, "strokeWidth": 1}, **across)
    yield layer(shafts, {"type": "rule", "color": INK, "strokeWidth": 2.4}, **across)
    plain = {"x": across["x"], "y": across["y"]}
    yield layer(
        heads,
        {"type": "point", "shape": "triangle-right", "filled": True, "size": 90, "color": INK, "opacity": 1},
        **plain,
    )
    stops = [{"offset": 0, "color": "rgba(255,255,255,1)"}, {"offset": 1, "color": "rgba(255,255,255,0)"}]
    fade = {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 0, "stops": stops}
    yield layer(opens, {"type": "rect", "color": fade}, **across)
    ends = [{"x": one["x"] * 0.994, "y": one["y"] + 0.22} for one in opens]
    yield layer(
        ends,
        {"type": "point", "shape": "triangle-left", "filled": True, "size": 80, "color": INK, "opacity": 1},
        **plain,
    )


def _words(rows: Rows, reach: float, size: float, x: Any, y: Any) -> Iterable[Any]:
    """Write on whose word each arrow is, and the bounds, above it."""
    named = [{"x": reach * size, "y": n + 0.27, "t": f"{name}: {answer.text}"} for n, name, answer, _ in rows]
    look = {"type": "text", "align": "left", "baseline": "middle", "color": INK, "fontSize": 11, "limit": WIDTH}
    yield layer(named[:1], {**look, "fontWeight": "bold"}, x=x, y=y, text="t:N")
    yield layer(named[1:], look, x=x, y=y, text="t:N")
