"""The time between two events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, HOUR, MINUTE, SECOND
from timeline.answers import Answer, Rests
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
PACIFIC = {"id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}}


@pytest.fixture
def elapsed(told: Told) -> Callable[..., Answer]:
    def of(a: str, b: str, *lines: dict[str, Any], account: Account | None = None) -> Answer:
        return ask(CaseTimeline.of("c", told(PACIFIC, *lines)), "elapsed", {"a": a, "b": b}, account or Account())

    return of


Elapsed = Callable[..., Answer]


def values(low: int | None, high: int | None, whole: tuple[Any, Any], dates: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "elapsed": {"min_us": low, "max_us": high},
        "whole_days": {"min": whole[0], "max": whole[1]},
        "calendar_days": {"min": dates[0], "max": dates[1]},
    }


def test_from_the_second_shot_to_the_finding(elapsed: Elapsed) -> None:
    shot = {
        "id": "shot-2",
        "type": "injection",
        "when": "2023-10-28T12:45",
        "source": {"speaker": "assistant", "via": "RS"},
    }
    found = {
        "id": "found",
        "type": "found",
        "when": "2023-10-28T16:00",
        "source": {"speaker": "examiner", "standing": "found"},
    }
    answer = elapsed("shot-2", "found", shot, found)
    assert answer.text == "3 h 14 min to 3 h 16 min"
    assert answer.values == values(3 * HOUR + 14 * MINUTE + 1, 3 * HOUR + 16 * MINUTE - 1, (0, 0), (0, 0))
    assert answer.in_fact == answer.values
    assert answer.tight
    assert answer.rests_on == Rests(min=("found", "shot-2"), max=("found", "shot-2"))
    assert answer.question == "elapsed shot-2 found"
    assert answer.sentence == (
        "From @shot-2 (28 October 2023 12:45) to @found (28 October 2023 16:00), America/Los_Angeles: "
        "3 h 14 min to 3 h 16 min. "
        "On the word of examiner (found) and assistant, as reported by RS (no standing given)."
    )


def test_two_dates_and_the_three_rulers(elapsed: Elapsed) -> None:
    answer = elapsed(
        "infusion", "@death",
        {"id": "i", "type": "infusion", "when": "2023-10-20"}, {"id": "d", "type": "death", "when": "2023-10-28"},
    )  # fmt: skip
    assert answer.values == values(7 * DAY + 1, 9 * DAY - 1, (7, 8), (8, 8))
    rulers = "8 calendar days (20 to 28 October); 7 or 8 full 24-hour days; 9 counting the first day as day 1"
    assert rulers in answer.sentence


def test_more_than_a_week(elapsed: Elapsed) -> None:
    answer = elapsed(
        "i", "d",
        {"id": "i", "type": "infusion", "when": "more than 7 days before @d"},
        {"id": "d", "type": "death", "when": "2023-10-28T16:17"},
    )  # fmt: skip
    assert answer.text == "more than 7 days"
    assert answer.values == values(604_800_000_001, None, (7, None), (7, None))


@pytest.mark.parametrize(
    ("day", "after", "hours", "whole"),
    [("2023-11-05", "2023-11-06", 25, 1), ("2024-03-10", "2024-03-11", 23, 0)],
)
def test_across_a_clock_change(elapsed: Elapsed, day: str, after: str, hours: int, whole: int) -> None:
    a, b = ({"id": one, "type": "death", "when": f"{date}T00:00:00.000000"} for one, date in (("a", day), ("b", after)))
    assert elapsed("a", "b", a, b).values == values(hours * HOUR, hours * HOUR, (whole, whole), (1, 1))


def test_no_date_goes_backwards_while_time_goes_on(elapsed: Elapsed) -> None:
    near = {"id": "n", "type": "infusion", "when": "within 1 month before @d"}
    death = {"id": "d", "type": "death"}
    assert elapsed("n", "d", near, death).values["calendar_days"] == {"min": 0, "max": 32}
    assert elapsed("d", "n.first", near, death).values["calendar_days"] == {"min": -32, "max": 0}


def test_where_the_clock_went_back_past_midnight_a_later_instant_may_have_an_earlier_date(elapsed: Elapsed) -> None:
    zone = {"zone": "America/St_Johns"}
    dose = {"id": "a", "type": "infusion", "when": "2005-10-30T00:00:30.000000-02:30", **zone}
    death = {"id": "d", "type": "death", "when": "2005-10-29T23:30:00.000000-03:30", **zone}
    answer = elapsed("a", "d", dose, death).values
    assert answer["elapsed"]["min_us"] == 29 * MINUTE + 30 * SECOND
    assert answer["calendar_days"]["min"] == -1
    near = {"id": "n", "type": "infusion", "when": "within 1 month before @d"}
    assert elapsed("n", "d", near, {"id": "d", "type": "death", **zone}).values["calendar_days"]["min"] == -1


def test_it_may_be_negative(elapsed: Elapsed) -> None:
    a = {"id": "a", "type": "death", "when": "2023-10-28T00:00:00.000000"}
    answer = elapsed("b", "a", a, {"id": "b", "type": "fact", "when": "36 hours after @a", "data": {"text": "x"}})
    assert answer.values == values(-36 * HOUR, -36 * HOUR, (-1, -1), (-1, -1))
    assert answer.text == "1 d 12 h earlier"


def test_a_span_counts_from_its_end_and_to_its_start_and_says_so(elapsed: Elapsed) -> None:
    span = {"id": "s", "type": "infusion", "when": "2023-10-28T10:00:00.000000", "until": "2023-10-28T11:00:00.000000"}
    late = {"id": "x", "type": "death", "when": "2023-10-28T12:00:00.000000"}
    answer = elapsed("s", "x", span, late)
    assert answer.text == "1 h"
    assert answer.assumes == ("counted from @s.end to @x",)
    assert elapsed("x", "s", span, late).text == "2 h earlier"
    assert elapsed("s.start", "x", span, late).text == "2 h"


def test_several_count_from_their_last(elapsed: Elapsed) -> None:
    shots = {"id": "shots", "type": "injection", "when": "within 1 day before @d", "data": {"count": "at least 3"}}
    death = {"id": "d", "type": "death", "when": "2023-10-28T12:00:00.000000"}
    answer = elapsed("shots", "d", shots, death)
    assert (answer.text, answer.assumes) == ("at most 1 day", ("counted from @shots.last to @d",))


def test_without_a_zone_days_are_counted_in_utc_and_said_so(told: Told) -> None:
    events = told(
        {"id": "a", "type": "death", "when": "2023-10-28T16:00Z"},
        {"id": "b", "type": "found", "when": "2023-10-29T16:00Z"},
    )
    answer = ask(CaseTimeline.of("c", events), "elapsed", {"a": "a", "b": "b"})
    assert "calendar days are counted in UTC: neither @b nor the case has a zone" in answer.assumes


def test_nothing_known_is_open_and_named(elapsed: Elapsed) -> None:
    answer = elapsed("a", "b", {"id": "a", "type": "death", "when": "2023"}, {"id": "b", "type": "found"})
    assert answer.values == values(None, None, (None, None), (None, None))
    assert answer.text == "not bounded by the record"
    assert answer.undated == ("b",)
    assert answer.sentence.endswith("Undated: @b.")


def test_on_the_word_of_one_the_ends_are_anchors(elapsed: Elapsed) -> None:
    answer = elapsed(
        "a", "d",
        {"id": "a", "type": "injection", "when": "2023-10-28T10:00", "source": {"speaker": "assistant"}},
        {"id": "d", "type": "death", "when": "2023-10-28", "source": {"speaker": "examiner", "standing": "found"}},
        account=Account(speakers=("assistant",)),
    )  # fmt: skip
    assert answer.assumes == ("@d dated on the word of examiner (found)",)
    assert answer.sentence.endswith("Asked on the word of assistant; the rest is left out.")


@pytest.mark.parametrize(
    ("a", "said"),
    [
        ("injection", "could be any of 2 events of the case; write one of them: @shot-1 or @shot-2"),
        ("infusion", "the case has no infusion; write the id of an event, see `casefold log`"),
        ("@shot_1", "'shot_1' is no event of case 'c'; did you mean 'shot-1'?"),
    ],
)
def test_a_reference_that_is_none(elapsed: Elapsed, a: str, said: str) -> None:
    shots = ({"id": f"shot-{n}", "type": "injection", "when": "2023"} for n in (1, 2))
    with pytest.raises(Fault) as fault:
        elapsed(a, "shot-1", *shots)
    assert said in str(fault.value)
