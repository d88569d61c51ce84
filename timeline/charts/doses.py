"""Doses a day before the anchor, counts and amounts apart; a total over several days is one block, never divided.

A solid bar is the least number that the record puts on that civil day, as `dose-total` counts it. What is told of
several days together (at least 27 in 4 days) is one hatched block over its whole window, in a strip of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, final

from events.dates.civil import civil_date, day_bound, instant_text
from events.errors import Fault
from events.when import Bound
from timeline.asking import words
from timeline.charts.axis import Axis
from timeline.charts.chart import Chart
from timeline.charts.last import kinds
from timeline.charts.subject import NONE_GIVEN, Subject
from timeline.charts.theme import BAND, INK, QUIET, WIDTH, config, hatch, labels, layer
from timeline.counting.happened import happened
from timeline.views import ask

DAYS: Final = 6
HEIGHT: Final = 92
MOST_BLOCKS: Final = 6
_HEAD: Final = ("what", "when", "how many", "how much", "on whose word")
_SOLID: Final = "#35618f"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One civil day of one type: bounds of how many, and what their least rests on.

    `amounts` are, by unit and substance, the least and whether there may be more.
    """

    kind: str
    day: date
    count: Bound
    amounts: tuple[tuple[str, float, bool], ...]
    how_much: str
    ids: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What is told of several together: how many, over which bounds of time, on whose word."""

    id: str
    kind: str
    count: Bound
    bound: Bound
    standing: str
    who: str


def doses(subject: Subject) -> Chart:
    """Give the chart of the days before the anchor; raises `Fault` where there is no anchor, or nothing was given."""
    days = int(subject.options.get("days") or DAYS)
    at, told = subject.anchored, _kinds(subject)
    if not told:
        raise Fault("the account tells of no administration", "there is no dose to draw")
    last = civil_date(at.hi or 0, subject.zone)
    first = last - timedelta(days=days)
    axis = Axis(day_bound(first, subject.zone).lo or 0, day_bound(last, subject.zone).hi or 0, subject.zone)
    found = [_day(subject, kind, first + timedelta(days=n)) for kind in told for n in range(days + 1)]
    blocks = [one for one in _blocks(subject, told) if axis.meets(one.bound)]
    drawn, title = blocks[:MOST_BLOCKS], f"Doses a day, the {words.plural(days, 'day')} before @{subject.anchor}"
    given = [one for one in found if one.count.lo]
    return Chart(
        name="doses",
        title=title,
        alt=_alt(title, subject, given, blocks, axis),
        specify=lambda: _spec(subject, axis, told, found, drawn),
        caption="Solid: the least that the record puts on that day. Hatched: a number told of several days together,"
        f" shown as one block. Numbers and amounts have axes of their own. The dashed band is @{subject.anchor}.",
        head=_HEAD,
        rows=(*(_day_row(subject, one) for one in given), *(_block_row(subject, one) for one in blocks)),
        ids=(*(one.ids for one in given), *((one.id,) for one in blocks)),
    )


def _kinds(subject: Subject) -> tuple[str, ...]:
    wanted = str(subject.options.get("type") or "")
    return (wanted,) if wanted else kinds(subject)


def _day(subject: Subject, kind: str, day: date) -> Day:
    span = day_bound(day, subject.zone)
    window = f"{instant_text(span.lo or 0)}/{instant_text(span.hi or 0)}"
    answer = ask(subject.timeline, "dose-total", {"type": kind, "window": window}, subject.account)
    count = answer.values["administrations"]
    amounts = [
        (" ".join(filter(None, (each["unit"], each["substance"]))), float(each["min"]), each["max"] != each["min"])
        for each in answer.values["amounts"]
        if each["unit"] and float(each["min"])
    ]
    much = answer.text.partition("; DISPUTED")[0].partition(", ")[2]
    return Day(
        kind=kind,
        day=day,
        count=Bound(count["min"], count["max"]),
        amounts=tuple(sorted(amounts)),
        how_much=much,
        ids=answer.rests_on.min,
    )


def _blocks(subject: Subject, told: Sequence[str]) -> list[Block]:
    """Give what is told of several together, in order of where it begins; what lies within one day is a bar's."""
    found = [*_several(subject, told), *_totals(subject, told)]
    kept = (one for one in found if not _within_a_day(one.bound, subject.zone))
    return sorted(kept, key=lambda one: (one.bound.lo is not None, one.bound.lo or 0, one.id))


def _several(subject: Subject, told: Sequence[str]) -> Iterable[Block]:
    hearing = subject.hearing
    for one in happened(hearing).record.happenings:
        if not one.single and one.dated and one.scope.type in told:
            bound = Bound(hearing.bound(one.first).lo, hearing.bound(one.last).hi)
            yield _block(subject, one.id, one.scope.type, one.count, bound)


