"""What a `when` says of one instant: the grammar's relative parts, its rulers, its soft dates. Asks no case."""

from __future__ import annotations

import subprocess
import sys

import pytest

from events.dates.civil import civil_reach, read_instant
from events.errors import Fault
from events.when import ANY, DAY, HOUR, MINUTE, UNKNOWN, Bound, Part, Ref
from events.when_text import iso_bound, read_date, read_duration, read_ref, read_when, reads_as

LA = "America/Los_Angeles"


def part(text: str, zone: str = LA) -> Part:
    (only,) = read_when(text, zone=zone).parts
    return only


def before(gap: Bound) -> Bound:
    return gap.negate()


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("more than 7 days before @death", Bound(168 * HOUR + 1, None)),
        ("at least 7 days before @death", Bound(168 * HOUR, None)),
        ("less than 7 days before @death", Bound(0, 168 * HOUR - 1)),
        ("at most 7 days before @death", Bound(0, 168 * HOUR)),
        ("within 4 days before @death", Bound(0, 96 * HOUR)),
        ("in the 4 days before @death", Bound(0, 96 * HOUR)),
        ("exactly 7 days before @death", Bound(168 * HOUR, 168 * HOUR)),
        ("3 hours before @death", Bound(3 * HOUR, 3 * HOUR)),
        ("half an hour before @death", Bound(30 * MINUTE, 30 * MINUTE)),
        ("PT36H before @death", Bound(36 * HOUR, 36 * HOUR)),
        ("more than one and a half weeks before @death", Bound(252 * HOUR + 1, None)),
        ("between 3 and 5 hours before @death", Bound(3 * HOUR, 5 * HOUR)),
        ("between 90 minutes and 2 days before @death", Bound(90 * MINUTE, 48 * HOUR)),
        ("3 hours before @death ± 30 minutes", Bound(150 * MINUTE, 210 * MINUTE)),
        ("about 252 hours before @death ± 36 hours", Bound(216 * HOUR, 288 * HOUR)),
        ("about 252 hours before @death give or take 36 hours", Bound(216 * HOUR, 288 * HOUR)),
        ("around 1 hour before @death +/- 10 minutes", Bound(50 * MINUTE, 70 * MINUTE)),
        ("before @death", Bound(1, None)),
        ("by @death", Bound(0, None)),
    ],
)
def test_how_long_before(text: str, gap: Bound) -> None:
    found = part(text, zone="")
    assert found.outer == found.inner == before(gap)
    assert found.anchor == Ref(id="death", side="start")
    assert not found.soft


def test_after_mirrors_before() -> None:
    for phrase in ("more than 7 days", "within 4 hours", "between 1 and 2 hours", "less than 1 day", "3 hours"):
        assert part(f"{phrase} after @x").outer == part(f"{phrase} before @x").outer.negate()
        assert part(f"{phrase} after @x").anchor == Ref(id="x", side="end")


def test_within_of_looks_both_ways() -> None:
    assert part("within 2 hours of @x").outer == Bound(-2 * HOUR, 2 * HOUR)
    assert part("within 2 hours of @x").anchor == Ref(id="x", side="single")


def test_a_bare_number_of_days_compares_civil_dates() -> None:
    found = part("7 days before @death")
    assert found.civil is not None
    assert found.civil.steps == Bound(7, 7)
    assert found.outer == before(Bound(6 * DAY - HOUR + 1, 8 * DAY + HOUR - 1))
    assert found.inner is None
    assert part("a week before @death").outer == part("P7D before @death").outer == found.outer
    assert part("7 days before @death", zone="UTC").inner == Bound(-7 * DAY, -7 * DAY)
    assert part("7 days after @death").civil.steps == Bound(-7, -7)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("more than 7 calendar days before @x", Bound(8, None)),
        ("at least 7 calendar days before @x", Bound(7, None)),
        ("within 7 calendar days before @x", Bound(0, 7)),
        ("at most 7 calendar days before @x", Bound(0, 7)),
        ("less than 7 calendar days before @x", Bound(0, 6)),
        ("exactly 7 calendar days before @x", Bound(7, 7)),
        ("within 7 calendar days of @x", Bound(-7, 7)),
        ("within 7 calendar days after @x", Bound(-7, 0)),
        ("same day as @x", Bound(0, 0)),
        ("the day before @x", Bound(1, 1)),
        ("the day after @x", Bound(-1, -1)),
        ("7 days before @x ± 1 calendar day", Bound(6, 8)),
    ],
)
def test_calendar_days_are_steps_between_dates(text: str, steps: Bound) -> None:
    found = part(text).civil
    assert found is not None
    assert (found.steps, found.unit, found.zone, found.clip) == (steps, "day", LA, False)


