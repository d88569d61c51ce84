"""Strengths that are printed on labels, and whether pieces, strength and total agree, with the arithmetic. Fixes none.

The labelled contents are of the pieces a substance is sold in; a substance is added by adding a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

from events.quantity import Quantity
from events.units import compatible, unit, unit_words
from timeline.counting.measures import Measure, measured, outward

PIECES: Final = (
    "vial", "ampoule", "tablet", "capsule", "lozenge", "troche", "patch", "suppository", "syringe", "bottle",
)  # fmt: skip
MASS: Final = "mg"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one labelled piece holds: `mg` in `volume`, as its label prints it."""

    substance: str
    piece: str
    mg: int
    printed: str
    source: str


_US: Final = "US label, ketamine hydrochloride injection (10, 50 and 100 mg/mL)"
LABELS: Final = (
    Label(substance="ketamine", piece="vial", mg=200, printed="200 mg/20 mL", source=_US),
    Label(substance="ketamine", piece="vial", mg=500, printed="500 mg/10 mL", source=_US),
    Label(substance="ketamine", piece="vial", mg=500, printed="500 mg/5 mL", source=_US),
)


def content_of(strength: Quantity) -> Measure | None:
    """Give what one piece of a stated strength holds, in mg; None where the strength is a concentration alone.

    A mass, or a mass in so many of a volume (`500 mg/10 mL`), is what a piece holds; `50 mg/mL` is a concentration.

    >>> from events.quantity import read_quantity
    >>> content_of(read_quantity("500 mg/10 mL")).lo, content_of(read_quantity("50 mg/mL"))
    (Fraction(500, 1), None)
    """
    found = measured(strength)
    if found is None:
        return None
    top, _, bottom = found.unit.partition("/")
    if not compatible(top, MASS) or (bottom and not (bottom[0].isdigit() and unit(found.unit).below == ("volume",))):
        return None
    return Measure(found.lo, found.hi, top).within(MASS)


def disagreements(
    substance: str, pieces: Sequence[Measure], masses: Sequence[Measure], strengths: Sequence[Quantity]
) -> list[str]:
    """Say where pieces times strength is not the total that is told, or no label holds what a piece would.

    `pieces` are numbers of pieces, `masses` totals, as the tellings of one supply state them.

    >>> from events.quantity import read_quantity
    >>> each = [measured(read_quantity(text)) for text in ("20 vials", "100 mg")]
    >>> print(disagreements("ketamine", each[:1], each[1:], [])[0])
    flagged: 100 mg in 20 vials is 5 mg a vial; labels have 200 mg/20 mL, 500 mg/10 mL, 500 mg/5 mL (20 vials of them \
hold 4000 to 10000 mg)
    """
    found: list[str] = []
    for number in pieces:
        contents = [(one, each) for one in strengths if (each := content_of(one)) is not None]
        for mass in (one.within(MASS) for one in masses):
            found += [text for one, each in contents if (text := _by_strength(number, each, one, mass))]
            found += _by_label(substance, number, mass)
    return list(dict.fromkeys(found))


def _by_strength(number: Measure, each: Measure, strength: Quantity, mass: Measure) -> str:
    held = each.times(number.lo, number.hi)
    if _meet(held, mass):
        return ""
    name = unit_words(number.unit, one=False)
    return f"flagged: {_span(number)} {name} × {strength.words} is {_span(held)} {MASS}, not {_span(mass)} {MASS}"


def _by_label(substance: str, number: Measure, mass: Measure) -> list[str]:
    """Hold what a piece would have against the labels of the substance in such pieces."""
    labels = [one for one in LABELS if one.substance == substance and one.piece == number.unit]
    if not labels or not number.lo or number.hi is None or mass.hi is None:
        return []
    a_piece = Measure(mass.lo / number.hi, mass.hi / number.lo, MASS)
    if any(_meet(a_piece, Measure(Fraction(one.mg), Fraction(one.mg), MASS)) for one in labels):
        return []
    held = Measure(number.lo * min(one.mg for one in labels), number.hi * max(one.mg for one in labels), MASS)
    pieces = f"{_span(number)} {unit_words(number.unit, one=number.lo == number.hi == 1)}"
    is_ = f"flagged: {_span(mass)} {MASS} in {pieces} is {_span(a_piece)} {MASS} a {number.unit}"
    has = f"labels have {', '.join(one.printed for one in labels)} ({pieces} of them hold {_span(held)} {MASS})"
    return [f"{is_}; {has}"]


def is_pieces(found: Measure) -> bool:
    """Whether a measure counts pieces, such as vials or tablets."""
    return found.unit in PIECES


def is_mass(found: Measure) -> bool:
    """Whether a measure is a mass."""
    return compatible(found.unit, MASS)


def _meet(a: Measure, b: Measure) -> bool:
    return (a.hi is None or b.lo <= a.hi) and (b.hi is None or a.lo <= b.hi)


def _span(found: Measure) -> str:
    low = outward(found.lo, up=False)
    if found.hi is None:
        return f"at least {low}"
    high = outward(found.hi, up=True)
    return low if low == high else f"{low} to {high}"

