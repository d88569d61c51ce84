"""Dates as people write them, and every refusal with what to write instead. Knows no other event."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from events.dates.civil import day_bound, read_instant
from events.errors import Fault
from events.when import HOUR, MINUTE, Bound
from events.when_text import read_date, read_span, read_when

LA = "America/Los_Angeles"
DAY_28 = Bound(read_instant("2023-10-28T07:00:00Z"), read_instant("2023-10-29T07:00:00Z") - 1)


def minute(text: str) -> Bound:
    return Bound(read_instant(text), read_instant(text) + MINUTE - 1)


@pytest.mark.parametrize(
    "text",
    [
        "October 28, 2023", "28 October 2023", "Oct 28 2023", "Saturday, October 28, 2023", "on October 28, 2023",
        "oct. 28, 2023", "SATURDAY OCTOBER 28, 2023", "28th of October 2023", "October 28th, 2023", "28-Oct-2023",
        "on 2023-10-28", "Sat, 28 Oct 2023", "Saturday, 2023-10-28",
    ],
)  # fmt: skip
def test_one_day_in_many_forms(text: str) -> None:
    part = read_date(text, zone=LA)
    assert part.outer == part.inner == DAY_28
    assert part.precision == "day"


@pytest.mark.parametrize(
    "text",
    [
        "2023-10-28 4:17 pm", "2023-10-28 at 16:17", "October 28, 2023 at 4:17 p.m.", "2023-10-28T16:17",
        "2023-10-28 16:17", "4:17 PM on October 28, 2023", "at 16:17 on 28 October 2023", "2023-10-28T16:17-07:00",
        "2023-10-28T23:17Z", "October 28, 2023, 16:17", "2023-10-28 23:17Z",
    ],
)  # fmt: skip
def test_one_minute_in_many_forms(text: str) -> None:
    assert read_date(text, zone=LA).outer == minute("2023-10-28T16:17:00-07:00")


def test_a_time_stands_for_its_last_written_digit() -> None:
    nine = read_instant("2023-10-28T09:00:00Z")
    widths = {"09": HOUR, "09:00": MINUTE, "09:00:00": 1_000_000, "09:00:00.0": 100_000, "09:00:00.000000": 1}
    for time, width in widths.items():
        assert read_date(f"2023-10-28T{time}Z").outer == Bound(nine, nine + width - 1)
        assert read_date(f"2023-10-28T{time}", zone="UTC").outer == Bound(nine, nine + width - 1)


def test_a_month_by_name() -> None:
    assert read_date("October 2023", zone=LA).outer == read_date("2023-10", zone=LA).outer


@pytest.mark.parametrize("text", ["2023-10-28 22:00-23:00", "2023-10-28 22:00–23:00", "October 28, 2023 22:00 - 23:00"])
def test_two_times_of_a_day_are_one_instant_between(text: str) -> None:
    ends = minute("2023-10-28T22:00:00-07:00").hull(minute("2023-10-28T23:00:00-07:00"))
    assert read_date(text, zone=LA).outer == ends


def test_hours_with_one_pm_between_them() -> None:
    part = read_date("between 10 and 11 pm on October 28, 2023", zone=LA)
    assert part.outer == Bound(read_instant("2023-10-28T22:00:00-07:00"), DAY_28.hi)


def test_between_two_dates_is_one_instant_in_there() -> None:
    between = read_date("between October 28, 2023 and 30 October 2023", zone=LA)
    assert between.outer == read_date("2023-10-28/2023-10-30", zone=LA).outer


def test_a_span_is_two_instants() -> None:
    span = read_span("from 2023-10-28 to October 30, 2023", LA)
    assert span is not None
    assert [end.text for end in span] == ["2023-10-28", "October 30, 2023"]
    assert read_span("between 2023-10-28 and 2023-10-30", LA) is None
    with pytest.raises(Fault, match="write when: 2023-10-28, until: 2023-10-30"):
        read_when("from 2023-10-28 to 2023-10-30", zone=LA)
    hours = read_span("from 10 to 11 pm on October 28, 2023", LA)
    assert hours == read_span("from 10 pm on October 28, 2023 to 11 pm on October 28, 2023", LA)
    with pytest.raises(Fault, match="ends before"):
        read_span("from 2023-10-30 to 2023-10-28", LA)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2023-10-28T24:00", "00:00 of the next day"),
        ("2023-10-28T23:59:60Z", "second 59"),
        ("2023-02-29", "a day that it has"),
        ("February 30, 2023", "a day that the month has"),
        ("2023-10-30/2023-10-28", "earlier date first"),
        ("2023-10-28 23:00-22:00", "next day"),
        ("2023-10-28T16:17+14:01", "-14:00 to [+]14:00"),
        ("2023-10-28T16:17-00:00", "the true one"),
        ("10/28/23", "four digits"),
        ("October 28, 23", "four digits"),
        ("10/11/2023", "2023-10-11 or 2023-11-10"),
        ("28.10.2023", "2023-10-28"),
        ("Friday, October 28, 2023", "weekday that is right"),
        ("2023-10-28 16:17 PDT", "offset from UTC"),
        ("4:17 pm EST on October 28, 2023", "offset from UTC"),
        ("2001-21", "months"),
        ("summer 2001", "months"),
        ("{1960,1961-12}", "several events"),
        ("Y17000", "four digits"),
        ("-0999", "four digits"),
        ("later", "after @id"),
        ("2 hours later", "after @id"),
        ("the same day", "same day as @id"),
        ("the same evening", "after @id"),
        ("2023-10-28 16:17 UTC", "write Z"),
        ("October 28", "four digits"),
        ("between 11 pm and 1 am on 2023-10-28", "2023-10-28T23/2023-10-29T01"),
        ("2023-10-28 at night", "words"),
        ("early October 2023", "words"),
        ("late 2023", "words"),
        ("mid October 2023", "words"),
        ("2023-10-28 evening", "words"),
        ("2023-10-28 at 4:17", "4:17 pm"),
        ("20231028", "2023-10-28"),
        ("before death", "@death"),
        ("2023-10-28 13:00 pm", "1 to 12"),
        ("../..", "unknown"),
        ("0000-01-01", "four digits"),
        ("a week before his death", "before @death"),
        ("approximately 2023-10-28", "about 2023-10-28"),
        ("2023-10-28 to 2023-10-30", "from A to B"),
        ("", "unknown"),
        ("2023-10-28 ±", "duration"),
    ],
)
def test_a_refusal_says_what_to_write(text: str, instead: str) -> None:
    with pytest.raises(Fault) as fault:
        read_when(text, zone=LA)
    assert fault.value.what
    assert re.search(instead, fault.value.instead), str(fault.value)


@pytest.mark.parametrize("text", ["2023-10-28", "October 2023", "2023-10-28 at 16:17", "2023-10-28T16", "2023/2024"])
def test_a_civil_date_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="zone"):
        read_when(text)


def test_an_instant_needs_no_zone() -> None:
    when = read_when("2023-10-28T16:17Z", zone=LA)
    assert when == read_when("2023-10-28T16:17Z")
    assert when.zone == ""
    assert read_when("2023-10-28", zone=LA).zone == LA


def test_a_day_agrees_with_the_calendar() -> None:
    assert read_date("2023-11-05", zone=LA).outer == day_bound(dt.date(2023, 11, 5), LA)
