"""Reads CSV: rows of cells under a header, by a mapping or by columns named as the fields. Guesses no separator."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from events.batches.lines import LINE_LIMIT, BatchFile
from events.batches.mapping import LIST_FIELDS, SOURCE_FIELDS, TEXT_FIELDS
from events.batches.row import Cells, Flaw, Row
from events.batches.rules import Rules, put
from events.errors import BadInput, Problem
from events.nearest import nearest

_PLAIN: Final = frozenset({"id", "version", *TEXT_FIELDS, *LIST_FIELDS, *(f"source.{name}" for name in SOURCE_FIELDS)})
"""The columns a table may have without a mapping, besides `data.…`."""
SURPLUS: Final = "(cell {})"
"""How the cells beyond the header's are called in a quarantine."""


def read_table(file: BatchFile, rules: Rules | None) -> Iterator[Row]:
    """Give a row for each record under the header; raises `BadInput` where the file as a whole cannot be trusted.

    That is: bytes of another encoding, an unclosed quote, a record over the limit, a header with a column twice, too
    few or unknown. A record with too many or too few cells is one bad row.
    """
    records = _records(file, rules or Rules())
    line, header = next((found for found in records if any(map(str.strip, found[1]))), (0, []))
    header = [name.strip() for name in header]
    if header:
        check_columns(file, line, header, rules)
    for line, record in records:
        cells = dict(zip(header, record, strict=False))
        if len(record) == len(header):
            yield table_row(cells, line, (file.shown, line), rules)
        else:
            cells |= {SURPLUS.format(n): text for n, text in enumerate(record[len(header) :], len(header) + 1)}
            yield Row(line, cells, (), (_ragged(len(record), len(header)),))


def table_row(cells: Cells, line: int, origin: tuple[str, int], rules: Rules | None) -> Row:
    """Give the events of one row of cells, by the mapping or by the names of its columns."""
    return rules.row(line, cells, origin) if rules else _plain_row(cells, line, origin)


def object_row(row: Row, rules: Rules | None, *, sparse: bool) -> Row:
    """Give the events of a row that is an object of columns: one of a table's quarantine, or (sparse) of mapped JSONL.

    In sparse rows a column that is absent is empty; the others must have every column the mapping needs.
    """
    fields = row.events[0] if row.events else {}
    cells = {column: _cell(value) for column, value in fields.items()}
    nested = [column for column, value in fields.items() if isinstance(value, dict | list)]
    if rules and sparse:
        cells = {**dict.fromkeys(rules.used, ""), **cells}
    flaws = [
        Flaw(column, "it is no single value", "list it under `ignore`")
        for column in nested
        if rules and column in rules.used
    ]
    flaws += [Flaw("raw" if not sparse else "", what, instead) for what, instead in _column_faults(list(cells), rules)]
    if flaws:
        return row._replace(events=(), flaws=flaws)
    origin = row.origin if row.origin[1] else ("", row.line)
    return table_row(cells, row.line, origin, rules)._replace(raw=row.raw, origin=row.origin)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def check_columns(file: BatchFile, line: int, header: Sequence[str], rules: Rules | None) -> None:
    """Raise `BadInput` with every fault of the header: columns twice, missing, or not spoken of."""
    twice = [
        (f"column {name!r} stands there twice", "rename one of them") for name, n in Counter(header).items() if n > 1
    ]
    faults = [*twice, *_column_faults(header, rules)]
    if faults:
        raise BadInput([Problem(file=file.shown, line=line, what=what, instead=instead) for what, instead in faults])


def _column_faults(header: Sequence[str], rules: Rules | None) -> Iterable[tuple[str, str]]:
    if rules is None:
        unknown = [name for name in header if name not in _PLAIN and not name.startswith("data.")]
        if unknown:
            names = ", ".join(map(repr, unknown))
            yield (
                f"{names}: no such field",
                _hint(unknown) or "name columns as the fields, or write a mapping: --map FILE.toml",
            )
        return
    for name in sorted(rules.used - set(header)):
        yield f"column {name!r} of the mapping is missing", nearest(name, header, "correct the mapping")
    if silent := [name for name in dict.fromkeys(header) if name not in rules.used | rules.ignore]:
        names = ", ".join(map(repr, silent))
        yield (
            f"the mapping says nothing of {names}",
            _hint(silent) or "use them in an [[event]], or list them under `ignore`",
        )


def _hint(unknown: Sequence[str]) -> str:
    if len(unknown) == 1:
        for mark in (";", "\t", "|"):
            if mark in unknown[0]:
                return f"declare the separator in a mapping: [file] delimiter = {mark!r}".replace("'", '"')
    return ""


def _ragged(found: int, wanted: int) -> Flaw:
    return Flaw(
        "",
        f"the row has {found} cells, the header {wanted}",
        "quote cells that hold the separator, or complete the row",
    )


def _plain_row(cells: Cells, line: int, origin: tuple[str, int]) -> Row:
    event: dict[str, Any] = {}
    for column, text in cells.items():
        said = text.strip()
        if "\0" in said:
            return Row(line, cells, (), (Flaw(column, "the cell holds a NUL character", "remove it from the file"),))
        if said:
            put(event, column, _value(column, said))
    return Row(line, cells, (event,), origin=origin)


def _value(column: str, text: str) -> object:
    if column in LIST_FIELDS:
        return [one.strip() for one in text.split(";") if one.strip()]
    return int(text) if column == "version" and text.isdecimal() and len(text) < 10 else text


def _wrong(error: csv.Error) -> tuple[str, str]:
    """Give what is wrong with a record that is no CSV, and what to do."""
    said = str(error)
    if "unexpected end" in said:
        return "a quote is opened and never closed", "double a quote inside quotes, and close every quote"
    if "new-line character" in said:
        return "a cell without quotes holds the end of a line (a lone CR)", "quote the cell, or end lines by LF"
    return f"it is no CSV ({said})", "double a quote inside quotes, and close every quote"


def _records(file: BatchFile, rules: Rules) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it starts on; blank lines are no records."""
    csv.field_size_limit(LINE_LIMIT)
    begun = 0
    held = 0

    def texts() -> Iterator[str]:
        nonlocal held
        for line in file.lines():
            held += len(line)
            if held > LINE_LIMIT:
                file.refuse(
                    f"the record that starts here is longer than {LINE_LIMIT:,} bytes", "close its quote", line=begun
                )
            yield file.text(line, rules.encoding)

    reader = csv.reader(
        texts(),
        delimiter=rules.delimiter,
        quotechar=rules.quote or None,
        quoting=csv.QUOTE_MINIMAL if rules.quote else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        begun, held = file.line + 1, 0
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            file.refuse(*_wrong(error), line=begun)
        if record:
            yield begun, record
