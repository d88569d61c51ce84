"""The ten worked rows of SEMANTICS 10, each as a case's users write and ask it."""

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
Line = dict[str, Any]
Asked = Callable[..., Answer]
ZONE: Line = {"type": "case.opened", "id": "opened", "data": {"zone": "America/Los_Angeles", "title": "A case"}}
EXAMINER = {"speaker": "medical examiner", "standing": "found"}
DEATH: Line = {"id": "death", "type": "death", "when": "2023-10-28T16:17", "source": EXAMINER}


@pytest.fixture
def asked(told: Told) -> Asked:
    def of(*lines: Line, view: str, account: Account = EVERYBODY, **params: Any) -> Answer:
        timeline = CaseTimeline.of("c", told(ZONE, *lines))
        return ask(timeline, view, {key.replace("_", "-"): value for key, value in params.items()}, account)

    return of


def last_infusion(id_: str, when: str, source: Line) -> Line:
    return {
        "id": id_, "type": "claim.last", "when": when, "source": source, "data": {"of": "infusion", "before": "death"}
    }  # fmt: skip


EXAMINERS = last_infusion("examiner", "more than 7 days before @death", EXAMINER)
NEWSLETTER = last_infusion("newsletter", "7 days before @death", {"speaker": "newsletter", "standing": "stated"})
REPORT = last_infusion(
    "report", "about 252 hours before @death ± 36 hours", {"speaker": "medical examiner's report", "standing": "found"}
)


def since(asked: Asked, *lines: Line) -> Answer:
    return asked(DEATH, *lines, view="days-since-last", type="infusion", at="death")


def count(asked: Asked, *lines: Line, window: str = "4 days before @death", **params: Any) -> Line:
    answer = asked(*lines, view="dose-total", window=window, **params)
    bounds: Line = answer.values["administrations"]
    return bounds


def test_1_the_last_infusion_on_the_examiners_word(asked: Asked) -> None:
    answer = since(asked, EXAMINERS)
    assert answer.values["elapsed"] == {"min_us": 7 * DAY + 1, "max_us": None}
    assert (answer.values["exists"], answer.text) == ("certain", "more than 7 days")
    assert answer.in_fact == answer.values


def test_2_a_week_ago_agrees_by_a_few_hours(asked: Asked) -> None:
    answer = since(asked, EXAMINERS, NEWSLETTER)
    most = 7 * DAY + 16 * HOUR + 18 * MINUTE - 1
    assert answer.values["elapsed"] == {"min_us": 7 * DAY + 1, "max_us": most}
    assert answer.set_aside == ()


def test_3_one_and_a_half_weeks_contradicts_a_week_ago(asked: Asked) -> None:
    answer = since(asked, REPORT, NEWSLETTER)
    assert answer.values["elapsed"] == {"min_us": 9 * DAY, "max_us": 12 * DAY}
    assert (answer.set_aside, answer.text[:12]) == (("newsletter",), "9 to 12 days")


SHOTS: Line = {
    "id": "shots",
    "type": "injection",
    "when": "within 4 days before @death",
    "data": {"count": "at least 27"},
    "source": {"speaker": "prosecutors", "standing": "alleged", "document": "a"},
}
SINGLES: list[Line] = [
    {
        "id": f"shot-{hour}",
        "type": "injection",
        "when": f"2023-10-28T{hour}:00",
        "source": {"speaker": "assistant", "standing": "admitted", "document": "plea"},
    }
    for hour in ("08", "12", "13")
]


def test_4_dated_shots_may_be_among_the_27(asked: Asked) -> None:
    assert count(asked, DEATH, SHOTS, *SINGLES) == {"min": 27, "max": None}


def test_5_on_what_is_admitted(asked: Asked) -> None:
    admitted = Account(standings=("admitted",))
    answer = asked(DEATH, SHOTS, *SINGLES, view="dose-total", window="4 days before @death", account=admitted)
    assert answer.values["administrations"] == {"min": 3, "max": 3}
    assert answer.in_fact["administrations"] == {"min": 3, "max": None}
    assert "@death dated on the word of medical examiner (found)" in answer.assumes


def total(id_: str, count_: str, when: str = "within 4 days before @death", **known: str) -> Line:
    return {"id": id_, "type": "claim.total", "when": when, "data": {"of": "injection", "count": count_, **known}}


def test_6_givers_declared_distinct_add(asked: Asked) -> None:
    claims = [
        total("any", "at least 27"),
        total("assistant", "at least 27", given_by="assistant"),
        total("b", "at least 5", given_by="physician B"),
    ]
    distinct: Line = {"id": "two", "type": "claim.distinct", "data": {"names": ["Assistant", "physician b"]}}
    assert count(asked, DEATH, *claims, distinct) == {"min": 32, "max": None}
    assert count(asked, DEATH, *claims) == {"min": 27, "max": None}


def test_6_periods_of_one_giver_add_before_the_givers_do(asked: Asked) -> None:
    claims = [
        total("assistant", "at least 27", given_by="assistant"),
        total("b-1", "at least 5", "2023-10-25", given_by="physician B"),
        total("b-2", "at least 4", "2023-10-26", given_by="physician B"),
    ]
    distinct: Line = {"id": "two", "type": "claim.distinct", "data": {"names": ["assistant", "physician B"]}}
    assert count(asked, DEATH, *claims, distinct) == {"min": 36, "max": None}
    assert count(asked, DEATH, *claims) == {"min": 27, "max": None}


def test_7_two_exact_totals_that_overlap(asked: Asked) -> None:
    claims = [
        total("p", "5", "2023-10-01T00:00Z/2023-10-04T23:59Z"),
        total("q", "4", "2023-10-04T00:00Z/2023-10-07T23:59Z"),
    ]
    window = "2023-10-01T00:00Z/2023-10-07T23:59Z"
    assert count(asked, *claims, window=window, type="injection") == {"min": 5, "max": 9}


def test_8_two_records_of_what_may_be_one(asked: Asked) -> None:
    rows = [
        {"id": who, "type": "infusion", "when": "2023-10-27", "source": {"speaker": who}}
        for who in ("clinic", "police")
    ]
    answer = asked(DEATH, *rows, view="dose-total", window="4 days before @death")
    assert answer.values["administrations"] == {"min": 1, "max": 2}
    assert "may be one: clinic, police" in answer.assumes


def test_9_a_shared_anchor_cancels(asked: Asked) -> None:
    lines: list[Line] = [
        {"id": "d", "type": "death", "when": "2023-04-01T00:00:00Z/2023-04-10T23:59:59Z"},
        {"id": "a", "type": "fact", "when": "between 24 hours and 48 hours before @d", "data": {"text": "a"}},
        {"id": "b", "type": "fact", "when": "between 72 hours and 96 hours before @d", "data": {"text": "b"}},
    ]
    answer = asked(*lines, view="elapsed", a="b", b="a")
    assert answer.values["elapsed"] == {"min_us": DAY, "max_us": 3 * DAY}
    assert asked(*lines, view="holds", statement="@b before @a").values["truth"] == "certain"


def test_10_two_that_are_tied_are_never_both_inside(asked: Asked) -> None:
    lines: list[Line] = [
        {"id": "x", "type": "infusion", "when": "2023-04-01T00:00:00Z/2023-04-11T00:00:00Z"},
        {"id": "y", "type": "infusion", "when": "exactly 120 hours after @x"},
    ]
    window = "2023-04-05T00:00:01Z/2023-04-09T00:00:00Z"
    assert count(asked, *lines, window=window) == {"min": 0, "max": 1}
