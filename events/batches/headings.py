"""What the columns of a table look like: their likely fields, shapes of dates and numbers. Proposes, decides nothing.

Names are compared as lower-case words; a column is proposed for one field, and a field is given to one column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from events.batches.mapping import LIST_FIELDS, SOURCE_FIELDS, TEXT_FIELDS

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("case", "case id", "case no", "case number", "caseid", "subject id", "patient id", "patient", "subject"),
    "type": ("type", "event type", "activity", "event", "kind", "action"),
    "when": (
        "when", "date time", "datetime", "timestamp", "start time", "starttime", "start date", "startdate", "start",
        "date", "day", "time", "charttime", "given", "occurred", "incident", "incident date", "event date",
    ),
    "until": ("until", "end", "end time", "end date", "enddate", "endtime", "stop", "stop date", "stopdate", "to"),
    "data.substance": ("substance", "drug", "medication", "medicine", "drug name", "agent", "product"),
    "data.amount": ("amount", "dose", "dosage", "quantity", "dose amount", "dose val", "dose val rx", "mg"),
    "data.route": ("route", "route of administration"),
    "data.given_by": ("given by", "administered by", "nurse"),
    "data.place": ("place", "location", "site", "ward"),
    "source.speaker": ("speaker", "source", "author", "reported by", "who", "officer"),
    "source.document": ("document", "report", "file"),
    "source.locator": ("locator", "page"),
    "source.quote": ("quote", "words"),
    "note": ("note", "notes", "remark", "remarks", "comment", "comments"),
    "tags": ("tags", "tag"),
}  # fmt: skip
"""Fields in the order in which they are given out, each with the names of columns that it takes."""
CLOCKS: Final = ("time", "hour", "clock time")
UNITS: Final = ("unit", "units", "dose unit", "dose unit rx", "uom", "amount unit")
IDS: Final = re.compile(r"(^| )(id|no|nr|number|key|order|ref)$")
_OWN: Final = frozenset({"id", *TEXT_FIELDS, *LIST_FIELDS, *(f"source.{name}" for name in SOURCE_FIELDS)})
_DIGITS: Final = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?!\d)")
_ISO: Final = re.compile(r"\d{4}-\d{2}(-\d{2})?(?!\d)")
_NAME: Final = re.compile(r"[A-Za-z0-9._:/-]+")
_ZONED: Final = re.compile(r"(Z|[+-]\d{2}:\d{2})$")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?", re.IGNORECASE)
_MARKED: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})*(?:([.,])\d+)?|\d+[.,]\d+")
_RANGE: Final = re.compile(r"([\d.,]+)\s?-\s?([\d.,]+)")
_LATEST_MONTH: Final = 12
_WIDE: Final = 4
_WIDEST: Final = 20


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column, and the cells of it that were looked at, without empty ones."""

    name: str
    cells: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """Its name in lower-case words: `Dose_Val` and `doseVal` are `dose val`."""
        apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name)
        return " ".join(re.split(r"[\W_]+", apart.casefold())).strip()

    @property
    def nameable(self) -> bool:
        """Whether a template can name it."""
        return bool(self.name) and not set(self.name) & set("{}?")

    @property
    def dated(self) -> bool:
        """Whether most of its cells begin with a date in digits."""
        return self._most(lambda cell: bool(_ISO.match(cell) or _DIGITS.match(cell)))

    @property
    def zoned(self) -> bool:
        """Whether each of its cells names a zone."""
        return bool(self.cells) and all(_ZONED.search(cell) for cell in self.cells)

    @property
    def clock(self) -> bool:
        """Whether most of its cells are times of day."""
        return self._most(lambda cell: bool(_CLOCK.fullmatch(cell)))

    @property
    def numeric(self) -> bool:
        """Whether most of its cells are numbers, or ranges of them."""
        return self._most(lambda cell: bool(_MARKED.fullmatch(cell) or _RANGE.fullmatch(cell)))

    @property
    def counted(self) -> bool:
        """Whether most of its cells have a digit, as amounts have."""
        return self._most(lambda cell: any(map(str.isdigit, cell)))

    def _most(self, holds: Callable[[str], bool]) -> bool:
        return bool(self.cells) and 2 * sum(map(holds, self.cells)) > len(self.cells)


def fields_of(headings: Sequence[Heading]) -> dict[str, Heading]:
    """Give the likely column of each field, `unit` and `clock` among them; by name, and a date by its cells too.

    >>> {field: one.name for field, one in fields_of([Heading(name="Drug"), Heading(name="caseId")]).items()}
    {'case': 'caseId', 'data.substance': 'Drug'}
    """
    free = {one.name: one for one in headings if one.nameable}
    found = {one.name: one for one in free.values() if one.name in _OWN or one.name.startswith("data.")}
    for name in found:
        del free[name]
    for field, names in {**FIELDS, "unit": UNITS}.items():
        takes = [one for name in names for one in free.values() if one.plain == name and fits(field, one)]
        if takes and field not in found:
            found[field] = free.pop(takes[0].name)
    if "when" not in found and (dated := next((one for one in free.values() if one.dated), None)):
        found["when"] = free.pop(dated.name)
    if "data.amount" not in found:
        found.pop("unit", None)
    clock = next((one for one in free.values() if one.plain in CLOCKS or one.clock), None)
    if clock and "when" in found and not found["when"].clock:
        found["clock"] = clock
    return found


