"""The view `gaps` as a case's users see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
OPENED = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}


@pytest.fixture
def asked(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], account: Account | None = None, **params: Any) -> Answer:
        given = {name.replace("_", "-"): value for name, value in params.items()}
        return ask(CaseTimeline.of("c", told(OPENED, *lines)), "gaps", given, account or Account())

    return of


Asked = Callable[..., Answer]


def seen(one: str, when: str, **more: Any) -> dict[str, Any]:
    return {"id": one, "type": "infusion", "when": when, **more}


THREE = (seen("a", "2023-01-01"), seen("b", "2023-01-04"), seen("c", "2023-03-01"))


def test_days_have_bounds_of_a_day_on_either_side(asked: Asked) -> None:
    answer = asked(*THREE)
    first, second = answer.values["gaps"]
    assert (first["truth"], first["after"], first["before"]) == ("certain", ["a"], ["b"])
    assert first["elapsed"] == {"min_us": 2 * DAY + 1, "max_us": 4 * DAY - 1}
    assert first["from"] == {"min": "2023-01-01T00:00:00.000000Z", "max": "2023-01-01T23:59:59.999999Z"}
    assert answer.values["largest"] == second["elapsed"] == {"min_us": 55 * DAY + 1, "max_us": 57 * DAY - 1}
    assert answer.tight
    assert set(answer.rests_on.both) == {"b", "c"}
    assert "largest gap more than 55 days, less than 57 days on record" in answer.sentence


def test_longer_than_is_strict_and_of_24_hours(asked: Asked) -> None:
    assert [one["after"] for one in asked(*THREE, longer_than="30 days").values["gaps"]] == [["b"]]
    (within,) = asked(*THREE[:2], longer_than="3 days").values["gaps"]
    assert (within["truth"], within["text"]) == ("possible", "possible, more than 2 days, less than 4 days")
    assert asked(*THREE, longer_than="57 days").values["gaps"] == []
    with pytest.raises(Fault, match="no length of a gap"):
        asked(*THREE, longer_than="2 months")


def test_only_events_of_a_type(asked: Asked) -> None:
    note = {"id": "n", "type": "message", "when": "2023-02-01", "data": {"text": "hello"}}
    assert len(asked(*THREE, note).values["gaps"]) == 3
    assert len(asked(*THREE, note, type=("infusion",)).values["gaps"]) == 2
    dose = {"id": "d", "type": "dose", "when": "2023-02-01"}
    third = asked(*THREE, dose, type=("infusion",)).values["gaps"][-1]
    assert (third["after"], third["truth"]) == (["d"], "possible")


def test_asked_again_or_otherwise_a_case_answers_as_if_asked_first(told: Told) -> None:
    note = {"id": "n", "type": "message", "when": "2023-02-01", "data": {"text": "hello"}}
    events = told(OPENED, *THREE, note)
    kept = CaseTimeline.of("c", events)
    asked: tuple[dict[str, Any], ...] = ({}, {"longer-than": "30 days"}, {"type": ("infusion",)})
    for params in (each for one in asked for each in (one, one, {})):
        answer = ask(kept, "gaps", params)
        assert answer == ask(CaseTimeline.of("c", events), "gaps", params)
        for gap in answer.values["gaps"]:  # what a caller does to an answer is no part of the next
            gap["after"].clear()
            gap["elapsed"].clear()


def test_in_fact_somebody_unrecorded_may_break_a_gap(asked: Asked) -> None:
    answer = asked(*THREE)
    assert answer.in_fact["largest"] == {"min_us": 0, "max_us": None}
    assert {one["truth"] for one in answer.in_fact["gaps"]} == {"possible"}


def test_a_complete_record_keeps_its_gaps_in_fact(asked: Asked) -> None:
    claim = {
        "id": "k", "type": "claim.complete", "data": {"of": "infusion", "from": "2023-01-03", "to": "2023-12-31"},
    }  # fmt: skip
    answer = asked(*THREE, claim, type=("infusion",))
    assert [one["truth"] for one in answer.in_fact["gaps"]] == ["possible", "certain"]
    assert answer.in_fact["largest"] == {"min_us": 55 * DAY + 1, "max_us": None}


def test_what_the_account_leaves_out_may_break_a_closed_gap(asked: Asked) -> None:
    claim = {
        "id": "k", "type": "claim.complete", "data": {"of": "infusion", "from": "2023-01-01", "to": "2023-12-31"},
        "source": {"speaker": "clinic"},
    }  # fmt: skip
    lines = [{**one, "source": {"speaker": "clinic"}} for one in THREE]
    other = seen("other", "2023-02-01", source={"speaker": "police"})
    alone = asked(*lines, other, claim, account=Account(speakers=("clinic",)), type=("infusion",))
    assert {one["truth"] for one in alone.in_fact["gaps"]} == {"possible"}


def test_a_claim_of_a_last_counts_by_its_instant_and_closes_what_follows(asked: Asked) -> None:
    death = {"id": "death", "type": "death", "when": "2023-10-28"}
    last = {"id": "last", "type": "claim.last", "when": "2023-10-20", "data": {"of": "infusion", "before": "death"}}
    answer = asked(death, last, seen("a", "2023-10-01"), type=("infusion",))
    (only,) = answer.values["gaps"]
    assert (only["after"], only["before"], answer.tight) == (["a"], ["last"], False)


def test_undated_events_are_named_and_nothing_is_tight(asked: Asked) -> None:
    answer = asked(*THREE, seen("u", "unknown"))
    assert (answer.undated, answer.tight) == (("u",), False)
    assert "an undated event may lie in any gap" in answer.assumes


def test_exactly_two_are_two_instants(asked: Asked) -> None:
    answer = asked(seen("t", "2023-01-01/2023-01-10", data={"count": "2"}), seen("x", "2023-02-01"))
    assert [(one["after"], one["before"]) for one in answer.values["gaps"]] == [(["t"], ["t"]), (["t"], ["x"])]


def test_one_event_has_no_gap(asked: Asked) -> None:
    answer = asked(THREE[0])
    assert (answer.values["largest"], answer.values["gaps"]) == (None, [])
    assert answer.text == "fewer than two dated events: no gap to speak of"


def test_the_founding_cases_trial_dates(founding: CaseTimeline) -> None:
    answer = ask(founding, "gaps", {"type": ("hearing",), "longer-than": "60 days"}, Account(speakers=("court",)))
    assert [(one["after"], one["before"]) for one in answer.values["gaps"]] == [
        (["trial-1"], ["trial-2"]),
        (["trial-2"], ["trial-3"]),
    ]
    shots = ask(founding, "gaps", {"type": ("injection",)}, Account(standings=("admitted",)))
    assert shots.text.startswith("largest gap 4 h 14 min to 4 h 16 min on record")
