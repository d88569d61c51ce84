"""How much, read as people write it: the forms of SEMANTICS 2, their bounds, and what is refused with advice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import Fault
from events.quantity import Quantity, convert, read_quantity
from events.when import Bound

FORMS = [
    ("27", "27", "27", "", Bound(27, 27)),
    ("at least 27", "27", None, "", Bound(27, None)),
    (">=27", "27", None, "", Bound(27, None)),
    ("more than 27", "27", None, "", Bound(28, None)),
    (">27", "27", None, "", Bound(28, None)),
    ("at most 5", "0", "5", "", Bound(0, 5)),
    ("<=5", "0", "5", "", Bound(0, 5)),
    ("fewer than 5", "0", "5", "", Bound(0, 4)),
    ("<5", "0", "5", "", Bound(0, 4)),
    ("1 to 3", "1", "3", "", Bound(1, 3)),
    ("1..3", "1", "3", "", Bound(1, 3)),
    ("50 mg", "50", "50", "mg", Bound(50, 50)),
    ("at least 50 mg", "50", None, "mg", Bound(50, None)),
    ("25 to 50 mg", "25", "50", "mg", Bound(25, 50)),
    ("0.5 mg/kg", "0.5", "0.5", "mg/kg", Bound(1, 0)),
    ("40 ± 5 mg", "35", "45", "mg", Bound(35, 45)),
    ("40 mg ± 5 mg", "35", "45", "mg", Bound(35, 45)),
    ("3 +/- 5 mg", "0", "8", "mg", Bound(0, 8)),
    ("unknown", None, None, "", Bound(0, None)),
    ("20 vials", "20", "20", "vial", Bound(20, 20)),
    ("1.5..3.5 ml", "1.5", "3.5", "mL", Bound(2, 3)),
]


@pytest.mark.parametrize(("text", "lo", "hi", "unit", "count"), FORMS, ids=[row[0] for row in FORMS])
def test_every_form_reads(text: str, lo: str | None, hi: str | None, unit: str, count: Bound) -> None:
    read = read_quantity(text)
    assert (read.lo, read.hi) == (lo and Decimal(lo), hi and Decimal(hi))
    assert (read.unit, read.text, read.count) == (unit, text, count)
    assert read.unknown == (text == "unknown")


@pytest.mark.parametrize(
    ("text", "strict"), [("more than 27", (True, False)), ("<5", (False, True)), (">=2", (False, False))]
)
def test_strict_ends_are_kept(text: str, strict: tuple[bool, bool]) -> None:
    read = read_quantity(text)
    assert (read.lo_strict, read.hi_strict) == strict


@pytest.mark.parametrize("text", ["1.0", "1", "1.00"])
def test_digits_stay_as_written_and_compare_as_decimals(text: str) -> None:
    assert str(read_quantity(text).lo) == text
    assert read_quantity(text).lo == 1


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("25,000 mg", "write 25000"),
        ("1,5 mg", "with a point"),
        ("25 000 mg", "write the digits together"),
        ("-5", "without a sign"),
        ("at least -5", "without a sign"),
        ("1-2", "'25 to 50 mg'"),
        ("325-650 mg", "'25 to 50 mg'"),
        ("1–3", "'25 to 50 mg'"),
        ("40 mg ± 5 mL", "one unit"),
        ("3 to 1", "the lesser first: 1 to 3"),
        ("25 mg to 50 mL", "one unit"),
        ("about 40 mg", "40 ± 5 mg"),
        ("~40 mg", "40 ± 5 mg"),
        ("over 55000 USD", "more than"),
        ("up to 5", "at most"),
        ("between 1 and 3", "1 to 3"),
        (".5 mg", "write 0.5"),
        ("5. mg", "write 0.5, or 5"),
        ("<0", "at most 0"),
        ("", "'unknown'"),
        ("some", "'unknown'"),
        ("20 vials (total 100 mg)", "write a unit"),
    ],
)
def test_what_is_no_amount_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(Fault) as caught:
        read_quantity(text)
    assert advice in caught.value.instead


@pytest.mark.parametrize("value", [0.1, True, float("nan")])
def test_binary_numbers_are_refused(value: float) -> None:
    with pytest.raises(Fault, match="write it as text"):
        read_quantity(value)  # type: ignore[arg-type]


def test_conversion_is_exact() -> None:
    assert convert(read_quantity("3.54 ug/mL"), "ng/mL") == Quantity(
        text="3.54 ug/mL", lo=Decimal(3540), hi=Decimal(3540), unit="ng/mL"
    )
    assert convert(read_quantity("at least 1500 mg"), "g").words == "at least 1.5 g"


def test_a_conversion_without_finite_digits_is_rounded_outwards() -> None:
    read = convert(read_quantity("10 mg/h"), "mg/min")
    assert read.lo is not None
    assert read.hi is not None
    assert Fraction(read.lo) < Fraction(1, 6) < Fraction(read.hi)


def test_incompatible_units_do_not_convert() -> None:
    with pytest.raises(Fault, match="does not convert"):
        convert(read_quantity("5 mg"), "mL")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (">=27", "at least 27"),
        ("1 vial", "1 vial"),
        ("20 vial", "20 vials"),
        ("<5 mg", "fewer than 5 mg"),
        ("<=5 mg", "at most 5 mg"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert read_quantity(text).words == words


numbers = st.decimals(min_value=0, max_value=10**9, places=3).map(lambda number: f"{number:f}")


@given(numbers, numbers, st.integers(0, 10**6))
def test_the_whole_numbers_of_a_range_are_those_within(first: str, second: str, whole: int) -> None:
    lo, hi = sorted((first, second), key=Decimal)
    count = read_quantity(f"{lo} to {hi}").count
    assert count.lo is not None
    assert count.hi is not None
    assert (count.lo <= whole <= count.hi) == (Decimal(lo) <= whole <= Decimal(hi))


@given(numbers, st.sampled_from(["kg", "g", "mg", "ug", "ng"]), st.sampled_from(["kg", "g", "mg", "ug", "ng"]))
def test_there_and_back_is_the_same_amount(number: str, one: str, other: str) -> None:
    read = read_quantity(f"at least {number} {one}")
    assert convert(convert(read, other), one) == read
