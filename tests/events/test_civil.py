"""Zones, civil days and local times where clocks change. Reads no sentences."""

from __future__ import annotations

import datetime as dt

import pytest

from events.dates.civil import (
    calendar_days,
    civil_reach,
    day_bound,
    instant_text,
    local_bound,
    offset_spread,
    read_instant,
    tzdata_version,
    zone_named,
)
from events.errors import Fault
from events.when import DAY, HOUR, MINUTE, Bound, Civil

LA = "America/Los_Angeles"


def at(text: str) -> int:
    return read_instant(text)


@pytest.mark.parametrize(
    ("date", "zone", "first", "hours"),
    [
        ("2023-10-28", LA, "2023-10-28T07:00:00Z", 24),
        ("2023-11-05", LA, "2023-11-05T07:00:00Z", 25),
        ("2024-03-10", LA, "2024-03-10T08:00:00Z", 23),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", 23),
        ("2023-03-26", "Asia/Beirut", "2023-03-25T22:00:00Z", 23),
    ],
)
def test_a_civil_day_is_as_long_as_its_zone_made_it(date: str, zone: str, first: str, hours: int) -> None:
    day = day_bound(dt.date.fromisoformat(date), zone)
    assert day == Bound(at(first), at(first) + hours * HOUR - 1)


def test_a_day_cut_in_two_at_midnight_reaches_to_its_last_minute() -> None:
    day = day_bound(dt.date(2006, 10, 28), "America/St_Johns")
    assert day.hi == at("2006-10-29T03:30:00Z") - 1  # 23:59:59.999999 the second time


def test_a_date_the_zone_skipped_is_refused() -> None:
    with pytest.raises(Fault, match="skipped"):
        day_bound(dt.date(2011, 12, 30), "Pacific/Apia")


def wall(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_a_repeated_hour_is_both_readings_and_neither_for_certain() -> None:
    outer, inner, hull = local_bound(wall("2023-11-05T01:30"), LA, MINUTE)
    assert outer == Bound(at("2023-11-05T08:30:00Z"), at("2023-11-05T09:31:00Z") - 1)
    assert inner is None
    assert hull


def test_a_skipped_hour_is_refused() -> None:
    with pytest.raises(Fault, match="did not exist"):
        local_bound(wall("2023-03-12T02:30"), LA, MINUTE)


def test_an_hour_half_skipped_is_the_half_that_was() -> None:
    outer, _, _ = local_bound(wall("2023-10-01T02:00"), "Australia/Lord_Howe", HOUR)
    assert outer == Bound(at("2023-09-30T15:30:00Z"), at("2023-09-30T16:00:00Z") - 1)


@pytest.mark.parametrize("name", ["EST", "PST", "GMT", "PST8PDT", "", "Mars/Olympus", "../etc/passwd", "est", "+15:00"])
def test_a_zone_that_names_no_one_place_is_refused(name: str) -> None:
    with pytest.raises(Fault) as fault:
        zone_named(name)
    assert fault.value.instead


def test_the_nearest_zone_is_named() -> None:
    with pytest.raises(Fault, match="America/Los_Angeles"):
        zone_named("America/LosAngeles")


def test_the_spread_covers_every_offset_a_zone_has_had() -> None:
    assert offset_spread(LA) == HOUR
    assert offset_spread("UTC") == offset_spread("+05:30") == 0
    assert offset_spread("America/Juneau") > 23 * HOUR
    assert tzdata_version()[:2] == "20"


@pytest.mark.parametrize(
    "text",
    [
        "2023-10-28", "2023-10-28T07:00", "2023-10-28T24:00:00Z", "2023-W43-6T07:00:00Z", "2023-10-28T07:00:60Z",
        "2023-10-28T07:00:00-00:00", "2023-10-28T07:00:00+14:01",
    ],
)  # fmt: skip
def test_what_is_not_an_instant_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        read_instant(text)


def test_an_instant_reads_back() -> None:
    assert at(instant_text(-1)) == -1
    assert instant_text(at("0001-01-01T00:00:00Z")) == "0001-01-01T00:00:00.000000Z"


def test_days_of_a_span_across_the_autumn_change() -> None:
    start, end = at("2023-11-05T00:00:00-07:00"), at("2023-11-06T00:00:00-08:00")
    assert end - start == 25 * HOUR
    assert calendar_days(Bound(start, start), Bound(end, end), LA) == Bound(1, 1)
    assert calendar_days(Bound(start, None), Bound(end, end), LA) == Bound(None, 1)
    assert calendar_days(Bound(end, end), Bound(start, start), LA) == Bound(-1, -1)


def test_a_week_before_is_the_civil_date_a_week_before() -> None:
    death = Bound(at("2023-10-28T16:17:00-07:00"), at("2023-10-28T16:18:00-07:00") - 1)
    reach = civil_reach(Civil(steps=Bound(7, 7), zone=LA), death)
    assert reach == day_bound(dt.date(2023, 10, 21), LA)
    assert civil_reach(Civil(steps=Bound(7, 7), zone=LA), Bound(None, death.hi)).lo is None


def test_months_with_a_comparator_clip_the_day() -> None:
    noon = Bound(at("2024-03-31T12:00:00Z"), at("2024-03-31T12:00:00Z"))
    exactly = Civil(steps=Bound(1, 1), unit="month", zone="UTC", clip=True)
    assert civil_reach(exactly, noon) == Bound(at("2024-02-29T12:00:00Z"), at("2024-02-29T12:00:00Z"))
    more = Civil(steps=Bound(1, None), unit="month", zone="UTC", clip=True, strict=True)
    assert civil_reach(more, noon) == Bound(None, at("2024-02-29T12:00:00Z") - 1)


def test_clipping_is_not_monotone_and_the_bound_knows_it() -> None:
    late_29th_to_early_30th = Bound(at("2023-01-29T23:00:00Z"), at("2023-01-30T01:00:00Z"))
    reach = civil_reach(Civil(steps=Bound(-1, -1), unit="month", zone="UTC", clip=True), late_29th_to_early_30th)
    assert reach == Bound(at("2023-02-28T00:00:00Z"), at("2023-03-01T00:00:00Z") - 1)


def test_bare_months_are_whole_months() -> None:
    reach = civil_reach(Civil(steps=Bound(2, 2), unit="month", zone="UTC"), Bound(0, 0))
    assert reach == Bound(at("1969-11-01T00:00:00Z"), at("1969-12-01T00:00:00Z") - 1)


def test_steps_beyond_the_calendar_are_open() -> None:
    assert civil_reach(Civil(steps=Bound(2_000_000, 2_000_000), zone="UTC"), Bound(0, DAY)) == Bound()
