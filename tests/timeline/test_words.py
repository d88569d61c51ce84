"""How bounds read, and that the words hold for all of the bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.when import DAY, HOUR, MINUTE, SECOND, Bound
from timeline.asking import words

TO_MINUTE = MINUTE - 1


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (Bound(604_800_000_001, None), "more than 7 days"),
        (Bound(604_800_000_000, None), "at least 7 days"),
        (Bound(9 * DAY, 12 * DAY), "9 to 12 days"),
        (Bound(3 * HOUR + 14 * MINUTE + 1, 3 * HOUR + 15 * MINUTE + TO_MINUTE), "3 h 14 min to 3 h 16 min"),
        (
            Bound(7 * DAY + 1, 7 * DAY + 16 * HOUR + 17 * MINUTE + TO_MINUTE),
            "more than 7 days, less than 7 d 16 h 18 min",
        ),
        (Bound(7 * DAY + 1, 9 * DAY - 1), "more than 7 days, less than 9 days"),
        (Bound(35 * MINUTE, 45 * MINUTE), "35 to 45 min"),
        (Bound(0, 4 * DAY), "at most 4 days"),
        (Bound(0, DAY - 1), "less than 1 day"),
        (Bound(1, 3 * HOUR), "at most 3 h"),
        (Bound(2 * HOUR, 2 * HOUR), "2 h"),
        (Bound(0, 0), "0 s"),
        (Bound(None, 3 * HOUR), "at most 3 h later, if later"),
        (Bound(0, None), "not bounded by the record"),
        (Bound(), "not bounded by the record"),
        (Bound(-12 * DAY, -9 * DAY), "9 to 12 days earlier"),
        (Bound(None, -DAY - 1), "more than 1 day earlier"),
        (Bound(-2 * HOUR, 3 * HOUR), "between 2 h earlier and 3 h later"),
        (Bound(-2 * HOUR, None), "at most 2 h earlier, or any time later"),
    ],
)
def test_elapsed(bound: Bound, said: str) -> None:
    assert words.elapsed(bound) == said


UNITS = {"days": DAY, "day": DAY, "d": DAY, "h": HOUR, "min": MINUTE, "s": SECOND}


def micros(text: str) -> int:
    """Read printed units back."""
    tokens = text.split()
    return sum(round(float(n) * UNITS[unit]) for n, unit in zip(tokens[::2], tokens[1::2], strict=True))


@given(st.integers(0, 20 * DAY), st.integers(0, 3 * DAY))
def test_what_is_printed_of_two_ends_never_cuts_into_the_bound(lo: int, width: int) -> None:
    said = words.elapsed(Bound(lo, lo + width))
    for word in ("more than ", "at most ", "less than "):
        said = said.replace(word, "")
    low, _, high = said.replace(", ", " to ").rpartition(" to ")
    low = low if " " in low or not low else f"{low} {high.split()[1]}"
    assert (micros(low) if low else 0) <= lo
    assert micros(high) >= lo + width


@given(st.integers(0, 10**14))
def test_a_duration_reads_back_to_the_microsecond_below_a_day(us: int) -> None:
    assert micros(words.duration(us)) == us


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (Bound(27, None), "at least 27"), (Bound(27, 27), "27"), (Bound(1, 2), "1 or 2"), (Bound(0, 1), "0 or 1"),
        (Bound(5, 9), "5 to 9"), (Bound(0, 9), "at most 9"), (Bound(None, 9), "at most 9"),
        (Bound(0, None), "any number"),
        (Bound(0, 0), "0"), (Bound(1, None), "at least 1"),
    ],
)  # fmt: skip
def test_numbers(bound: Bound, said: str) -> None:
    assert words.number(bound) == said


def test_the_three_rulers_of_days() -> None:
    assert words.trio(Bound(7, None), Bound(7, None)) == (
        "at least 7 calendar days; at least 7 full 24-hour days; at least 8 counting the first day as day 1"
    )
    assert words.trio(Bound(1, 1), Bound(0, 1), dates="5 to 6 November 2023").startswith("1 calendar day (5 to 6")


PACIFIC = "America/Los_Angeles"
MIDNIGHT = 1_698_476_400_000_000


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (Bound(MIDNIGHT, MIDNIGHT + DAY - 1), "28 October 2023"),
        (Bound(MIDNIGHT, MIDNIGHT + 2 * DAY - 1), "28 October 2023 to 29 October 2023"),
        (Bound(MIDNIGHT + HOUR, MIDNIGHT + HOUR + TO_MINUTE), "28 October 2023 01:00"),
        (Bound(MIDNIGHT + HOUR, MIDNIGHT + HOUR), "28 October 2023 01:00"),
        (
            Bound(MIDNIGHT + HOUR + 1, MIDNIGHT + 2 * HOUR + MINUTE - 3),
            "28 October 2023 01:00 to 28 October 2023 02:00",
        ),
        (Bound(None, MIDNIGHT + DAY - 1), "by 28 October 2023"),
        (Bound(MIDNIGHT + 30 * SECOND, None), "from 28 October 2023 00:00:30"),
        (Bound(), "undated"),
    ],
)
def test_instants_in_a_zone(bound: Bound, said: str) -> None:
    assert words.instants(bound, PACIFIC) == said


def test_dates_are_said_only_where_both_are_sure() -> None:
    day, after = Bound(MIDNIGHT, MIDNIGHT + DAY - 1), Bound(MIDNIGHT + 8 * DAY, MIDNIGHT + 9 * DAY - 1)
    assert words.dates(day, after, PACIFIC) == "28 October to 5 November"
    assert words.dates(Bound(MIDNIGHT - 1, MIDNIGHT), after, PACIFIC) == ""
    assert words.dates(Bound(None, MIDNIGHT), after, PACIFIC) == ""
    later = Bound(MIDNIGHT + 100 * DAY, MIDNIGHT + 100 * DAY)
    assert words.dates(day, later, PACIFIC) == "28 October 2023 to 4 February 2024"
