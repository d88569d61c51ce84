"""Puts a chart into a file: SVG, PNG, or its Vega-Lite specification as JSON. Makes no chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from events.errors import Fault
from timeline.charts.chart import Chart

SHAPES: Final = ("svg", "png", "json")


def shape_of(output: str) -> str:
    """Give the format a file's ending names; raises `Fault`.

    >>> shape_of("doses.svg")
    'svg'
    """
    ending = Path(output).suffix.removeprefix(".").casefold()
    if ending not in SHAPES:
        known = ", ".join(f".{each}" for each in SHAPES)
        raise Fault(f"{output!r} does not say a format of charts", f"end its name in one of {known}")
    return ending


def save(chart: Chart, output: str) -> dict[str, Any]:
    """Write a chart to a file; says which, and in words what it shows. Raises OSError, `Fault` for an empty chart."""
    shape = shape_of(output)
    made = _made(chart, shape)
    Path(output).write_bytes(made)
    return {"file": output, "format": shape, **chart.json}


def _made(chart: Chart, shape: str) -> bytes:
    if shape == "json":
        from timeline.reports.escape import json_text

        return f"{json_text(dict(chart.spec))}\n".encode()
    from timeline.charts.drawing import png, svg
    from timeline.reports.escape import visible

    drawn = visible(svg(chart))
    return png(drawn) if shape == "png" else f"{drawn}\n".encode()
