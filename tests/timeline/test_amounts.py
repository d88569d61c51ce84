"""Amounts: by substance and unit, converted, weighed, at a rate, and never zero where unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from events.when import Bound
from timeline.case import CaseTimeline
from timeline.counting.amounts import Sum, amounts_in
from timeline.counting.happened import happened
from timeline.counting.happenings import Moment, Scope, Window
from timeline.counting.measures import Amounts, Measure, amounts_of
from timeline.hearings.account import EVERYBODY
from timeline.network import ORIGIN

Told = Callable[..., tuple[Any, ...]]
HOUR = 3_600_000_000
DAY0 = 1_698_451_200_000_000
"""2023-10-28T00:00Z."""


@pytest.fixture
def sums(told: Told) -> Callable[..., tuple[Sum, ...]]:
    def of(*data: Mapping[str, Any], substance: str = "", default: Measure | None = None) -> tuple[Sum, ...]:
        lines = [
            {
                "id": f"e{at}",
                "type": "infusion",
                "when": one.get("when", f"2023-10-28T0{at}:00Z"),
                "data": {"substance": "ketamine", **_data(one)},
                "source": one.get("source", {}),
            }
            for at, one in enumerate(data)
        ]
        lines = [{key: value for key, value in line.items() if value} for line in lines]
        timeline = CaseTimeline.of("c", told(*lines, zone="UTC"))
        found = happened(timeline.hear(EVERYBODY))
        window = Window(Moment(ORIGIN, DAY0 - 1), Moment(ORIGIN, DAY0 + 24 * HOUR - 1))
        return amounts_in(found.record, window, Scope("", substance), replace(found.dosing, default=default))

    return of


def _data(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in {"when", "source"}}


Sums = Callable[..., tuple[Sum, ...]]


def ends(one: Sum) -> tuple[Any, Any]:
    return one.lo, one.hi


def test_compatible_units_are_added_and_others_stand_beside_one_another(sums: Sums) -> None:
    found = sums({"amount": "50 mg"}, {"amount": "0.1 g"}, {"amount": "20 mg"}, {"amount": "2 vials"})
    assert [(one.unit, *ends(one)) for one in found] == [("mg", 170, 170), ("vial", 2, 2)]
    assert found[0].tight


def test_substances_are_kept_apart(sums: Sums) -> None:
    found = sums({"amount": "50 mg"}, {"amount": "2 mg", "substance": "midazolam"})
    assert [(one.substance, ends(one)[0]) for one in found] == [("ketamine", 50), ("midazolam", 2)]
    assert [one.substance for one in sums({"amount": "50 mg"}, {"substance": "midazolam"}, substance="ketamine")] == [
        "ketamine"
    ]


def test_bounds_add_at_both_ends_and_a_possible_one_only_above(sums: Sums) -> None:
    (found,) = sums({"amount": "25 to 50 mg"}, {"amount": "10 mg", "when": "2023-10-27/2023-10-28"})
    assert ends(found) == (25, 60)


def test_an_unknown_amount_is_never_zero(sums: Sums) -> None:
    (found,) = sums({"amount": "50 mg"}, {}, {"amount": "unknown"})
    assert (found.unit, ends(found), found.unknown) == ("mg", (50, None), Bound(2, 2))
    (nothing,) = sums({})
    assert (nothing.unit, ends(nothing), nothing.unknown) == ("", (0, None), Bound(1, 1))


def test_an_unknown_one_that_may_be_a_measured_one_is_not_certainly_unknown(sums: Sums) -> None:
    at = "2023-10-28T08:00Z"
    (found,) = sums({"amount": "50 mg", "when": at}, {"when": at, "source": {"speaker": "police"}})
    assert (ends(found), found.unknown) == ((50, None), Bound(0, 1))


def test_of_two_tellings_of_one_the_greater_is_certain(sums: Sums) -> None:
    at = "2023-10-28T08:00Z"
    (found,) = sums({"amount": "50 mg", "when": at}, {"amount": "40 mg", "when": at, "source": {"speaker": "police"}})
    assert ends(found) == (50, 90)


def test_each_counts_as_often_and_a_total_once(sums: Sums) -> None:
    (each,) = sums({"amount": "50 mg", "count": "at least 3", "when": "2023-10-28"})
    assert ends(each) == (150, None)
    (total,) = sums({"total_amount": "100 mg", "count": "at least 3", "when": "2023-10-28"})
    assert ends(total) == (100, 100)


def test_a_rate_counts_the_part_inside_the_window(sums: Sums) -> None:
    (whole,) = sums({"rate": "30 mg/h", "when": "2023-10-28T08:00:00.000000Z", "duration": "2 hours"})
    assert ends(whole) == (60, 60)
    (part,) = sums({"rate": "30 mg/h", "when": "2023-10-27T22:00:00.000000Z", "duration": "4 hours"})
    assert ends(part) == (60, 60)
    (about,) = sums({"rate": "30 mg/h", "when": "2023-10-28T08:00:00.000000Z", "duration": "1 to 2 hours"})
    assert ends(about) == (30, 60)


def test_a_weight_makes_milligrams_of_milligrams_per_kilogram(told: Told) -> None:
    lines = ({"id": "e", "type": "infusion", "data": {"amount": "0.5 mg/kg", "weight": "80 to 90 kg"}},)
    assert amounts_of(told(*lines)[0]) == Amounts(each=Measure(Fraction(40), Fraction(45), "mg"))
    bare = ({"id": "e", "type": "infusion", "data": {"amount": "0.5 mg/kg"}},)
    assert amounts_of(told(*bare)[0]).unit == "mg/kg"


def test_a_default_amount_fills_the_rest_of_at_least_so_many(sums: Sums) -> None:
    singles = [{"amount": "50 mg", "source": {"speaker": "assistant"}} for _ in range(3)]
    shots = {"count": "at least 27", "when": "2023-10-28"}
    (found,) = sums(*singles, shots, default=Measure(Fraction(25), Fraction(50), "mg"))
    assert ends(found) == (750, None)
    (without,) = sums(shots, default=Measure(Fraction(25), Fraction(50), "mg"))
    assert without.lo == 675


def test_a_default_is_not_taken_for_one_that_may_be_one_whose_amount_is_told(sums: Sums) -> None:
    at = "2023-10-28T08:00Z"
    told = {"amount": "10 mg", "when": at}, {"when": at, "source": {"speaker": "police"}}
    (found,) = sums(*told, default=Measure(Fraction(25), Fraction(50), "mg"))
    assert ends(found) == (10, 60)
