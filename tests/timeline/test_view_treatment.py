"""The view `treatment`: sessions and doses by regimen, what was tried, ran beside, and came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.when import DAY, HOUR, MINUTE
from tests.timeline.documented import documented, keys
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
CLINIC = {"speaker": "clinic", "standing": "documented"}


def event(kind: str, id_: str, when: str = "", source: dict[str, str] = CLINIC, **data: Any) -> dict[str, Any]:
    until = {"until": data.pop("until")} if "until" in data else {}
    return {"id": id_, "type": kind, **({"when": when} if when else {}), **until, "data": data, "source": source}


ZONE = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}
COURSE = (
    event("infusion", "s1", "2023-01-09T10:00", substance="ketamine", amount="35 mg", weight="70 kg",
          duration="40 minutes", regimen="induction", route="intravenous"),
    event("infusion", "s2", "2023-01-12T10:00", substance="ketamine", amount="0.5 mg/kg", regimen="induction"),
    event("infusion", "s3", "2023-01-16T10:00", substance="ketamine", regimen="Induction"),
    event("nasal_spray", "own", "2023-01-14", substance="ketamine", amount="50 mg", regimen="none"),
)  # fmt: skip


@pytest.fixture
def asked(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], account: Account | None = None, **params: str) -> Answer:
        timeline = CaseTimeline.of("c", told(ZONE, *lines))
        return ask(timeline, "treatment", {"substance": "ketamine", **params}, account or Account())

    return of


Asked = Callable[..., Answer]


def test_the_founding_case(founding: CaseTimeline) -> None:
    answer = ask(founding, "treatment", {"substance": "ketamine"})
    infusions, injections = answer.values["groups"]
    assert (infusions["type"], infusions["count"]) == ("infusion", {"min": 2, "max": None})
    assert infusions["stands"] == "not stated"
    assert (injections["type"], injections["count"]) == ("injection", {"min": 27, "max": None})
    assert infusions["amounts"] == []
    assert infusions["amount_not_stated"] == ["last-infusion", "therapy"]
    assert infusions["last"]["max"] < "2023-10-20"
    assert answer.values["tried"] == {"count": {"min": 0, "max": 0}}
    assert answer.in_fact["tried"] == {"count": {"min": 0, "max": None}}
    (said,) = answer.values["said"]
    assert "minimum of seven" in said["text"]
    assert said["source"].startswith("clinicians")
    assert answer.text.startswith("ketamine infusion: at least 2; ketamine injection: at least 27")


def test_on_the_examiners_word_there_is_one_infusion(founding: CaseTimeline) -> None:
    answer = ask(founding, "treatment", {"type": "infusion"}, Account(speakers=("medical examiner",)))
    (infusions,) = answer.values["groups"]
    assert infusions["count"]["min"] == 1
    assert answer.in_fact["groups"][0]["count"]["max"] is None


def test_doses_outside_the_regimen_stand_apart(asked: Asked) -> None:
    groups = {(row["type"], row["stands"]): row for row in asked(*COURSE).values["groups"]}
    assert set(groups) == {("infusion", "within"), ("nasal_spray", "outside")}
    assert groups["nasal_spray", "outside"]["count"] == {"min": 1, "max": 1}
    later = event("infusion", "m", "2023-06-01", substance="ketamine", regimen="maintenance")
    rows = asked(*COURSE, later, regimen="INDUCTION").values["groups"]
    assert [(row["regimen"], row["stands"], row["count"]["min"]) for row in rows] == [
        ("induction", "within", 3),
        ("maintenance", "outside", 1),
        ("none", "outside", 1),
    ]


def test_the_same_regimen_written_in_two_ways_is_one(asked: Asked) -> None:
    (row,) = [row for row in asked(*COURSE).values["groups"] if row["type"] == "infusion"]
    assert row["count"] == {"min": 3, "max": 3}


def test_dose_for_weight_intervals_and_what_nobody_states(asked: Asked) -> None:
    (row,) = [row for row in asked(*COURSE).values["groups"] if row["type"] == "infusion"]
    assert row["for_weight"] == {"unit": "mg/kg", "min": "0.5", "max": "0.5"}
    assert [tuple(each.values()) for each in row["amounts"]] == [("mg", "35", "35"), ("mg/kg", "0.5", "0.5")]
    assert row["amount_not_stated"] == ["s3"]
    first, second = row["intervals"]
    assert (first["from"], first["to"], second["to"]) == ("s1", "s2", "s3")
    assert first["elapsed"] == {"min_us": 3 * DAY - MINUTE + 1, "max_us": 3 * DAY + MINUTE - 1}
    assert row["routes"] == ["intravenous"]


def test_sessions_whose_order_is_open_have_no_intervals(asked: Asked) -> None:
    answer = asked(*COURSE[:2], event("infusion", "s3", "2023-01", substance="ketamine", regimen="induction"))
    assert answer.values["groups"][0]["intervals"] == []


def test_a_minimum_of_seven_is_a_bound(asked: Asked) -> None:
    seven = event("claim.total", "seven", "before 2023-01-09", of="trial", count="at least 7")
    one = event("trial", "t1", "2022", medication="sertraline", outcome="no response")
    answer = asked(*COURSE, seven, one)
    assert answer.values["tried"] == {"count": {"min": 7, "max": None}}
    assert "medications tried before: at least 7" in answer.text
    assert "seven" in answer.rests_on.min
    (row,) = answer.values["medications"]
    assert (row["medication"], row["outcome"], row["before_treatment"]) == ("sertraline", "no response", "certain")


@pytest.mark.parametrize(
    ("when", "truth", "count"),
    [("2023-02", "impossible", (0, 0)), ("2023-01-09", "possible", (0, 1)), ("", "possible", (0, 1))],
)
def test_only_what_was_tried_before_is_counted(asked: Asked, when: str, truth: str, count: tuple[int, int]) -> None:
    answer = asked(*COURSE, event("trial", "t", when, medication="lithium"))
    assert answer.values["medications"][0]["before_treatment"] == truth
    assert tuple(answer.values["tried"]["count"].values()) == count


def test_the_first_session_may_stand_anywhere_in_the_log(asked: Asked) -> None:
    days = ("2023-03-09", "2023-03-05", "2 hours after @anchor", "2023-03-07")
    sessions = [event("infusion", f"s{n}", when, substance="ketamine") for n, when in enumerate(days)]
    trials = [event("trial", f"t{day}", f"2023-03-0{day}", medication="lithium") for day in (1, 4, 6, 8)]
    answer = asked(event("message", "anchor", "2023-03-02"), *sessions, *trials)
    assert answer.values["tried"] == {"count": {"min": 1, "max": 1}}
    assert "anchor" in answer.rests_on.min, "what dates the first session is named"
    assert "s0" in answer.rests_on.min


@pytest.mark.parametrize(
    ("course", "truth"),
    [
        ((event("prescription", "rx", "2022-12-01", until="2023-01-10", substance="buprenorphine"),), "certain"),
        ((event("prescription", "rx", "2022-12-01", substance="buprenorphine"),), "possible"),
        ((event("prescription", "rx", "2022-12-01", substance="buprenorphine"),
          event("stopped", "stop", "2023-01-11", substance="Buprenorphine")), "certain"),
        ((event("prescription", "rx", "2022-12-01", substance="buprenorphine"),
          event("stopped", "stop", "2023-01-01", substance="buprenorphine")), ""),
        ((event("prescription", "rx", "2023-02-01", until="2023-02-10", substance="buprenorphine"),), ""),
        ((event("oral_dose", "rx", "2023-01-13", substance="buprenorphine"),), "certain"),
        ((event("oral_dose", "rx", "2023-01", substance="buprenorphine"),), "possible"),
    ],
)  # fmt: skip
def test_what_ran_beside_it(asked: Asked, course: tuple[dict[str, Any], ...], truth: str) -> None:
    rows = asked(*COURSE, *course).values["concurrent"]
    assert [row["truth"] for row in rows] == ([truth] if truth else [])


def test_what_ran_at_an_instant(asked: Asked) -> None:
    rx = event("prescription", "rx", "2022-12-01", until="2023-01-10", substance="buprenorphine")
    assert [row["id"] for row in asked(*COURSE, rx, at="s1").values["concurrent"]] == ["rx"]
    later = asked(*COURSE, rx, at="s3")
    assert later.values["concurrent"] == []
    assert later.values["groups"][0]["count"] == {"min": 3, "max": 3}
    assert asked(*COURSE, rx, at="s2").values["groups"][0]["count"] == {"min": 2, "max": 2}


def test_scores_with_their_change_since_the_first(asked: Asked) -> None:
    before = event("assessment", "a0", "2023-01-08", scale="MADRS", score="34")
    after = event("assessment", "a1", "2023-01-17", scale="madrs", score="10 to 12")
    first, second = asked(*COURSE, before, after).values["scores"]
    assert (first["change"], second["since"], second["change"]) == (None, "a0", {"min": "-24", "max": "-22"})
    assert first["from_first"]["exists"] == "impossible"
    week = {"min_us": 7 * DAY + 14 * HOUR - MINUTE + 1, "max_us": 8 * DAY + 14 * HOUR - 1}
    assert second["from_first"]["elapsed"] == week
    undated = event("assessment", "a2", "", scale="MADRS", score="20")
    assert [row["change"] for row in asked(*COURSE, before, undated).values["scores"]] == [None, None]


def test_response_and_relapse_with_the_time_to_each(asked: Asked) -> None:
    responded = event("response", "r1", "2023-01-13T10:00", of="responded")
    relapse = event("response", "r2", "2023-03-01T10:00", of="relapse")
    one, two = asked(*COURSE, responded, relapse).values["responses"]
    assert (one["of"], one["since_response"]) == ("responded", None)
    assert one["from_last"]["elapsed"] == {"min_us": DAY - MINUTE + 1, "max_us": DAY + MINUTE - 1}
    assert one["from_last"]["calendar_days"] == {"min": 1, "max": 1}
    assert two["since_response"]["id"] == "r1"
    assert two["from_first"]["whole_days"] == {"min": 50, "max": 51}
    assert "47" not in asked(*COURSE, relapse).values["responses"][0]["line"]


def test_adverse_effects_are_timed_from_the_doses(asked: Asked) -> None:
    nausea = event("adverse_effect", "n", "1 hour after @s1.end ± 5 minutes", effect="nausea", severity="mild")
    (row,) = asked(*COURSE, nausea).values["adverse_effects"]
    assert (row["effect"], row["severity"]) == ("nausea", "mild")
    assert row["from_last"]["elapsed"] == {"min_us": 95 * MINUTE, "max_us": 105 * MINUTE}


def test_doses_outside_the_regimen_start_no_clock(asked: Asked) -> None:
    relapse = event("response", "r", "2023-01-15T10:00", of="relapse")
    (row,) = asked(*COURSE[:2], COURSE[3], relapse).values["responses"]
    assert row["from_last"]["elapsed"] == {"min_us": 3 * DAY - MINUTE + 1, "max_us": 3 * DAY + MINUTE - 1}


def test_every_key_is_documented(asked: Asked, root: Path) -> None:
    answer = asked(
        *COURSE,
        event("trial", "t1", "2022", medication="sertraline"),
        event("prescription", "rx", "2022-12-01", until="2023-01-10", substance="buprenorphine"),
        event("assessment", "a0", "2023-01-08", scale="MADRS", score="34"),
        event("response", "r1", "2023-01-13", of="responded"),
        event("adverse_effect", "n", "2023-01-13", effect="nausea"),
        {**event("case.note", "note", "unknown", text="words"), "tags": ["treatment"]},
    )
    assert documented(root / "docs" / "views-treatment.md", "treatment") == keys(answer.values, "tried")


def test_a_claim_about_a_substance_may_tell_of_any_of_its_regimens(asked: Asked) -> None:
    maintenance = event("infusion", "m", "2023-06-01", substance="ketamine", regimen="maintenance")
    total = event("claim.total", "t", "2023", of="infusion", substance="ketamine", count="9")
    one, two = (row for row in asked(*COURSE[:3], maintenance, total).values["groups"])
    assert (one["count"], two["count"]) == ({"min": 3, "max": None}, {"min": 1, "max": None})
    assert one["first"]["min"] == "2023-01-01T00:00:00.000000Z"
    (alone,) = asked(*COURSE[:3], total).values["groups"]
    assert alone["count"] == {"min": 9, "max": 9}


def test_a_dose_of_no_stated_substance_may_be_of_any(asked: Asked) -> None:
    rows = asked(*COURSE[:2], event("infusion", "x", "2023-02-01")).values["groups"]
    assert [(row["substance"], row["count"]["min"]) for row in rows] == [(None, 1), ("ketamine", 2)]


def test_orders_are_no_sessions_unless_they_are_asked_for(asked: Asked) -> None:
    order = event("prescription", "rx", "2023-01-09", substance="ketamine", amount="35 mg")
    assert asked(order).values["groups"] == []
    (row,) = asked(order, type="prescription").values["groups"]
    assert (row["type"], row["counted"]) == ("prescription", "ordered")


def test_a_session_that_may_have_been_at_any_time_settles_nothing(asked: Asked) -> None:
    session = event("infusion", "s1", "2023-04-01", substance="ketamine")
    late = event("infusion", "s2", substance="ketamine")
    trial = event("trial", "t", "2023-03-01", medication="sertraline")
    other = event("oral_dose", "m", "2023-06-01", substance="midazolam")
    values = asked(session, late, trial, other).values
    assert values["tried"]["count"] == {"min": 0, "max": 1}, "the undated session may have come before the trial"
    assert values["medications"][0]["before_treatment"] == "possible"
    assert [row["truth"] for row in values["concurrent"]] == ["possible"], "or after the other substance"
    assert asked(session, trial, other).values["concurrent"] == []


def test_a_session_that_may_not_have_been_settles_nothing(asked: Asked) -> None:
    unsure = event("infusion", "s1", "2023-04-01", substance="ketamine", count="0 to 2")
    session = event("infusion", "s2", "2023-05-01", substance="ketamine")
    trial = event("trial", "t", "2023-04-15", medication="sertraline")
    other = event("oral_dose", "m", "2023-04-16", substance="midazolam")
    values = asked(unsure, session, trial, other).values
    assert values["tried"]["count"] == {"min": 0, "max": 1}
    assert values["medications"][0]["before_treatment"] == "possible"
    assert [row["truth"] for row in values["concurrent"]] == ["possible"]


def test_a_session_that_only_a_claim_tells_of_counts_for_what_ran_beside(asked: Asked) -> None:
    session, last = event("infusion", "s1", "2023-04-01", substance="ketamine"), event("death", "d", "2023-09-01")
    other = event("oral_dose", "m", "2023-06-01", substance="midazolam")
    claim = event("claim.last", "c", "within 30 days before @d", of="infusion", substance="ketamine", before="d")
    assert asked(session, last, other).values["concurrent"] == []
    assert [row["truth"] for row in asked(session, last, other, claim).values["concurrent"]] == ["possible"]


@pytest.mark.parametrize(("stop", "truth"), [("2023-01-20", "certain"), ("before 2023-01-15", "possible")])
def test_an_order_that_may_have_been_stopped_sooner_is_possible(asked: Asked, stop: str, truth: str) -> None:
    order = event("prescription", "rx", "2023-01-02", substance="lithium")
    stops = [event("stopped", f"st-{n}", when, substance="lithium") for n, when in enumerate(("2023-01-15", stop))]
    assert [row["truth"] for row in asked(*COURSE, order, *stops).values["concurrent"]] == [truth]


def test_in_fact_a_later_session_may_be_the_last_before_a_score(asked: Asked) -> None:
    score = event("assessment", "a", "2023-01-20", scale="PHQ-9", score="10")
    answer = asked(*COURSE, score)
    (record,), (fact,) = answer.values["scores"], answer.in_fact["scores"]
    assert record["from_last"]["calendar_days"] == {"min": 4, "max": 4}
    assert fact["from_last"]["calendar_days"] == {"min": 0, "max": 5}
    assert (fact["from_last"]["elapsed"]["min_us"], fact["from_first"]["elapsed"]["max_us"]) == (0, None)
