"""Laboratory values beside cited ranges, each with when its specimen was taken. Says not what a level means.

One panel an analyte, across by concentration on a logarithmic scale. A value below a limit reaches down to nothing, and
its bar is open there. The model's band is drawn only where asked for, and says that it is a model, not a measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, final

from events.errors import Fault
from events.source import fold_name
from events.when import Bound
from timeline.charts.chart import Chart
from timeline.charts.subject import NONE_GIVEN, Subject
from timeline.charts.theme import INK, LINE, QUIET, WIDTH, config, hatch, layer
from timeline.views import ask, find_view
from timeline.views.sources import read_question

ROW: Final = 22
MOST: Final = 30
UNIT: Final = "ng/mL"
_HEAD: Final = ("what", "concentration", "specimen taken", "standing", "source")
_RANGE, _VALUE, _MODEL = "range", "value", "model"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One line of the chart: bounds in ng/mL (an end that is None is open), its words, and the event it tells of."""

    kind: str
    analyte: str
    lo: float | None
    hi: float | None
    words: str
    id: str = ""


def levels(subject: Subject) -> Chart:
    """Give the chart of every laboratory value in ng/mL; raises `Fault` where there is none."""
    if find_view("findings") is None:
        raise Fault("there is no view findings", "concentrations cannot be drawn without it")
    answer = ask(subject.timeline, "findings", {}, subject.account)
    measured = [one for one in answer.values["measured"] if _comparable(one)]
    rows = [_row(subject, one) for one in answer.values["measured"]]
    if not measured:
        raise Fault(f"no laboratory value of the account is in {UNIT}", "there is no level to draw")
    lanes = [_value(subject, one) for one in measured[:MOST]]
    lanes += _ranges(measured)
    lanes += _model(subject) if subject.options.get("model") else []
    title = "Measured concentrations beside cited ranges"
    return Chart(
        name="levels",
        title=title,
        alt=_alt(title, lanes, answer.values["caveats"]),
        specify=lambda: _spec(lanes),
        caption="Diamonds: measured in this case. Grey: ranges that others published, as cited. A level by itself shows"
        " no cause.",
        head=_HEAD,
        rows=(*rows, *(_range_row(one) for one in _cited(measured))),
        ids=(*((one["id"],) for one in answer.values["measured"]), *(() for _ in _cited(measured))),
    )


def _comparable(one: Mapping[str, Any]) -> bool:
    level = one["level"]
    return bool(level) and level["unit"] == UNIT and (level["min"] is not None or level["max"] is not None)


def _number(text: Any) -> float | None:
    return None if text is None or float(text) == 0 else float(text)


def _value(subject: Subject, one: Mapping[str, Any]) -> Lane:
    where = " ".join(part for part in (one["specimen"]["site"], one["specimen"]["matrix"]) if part)
    said = f"{one['concentration']} in {where or 'a specimen not described'}; specimen taken {_taken(subject, one)}"
    level = one["level"]
    return Lane(
        kind=_VALUE,
        analyte=one["analyte"],
        lo=_number(level["min"]),
        hi=_number(level["max"]),
        words=f"@{one['id']}: {said}",
        id=one["id"],
    )


def _taken(subject: Subject, one: Mapping[str, Any]) -> str:
    taken = one["specimen"]["taken"] or {"min": None, "max": None}
    bound = Bound(_micros(taken["min"]), _micros(taken["max"]))
    words = subject.words(bound)
    return (
        words if one["specimen"]["stated"] else f"{'at an unknown time' if bound == Bound() else words} (not recorded)"
    )


