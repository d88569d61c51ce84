"""The view `dose-total` as a case's users see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.answers import Answer, AsOf, answer_json
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ZONE = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC", "title": "A case"}}
DEATH = {"id": "death", "type": "death", "when": "2023-10-28T16:00Z"}


@pytest.fixture
def asked(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], account: Account = EVERYBODY, **params: Any) -> Answer:
        timeline = CaseTimeline.of("c", told(ZONE, DEATH, *lines))
        return ask(timeline, "dose-total", {key.replace("_", "-"): value for key, value in params.items()}, account)

    return of


Asked = Callable[..., Answer]


def test_the_shots_of_the_final_four_days(founding: CaseTimeline) -> None:
    answer = ask(founding, "dose-total", {"substance": "ketamine", "window": "4 days before @death"})
    assert answer.values["counted"] == "given"
    assert answer.values["administrations"] == {"min": 27, "max": None}
    assert answer.values["window"]["ruler"] == "96 hours"
    (amount,) = answer.values["amounts"]
    assert (amount["substance"], amount["unit"], amount["min"], amount["max"]) == ("ketamine", None, "0", None)
    assert amount["unknown"] == {"min": 27, "max": None}
    assert answer.text == "at least 27, amount unknown"
    assert answer.in_fact["administrations"] == {"min": 27, "max": None}
    assert "shots" in answer.rests_on.min
    assert "may be one: shots, shots-five" in answer.assumes
    assert not answer.tight
    assert "(alleged)" in answer.sentence


def test_on_admissions_three_on_record_and_at_least_three_in_fact(founding: CaseTimeline) -> None:
    answer = ask(founding, "dose-total", {"window": "4 days before @death"}, Account(standings=("admitted",)))
    assert answer.values["administrations"] == {"min": 3, "max": 3}
    assert answer.in_fact["administrations"] == {"min": 3, "max": None}
    assert answer.text == "3 on record, at least 3 in fact, amount unknown"
    assert "@death dated on the word of medical examiner (found)" in answer.assumes
    assert answer.tight


def test_of_an_exact_total_those_with_a_stated_amount_are_not_of_an_unknown_one(asked: Asked) -> None:
    total = {"of": "injection", "substance": "ketamine", "count": 3, "from": "2023-10-26", "to": "2023-10-27"}
    shot = {"id": "x", "type": "injection", "when": "2023-10-26", "data": {"substance": "ketamine", "amount": "5 mg"}}
    claim = {"id": "t", "type": "claim.total", "data": total}
    answer = asked(shot, claim, window="4 days before @death")
    assert [(one["unit"], one["unknown"]) for one in answer.values["amounts"]] == [("mg", {"min": 2, "max": 2})]


def test_a_substance_that_nothing_is_said_to_be_is_told_beside_the_answer(asked: Asked) -> None:
    shot = {"id": "x", "type": "injection", "when": "2023-10-26", "data": {"substance": "ketamine", "amount": "5 mg"}}
    said = "nothing on record is said to be 'ketamin'; did you mean 'ketamine'?"
    assert said in asked(shot, window="4 days before @death", substance="ketamin").assumes
    assert asked(shot, window="4 days before @death", substance="Ketamine").assumes == ()


def test_only_administrations_and_orders_are_counted(asked: Asked) -> None:
    with pytest.raises(Fault, match="'death' is no administration; write --type injection"):
        asked(window="4 days before @death", type="death")


def test_words_have_no_digit_of_a_rate_that_the_record_has_not(asked: Asked) -> None:
    drip = {"type": "infusion", "id": "i", "when": "2023-10-26", "until": "2023-10-28", "data": {"rate": "10 mL/h"}}
    whole = {"type": "claim.complete", "id": "c", "when": "2023-10", "data": {"of": "dose"}}
    answer = asked(drip, whole, window="2023-10")
    (amount,) = answer.values["amounts"]
    assert (amount["min"], amount["max"]) == ("240.000000002", "719.999999998")
    assert answer.text == "1, 240 to 720 mL"


def test_a_shorter_window_falls_to_three(founding: CaseTimeline) -> None:
    answer = ask(founding, "dose-total", {"window": "4 days before @death", "sweep": True})
    counts = [step["administrations"]["min"] for step in answer.values["sweep"]]
    assert counts == [3, 3, 3, 27, 27, 27, 27]
    assert [step["administrations"]["min"] for step in answer.in_fact["sweep"]] == counts


def test_the_answer_is_json_as_the_design_has_it(founding: CaseTimeline) -> None:
    answer = ask(founding, "dose-total", {"window": "4 days before @death"})
    read = json.loads(json.dumps(answer_json(answer, as_of=AsOf())))
    assert set(read["window"]) == {"from", "to", "ruler"}
    assert set(read["amounts"][0]) == {"substance", "unit", "min", "max", "unknown", "rests_on"}


def test_orders_are_counted_only_by_name_and_called_so(asked: Asked) -> None:
    order = {
        "id": "rx",
        "type": "prescription",
        "when": "2023-10-27",
        "data": {"substance": "ketamine", "amount": "50 mg"},
    }
    assert asked(order, window="4 days before @death").values["administrations"] == {"min": 0, "max": 0}
    answer = asked(order, window="4 days before @death", type="prescription")
    assert (answer.values["counted"], answer.values["administrations"]) == ("ordered", {"min": 1, "max": 1})
    assert answer.text == "1 ordered on record, at least 1 in fact; 50 mg on record, at least 50 mg in fact"
    assert "ordered" in answer.sentence


@pytest.mark.parametrize(
    ("route", "kind", "count"),
    [
        ("intramuscular", "injection", {"min": 1, "max": 1}),
        ("nasal", "nasal_spray", {"min": 1, "max": 1}),
        ("oral", "injection", {"min": 0, "max": 0}),
        ("", "infusion", {"min": 0, "max": 1}),
        ("", "dose", {"min": 1, "max": 1}),
    ],
)
def test_a_dose_has_the_type_its_route_tells(asked: Asked, route: str, kind: str, count: dict[str, int]) -> None:
    dose = {"id": "x", "type": "dose", "when": "2023-10-28T01:00Z", **({"data": {"route": route}} if route else {})}
    assert asked(dose, window="1 day before @death", type=kind).values["administrations"] == count


def test_two_records_of_what_may_be_one(asked: Asked) -> None:
    rows = [
        {"id": who, "type": "infusion", "when": "2023-10-27", "source": {"speaker": who}}
        for who in ("clinic", "police")
    ]
    answer = asked(*rows, window="4 days before @death")
    assert answer.values["administrations"] == {"min": 1, "max": 2}
    assert "may be one: clinic, police" in answer.assumes
    same = {"id": "same", "type": "claim.same", "data": {"ids": ["clinic", "police"]}}
    assert asked(*rows, same, window="4 days before @death").values["administrations"] == {"min": 1, "max": 1}


def test_a_claim_of_a_total_bounds_from_above(asked: Asked) -> None:
    shots = {"id": "s", "type": "injection", "when": "within 2 days before @death", "data": {"count": "at least 3"}}
    total = {
        "id": "t",
        "type": "claim.total",
        "when": "within 4 days before @death",
        "data": {"of": "injection", "count": "5"},
    }
    answer = asked(shots, total, window="4 days before @death", type="injection")
    assert answer.values["administrations"] == answer.in_fact["administrations"] == {"min": 5, "max": 5}
    assert answer.text == "5, amount unknown"


@pytest.mark.parametrize(
    ("claimed", "low", "high"),
    [("at least 300 mg", "300", None), ("600 mg", "600", "600"), ("at most 90 mg", "50", "90")],
)
def test_a_claim_of_how_much_in_all_may_tell_of_more_than_is_recorded(
    asked: Asked, claimed: str, low: str, high: str | None
) -> None:
    shot = {"id": "s", "type": "injection", "when": "2 hours before @death", "data": {"amount": "50 mg"}}
    data = {"of": "injection", "amount": claimed}
    total = {"id": "t", "type": "claim.total", "when": "within 4 days before @death", "data": data}
    (one,) = asked(shot, total, window="4 days before @death", type="injection").values["amounts"]
    assert (one["unit"], one["min"], one["max"]) == ("mg", low, high)


def test_an_undated_one_is_listed_and_possible(asked: Asked) -> None:
    answer = asked({"id": "x", "type": "infusion"}, window="1 day before @death")
    assert (answer.values["administrations"], answer.undated) == ({"min": 0, "max": 1}, ("x",))


def test_calendar_days_with_an_uncertain_anchor(told: Told) -> None:
    death = {"id": "death", "type": "death", "when": "2023-10-28T20:00Z/2023-10-29T04:00Z"}
    dose = {"id": "x", "type": "infusion", "when": "2023-10-27T12:00Z"}
    timeline = CaseTimeline.of("c", told(ZONE, death, dose))
    one, two = (ask(timeline, "dose-total", {"window": f"{days} calendar days before @death"}) for days in (1, 2))
    assert one.values["administrations"] == {"min": 0, "max": 1}
    assert two.values["administrations"]["min"] == 1


def test_a_window_of_calendar_days_begins_with_a_day_and_is_tight_only_where_that_day_is_sure(told: Told) -> None:
    death = {"id": "death", "type": "death", "when": "2023-10-28T20:00Z/2023-10-29T04:00Z"}
    dose = {"id": "x", "type": "infusion", "when": "2023-10-26T21:00Z"}
    timeline = CaseTimeline.of("c", told(ZONE, death, dose))
    one, two = (ask(timeline, "dose-total", {"window": f"{days} calendar days before @death"}) for days in (1, 2))
    assert one.values["administrations"] == {"min": 0, "max": 0}, "it begins with 27 or 28 October"
    assert (two.values["administrations"], two.tight) == ({"min": 0, "max": 1}, False)


def test_units_that_are_counted_stand_in_the_plural(told: Told) -> None:
    def text(*amounts: str) -> str:
        doses = ({"id": f"x{n}", "type": "infusion", "when": "2023-10-28", "data": {"amount": amount}}
                 for n, amount in enumerate(amounts))  # fmt: skip
        return ask(CaseTimeline.of("c", told(ZONE, *doses)), "dose-total", {"window": "2023-10-28"}).text

    assert "; 2 vials on record" in text("1 vial", "1 vial")
    assert "; 1 vial on record, at least 1 vial in fact" in text("1 vial")
    assert "; 1 to 2 vials on record" in text("1 to 2 vials")


def test_a_window_of_months_is_shifted_with_the_day_clipped(told: Told) -> None:
    death = {"id": "death", "type": "death", "when": "2024-03-31T12:00:00.000000Z"}
    doses = ({"id": f"x{day}", "type": "infusion", "when": f"2024-02-{day}T12:00:00.000000Z"} for day in (28, 29))
    timeline = CaseTimeline.of("c", told(ZONE, death, *doses))
    answer = ask(timeline, "dose-total", {"window": "1 month before @death"})
    assert (answer.values["administrations"], answer.tight) == ({"min": 1, "max": 1}, True)
    assert answer.values["window"]["ruler"] == "1 month"


def test_a_sweep_needs_an_event_and_a_type_must_be_known(asked: Asked) -> None:
    with pytest.raises(Fault, match="sweep"):
        asked(window="2023-10-28", sweep=True)
    with pytest.raises(Fault, match="infusion"):
        asked(window="2023-10-28", type="infusoin")
