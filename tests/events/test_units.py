"""Units: one spelling each, exact factors, and what lies outside the table kept apart."""

from __future__ import annotations

from fractions import Fraction

import pytest

from events.errors import Fault
from events.units import compatible, factor, unit


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("µg", "ug"),
        ("μg", "ug"),
        ("mcg", "ug"),
        ("microgram", "ug"),
        ("gm", "g"),
        ("GM", "g"),
        ("grams", "g"),
        ("MG", "mg"),
        ("ml", "mL"),
        ("ML", "mL"),
        ("cc", "mL"),
        ("litres", "L"),
        ("ng/ml", "ng/mL"),
        ("mg / kg", "mg/kg"),
        ("mg/(kg.h)", "mg/kg/h"),
        ("mL per hour", "mL/h"),
        ("hrs", "h"),
        ("IU", "[IU]"),
        ("TAB", "tablet"),
        ("Vials", "vial"),
        ("UNIT", "unit"),
        ("ampules", "ampoule"),
        ("lb", "[lb_av]"),
        ("mmol/L", "mmol/L"),
        ("USD", "USD"),
        ("%", "%"),
        ("mg/m2", "mg/m2"),
        ("mg/24 h", "mg/24h"),
        ("", ""),
    ],
)
def test_each_unit_has_one_spelling(written: str, name: str) -> None:
    assert unit(written).name == name
    assert unit(written).known


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        ("g", "mg", 1000),
        ("kg", "g", 1000),
        ("mg", "ng", 10**6),
        ("ug/mL", "ng/mL", 1000),
        ("ug/L", "ng/mL", 1),
        ("L", "mL", 1000),
        ("h", "min", 60),
        ("wk", "d", 7),
        ("mg/min", "mg/h", 60),
        ("mg/24h", "mg/h", Fraction(1, 24)),
        ("mg/kg/h", "ug/kg/min", Fraction(1000, 60)),
        ("mol", "mmol", 1000),
        ("[lb_av]", "kg", Fraction(45359237, 10**8)),
        ("years", "months", 12),
        ("vial", "vials", 1),
    ],
)
def test_compatible_units_convert_exactly(one: str, other: str, times: Fraction | int) -> None:
    assert factor(one, other) == times
    assert factor(one, other) * factor(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mg", "mL"),
        ("mg/kg", "mg"),
        ("mg/kg", "%"),
        ("vial", "tablet"),
        ("mg", "mmol"),
        ("IU", "mg"),
        ("unit", "IU"),
        ("USD", "EUR"),
        ("", "mg"),
        ("d", "mo"),
    ],
)
def test_others_stand_beside_one_another(one: str, other: str) -> None:
    assert not compatible(one, other)
    with pytest.raises(Fault, match="does not convert"):
        factor(one, other)


def test_a_unit_outside_the_table_is_its_own() -> None:
    assert not unit("sprinkles").known
    assert unit("Sprinkles").name == "Sprinkles"
    assert compatible("Sprinkles", "sprinkles")
    assert not compatible("sprinkles", "splashes")
    assert compatible("mg/sprinkle", "g/sprinkle")


@pytest.mark.parametrize("text", ["mg (each)", "mg,", "/", "mg/", "50", "m\u202eg"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="is not a unit"):
        unit(text)