def _micros(text: str | None) -> int | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _cited(measured: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give each cited range of the analytes measured, once."""
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for one in measured:
        for each in one["beside"]:
            key = (fold_name(one["analyte"]), each["use"], each["cite"], str(each["min"]), str(each["max"]))
            found.setdefault(key, {**each, "analyte": one["analyte"]})
    return list(found.values())


def _ranges(measured: Sequence[Mapping[str, Any]]) -> list[Lane]:
    return [
        Lane(
            kind=_RANGE,
            analyte=one["analyte"],
            lo=_number(one["min"]),
            hi=_number(one["max"]),
            words=f"{one['use']}: {_span(one)} ({one['cite']}, {one['matrix']})",
        )
        for one in _cited(measured)
        if one["unit"] == UNIT
    ]


def _span(one: Mapping[str, Any]) -> str:
    return f"{one['min']} {one['unit']}" if one["min"] == one["max"] else f"{one['min']} to {one['max']} {one['unit']}"


def _model(subject: Subject) -> list[Lane]:
    """Give the model's bands, over all its models: of everything recorded, and of the last of each type alone."""
    answer = ask(subject.timeline, "residual", modelled(str(subject.options["model"]), subject.anchor), subject.account)
    analyte, told = str(answer.values["substance"]), answer.values["models"]
    lanes = [_band(analyte, "everything recorded", [one["left"] for one in told])] if told else []
    lanes += [
        _band(analyte, f"the last {one['type']} alone", [each["left"] for each in one["models"]])
        for one in answer.values["last"]
    ]
    return [one for one in lanes if one.lo is not None or one.hi is not None]


def modelled(options: str, anchor: str) -> dict[str, Any]:
    """Read the options of the view `residual`, the anchor added where they name no time; raises `Fault`.

    >>> modelled("--substance ketamine", "death")
    {'substance': 'ketamine', 'at': '@death'}
    """
    _, _, found = read_question(f"residual {options}")
    return found if "at" in found else {**found, "at": f"@{anchor}"}


def _band(analyte: str, of: str, left: Sequence[Mapping[str, Any]]) -> Lane:
    los, his = [_number(one["min"]) for one in left], [_number(one["max"]) for one in left]
    lo = None if None in los else min(one for one in los if one is not None)
    hi = None if None in his else max(one for one in his if one is not None)
    reach = f"{f'{lo:g}' if lo else '0'} to {f'{hi:g} {UNIT}' if hi else 'no upper end'}"
    return Lane(kind=_MODEL, analyte=analyte, lo=lo, hi=hi, words=f"model, not measurement: {of}, {reach}")


def _row(subject: Subject, one: Mapping[str, Any]) -> tuple[str, ...]:
    source = one["source"]
    where = " ".join(part for part in (one["analyte"], one["specimen"]["site"], one["specimen"]["matrix"]) if part)
    who = source.get("speaker", "") or "nobody named"
    through = f", as reported by {source['via']}" if source.get("via") else ""
    standing = source.get("standing") or NONE_GIVEN
    return (where, one["concentration"] or one["status"], _taken(subject, one), standing, f"{who}{through}")


def _range_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"{one['analyte']}, published: {one['use']}", _span(one), one["matrix"], "published", one["source"])


def _alt(title: str, lanes: Sequence[Lane], caveats: Sequence[str]) -> str:
    said = (title, *(f"{one.analyte}, {one.words}" for one in lanes), *caveats)
    return ". ".join(f"{each[:1].upper()}{each[1:]}" for each in said) + "."


# --- the picture -----------------------------------------------------------------------------------------------------


def _spec(lanes: Sequence[Lane]) -> dict[str, Any]:
    import altair as alt

    analytes = dict.fromkeys(fold_name(one.analyte) for one in lanes)
    panels = [_panel([one for one in lanes if fold_name(one.analyte) == each]) for each in analytes]
    return config(alt.vconcat(*panels, spacing=24).configure_view(clip=False))


