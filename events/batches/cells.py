"""Reads cells as a mapping declares them: templates, conditions, numbers, dates, epochs. Guesses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, final

from events.batches.row import Cells
from events.errors import Fault

ORDERS: Final = ("mdy", "dmy", "ymd")
EPOCHS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
"""Units of an epoch, in microseconds."""
_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}?]*)(\?)?\}|[{}]")
_NUMERIC_DATE: Final = re.compile(r"(?<![\w/.-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?![\d/-])")
_SIGN: Final = re.compile(r"(<=|>=|<|>|≤|≥)?\s*(.*)", re.DOTALL)
_SIGNS: Final = {"≤": "<=", "≥": ">="}
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with `{column}` in it; `{column?}` may be empty while others are not. Cells are never read as templates.

    >>> Template.of("{amount} {unit?}").fill({"amount": "5", "unit": ""})
    '5'
    >>> Template.of("{amount} {unit?}").fill({"amount": "", "unit": "mg"})
    Traceback (most recent call last):
        ...
    events.errors.Fault: column 'amount' is empty where 'unit' is not; fill it, or mark it as optional: {amount?}
    """

    text: str
    pieces: tuple[tuple[str, str, bool], ...]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """Read a template; `{{` and `}}` stand for braces. Raises `Fault` for a lone brace or an unnamed column."""
        pieces: list[tuple[str, str, bool]] = []
        literal, at = "", 0
        for found in _PLACE.finditer(text):
            literal += text[at : found.start()]
            at = found.end()
            if found.group() in ("{{", "}}"):
                literal += found.group()[0]
            elif not found.group(1):
                raise Fault(f"{text!r} has a brace without a column's name", "write {column}, or {{ for a brace itself")
            else:
                pieces.append((literal, found.group(1), bool(found.group(2))))
                literal = ""
        columns = tuple(column for _, column, _ in pieces)
        return cls(text=text, pieces=(*pieces, (literal + text[at:], "", True)), columns=columns)

    def fill(self, cells: Cells) -> str:
        """Put the cells in, trimmed; empty where all of them are. Raises `Fault` where only some needed ones are."""
        if not self.columns:
            return self.pieces[0][0]
        if len(self.columns) == 1 and not self.pieces[0][0] and not self.pieces[1][0]:
            return cells[self.columns[0]].strip()
        said, filled, missing = "", "", ""
        for literal, column, optional in self.pieces:
            value = cells[column].strip() if column else ""
            said += literal + value
            if value:
                filled = filled or column
            elif not optional:
                missing = missing or column
        if missing and filled:
            advice = f"fill it, or mark it as optional: {{{missing}?}}"
            raise Fault(f"column {missing!r} is empty where {filled!r} is not", advice)
        return said.strip() if filled else ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a column must say: one of `values` (`""` is the empty cell), or none of them where `negated`.

    >>> Condition(column="status", values=frozenset({"void", ""}), negated=True).holds({"status": " given "})
    True
    """

    column: str
    values: frozenset[str]
    negated: bool = False

    def holds(self, cells: Cells) -> bool:
        """Whether the row's cell, trimmed, meets it."""
        return (cells[self.column].strip() in self.values) is not self.negated


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How a table writes its numbers: the declared separators, and what joins the ends of a range; empty: not in use.

    >>> Numbers(thousands=",", span="-").read("25,000")
    '25000'
    >>> Numbers(thousands=",", span="-").read("1-2")
    '1 to 2'
    >>> Numbers(decimal=",").read("<1,5")
    '<1.5'
    """

    columns: frozenset[str] = frozenset()
    decimal: str = "."
    thousands: str = ""
    span: str = ""
    plain: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        point, group = re.escape(self.decimal), re.escape(self.thousands)
        whole = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)" if self.thousands else r"\d+"
        object.__setattr__(self, "plain", re.compile(rf"{whole}(?:{point}\d+)?|{point}\d+", re.ASCII))

    def read(self, text: str) -> str:
        """Give the number as Casefold writes it (`1 to 2`, `25000`, `>=1.5`); raises `Fault` where it is not plain."""
        found = _SIGN.fullmatch(text)
        sign, rest = (found.group(1) or "", found.group(2)) if found else ("", text)
        ends = (
            [end.strip() for end in rest.split(self.span)] if self.span and not self.plain.fullmatch(rest) else [rest]
        )
        if len(ends) > 2 or (sign and len(ends) > 1) or not all(self.plain.fullmatch(end) for end in ends):
            raise Fault(f"{text!r} is not a plain number", self._advice(text))
        return _SIGNS.get(sign, sign) + " to ".join(self._point(end) for end in ends)

    def _point(self, text: str) -> str:
        bare = text.replace(self.thousands, "") if self.thousands else text
        bare = bare.replace(self.decimal, ".")
        return f"0{bare}" if bare.startswith(".") else bare

    def _advice(self, text: str) -> str:
        if "," in text and "," not in (self.decimal, self.thousands):
            return 'declare in [numbers] what the comma is: thousands = "," or decimal = ","'
        if "-" in text.strip("-") and not self.span:
            return 'declare in [numbers] what the hyphen is: range = "-"'
        return "write digits, one decimal sign, and nothing else; the unit has a column of its own"


def ordered(text: str, order: str) -> str:
    """Write every date in digits within the text as ISO, by its declared order; a text without one stays as it is.

    Raises `Fault` where a date cannot be of that order. Two-digit years stay as they are (and are refused later).

    >>> ordered("before 10/11/2023 4:17 pm", "mdy")
    'before 2023-10-11 4:17 pm'
    >>> ordered("10.11.2023", "dmy")
    '2023-11-10'
    """
    return _NUMERIC_DATE.sub(lambda found: _iso(found, order), text) if order else text


def _iso(found: re.Match[str], order: str) -> str:
    first, mark, second, third = found.groups()
    if mark == "-" and len(first) == 4 and len(third) <= 2:
        return found.group()
    by = dict(zip(order, (first, second, third), strict=True))
    if max(map(len, by.values())) <= 2:
        return found.group()
    if len(by["y"]) != 4 or len(by["m"]) > 2 or len(by["d"]) > 2:
        raise Fault(
            f"{found.group()!r} is not in the declared order {order!r}", "correct the cell, or declare another order"
        )
    if not 1 <= int(by["m"]) <= 12 or not 1 <= int(by["d"]) <= 31:
        raise Fault(
            f"{found.group()!r} is no date in the declared order {order!r}",
            "correct the cell, or declare another order",
        )
    return f"{by['y']}-{int(by['m']):02d}-{int(by['d']):02d}"


def of_epoch(text: str, unit: str) -> str:
    """Give the instant of a count since 1970 as text, with no more digits than the unit has; raises `Fault`.

    >>> of_epoch("1331698658276340", "us")
    '2012-03-14T04:17:38.276340Z'
    >>> of_epoch("1331698658", "s")
    '2012-03-14T04:17:38Z'
    """
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise Fault(f"{text!r} is not a whole number of {unit} since 1970", "correct the cell, or take another column")
    try:
        moment = _ZERO + timedelta(microseconds=int(text) * EPOCHS[unit])
    except OverflowError:
        raise Fault(
            f"{text} {unit} since 1970 lies outside the years 1 to 9999", "check the unit of the epoch"
        ) from None
    digits = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}[unit]
    return moment.replace(tzinfo=None).isoformat(timespec=digits) + "Z"


def without(text: str, ending: str) -> str:
    """Cut an ending off that every such cell has and that means nothing; raises `Fault` where it is not there.

    >>> without("2146-07-21 00:00:00", " 00:00:00")
    '2146-07-21'
    """
    if text and not text.endswith(ending):
        raise Fault(
            f"{text!r} does not end in {ending!r}, which the mapping cuts off", "it says something: map such rows apart"
        )
    return text.removesuffix(ending).strip()
