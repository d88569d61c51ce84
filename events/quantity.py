"""How much, as far as known: bounds with a unit, read from text as written (SEMANTICS 2). Never a binary float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, final

from events.errors import Fault
from events.units import compatible, factor, unit, unit_words
from events.when import Bound

__all__ = ["Quantity", "compatible", "convert", "read_quantity"]

_ZERO: Final = Decimal(0)
_EXACTLY: Final = Context(prec=400)
"""More digits than any two numbers that can be written need, so that sums of them are exact."""
_WIDE: Final = 60
"""Digits kept where a conversion has no finite decimal form; the ends are then rounded outwards, which is sound."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount as far as known: from `lo` to `hi` of `unit`; an end that is None is open, a strict end is excluded.

    `text` is the source's. `unit` has its one spelling, empty for a bare number; `unknown` says nothing at all.
    """

    text: str
    lo: Decimal | None = None
    hi: Decimal | None = None
    lo_strict: bool = False
    hi_strict: bool = False
    unit: str = ""
    unknown: bool = False

    @property
    def count(self) -> Bound:
        """The whole numbers within, closed; unknown is 0 and more.

        >>> read_quantity("more than 27").count
        Bound(lo=28, hi=None)
        """
        lo = 0 if self.lo is None else _above(self.lo, strict=self.lo_strict)
        return Bound(lo, None if self.hi is None else _below(self.hi, strict=self.hi_strict))

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.lo is not None and self.lo == self.hi

    @property
    def words(self) -> str:
        """How it reads, with its unit.

        >>> read_quantity(">=27").words, read_quantity("25..50 mg").words, read_quantity("unknown").words
        ('at least 27', '25 to 50 mg', 'unknown')
        """
        tail = f" {unit_words(self.unit, one=self.lo == self.hi == 1)}" if self.unit else ""
        if self.lo is None and self.hi is None:
            return "unknown"
        if self.hi is None and self.lo is not None:
            return f"{'more than' if self.lo_strict else 'at least'} {self.lo:f}{tail}"
        if self.hi is None or self.lo is None or self.exact:
            return f"{self.lo if self.hi is None else self.hi:f}{tail}"
        if self.lo == 0 and not self.lo_strict:
            return f"{'fewer than' if self.hi_strict else 'at most'} {self.hi:f}{tail}"
        return f"{self.lo:f} to {self.hi:f}{tail}"


def _above(end: Decimal, *, strict: bool) -> int:
    whole = int(end.to_integral_value(ROUND_CEILING))
    return whole + 1 if strict and whole == end else whole


def _below(end: Decimal, *, strict: bool) -> int:
    whole = int(end.to_integral_value(ROUND_FLOOR))
    return whole - 1 if strict and whole == end else whole


_NUMBER: Final = r"[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?"
_UNIT: Final = r"(?P<unit>[^\s0-9.,<>=±+~–—-].*)?"
_ONE: Final = r"(?P<one>[^\s0-9.,±+~-][^0-9]*?)??"
_EXPONENT: Final = re.compile(r"[eE][+-]?[0-9]")
_COMPARED: Final = re.compile(
    rf"(?P<cmp>at least|at most|more than|fewer than|less than|>=|<=|≥|≤|>|<)?\s*(?P<lo>{_NUMBER})\s*{_UNIT}",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    rf"(?P<lo>{_NUMBER})\s*{_ONE}\s*(?:to|\.\.)\s*(?P<hi>{_NUMBER})\s*{_UNIT}"
)
_GIVE_OR_TAKE: Final = re.compile(rf"(?P<mid>{_NUMBER})\s*{_ONE}\s*(?:±|\+/-)\s*(?P<by>{_NUMBER})\s*{_UNIT}")
_COMPARATORS: Final = {
    "at least": ">=",
    "at most": "<=",
    "more than": ">",
    "fewer than": "<",
    "less than": "<",
    "≥": ">=",
    "≤": "<=",
}


def read_quantity(text: str | int | Decimal) -> Quantity:
    """Read an amount as people write it; bounds keep their digits. Raises `Fault` with what to write instead.

    >>> read_quantity("40 ± 5 mg").lo, read_quantity("40 ± 5 mg").hi
    (Decimal('35'), Decimal('45'))
    >>> read_quantity("25,000 mg")
    Traceback (most recent call last):
    ...
    events.errors.Fault: '25,000 mg' has a comma in a number; write 25000, with a point for decimals only
    """
    if isinstance(text, str):
        return _read(text)
    if isinstance(text, bool | float) or not isinstance(text, int | Decimal):
        raise Fault(f"{text!r} is not an amount", "write it as text, e.g. '50 mg'")
    return _read(str(text))


@lru_cache(maxsize=65_536)
def _read(text: str) -> Quantity:
    plain = " ".join(text.split())
    if plain.casefold() == "unknown":
        return Quantity(text=text, unknown=True)
    if found := _BETWEEN.fullmatch(plain):
        return _between(text, found)
    if found := _GIVE_OR_TAKE.fullmatch(plain):
        middle, by = Decimal(found["mid"]), Decimal(found["by"])
        return Quantity(
            text=text,
            lo=max(_ZERO, _EXACTLY.subtract(middle, by)),
            hi=_EXACTLY.add(middle, by),
            unit=_one_unit(text, found),
        )
    if found := _COMPARED.fullmatch(plain):
        return _compared(text, found)
    raise _advice(text, plain)


def _unit(text: str | None) -> str:
    if text and _EXPONENT.match(text):
        raise Fault(f"{text[:40]!r} is no unit, and too great an exponent", "write the number out, digit by digit")
    return unit(text).name if text else ""


def _one_unit(text: str, found: re.Match[str]) -> str:
    """Give the unit of two numbers, which may stand after both. Faults where they have two."""
    name = _unit(found["unit"])
    if found["one"] and _unit(found["one"]) != name:
        raise Fault(f"{text!r} has two units", "write both ends in one unit, e.g. '25 to 50 mg'")
    return name


def _compared(text: str, found: re.Match[str]) -> Quantity:
    number, name = Decimal(found["lo"]), _unit(found["unit"])
    written = (found["cmp"] or "").casefold()
    match _COMPARATORS.get(written, written):
        case ">=" | ">" as sign:
            return Quantity(text=text, lo=number, lo_strict=sign == ">", unit=name)
        case "<" if number == 0:
            raise Fault(f"{text!r} leaves no amount: amounts are not negative", "write 0, or 'at most 0'")
        case "<=" | "<" as sign:
            return Quantity(text=text, lo=_ZERO, hi=number, hi_strict=sign == "<", unit=name)
    return Quantity(text=text, lo=number, hi=number, unit=name)


def _between(text: str, found: re.Match[str]) -> Quantity:
    lo, hi, name = Decimal(found["lo"]), Decimal(found["hi"]), _one_unit(text, found)
    if lo > hi:
        raise Fault(f"{text!r} runs from more to less", f"write the lesser first: {found['hi']} to {found['lo']}")
    return Quantity(text=text, lo=lo, hi=hi, unit=name)


_FAULTS: Final = (
    (r"", "is empty", "write an amount, 'unknown', or leave the field out"),
    (
        r"[-−–].*|at (least|most) [-−].*|[<>]=? ?[-−].*",
        "is negative, and amounts are not",
        "write the amount without a sign",
    ),
    (r".*\d,\d.*", "has a comma in a number", "write 25000, with a point for decimals only"),
    (r".*\d['’ ]\d{3}\b.*", "has a separator inside a number", "write the digits together, e.g. 25000"),
    (r"[\d.]+ ?[-–—] ?[\d.]+.*", "may be a range, or a mark", "write a range as '25 to 50 mg'"),
    (
        r"(about|around|circa|approx\w*\.?|~|≈|c\.).*",
        "has no width of its own",
        "write a width, e.g. '40 ± 5 mg', or a range",
    ),
    (r"(over|above|exceeding).*", "is not a form of an amount", "write 'more than 50 mg'"),
    (
        r"(up to|no more than|max\w*\.?|under|below).*",
        "is not a form of an amount",
        "write 'at most 50 mg' or 'less than 50 mg'",
    ),
    (r"(minimum|min\.?|no less than|not less than) .*", "is not a form of an amount", "write 'at least 50 mg'"),
    (r"between .* and .*", "is not a form of an amount", "write '1 to 3 mg'"),
    (r"\..*|.*\d\.(?!\d).*", "has a point without digits on both sides", "write 0.5, or 5"),
)


def _advice(text: str, plain: str) -> Fault:
    for pattern, what, instead in _FAULTS:
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return Fault(f"{text!r} {what}", instead)
    return Fault(
        f"{text!r} is not an amount", "write e.g. '50 mg', 'at least 27', '25 to 50 mg', '40 ± 5 mg' or 'unknown'"
    )


def convert(quantity: Quantity, to: str) -> Quantity:
    """Give the same amount in another unit, exactly; `text` stays the source's. Raises `Fault` if not compatible.

    >>> convert(read_quantity("3.54 ug/mL"), "ng/mL").words
    '3540 ng/mL'
    """
    name = unit(to).name
    if quantity.unit == name or quantity.unknown:
        return quantity
    by = factor(quantity.unit, name)
    return Quantity(
        text=quantity.text,
        lo=None if quantity.lo is None else _times(quantity.lo, by, ROUND_FLOOR),
        hi=None if quantity.hi is None else _times(quantity.hi, by, ROUND_CEILING),
        lo_strict=quantity.lo_strict,
        hi_strict=quantity.hi_strict,
        unit=name,
    )


def _times(number: Decimal, by: Fraction, rounding: str) -> Decimal:
    """Multiply; where no finite decimal is the product, round outwards at the last of `_WIDE` digits."""
    exact = Fraction(number) * by
    wide = Context(prec=_WIDE, rounding=rounding)
    return wide.divide(Decimal(exact.numerator), Decimal(exact.denominator))
