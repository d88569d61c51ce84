"""A report's tables as plain grids of texts, for sheets and files of values. Loses no words; knows no file format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from timeline.reports.composing.shape import Key, Report, Section, Table

_TIMES: Final = ("earliest (UTC)", "latest (UTC)")


class Grid(NamedTuple):
    """A head and rows of as many texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


def table_grid(report: Report, section: Section, table: Table) -> Grid:
    """Give a table; smaller words, ids, citations, instants and notes have columns of their own."""
    times = _instants(section) if table.events else {}
    small = [any(row.cells[n].small for row in table.rows) for n in range(len(table.columns))]
    head = [name for column, more in zip(table.head, small, strict=True) for name in _names(column, more=more)]
    ids, notes = any(row.id for row in table.rows), any(row.notes for row in table.rows)
    head += [*(["id", "cited as"] if ids else []), *(_TIMES if times else ()), *(["notes"] if notes else [])]
    rows = []
    for row in table.rows:
        texts = [text for cell, more in zip(row.cells, small, strict=True) for text in _texts(cell, more=more)]
        texts += [row.id, report.cited.get(row.id, "")] if ids else []
        texts += times.get(row.id, ("", "")) if times else ()
        texts += ["\n".join(row.notes)] if notes else []
        rows.append(tuple(texts))
    return Grid(table.title, tuple(head), tuple(rows), table.empty)


def keys_grid(section: Section) -> Grid:
    """Give the key answers, one a row, with all that must stand beside each."""
    head = (
        "question", "answer", "no narrower bound is possible", "in full", "on whose word", "sources",
        "each speaker alone", "how the speakers compare", "what the figures mean", "the least rests on",
        "the most rests on", "set aside", "undated", "assumes",
    )  # fmt: skip
    rows = tuple(_key(block) for block in section.blocks if isinstance(block, Key))
    return Grid(section.title, head, rows, "None could be asked.")


def grids(report: Report, section: Section) -> Iterator[Grid]:
    """Give the grids of one section: its key answers, if it has any, then its tables, those under figures too."""
    if any(isinstance(block, Key) for block in section.blocks):
        yield keys_grid(section)
    for owner, table in report.tables:
        if owner is section:
            yield table_grid(report, section, table)


def _key(key: Key) -> tuple[str, ...]:
    alone = (f"{one.name} ({one.standing or 'none given'}): {one.text}" for one in key.sides)
    return (
        key.plain, key.text, "yes" if key.tight else "not proved", key.sentence, key.word, "\n".join(key.sources),
        "\n".join(alone), "\n".join(key.verdicts), key.convention, _listed(key.least), _listed(key.most),
        _listed(key.set_aside), _listed(key.undated), "\n".join(key.assumes),
    )  # fmt: skip


def _names(column: str, *, more: bool) -> list[str]:
    second = f"{column}, in the record's words" if column == "when" else f"{column} (more)"
    return [column, second] if more else [column]


def _texts(cell: Any, *, more: bool) -> list[str]:
    return [cell.text, *([cell.small] * more)]


def _instants(section: Section) -> Mapping[str, tuple[str, str]]:
    """Give the bounds of each event's instant as the section's data has them; an open end is empty."""
    data: Sequence[Mapping[str, Any]] = section.data if isinstance(section.data, list) else ()
    return {one["id"]: (one.get("earliest") or "", one.get("latest") or "") for one in data}


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids)
