"""Proposes a mapping for a table: looks at its first rows, marks what only a person knows. Loads and decides nothing.

What is certain of the rows looked at is filled in, with the cell that shows it; what is not is `"???"`, which a load
refuses. Every column is used or listed under `ignore`, so that nothing is left out in silence.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from events.batches.headings import Heading, fields_of, key_of, marks_of, order_of
from events.batches.lines import BatchFile
from events.batches.mapping import FILL
from events.errors import Fault
from events.event import find_type

ROWS: Final = 1_000
"""How many rows are looked at."""
_HINTS: Final = {"when": '"{…}"', "source.speaker": '"…"  # on whose word', "source.standing": '"documented"'}
_NOTHING: Final = ("-", "--", "NA", "N/A", "n/a", "NULL", "null", "None", "NaN")
"""Texts that often stand for an empty cell."""
_DELIMITERS: Final = (",", ";", "\t", "|")
_KINDS: Final = 30
_EXAMPLES: Final = 3
MG: Final = "mg"
"""A column of this name is an amount with this unit."""
_BYTES: Final = 8 << 20


class Table(NamedTuple):
    """The head of a table: its rows as far as looked at, and how it is written."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    nothing: tuple[str, ...]


class Line(NamedTuple):
    """One line of a mapping: a key, its value in TOML, and why; `fill` where only a person knows."""

    key: str
    value: str
    why: str = ""

    @property
    def fill(self) -> bool:
        """Whether somebody has to fill it in."""
        return FILL in self.value

    @property
    def text(self) -> str:
        """The line as it stands in the mapping."""
        return f"{self.key} = {self.value}" + (f"  # {'FILL IN: ' if self.fill else ''}{self.why}" if self.why else "")


def propose(path: Path | str) -> dict[str, Any]:
    """Propose a mapping for a table: `mapping` (TOML), its `columns`, and what is to `fill` in.

    Raises `BadInput` where the file cannot be read, `Fault` where it is no table.
    """
    with BatchFile(path) as file:
        table = _table(file)
        name = file.name
    fields = fields_of(table.headings)
    parts = _parts(table, fields)
    lines = [line for _, part in parts for line in part]
    used = {one.name: field for field, one in fields.items()}
    return {
        "file": name,
        "rows": len(table.rows),
        "columns": [
            {"column": one.name, "field": used.get(one.name), "examples": list(dict.fromkeys(one.cells))[:_EXAMPLES]}
            for one in table.headings
        ],
        "fill": [{"key": line.key, "why": line.why} for line in lines if line.fill],
        "mapping": _toml(name, len(table.rows), parts),
    }


def _table(file: BatchFile) -> Table:
    raw = []
    for line in file.lines():
        raw.append(line)
        if len(raw) > ROWS or file.offset > _BYTES:
            break
    encoding = "utf-8" if _is_utf8(raw) else ""
    texts = [line.decode(encoding or "latin-1") for line in raw]
    header = next((text for text in texts if text.strip()), "")
    if not header:
        raise Fault(f"{file.shown} has no header", "give a table whose first line names its columns")
    if header.lstrip().startswith(("{", "[")):
        raise Fault(f"{file.shown} is no table, but JSON", "load it as it is: `casefold load FILE`")
    try:
        delimiter = max(_DELIMITERS, key=lambda mark: (len(next(csv.reader([header], delimiter=mark))), mark == ","))
        records = [tuple(cell.strip() for cell in one) for one in _records(texts, delimiter)]
    except csv.Error as error:
        file.refuse(f"it is no CSV ({error})", "double a quote inside quotes, and close every quote")
    names, rows = records[0], tuple(one for one in records[1:] if len(one) == len(records[0]))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault(f"{file.shown}: column {twice!r} stands there twice", "rename one of them")
    empty = tuple(one for one in _NOTHING if any(one in row for row in rows))
    cells = (tuple(row[n] for row in rows if row[n] and row[n] not in empty) for n in range(len(names)))
    headings = tuple(Heading(name=name, cells=own) for name, own in zip(names, cells, strict=True))
    return Table(headings, rows, delimiter, encoding, empty)


def _is_utf8(lines: Sequence[bytes]) -> bool:
    try:
        b"".join(lines).decode()
    except UnicodeDecodeError:
        return False
    return True


def _records(texts: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 20)
    return (one for one in csv.reader(texts, delimiter=delimiter) if any(map(str.strip, one)))


# --- the parts of the mapping ----------------------------------------------------------------------------------------

Part = tuple[str, list[Line]]