def fits(field: str, heading: Heading) -> bool:
    """Whether the cells of a column do not speak against a field: a clock is no date, an amount has digits."""
    if not heading.cells:
        return True
    if field in ("when", "until"):
        return not heading.clock and (heading.dated or not heading.numeric)
    return field != "data.amount" or heading.counted


def order_of(cells: Sequence[str]) -> tuple[str, str]:
    """Give the order of dates in digits (`mdy`, `dmy`, `ymd`), and what speaks for it; `???` where nothing does.

    Empty where no date needs one.

    >>> order_of(["10/28/2023", "10/11/2023"])
    ('mdy', '10/28/2023 has no other reading')
    >>> order_of(["10/11/2023"])
    ('???', '10/11/2023 may be either: write mdy or dmy')
    """
    read = [(cell, _orders(cell)) for cell in cells if not _ISO.match(cell) and _DIGITS.match(cell)]
    if not read:
        return "", ""
    if short := next((cell for cell, orders in read if len(orders) > len(("mdy", "dmy"))), ""):
        return "???", f'{short} has a year of two digits: write reader = "us-shorthand" in place of order, if it fits'
    sure = {min(orders): cell for cell, orders in reversed(read) if len(orders) == 1}
    if len(sure) == 1:
        ((order, cell),) = sure.items()
        return order, f"{cell} has no other reading"
    if sure:
        return "???", f"{' and '.join(sorted(sure.values()))} are of different orders"
    return "???", f"{read[0][0]} may be either: write mdy or dmy"


def _orders(cell: str) -> frozenset[str]:
    found = _DIGITS.match(cell)
    first, second, last = (found.group(n) for n in (1, 3, 4)) if found else ("", "", "")
    if len(first) == _WIDE:
        return frozenset({"ymd"})
    if len(last) != _WIDE:
        return frozenset({"mdy", "dmy", "ymd"})
    may = {"mdy": int(first) <= _LATEST_MONTH, "dmy": int(second) <= _LATEST_MONTH}
    return frozenset(order for order, holds in may.items() if holds) or frozenset({"mdy", "dmy"})


def marks_of(cells: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give `decimal`, `thousands` and `range` of numbers as far as they need one, each with what speaks for it.

    >>> marks_of(["25,000", "1,234.5", "325-650"])
    {'thousands': (',', '1,234.5'), 'range': ('-', '325-650')}
    """
    ranges = [cell for cell in cells if _RANGE.fullmatch(cell)]
    numbers = [end for cell in cells for end in (re.split(r"\s?-\s?", cell) if cell in ranges else [cell])]
    marks: dict[str, tuple[str, str]] = {}
    both = next((one for one in numbers if "," in one and "." in one), "")
    commas = [one for one in numbers if "," in one]
    if both and both.rfind(".") > both.rfind(","):
        marks["thousands"] = (",", both)
    elif both:
        marks |= {"decimal": (",", both), "thousands": (".", both)}
    elif broken := [one for one in commas if not re.fullmatch(r"\d{1,3}(,\d{3})+", one)]:
        marks["decimal"] = (",", broken[0])
    elif several := [one for one in commas if one.count(",") > 1]:
        marks["thousands"] = (",", several[0])
    elif commas:
        marks["decimal"] = ("???", f'{commas[0]} may be either: write ",", or "." and thousands = ","')
    return marks | ({"range": ("-", ranges[0])} if ranges else {})


def key_of(headings: Sequence[Heading], rows: Sequence[Sequence[str]], apart: str) -> tuple[str, ...]:
    """Give the columns that together name each of the rows looked at: an id, or an id and another; empty if none.

    `apart` is the column of the case, within which an id is unique.
    """
    case = next((n for n, one in enumerate(headings) if apart and one.name == apart), -1)
    named = [n for n, one in enumerate(headings) if one.nameable and n != case and _names(rows, n)][:_WIDEST]
    ids = [n for n in named if IDS.search(headings[n].plain)]
    for chosen in (*((n,) for n in ids), *((n, other) for n in ids for other in named if other != n)):
        apart_by = (case, *chosen) if case >= 0 else chosen
        if len({tuple(row[n] for n in apart_by) for row in rows}) == len(rows):
            return tuple(headings[n].name for n in chosen)
    return ()


def _names(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether every cell of a column can be (part of) an id."""
    return all(_NAME.fullmatch(row[column]) for row in rows)
