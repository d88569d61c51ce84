"""Paragraphs and tables in the markup of Word (ECMA-376, WordprocessingML). Knows no document and no report.

Written as text and parsed once a block, as the library's own rows cost a thousand times more in a long table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from timeline.reports.escape import visible

SPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WIDTH: Final = 9070
"""Twentieths of a point across the text of a page of A4 with margins of 25 mm."""
_ID: Final = re.compile(r"@([A-Za-z0-9][A-Za-z0-9._:/-]*)")
_LINE: Final = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="B8BCC4"/>'
_EDGES: Final = "".join(_LINE.format(edge) for edge in ("top", "bottom", "insideH"))
Targets = Mapping[str, str]


class Look(NamedTuple):
    """How a run of text looks; `size` in points, 0 as its style has it."""

    bold: bool = False
    italic: bool = False
    size: float = 0

    @property
    def xml(self) -> str:
        """The run's properties."""
        size = f'<w:sz w:val="{round(2 * self.size)}"/>' if self.size else ""
        inner = f"{'<w:b/>' * self.bold}{'<w:i/>' * self.italic}{size}"
        return f"<w:rPr>{inner}</w:rPr>" if inner else ""


PLAIN: Final = Look()


def paragraph(text: str, targets: Targets, look: Look = PLAIN, *, style: str = "", mark: str = "") -> str:
    """Give a paragraph; each `@id` that has a target is a link to it, and `mark` is the bookmark it is."""
    kind = f"<w:pPr><w:pStyle w:val={quoteattr(style)}/></w:pPr>" if style else ""
    return f"<w:p>{kind}{_bookmark(mark)}{linked(text, targets, look)}</w:p>"


def linked(text: str, targets: Targets, look: Look = PLAIN) -> str:
    """Give the runs of a text, with its links.

    >>> linked("@a", {"a": "event_1"})
    '<w:hyperlink w:anchor="event_1"><w:r><w:t xml:space="preserve">@a</w:t></w:r></w:hyperlink>'
    """
    shown, done, made = visible(text), 0, []
    for found in _ID.finditer(shown):
        name = found[1].rstrip(".:/-")
        target = targets.get(name) or targets.get(name.rpartition(".")[0])
        if target:
            end = found.start() + 1 + len(name)
            link = f"<w:hyperlink w:anchor={quoteattr(target)}>{_run(f'@{name}', look)}</w:hyperlink>"
            made += [_run(shown[done : found.start()], look), link]
            done = end
    return "".join((*made, _run(shown[done:], look)))


def _run(text: str, look: Look) -> str:
    if not text:
        return ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.replace("\t", " ").split("\n"))
    return f"<w:r>{look.xml}{'<w:br/>'.join(lines)}</w:r>"


def _bookmark(name: str) -> str:
    if not name:
        return ""
    number = name.rpartition("_")[2]
    return f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/><w:bookmarkEnd w:id="{number}"/>'


def row(cells: Iterable[str], widths: Sequence[int], *, head: bool = False) -> str:
    """Give a row that stays on one page; a head stands again on each. `cells` are paragraphs."""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{inner}</w:tr>"


def table(rows: Iterable[str], widths: Sequence[int], *, lines: bool = True, title: str = "") -> str:
    """Give a table of the text's width; `title` is what a reader that speaks says of it."""
    edges = f"<w:tblBorders>{_EDGES}</w:tblBorders>" if lines else ""
    said = f"<w:tblCaption w:val={quoteattr(visible(title))}/>" if title else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    size = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    return (
        f'<w:tbl {SPACE}><w:tblPr>{size}{edges}<w:tblLayout w:type="fixed"/>{said}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def widths_of(shares: Sequence[int]) -> tuple[int, ...]:
    """Give the widths of columns from their shares; one without a share has an even part."""
    even = max(1, 100 // len(shares))
    parts = [share or even for share in shares]
    return tuple(WIDTH * part // sum(parts) for part in parts)


def footer(running: str) -> str:
    """Give the running foot: the record it is of, and page x of y."""
    small = Look(size=8)
    page, pages = (f'<w:fldSimple w:instr="{code}">{_run("1", small)}</w:fldSimple>' for code in ("PAGE", "NUMPAGES"))
    return f"<w:p {SPACE}>{_run(f'{visible(running)} · page ', small)}{page}{_run(' of ', small)}{pages}</w:p>"


def spaced(xml: str) -> str:
    """Give a paragraph that can be parsed by itself."""
    return xml.replace("<w:p>", f"<w:p {SPACE}>", 1)
