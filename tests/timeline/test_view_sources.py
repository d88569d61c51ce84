"""The view `sources`: who says what, and which answers move if a speaker is not believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask
from timeline.views.sources import read_question, standard_questions

Told = Callable[..., tuple[Any, ...]]
LAST = "days-since-last infusion --at death"


def moved(answer: dict[str, Any]) -> dict[str, str]:
    return {each["speaker"]: each["text"] for each in answer["without"] if each["moved"]}


def test_who_says_what_through_whom(founding: CaseTimeline) -> None:
    rows = ask(founding, "sources", {}).values["sources"]
    told = {(row["speaker"], row["via"], row["standing"]): row["events"] for row in rows}
    assert told["assistant", "RS", "admitted"] == ["seen", "shot-1", "shot-2", "shot-3"]
    assert [len(row["events"]) for row in rows] == sorted((len(row["events"]) for row in rows), reverse=True)


def test_the_standard_questions_and_what_moves_them(founding: CaseTimeline) -> None:
    answers = {row["question"]: row for row in ask(founding, "sources", {}).values["answers"]}
    assert list(answers) == [
        "days-since-last infusion --at death",
        "days-since-last injection --at death",
        "dose-total --window '4 days before @death'",
    ]
    assert list(moved(answers[LAST])) == ["medical examiner's report"]
    assert moved(answers[LAST])["medical examiner's report"].startswith("more than 7 days, less than 7 d 16 h 1 min")
    doses = answers["dose-total --window '4 days before @death'"]
    assert list(moved(doses)) == ["prosecutors"]
    without = next(each for each in doses["without"] if each["speaker"] == "prosecutors")
    assert without["values"]["administrations"]["min"] == 3


def test_any_question_may_be_asked(founding: CaseTimeline) -> None:
    (row,) = ask(founding, "sources", {"view": ("elapsed @shot-2 @found",)}).values["answers"]
    assert (row["question"], row["text"]) == ("elapsed @shot-2 @found", "3 h 14 min to 3 h 16 min")
    assert moved(row) == {}


def test_within_an_account(founding: CaseTimeline) -> None:
    answer = ask(founding, "sources", {"view": (LAST,)}, Account(speakers=("medical examiner",)))
    (row,) = answer.values["answers"]
    assert moved(row) == {"medical examiner": "none on record"}
    assert {each["speaker"] for each in answer.values["sources"]} == {"medical examiner"}


def test_a_case_without_a_death_has_no_standard_question(told: Told) -> None:
    timeline = CaseTimeline.of("c", told({"id": "i", "type": "infusion", "when": "2023-01-01"}, zone="UTC"))
    assert standard_questions(timeline) == []
    assert ask(timeline, "sources", {}).text == "1 speaker, 1 event"


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("dose-total --window '4 days before @death' --sweep", {"window": "4 days before @death", "sweep": True}),
        ("dose-total --window=2023-10-28", {"window": "2023-10-28"}),
        ("holds '@a before @b'", {"statement": "@a before @b"}),
        ("gaps --type infusion --type injection", {"type": ("infusion", "injection")}),
    ],
)
def test_a_question_is_read_as_ask_takes_it(text: str, parameters: dict[str, Any]) -> None:
    assert read_question(text)[2] == parameters


@pytest.mark.parametrize(
    "text",
    ["", "elapsed 'a", "elapsed a b c", "elapsed --nothing a", "no-view", "dose-total --window 2022 --window=2023"],
)
def test_a_question_that_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(Fault) as fault:
        read_question(text)
    assert fault.value.instead
