"""What one administration's data say of its amount: of each, of all, or a rate. Adds nothing up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import Quantity, convert, read_quantity
from events.units import compatible, factor
from events.when import SECOND
from timeline.fold import said

ZERO: Final = Fraction(0)
DIGITS: Final = 9
"""Digits of the end of a range in words: a rate over an uncertain time has many more, and they say nothing."""


@final
@dataclass(frozen=True, slots=True)
class Measure:
    """An amount of a unit, from `lo` to `hi` (closed; None: open), exact fractions."""

    lo: Fraction
    hi: Fraction | None
    unit: str

    def times(self, lo: Fraction | int, hi: Fraction | int | None) -> Measure:
        """Give it times a factor from `lo` to `hi`, neither negative; None is open.

        >>> Measure(Fraction(2), Fraction(3), "mg").times(1, None)
        Measure(lo=Fraction(2, 1), hi=None, unit='mg')
        """
        most = ZERO if ZERO in (hi, self.hi) else None if hi is None or self.hi is None else self.hi * hi
        return Measure(self.lo * lo, most, self.unit)

    def within(self, unit: str) -> Measure:
        """Give it in a compatible unit. Raises `Fault` where the two are not compatible."""
        if self.unit == unit:
            return self
        by = factor(self.unit, unit)
        return Measure(self.lo * by, None if self.hi is None else self.hi * by, unit)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What one event says: the amount of each, of all together, or so much a second; None where it does not say."""

    each: Measure | None = None
    total: Measure | None = None
    rate: Measure | None = None

    @property
    def said(self) -> bool:
        """Whether it says anything of an amount."""
        return bool(self.each or self.total)

    @property
    def unit(self) -> str:
        """The unit it is in; empty where it says nothing or counts bare units."""
        found = self.total or self.each or self.rate
        return found.unit if found else ""


NOT_SAID: Final = Amounts()


def amounts_of(event: RecordedEvent) -> Amounts:
    """Read an event's amount, total_amount, rate and weight; what cannot be read is not known."""
    written = [said(event, name) for name in ("amount", "total_amount", "rate", "weight")]
    return _amounts(*written) if any(one != "" for one in written) else NOT_SAID


@lru_cache(maxsize=16_384, typed=True)
def _amounts(amount: Any, total_amount: Any, rate: Any, weight: Any) -> Amounts:
    each, total, fast, heavy = (None if one == "" else _read(one) for one in (amount, total_amount, rate, weight))
    found = Amounts(
        each=_weighed(each, heavy),
        total=_weighed(total, heavy),
        rate=_a_second(_weighed(fast, heavy)) if fast else None,
    )
    return NOT_SAID if found == NOT_SAID else found


def claimed_amount(event: RecordedEvent) -> Measure | None:
    """Read how much a claim of a total says there was; None where it does not say."""
    return _measure(event, "amount")


def joined(told: Iterable[Amounts]) -> Amounts | None:
    """Give what the tellings of one happening say of its amount together; None where none says anything."""
    found = list(told)
    if not found:
        return None
    return Amounts(
        each=_together(one.each for one in found),
        total=_together(one.total for one in found),
        rate=_together(one.rate for one in found),
    )


def _together(measures: Iterable[Measure | None]) -> Measure | None:
    known = [one for one in measures if one is not None]
    return reduce(_both, known) if known else None


def _both(a: Measure, b: Measure) -> Measure:
    """Give the measures that both allow or, where there are none, that either allows; of two units, the first."""
    if not compatible(a.unit, b.unit):
        return a
    b = b.within(a.unit)
    ends = [end for end in (a.hi, b.hi) if end is not None]
    lo, hi = max(a.lo, b.lo), min(ends, default=None)
    if hi is None or lo <= hi:
        return Measure(lo, hi, a.unit)
    return Measure(min(a.lo, b.lo), max(ends) if len(ends) == 2 else None, a.unit)


def _measure(event: RecordedEvent, name: str) -> Measure | None:
    written: Any = said(event, name)
    return None if written == "" else _read(written)


@lru_cache(maxsize=16_384, typed=True)
def _read(written: Any) -> Measure | None:
    try:
        return measured(read_quantity(written))
    except Fault:
        return None


def measured(quantity: Quantity) -> Measure | None:
    """Give a quantity as a measure, its strict ends closed, which is sound; None where it is unknown.

    >>> measured(read_quantity("25 to 50 mg"))
    Measure(lo=Fraction(25, 1), hi=Fraction(50, 1), unit='mg')
    """
    if quantity.unknown:
        return None
    hi = None if quantity.hi is None else Fraction(quantity.hi)
    return Measure(Fraction(quantity.lo or Decimal(0)), hi, quantity.unit)


def _weighed(amount: Measure | None, weight: Measure | None) -> Measure | None:
    """Take `mg/kg` times the weight, where it is known; else it stays `mg/kg`."""
    if amount is None or weight is None or not compatible(weight.unit, "kg"):
        return amount
    top, *bottom = amount.unit.split("/")
    if "kg" not in bottom:
        return amount
    bottom.remove("kg")
    heavy = weight.within("kg")
    return Measure(amount.lo, amount.hi, "/".join((top, *bottom))).times(heavy.lo, heavy.hi)


def _a_second(rate: Measure | None) -> Measure | None:
    """Give a rate as so much a second: its unit without the time; None where it is no rate."""
    if rate is None or "/" not in rate.unit:
        return None
    unit, _, time = rate.unit.rpartition("/")
    try:
        by = factor("s", convert(Quantity(text="", lo=Decimal(1), hi=Decimal(1), unit=time), time).unit)
    except Fault:
        return None
    return Measure(rate.lo * by, None if rate.hi is None else rate.hi * by, unit)


def over(rate: Measure, lo: int, hi: int | None) -> Measure:
    """Give what a rate a second comes to over `lo` to `hi` microseconds."""
    return rate.times(Fraction(lo, SECOND), None if hi is None else Fraction(hi, SECOND))


def decimal_text(number: Fraction) -> str | None:
    """Give a number as decimal text where it has a finite one; None where it has not.

    >>> decimal_text(Fraction(5, 4)), decimal_text(Fraction(100)), decimal_text(Fraction(1, 3))
    ('1.25', '100', None)
    """
    rest, power = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        power = max(power, count)
    if rest != 1:
        return None
    digits = str(number.numerator * 10**power // number.denominator).rjust(power + 1, "0")
    return digits if not power else f"{digits[:-power]}.{digits[-power:]}".rstrip("0").rstrip(".")


def outward(number: Fraction, *, up: bool) -> str:
    """Give a number as decimal text, rounded outwards at nine digits where it has no finite decimal.

    >>> outward(Fraction(1, 3), up=False), outward(Fraction(1, 3), up=True)
    ('0.333333333', '0.333333334')
    """
    exact = decimal_text(number)
    if exact is not None:
        return exact
    scaled = number * 10**9
    whole = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    return decimal_text(Fraction(whole, 10**9)) or "0"


def coarse(number: Fraction, *, up: bool) -> str:
    """Give an end of a range for people: rounded outwards to nine digits, but never before the point.

    >>> coarse(Fraction("240.000000002"), up=False), coarse(Fraction("719.999999998"), up=True)
    ('240', '720')
    >>> coarse(Fraction("12345678901"), up=True), coarse(Fraction("0.000000000125"), up=False)
    ('12345678901', '0.000000000125')
    """
    exact = Decimal(outward(number, up=up))
    digits = Context(prec=max(DIGITS, exact.adjusted() + 1), rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{digits.create_decimal(exact).normalize():f}"
