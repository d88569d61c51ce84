"""Puts a chart into a file: SVG, PNG, or its Vega-Lite specification as JSON. Makes no chart."""

from __future__ import annotations

from typing import Any, Final

from events.whole_file import write_whole
from timeline.charts.chart import Chart
from timeline.reports.endings import format_named

SHAPES: Final = ("svg", "png", "json")


def shape_of(output: str) -> str:
    """Give the format a file's ending names; raises `Fault`.

    >>> shape_of("doses.svg")
    'svg'
    """
    return format_named(output, SHAPES, "charts")


def save(chart: Chart, output: str) -> dict[str, Any]:
    """Write a chart to a file; says which, and in words what it shows. Raises OSError, `Fault` for an empty chart."""
    shape = shape_of(output)
    made = _made(chart, shape)
    write_whole(output, made)
    return {"file": output, "format": shape, **chart.json}


def _made(chart: Chart, shape: str) -> bytes:
    if shape == "json":
        from timeline.reports.escape import json_text

        return f"{json_text(dict(chart.spec))}\n".encode()
    from timeline.charts.drawing import png, svg
    from timeline.reports.escape import visible

    drawn = visible(svg(chart))
    return png(drawn) if shape == "png" else f"{drawn}\n".encode()