def _parts(table: Table, fields: dict[str, Heading]) -> list[Part]:
    key = key_of(table.headings, table.rows, fields["case"].name if "case" in fields else "") if table.rows else ()
    used = {one.name for one in fields.values()} | set(key)
    rest = [one.name for one in table.headings if one.name not in used]
    ignore = [Line("ignore", _value(rest), "no field was found for these: use them below, or leave them out")]
    return [
        ("", ignore if rest else []),
        ("[file]", _file(table)),
        ("[when]", _when(fields)),
        ("[numbers]", _numbers(fields)),
        ("[[event]]", [*_named(fields, key), *_told(fields)]),
    ]


def _file(table: Table) -> list[Line]:
    marks = [Line("delimiter", _value(table.delimiter))] if table.delimiter != "," else []
    coded = [] if table.encoding else [Line("encoding", _value(FILL), 'it is no UTF-8; often "cp1252" or "latin-1"')]
    empty = [Line("nothing", _value(list(table.nothing)), "read as empty cells")] if table.nothing else []
    return marks + coded + empty


def _when(fields: dict[str, Heading]) -> list[Line]:
    dates = [fields[name] for name in ("when", "until", "source.asserted") if name in fields]
    order, why = order_of([cell for one in dates for cell in one.cells])
    lines = [Line("order", _value(order), why)] if order else []
    if dates and not all(one.zoned for one in dates):
        lines.append(Line("zone", _value(FILL), 'the zone of these dates, as "America/Los_Angeles"'))
    return lines


def _numbers(fields: dict[str, Heading]) -> list[Line]:
    amount = fields.get("data.amount")
    if amount is None or not amount.numeric:
        return []
    marks = (Line(key, _value(mark), why) for key, (mark, why) in marks_of(amount.cells).items())
    return [Line("columns", _value([amount.name])), *marks]


def _named(fields: dict[str, Heading], key: tuple[str, ...]) -> list[Line]:
    case = fields.get("case")
    own = [Line("case", _place(case))] if case else [Line("case", _value(FILL), "the name of the case it is about")]
    if "id" in fields:
        return [*own, Line("id", _place(fields["id"])), _type(fields)]
    why = "no two of the rows looked at share it" if key else "nothing names a row: each is named by file and line"
    return [*own, Line("id", _value(list(key)) if key else '"row"', why), _type(fields)]


def _type(fields: dict[str, Heading]) -> Line:
    kind = fields.get("type")
    if kind is None:
        return Line("type", _value(FILL), "what each row is: see `casefold types`")
    kinds = list(dict.fromkeys(kind.cells))
    if all(map(find_type, kinds)):
        return Line("type", _place(kind))
    means = ", ".join(f"{_value(one)} = {_value(one if find_type(one) else FILL)}" for one in kinds[:_KINDS])
    others = f", others = {_value(FILL)}" if len(kinds) > _KINDS else ""
    return Line(
        "type", f"{{ from = {_place(kind)}, values = {{ {means} }}{others} }}", "each is one of `casefold types`"
    )


def _told(fields: dict[str, Heading]) -> list[Line]:
    lines = []
    for name, one in fields.items():
        if name == "when" and "clock" in fields:
            lines.append(Line(name, _value(f"{{{one.name}}} {{{fields['clock'].name}?}}")))
        elif name == "data.amount" and "unit" in fields:
            lines.append(Line(name, _value(f"{{{one.name}}} {{{fields['unit'].name}?}}")))
        elif name in ("tags", "causes"):
            lines.append(Line(name, f"[{_place(one)}]"))
        elif name == "data.amount" and one.plain == MG:
            lines.append(Line(name, _value(f"{{{one.name}}} {MG}")))
        elif name not in ("case", "id", "type", "clock", "unit"):
            lines.append(Line(name, _place(one)))
    return lines


# --- TOML ------------------------------------------------------------------------------------------------------------


def _value(value: object) -> str:
    """Write a text, or a list of texts, as TOML; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)


def _place(heading: Heading) -> str:
    return _value(f"{{{heading.name}}}")


def _toml(name: str, rows: int, parts: Sequence[Part]) -> str:
    fills = any(line.fill for _, part in parts for line in part)
    head = [
        f"# Proposed for {_value(name)} from its first {rows:,} rows; docs/mapping.md explains the keys.",
        "# Nothing of it is certain: read every line." + (f' Fill in each "{FILL}".' if fills else ""),
        f"# Then: casefold load {name} --map THIS.toml --dry-run",
    ]
    said = {line.key for _, part in parts for line in part}
    hints = [f"# {key} = {value}" for key, value in _HINTS.items() if key not in said]
    body: list[str] = []
    for title, part in parts:
        if part:
            body += ["", *([title] if title else []), *(line.text for line in part)]
    return "\n".join([*head, *body, *hints]) + "\n"
