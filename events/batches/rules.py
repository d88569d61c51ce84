"""The rules of a mapping, once read: how one row of a table becomes its events. Reads no TOML and no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any, Final, final

from events.batches.cells import Condition, Numbers, Template, of_epoch, ordered, without
from events.batches.row import Cells, Flaw, Row
from events.dates.readers import Reader
from events.errors import Fault

DATES: Final = frozenset({"when", "until", "source.asserted"})
"""The fields that are dates whatever the mapping says."""
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9._-]")
_NUL: Final = Fault("the row holds a NUL character", "remove it from the file")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one field of an event comes from the row: a template, then what is cut, renamed, reckoned or required.

    A `plain` one holds what its template gives, and nothing else is done to it.
    """

    name: str
    template: Template
    values: Mapping[str, str] = field(default_factory=dict)
    others: str = ""
    without: str = ""
    epoch: str = ""
    date: bool = False
    required: bool = False
    empty: str = ""
    plain: bool = False

    def read(self, cells: Cells, numbers: Numbers, dated: Callable[[str], str]) -> tuple[str, str]:
        """Give the field's text, and the source's own wording where the text is a reading of it; raises `Fault`.

        `dated` reads a date as the mapping says that dates are written.
        """
        said = self.template.fill(cells)
        if not said:
            return self._absent(), ""
        if self.plain:
            return said, ""
        text = said = without(said, self.without) if self.without else said
        counted = [column for column in self.template.columns if column in numbers.columns and cells[column].strip()]
        if counted:
            text = self.template.fill({**cells, **{column: numbers.read(cells[column].strip()) for column in counted}})
        if self.epoch:
            text = of_epoch(text, self.epoch)
        elif self.date:
            text = dated(text)
        return self._renamed(text), said if text != said else ""

    def _absent(self) -> str:
        if self.required:
            raise Fault(
                "it is empty", f"fill {' or '.join(map(repr, self.template.columns))}, or skip such rows with [[skip]]"
            )
        return self.empty

    def _renamed(self, text: str) -> str:
        if not self.values or text in self.values:
            return self.values.get(text, text)
        if self.others:
            return self.others
        raise Fault(
            f"{text!r} is not among the values of the mapping",
            "add it to `values`, or give `others`, or skip such rows",
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """One `[[event]]`: when it applies, and its fields. Without an `id` template it is named after its row."""

    conditions: tuple[Condition, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    lists: tuple[tuple[str, tuple[Template, ...]], ...] = ()
    constants: tuple[tuple[str, int], ...] = ()
    by_row: str = ""

    def applies(self, cells: Cells) -> bool:
        """Whether all its conditions hold of the row."""
        return all(condition.holds(cells) for condition in self.conditions)

    def read(
        self, cells: Cells, numbers: Numbers, dated: Callable[[str], str]
    ) -> tuple[dict[str, Any], list[Flaw]]:
        """Give the event's fields as JSONL has them, and what is wrong with them."""
        event: dict[str, Any] = {}
        flaws: list[Flaw] = []
        wordings: list[str] = []
        for rule in self.fields:
            try:
                text, wording = rule.read(cells, numbers, dated)
            except Fault as fault:
                flaws.append(Flaw.of(fault, rule.name))
                continue
            if text:
                put(event, rule.name, text)
            if wording and wording not in wordings:
                wordings.append(wording)
        for name, number in self.constants:
            put(event, name, number)
        for name, templates in self.lists:
            if said := [text for template in templates if (text := template.fill(cells))]:
                put(event, name, said)
        if wordings:
            event.setdefault("source", {}).setdefault("reads", "; ".join(wordings))
        return event, flaws


def put(event: dict[str, Any], name: str, value: object) -> None:
    """Set a field by its dotted name: `data.substance` goes into the object `data`."""
    head, _, tail = name.partition(".")
    if tail:
        event.setdefault(head, {})[tail] = value
    else:
        event[head] = value


def stem(file: str) -> str:
    """Give a file's name as it may stand in an id: packed or not the same, other characters as `-`.

    >>> stem("/data/drug orders.csv.gz"), stem("-")
    ('drug-orders.csv', 'stdin')
    """
    name = _NOT_IN_ID.sub("-", PurePath(file).name.removesuffix(".gz")).lstrip("._-")
    return name[:80] or "stdin"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRule:
    """One `[[skip]]`: rows that are left out on purpose, counted and reported with their reason."""

    conditions: tuple[Condition, ...]
    reason: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class YearOf:
    """The year of a row's dates that state none, from its cells; `made` gives the reader for one."""

    template: Template
    made: Callable[[int], Reader]

    def reader(self, cells: Cells) -> Reader:
        """Give the reader of a row's dates; raises `Fault` where its cells hold no year."""
        said = self.template.fill(cells)
        where = " or ".join(map(repr, self.template.columns))
        instead = f"write the year of the row's dates into {where}, in four digits"
        if not said:
            raise Fault(f"{where} is empty, and has the year of this date", instead)
        if not (len(said) == 4 and said.isascii() and said.isdigit()):
            raise Fault(f"{said!r} in {where} is not a year", instead)
        return self.made(int(said))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A whole mapping. `used` are the columns it needs, `ignore` those it leaves out; a table has no others."""

    name: str = ""
    sha256: str = ""
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    nothing: frozenset[str] = frozenset()
    order: str = ""
    zone: str = ""
    reader: Reader | None = None
    year: YearOf | None = None
    numbers: Numbers = field(default_factory=Numbers)
    skips: tuple[SkipRule, ...] = ()
    events: tuple[EventRule, ...] = ()
    ignore: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()

    def dated(self, text: str, cells: Cells) -> str:
        """Give a date in the grammar of `when`: by the reader, else put in order; raises `Fault`."""
        reader = self.year.reader(cells) if self.year else self.reader
        return reader(text) if reader else ordered(text, self.order)

    def row(self, line: int, raw: Cells, origin: tuple[str, int]) -> Row:
        """Give the row's events: all of them, or none and what is wrong. `origin` names events after their row."""
        cells = (
            {column: "" if text.strip() in self.nothing else text for column, text in raw.items()}
            if self.nothing
            else raw
        )
        for skip in self.skips:
            if all(condition.holds(cells) for condition in skip.conditions):
                return Row(line, raw, skipped=skip.reason)
        events: list[dict[str, Any]] = []
        flaws: list[Flaw] = []
        dated = partial(self.dated, cells=cells)
        for rule in self.events:
            if rule.applies(cells):
                event, wrong = rule.read(cells, self.numbers, dated)
                if rule.by_row:
                    event["id"] = rule.by_row.format(file=stem(origin[0]), line=origin[1])
                events.append(event)
                flaws += wrong
        if any("\0" in text for text in raw.values()):
            flaws = [Flaw.of(_NUL)]
        if not events:
            flaws = [
                Flaw(
                    "",
                    "no [[event]] of the mapping takes this row",
                    "add one, or skip such rows with a reason: [[skip]]",
                )
            ]
        return Row(line, raw, () if flaws else events, flaws, origin=origin)
