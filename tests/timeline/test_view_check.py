"""The view `check`: what a careful colleague would ask, with the events and the cure; it finds nobody wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.doubts.asks import ORDER
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ME = {"speaker": "examiner", "standing": "found"}


@pytest.fixture(scope="module")
def checked(founding: CaseTimeline) -> list[dict[str, Any]]:
    return [dict(row) for row in ask(founding, "check", {}).values["asks"]]


def line(kind: str, name: str, when: str = "", source: dict[str, str] | None = None, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, **({"when": when} if when else {}), "data": data, "source": source or ME}


def asks(told: Told, *lines: dict[str, Any], about: str = "") -> list[tuple[str, list[str]]]:
    timeline = CaseTimeline.of("c", told(*lines, zone="UTC"))
    rows = ask(timeline, "check", {}).values["asks"]
    return [(row["about"], row["ids"]) for row in rows if not about or row["about"] == about]


def test_the_founding_case(checked: list[dict[str, Any]]) -> None:
    found = {(row["about"], tuple(row["ids"])) for row in checked}
    assert ("contradiction", ("last-infusion-report", "last-infusion-week")) in found
    assert ("label", ("supply-1", "supply-1-page", "supply-1-plea")) in found
    assert ("shorter window", ("shots",)) in found
    assert ("may be one", ("shots", "shots-five")) in found
    assert ("uncertainty", ("tox-central", "tox-peripheral")) in found
    assert ("second-hand", ("ME",)) in found
    assert any(about == "persons" and "plea-a" in ids for about, ids in found)
    assert not any(about in ("anchor", "misprint") for about, _ in found), "what was withdrawn is asked about no more"


def test_each_question_has_its_events_and_a_cure_and_the_gravest_come_first(
    founding: CaseTimeline, checked: list[dict[str, Any]]
) -> None:
    known = founding.by_id
    for row in checked:
        assert row["ids"]
        assert set(row["ids"]) <= set(known)
        assert row["question"]
        assert row["cure"]
    places = [ORDER.index(row["about"]) for row in checked]
    assert places == sorted(places)


def test_the_command_asks_and_exits_0(cli: Any) -> None:
    cli("load", cli.write("c.jsonl", {**line("death", "d", "2023-10-28"), "zone": "UTC", "case": "c"},
                          {**line("found", "f", "2023-10-28T16:00"), "zone": "UTC", "case": "c"}))  # fmt: skip
    done = cli("check", "c")
    assert done.out.startswith("1 question (anchor 1)")
    assert 'casefold correct c d --when "2023-10-28; by @f"' in done.out
    assert cli("check", "c", "--json").json["asks"][0]["ids"] == ["d", "f"]


def test_what_leans_on_one_speaker(checked: list[dict[str, Any]]) -> None:
    leaning = [row for row in checked if row["about"] == "leans on one"]
    doses = next(row for row in leaning if "dose-total" in row["question"])
    assert doses["ids"] == ["shots", "shots-five"] or doses["ids"] == ["shots"]
    assert "without prosecutors: 3 on record" in doses["question"]


def test_a_window_of_ones_own(founding: CaseTimeline) -> None:
    rows = ask(founding, "check", {"window": "5 days before @death"}).values["asks"]
    assert not [row for row in rows if row["about"] == "shorter window"], "119 hours still hold all 27"


def test_a_window_up_to_what_was_withdrawn_says_so(told: Told) -> None:
    retracted = {"id": "r", "type": "amend.retract", "data": {"target": "d"}}
    timeline = CaseTimeline.of("c", told(line("death", "d", "2024-05-01"), retracted, zone="UTC"))
    with pytest.raises(Fault, match="@d was withdrawn"):
        ask(timeline, "check", {"window": "3 days before @d"})


def test_the_misprint_is_asked_about_while_it_stands(founding: CaseTimeline) -> None:
    kept = [event for event in founding.events if event.id != "trial-misprint-retracted"]
    rows = ask(CaseTimeline.of("perry", kept), "check", {}).values["asks"]
    assert [row["ids"][0] for row in rows if row["about"] == "misprint"] == ["trial-misprint"]


@pytest.mark.parametrize(
    ("death", "asked"),
    [
        ("2023-10-28", [["death", "found"], ["death", "pronounced"]]),
        ("2023-10-28; by @found", []),
        ("2023-10-28T16:10", [["death", "found"]]),
    ],
)
def test_an_anchor_that_may_be_later_than_the_finding_of_the_body(
    told: Told, death: str, asked: list[list[str]]
) -> None:
    lines = (line("death", "death", death), line("found", "found", "2023-10-28T16:00"),
             line("pronounced", "pronounced", "2023-10-28T16:17"))  # fmt: skip
    found = asks(told, *lines, about="anchor") + asks(told, *lines, about="misprint")
    assert [ids if about == "anchor" else ids[::-1] for about, ids in found] == asked


def test_a_case_whose_death_is_only_pronounced(told: Told) -> None:
    lines = (line("found", "found", "2023-10-28T16:00"), line("pronounced", "pronounced", "2023-10-28T16:17"))
    assert asks(told, *lines, about="anchor") == [("anchor", ["pronounced", "found"])]


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        ([line("charge", "c", "2024-05-01", defendant="A"), line("plea", "p", "2023", defendant="a")], ["p", "c"]),
        ([line("death", "d", "2024-05-01"), line("autopsy", "a", "2023-05-01")], ["a", "d"]),
        ([line("death", "d", "2024-05-01"), line("dose", "x", "2024-06-01")], ["x", "d"]),
        ([line("found", "f", "2024-05-01", {**ME, "asserted": "2023-05-03"})], ["f"]),
        ([line("death", "d", "2024-05-01"), line("last_seen_alive", "s", "2024-05-03")], ["s", "d"]),
    ],
)
def test_a_date_before_its_cause(told: Told, lines: list[dict[str, Any]], ids: list[str]) -> None:
    assert [found for _, found in asks(told, *lines, about="misprint")] == [ids]


@pytest.mark.parametrize(
    "lines",
    [
        [line("charge", "c", "2024-05-01", defendant="A"), line("plea", "p", "2024-05-01", defendant="A")],
        [line("charge", "c", "2024-05-01", defendant="A"), line("plea", "p", "2023-05-01", defendant="B")],
        [line("death", "d", "2024-05"), line("autopsy", "a", "2024-05-02")],
        [line("hearing", "h", "2024-05-01", {**ME, "asserted": "2023-05-03"})],
    ],
)
def test_what_may_be_in_order_is_no_misprint(told: Told, lines: list[dict[str, Any]]) -> None:
    assert asks(told, *lines, about="misprint") == []


def test_an_event_before_what_it_names_as_its_cause(told: Told) -> None:
    lines = (line("fact", "a", "2024-05-01", text="x"), line("fact", "b", "2024-04-01", text="y"))
    cause, effect = told(*lines, zone="UTC")
    timeline = CaseTimeline.of("c", (cause, msgspec.structs.replace(effect, causes=("a",))))
    rows = ask(timeline, "check", {}).values["asks"]
    assert [row["ids"] for row in rows if row["about"] == "misprint"] == [["b", "a"]]


def test_soft_and_missing_dates_of_what_answers_count(told: Told) -> None:
    lines = (line("death", "d", "2024-05-01"), line("injection", "s", "about 2 hours before @d"),
             line("injection", "u"), line("fact", "f", text="undated, and no matter"))  # fmt: skip
    assert asks(told, *lines, about="soft date") == [("soft date", ["s"])]
    assert asks(told, *lines, about="undated") == [("undated", ["u"])]


def test_persons_who_are_declared_to_differ_are_not_asked_about(told: Told) -> None:
    lines = (line("dose", "a", "2024-05-01", given_by="A"), line("dose", "b", "2024-05-01", given_by="B"))
    opened = {"id": "o", "type": "case.opened", "data": {"distinct": ["A", "B"]}}
    assert asks(told, *lines, about="persons") == [("persons", ["a", "b"])]
    assert asks(told, opened, *lines, about="persons") == []


def test_times_that_are_taken_exactly(told: Told) -> None:
    lines = (line("death", "d", "2024-05-01T10:00"), line("fact", "f", "40 minutes after @d", text="x"),
             line("fact", "g", "40 minutes after @d ± 5 minutes", text="x"))  # fmt: skip
    assert asks(told, *lines, about="uncertainty") == [("uncertainty", ["f"])]


def test_what_nobody_says_and_what_is_said_without_a_standing(told: Told) -> None:
    bare = {"id": "x", "type": "fact", "data": {"text": "x"}}
    spoken = {"id": "y", "type": "fact", "data": {"text": "y"}, "source": {"speaker": "p"}}
    assert asks(told, bare, spoken, about="source") == [("source", ["x"]), ("source", ["x", "y"])]


def test_a_record_that_leaves_nothing_open_says_so(told: Told) -> None:
    answer = ask(CaseTimeline.of("c", told(line("death", "d", "2024-05-01T10:00"), zone="UTC")), "check", {})
    assert (answer.text, answer.values["asks"]) == ("no question left open by these checks", [])


def test_it_asks_about_the_account_that_is_listened_to(founding: CaseTimeline) -> None:
    rows = ask(founding, "check", {}, Account(first_hand=True)).values["asks"]
    assert {row["ids"][0] for row in rows if row["about"] == "second-hand"} == {"ME", "PLEA"}
