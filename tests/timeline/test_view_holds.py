"""Certain, possible, impossible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
DEATH = {"id": "death", "type": "death", "when": "2023-10-28T16:17"}
LAST = {"id": "last", "type": "infusion", "when": "more than 7 days before @death"}
SHOT = {"id": "shot", "type": "injection", "when": "2023-10-28T12:45"}
DAY20 = {"id": "i", "type": "fact", "when": "2023-10-20", "data": {"text": "x"}}
SPAN = {"id": "s", "type": "dose", "when": "2023-10-28T10:00", "until": "2023-10-28T17:00"}


@pytest.fixture
def holds(told: Told) -> Callable[..., Answer]:
    def of(statement: str, *lines: dict[str, Any]) -> Answer:
        events = told(*(lines or (DEATH, LAST, SHOT, DAY20, SPAN)), zone="America/Los_Angeles")
        return ask(CaseTimeline.of("c", events), "holds", {"statement": statement})

    return of


Holds = Callable[..., Answer]


@pytest.mark.parametrize(
    ("statement", "truth"),
    [
        ("@shot before @death", "certain"),
        ("shot before death", "certain"),
        ("injection before @death", "certain"),
        ("@death before @shot", "impossible"),
        ("@last more than 7 days before @death", "certain"),
        ("@last more than 14 days before @death", "possible"),
        ("@last within 7 days before @death", "impossible"),
        ("@last before @shot", "certain"),
        ("@i 8 calendar days before @death", "certain"),
        ("@i 8 days before @death", "certain"),
        ("@i 7 calendar days before @death", "impossible"),
        ("@i at most 8 calendar days before @death", "certain"),
        ("@i more than 8 days before @death", "possible"),
        ("@last 8 calendar days before @death", "possible"),
        ("@shot on 2023-10-28", "certain"),
        ("@shot by 2023", "certain"),
        ("@shot before 2023-10-28", "impossible"),
        ("@last in 2023", "possible"),
        ("@shot after @last; before @death", "certain"),
        ("@last before @shot; more than 14 days before @death", "possible"),
        ("@last more than 14 days before @death; within 20 days before @death", "possible"),
        ("@shot before @death; after @death", "impossible"),
        ("@s before @death", "certain"),
        ("@s.end before @death", "impossible"),
        ("@shot during @s", "certain"),
        ("@shot was 3 hours before @death ± 1 hour", "certain"),
    ],
)
def test_a_statement_of_time(holds: Holds, statement: str, truth: str) -> None:
    answer = holds(statement)
    assert answer.values == answer.in_fact == {"truth": truth}
    assert answer.text == truth


def test_parts_may_each_be_possible_and_together_impossible(holds: Holds) -> None:
    lines = ({"id": "a", "type": "death", "when": "2023"}, {"id": "b", "type": "found", "when": "1 hour after @a"})
    more = {"id": "c", "type": "fact", "when": "2023", "data": {"text": "x"}}
    assert holds("@c before @a", *lines, more).text == "possible"
    assert holds("@c after @b", *lines, more).text == "possible"
    assert holds("@c before @a; after @b", *lines, more).text == "impossible"


def test_it_names_what_decides_it_and_nothing_where_it_is_open(holds: Holds) -> None:
    assert holds("@last more than 7 days before @death").rests_on.min == ("last",)
    assert holds("@death before @shot").rests_on.min == ("death", "shot")
    assert holds("@last more than 14 days before @death").rests_on.min == ()
    assert holds("@i 8 calendar days before @death").rests_on.both == ("i", "death")


def test_the_sentence_says_how_the_record_stands_to_it_on_whose_word(holds: Holds) -> None:
    said = {**DEATH, "source": {"speaker": "examiner", "standing": "found"}}
    shot = {**SHOT, "source": {"speaker": "assistant", "standing": "admitted"}}
    assert holds("@shot before @death", said, shot).sentence == (
        '"@shot before @death" (before @death) follows from the record: certain. '
        "On the word of examiner (found) and assistant (admitted)."
    )
    assert "is contradicted by the record" in holds("@death before @shot", said, shot).sentence
    assert "is left open by the record" in holds("@last more than 8 days before @death").sentence


def test_of_several_it_is_asked_of_each(holds: Holds) -> None:
    shots = {"id": "shots", "type": "injection", "when": "within 4 days before @death", "data": {"count": 27}}
    assert holds("@shots within 4 days before @death", DEATH, shots).text == "certain"
    assert holds("@shots within 1 day before @death", DEATH, shots).text == "possible"
    assert holds("@shots after @death", DEATH, shots).text == "impossible"
    assert (
        holds("@shots by @death", DEATH, shots).assumes[0] == "the statement is asked of each of its instants: @shots"
    )


def test_a_tolerance_in_hours_makes_no_date_certain(holds: Holds) -> None:
    lines = (
        {"id": "a", "type": "death", "when": "2023-10-28T12:00"},
        {"id": "b", "type": "found", "when": "2023-10-21T23:00"},
    )
    assert holds("@b 6 calendar days before @a ± 2 hours", *lines).text == "possible"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("@shot", "says nothing of @shot"),
        ("@shot about 2 hours before @death", "has no bounds that could hold or not"),
        ("@shot unknown", "has no bounds that could hold or not"),
        ("@ghost before @death", "'ghost' is no event of case 'c'"),
        ("@shot before @ghost", "'ghost' is no event of case 'c'"),
        ("@shot before @shot", "refers to the event itself"),
        ("@shot later", ""),
    ],
)
def test_a_statement_that_asks_nothing(holds: Holds, statement: str, said: str) -> None:
    with pytest.raises(Fault) as fault:
        holds(statement)
    assert said in str(fault.value)


SHOTS = {"id": "shots", "type": "injection", "when": "within 4 days before @death", "data": {"count": "at least 27"}}


@pytest.mark.parametrize(
    ("statement", "lines", "record", "fact"),
    [
        ("no infusion within 7 days before @death", (DEATH, LAST), "certain", "possible"),
        ("no injection within 4 days before @death", (DEATH, SHOTS), "impossible", "impossible"),
        ("at least 3 injection within 4 days before @death", (DEATH, SHOTS), "certain", "certain"),
        ("at least 28 injection within 4 days before @death", (DEATH, SHOTS), "possible", "possible"),
        ("at least 1 injection within 1 day before @death", (DEATH, SHOTS), "possible", "possible"),
        ("at least 2 injection in 2023-10-28T00:00Z/2023-10-28T23:59Z", (DEATH, SHOT), "impossible", "possible"),
    ],
)
def test_a_statement_of_numbers(holds: Holds, statement: str, lines: tuple[Any, ...], record: str, fact: str) -> None:
    answer = holds(statement, *lines)
    assert (answer.values, answer.in_fact) == ({"truth": record}, {"truth": fact})
    assert answer.text == (record if record == fact else f"{record} on record; {fact} in fact")


def test_at_least_nothing_asks_nothing(holds: Holds) -> None:
    with pytest.raises(Fault, match="write 'no TYPE within WINDOW', or at least 1"):
        holds("at least 0 injection within 1 day before @death")
