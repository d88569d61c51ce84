"""Shows a report on a terminal, with rich tables as wide as the terminal is. Composes nothing, writes no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from timeline.reports.composing.shape import Block, Cell, Figure, Key, Pairs, Report, Table, Words
from timeline.reports.escape import visible

if TYPE_CHECKING:
    from rich.console import Console


def show(report: Report, console: Console | None = None) -> None:
    """Print a report on the terminal, or on the console given; every text of the case as text."""
    from rich.console import Console as Terminal

    out = console or Terminal(highlight=False)
    out.print(_text(report.title, "bold"))
    for section in report.sections:
        if section.title:
            out.print()
            out.print(Rule(_text(section.title, "bold"), align="left", style="dim"))
        for block in section.blocks:
            for shown in _shown(block):
                out.print(shown)


def _shown(block: Block) -> Iterator[Any]:
    if isinstance(block, Words):
        yield _text(block.text, {"disputed": "bold yellow", "note": "dim"}.get(block.tone, ""))
    elif isinstance(block, Pairs):
        yield _pairs(block.rows)
    elif isinstance(block, Key):
        yield from _key(block)
    elif isinstance(block, Figure):
        yield _text(block.alt)
    else:
        yield from _table(block)


def _pairs(rows: tuple[tuple[str, str], ...]) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    for name, value in rows:
        grid.add_row(_text(name, "dim"), _text(value))
    return grid


def _key(key: Key) -> Iterator[Any]:
    yield Padding(_text(key.plain, "dim"), (1, 0, 0, 0))
    yield _text(key.text, "bold")
    yield Padding(_text(key.sentence), (0, 0, 0, 2))
    if key.sides:
        grid = Grid(box=None, padding=(0, 2), header_style="dim")
        for name in ("alone", "standing", "answer"):
            grid.add_column(name)
        for side in key.sides:
            grid.add_row(_text(side.name), _text(side.standing), _text(side.text))
        yield Padding(grid, (0, 0, 0, 2))
    for each in key.verdicts:
        yield Padding(_text(each), (0, 0, 0, 2))


def _table(table: Table) -> Iterator[Any]:
    if not table.rows:
        yield _text(table.empty, "dim")
        return
    grid = Grid(title=_text(table.title), title_justify="left", header_style="dim", show_lines=False, expand=True)
    for column in table.columns:
        grid.add_column(column.name, ratio=column.width or 1, justify="right" if column.holds == "number" else "left")
    for row in table.rows:
        grid.add_row(*(_cell(cell) for cell in row.cells))
    yield grid
    if table.caption:
        yield _text(table.caption, "dim")


def _cell(cell: Cell) -> Text:
    said = _text(cell.text)
    return said.append("\n" if cell.text else "").append_text(_text(cell.small, "dim")) if cell.small else said


def _text(words: str, style: str = "") -> Text:
    """Give words as text that no terminal reads as anything else, and that no column cuts short."""
    return Text(visible(words).replace("\t", " "), style=style, overflow="fold")
