"""The views `days-since-last` and `days-since-first` as a case's users see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.when import DAY, HOUR, MINUTE
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ZONE = {"type": "case.opened", "id": "opened", "data": {"zone": "America/Los_Angeles", "title": "A case"}}
DEATH = {"id": "death", "type": "death", "when": "2023-10-28"}
MORE_THAN_A_WEEK = {"min_us": 7 * DAY + 1, "max_us": None}


@pytest.fixture
def asked(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], view: str = "days-since-last", type: str = "infusion", **params: Any) -> Answer:  # noqa: A002
        return ask(
            CaseTimeline.of("c", told(ZONE, DEATH, *lines)), view, {"type": type, "at": "death", **params}, EVERYBODY
        )

    return of


Asked = Callable[..., Answer]


def last_infusion(founding: CaseTimeline, *speakers: str) -> Answer:
    return ask(founding, "days-since-last", {"type": "infusion", "at": "death"}, Account(speakers=speakers))


def test_on_the_word_of_the_medical_examiner(founding: CaseTimeline) -> None:
    answer = last_infusion(founding, "medical examiner")
    assert (answer.values["exists"], answer.values["elapsed"]) == ("certain", MORE_THAN_A_WEEK)
    assert answer.values["whole_days"] == answer.values["calendar_days"] == {"min": 7, "max": None}
    assert answer.text == "more than 7 days"
    assert answer.in_fact == answer.values
    assert "last-infusion-is-last" in answer.rests_on.min


def test_with_the_examiners_report_and_with_the_newsletter(founding: CaseTimeline) -> None:
    report = last_infusion(founding, "medical examiner", "medical examiner's report")
    assert report.text == "9 to 12 days"
    newsletter = last_infusion(founding, "medical examiner", "trade newsletter")
    assert newsletter.values["elapsed"] == {"min_us": 7 * DAY + 1, "max_us": 7 * DAY + 16 * HOUR + MINUTE - 1}
    everybody = last_infusion(founding)
    assert everybody.text == "9 to 12 days; DISPUTED by trade newsletter (stated): 7 calendar days"
    assert everybody.set_aside == ("last-infusion-week",)
    assert "DISPUTED" in everybody.sentence


def test_without_a_claim_the_last_may_in_fact_be_later(asked: Asked) -> None:
    answer = asked({"id": "i", "type": "infusion", "when": "more than 7 days before @death"})
    assert answer.values["elapsed"] == MORE_THAN_A_WEEK
    assert answer.in_fact["elapsed"] == {"min_us": 0, "max_us": None}
    assert answer.text == "more than 7 days on record; not bounded by the record in fact"


def test_two_dates_have_three_rulers(asked: Asked) -> None:
    answer = asked({"id": "i", "type": "infusion", "when": "2023-10-20"})
    assert answer.values["elapsed"] == {"min_us": 7 * DAY + 1, "max_us": 9 * DAY - 1}
    assert (answer.values["whole_days"], answer.values["calendar_days"]) == ({"min": 7, "max": 8}, {"min": 8, "max": 8})
    assert "8 calendar days" in answer.sentence
    assert answer.tight


def test_where_the_clock_went_back_past_midnight_a_later_death_may_have_an_earlier_date(told: Told) -> None:
    zone = {"zone": "America/St_Johns"}
    lines = (
        {"id": "a", "type": "infusion", "when": "2005-10-30T00:00:30.000000-02:30", **zone},
        {"id": "d", "type": "death", "when": "2005-10-29T23:30:00.000000-03:30", **zone},
    )
    for view in ("days-since-last", "days-since-first"):
        answer = ask(CaseTimeline.of("c", told(*lines)), view, {"type": "infusion", "at": "d"})
        assert answer.values["calendar_days"]["min"] == -1


def test_none_on_record(asked: Asked) -> None:
    answer = asked({"id": "i", "type": "infusion", "when": "after @death"})
    assert answer.values == {"exists": "impossible", "elapsed": None, "whole_days": None, "calendar_days": None}
    assert (answer.text, answer.in_fact["exists"]) == ("none on record", "possible")


def test_only_one_that_may_be_after(asked: Asked) -> None:
    answer = asked({"id": "i", "type": "infusion", "when": "2023-10-28"})
    assert answer.values["exists"] == "possible"
    assert answer.values["calendar_days"] == {"min": 0, "max": 0}
    assert answer.text == (
        "none certainly; if there was one, less than 1 day on record; not bounded by the record in fact"
    )


def test_the_first(asked: Asked) -> None:
    lines = [{"id": f"i{day}", "type": "infusion", "when": f"2023-10-{day}"} for day in (18, 20)]
    answer = asked(*lines, view="days-since-first")
    assert (answer.values["calendar_days"], answer.values["whole_days"]) == (
        {"min": 10, "max": 10},
        {"min": 9, "max": 10},
    )
    assert answer.in_fact["elapsed"]["max_us"] is None
    every = {"id": "c", "type": "claim.complete", "when": "by @death", "data": {"of": "infusion"}}
    closed = asked(*lines, every, view="days-since-first")
    assert closed.in_fact["elapsed"] == closed.values["elapsed"] == answer.values["elapsed"], "none is unrecorded"


def test_an_event_of_several_counts_by_its_last(asked: Asked) -> None:
    answer = asked({"id": "i", "type": "infusion", "when": "2023-10-18/2023-10-20", "data": {"count": "at least 2"}})
    assert answer.values["calendar_days"] == {"min": 8, "max": 10}


def test_any_type_may_be_asked_for(asked: Asked) -> None:
    answer = asked({"id": "m", "type": "message", "when": "2023-10-27", "data": {"text": "hello"}}, type="message")
    assert answer.values["calendar_days"] == {"min": 1, "max": 1}
