"""The view `charges`: who is charged with what and how it stands; a charge is no conviction, and every line says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
P = {"speaker": "prosecutors", "standing": "alleged"}
COURT = {"speaker": "court", "standing": "found"}


def line(kind: str, name: str, when: str = "", source: dict[str, str] = P, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, **({"when": when} if when else {}), "data": data, "source": source}


def charged(told: Told, *lines: dict[str, Any], params: dict[str, Any] | None = None) -> dict[str, Any]:
    return dict(ask(CaseTimeline.of("c", told(*lines, zone="UTC")), "charges", params or {}).values)


def rows(values: dict[str, Any], name: str = "charges") -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in values[name]}


# --- the founding case -----------------------------------------------------------------------------------------------


def test_the_founding_case(founding: CaseTimeline) -> None:
    answer = ask(founding, "charges", {})
    assert answer.text == (
        "2 charged, not convicted on record (acquaintance and alleged dealer); 2 pleaded guilty, no verdict on record "
        "(assistant and physician B); 1 sentenced (physician A); trial set for 23 September 2025"
    )
    stands = {row["defendant"]: (row["stands"], row["convicted"]) for row in answer.values["defendants"]}
    assert stands["physician A"] == (["sentenced"], True)
    assert stands["assistant"] == (["pleaded guilty"], False)
    assert stands["alleged dealer"] == (["charged"], False)


def test_every_line_has_a_speaker_a_standing_and_says_whether_it_is_a_conviction(founding: CaseTimeline) -> None:
    values = ask(founding, "charges", {}).values
    for row in values["charges"]:
        assert row["source"]["speaker"] in row["line"]
        assert f"({row['source']['standing']})" in row["line"]
        assert any(word in row["line"] for word in ("not convicted", "no verdict", "sentenced", "convicted"))
    for name in ("hearings", "withdrawn", "elapsed", "defendants"):
        assert all("(" in row["line"] for row in values[name])
        assert all("found)" in row["line"] or "documented)" in row["line"] for row in values["hearings"])


@pytest.mark.parametrize(
    ("day", "trial", "withdrawn"),
    [
        ("2024-08-25", "trial set for 8 October 2024", 0),
        ("2024-09-04", "trial set for 4 March 2025, before that 8 October 2024 (@trial-1)", 1),
        ("2025-12-04", "trial set for 23 September 2025, before that 1 August 2025 to 31 August 2025 (@trial-3)", 1),
    ],
)
def test_when_the_trial_was_to_be_as_said_by_a_day(
    founding: CaseTimeline, day: str, trial: str, withdrawn: int
) -> None:
    values = ask(founding.asserted_by(day), "charges", {}).values
    (standing,) = (row for row in values["hearings"] if row["state"] == "scheduled")
    assert standing["line"].startswith(trial)
    assert len(values["withdrawn"]) == withdrawn


def test_nobody_is_charged_before_the_charges_were_known(founding: CaseTimeline) -> None:
    values = ask(founding.asserted_by("2023-12-16"), "charges", {}).values
    assert values["charges"] == values["defendants"] == values["hearings"] == []


def test_from_death_to_report_to_charge_to_sentence(founding: CaseTimeline) -> None:
    values = ask(founding, "charges", {"defendant": "Physician A"}).values
    days = {row["what"]: row["calendar_days"] for row in values["elapsed"]}
    assert days == {
        "death to report": {"min": 48, "max": 48},
        "death to charge": {"min": 292, "max": 292},
        "report to charge": {"min": 244, "max": 244},
        "charge to sentence": {"min": 475, "max": 475},
        "death to sentence": {"min": 767, "max": 767},
    }
    for row in values["elapsed"]:
        plain = ask(founding, "elapsed", {"a": row["from"], "b": row["to"]}).values
        assert row["elapsed"] == plain["elapsed"]


def test_a_withdrawn_misprint_is_shown_as_withdrawn(founding: CaseTimeline) -> None:
    answer = ask(founding, "charges", {})
    (gone,) = answer.values["withdrawn"]
    assert gone["id"] == "trial-misprint"
    assert "misprint of 2025-03-04" in gone["line"]
    assert "trial-misprint-retracted" in answer.rests_on.both


def test_a_date_before_the_charges_is_flagged_while_it_stands(founding: CaseTimeline) -> None:
    kept = [event for event in founding.events if event.id != "trial-misprint-retracted"]
    values = ask(CaseTimeline.of("perry", kept), "charges", {}).values
    flagged = {row["id"] for row in values["hearings"] if row["flags"]}
    assert flagged == {"trial-misprint"}


# --- what amends and drops -------------------------------------------------------------------------------------------


def test_a_later_charge_of_the_same_offence_amends_and_zero_drops(told: Told) -> None:
    first = line("charge", "c1", "2024-01-10", defendant="A", offence="Fraud", counts="10")
    second = line("charge", "c2", "2024-03-10", defendant="a", offence="fraud", counts="6")
    third = line("charge", "c3", "2024-05-10", defendant="A", offence="fraud", counts="0")
    values = charged(told, first, second)
    assert rows(values)["c1"]["replaced_by"] == ["c2"]
    assert rows(values)["c1"]["stands"] == ["amended"]
    (row,) = values["defendants"]
    assert row["counts"]["charged"] == {"min": 6, "max": 6}
    (row,) = charged(told, first, second, third)["defendants"]
    assert (row["stands"], row["counts"]["charged"]) == (["dropped"], {"min": 0, "max": 0})


def test_rows_of_one_indictment_amend_nothing(told: Told) -> None:
    a = line("charge", "a", "2024-01-10", defendant="A", offence="fraud", counts="3")
    b = line("charge", "b", "2024-01-10", defendant="A", offence="fraud", counts="4")
    c = line("charge", "c", "2024-01-10", defendant="A", offence="theft", counts="at least 2")
    (row,) = charged(told, a, b)["defendants"]
    assert row["counts"]["charged"] == {"min": 7, "max": 7}
    (row,) = charged(told, a, b, c)["defendants"]
    assert row["counts"]["charged"] == {"min": 9, "max": None}


def test_one_charge_told_twice_is_not_counted_twice(told: Told) -> None:
    other = {"speaker": "a paper", "standing": "stated"}
    a = line("charge", "a", "2024-01-10", defendant="A", offence="fraud", counts="10")
    b = line("charge", "b", "2024-01-10", other, defendant="A", offence="wire fraud", counts="10")
    (row,) = charged(told, a, b)["defendants"]
    assert row["counts"]["charged"] == {"min": 10, "max": 20}
    same = {"id": "s", "type": "claim.same", "data": {"ids": ["a", "b"]}}
    (row,) = charged(told, a, b, same)["defendants"]
    assert row["counts"]["charged"] == {"min": 10, "max": 10}


def test_a_verdict_speaks_of_the_charge_it_names(told: Told) -> None:
    values = charged(
        told,
        line("charge", "c1", "2024-01-10", defendant="A", offence="fraud", counts="10"),
        line("charge", "c2", "2024-01-10", defendant="A", offence="theft", counts="2"),
        line("verdict", "v1", "2024-05-10", COURT, defendant="A", offence="fraud", verdict="guilty", counts="5"),
        line("verdict", "v2", "2024-05-10", COURT, defendant="A", offence="theft", verdict="dismissed"),
        line("sentence", "s", "2024-06-10", COURT, defendant="A", term="2 years"),
    )
    found = rows(values)
    assert (found["c1"]["stands"], found["c1"]["convicted"]) == (["convicted"], True)
    assert (found["c2"]["stands"], found["c2"]["convicted"]) == (["dropped"], False)
    assert found["c1"]["unsaid"] == ["s"], "the sentence does not say which charge it is for"
    (row,) = values["defendants"]
    assert (row["stands"], row["counts"]["convicted"]) == (["sentenced", "dropped"], {"min": 5, "max": 5})


@pytest.mark.parametrize(
    ("kind", "said", "convicted"),
    [
        ("plea", "not guilty", False), ("plea", "guilty", False), ("plea", "stood mute", False),
        ("verdict", "not guilty", False), ("verdict", "guilty", True), ("verdict", "mistrial", False),
        ("verdict", "conviction vacated", False), ("verdict", "not convicted", False),
    ],
)  # fmt: skip
def test_words_that_are_no_conviction_are_none(told: Told, kind: str, said: str, convicted: bool) -> None:
    values = charged(
        told, line("charge", "c", "2024-01-10", defendant="A", offence="fraud"),
        line(kind, "o", "2024-05-10", COURT, defendant="A", offence="fraud", **{kind: said}),
    )  # fmt: skip
    assert [row["convicted"] for row in values["defendants"]] == [convicted]
    assert rows(values)["c"]["convicted"] is convicted


def test_what_is_before_the_charge_is_flagged(told: Told) -> None:
    charge = line("charge", "c", "2024-05-10", defendant="A")
    early = line("plea", "p", "2023-05-10", defendant="A", plea="guilty")
    other = line("plea", "q", "2023-05-10", defendant="B", plea="guilty")
    found = rows(charged(told, charge, early, other))
    assert found["p"]["flags"] == ["flagged: before any charge of this defendant"]
    assert found["q"]["flags"] == []


def test_a_corrected_charge_shows_what_it_said(told: Told) -> None:
    charge = line("charge", "c", "2024-05-10", defendant="A", offence="fraud", counts="2")
    fix = {"id": "fix", "type": "amend.correct",
           "data": {"target": "c", "reason": "misread", "set": {"data": {"counts": "3"}}}}  # fmt: skip
    row = rows(charged(told, charge, fix))["c"]
    assert row["counts"] == {"min": 3, "max": 3}
    assert "before @fix (misread): counts 2" in row["line"]


def test_a_disputed_charge_names_the_party(told: Told) -> None:
    position = {"id": "p", "type": "position", "data": {"target": "c", "stance": "disputes", "party": "defence"}}
    row = rows(charged(told, line("charge", "c", "2024-05-10", defendant="A"), position))["c"]
    assert "disputed by defence" in row["line"]


# --- a day to look from ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "stands", "may"),
    [
        ("2024-08-01", [], []),
        ("2024-12-31", ["charged"], []),
        ("2025-07-10", ["charged"], ["pleaded guilty"]),
        ("2025-08-01", ["pleaded guilty"], []),
        ("2025-12-03", ["sentenced"], []),
        ("@sentence-a", ["sentenced"], []),
        ("plea-a", ["pleaded guilty"], []),
    ],
)
def test_how_it_stood_on_a_day(founding: CaseTimeline, at: str, stands: list[str], may: list[str]) -> None:
    (row,) = ask(founding, "charges", {"at": at, "defendant": "physician A"}).values["defendants"]
    assert (row["stands"], row["may_stand"]) == (stands, may)
    assert row["convicted"] is (stands == ["sentenced"])


def test_what_is_not_yet_is_said_to_be_not_yet(founding: CaseTimeline) -> None:
    found = rows(ask(founding, "charges", {"at": "2024-12-31"}).values)  # type: ignore[arg-type]
    assert found["sentence-a"]["by_then"] == "impossible"
    assert found["sentence-a"]["line"].startswith("not yet at 2024-12-31: ")
    assert found["sentence-a"]["convicted"] is False


@pytest.mark.parametrize("at", ["tomorrow", "@nobody", "28"])
def test_a_day_that_is_none_is_refused(founding: CaseTimeline, at: str) -> None:
    with pytest.raises(Fault) as fault:
        ask(founding, "charges", {"at": at})
    assert fault.value.instead


def test_a_defendant_that_is_none_is_refused_with_the_nearest(founding: CaseTimeline) -> None:
    with pytest.raises(Fault, match="no defendant") as fault:
        ask(founding, "charges", {"defendant": "phisician A"})
    assert "physician A" in fault.value.instead


# --- hearings and deadlines ------------------------------------------------------------------------------------------


def test_a_ring_of_hearings_ends(told: Told) -> None:
    a = line("hearing", "a", "2024-01-01", purpose="trial", status="scheduled", replaces="b")
    b = line("hearing", "b", "2024-02-01", purpose="trial", status="scheduled", replaces="a")
    found = rows(charged(told, a, b), "hearings")
    assert {row["state"] for row in found.values()} == {"superseded"}
    assert [one["id"] for one in found["a"]["before_that"]] == ["b", "a"]


def test_a_date_that_passed_in_silence(told: Told) -> None:
    hearing = line("hearing", "h", "2024-01-01", purpose="trial", status="scheduled")
    assert "has passed" not in rows(charged(told, hearing), "hearings")["h"]["line"]
    later = charged(told, hearing, params={"at": "2024-02-01"})
    assert "nothing says it was held" in rows(later, "hearings")["h"]["line"]


def answered(told: Told, when: str) -> CaseTimeline:
    due = line("deadline", "d", "2024-02-01", purpose="reply")
    events = told(due, line("fact", "f", when, text="reply"), zone="UTC")
    return CaseTimeline.of("c", (events[0], msgspec.structs.replace(events[1], causes=("@d",))))


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("", "no day to compare with"), ("2024-01-31", "open"), ("2024-02-01", "may have passed"),
        ("2024-02-02", "passed"), ("@d", "open"),
    ],
)  # fmt: skip
def test_a_deadline_is_held_against_the_day_that_is_asked(told: Told, at: str, state: str) -> None:
    values = charged(told, line("deadline", "d", "2024-02-01", purpose="reply"), params={"at": at} if at else {})
    assert [row["state"] for row in values["deadlines"]] == [state]


@pytest.mark.parametrize(
    ("when", "at", "state"),
    [
        ("2024-01-20", "", "met"), ("2024-01-20", "2024-03-01", "met"), ("2024-01-20", "2024-01-10", "open"),
        ("2024-02-01", "", "may have been met"), ("2024-01", "2024-01-15", "may have been met"),
        ("2024-02-10", "", "not met in time"), ("2024-02-10", "2024-02-05", "passed"),
    ],
)  # fmt: skip
def test_a_deadline_is_met_by_what_names_it(told: Told, when: str, at: str, state: str) -> None:
    values = ask(answered(told, when), "charges", {"at": at} if at else {}).values
    assert [row["state"] for row in values["deadlines"]] == [state]


def test_on_a_smaller_account_a_charge_is_only_a_charge(founding: CaseTimeline) -> None:
    answer = ask(founding, "charges", {}, Account(standings=("alleged",)))
    assert {tuple(row["stands"]) for row in answer.values["defendants"]} == {("charged",)}


def test_a_conviction_that_was_set_aside_takes_its_sentence_with_it(told: Told) -> None:
    lines = [
        line("charge", "c", "2022-05-01", defendant="A", offence="distribution", counts="2"),
        line("verdict", "v", "2023-04-01", COURT, defendant="A", offence="distribution", verdict="guilty"),
        line("sentence", "s", "2023-05-01", COURT, defendant="A", offence="distribution", term="2 years"),
        line("verdict", "appeal", "2024-05-01", COURT, defendant="A", offence="Distribution", verdict="vacated"),
    ]
    values = charged(told, *lines)
    (defendant,), found = values["defendants"], rows(values)
    assert (defendant["stands"], defendant["convicted"]) == (["conviction set aside"], False)
    assert [found[one]["convicted"] for one in ("c", "v", "s", "appeal")] == [False] * 4
    assert found["s"]["replaced_by"] == ["appeal"]
    assert "without effect since @appeal" in found["s"]["line"]
    (then,) = charged(told, *lines, params={"at": "2024-01-01"})["defendants"]
    assert (then["stands"], then["convicted"]) == (["sentenced"], True), "so it stood until then"
    (open_,) = charged(told, *lines[:3], {**lines[3], "when": "after 2023-04-01"})["defendants"]
    assert open_["convicted"], "one that may have come before the sentence undoes none"