def _panel(lanes: Sequence[Lane]) -> Any:
    import altair as alt

    ends = [end for one in lanes for end in (one.lo, one.hi) if end]
    low, high = min(ends) / 2, max(ends) * 2
    x = alt.X("x:Q", title=f"{lanes[0].analyte}, {UNIT}, logarithmic").scale(type="log", domain=[low, high], nice=False)
    x = x.axis(grid=True, format="~g", tickCount=6)
    y = alt.Y("y:Q", axis=None).scale(domain=[0, 2 * len(lanes)], reverse=True, nice=False, zero=False)
    drawn = [
        *_bars(lanes, low, high, x, y),
        layer([{"y": 2 * n} for n in range(len(lanes) + 1)], {"type": "rule", "color": LINE}, y=y),
        *_words(lanes, low, x, y),
    ]
    return alt.layer(*drawn).properties(width=WIDTH, height=2 * len(lanes) * ROW * 0.8)


def _bars(lanes: Sequence[Lane], low: float, high: float, x: Any, y: Any) -> Iterable[Any]:
    boxes, strokes, points, opens = [], [], [], []
    for n, one in enumerate(lanes):
        left, right = one.lo or low, one.hi or high
        box = {"x": left, "x2": right, "y": 2 * n + 1.05, "y2": 2 * n + 1.8}
        link = {"href": f"#e-{one.id}" if one.id else "", "ids": one.id}
        if left == right or one.kind == _VALUE:
            points.append({"x": left if one.lo else right, "y": 2 * n + 1.42, "kind": one.kind, **link})
        if left != right:
            boxes.append({**box, "kind": one.kind})
        if one.kind == _MODEL:
            strokes += _log_hatch(box, low, high)
        opens += [{"x": low, "y": 2 * n + 1.42, "way": "left"}] if one.lo is None else []
        opens += [{"x": high, "y": 2 * n + 1.42, "way": "right"}] if one.hi is None else []
    both = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    for kind, fill in ((_RANGE, "#dde5ec"), (_VALUE, "#12355b"), (_MODEL, "#ffffff")):
        yield layer([b for b in boxes if b["kind"] == kind], {"type": "rect", "fill": fill, "stroke": QUIET}, **both)
    yield layer(strokes, {"type": "rule", "color": QUIET, "strokeDash": [2, 2]}, **both)
    for kind, fill, shape in (
        (_RANGE, "#dde5ec", "circle"),
        (_VALUE, "#12355b", "diamond"),
        (_MODEL, "#ffffff", "square"),
    ):
        look = {"type": "point", "filled": True, "size": 110, "fill": fill, "stroke": INK, "shape": shape, "opacity": 1}
        told = [p for p in points if p["kind"] == kind]
        yield layer(told, look, x=x, y=y, href="href:N", description="ids:N")
    for way in ("left", "right"):
        look = {"type": "point", "shape": f"triangle-{way}", "filled": True, "size": 70, "color": INK, "opacity": 1}
        yield layer([one for one in opens if one["way"] == way], look, x=x, y=y)


def _log_hatch(box: Mapping[str, float], low: float, high: float) -> list[dict[str, Any]]:
    """Give the strokes of a hatched block on a logarithmic axis."""
    from math import exp, log

    wide = log(high) - log(low)
    rows = hatch(log(box["x"]), log(box["x2"]), box["y"], box["y2"], across=wide / 90, up=0.5)
    return [{**one, "x": exp(one["x"]), "x2": exp(one["x2"])} for one in rows]


def _words(lanes: Sequence[Lane], low: float, x: Any, y: Any) -> Iterable[Any]:
    look = {"type": "text", "align": "left", "baseline": "middle", "color": INK, "limit": WIDTH, "dx": 2}
    rows = [{"x": low, "y": 2 * n + 0.55, "t": one.words, "kind": one.kind} for n, one in enumerate(lanes)]
    yield layer([r for r in rows if r["kind"] == _VALUE], {**look, "fontWeight": "bold"}, x=x, y=y, text="t:N")
    yield layer([r for r in rows if r["kind"] != _VALUE], look, x=x, y=y, text="t:N")
