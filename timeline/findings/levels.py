"""A laboratory value as it was written, and in ng/mL where that follows: comparators, limits, moles. Compares nothing.

What a value says (`status`): `measured` (one number), `range`, `at least` or `at most` (one end), `below` (less than
a number), `detected` (so written, or more than 0), `not detected` (so written, 0, or less than the stated limit of the
method), `not tested` (so written, or the method says so), `no value` (unknown, or none written).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.fields import LEVELS
from events.quantity import Quantity, convert, read_quantity
from events.source import fold_name
from events.units import compatible
from timeline.case import said
from timeline.findings.references import MOLAR_MASSES, UNIT, MolarMass

MOLES: Final = "umol/L"
NOT_TESTED: Final = "not tested"
_EXACTLY: Final = Context(prec=400)
_NOTHING: Final = Quantity(text="", unknown=True)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a laboratory value says: as written, its status, in ng/mL where it converts, and how that was done."""

    written: str
    status: str
    quantity: Quantity = _NOTHING
    how: str = ""

    @property
    def comparable(self) -> bool:
        """Whether it is an amount in ng/mL with an end that says something."""
        return self.quantity.unit == UNIT and self.status not in (NOT_TESTED, "no value", "detected")

    @property
    def json(self) -> dict[str, Any] | None:
        """The bounds as scripts read them: decimal texts, with what is strict; null where there is no value."""
        found = self.quantity
        if found.unknown:
            return None
        return {
            "min": None if found.lo is None else f"{plain(found.lo):f}",
            "max": None if found.hi is None else f"{plain(found.hi):f}",
            "unit": found.unit,
            "strict": {"min": found.lo_strict, "max": found.hi_strict},
        }

    @property
    def words(self) -> str:
        """The value in words: `3540 ng/mL`, with what was written where that is another unit.

        >>> level_of("3.54 ug/mL", "ketamine").words, level_of("< 0.1 ng/mL", "ketamine").words
        ('3540 ng/mL (written 3.54 ug/mL)', 'less than 0.1 ng/mL')
        """
        found = self.quantity
        if found.unknown:
            return self.status
        if self.status in ("detected", "not detected"):
            return f"{self.status} (written {self.written})"
        if self.status == "below":
            text = f"less than {plain(found.hi or Decimal(0)):f} {found.unit}".rstrip()
        else:
            text = replace(found, lo=_plain_or_none(found.lo), hi=_plain_or_none(found.hi)).words
        same = convert(read_quantity(self.written), found.unit) if self._convertible else found
        return text if same.unit == read_quantity(self.written).unit else f"{text} (written {self.written})"

    @property
    def _convertible(self) -> bool:
        return compatible(read_quantity(self.written).unit, self.quantity.unit)


def level_of(
    written: str, analyte: str, *, loq: str = "", method: str = "", masses: Mapping[str, MolarMass] = MOLAR_MASSES
) -> Level:
    """Read a laboratory value; `analyte` is named as names are compared, `masses` are the molar masses stated.

    >>> level_of("10 umol/L", "ketamine").quantity.words, level_of("10 umol/L", "nitrazepam").how
    ('2377.3 ng/mL', 'umol/L needs a molar mass: ask with --molar-mass, such as nitrazepam=GRAMS')
    >>> level_of("Detected", "x").words, level_of("not detected", "x").json
    ('detected', None)
    >>> level_of("more than 0 ng/mL", "x").status, level_of("< 0.1 ng/mL", "x", loq="0.1 ng/mL").status
    ('detected', 'not detected')
    """
    found = _read(written)
    if fold_name(method) == NOT_TESTED:
        return Level(written=written, status=NOT_TESTED)
    if fold_name(written) in LEVELS:
        return Level(written=written, status=fold_name(written))
    if found.unknown or (found.lo == 0 and found.hi is None and not found.lo_strict):
        return Level(written=written, status="no value")
    quantity, how = normal(found, analyte, masses)
    limit = normal(_read(loq), analyte, masses)[0]
    return Level(written=written, status=_status(quantity, limit), quantity=quantity, how=how)


def normal(quantity: Quantity, analyte: str, masses: Mapping[str, MolarMass] = MOLAR_MASSES) -> tuple[Quantity, str]:
    """Give an amount in ng/mL where that follows, and how; one of moles only by a molar mass that somebody states."""
    if quantity.unknown:
        return quantity, ""
    if compatible(quantity.unit, UNIT):
        return convert(quantity, UNIT), ""
    if not compatible(quantity.unit, MOLES):
        return quantity, f"{quantity.unit or 'a bare number'} is no mass in a volume: kept as written"
    mass = masses.get(analyte)
    if mass is None:
        return quantity, f"{quantity.unit} needs a molar mass: ask with --molar-mass, such as {analyte}=GRAMS"
    moles = convert(quantity, MOLES)
    lo, hi = (None if end is None else plain(_EXACTLY.multiply(end, mass.grams)) for end in (moles.lo, moles.hi))
    return replace(moles, lo=lo, hi=hi, unit=UNIT), f"by {mass.grams} g/mol ({mass.source})"


def tested(event: RecordedEvent, analyte: str, masses: Mapping[str, MolarMass]) -> Level:
    """Give the level that a `toxicology` event tells of."""
    written, loq, method = (str(said(event, name)) for name in ("concentration", "loq", "method"))
    return level_of(written, analyte, loq=loq, method=method, masses=masses)


def plain(number: Decimal) -> Decimal:
    """Give a number without zeros that a conversion left behind its point.

    >>> str(plain(Decimal("3540.00"))), str(plain(Decimal("1200"))), str(plain(Decimal("0.10")))
    ('3540', '1200', '0.1')
    """
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize(_EXACTLY)


def _plain_or_none(end: Decimal | None) -> Decimal | None:
    return None if end is None else plain(end)


def _read(written: str) -> Quantity:
    try:
        return read_quantity(written) if written else _NOTHING
    except Fault:
        return _NOTHING


def _status(found: Quantity, limit: Quantity) -> str:
    if found.hi is None:
        return "detected" if found.lo == 0 else "at least"
    if found.hi == 0:
        return "not detected"
    if found.exact:
        return "measured"
    if found.lo:
        return "range"
    if limit.exact and limit.unit == found.unit and found.hi == limit.lo:
        return "not detected"
    return "below" if found.hi_strict else "at most"