def _totals(subject: Subject, told: Sequence[str]) -> Iterable[Block]:
    """Give the claims of totals; a period is (start, end], so that its first instant is one later."""
    hearing = subject.hearing
    for total in happened(hearing).record.totals:
        if total.scope.type in (*told, ""):
            lo, hi = hearing.bound(total.start.node).lo, hearing.bound(total.end.node).hi
            start = None if lo is None else lo + total.start.shift + 1
            end = None if hi is None else hi + total.end.shift
            yield _block(subject, total.id, total.scope.type or "dose", total.count, Bound(start, end))


def _within_a_day(bound: Bound, zone: str) -> bool:
    known = bound.lo is not None and bound.hi is not None
    return known and civil_date(bound.lo or 0, zone) == civil_date(bound.hi or 0, zone)


def _block(subject: Subject, one: str, kind: str, count: Bound, bound: Bound) -> Block:
    source = subject.timeline.by_id[one].source
    return Block(id=one, kind=kind, count=count, bound=bound, standing=source.standing or NONE_GIVEN, who=source.words)


def _day_row(subject: Subject, one: Day) -> tuple[str, ...]:
    told = (subject.timeline.by_id[each].source.words for each in one.ids if each in subject.timeline.by_id)
    who = words.listed(list(dict.fromkeys(told)))
    return (_said(one.kind), one.day.isoformat(), words.number(one.count), one.how_much or "not said", who)


def _block_row(subject: Subject, one: Block) -> tuple[str, ...]:
    data = subject.timeline.by_id[one.id].written
    much = str(data.get("total_amount", "") or data.get("amount", "")) or "not said"
    return (f"{_said(one.kind)}, in all", subject.words(one.bound), words.number(one.count), much, one.who)


def _said(kind: str) -> str:
    return kind.replace("_", " ")


def _alt(title: str, subject: Subject, given: Sequence[Day], blocks: Sequence[Block], axis: Axis) -> str:
    days = [f"{words.date(one.day)}: {words.number(one.count)} {_said(one.kind)}s" for one in given]
    totals = [
        f"{words.number(one.count)} {_said(one.kind)}s in all in {subject.words(one.bound)} ({one.who})"
        for one in blocks
    ]
    hidden = (
        f"{words.plural(len(blocks) - MOST_BLOCKS, 'more total')} in the table only"
        if len(blocks) > MOST_BLOCKS
        else ""
    )
    said = (
        f"{title} ({axis.zone})",
        f"By day: {'; '.join(days)}" if days else "No dose is put on one day",
        f"Told of several days together, never divided among them: {'; '.join(totals)}" if totals else "",
        hidden,
    )
    return ". ".join(part for part in said if part) + "."


# --- the picture -----------------------------------------------------------------------------------------------------


def _spec(
    subject: Subject, axis: Axis, told: Sequence[str], found: Sequence[Day], blocks: Sequence[Block]
) -> dict[str, Any]:
    import altair as alt

    panels: list[Any] = []
    for kind in told:
        of = [one for one in found if one.kind == kind]
        if any(one.count.lo for one in of):
            panels.append(_bars(subject, axis, of, f"{_said(kind)}s by day", ""))
        panels += [_block_panel(subject, axis, one) for one in blocks if one.kind == kind]
        units = sorted({unit for one in of for unit, _, _ in one.amounts})
        panels += [_bars(subject, axis, of, f"{_said(kind)}s by day, {unit}", unit) for unit in units]
    panels += [_block_panel(subject, axis, one) for one in blocks if one.kind not in told]
    if not panels:
        return {}
    return config(alt.vconcat(*panels, spacing=26).configure_view(clip=False))


def _x(axis: Axis) -> Any:
    import altair as alt

    x = alt.X("x:T", title=None).scale(type="utc", domain=axis.domain, nice=False)
    return x.axis(format="%-d %b", grid=True, labelAlign="left", tickCount={"interval": "day", "step": 1})


def _bars(subject: Subject, axis: Axis, of: Sequence[Day], title: str, unit: str) -> Any:
    """Draw the least of each day as a solid bar; where there may be more, its number says so."""
    import altair as alt

    rows: list[dict[str, Any]] = []
    for one in of:
        height, more = _least(one, unit)
        if height:
            span = day_bound(one.day, axis.zone)
            room = ((span.hi or 0) - (span.lo or 0)) // 6
            label = f"{'≥ ' if more else ''}{height:g}{f' {unit}' if unit else ''}"
            ends = axis.x((span.lo or 0) + room), axis.x((span.hi or 0) - room)
            rows.append(
                {"x": ends[0], "x2": ends[1], "m": sum(ends) / 2, "y": height, "z": 0, "t": label, **_link(one.ids)}
            )
    most = max((row["y"] for row in rows), default=1)
    y = alt.Y("y:Q", title=unit or "how many").scale(domain=[0, most * 1.25], nice=False)
    y = y.axis(grid=False, tickCount=3, format="~g" if unit else "d")
    x = _x(axis)
    bars = layer(
        rows,
        {"type": "bar", "color": _SOLID, "stroke": INK, "strokeWidth": 1},
        x=x,
        x2="x2:T",
        y=y,
        y2="z:Q",
        href="href:N",
        description="ids:N",
    )
    look = {"type": "text", "baseline": "bottom", "dy": -3, "color": INK, "fontWeight": "bold"}
    texts = labels(rows, look, x=alt.X("m:T"), y=y, text="t:N")
    return _panel([*_anchor(subject, axis, most * 1.25, x, y), bars, *texts], title)


