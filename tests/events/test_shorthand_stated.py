"""Office shorthand with what its mapping states: words for parts of a month, the year of dates that have none."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dates.shorthand import UsShorthand
from events.errors import Fault

WORDS = {
    "early morning": "00:00-06:00",
    "evening": "18:00-22:00",
    "night": "22:00-06:00",
    "late night": "22:00-04:00",
    "early": "1-10",
    "mid": "11-20",
    "late": "21-31",
}
worded = UsShorthand(words=WORDS)
dated = UsShorthand(words=WORDS, year=2024)
DAYS = st.dates(min_value=dt.date(1951, 1, 1), max_value=dt.date(2048, 12, 31))
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Early February 2024", "2024-02-01/2024-02-10"),
        ("sometime in early March 2025", "2025-03-01/2025-03-10"),
        ("mid-March 2025, unknown time", "2025-03-11/2025-03-20"),
        ("late February 2023", "2023-02-21/2023-02-28"),
        ("late May 2024 - early June 2024", "2024-05-21/2024-06-10"),
        ("late May - early June 2024", "2024-05-21/2024-06-10"),
        ("before early March 2025", "before 2025-03-01"),
        ("after early March 2025", "after 2025-03-10"),
        ("early March 2025 - 3/20/2025 1300", "2025-03-01/2025-03-20T13:00"),
        ("about mid March 2025", "about 2025-03-11/2025-03-20"),
    ],
)
def test_parts_of_a_month_take_their_days_from_the_table(text: str, reading: str) -> None:
    assert worded(text) == reading
    with pytest.raises(Fault, match="no days or hours of its own") as caught:
        UsShorthand()(text)
    assert '= "1-10" for days of a month' in caught.value.instead


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("early 6/24/2024", "'early' means days of a month, and it has a whole date"),
        ("early June 24, 2024", "'early' means days of a month, and it has a whole date"),
        ("early 2024", "'early' means days of a month, and it has no month"),
        ("early March 2025 1300 hours", "'early' means days of a month, and it has a time"),
        ("night of early March 2025", "'early' means days of a month, and it has a time"),
        ("night of March 2025", "'night' means hours of a day, and it has no whole date"),
        ("early hours of 6/24/2024", "'early hours' has no hours of its own"),
        ("late hours of March 2025", "'late hours' has no hours of its own"),
        ("late hrs of March 2025", "'late hours' has no hours of its own"),
        ("late evening 6/24/2024", "'late evening' has no hours of its own"),
        ("mid-afternoon of 6/24/2024", "'mid-afternoon' has no hours of its own"),
        ("early to mid March 2025", "of another"),
        ("early March/April 2025", "one month or of both"),
        ("early, late March 2025", "two things of the days"),
        ("late May 2002 - early June 2024", "more than ten years"),
    ],
)
def test_a_word_for_days_with_a_day_or_for_hours_with_a_month_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Fault, match=re.escape(reason)) as caught:
        worded(text)
    assert caught.value.instead


def test_late_hours_and_early_hours_are_words_like_others() -> None:
    hours = UsShorthand(words={**WORDS, "late hours": "20:00-00:00", "early hours": "00:00-06:00"})
    assert hours("late hours of 6/24/2024") == "2024-06-24T20:00/2024-06-25T00:00"
    assert hours("early hours of 6/24/2024") == "2024-06-24T00:00/2024-06-24T06:00"
    assert hours("late night of 6/24/2024 to early March 2025") == "2024-06-24T22:00/2025-03-10"
    assert UsShorthand(words={"late": "20:00-23:00"})("late hours of 6/24/2024") == "2024-06-24T20:00/2024-06-24T23:00"
    with pytest.raises(Fault, match="month 2 of 2023 has no day 30"):
        UsShorthand(words={"the end of": "30-31"})("the end of February 2023")


@pytest.mark.parametrize(
    "words",
    [
        {"night": "late"},
        {"night": "22:00-24:00"},
        {"9": "00:00-01:00"},
        {"before": "00:00-01:00"},
        {"before": "1-10"},
        {"early": "0-10"},
        {"early": "1-32"},
        {"late": "31-21"},
        {"morning": "6-12"},
        {"early hours": "1-6"},
    ],
)
def test_a_table_of_words_that_holds_neither_hours_nor_days_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(Fault, match=r"part of a day|meaning of its own|ends before it begins"):
        UsShorthand(words=words)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("6/18 1300", "2024-06-18T13:00"),
        ("6/18 at 2015", "2024-06-18T20:15"),
        ("6/18 1300 - 2015", "2024-06-18T13:00/2024-06-18T20:15"),
        ("2015 hours on 6/18", "2024-06-18T20:15"),
        ("12/14 unknown time - 12/15 0830 hours", "2024-12-14/2024-12-15T08:30"),
        ("3/29 2200 - 3/30 0845", "2024-03-29T22:00/2024-03-30T08:45"),
        ("between 2300 (5/29) and 0340 (5/30)", "2024-05-29T23:00/2024-05-30T03:40"),
        ("2200 on 12-5 to 1023 on 12-6", "2024-12-05T22:00/2024-12-06T10:23"),
        ("on 12-5 at 2200", "2024-12-05T22:00"),
        ("6/18 early morning", "2024-06-18T00:00/2024-06-18T06:00"),
        ("6/18 prior to 1008 hours", "2024-06-18; before 2024-06-18T10:08"),
        ("Friday 6/28 1300 hours", "2024-06-28T13:00"),
        ("June 18 at 2204", "2024-06-18T22:04"),
        ("June 18th", "2024-06-18"),
        ("in June", "2024-06"),
        ("early March", "2024-03-01/2024-03-10"),
        ("2/29 1300", "2024-02-29T13:00"),
        ("12/14/2023 1300 - 12/15 0830 hours", "2023-12-14T13:00/2023-12-15T08:30"),
        ("6/18/2023", "2023-06-18"),
    ],
)
def test_a_date_without_a_year_is_of_the_year_that_the_mapping_states(text: str, reading: str) -> None:
    assert dated(text) == reading


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10-11", "no time of four digits"),
        ("12-5", "no time of four digits"),
        ("12 5", "no time of four digits"),
        ("3-4", "no time of four digits"),
        ("12-5 at 2200", "no time of four digits"),
        ("on 12-5", "a day, or a month of a year"),
        ("on 12-5 to 1023 on 12-6", "two days, or two times"),
        ("night on 12-5", "two days, or two times"),
        ("June 9a", "no whole date"),
        ("2200 on 12-5 to 1023 on 12-6-2024", "two days"),
        ("2200 on 10-11 pm", "no time of four digits"),
        ("6/18", "a day, or a month of a year"),
        ("June 18", "a day, or a month of a year"),
        ("6/18 - 6/20", "a day, or a month of a year"),
        ("before 6/18", "a day, or a month of a year"),
        ("5/24 - 6/2 1300 hours", "a month and a year"),
        ("6/18 2015", "the year or the time"),
        ("6/18, 2024", "the year or the time"),
        ("6/18 (2024) 1300 hours", "the year or the time"),
        ("2024 6/18", "the year or the time"),
        ("6/18 1300 - 2024", "the year or the time"),
        ("June 18, 2204", "the year or the time"),
        ("6/18 of 2023 1300 hours", "two dates stand side by side"),
        ("6/18 1300 - 6/19/202 1400", "no year of four digits"),
        ("6/18 1300 - 6/19/20224 1400", "no year of four digits"),
        ("6/182024 1300", "no date"),
        ("6/18 1300 hours 1400", "two things of the time of day"),
        ("12/31 2300 - 1/1 0100", "more than a month apart in 2024"),
        ("3/29 2200 - 8/30 0845", "more than a month apart in 2024"),
        ("6/20 2300 - 6/19 0100", "ends before it begins"),
        ("6/18 2300 - 0100", "ends before it begins"),
        ("November - January", "ends before it begins"),
        ("June - 6/18 1300", "mixes days and months"),
        ("Friday 6/27 1300 hours", "was a Thursday"),
        ("9a-955a", "no date"),
    ],
)
def test_what_may_be_another_date_takes_no_year_from_the_mapping(text: str, reason: str) -> None:
    with pytest.raises(Fault, match=re.escape(reason)) as caught:
        dated(text)
    assert caught.value.instead


def test_a_leap_day_is_refused_in_a_year_without_one() -> None:
    with pytest.raises(Fault, match="month 2 of 2023 has no day 29"):
        UsShorthand(year=2023)("2/29 1300 hours")


@pytest.mark.parametrize("year", [24, 1899, 2050, -2024])
def test_a_year_that_the_reader_takes_for_none_is_refused(year: int) -> None:
    with pytest.raises(Fault, match=f"the year {year} is not among 1900 to 2049"):
        UsShorthand(year=year)


@given(DAYS, TIMES, st.integers(0, 40), TIMES, st.integers(1900, 2049), st.sampled_from([" - ", " to ", " thru "]))
def test_a_range_without_a_year_is_of_the_stated_one_or_refused(
    first: dt.date, t1: dt.time, days: int, t2: dt.time, year: int, joint: str
) -> None:
    last = first + dt.timedelta(days=days)
    try:
        reading = UsShorthand(year=year)(f"{first:%m/%d} {t1:%H%M} hours{joint}{last:%m/%d} @ {t2:%H%M}")
    except Fault:
        reading = "refused"
    try:
        ends = [dt.datetime.combine(day.replace(year=year), time) for day, time in ((first, t1), (last, t2))]
    except ValueError:
        assert reading == "refused"
    else:
        ordered = ends[0] <= ends[1] and ends[1].date() - ends[0].date() <= dt.timedelta(days=31)
        assert reading == ("/".join(end.isoformat(timespec="minutes") for end in ends) if ordered else "refused")
