"""Laws of reading dates, against enumeration over minutes, civil dates and hostile text. Asserts no single reading."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.dates.civil import calendar_days, civil_date, civil_reach, day_bound, read_instant
from events.dates.civil import instant_text as text_of
from events.dates.localtime import both_instants, first_instant, last_instant, local_time
from events.errors import Fault
from events.when import DAY, HOUR, MINUTE, SECOND, Bound, Part
from events.when_text import iso_bound, read_duration, read_span, read_when
from tests.laws.effort import tries

ZONES = (
    "UTC", "America/Los_Angeles", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
    "America/Havana", "Asia/Kolkata",
)  # fmt: skip
CHANGES = tuple(
    read_instant(text)
    for text in (
        "2023-11-05T09:00:00Z", "2024-03-10T10:00:00Z", "2006-10-29T02:31:00Z", "2007-03-11T03:31:00Z",
        "2023-04-01T15:00:00Z", "2023-09-30T15:30:00Z", "2011-12-30T10:00:00Z", "2018-11-04T03:00:00Z",
        "2018-02-18T02:00:00Z", "2023-11-05T05:00:00Z", "2024-01-29T12:00:00Z", "2023-03-31T06:00:00Z",
    )
)  # fmt: skip
zones = st.sampled_from(ZONES)
near_changes = st.builds(lambda a, b: a + b, st.sampled_from(CHANGES), st.integers(-40 * HOUR, 40 * HOUR))
recent = st.integers(read_instant("1985-01-01T00:00:00Z"), read_instant("2030-01-01T00:00:00Z"))
instants = st.one_of(near_changes, recent)
widths = st.integers(0, 3 * DAY)
about_days = st.builds(lambda n, rest: n * DAY + rest, st.integers(-9, 9), st.integers(-90, 90).map(MINUTE.__mul__))
gaps = st.one_of(about_days, st.integers(-9 * DAY, 9 * DAY))
quick = tries(150)


def one(text: str, zone: str) -> Part:
    (part,) = read_when(text, zone=zone).parts
    return part


def within(value: int, bound: Bound) -> bool:
    return bound.covers(Bound(value, value))


@quick
@given(instants, zones)
def test_widening_the_precision_never_shrinks_the_bound(us: int, zone: str) -> None:
    written = local_time(us, zone).isoformat(timespec="microseconds")
    lengths = (26, 24, 22, 19, 16, 13, 10, 7, 4)
    bounds = [one(written[:length], zone).outer for length in lengths]
    bounds.append(one(written[:3] + "X", zone).outer)
    assert within(us, bounds[0])
    for finer, coarser in pairwise(bounds):
        assert not finer.empty
        assert coarser.covers(finer)


@quick
@given(instants, zones)
def test_a_day_is_the_hull_of_its_minutes(us: int, zone: str) -> None:
    date = civil_date(us, zone)
    day = day_bound(date, zone)
    assert day.lo is not None
    assert day.hi is not None
    first = (day.lo - 27 * HOUR) // MINUTE * MINUTE
    minutes = [m for m in range(first, day.hi + 27 * HOUR, MINUTE) if civil_date(m, zone) == date]
    assert Bound(min(minutes), max(minutes) + MINUTE - 1) == day


@quick
@given(instants, zones, st.sampled_from((HOUR, MINUTE, SECOND)))
def test_a_local_time_is_the_hull_of_the_instants_that_show_it(us: int, zone: str, step: int) -> None:
    length = {HOUR: 13, MINUTE: 16, SECOND: 19}[step]
    text = local_time(us, zone).isoformat()[:length]
    part = one(text, zone)
    shown = [t for t in range(us - 3 * HOUR, us + 3 * HOUR, MINUTE) if local_time(t, zone).isoformat()[:length] == text]
    assert all(within(t, part.outer) for t in [us, *shown])
    if part.inner is not None:
        assert part.outer.covers(part.inner)


@quick
@given(instants, instants, zones)
def test_an_instant_reads_back_and_both_doors_agree(us: int, other: int, zone: str) -> None:
    text = text_of(us)
    assert one(text, zone).outer == Bound(us, us) == iso_bound(text, zone)
    assert read_when(text, zone=zone).text == text
    low, high = sorted((us, other))
    assert one(f"{text_of(low)}/{text_of(high)}", zone).outer == Bound(low, high)
    assert one(f"[{text_of(high)},{text_of(low)}]", zone).outer == Bound(low, high)


@quick
@given(instants, gaps, widths, widths, zones)
def test_bare_days_hold_for_every_pair_so_far_apart(us: int, gap: int, low: int, high: int, zone: str) -> None:
    t = us - gap
    days = (civil_date(us, zone) - civil_date(t, zone)).days
    part = one(f"{abs(days)} days {'before' if days >= 0 else 'after'} @x", zone)
    assert part.civil is not None
    assert within(t - us, part.outer)
    assert within(t, civil_reach(part.civil, Bound(us - low, us + high)))
    assert within(t, civil_reach(part.civil, Bound(us - low, None)))
    if part.inner is not None and within(t - us - 1, part.inner):
        assert (civil_date(us, zone) - civil_date(t - 1, zone)).days == days


@quick
@given(instants, st.integers(0, 9), zones)
def test_the_ends_of_two_civil_days_lie_within_the_rule(us: int, days: int, zone: str) -> None:
    date = civil_date(us, zone)
    earlier = date - dt.timedelta(days=days)
    ends = [end for end in (first_instant(date, zone), last_instant(date, zone)) if civil_date(end, zone) == date]
    before = (first_instant(earlier, zone), last_instant(earlier, zone))
    part = one(f"{days} days before @x", zone)
    assert part.civil is not None
    for x in ends:
        for t in before:
            if civil_date(t, zone) == earlier:
                assert within(t - x, part.outer)
                assert within(t, civil_reach(part.civil, Bound(x, x)))


@quick
@given(instants, gaps, st.integers(0, 6), zones)
@example(read_instant("2024-03-10T08:30:00Z") + DAY, DAY, 1, "America/Los_Angeles")
@example(read_instant("2023-11-06T07:30:00Z"), DAY, 1, "America/Los_Angeles")
@example(read_instant("2024-03-11T07:30:00Z"), DAY, 0, "America/Los_Angeles")
def test_a_civil_question_is_certain_only_where_the_dates_agree(us: int, gap: int, number: int, zone: str) -> None:
    days = (civil_date(us, zone) - civil_date(us - gap, zone)).days
    truths = {
        "more than": days > number, "at least": days >= number, "within": 0 <= days <= number,
        "at most": 0 <= days <= number, "exactly": days == number,
    }  # fmt: skip
    for comparator, truth in truths.items():
        part = one(f"{comparator} {number} calendar days before @x", zone)
        assert part.civil is not None
        if part.inner is not None and within(-gap, part.inner):
            assert truth
        if truth:
            assert within(-gap, part.outer)
            assert within(us - gap, civil_reach(part.civil, Bound(us, us)))


@quick
@given(instants, st.integers(0, 90 * DAY), zones)
def test_bare_months_hold_for_every_pair_whose_months_differ_so(us: int, gap: int, zone: str) -> None:
    x, t = civil_date(us, zone), civil_date(us - gap, zone)
    months = x.year * 12 + x.month - t.year * 12 - t.month
    part = one(f"{abs(months)} months {'before' if months >= 0 else 'after'} @x", zone)
    assert part.civil is not None
    assert within(-gap, part.outer)
    assert within(us - gap, civil_reach(part.civil, Bound(us, us)))


def shifted(us: int, months: int, zone: str) -> tuple[int, int]:
    """Shift a local time by months with the day clipped: both readings of what comes out."""
    local = local_time(us, zone)
    index = local.year * 12 + local.month - 1 + months
    year, month = index // 12, index % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return both_instants(local.replace(year=year, month=month, day=day, fold=0), zone)


@quick
@given(instants, st.integers(1, 30), st.sampled_from(("before", "after")), widths, widths, zones)
@example(read_instant("2023-03-31T10:00:00Z"), 1, "before", 3 * DAY, 0, "UTC")
@example(read_instant("2023-01-29T23:30:00Z"), 1, "after", 0, 2 * HOUR, "UTC")
@example(read_instant("2023-01-30T01:00:00Z"), 1, "after", 2 * HOUR, 0, "UTC")
def test_compared_months_hold_for_every_shift(us: int, months: int, way: str, low: int, high: int, zone: str) -> None:
    sign = -1 if way == "before" else 1
    own = Bound(us - low, us + high)
    for t in shifted(us, sign * months, zone):
        worlds = {
            "exactly": t, "at least": t + sign * HOUR, "more than": t + sign, "less than": t - sign,
            "at most": t, "within": t - sign * HOUR,
        }  # fmt: skip
        for comparator, world in worlds.items():
            part = one(f"{comparator} {months} months {way} @x", zone)
            assert part.civil is not None
            assert within(world, civil_reach(part.civil, own)), comparator
            assert within(world - us, part.outer), comparator


@quick
@given(instants, instants, st.integers(0, 30 * HOUR), st.integers(0, 30 * HOUR), zones)
def test_calendar_days_contain_every_world(a: int, b: int, wide: int, wider: int, zone: str) -> None:
    days = calendar_days(Bound(a - wide, a + wider), Bound(b - wider, b + wide), zone)
    for x in (a - wide, a, a + wider):
        for y in (b - wider, b, b + wide):
            assert within((civil_date(y, zone) - civil_date(x, zone)).days, days)


@quick
@given(st.integers(0, 400), st.sampled_from(("hours", "minutes", "days", "weeks")), st.integers(0, 400))
def test_comparators_nest(number: int, unit: str, tolerance: int) -> None:
    phrase = f"{number} {unit} before @x"
    at_least, more = one(f"at least {phrase}", ""), one(f"more than {phrase}", "")
    within_it, exactly = one(f"within {phrase}", ""), one(f"exactly {phrase}", "")
    assert at_least.outer.covers(more.outer)
    assert at_least.outer.meet(within_it.outer) == exactly.outer
    assert one(f"about {phrase} ± {tolerance} hours", "").outer == exactly.outer.widen(tolerance * HOUR)


SPOKEN = """
about before after between and within more than at least of the @x @x.first ± +/- ; / .. [ ] { } , 2023 24 2023-10-28
October 28 2023-10-28T16:17 10 pm days hours a half one months calendar from to by on or unknown ~ X 31 0000 P1D 202X
24:00 Z +05:00 give take during day same circa é ¹ ٣
"""
WORDS = tuple(SPOKEN.split())
repeated = st.sampled_from([*WORDS, "a ", "1 ", "-", "9", "1 day "])
hostile = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=14).map("".join),
    st.text(max_size=60),
    st.text(alphabet="0123456789-:TZX/.~?%[]@;± ", max_size=40),
    st.builds(lambda word, times: word * times, repeated, st.integers(1, 600)),
)


def refused(read: Callable[[], object]) -> Fault | None:
    try:
        read()
    except Fault as fault:
        return fault
    return None


@settings(max_examples=600, deadline=2000)
@given(hostile, zones)
def test_hostile_text_is_read_or_refused_and_nothing_else(text: str, zone: str) -> None:
    for read in (lambda: read_when(text, zone=zone), lambda: read_span(text, zone), lambda: read_duration(text)):
        fault = refused(read)
        assert fault is None or (fault.what and fault.instead)


@settings(max_examples=300, deadline=2000)
@given(hostile, zones)
def test_what_is_read_keeps_its_words_and_leaves_some_time(text: str, zone: str) -> None:
    if refused(lambda: read_when(text, zone=zone)):
        return
    when = read_when(text, zone=zone)
    assert when.text == text
    assert read_when(when.text, zone=zone) == when
    assert not when.own.empty
    for part in when.parts:
        assert not part.outer.empty
        assert part.reading
        assert part.inner is None or part.outer.covers(part.inner)


def test_the_last_day_of_the_axis_has_an_end() -> None:
    for zone in ZONES:
        for date in (dt.date.min, dt.date.max):
            assert not day_bound(date, zone).empty
