"""Writes the rows of one question, one a case, to a file: CSV, JSONL or Parquet. Asks nothing and sorts nothing.

The file is written aside and takes its name when it is whole.
"""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from events.errors import Fault, reason
from events.whole_file import replacing
from timeline.kept.tables import Column
from timeline.reports.endings import format_named
from timeline.reports.escape import spreadsheet

SHAPES: Final = ("csv", "jsonl", "parquet")
CHUNK: Final = 10_000
"""Rows a row group of Parquet."""
Cells = Iterable[Sequence[Any]]


def shape_of(output: str) -> str:
    """Give the format that a file's ending names; raises `Fault`, also for want of its folder, or of Parquet's library.

    >>> shape_of("deaths.CSV")
    'csv'
    """
    shape = format_named(output, SHAPES, "cohorts")
    if not (folder := Path(output).parent).is_dir():
        raise Fault(f"{output} cannot be written: there is no folder {folder}", "name another file with -o")
    if shape == "parquet":
        _pyarrow()
    return shape


def write(output: str, columns: Sequence[Column], rows: Cells, said: Mapping[str, Any]) -> int:
    """Write rows to a file in the format of its ending; gives how many. `said` goes into Parquet's own metadata.

    Raises `Fault` for another ending, and OSError.
    """
    shape = shape_of(output)
    with contextlib.ExitStack() as files:
        try:
            aside = files.enter_context(replacing(Path(output)))
        except OSError as error:
            raise Fault(f"{output} cannot be written: {reason(error)}", "name another file with -o") from error
        if shape == "parquet":
            return _parquet(aside, columns, rows, said)
        file = files.enter_context(aside.open("w", encoding="utf-8", newline=""))
        return (_csv if shape == "csv" else _jsonl)(file, columns, rows)


def _csv(file: TextIO, columns: Sequence[Column], rows: Cells) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    return sum(
        writer.writerow([spreadsheet(value) if isinstance(value, str) else value for value in row]) > 0 for row in rows
    )


def _jsonl(file: TextIO, columns: Sequence[Column], rows: Cells) -> int:
    told = ({each.name: _value(each, value) for each, value in zip(columns, row, strict=True)} for row in rows)
    return sum(file.write(json.dumps(each, ensure_ascii=False) + "\n") > 0 for each in told)


def _value(column: Column, value: Any) -> Any:
    """Give a value as JSON has it: a truth as such, and what is JSON as no text."""
    if value is None:
        return None
    return json.loads(value) if column.kind == "json" else bool(value) if column.kind == "truth" else value


def _parquet(aside: Path, columns: Sequence[Column], rows: Cells, said: Mapping[str, Any]) -> int:
    arrow, parquet = _pyarrow()
    types = {"integer": arrow.int64(), "instant": arrow.int64(), "truth": arrow.bool_()}
    fields = [(column.name, types.get(column.kind, arrow.string())) for column in columns]
    schema = arrow.schema(fields).with_metadata({"casefold": json.dumps(dict(said), ensure_ascii=False)})
    number, waiting = 0, iter(rows)
    with parquet.ParquetWriter(aside, schema) as writer:
        while chunk := list(islice(waiting, CHUNK)):
            number += len(chunk)
            arrays = [
                arrow.array([bool(v) if column.kind == "truth" and v is not None else v for v in values], type=kind)
                for column, (_, kind), values in zip(columns, fields, zip(*chunk, strict=True), strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
    return number


def _pyarrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise Fault(
            "Parquet needs pyarrow, which is not installed", "pip install 'casefold[parquet]', or name a .csv file"
        ) from None
