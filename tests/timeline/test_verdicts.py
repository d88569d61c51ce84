"""Whether two answers agree, or cannot both be true, by their values alone."""

from __future__ import annotations

from typing import Any

import pytest

from timeline.answers import Answer
from timeline.asking.verdicts import agree, exclude


def answer(**in_fact: Any) -> Answer:
    return Answer(values=in_fact, in_fact=in_fact, text="", sentence="")


def ago(exists: str, low: int | None, high: int | None) -> Answer:
    return answer(exists=exists, elapsed={"min_us": low, "max_us": high})


def amount(low: str, high: str | None, unit: str = "mg") -> Answer:
    return answer(amounts=[{"substance": "ketamine", "unit": unit, "min": low, "max": high, "rests_on": low}])


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (answer(truth="certain"), answer(truth="impossible"), True),
        (answer(truth="certain"), answer(truth="possible"), False),
        (ago("certain", 1, 2), ago("certain", 3, None), True),
        (ago("certain", 1, 3), ago("certain", 3, None), False),
        (ago("certain", 1, 2), ago("possible", 3, None), True),
        (ago("possible", 1, 2), ago("possible", 3, None), False),  # none there in either: both true
        (ago("certain", 1, 2), answer(exists="impossible", elapsed=None), True),
        (answer(largest=None), answer(largest={"min_us": 3, "max_us": None}), False),
        (amount("10", "50"), amount("50.5", None), True),
        (amount("10", "50"), amount("50", None), False),
        (amount("10", "50"), amount("60", None, "mL"), False),
    ],
)
def test_what_cannot_both_be_true(one: Answer, other: Answer, apart: bool) -> None:
    assert exclude(one, other) is exclude(other, one) is apart


def test_what_an_answer_rests_on_makes_no_difference() -> None:
    one, other = amount("10", "50"), amount("10", "50")
    other.in_fact["amounts"][0]["rests_on"] = "elsewhere"
    assert agree(one, other)
    assert not agree(one, amount("10", "51"))
