"""The shapes answers have, and the arithmetic of days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dates.civil import civil_date, offset_spread
from events.when import DAY, HOUR, Bound
from timeline.answers import Answer, AsOf, Rests, answer_json, implied_calendar_days, whole_days


def test_an_answer_as_scripts_read_it() -> None:
    answer = Answer(
        view="elapsed", version=1, case="perry", parameters={"a": "x", "b": "y"}, question="elapsed x y",
        values={"elapsed": {"min_us": 1, "max_us": None}}, in_fact={"elapsed": {"min_us": 1, "max_us": None}},
        text="more than 0 s", sentence="From x to y.", tight=True, rests_on=Rests(min=("x", "y")),
        set_aside=("z",), undated=("u",), assumes=("@y dated on the word of k (found)",),
    )  # fmt: skip
    assert answer_json(answer, as_of=AsOf(position=3, recorded_at=0), log="casefold/1") == {
        "log": "casefold/1", "case": "perry", "view": "elapsed", "view_version": 1, "parameters": {"a": "x", "b": "y"},
        "question": "elapsed x y", "as_of": {"position": 3, "recorded_at": "1970-01-01T00:00:00.000000Z", "root": None},
        "account": {"speakers": [], "standings": [], "documents": [], "first_hand": False},
        "elapsed": {"min_us": 1, "max_us": None}, "text": "more than 0 s", "sentence": "From x to y.", "tight": True,
        "rests_on": {"min": ["x", "y"], "max": []}, "set_aside": ["z"], "undated": ["u"],
        "assumes": ["@y dated on the word of k (found)"], "in_fact": {"elapsed": {"min_us": 1, "max_us": None}},
    }  # fmt: skip


def test_an_empty_log_has_no_recorded_time() -> None:
    assert AsOf().json == {"position": 0, "recorded_at": None, "root": None}


@pytest.mark.parametrize(
    ("elapsed", "days"),
    [
        (Bound(7 * DAY + 1, None), Bound(7, None)),
        (Bound(7 * DAY + 1, 9 * DAY - 1), Bound(7, 8)),
        (Bound(-DAY, -DAY + 1), Bound(-1, 0)),
        (Bound(-3 * DAY + 1, 25 * HOUR), Bound(-2, 1)),
    ],
)
def test_whole_days_are_truncated_toward_zero(elapsed: Bound, days: Bound) -> None:
    assert whole_days(elapsed) == days


YEAR = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)


@given(
    st.sampled_from(["UTC", "America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.integers(0, 366 * 24 * 60),
    st.integers(-40 * 24 * 60, 40 * 24 * 60),
)
def test_the_dates_between_two_instants_are_among_those_their_distance_allows(
    zone: str, minute: int, apart: int
) -> None:
    a = int(YEAR.timestamp()) * 1_000_000 + minute * 60_000_000
    gap = apart * 60_000_000
    days = (civil_date(a + gap, zone) - civil_date(a, zone)).days
    assert implied_calendar_days(Bound(gap, gap), offset_spread(zone)).covers(Bound(days, days))


@given(st.integers(-5 * DAY, 5 * DAY))
def test_without_clock_changes_both_ends_of_the_allowed_dates_occur(gap: int) -> None:
    days = {(civil_date(a + gap, "UTC") - civil_date(a, "UTC")).days for a in (0, DAY - 1)}
    assert implied_calendar_days(Bound(gap, gap), 0) == Bound(min(days), max(days))
