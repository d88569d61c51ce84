"""Puts a composed report into one page of HTML by the templates, sealed by a policy of its own. Composes nothing.

The policy (content security policy) allows one script and one style, those that carry the page's nonce, and nothing of
any network. A nonce must not be guessable by whoever could bring markup into the page. This one is a hash of the whole
content of the page, so that the same report gives the same bytes: a text of a case that would carry the right nonce
would have to contain a hash of itself, and nothing is added to a finished file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from events.errors import Fault
from timeline.reports.composing.shape import Figure, Key, Pairs, Report, Table, Words
from timeline.reports.escape import visible
from timeline.reports.web.marks import linked
from timeline.reports.web.replayed import replayed
from timeline.reports.web.rows import rows

if TYPE_CHECKING:
    from jinja2 import Environment

_KINDS: Final[Mapping[type, str]] = {Words: "words", Pairs: "pairs", Table: "table", Key: "key", Figure: "figure"}


def page(report: Report, *, scripts: bool = True, styles: str = "") -> str:
    """Give the page, ending in a newline; without `scripts` it is the same page with nothing that runs.

    `styles` are further rules, after the page's own.
    """
    environment = _environment()
    targets = _targets(report)
    own = _anchors(report)

    def words(text: str) -> Markup:
        return linked(text, targets)

    known: dict[str, Any] = {
        "report": report,
        "kind": lambda block: _KINDS[type(block)],
        "words": words,
        "rows": lambda table: rows(table, words, lambda one, n: own.get((one.name, n), "")),
        "picture": _picture,
        "filters": _filters(report) if scripts else {},
        "short": _short(report),
        "scripts": scripts,
    }
    body = environment.get_template("body.html").render(**known)
    style = _source("report.css") + _widths(report) + styles
    script = _source("report.js") if scripts else ""
    data = _safe(replayed(report)) if scripts and report.replay else ""
    nonce = _nonce(body, style, script, data)
    shell = {"body": Markup(body), "style": Markup(style), "script": Markup(script), "data": Markup(data)}  # noqa: S704
    return environment.get_template("page.html").render(**known, **shell, nonce=nonce).rstrip("\n") + "\n"


def _nonce(*parts: str) -> str:
    """Give the page's nonce: a hash of all its content."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest[:18]).decode("ascii")


def _safe(data: Any) -> str:
    """Give JSON in which nothing can end the element that holds it."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _picture(figure: Figure) -> Markup:
    """Draw a figure; nothing where there is nothing to draw. What the drawing says of a case is escaped by it."""
    from timeline.charts.drawing import inline_svg

    try:
        return Markup(visible(inline_svg(figure.chart)))  # noqa: S704
    except Fault:
        return Markup()


def _short(report: Report) -> tuple[tuple[Key, ...], tuple[tuple[str, str], ...]]:
    """Give what the head of the page says in short: the key answers, and what beside them is counted."""
    blocks = [block for section in report.sections if section.name == "answers" for block in section.blocks]
    keys = tuple(block for block in blocks if isinstance(block, Key))
    counts = tuple(pair for block in blocks if isinstance(block, Pairs) for pair in block.rows)
    return (keys, counts) if keys else ((), ())


def _rows(report: Report) -> Iterator[tuple[Table, int, str]]:
    """Give the rows that tell of an event, those of the chronology before all others."""
    for table in sorted((table for _, table in report.tables), key=lambda one: not one.events):
        for n, row in enumerate(table.rows):
            if row.id:
                yield table, n, row.id


def _targets(report: Report) -> frozenset[str]:
    return frozenset(event for _, _, event in _rows(report))


def _anchors(report: Report) -> dict[tuple[str, int], str]:
    """Give the one row that each event's links lead to."""
    taken: dict[str, tuple[str, int]] = {}
    for table, n, event in _rows(report):
        taken.setdefault(event, (table.name, n))
    return {place: f"e-{event}" for event, place in taken.items()}


def _filters(report: Report) -> dict[str, list[str]]:
    """Give what the rows of the chronology can be filtered by, each value once, in order."""
    found: dict[str, set[str]] = {"type": set(), "standing": set(), "speaker": set()}
    for _, table in report.tables:
        for row in table.rows if table.events else ():
            for name, values in found.items():
                values.add(row.facts[name])
    return {name: sorted(values, key=str.casefold) for name, values in found.items() if values}


def _widths(report: Report) -> str:
    used = sorted({column.width for _, table in report.tables for column in table.columns if column.width})
    return "".join(f".w{width}{{width:{width}%}}" for width in used)


@cache
def _source(name: str) -> str:
    from importlib.resources import files

    return files("timeline.reports").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    """Make hidden and control characters of any text visible; what is markup already was made so."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
