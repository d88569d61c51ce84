"""A composed report as a Word document: headings, real tables, figures also in words, ids that lead to their rows.

Composes nothing. The replay is left out; `LEFT_OUT` says so to whoever asked for the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal, final

from timeline.reports.composing.shape import Cell, Figure, Key, Pairs, Report, Row, Section, Table, Words
from timeline.reports.escape import visible
from timeline.reports.office import word_xml as xml
from timeline.reports.office.pack import author, packed, recorded
from timeline.reports.office.word_xml import Look

if TYPE_CHECKING:
    from docx.document import Document

Picture = Callable[[Figure], bytes]
Paper = Literal["a4", "letter"]
PAPERS: Final[dict[Paper, tuple[float, float]]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
"""Width and height of a page, mm; the text of both is as wide as that of the narrower."""
LEFT_OUT: Final = ("the record as it stood, step by step (only HTML shows it)",)
_WIDE: Final = 6.3
"""Inches of text across the page."""
_HEAD, _CELL, _SMALL, _STRONG = Look(bold=True, size=8.5), Look(size=9), Look(italic=True, size=8), Look(bold=True)


def as_docx(report: Report, *, picture: Picture | None = None, paper: Paper = "a4") -> bytes:
    """Give the report as a document; `picture` makes a PNG of a figure, without it figures are words and tables."""
    from docx import Document as Page

    page = Page()
    _plain(page, report, paper)
    sheet = _Sheet.of(page, report, picture)
    sheet.heading(report.title, 0)
    for section in report.sections:
        sheet.section(section)
    out = BytesIO()
    page.save(out)
    return packed(out.getvalue(), recorded(report))


def _plain(page: Document, report: Report, paper: Paper) -> None:
    """Set the page: its size, margins of 25 mm, the running foot, and properties that say no time of writing."""
    from docx.oxml import parse_xml
    from docx.shared import Mm, Pt

    sheet = page.sections[0]
    sheet.page_width, sheet.page_height = map(Mm, PAPERS[paper])
    sheet.left_margin = sheet.right_margin = sheet.top_margin = sheet.bottom_margin = Mm(25)
    style: Any = page.styles["Normal"]
    style.font.name, style.font.size, style.paragraph_format.space_after = "Calibri", Pt(10.5), Pt(4)
    known = page.core_properties
    known.title, known.author = visible(report.title)[:255], visible(author(report))[:255]
    known.comments, known.last_modified_by = "", ""
    known.created = known.modified = dt.datetime.fromisoformat(recorded(report))
    foot = sheet.footer.paragraphs[0]._p  # noqa: SLF001 (the library has no fields)
    foot.addnext(parse_xml(xml.footer(report.running)))
    foot.getparent().remove(foot)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A document being written; `targets` are the bookmarks of the events that have a row."""

    page: Document
    targets: Mapping[str, str]
    picture: Picture | None
    marked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, page: Document, report: Report, picture: Picture | None) -> _Sheet:
        """Begin a document; the first row of an event is where its id leads."""
        ids = dict.fromkeys(row.id for _, table in report.tables for row in table.rows if row.id)
        targets = {one: f"event_{number}" for number, one in enumerate(ids, 1)}
        return cls(page=page, targets=targets, picture=picture)

    def section(self, section: Section) -> None:
        """Write a section."""
        if section.title:
            self.heading(section.title, 1)
        for block in section.blocks:
            match block:
                case Words():
                    self.words(block.text, Look(bold=block.tone == "disputed", italic=block.tone == "note"))
                case Pairs():
                    self.pairs(block)
                case Key():
                    self.key(block)
                case Table():
                    self.table(block, titled=block.title != section.title)
                case Figure():
                    self.figure(block)

    def heading(self, text: str, level: int) -> None:
        """Write a heading; 0 is the title."""
        self.page.add_heading(visible(text), level)

    def words(self, text: str, look: Look = xml.PLAIN, style: str = "") -> None:
        """Write a paragraph."""
        self._add(xml.spaced(xml.paragraph(text, self.targets, look, style=style)))

    def pairs(self, pairs: Pairs) -> None:
        """Write named values."""
        widths = xml.widths_of((24, 76))
        rows = (
            xml.row((xml.paragraph(name, {}, _HEAD), xml.paragraph(value, self.targets, _CELL)), widths)
            for name, value in pairs.rows
        )
        self._add(xml.table(rows, widths))
        self.words("")

    def key(self, key: Key) -> None:
        """Write a key answer: the question, the words, and under them all that must stand beside it."""
        self.heading(key.plain, 2)
        self.words(key.text, Look(bold=True, size=13))
        self.words(key.sentence)
        for said in (*key.sources, *_sides(key), *key.verdicts):
            self.words(said, style="ListBullet")
        for name, value in _beside(key).items():
            if value:
                self.words(f"{name}: {value}", Look(size=8.5))

    def table(self, table: Table, *, titled: bool = True) -> None:
        """Write a table under its title, where that does not stand there yet; one without rows as its words."""
        if titled:
            self.heading(table.title, 2)
        if table.caption:
            self.words(table.caption, Look(italic=True))
        if not table.rows:
            self.words(table.empty)
            return
        widths = xml.widths_of([column.width for column in table.columns])
        head = xml.row((xml.paragraph(name, {}, _HEAD) for name in table.head), widths, head=True)
        self._add(xml.table((head, *(self._row(row, widths) for row in table.rows)), widths, title=table.title))
        self.words("")

    def figure(self, figure: Figure) -> None:
        """Write a figure: the picture, where one can be made, the same in words, and its table."""
        from docx.shared import Inches

        self.heading(figure.title, 2)
        if self.picture:
            shown = self.page.add_picture(BytesIO(self.picture(figure)), width=Inches(_WIDE))
            shown._inline.docPr.set("descr", visible(figure.alt))  # noqa: SLF001 (the library has no other way)
        self.words(figure.alt, Look(italic=True))
        self.table(figure.table, titled=figure.table.title != figure.title)

    def _row(self, row: Row, widths: tuple[int, ...]) -> str:
        mark = self.targets.get(row.id, "") if row.id not in self.marked else ""
        self.marked.add(row.id)
        last = len(row.cells) - 1
        notes = "".join(xml.paragraph(note, self.targets, _SMALL) for note in row.notes)
        cells = (
            self._cell(cell, mark * (n == 0)) + notes * (n == min(2, last)) for n, cell in enumerate(row.cells)
        )
        return xml.row(cells, widths)

    def _cell(self, cell: Cell, mark: str) -> str:
        small = xml.paragraph(cell.small, self.targets, _SMALL) if cell.small else ""
        return xml.paragraph(cell.text, self.targets, _CELL, mark=mark) + small

    def _add(self, block: str) -> None:
        from docx.oxml import parse_xml

        body = self.page.element.body
        body.insert(len(body) - 1, parse_xml(block))


def _sides(key: Key) -> Iterator[str]:
    for one in key.sides:
        yield f"{one.name} ({one.standing or 'none given'}): {one.text}"


def _beside(key: Key) -> Mapping[str, str]:
    return {
        "on whose word": key.word,
        "bounds": "no narrower ones are possible" if key.tight else "narrower ones may be possible",
        "the least rests on": _ids(key.least),
        "the most rests on": _ids(key.most),
        "set aside": _ids(key.set_aside),
        "undated": _ids(key.undated),
        "assumes": "; ".join(key.assumes),
        "what the figures mean": key.convention,
    }


def _ids(ids: tuple[str, ...]) -> str:
    return ", ".join(f"@{one}" for one in ids)
