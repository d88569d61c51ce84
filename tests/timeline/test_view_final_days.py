"""The view `final-days`: one answer that puts the time up to an event together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, HOUR, MINUTE
from tests.timeline.documented import documented, keys
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
FOUR: dict[str, Any] = {"window": "4 days before @death"}


def test_it_says_what_the_single_questions_say(founding: CaseTimeline) -> None:
    answer = ask(founding, "final-days", FOUR)
    doses = ask(founding, "dose-total", FOUR)
    assert answer.values["doses"]["administrations"] == doses.values["administrations"] == {"min": 27, "max": None}
    assert answer.values["doses"]["amounts"] == doses.values["amounts"]
    assert answer.values["window"] == doses.values["window"]
    last = {row["type"]: row for row in answer.values["last"]}
    for kind in ("infusion", "injection"):
        single = ask(founding, "days-since-last", {"type": kind, "at": "@death"})
        assert {name: last[kind][name] for name in single.values} == single.values
    assert last["infusion"]["elapsed"] == {"min_us": 9 * DAY, "max_us": 12 * DAY}
    assert "finding" not in last
    assert {*doses.rests_on.min, "last-infusion-report", "seen", "cause"} <= set(answer.rests_on.min)
    in_fact = {row["type"]: row["exists"] for row in answer.in_fact["last"]}
    assert (in_fact["infusion"], answer.in_fact["doses"]["administrations"]) == ("certain", {"min": 27, "max": None})


def test_a_claim_of_the_last_tells_of_one_whoever_else_is_silent(founding: CaseTimeline) -> None:
    report = Account(speakers=("medical examiner's report",))
    (last,) = ask(founding, "final-days", FOUR, report).values["last"]
    assert (last["type"], last["elapsed"]) == ("infusion", {"min_us": 9 * DAY, "max_us": 12 * DAY})


def test_last_seen_alive_within_and_after(founding: CaseTimeline) -> None:
    values = ask(founding, "final-days", FOUR).values
    (seen,) = values["last_seen_alive"]
    assert seen["before"]["max_us"] == 2 * HOUR + 41 * MINUTE - 1
    within = {row["id"]: row["truth"] for row in values["within"]}
    assert {one: within[one] for one in ("shots", "shots-five", "shot-3", "seen")} == {
        "shots": "certain", "shots-five": "possible", "shot-3": "certain", "seen": "certain",
    }  # fmt: skip
    assert "last-infusion" not in within
    after = {row["id"]: row["truth"] for row in values["after"]}
    assert (after["pronounced"], after["found"], after["cause"]) == ("certain", "certain", "possible")
    assert "trial-1" not in {**within, **after}
    first = next(row for row in values["words_of"] if "shots" in row["events"])
    assert (first["speaker"], first["via"], first["standing"]) == ("prosecutors", "BBC News", "alleged")


def test_a_shorter_window_and_another_anchor(founding: CaseTimeline) -> None:
    day = ask(founding, "final-days", {"window": "1 day before @death"})
    assert day.values["doses"]["administrations"] == {"min": 3, "max": None}
    assert {row["id"]: row["truth"] for row in day.values["within"]}["shots"] == "possible"
    report = ask(founding, "final-days", {"window": "60 days before @report"})
    assert {row["id"]: row["truth"] for row in report.values["within"]}["death"] == "certain"
    assert report.values["anchor"]["id"] == "report"


def test_the_only_death_is_meant_where_no_window_is_given(founding: CaseTimeline) -> None:
    assert ask(founding, "final-days", {}).values == ask(founding, "final-days", FOUR).values


def test_on_admissions(founding: CaseTimeline) -> None:
    answer = ask(founding, "final-days", FOUR, Account(standings=("admitted",)))
    assert answer.values["doses"]["administrations"] == {"min": 3, "max": 3}
    assert answer.in_fact["doses"]["administrations"] == {"min": 3, "max": None}
    assert answer.values["after"] == []
    assert {row["type"] for row in answer.values["last"]} == {"injection", "supply", "last_seen_alive"}
    assert "@death dated on the word of medical examiner (found)" in answer.assumes


def test_one_substance(founding: CaseTimeline) -> None:
    answer = ask(founding, "final-days", {**FOUR, "substance": "buprenorphine"})
    assert answer.values["doses"]["administrations"] == {"min": 0, "max": 0}
    last = {row["type"]: row["exists"] for row in answer.values["last"]}
    assert "injection" not in last
    assert last["infusion"] == "possible"  # the claims of the last infusion name no substance


def test_a_window_leads_up_to_an_event(founding: CaseTimeline) -> None:
    for window in ("2023-10-28", "4 days after @death"):
        with pytest.raises(Fault, match="leads up to no event"):
            ask(founding, "final-days", {"window": window})


def test_every_key_is_documented(founding: CaseTimeline, root: Path) -> None:
    values = ask(founding, "final-days", FOUR).values
    given = {key for key in keys(values, "anchor", "doses") if not key.startswith("window.")}
    assert documented(root / "docs" / "views-treatment.md", "final-days") == given