def test_bare_months_differ_in_number_and_compared_ones_clip() -> None:
    bare, more = part("2 months before @x").civil, part("more than 1 year before @x").civil
    assert bare is not None
    assert more is not None
    assert (bare.steps, bare.unit, bare.clip) == (Bound(2, 2), "month", False)
    assert (more.steps, more.unit, more.clip, more.strict) == (Bound(12, None), "month", True, True)
    assert part("at least 2 months before @x").outer == before(Bound(56 * DAY - HOUR, None))
    assert part("within 2 months before @x").outer == before(Bound(0, 62 * DAY + HOUR))


def test_bare_years_differ_in_number() -> None:
    bare, wide = part("1 year before @x").civil, part("2 years after @x ± 1 year").civil
    assert bare is not None
    assert wide is not None
    assert (bare.steps, bare.unit, bare.clip) == (Bound(1, 1), "year", False)
    assert (wide.steps, wide.unit) == (Bound(-3, -1), "year")
    assert part("1 year before @x").outer == before(Bound(1 - HOUR, 732 * DAY + HOUR - 1))
    by_months = part("1 year before @x ± 6 months").civil
    assert by_months is not None
    assert (by_months.steps, by_months.unit) == (Bound(-5, 29), "month")
    assert civil_reach(bare, part("2023-10-28").outer) == part("2022").outer
    mixed = part("1 year 2 months before @x").civil
    assert mixed is not None
    assert (mixed.steps, mixed.unit) == (Bound(14, 14), "month")


def test_a_comparator_may_have_a_tolerance() -> None:
    assert part("more than 7 days before @x ± 1 day").outer == before(Bound(6 * DAY + 1, None))
    assert part("less than 2 hours after @x ± 1 hour").outer == Bound(-HOUR, 3 * HOUR - 1)
    shifted = part("less than 2 months before @x ± 1 month").civil
    assert shifted is not None
    assert (shifted.steps, shifted.clip, shifted.strict) == (Bound(-1, 3), True, False)


def test_civil_days_need_the_zone_of_the_event_that_speaks() -> None:
    with pytest.raises(Fault, match="zone"):
        read_when("7 days before @x")
    assert read_when("more than 7 days before @x").zone == ""


def test_about_bounds_only_the_order() -> None:
    found = part("about 2 hours before @x")
    assert found.soft
    assert found.outer == Bound(None, -1)
    assert found.literal == Bound(-2 * HOUR, -2 * HOUR)
    assert found.precision == "hour"
    assert part("around 2 hours after @x").outer == Bound(1, None)


@pytest.mark.parametrize("text", ["about {}", "circa {}", "around {}", "on or about {}", "{}~", "{}?", "{}%"])
def test_about_a_date_bounds_nothing(text: str) -> None:
    found = part(text.format("2023-10-28"))
    assert found.soft
    assert found.outer == ANY
    assert found.inner is None
    assert found.literal == part("2023-10-28").outer
    assert found.precision == "day"


