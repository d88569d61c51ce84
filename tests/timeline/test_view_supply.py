"""The view `supply`: who supplied what to whom for how much, no supply counted twice, and labels that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
P = {"speaker": "prosecutors", "standing": "alleged"}
Q = {"speaker": "a paper", "standing": "stated"}
FLAG = (
    "flagged: 100 mg in 20 vials is 5 mg a vial; labels have 200 mg/20 mL, 500 mg/10 mL, 500 mg/5 mL "
    "(20 vials of them hold 4000 to 10000 mg)"
)


def supply(name: str, when: str = "2023-10-01", source: dict[str, str] = P, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": "supply", **({"when": when} if when else {}), "source": source,
            "data": {"substance": "ketamine", **{key.rstrip("_"): value for key, value in data.items()}}}  # fmt: skip


def same(*ids: str) -> dict[str, Any]:
    return {"id": "same", "type": "claim.same", "data": {"ids": list(ids)}}


def asked(told: Told, *lines: dict[str, Any], **params: Any) -> dict[str, Any]:
    return dict(ask(CaseTimeline.of("c", told(*lines, zone="UTC")), "supply", params).values)


def total(values: dict[str, Any], by: str = "all", person: str | None = None, window: str = "") -> dict[str, Any]:
    (found,) = (
        row for row in values["totals"]
        if (row["by"], row["person"]) == (by, person) and (row["window"] or {"text": ""})["text"] == window
    )  # fmt: skip
    return dict(found)


def much(row: dict[str, Any], name: str = "amounts") -> dict[str, tuple[str, str | None]]:
    return {one["unit"]: (one["min"], one["max"]) for one in row[name]}


def test_the_founding_case(founding: CaseTimeline) -> None:
    answer = ask(founding, "supply", {})
    whole = total(dict(answer.values))
    assert whole["supplies"] == {"min": 1, "max": 1}, "three tellings of one supply"
    assert much(whole) == {"vial": ("20", "20"), "mg": ("100", "100")}
    assert much(whole, "prices") == {"USD": ("55000", "55000")}
    assert answer.values["flags"] == [FLAG]
    assert FLAG in answer.text
    told_so = {row["id"]: row for row in answer.values["supplies"]}
    assert told_so["supply-1-plea"]["one_with"] == ["supply-1", "supply-1-page"]
    assert {"min": "2750", "max": "2750", "unit": "USD/vial"} in told_so["supply-1"]["unit_price"]


def test_every_line_says_who_with_what_standing(founding: CaseTimeline) -> None:
    values = ask(founding, "supply", {}).values
    assert all(f"{row['source']['speaker']} ({row['source']['standing']})" in row["line"] for row in values["supplies"])
    assert all("prosecutors (alleged)" in row["line"] for row in values["totals"])


def test_on_admissions_nobody_says_for_how_much(founding: CaseTimeline) -> None:
    whole = total(dict(ask(founding, "supply", {}, Account(standings=("admitted",))).values))
    assert (much(whole), much(whole, "prices")) == ({"vial": ("20", "20")}, {})


def test_two_tellings_that_may_be_one_are_bounds(told: Told) -> None:
    values = asked(told, supply("a", quantity="20 vials"), supply("b", source=Q, quantity="25 vials"))
    assert total(values)["supplies"] == {"min": 1, "max": 2}
    assert much(total(values)) == {"vial": ("25", "45")}
    assert values["supplies"][0]["may_be_one_with"] == ["b"]


def test_supplies_to_persons_who_differ_are_two(told: Told) -> None:
    opened = {"id": "o", "type": "case.opened", "data": {"distinct": ["C", "D"]}}
    a, b = supply("a", to="C", quantity="20 vials"), supply("b", source=Q, to="D", quantity="25 vials")
    assert total(asked(told, a, b))["supplies"] == {"min": 1, "max": 2}
    assert much(total(asked(told, opened, a, b))) == {"vial": ("45", "45")}


def test_totals_by_person_and_what_may_be_another(told: Told) -> None:
    lines = (
        {"id": "o", "type": "case.opened", "data": {"distinct": ["A", "B"]}},
        supply("a", from_="A", to="C", quantity="20 vials", price="2000 USD"),
        supply("b", from_="B", to="C", quantity="5 vials"),
        supply("c", from_="b", quantity="1 g"),
    )
    values = asked(told, *lines)
    assert much(total(values, "from", "A")) == {"vial": ("20", "20")}
    assert much(total(values, "from", "A"), "prices") == {"USD": ("2000", "2000")}
    assert much(total(values, "from", "B")) == {"g": ("1", "1"), "vial": ("5", "5")}
    assert much(total(values, "to", "C"))["vial"] == ("25", "25")
    assert total(values, "to", "C")["supplies"] == {"min": 2, "max": 3}, "nobody says who got the third"
    assert {row["person"] for row in asked(told, *lines, person="a")["totals"]} == {None, "A"}


def test_a_person_who_is_none_is_refused_with_the_nearest(founding: CaseTimeline) -> None:
    with pytest.raises(Fault, match="no supplier or recipient"):
        ask(founding, "supply", {"person": "nobody"})


def test_totals_of_a_period(told: Told) -> None:
    lines = (
        {"id": "o", "type": "case.opened", "data": {"zone": "UTC"}},
        supply("a", "2023-10-01", quantity="20 vials"),
        supply("b", "2023-09-25/2023-10-05", quantity="5 vials"),
        supply("c", "", quantity="1 vial"),
    )
    values = asked(told, *lines, window=("2023-10", "2023-09"))
    assert much(total(values)) == {"vial": ("26", "26")}, "on the whole record nothing is undated"
    assert much(total(values, window="2023-10")) == {"vial": ("20", "26")}
    assert much(total(values, window="2023-09")) == {"vial": ("0", "6")}
    assert total(values, window="2023-10")["supplies"] == {"min": 1, "max": 3}


def test_what_nobody_states_is_never_zero(told: Told) -> None:
    answer = ask(CaseTimeline.of("c", told(supply("a"), supply("b", quantity="2 vials"), zone="UTC")), "supply", {})
    (amount,) = total(dict(answer.values))["amounts"]
    assert (amount["min"], amount["max"], amount["unknown"]) == ("2", None, {"min": 1, "max": 1})
    assert "at least 2 vials" in answer.text


def test_in_fact_more_may_have_been_supplied(told: Told) -> None:
    timeline = CaseTimeline.of("c", told(supply("a", quantity="2 vials"), zone="UTC"))
    row = ask(timeline, "supply", {}).in_fact["totals"][0]
    assert (row["supplies"], row["amounts"][0]["max"]) == ({"min": 1, "max": None}, None)


@pytest.mark.parametrize(
    ("data", "price"),
    [
        ({"quantity": "20 vials", "price": "55000 USD"}, ("2750", "2750")),
        ({"quantity": "20 vials", "price": "more than 55000 USD"}, ("2750", None)),
        ({"quantity": "10 to 20 vials", "price": "1000 USD"}, ("50", "100")),
        ({"quantity": "at least 20 vials", "price": "1000 USD"}, ("0", "50")),
        ({"quantity": "20 vials", "price": "2750 USD/vial"}, ("2750", "2750")),
        ({"quantity": "3 vials", "price": "10 USD"}, ("3.333333333", "3.333333334")),
    ],
)
def test_the_price_of_one_as_bounds(told: Told, data: dict[str, Any], price: tuple[str, str | None]) -> None:
    (row,) = asked(told, supply("a", **data))["supplies"]
    assert [(one["min"], one["max"], one["unit"]) for one in row["unit_price"]] == [(*price, "USD/vial")]


@pytest.mark.parametrize(
    "data", [{"quantity": "20 vials"}, {"price": "10 USD"}, {"quantity": "0 vials", "price": "10 USD"}]
)
def test_no_price_of_one_is_made_up(told: Told, data: dict[str, Any]) -> None:
    (row,) = asked(told, supply("a", **data))["supplies"]
    assert row["unit_price"] == []


def test_a_price_of_one_is_a_price_of_all(told: Told) -> None:
    whole = total(asked(told, supply("a", quantity="20 vials", price="2750 USD/vial")))
    assert much(whole, "prices") == {"USD": ("55000", "55000")}


@pytest.mark.parametrize(
    ("pieces", "told_mass", "flags"),
    [
        ({"quantity": "20 vials"}, "100 mg", [FLAG]),
        ({"quantity": "20 vials"}, "4 g", []),
        ({"quantity": "20 vials"}, "4000 to 5000 mg", []),
        ({"quantity": "20 vials"}, "at least 100 mg", []),
        ({"quantity": "20 vials", "strength": "500 mg/10 mL"}, "10 g", []),
        ({"quantity": "20 vials", "strength": "500 mg"}, "4000 mg",
         ["flagged: 20 vials × 500 mg is 10000 mg, not 4000 mg"]),
        ({"quantity": "20 vials", "strength": "50 mg/mL"}, "4000 mg", []),
        ({"quantity": "10 to 20 tablets", "strength": "25 mg"}, "600 mg",
         ["flagged: 10 to 20 tablets × 25 mg is 250 to 500 mg, not 600 mg"]),
    ],
)  # fmt: skip
def test_pieces_strength_and_total(told: Told, pieces: dict[str, Any], told_mass: str, flags: list[str]) -> None:
    values = asked(told, supply("a", **pieces), supply("b", quantity=told_mass), same("a", "b"))
    assert values["flags"] == flags
    assert all(row["flags"] == flags for row in values["supplies"])


def test_supplies_that_nobody_calls_one_are_not_compared(told: Told) -> None:
    assert asked(told, supply("a", quantity="20 vials"), supply("b", quantity="100 mg"))["flags"] == []


def test_a_seizure_is_shown_and_added_to_nothing(told: Told) -> None:
    seized = {"id": "z", "type": "seizure", "when": "2023-11-01", "data": {"quantity": "3 vials", "place": "home"}}
    values = asked(told, supply("a", quantity="20 vials"), {**seized, "source": Q})
    assert much(total(values)) == {"vial": ("20", "20")}
    assert values["seizures"][0]["line"].startswith("seized: 3 vials of a substance not stated at home")


def test_no_supply_is_said_to_be_none(told: Told) -> None:
    answer = ask(CaseTimeline.of("c", told({"id": "d", "type": "death"}, zone="UTC")), "supply", {})
    assert (answer.text, answer.values["totals"]) == ("no supply on record", [])
