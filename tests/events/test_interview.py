"""An event asked for field by field: each answer is checked as it is given, in the light of those before it."""

from __future__ import annotations

from typing import Any

import pytest

from events.errors import BadInput, Problem
from events.interview import asked


def talk(*answers: str, said: dict[str, Any] | None = None, patient: bool = True) -> tuple[Any, list[str], list[str]]:
    """Answer in this order, then with nothing; gives the line, what was asked, and what was wrong."""
    waiting, names, wrong = list(answers), list[str](), list[str]()

    def answer(name: str) -> str:
        names.append(name)
        return waiting.pop(0) if waiting else ""

    def again(problem: Problem) -> bool:
        wrong.append(problem.field)
        return patient

    return asked("c", said or {}, answer, again), names, wrong


def test_a_wrong_answer_is_told_at_once_and_asked_again() -> None:
    line, names, wrong = talk("factt", "fact", "", "seen", "", "PST", "UTC", "2023-13-45", "2023-10-28")
    assert line == {"case": "c", "type": "fact", "zone": "UTC", "when": "2023-10-28", "data": {"text": "seen"}}
    assert names[:9] == ["type", "type", "text", "text", "id", "zone", "zone", "when", "when"]
    assert wrong == ["type", "data.text", "zone", "when"]


def test_an_answer_is_checked_with_those_before_it() -> None:
    line, _, wrong = talk("fact", "seen", "e", "UTC", "2023-10-28", "2023-10-01", "2023-10-29")
    assert (line["until"], wrong) == ("2023-10-29", ["until"])


def test_what_is_given_is_not_asked_but_checked_where_it_stands() -> None:
    given = {"when": "2023-10-28", "standing": "found"}
    line, names, _ = talk("fact", "seen", "e", "UTC", said=given)
    assert (line["when"], line["source"]) == ("2023-10-28", {"standing": "found"})
    assert {"when", "standing"}.isdisjoint(names)
    with pytest.raises(BadInput, match="no zone is known"):
        talk("fact", "seen", said=given)


def test_nobody_who_could_answer_again_ends_it() -> None:
    with pytest.raises(BadInput, match="2023-13-45 is not a date of the calendar"):
        talk("fact", "seen", "e", "UTC", "2023-13-45", "2023-10-28", patient=False)
    with pytest.raises(BadInput, match="nobody answers what TYPE it is"):
        talk(patient=False)
