"""What a chronology shows, in its one order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]


@pytest.fixture
def chronology(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], account: Account | None = None, about: str = "") -> Answer:
        timeline = CaseTimeline.of("c", told(*lines, zone="America/Los_Angeles"), about=about)
        return ask(timeline, "chronology", {}, account or Account())

    return of


Chronology = Callable[..., Answer]


def ids(answer: Answer) -> list[str]:
    return [row["id"] for row in answer.values["events"]]


def row(answer: Answer, event_id: str) -> dict[str, Any]:
    return next(dict(row) for row in answer.values["events"] if row["id"] == event_id)


def test_open_beginnings_come_first_and_the_undated_last(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "undated", "type": "death"},
        {"id": "day", "type": "found", "when": "2023-10-28"},
        {"id": "noon", "type": "found", "when": "2023-10-28T12:00"},
        {"id": "by", "type": "found", "when": "by 2023-12-15"},
        {"id": "since", "type": "found", "when": "since 2023-10-28"},
        {"id": "nothing-yet", "type": "found", "when": "after @ghost"},
    )
    assert ids(answer) == ["by", "day", "since", "noon", "nothing-yet", "undated"]
    assert answer.undated == ("nothing-yet", "undated")
    assert answer.text == "6 events, 2 of them undated"


def test_of_one_time_the_types_come_in_the_tables_order_and_then_ids(chronology: Chronology) -> None:
    at = {"when": "2023-10-28"}
    answer = chronology(
        {"id": "z", "type": "fact", "data": {"text": "x"}, **at},
        {"id": "d", "type": "death", **at},
        {"id": "i2", "type": "infusion", **at},
        {"id": "c", "type": "charge", **at},
        {"id": "i1", "type": "infusion", **at},
        {"id": "n", "type": "injection", **at},
    )
    assert ids(answer) == ["i1", "i2", "n", "d", "c", "z"]


def test_a_row_as_scripts_read_it(chronology: Chronology) -> None:
    source = {"speaker": "examiner", "via": "a paper", "standing": "found", "asserted": "2023-12-15"}
    answer = chronology({"id": "d", "type": "death", "when": "2023-10-28", "source": source, "data": {"place": "home"}})
    assert row(answer, "d") == {
        "id": "d", "type": "death", "earliest": "2023-10-28T07:00:00.000000Z", "latest": "2023-10-29T06:59:59.999999Z",
        "when": "2023-10-28", "soft": False, "span": False, "data": {"place": "home"}, "source": source, "position": 1,
    }  # fmt: skip
    assert answer.in_fact == answer.values


def test_bounds_are_those_that_all_statements_together_allow(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "d", "type": "death", "when": "2023-10-28"},
        {"id": "x", "type": "last_seen_alive", "when": "2023-10-28T13:20; before @d"},
    )
    assert row(answer, "d")["earliest"] == "2023-10-28T20:20:00.000001Z"


def test_case_events_amendments_and_the_withdrawn_are_left_out_and_documents_are_not(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "o", "type": "case.opened", "data": {"title": "t"}},
        {"id": "n", "type": "case.note", "data": {"text": "t"}},
        {"id": "D", "type": "document", "data": {"title": "t"}},
        {"id": "d", "type": "death", "when": "2023-10-28"},
        {"id": "e", "type": "found", "when": "2023-10-29"},
        {"id": "r", "type": "amend.retract", "data": {"target": "e", "reason": "misprint"}},
    )
    assert ids(answer) == ["d", "D"]
    assert answer.rests_on.min == ("d", "D", "r"), "the record has no e because of r"


def test_a_soft_date_shows_its_literal_reading_and_bounds_nothing(chronology: Chronology) -> None:
    soft = {"id": "x", "type": "infusion", "when": "about 2023-10-20"}
    answer = chronology(soft, {"id": "y", "type": "infusion", "when": "1 hour after @x"})
    shown = row(answer, "x")
    assert (shown["earliest"], shown["latest"]) == ("2023-10-20T07:00:00.000000Z", "2023-10-21T06:59:59.999999Z")
    assert shown["soft"] is True
    assert row(answer, "y")["earliest"] is None
    assert any("has no width" in each for each in answer.assumes)


def test_a_width_makes_it_hard(chronology: Chronology) -> None:
    answer = chronology({"id": "x", "type": "infusion", "when": "about 2023-10-20"}, about="1 day")
    shown = row(answer, "x")
    assert (shown["earliest"], shown["latest"]) == ("2023-10-19T07:00:00.000000Z", "2023-10-22T06:59:59.999999Z")
    assert shown["soft"] is False


def test_a_soft_relative_date_is_shown_about_its_anchor(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "d", "type": "death", "when": "2023-10-28T16:00:00.000000"},
        {"id": "x", "type": "infusion", "when": "about 2 hours before @d"},
    )
    assert row(answer, "x")["earliest"] == row(answer, "x")["latest"] == "2023-10-28T21:00:00.000000Z"


def test_a_span_reaches_from_its_start_to_its_end(chronology: Chronology) -> None:
    answer = chronology({"id": "s", "type": "infusion", "when": "2023-10-28T10:00", "until": "2023-10-28T11:00"})
    shown = row(answer, "s")
    assert (shown["earliest"], shown["latest"]) == ("2023-10-28T17:00:00.000000Z", "2023-10-28T18:00:59.999999Z")
    assert shown["span"] is True
    assert shown["until"] == "2023-10-28T11:00"


def test_what_is_set_aside_is_undated_and_printed_beside(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "d", "type": "death", "when": "2023-10-28", "source": {"speaker": "examiner", "standing": "found"}},
        {
            "id": "x", "type": "fact", "when": "at @d; 2023-10-29", "data": {"text": "x"},
            "source": {"speaker": "paper", "standing": "stated"},
        },
    )  # fmt: skip
    assert (answer.set_aside, answer.undated) == (("x",), ("x",))
    assert row(answer, "x")["earliest"] is None
    assert (
        "DISPUTED: 2023-10-28 (@d, examiner, found); at @d; 2023-10-29 (@x, paper, stated). "
        "Shown: the first, because the second's standing is weaker."
    ) in answer.sentence
    assert answer.text.endswith("1 of them undated; DISPUTED by paper (stated): at @d; 2023-10-29")


def test_an_account_shows_only_what_counts(chronology: Chronology) -> None:
    answer = chronology(
        {"id": "d", "type": "death", "when": "2023-10-28", "source": {"speaker": "examiner", "standing": "found"}},
        {"id": "x", "type": "injection", "when": "1 hour before @d", "source": {"speaker": "assistant"}},
        account=Account(speakers=("assistant",)),
    )
    assert ids(answer) == ["x"]
    assert row(answer, "x")["latest"] is not None
    assert answer.assumes == (
        "@d dated on the word of examiner (found)",
        "'1 hour before @d' of @x is taken exactly: no tolerance stated",
    )
