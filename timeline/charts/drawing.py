"""Turns a chart into a picture: SVG for a page or a file, PNG. Makes no chart; asks no network, reads no file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from events.errors import Fault
from timeline.charts.chart import Chart

SCALE: Final = 2.0
_LINKED: Final = re.compile(r'<a xlink:href="[^"#]*#([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_SAID: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_NAMES: Final = re.compile(r'\bid="([^"]+)"')
_USED: Final = re.compile(r'(\bid="|url\(#|xlink:href="#)([^")]+)([")])')
_HEAD: Final = re.compile(r"<svg [^>]*?width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")


def svg(chart: Chart) -> str:
    """Draw a chart as an SVG of its own, with its title and its words for those who cannot see it."""
    drawn = _LINKED.sub(lambda found: found.group(2), _drawn(chart.spec))
    return _headed(drawn, chart, inline=False)


def inline_svg(chart: Chart) -> str:
    """Draw a chart for a page: each mark of an event carries `data-row`, the id of the row that tells of it."""
    drawn = _LINKED.sub(
        lambda found: f'<g class="hit" data-row="{found.group(1)}">{found.group(2)}</g>', _drawn(chart.spec)
    )
    return _headed(drawn, chart, inline=True)


def png(drawn: str) -> bytes:
    """Draw an SVG as a PNG, twice as fine, in the font that the drawing library brings along."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(drawn, scale=SCALE))


def _drawn(spec: Mapping[str, Any]) -> str:
    if not spec:
        raise Fault("there is nothing to draw", "the record has nothing of it on this account")
    import vl_convert

    return _renamed(str(vl_convert.vegalite_to_svg(dict(spec))))


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
