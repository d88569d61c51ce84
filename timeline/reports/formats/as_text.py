"""Writes a report as plain text, in columns no wider than a printed page. Composes nothing, draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from timeline.reports.composing.shape import Block, Cell, Figure, Key, Pairs, Report, Row, Section, Table, Words
from timeline.reports.escape import one_line
from timeline.reports.layout import WHEN

LEFT_OUT: Final = (
    "the charts as pictures (their words and tables are here)",
    "the record as it stood, step by step (only HTML shows it)",
)
WIDTH: Final = 118
_GAP: Final = 2


def as_text(report: Report) -> str:
    """Give a report as plain text, ending in a newline."""
    title = one_line(report.title)
    blocks = [f"{title}\n{'=' * len(title)}", *(_section(report, section) for section in report.sections)]
    return "\n\n".join(blocks) + "\n"


def _section(report: Report, section: Section) -> str:
    title = [section.title, "-" * len(section.title)] if section.title else []
    blocks = ["\n".join(lines) for block in section.blocks if (lines := list(_lines(report, section, block)))]
    return "\n".join((*title, "\n\n".join(blocks)))


def _lines(report: Report, section: Section, block: Block) -> Iterator[str]:
    if isinstance(block, Words):
        yield one_line(block.text)
    elif isinstance(block, Pairs):
        yield from _pairs(block.rows)
    elif isinstance(block, Key):
        yield from _key(block)
    elif isinstance(block, Figure):
        yield f"[Chart] {one_line(block.title)}"
        yield from wrap(one_line(block.alt), WIDTH, initial_indent="  ", subsequent_indent="  ")
        if not block.repeats:
            yield ""
            yield from _table(report, block.table, titled=True)
    else:
        yield from _table(report, block, titled=block.title != section.title)


def _table(report: Report, block: Table, *, titled: bool) -> Iterator[str]:
    yield from ([one_line(block.title), ""] if titled else [])
    if not block.rows:
        yield one_line(block.empty)
    elif block.events:
        for row in block.rows:
            yield from _event(report, row)
    else:
        yield from columns([_cell(Cell(name)) for name in block.head], [_row(row) for row in block.rows])
    yield from ["", one_line(block.caption)] if block.caption else []


def _event(report: Report, row: Row) -> Iterator[str]:
    """Give an event as lines: when and what, then who says so with the citation, then where, and the source's words."""
    _, when, what, who, standing, where = row.cells
    named = f"@{row.id} {report.cited.get(row.id, '')}".rstrip()
    at = " " * (WHEN + 4)
    yield f"  {one_line(when.text):{WHEN}}  {one_line(what.text)}"
    yield f"{at}{one_line(who.text)} ({one_line(standing.text)})  {named}"
    place = ", ".join(one_line(part) for part in (where.text, where.small) if part)
    for more in (place, *([f"written: {when.small}"] if when.small else []), *row.notes):
        if more:
            yield f"{at}{one_line(more)}"


def _key(key: Key) -> Iterator[str]:
    """Give one key answer: question, answer, all that stands beside it, each side beside the others."""
    yield one_line(key.plain)
    yield f"  {one_line(key.text)}"
    yield ""
    yield from wrap(one_line(key.sentence), WIDTH, initial_indent="  ", subsequent_indent="  ")
    same = key.least == key.most
    beside = (
        ("bounds", "no narrower ones are possible" if key.tight else "sound; narrower ones may be possible"),
        ("rests on", _ids(key.least) if same else ""),
        ("least rests on", "" if same else _ids(key.least)),
        ("most rests on", "" if same else _ids(key.most)),
        ("sources", "; ".join(key.sources)),
        ("set aside", _ids(key.set_aside)),
        ("undated", _ids(key.undated)),
        ("assumes", "; ".join(key.assumes)),
        ("convention", key.convention),
    )
    yield from ["", *_pairs(beside, indent="  ")]
    if key.sides:
        rows = [[[one.name], [one.standing], wrap(one.text, 60)] for one in key.sides]
        yield from ["", *(f"  {line}" for line in columns([["alone"], ["standing"], ["answer"]], rows))]
    yield from (f"  {one_line(each)}" for each in key.verdicts)


def _pairs(rows: Sequence[tuple[str, str]], *, indent: str = "") -> Iterator[str]:
    """Give named values as aligned lines, long ones wrapped under themselves."""
    kept = [(name, one_line(value)) for name, value in rows if value]
    wide = max((len(name) for name, _ in kept), default=0)
    for name, value in kept:
        hung = f"{indent}{'':{wide}}  "
        yield from wrap(value, WIDTH, initial_indent=f"{indent}{name:{wide}}  ", subsequent_indent=hung)


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(f"@{one}" for one in ids)


def _row(row: Row) -> list[list[str]]:
    cells = [_cell(cell) for cell in row.cells]
    widest = max(range(len(cells)), key=lambda n: sum(map(len, cells[n])))
    cells[widest] += [one_line(note) for note in row.notes]
    return cells


def _cell(cell: Cell) -> list[str]:
    return [one_line(part) for part in (cell.text, cell.small) if part] or [""]


def columns(head: Sequence[Sequence[str]], rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Give rows of cells (each of lines) as aligned lines under a head, wrapped to the width of a page.

    >>> list(columns([["id"], ["n"]], [[["a"], ["1"]], [["longer"], ["22", "x"]]]))
    ['id      n', '------  --', 'a       1', 'longer  22', '        x']
    """
    widths = _widths([head, *rows])
    for n, row in enumerate((head, [["-" * width] for width in widths], *rows)):
        wrapped = [
            [part for line in cell for part in (wrap(line, width) or [""])] if n != 1 else list(cell)
            for cell, width in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, wrapped))):
            parts = (cell[line] if line < len(cell) else "" for cell in wrapped)
            yield (" " * _GAP).join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _widths(rows: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    """Give each column what it needs, or where that is too much, narrow columns theirs and the others fair shares."""
    needs = [max(max(map(len, row[n]), default=0) or 1 for row in rows) for n in range(len(rows[0]))]
    room = WIDTH - _GAP * (len(needs) - 1)
    widths, left = dict.fromkeys(range(len(needs)), 0), sorted(range(len(needs)), key=lambda n: needs[n])
    while left:
        share = max(6, room // len(left))
        first = left.pop(0)
        widths[first] = min(needs[first], share)
        room -= widths[first]
    return [widths[n] for n in range(len(needs))]
