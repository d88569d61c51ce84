"""Turns a chart into a picture: SVG for a page or a file, PNG. Makes no chart; asks no network, reads no file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from events.errors import Fault
from timeline.charts.chart import Chart

if TYPE_CHECKING:
    from concurrent.futures import Executor

SCALE: Final = 2.0
_LINKED: Final = re.compile(r'<a xlink:href="[^"#]*#([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_SAID: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_NAMES: Final = re.compile(r'\bid="([^"]+)"')
_USED: Final = re.compile(r'(\bid="|url\(#|xlink:href="#)([^")]+)([")])')
_FADED: Final = re.compile(r'd="M([-\d.e]+),[-\d.e]+h([\d.]+)v[^"]*" fill="url\(#([^)]+)\)"')
_FADING: Final = re.compile(r'<linearGradient id="([^"]+)" x1="0" x2="1" y1="0" y2="0">')
_HEAD: Final = re.compile(r"<svg [^>]*?width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")


def begun(chart: Chart) -> Chart:
    """Begin to draw a chart on another thread, and give it with its `drawing`; one with nothing to draw as it is.

    The library draws without holding up Python: half a second for its start goes by while a report is composed.
    """
    spec = chart.spec
    return replace(chart, drawing=_artist().submit(_picture, spec).result) if spec else chart


def svg(chart: Chart) -> str:
    """Draw a chart as an SVG of its own, with its title and its words for those who cannot see it."""
    drawn = _LINKED.sub(lambda found: found.group(2), _drawn(chart))
    return _headed(drawn, chart, inline=False)


def inline_svg(chart: Chart) -> str:
    """Draw a chart for a page: each mark of an event carries `data-row`, the id of the row that tells of it."""
    drawn = _LINKED.sub(
        lambda found: f'<g class="hit" data-row="{found.group(1)}">{found.group(2)}</g>', _drawn(chart)
    )
    return _headed(drawn, chart, inline=True)


def png(drawn: str) -> bytes:
    """Draw an SVG as a PNG, twice as fine, in the font that the drawing library brings along."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(drawn, scale=SCALE))


@cache
def _artist() -> Executor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")


def _drawn(chart: Chart) -> str:
    if chart.drawing is not None:
        return chart.drawing()
    spec = chart.spec
    if not spec:
        raise Fault("there is nothing to draw", "the record has nothing of it on this account")
    return _picture(spec)


def _picture(spec: Mapping[str, Any]) -> str:
    import vl_convert

    return _renamed(_measured(str(vl_convert.vegalite_to_svg(dict(spec)))))


def _measured(drawn: str) -> str:
    """Give each fading, from 0 to 1 over what it fills, its own ends: the library that prints pages draws only such."""
    filled = {name: (float(x), float(x) + float(wide)) for x, wide, name in _FADED.findall(drawn)}

    def ends(found: re.Match[str]) -> str:
        if found[1] not in filled:
            return found[0]
        left, right = filled[found[1]]
        own = f'x1="{left:.2f}" x2="{right:.2f}" y1="0" y2="0"'
        return f'<linearGradient id="{found[1]}" gradientUnits="userSpaceOnUse" {own}>'

    return _FADING.sub(ends, drawn)


def _renamed(drawn: str) -> str:
    """Give what a drawing names within itself names of its own: the library counts on from drawing to drawing."""
    numbers = {name: n for n, name in enumerate(dict.fromkeys(_NAMES.findall(drawn)))}

    def named(prefix: str) -> str:
        return _USED.sub(
            lambda use: use[0] if use[2] not in numbers else f"{use[1]}{prefix}{numbers[use[2]]}{use[3]}", drawn
        )

    return named(f"d{hashlib.sha256(named('').encode()).hexdigest()[:8]}-")


def _headed(drawn: str, chart: Chart, *, inline: bool) -> str:
    """Give the SVG one name and one description in place of what the library says of each part."""
    plain = _SAID.sub("", drawn)
    found = _HEAD.search(plain)
    width, height = found.groups() if found else ("800", "400")
    title, alt = escape(chart.title), escape(chart.alt)
    names = "" if inline else f"<title>{title}</title><desc>{alt}</desc>"
    size = f'viewBox="0 0 {width} {height}"' + ("" if inline else f' width="{width}" height="{height}"')
    space = 'xmlns="http://www.w3.org/2000/svg"'
    head = f'<svg {space} class="chart" role="img" aria-label="{alt}" {size}>{names}'
    return head + (plain[found.end() :] if found else plain)
