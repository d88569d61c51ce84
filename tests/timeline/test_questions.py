"""REF and WINDOW, read against a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, HOUR, Bound
from timeline.asking.questions import End, read_count_statement, read_ref, read_statement, read_window
from timeline.case import CaseTimeline

Told = Callable[..., tuple[Any, ...]]
LINES: tuple[dict[str, Any], ...] = (
    {"id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}},
    {"id": "d", "type": "death", "when": "2023-11-05T16:00:00.000000"},
    {"id": "s", "type": "infusion", "when": "2023-10-28T10:00", "until": "2023-10-28T11:00"},
    {"id": "vague", "type": "found", "when": "2023-11"},
    {"id": "death", "type": "fact", "when": "2023", "data": {"text": "an id that is a type's name"}},
)


def end(node: str, offset: Bound) -> End:
    return End(node=node, offset=offset)


D = 1_699_228_800_000_000
NOVEMBER_1 = 1_698_822_000_000_000


@pytest.fixture
def case(told: Told) -> CaseTimeline:
    return CaseTimeline.of("c", told(*LINES))


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("d", "@d"),
        ("@d", "@d"),
        ("infusion", "@s"),
        ("@infusion", "@s"),
        ("s.end", "@s.end"),
        ("infusion.end", "@s.end"),
    ],
)
def test_a_reference(case: CaseTimeline, text: str, ref: str) -> None:
    assert str(read_ref(case, text)) == ref


@pytest.mark.parametrize("text", ["foo", "@death", "the last days"])
def test_what_has_no_date_is_told_the_forms_of_a_window(founding: CaseTimeline, text: str) -> None:
    with pytest.raises(Fault) as fault:
        read_window(founding, text)
    assert "4 days before @death" in fault.value.instead



def test_an_id_goes_before_a_type(case: CaseTimeline) -> None:
    assert read_ref(case, "death").id == "death"


@pytest.mark.parametrize(
    ("text", "ruler", "ends"),
    [
        ("4 days before @d", "96 hours", (end("d", Bound(-4 * DAY, -4 * DAY)), end("d", Bound(0, 0)))),
        (
            "within 90 minutes after d",
            "1 h 30 min",
            (end("d", Bound(0, 0)), end("d", Bound(90 * 60_000_000, 90 * 60_000_000))),
        ),
        ("2 hours after infusion", "2 hours", (end("s.end", Bound(0, 0)), end("s.end", Bound(2 * HOUR, 2 * HOUR)))),
        ("2 hours before @s", "2 hours", (end("s.start", Bound(-2 * HOUR, -2 * HOUR)), end("s.start", Bound(0, 0)))),
        ("2 hours before @s.end", "2 hours", (end("s.end", Bound(-2 * HOUR, -2 * HOUR)), end("s.end", Bound(0, 0)))),
        (
            "4 calendar days before @d",
            "4 calendar days",
            (end("", Bound(NOVEMBER_1, NOVEMBER_1)), end("d", Bound(0, 0))),
        ),
    ],
)
def test_a_window_up_to_an_event(case: CaseTimeline, text: str, ruler: str, ends: tuple[End, End]) -> None:
    window = read_window(case, text)
    assert window.ruler == ruler
    assert window.ends(case.hear(named=("d", "s"))) == ends


def test_calendar_days_from_an_unsure_date_reach_as_far_as_they_may(case: CaseTimeline) -> None:
    far, near = read_window(case, "1 calendar day before @vague").ends(case.hear())
    assert near == end("vague", Bound(0, 0))
    assert (far.node, far.offset) == ("vague", Bound(-2 * DAY - HOUR + 1, -DAY + HOUR))
    assert far.within == Bound(NOVEMBER_1 - DAY, NOVEMBER_1 + 28 * DAY + HOUR), "31 October to 29 November"


@pytest.mark.parametrize("side", ["before", "after"])
def test_calendar_days_beyond_the_years_there_are_say_only_how_far(case: CaseTimeline, side: str) -> None:
    least = 3_000_000 * DAY - HOUR
    reach = Bound(least, least + DAY + 2 * HOUR - 1)
    ends = read_window(case, f"3000000 calendar days {side} @d").ends(case.hear())
    assert end("d", reach.negate() if side == "before" else reach) in ends


def test_months_shift_the_event_and_clip_the_day(told: Told) -> None:
    death = {"id": "d", "type": "death", "when": "2024-03-31T12:00:00.000000Z"}
    case = CaseTimeline.of("c", told(death, {"id": "u", "type": "found"}, zone="UTC"))
    window = read_window(case, "1 month before @d")
    assert window.ruler == "1 month"
    clipped = D + 116 * DAY - 12 * HOUR
    assert window.ends(case.hear()) == (end("", Bound(clipped, clipped)), end("d", Bound(0, 0)))
    far, _ = read_window(case, "1 year 1 month before @u").ends(case.hear())
    assert far == end("u", Bound(-13 * 31 * DAY, -13 * 28 * DAY))
    _, after = read_window(case, "1 month after @u").ends(case.hear())
    assert after == end("u", Bound(28 * DAY, 31 * DAY))


def test_a_window_of_dates_is_closed_on_both_days(case: CaseTimeline) -> None:
    start, end = read_window(case, "2023-11-01/2023-11-05").bounds(case.hear())
    assert start == Bound(NOVEMBER_1, NOVEMBER_1)
    assert end == Bound(NOVEMBER_1 + 5 * DAY + HOUR - 1, NOVEMBER_1 + 5 * DAY + HOUR - 1)


def test_the_ends_of_a_window_are_bounded_by_the_network(case: CaseTimeline) -> None:
    assert read_window(case, "4 days before @d").bounds(case.hear()) == (Bound(D - 4 * DAY, D - 4 * DAY), Bound(D, D))


@pytest.mark.parametrize(
    "text",
    ["1 month 3 days before d", "circa 2023", "../2023", "1 calendar day 2 hours before d", "soon", "1 day before x"],
)
def test_a_window_that_is_none(case: CaseTimeline, text: str) -> None:
    with pytest.raises(Fault) as fault:
        read_window(case, text)
    assert fault.value.instead


def test_how_many_there_were_on_a_date() -> None:
    read = read_count_statement("no infusion on 2023-10-28")
    assert read is not None
    assert (read.count, read.type, read.window) == (Bound(0, 0), "infusion", "2023-10-28")


@pytest.mark.parametrize("text", ["no ketamine infusion within 7 days before @d", "3 infusions", "2 injection"])
def test_a_number_without_a_type_or_a_window_says_how_to_write_it(case: CaseTimeline, text: str) -> None:
    assert read_count_statement(text) is None
    with pytest.raises(Fault) as fault:
        read_statement(case, text)
    assert "no infusion within 7 days before @death" in fault.value.instead
