"""One question put to each speaker and each standing: who agrees, differs, excludes another, is silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from timeline.answers import AsOf
from timeline.asking.sides import Sides, by_speaker, by_standing, lines, sides_json
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
OPENED = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}
LAST_INFUSION = ("days-since-last", {"type": "infusion", "at": "death"})
SHOTS = ("dose-total", {"type": "injection", "window": "4 days before @death"})


def texts(sides: Sides) -> dict[str, str]:
    return {one.name: one.answer.text for one in sides.sides}


def test_each_word_on_the_last_infusion_alone_and_together(founding: CaseTimeline) -> None:
    sides = by_speaker(founding, *LAST_INFUSION)
    assert texts(sides)["medical examiner"] == "more than 7 days"
    assert texts(sides)["medical examiner's report"] == "9 to 12 days"
    assert sides.together == ask(founding, *LAST_INFUSION)
    assert sides.exclude == (("medical examiner's report", "trade newsletter"),)
    assert ("medical examiner", "trade newsletter") in sides.differ
    assert {"assistant", "prosecutors", "court"} <= set(sides.silent)


def test_fewer_on_record_exclude_nothing(founding: CaseTimeline) -> None:
    sides = by_speaker(founding, *SHOTS)
    assert texts(sides) == {
        "assistant": "3 on record, at least 3 in fact, amount unknown",
        "prosecutors": "at least 27, amount unknown",
    }
    assert (sides.differ, sides.exclude) == ((("assistant", "prosecutors"),), ())


def test_by_standing_in_falling_order(founding: CaseTimeline) -> None:
    sides = by_standing(founding, *SHOTS)
    assert list(texts(sides)) == ["admitted", "alleged"]
    assert "found" in sides.silent


def test_two_who_say_the_same_agree(told: Told) -> None:
    rows = [{"id": one, "type": "infusion", "when": "2023-10-20", "source": {"speaker": one.upper()}} for one in "abc"]
    rows[2]["when"] = "2023-10-21"
    timeline = CaseTimeline.of("c", told(OPENED, {"id": "death", "type": "death", "when": "2023-10-28"}, *rows))
    sides = by_speaker(timeline, *LAST_INFUSION)
    assert sides.same == (("A", "B"),)
    assert sides.differ == (("A", "C"), ("B", "C"))
    assert sides.silent == ("",)


def test_certain_and_impossible_exclude_one_another(told: Told) -> None:
    rows = [
        {"id": "a", "type": "fact", "when": "2023-10-20T10:00Z", "data": {"text": "x"}},
        {"id": "b", "type": "fact", "when": "unknown", "data": {"text": "x"}},
        {"id": "k", "type": "claim.order", "data": {"first": "a", "then": "b"}, "source": {"speaker": "one"}},
        {"id": "l", "type": "claim.order", "data": {"first": "b", "then": "a"}, "source": {"speaker": "other"}},
    ]
    sides = by_speaker(CaseTimeline.of("c", told(*rows)), "holds", {"statement": "@a before @b"})
    assert texts(sides)["one"] == "certain"
    assert ("one", "other") in sides.exclude


def test_names_that_the_case_says_are_one_are_one_speaker(told: Told) -> None:
    rows = [
        {"id": "alias", "type": "case.alias", "data": {"name": "M.E.", "means": "medical examiner"}},
        {"id": "death", "type": "death", "when": "2023-10-28", "source": {"speaker": "medical examiner"}},
        {"id": "i", "type": "infusion", "when": "2023-10-20", "source": {"speaker": "M.E."}},
    ]
    sides = by_speaker(CaseTimeline.of("c", told(OPENED, *rows)), *LAST_INFUSION)
    assert [one.names for one in sides.sides] == [("medical examiner", "M.E.")]


def test_an_account_is_divided_not_widened(founding: CaseTimeline) -> None:
    sides = by_speaker(founding, *LAST_INFUSION, Account(standings=("found",)))
    assert set(texts(sides)) == {"medical examiner", "medical examiner's report"}
    assert all(one.answer.account.standings == ("found",) for one in sides.sides)


def test_scripts_read_the_answer_together_and_the_sides_beside_it(founding: CaseTimeline) -> None:
    shape = sides_json(by_speaker(founding, *LAST_INFUSION), as_of=AsOf(position=3), log="casefold/x")
    assert (shape["log"], shape["view"], shape["by"]) == ("casefold/x", "days-since-last", "speaker")
    assert {"speaker", "names", "exists", "elapsed", "text", "rests_on", "in_fact"} <= shape["sides"][0].keys()
    assert shape["exclude"] == [["medical examiner's report", "trade newsletter"]]
    assert shape["agree"] == []
    assert json.loads(json.dumps(shape)) == shape
    standing = sides_json(by_standing(founding, *LAST_INFUSION), as_of=AsOf())["sides"][0]
    assert (standing["standing"], "names" in standing) == ("found", False)


def test_in_words(founding: CaseTimeline) -> None:
    said = lines(by_speaker(founding, *SHOTS))
    assert said[0] == "assistant: 3 on record, at least 3 in fact, amount unknown"
    assert "differ, and can both be true: all" in said
    assert said[-1].startswith("no word on it: ")


def test_dating_what_a_window_is_counted_from_is_no_word_on_the_number(told: Told) -> None:
    rows = [
        {"id": "death", "type": "death", "when": "2023-10-28", "source": {"speaker": "examiner"}},
        {"id": "i", "type": "injection", "when": "2023-10-27", "source": {"speaker": "aide"}},
    ]
    timeline = CaseTimeline.of("c", told(OPENED, *rows))
    sides = by_speaker(timeline, "holds", {"statement": "at least 1 injection within 4 days before @death"})
    assert (list(texts(sides)), sides.silent) == (["aide"], ("examiner",))
