"""The rows of a table as HTML, by hand: a template would take five times as long for thousands. Chooses no words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from markupsafe import Markup, escape

from timeline.reports.composing.shape import Cell, Column, Row, Table
from timeline.reports.escape import visible

Worder = Callable[[str], Markup]
_FACTS: Final[Mapping[str, str]] = {"type": "t", "standing": "s", "speaker": "w"}


def rows(table: Table, words: Worder, anchor: Callable[[Table, int], str]) -> Markup:
    """Give the rows of a table; `words` makes links of ids, `anchor` gives a row's own id in the page."""
    wide = widest(table)
    lines = ("".join(_row(table, row, words, anchor(table, n), wide)) for n, row in enumerate(table.rows))
    return Markup("\n".join(lines))  # noqa: S704


def widest(table: Table) -> int:
    """Give the column that has room for the notes of a row."""
    return max(range(len(table.columns)), key=lambda n: table.columns[n].width)


def _row(table: Table, row: Row, words: Worder, own: str, wide: int) -> Iterator[str]:
    yield "<tr"
    yield f' id="{escape(own)}"' if own else ""
    for name, short in _FACTS.items() if table.events else ():
        yield f' data-{short}="{escape(visible(row.facts[name]))}"'
    yield ">"
    for n, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        yield '<td class="n">' if column.holds == "number" else "<td>"
        yield from _cell(cell, column, words, row.id if own else "")
        for note in row.notes if n == wide else ():
            yield f'<small class="q">{words(note)}</small>'
        yield "</td>"
    yield "</tr>"


def _cell(cell: Cell, column: Column, words: Worder, own: str) -> Iterator[str]:
    said = words(cell.text)
    yield f'<span class="st">{said}</span>' if column.name == "standing" and cell.text else said
    if cell.small:
        yield f"<small>{escape(cell.small) if cell.small == f'@{own}' else words(cell.small)}</small>"
