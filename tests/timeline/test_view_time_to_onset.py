"""The view `time-to-onset`: from the doses to a reaction, on drug or not, after stopping, on new exposure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, HOUR, MINUTE
from tests.timeline.documented import documented, keys
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ZONE = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}


def event(kind: str, id_: str, when: str, **data: Any) -> dict[str, Any]:
    until = {"until": data.pop("until")} if "until" in data else {}
    return {"id": id_, "type": kind, "when": when, **until, "data": data, "source": {"speaker": "clinic"}}


def dose(id_: str, when: str, **data: Any) -> dict[str, Any]:
    return event("oral_dose", id_, when, substance="lithium", **data)


RASH = event("adverse_effect", "rash", "2023-01-12", effect="rash")
STOP = event("stopped", "stop", "2023-01-20", substance="Lithium")


@pytest.fixture
def onset(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], reaction: str = "rash", **params: Any) -> Answer:
        timeline = CaseTimeline.of("c", told(ZONE, *lines))
        given = {key.replace("_", "-"): value for key, value in params.items()}
        return ask(timeline, "time-to-onset", {"reaction": reaction, "substance": "lithium", **given}, Account())

    return of


Onset = Callable[..., Answer]


def test_from_the_first_and_the_last_dose(onset: Onset) -> None:
    values = onset(dose("a", "2023-01-02"), dose("b", "2023-01-10T08:00"), RASH).values
    assert values["from_first"]["elapsed"] == {"min_us": 9 * DAY + 1, "max_us": 11 * DAY - 1}
    assert values["from_first"]["calendar_days"] == {"min": 10, "max": 10}
    assert values["from_last"]["elapsed"] == {"min_us": DAY + 16 * HOUR - MINUTE + 1, "max_us": 2 * DAY + 16 * HOUR - 1}
    assert values["day_of_onset"] is None


def test_the_day_of_the_dose_is_day_one_on_request(onset: Onset) -> None:
    answer = onset(dose("a", "2023-01-02"), dose("b", "2023-01-12T08:00"), RASH, day_one=True)
    assert answer.values["day_of_onset"]["from_first"] == {"min": 11, "max": 11}
    assert answer.values["from_first"]["calendar_days"] == {"min": 10, "max": 10}
    assert "day 11, the day of the first dose being day 1" in answer.text
    same_day = onset(dose("a", "2023-01-12T08:00"), event("adverse_effect", "rash", "2023-01-12T09:00"), day_one=True)
    assert same_day.values["day_of_onset"]["from_last"] == {"min": 1, "max": 1}


def test_a_reaction_before_any_dose(onset: Onset) -> None:
    answer = onset(dose("a", "2023-02-01"), RASH, day_one=True)
    assert answer.values["from_first"] == {
        "exists": "impossible", "elapsed": None, "whole_days": None, "calendar_days": None,
    }  # fmt: skip
    assert answer.values["day_of_onset"] == {"from_first": None, "from_last": None}
    assert answer.values["on_drug"]["truth"] == "impossible"
    assert answer.in_fact["on_drug"]["truth"] == "possible"
    assert answer.in_fact["from_last"]["exists"] == "possible"
    assert answer.text == (
        "before any dose on record; on drug at onset: impossible on record, possible in fact"
    ), "where the record and the facts differ the words say both"


def test_other_substances_are_other_doses(onset: Onset) -> None:
    other = event("oral_dose", "x", "2023-01-11", substance="lamotrigine")
    assert onset(other, RASH).values["from_last"]["exists"] == "impossible"


@pytest.mark.parametrize(
    ("lines", "within", "truth"),
    [
        ((dose("a", "2023-01-02"),), "", "possible"),
        ((dose("a", "2023-01-11T12:00"),), "48 hours", "certain"),
        ((dose("a", "2023-01-02"),), "48 hours", "impossible"),
        ((dose("a", "2023-01-10"),), "48 hours", "possible"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01-16")), "", "certain"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01-16"), {**STOP, "when": "2023-01-05"}), "", "impossible"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01"), {**STOP, "when": "2023-01-05"}), "", "possible"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01-16"), {**STOP, "when": "2023-01-12"}), "", "possible"),
        ((dose("a", "2023-01-02"), {**STOP, "when": "2023-01-05"}), "", "impossible"),
        ((dose("a", "2023-01-02"), STOP), "", "possible"),
        ((dose("a", "2023-01-02", until="2023-01-13"),), "", "certain"),
        ((dose("a", "2023-01-02", until="2023-01-12"),), "1 hour", "possible"),
        ((dose("a", "2023-01-02"), {**STOP, "when": "2023-01-05"},
          event("restarted", "r", "2023-01-08", substance="lithium")), "", "possible"),
        ((dose("a", "2023-01-02"), {**STOP, "when": "2023-01-05"},
          event("restarted", "r", "unknown", substance="lithium")), "", "possible"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01-16"), {**STOP, "when": "unknown"}), "", "possible"),
        ((dose("a", "2023-01-02"), {**STOP, "when": "2023-01-05"},
          event("claim.total", "t", "2023-01", of="oral_dose", count="3")), "", "possible"),
    ],
)  # fmt: skip
def test_on_drug_at_onset(onset: Onset, lines: tuple[dict[str, Any], ...], within: str, truth: str) -> None:
    assert onset(*lines, RASH, within=within).values["on_drug"]["truth"] == truth


def test_an_order_is_no_dose(onset: Onset) -> None:
    order = event("prescription", "rx", "2023-01-02", until="2023-02-01", substance="lithium")
    assert onset(order, RASH).values["on_drug"]["truth"] == "impossible"
    answer = onset(order, RASH, type="prescription")
    assert (answer.values["on_drug"]["truth"], answer.values["from_first"]["exists"]) == ("possible", "certain")
    assert "after the first order" in answer.text


def test_after_stopping(onset: Onset) -> None:
    ended = {**RASH, "until": "2023-01-25"}
    (row,) = onset(dose("a", "2023-01-02"), STOP, ended).values["dechallenge"]
    assert (row["id"], row["outcome"]) == ("stop", "ended after")
    assert row["to_end"] == {"min_us": 4 * DAY + 1, "max_us": 6 * DAY - 1}
    (silent,) = onset(dose("a", "2023-01-02"), STOP, RASH).values["dechallenge"]
    assert (silent["outcome"], silent["to_end"]) == ("no end recorded", None)
    (before,) = onset(dose("a", "2023-01-02"), STOP, {**RASH, "until": "2023-01-15"}).values["dechallenge"]
    assert before["outcome"] == "ended before"
    (open_,) = onset(dose("a", "2023-01-02"), STOP, {**RASH, "until": "2023-01-20"}).values["dechallenge"]
    assert open_["outcome"] == "ended before or after"


def test_on_new_exposure(onset: Onset) -> None:
    again = event("adverse_effect", "rash-2", "2023-03-03", effect="Rash")
    other = event("adverse_effect", "nausea", "2023-03-02", effect="nausea")
    lines = (dose("a", "2023-01-02"), RASH, STOP, dose("b", "2023-03-01"), dose("c", "2023-03-05"), again, other)
    (row,) = onset(*lines).values["rechallenge"]
    assert (row["id"], row["after"], row["recurrence"]) == ("b", "stop", "rash-2")
    assert row["to_recurrence"] == {"min_us": DAY + 1, "max_us": 3 * DAY - 1}
    (silent,) = onset(*lines[:5]).values["rechallenge"]
    assert (silent["recurrence"], silent["line"][-11:]) == (None, "is recorded")
    assert onset(*lines[:3]).values["rechallenge"] == []
    assert onset(dose("b", "2023-03-01"), {**STOP, "when": "2023-01-05"}, RASH).values["rechallenge"] == []


def test_the_founding_case(founding: CaseTimeline) -> None:
    answer = ask(founding, "time-to-onset", {"reaction": "@death", "type": "infusion", "day-one": True})
    assert answer.values["from_last"]["elapsed"] == {"min_us": 9 * DAY, "max_us": 12 * DAY}
    assert answer.in_fact["from_last"] == answer.values["from_last"]
    assert answer.values["from_first"]["elapsed"] == {"min_us": 9 * DAY, "max_us": None}
    assert "last-infusion-report" in answer.rests_on.min
    assert answer.set_aside == ("last-infusion-week",)
    assert "what came after a dose is not said to have come from it" in answer.assumes


def test_a_reaction_that_is_not_there(onset: Onset) -> None:
    with pytest.raises(Fault, match="did you mean 'rash'"):
        onset(RASH, reaction="rahs")


def test_every_key_is_documented(onset: Onset, root: Path) -> None:
    again = event("adverse_effect", "rash-2", "2023-03-03", effect="rash")
    answer = onset(dose("a", "2023-01-02"), RASH, STOP, dose("b", "2023-03-01"), again)
    page = root / "docs" / "views-treatment.md"
    assert documented(page, "time-to-onset") == keys(answer.values, "from_first", "on_drug")


@pytest.mark.parametrize(
    ("lines", "truth"),
    [
        ((event("oral_dose", "a", "2023-01-02", until="2023-01-13"),), "possible"),
        ((event("oral_dose", "a", "2023-01-02"), event("oral_dose", "b", "2023-01-16")), "possible"),
        ((dose("a", "2023-01-02"), event("oral_dose", "b", "2023-01-16", substance="lamotrigine")), "possible"),
        ((dose("a", "2023-01-02"), dose("b", "2023-01-16")), "certain"),
    ],
)
def test_a_dose_of_no_known_substance_makes_nobody_certainly_on_it(
    onset: Onset, lines: tuple[dict[str, Any], ...], truth: str
) -> None:
    assert onset(*lines, RASH).values["on_drug"]["truth"] == truth


@pytest.mark.parametrize(
    ("stopped", "truth"), [("lithium", "possible"), ("lamotrigine", "possible"), ("", "impossible")]
)
def test_a_stop_of_one_substance_is_none_of_another(onset: Onset, stopped: str, truth: str) -> None:
    other = event("oral_dose", "b", "2023-01-03", substance="lamotrigine")
    stop = event("stopped", "st", "2023-01-05", **({"substance": stopped} if stopped else {}))
    assert onset(dose("a", "2023-01-02"), other, stop, RASH, substance="").values["on_drug"]["truth"] == truth


def test_in_fact_the_days_are_those_of_a_dose_that_nobody_recorded(onset: Onset) -> None:
    answer = onset(dose("a", "2023-01-02"), RASH, day_one=True)
    assert answer.values["from_last"]["calendar_days"] == {"min": 10, "max": 10}
    assert answer.in_fact["from_last"]["calendar_days"] == {"min": 0, "max": 11}
    assert answer.in_fact["from_first"]["calendar_days"]["max"] is None
    assert answer.in_fact["day_of_onset"]["from_last"] == {"min": 1, "max": 12}


def test_a_stop_before_the_onset_is_said_to_be_before_it(onset: Onset) -> None:
    (row,) = onset(dose("a", "2023-01-02"), {**STOP, "when": "2023-01-10"}, RASH).values["dechallenge"]
    assert row["line"].startswith("@stop: stopped more than 1 day, less than 3 days before the onset")
