"""Concentrations that were published of treatment, anaesthesia and deaths, each with its source. Compares nothing.

A row is what its source says of the group it measured, and no limit of anything: the ranges of treatment, anaesthesia
and reported deaths overlap. A substance is added by adding rows; the sources are the authors', the words ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, final

Use = Literal["treatment", "analgesia", "anaesthesia", "recovery", "incidental", "deaths"]
UNIT: Final = "ng/mL"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Levels of one analyte in one published group, from `low` to `high` ng/mL; the same number twice is one figure.

    `cite` names the source in a line of words, `source` in full.
    """

    analyte: str
    use: Use
    low: Decimal
    high: Decimal
    says: str
    matrix: str
    cite: str
    source: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MolarMass:
    """The mass of a mole in g/mol, with who states it."""

    grams: Decimal
    source: str


def _row(use: Use, low: str, high: str, says: str, matrix: str, cite: str, source: str) -> Reference:
    return Reference(
        analyte="ketamine",
        use=use,
        low=Decimal(low),
        high=Decimal(high),
        says=says,
        matrix=matrix,
        cite=cite,
        source=source,
    )


_HALF: Final = "0.5 mg/kg over 40 minutes"
_ZANOS: Final = "Zanos et al. 2018, PMC6020109, table 1"
_LALONDE: Final = "Lalonde and Wallage 2004, two deaths"
REFERENCES: Final = (
    _row("analgesia", "70", "160", "analgesic levels", "plasma", "Zanos 2018", _ZANOS),
    _row("treatment", "100", "250", _HALF, "plasma", "Krystal 1994", f"Krystal et al. 1994, in {_ZANOS}"),
    _row("treatment", "185", "185", _HALF, "plasma", "Zarate 2006", f"Zarate et al. 2006, in {_ZANOS}"),
    _row(
        "recovery", "642", "642", "return of consciousness after an infusion, mean (2.7 umol/L)", "plasma",
        "Idvall 1979", "Idvall et al. 1979, 31 patients",
    ),
    _row("anaesthesia", "1200", "2400", "1 to 2 mg/kg into a vein", "plasma", "Zanos 2018", _ZANOS),
    _row(
        "incidental", "600", "1600", "a death in which ketamine was incidental: femoral to heart blood",
        "post-mortem blood", "Lalonde 2004", _LALONDE,
    ),
    _row(
        "deaths", "1800", "6900", "a death put down to ketamine: femoral to heart blood", "post-mortem blood",
        "Lalonde 2004", _LALONDE,
    ),
    _row(
        "deaths", "20", "6900", "68 deaths to which self-administered ketamine contributed, 2000 to 2019; median 200",
        "post-mortem blood", "Darke 2021", "Darke et al. 2021, doi 10.1111/add.15154, abstract",
    ),
    _row(
        "deaths", "10", "25000", "118 poisonings with self-administered ketamine, 2000 to 2025; median 200",
        "post-mortem blood", "Drug Alcohol Rev. 2025", "Drug and Alcohol Review 2025, doi 10.1111/dar.70058, abstract",
    ),
)  # fmt: skip
MOLAR_MASSES: Final = {"ketamine": MolarMass(grams=Decimal("237.73"), source="ketamine base, C13H16ClNO")}
CAVEATS: Final = (
    "the ranges of treatment, anaesthesia and reported deaths overlap: a level by itself shows neither",
    "levels move after death: heart and femoral blood differed by factors of 2.7 and 3.8 (Lalonde 2004)",
    "the ranges of treatment and anaesthesia were measured in plasma of the living, not in post-mortem blood",
    "tolerance, other substances and disease are not in a concentration",
    "no dose is computed from a post-mortem level",
)


def references(analyte: str) -> tuple[Reference, ...]:
    """Give the published levels of an analyte, named as names are compared; none for one that has no rows.

    >>> [one.use for one in references("ketamine")][:2]
    ['analgesia', 'treatment']
    """
    return tuple(one for one in REFERENCES if one.analyte == analyte)
