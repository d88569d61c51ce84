"""What every reader gives: one row of a file, with the events it holds or what is wrong with it. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from events.errors import Fault, Problem

Cells = Mapping[str, str]
"""A row of a table: column to text."""


class Flaw(NamedTuple):
    """One fault of a row and the field it stands in; the place in the file is the row's."""

    field: str
    what: str
    instead: str

    @classmethod
    def of(cls, fault: Fault, field: str = "") -> Flaw:
        """Give a fault as a flaw of that field."""
        return cls(field, fault.what, fault.instead)


class Row(NamedTuple):
    """One row: where it starts, what stood there, and its events (fields as in JSONL), a reason to skip it, or flaws.

    `raw` is a line of JSONL as bytes, or the cells of a table's row. `origin` is the file and line that the row first
    stood in, where it comes back from a quarantine.
    """

    line: int
    raw: bytes | Cells
    events: Sequence[dict[str, Any]] = ()
    flaws: Sequence[Flaw] = ()
    skipped: str = ""
    origin: tuple[str, int] = ("", 0)

    def problems(self, file: str) -> tuple[Problem, ...]:
        """Give its flaws with their place."""
        return tuple(
            Problem(file=file, line=self.line, field=flaw.field, what=flaw.what, instead=flaw.instead)
            for flaw in self.flaws
        )