def test_dates_are_built_on_dates() -> None:
    stretch = part("2023-10-01/2023-10-05").outer
    assert part("by ../2023-10-28").outer == part("by 2023-10-28").outer
    assert part("before 2023-10-01/2023-10-05").outer == part("before 2023-10-01").outer
    assert part("since between 2023-10-01 and 2023-10-05").outer == part("since 2023-10-01").outer
    assert part("between 2023-10-01 and 2023-10-05 ± 1 day").outer == stretch.widen(DAY)
    assert part("between 2023-10-01 ± 1 day and 2023-10-05 ± 1 day").outer == stretch.widen(DAY)
    assert part("between 2023-10-01 ± 1 day and 2023-10-05").outer == Bound((stretch.lo or 0) - DAY, stretch.hi)
    assert part("about between 2023-10-01 and 2023-10-05").soft
    assert part("between about 2023-10-01 and 2023-10-05").soft
    for text in ("before ../2023", "after 2023/..", "before [..1672]"):
        with pytest.raises(Fault, match="bounds nothing"):
            read_when(text, zone=LA)


def test_a_width_moves_the_end_that_a_side_leaves_outwards() -> None:
    day = part("2023-10-28").outer
    assert part("before about 2023-10-28 ± 2 days").outer == Bound(None, (day.lo or 0) - 1 + 2 * DAY)
    assert part("after 2023-10-28 ± 2 days").outer == Bound((day.hi or 0) + 1 - 2 * DAY, None)
    assert not part("before about 2023-10-28 ± 2 days").soft
    assert part("before about 2023-10-28").soft


@pytest.mark.parametrize("text", ["2023-10-28 ± 2 days", "about 2023-10-28 ± 2 days", "2023-10-28~ +/- 48 hours"])
def test_a_stated_width_is_a_bound(text: str) -> None:
    found = part(text)
    assert not found.soft
    assert found.outer == part("2023-10-28").outer.widen(2 * DAY)


def test_a_width_of_years_follows_the_calendar() -> None:
    assert part("circa 1850 ± 5 years").outer == part("1845/1855").outer


def test_sides_of_a_date() -> None:
    day = part("2023-10-28").outer
    assert day.lo is not None
    assert day.hi is not None
    assert part("before 2023-10-28").outer == Bound(None, day.lo - 1)
    assert part("after 2023-10-28").outer == Bound(day.hi + 1, None)
    assert part("by 2023-10-28").outer == part("no later than 2023-10-28").outer == Bound(None, day.hi)
    assert part("since 2023-10-28").outer == part("not before 2023-10-28").outer == Bound(day.lo, None)
    assert part("../2023-10-28").outer == part("/2023-10-28").outer == Bound(None, day.hi)
    assert part("2023-10-28/..").outer == part("2023-10-28/").outer == Bound(day.lo, None)


def test_before_a_repeated_hour_holds_for_certain_only_before_both() -> None:
    found = part("before 2023-11-05T01:30")
    assert found.outer.hi == read_instant("2023-11-05T09:30:00Z") - 1
    assert found.inner == Bound(None, read_instant("2023-11-05T08:30:00Z") - 1)
    assert found.hull


def test_an_interval_with_times() -> None:
    found = part("2023-10-28T22:00/2023-10-29T08:30:30Z")
    assert found.outer == Bound(read_instant("2023-10-29T05:00:00Z"), read_instant("2023-10-29T08:30:31Z") - 1)


def test_during_lies_between_start_and_end() -> None:
    start, end = read_when("during @stay").parts
    assert (start.anchor, start.outer) == (Ref(id="stay", side="start"), Bound(0, None))
    assert (end.anchor, end.outer) == (Ref(id="stay", side="end"), Bound(None, 0))
    with pytest.raises(Fault, match="one instant"):
        read_when("during @stay.start")


def test_references_keep_their_point() -> None:
    assert part("before @shots.first").anchor == Ref(id="shots", point="first")
    assert part("at @a.b:c/d-e").anchor == Ref(id="a.b:c/d-e")
    assert read_ref("shots.last") == read_ref("@shots.last") == Ref(id="shots", point="last")


