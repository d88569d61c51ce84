"""A composed report as an Excel workbook: a sheet a section, every cell a text that Excel cannot read as a formula.

Composes nothing. Charts are left out (their tables are there); `LEFT_OUT` says so to whoever asked for the file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from timeline.reports.composing.shape import Pairs, Report, Section, Words
from timeline.reports.escape import visible
from timeline.reports.formats.grids import Grid, grids
from timeline.reports.office.pack import author, packed, recorded

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS: Final = {
    "answers": "Answers",
    "chronology": "Chronology",
    "conflicts": "Disputes",
    "sources": "Sources",
    "undated": "Undated",
    "left_out": "Left out",
    "history": "History",
}
"""The sheets that stand first, by section; the others follow under their own titles, the cover and method last."""
LEFT_OUT: Final = ("charts (their tables are here)", "the record as it stood, step by step (only HTML shows it)")
NUMBERS: Final = frozenset({"no.", "set"})
"""Columns that are sorted as numbers; every other cell is a text."""
LONGEST: Final = 32_000
"""Characters in a cell; Excel takes 32,767."""
TEXT, NUMBER, HEAD = "Case text", "Case number", "Case head"
_WIDE: Final = 60


def as_xlsx(report: Report) -> bytes:
    """Give the report as a workbook; the same report is the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _styles(book)
    book.properties.title, book.properties.creator = visible(report.title), visible(author(report))
    for name in SHEETS:
        if section := report.section(name):
            _sheet(book, report, section, SHEETS[name])
    for section in report.sections:
        if section.name not in (*SHEETS, "cover", "method") and any(True for _ in grids(report, section)):
            _sheet(book, report, section, section.title)
    _about(book, report)
    out = BytesIO()
    book.save(out)
    return packed(out.getvalue(), recorded(report))


def _sheet(book: Workbook, report: Report, section: Section, title: str) -> None:
    """Write one section: its tables under one another, the first with a filter and a head that stays."""
    sheet = book.create_sheet(_title(book, title))
    found = tuple(grids(report, section))
    _columns(sheet, found)
    if found and found[0].rows:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{_letter(len(found[0].head))}{1 + len(found[0].rows)}"
        sheet.print_title_rows = "1:1"
    _page(sheet, report)
    for number, grid in enumerate(found):
        if number:
            sheet.append([])
            _row(sheet, [grid.title], look=HEAD)
        _row(sheet, grid.head, look=HEAD)
        numbers = {at for at, name in enumerate(grid.head, 1) if name in NUMBERS}
        for row in grid.rows or ((grid.empty,),):
            _row(sheet, row, numbers)


def _columns(sheet: Worksheet, found: Sequence[Grid]) -> None:
    """Make each column as wide as its longest line, within bounds; a sheet has them before its rows."""
    widths: dict[int, int] = {}
    for grid in found:
        for at, name in enumerate(grid.head, 1):
            lines = (line for row in grid.rows for line in row[at - 1].split("\n"))
            widths[at] = max(widths.get(at, 8), len(name) + 2, min(_WIDE, max(map(len, lines), default=0) + 2))
    for at, width in widths.items():
        sheet.column_dimensions[_letter(at)].width = width


def _about(book: Workbook, report: Report) -> None:
    """Write the cover and the method as lines of words."""
    sheet = book.create_sheet(_title(book, "About"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _WIDE, 2 * _WIDE
    _page(sheet, report)
    _row(sheet, [report.title], look=HEAD)
    for section in (each for each in report.sections if each.name in ("cover", "method")):
        for block in section.blocks:
            if isinstance(block, Pairs):
                for row in block.rows:
                    _row(sheet, row)
            elif isinstance(block, Words):
                _row(sheet, (block.text,))
    for one in LEFT_OUT:
        _row(sheet, ("not in this file", one))


def _row(sheet: Worksheet, texts: Sequence[str], numbers: Collection[int] = (), look: str = TEXT) -> None:
    """Write a row of texts: of type text, shown as text, whatever they begin with; `numbers` are columns of numbers."""
    from openpyxl.cell import WriteOnlyCell

    cells = []
    for at, text in enumerate(texts, 1):
        number = at in numbers and text.isascii() and text.isdigit()
        cell = WriteOnlyCell(sheet, int(text) if number else fitting(text) or None)
        cell.style = NUMBER if number else look
        if text and not number:
            cell.data_type = "s"
        cells.append(cell)
    sheet.append(cells)


def _styles(book: Workbook) -> None:
    """Name the three looks of a cell: a text that stays one, a number, a head."""
    from openpyxl.styles import Alignment, Font, NamedStyle

    top = Alignment(vertical="top", wrap_text=True)
    book.add_named_style(NamedStyle(TEXT, number_format="@", alignment=top))
    book.add_named_style(NamedStyle(NUMBER, alignment=top))
    book.add_named_style(NamedStyle(HEAD, number_format="@", alignment=top, font=Font(bold=True)))


def fitting(text: str) -> str:
    r"""Give a text that a cell can hold: nothing hidden, and where it is too long, saying where the rest is.

    >>> fitting("=1+1\x00")
    '=1+1\\x00'
    """
    shown = visible(text.replace("\r", "\n"))
    if len(shown) <= LONGEST:
        return shown
    return f"{shown[:LONGEST]} … [{len(shown):,} characters; a cell holds no more: see the report in JSON]"


def _page(sheet: Worksheet, report: Report) -> None:
    """Fit a page to its width, and say at its foot which record it is of."""
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    fit: Any = sheet.sheet_properties.pageSetUpPr
    foot: Any = sheet.oddFooter
    fit.fitToPage, foot.left.text, foot.right.text = True, visible(report.running).replace("&", "&&"), "Page &P of &N"


def _title(book: Workbook, title: str) -> str:
    """Give a name that a sheet may have and none has yet."""
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in visible(title))
    plain = " ".join(plain.split()).strip("'")[:28] or "Sheet"
    taken = {name.casefold() for name in book.sheetnames}
    return next(name for n in range(1, 1000) if (name := plain if n == 1 else f"{plain} {n}").casefold() not in taken)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
