"""How every chart looks: one font, sizes, fills that read in grey and for the colour-blind. Draws nothing.

Fills fall from dark to light with the standing, so that they keep their order in greyscale; what is alleged, inferred
or without standing is hollow with a dashed edge. The words stand beside: no colour says anything alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import altair as alt

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH: Final = 700
"""Width of the plot in pixels; lane names stand left of it."""
INK: Final = "#1b2733"
QUIET: Final = "#5b6775"
LINE: Final = "#c9d1d9"
BAND: Final = "#e8e4da"
STANDINGS: Final = ("found", "documented", "admitted", "stated", "alleged", "inferred", "none given")
FILLS: Final = ("#12355b", "#35618f", "#4f9a94", "#a9cdb8", "#ffffff", "#ffffff", "#eceff2")
DASHES: Final = ([1, 0], [1, 0], [1, 0], [1, 0], [5, 2], [2, 2], [2, 2])
CHARACTER: Final = 6.1
"""Pixels that one character of a label takes, about."""
Values = list[dict[str, Any]]
_CHANNELS: Final = {
    "x": "X", "x2": "X2", "y": "Y", "y2": "Y2", "text": "Text", "href": "Href", "description": "Description",
}  # fmt: skip


def config(chart: Any) -> dict[str, Any]:
    """Give a chart's Vega-Lite specification in the one style."""
    axis = {"labelColor": QUIET, "titleColor": QUIET, "gridColor": "#edf0f3", "domainColor": LINE, "tickColor": LINE}
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    spec: dict[str, Any] = _unpacked(chart.to_dict(validate=False))
    spec["config"] = {
        "background": "#ffffff",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**axis, **text, "labelOverlap": "greedy"},
        "legend": {**text, "labelColor": INK, "titleColor": QUIET, "orient": "top", "symbolStrokeWidth": 1.2},
        "text": {"font": FONT, "fontSize": 11, "fill": INK},
        "aria": False,
    }
    spec["padding"] = {"left": 4, "right": 8, "top": 4, "bottom": 4}
    return spec


def layer(values: Iterable[Mapping[str, Any]], mark: Mapping[str, Any], **encode: Any) -> alt.Chart:
    """Make one layer of a chart: rows, a mark with its look, and which field goes where."""
    import altair as alt

    made = alt.Chart(alt.InlineData(values=json.dumps([dict(one) for one in values])))
    made.mark = alt.MarkDef(**mark)
    named = {name: getattr(alt, _CHANNELS[name])(how) if isinstance(how, str) else how for name, how in encode.items()}
    return made.encode(**named)


def labels(values: Iterable[Mapping[str, Any]], look: Mapping[str, Any], **encode: Any) -> list[alt.Chart]:
    """Make the layers of words that lines may cross: a white edge below, so that they can be read, and the words."""
    rows = list(values)
    return [layer(rows, {**look, "stroke": "#ffffff", "strokeWidth": 3}, **encode), layer(rows, look, **encode)]


def _unpacked(spec: dict[str, Any]) -> dict[str, Any]:
    """Give a specification with its rows as rows; they go through the library as one text, which it copies fast."""
    packed = spec.pop("datasets", {})
    return {**spec, "datasets": {name: json.loads(rows) for name, rows in packed.items()}}


def standing_scales(there: Iterable[str]) -> dict[str, Any]:
    """Give the encodings of the standings that are there: the fill, with a legend in words, and the edge's dash."""
    import altair as alt

    told = set(there)
    kept = [n for n, each in enumerate(STANDINGS) if each in told]
    names, looks = [STANDINGS[n] for n in kept], [(FILLS[n], list(DASHES[n])) for n in kept]
    fill = alt.Fill("standing:N", title="standing", sort=names).scale(domain=names, range=[each[0] for each in looks])
    dash = alt.StrokeDash("standing:N", title="standing", sort=names).scale(
        domain=names, range=[each[1] for each in looks]
    )
    return {"fill": fill, "strokeDash": dash}


def hatch(x: float, x2: float, y: float, y2: float, *, across: float, up: float) -> Values:
    """Give the strokes of a hatched block as rows `x`, `x2`, `y`, `y2`, in the units of the axes.

    `across` is the distance between two strokes along x, `up` how far one rises over that distance.

    >>> hatch(0.0, 2.0, 0.0, 1.0, across=1.0, up=1.0)
    [{'x': 0.0, 'y': 0.0, 'x2': 1.0, 'y2': 1.0}, {'x': 1.0, 'y': 0.0, 'x2': 2.0, 'y2': 1.0}]
    """
    if x2 <= x or y2 <= y:
        return []
    slope, rows = up / across, []
    start = x - (y2 - y) / slope
    steps = int((x2 - start) / across)
    for n in range(steps + 1):
        left = start + n * across
        low, high = max(left, x), min(left + (y2 - y) / slope, x2)
        if high - low > (x2 - x) * 1e-6:
            rows.append({"x": low, "y": y + (low - left) * slope, "x2": high, "y2": y + (high - left) * slope})
    return rows