def test_all_parts_hold() -> None:
    when = read_when("after @a; before @b ; 2023-10", zone=LA)
    assert [ref.id for ref in when.refs] == ["a", "b"]
    assert when.own == part("2023-10").outer
    assert read_when("unknown") == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "2023; 2024", "after @x; before @x", "before @x; at @x",
        "more than 2 hours after @x; less than 1 hour after @x",
        "before @x.first; after @x.last", "before @x.start; after @x.end",
    ],
)  # fmt: skip
def test_parts_that_contradict_are_refused(text: str) -> None:
    with pytest.raises(Fault, match="cannot all be true"):
        read_when(text, zone=LA)


def test_an_event_may_not_refer_to_itself() -> None:
    read_when("before @death", own_id="shots")
    for text in ("before @death", "2023-10-28T00:00Z; after @death.last"):
        with pytest.raises(Fault, match="itself"):
            read_when(text, own_id="death")


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("@x", "at @x"), ("shortly before @x", "before @id"), ("before @x and @y", "two parts"),
        ("1.5 months before @x", "whole months"), ("1 month 3 days before @x", "alone"),
        ("between 5 and 3 hours before @x", "shorter"), ("less than 0 hours before @x", "shorter"),
        ("before @", "letters"), ("a few days before @x", "duration"), ("before @x ± 2 hours", "within 2 hours of @x"),
        ("-7 days before @x", "after for before"), ("thirteen days before @x", "in figures"),
        ("1,5 hours before @x", "1.5"), ("99999999999 days before @x", "9,999 years"),
    ],
)  # fmt: skip
def test_a_relative_text_that_cannot_be_read_says_what_to_write(text: str, instead: str) -> None:
    with pytest.raises(Fault) as fault:
        read_when(text, zone=LA)
    assert instead in fault.value.instead


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("more than 7 days before @death", "more than 7 days (168 hours) before @death"),
        ("within 4 days before @death", "within 4 days (96 hours) before @death"),
        ("3 hours before @x", "exactly 3 hours before @x, no tolerance stated"),
        ("2023-10-28", "on 2023-10-28 (America/Los_Angeles)"),
        ("before 2023-10", "before 2023-10 begins (America/Los_Angeles)"),
        ("about 2 hours before @x", "about 2 hours before @x: no width stated, so only before it"),
        ("after @a; by @b", "after @a; at or before @b"),
    ],
)
def test_a_reading_names_its_ruler(text: str, reading: str) -> None:
    assert reads_as(read_when(text, zone=LA)) == reading


def test_durations() -> None:
    assert read_duration("two weeks 3 days").days == 17
    assert read_duration("an hour and a half").exact == 90 * MINUTE
    assert read_duration("1 day 6 hours").days is None
    assert read_duration("1 day and 6 hours").exact == 30 * HOUR
    assert read_duration("4 calendar days").exact is None
    assert read_duration("P1Y2M").months == 14
    for text in ("", "days", "7", "7 moons", "P", "PT", "1.2.3 days", "-1 day", "7 days later", "1 day 1 day"):
        with pytest.raises(Fault):
            read_duration(text)


def test_the_quick_door_agrees_with_the_grammar() -> None:
    for text in ("2023-10-28", "2023-11-05", "2023-10-28T07:00Z", "2023-10-28T07:00:30.25+05:30", "1560-01-01"):
        assert iso_bound(text, LA) == read_date(f"{text}/{text}", zone=LA).outer == read_date(text, zone=LA).outer
    for text in ("2011-12-30", "2023-02-30", "2023-W43-6", "20231028", "2023-10-28T07:00:00-00:00", "2023-10"):
        assert iso_bound(text, "Pacific/Apia") is None


def test_reading_a_date_imports_no_calendar_library() -> None:
    program = (
        "import sys; from events.when_text import read_when;"
        "read_when('October 28, 2023; before @x', zone='UTC'); sys.exit('pendulum' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