def _least(one: Day, unit: str) -> tuple[float, bool]:
    """Give how high a bar is and whether there may be more; without a unit it counts."""
    if not unit:
        return float(one.count.lo or 0), one.count.lo != one.count.hi
    return next(((least, more) for name, least, more in one.amounts if name == unit), (0.0, False))


def _link(ids: Sequence[str]) -> dict[str, str]:
    return {"href": f"#e-{ids[0]}", "ids": ", ".join(ids[:9])} if ids else {"href": "", "ids": ""}


def _block_panel(subject: Subject, axis: Axis, one: Block) -> Any:
    """Draw one total as one hatched block over its window, as high as it is; open above where there may be more."""
    import altair as alt

    height = float(one.count.lo or one.count.hi or 0) or 1.0
    top = height * 1.45
    y = alt.Y("y:Q", title="in all").scale(domain=[0, top], nice=False).axis(grid=False, values=[0, height], format="d")
    x = _x(axis)
    ends = (
        axis.domain[0] if one.bound.lo is None else axis.x(one.bound.lo),
        axis.domain[1] if one.bound.hi is None else axis.x(one.bound.hi),
    )
    across = (axis.domain[1] - axis.domain[0]) / 70
    strokes = hatch(ends[0], ends[1], 0, height, across=across, up=height * 0.35)
    both = {"x": x, "x2": "x2:T", "y": y, "y2": "y2:Q"}
    box = [{"x": ends[0], "x2": ends[1], "y": 0, "y2": height, **_link((one.id,))}]
    sides = [{"x": end, "x2": end, "y": 0, "y2": height} for end in ends]
    top_line = [{"x": ends[0], "x2": ends[1], "y": height, "y2": height}]
    label = [
        {"x": (ends[0] + ends[1]) / 2, "y": height, "t": f"{words.number(one.count)} in all, {one.standing}: {one.id}"}
    ]
    dash = [5, 3] if one.count.hi is None else [1, 0]
    drawn = [
        *_anchor(subject, axis, top, x, y),
        layer(box, {"type": "rect", "fill": "#f3f5f8", "stroke": None}, **both, href="href:N", description="ids:N"),
        layer(strokes, {"type": "rule", "color": QUIET, "strokeWidth": 1}, **both),
        layer(
            [*sides, {"x": ends[0], "x2": ends[1], "y": 0, "y2": 0}],
            {"type": "rule", "color": INK, "strokeWidth": 1.3},
            **both,
        ),
        layer(top_line, {"type": "rule", "color": INK, "strokeWidth": 1.3, "strokeDash": dash}, **both),
        layer(
            label,
            {"type": "text", "baseline": "bottom", "dy": -5, "color": INK, "fontWeight": "bold"},
            x=x,
            y=y,
            text="t:N",
        ),
    ]
    if one.count.hi is None:
        ups = [{"x": ends[0] + (ends[1] - ends[0]) * part, "y": height * 1.07} for part in (0.06, 0.94)]
        drawn.append(
            layer(
                ups,
                {"type": "point", "shape": "triangle-up", "filled": True, "size": 60, "color": INK, "opacity": 1},
                x=x,
                y=y,
            )
        )
    return _panel(drawn, f"{_said(one.kind)}s told of together: one total, never divided among the days")


def _anchor(subject: Subject, axis: Axis, top: float, x: Any, y: Any) -> Iterable[Any]:
    at = subject.anchored
    rows: list[Mapping[str, float]] = [{"x": axis.x(at.lo or 0), "x2": axis.x(at.hi or 0), "y": 0, "y2": top}]
    yield layer(
        rows, {"type": "rect", "color": BAND, "stroke": QUIET, "strokeDash": [4, 3]}, x=x, x2="x2:T", y=y, y2="y2:Q"
    )


def _panel(layers: Sequence[Any], title: str) -> Any:
    import altair as alt

    head = alt.TitleParams(title, anchor="start", fontSize=11.5, fontWeight="bold", color=INK, offset=6)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=head)
