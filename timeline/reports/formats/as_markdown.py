"""Writes a report as Markdown in which no text of a case can become markup. Composes nothing, draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from timeline.reports.composing.shape import Block, Cell, Figure, Key, Pairs, Report, Row, Section, Table, Words
from timeline.reports.escape import markdown

LEFT_OUT: Final = (
    "the charts as pictures (their words and tables are here)",
    "the record as it stood, step by step (only HTML shows it)",
)


def as_markdown(report: Report) -> str:
    """Give a report as Markdown (with tables), ending in a newline."""
    blocks = [f"# {markdown(report.title)}", *(_section(report, section) for section in report.sections)]
    return "\n\n".join(blocks) + "\n"


def _section(report: Report, section: Section) -> str:
    blocks = [f"## {markdown(section.title)}"] if section.title else []
    return "\n\n".join((*blocks, *(part for block in section.blocks for part in _block(report, section, block))))


def _block(report: Report, section: Section, block: Block) -> Iterator[str]:
    if isinstance(block, Words):
        yield f"**{markdown(block.text)}**" if block.tone == "disputed" else markdown(block.text)
    elif isinstance(block, Pairs):
        yield "\n".join(f"- {markdown(name)}: {markdown(value)}" for name, value in block.rows if value)
    elif isinstance(block, Key):
        yield from _key(block)
    elif isinstance(block, Figure):
        yield f"### {markdown(block.title)}"
        yield markdown(block.alt)
        if not block.repeats:
            yield from _table(report, block.table)
    else:
        if block.title != section.title:
            yield f"### {markdown(block.title)}"
        yield from _table(report, block)


def _key(key: Key) -> Iterator[str]:
    yield f"### {markdown(key.plain)}"
    yield f"**{markdown(key.text)}**"
    yield markdown(key.sentence)
    beside = (
        ("bounds", "no narrower ones are possible" if key.tight else "sound; narrower ones may be possible"),
        ("least rests on", _ids(key.least)),
        ("most rests on", _ids(key.most)),
        ("sources", "; ".join(key.sources)),
        ("set aside", _ids(key.set_aside)),
        ("undated", _ids(key.undated)),
        ("assumes", "; ".join(key.assumes)),
        ("convention", key.convention),
    )
    yield "\n".join(f"- {name}: {markdown(value)}" for name, value in beside if value)
    if key.sides:
        yield _rows(("alone", "standing", "answer"), [(one.name, one.standing, one.text) for one in key.sides])
    if key.verdicts:
        yield "\n".join(f"- {markdown(each)}" for each in key.verdicts)


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(f"@{one}" for one in ids)


def _table(report: Report, table: Table) -> Iterator[str]:
    if table.rows:
        head = (*table.head, *(("cited as",) if table.events else ()), *(("notes",) if _noted(table) else ()))
        yield _rows(head, [_cells(report, table, row) for row in table.rows])
    else:
        yield markdown(table.empty)
    if table.caption:
        yield markdown(table.caption)


def _noted(table: Table) -> bool:
    return any(row.notes for row in table.rows)


def _cells(report: Report, table: Table, row: Row) -> tuple[str, ...]:
    cited = (report.cited.get(row.id, ""),) if table.events else ()
    notes = ("; ".join(row.notes),) if _noted(table) else ()
    return (*(_said(cell) for cell in row.cells), *cited, *notes)


def _said(cell: Cell) -> str:
    return f"{cell.text} ({cell.small})" if cell.text and cell.small else cell.text or cell.small


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join((_row(head), _row(["---"] * len(head), raw=True), *map(_row, rows)))


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else markdown(cell) for cell in cells)} |"
