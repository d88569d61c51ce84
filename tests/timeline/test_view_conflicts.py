"""Contradictions: the sets, the arithmetic in words, what is set aside under each policy, DISPUTED beside answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, NotHeld
from events.event import Draft
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.new_conflicts import new_conflicts, ties
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
FOUND, STATED = ({"speaker": who, "standing": how} for who, how in (("examiner", "found"), ("paper", "stated")))
DEATH = {"id": "death", "type": "death", "when": "2023-10-28T16:00Z", "source": FOUND}
SEEN = {"id": "seen", "type": "fact", "when": "at least 2 hours after @death", "source": STATED, "data": {"text": "x"}}
LEFT = {"id": "left", "type": "fact", "when": "within 1 hour of @death", "source": STATED, "data": {"text": "y"}}
ORDER = {"id": "order", "type": "claim.order", "data": {"first": "seen", "then": "left"}, "source": FOUND}


def case_of(told: Told, *lines: dict[str, Any], on_conflict: str = "weakest") -> CaseTimeline:
    return CaseTimeline.of("c", told(*lines, zone="UTC"), on_conflict=on_conflict)


@pytest.fixture(scope="module")
def founding(told: Told, root: Path) -> Callable[..., CaseTimeline]:
    text = (root / "timeline" / "demo" / "perry.jsonl").read_text(encoding="utf-8")
    lines = [{**json.loads(line), "case": "c"} for line in text.splitlines()]
    return lambda policy="weakest": CaseTimeline.of("c", told(*lines), on_conflict=policy)


def last_infusion(timeline: CaseTimeline, *speakers: str) -> Answer:
    return ask(timeline, "days-since-last", {"type": "infusion", "at": "death"}, Account(speakers=speakers))


def test_the_founding_case_has_one_with_its_arithmetic(founding: Callable[..., CaseTimeline]) -> None:
    answer = ask(founding(), "conflicts", {})
    assert [(one["statements"], one["set_aside"]) for one in answer.values["conflicts"]] == [
        (["last-infusion-report", "last-infusion-week"], ["last-infusion-week"])
    ]
    why = answer.values["conflicts"][0]["why"]
    assert 'found: "one and a half weeks", read as about 252 hours before @death ± 36 hours)' in why
    assert "puts the last infusion 9 to 12 days before @death; @last-infusion-week (trade newsletter, stated" in why
    assert why.endswith("at least 9 days cannot be less than 8 d 1 h")
    assert answer.in_fact == answer.values
    assert "others may exist" in answer.text
    assert answer.set_aside == ("last-infusion-week",)


def test_what_was_set_aside_is_said_where_it_bears_on_the_answer(founding: Callable[..., CaseTimeline]) -> None:
    answer = last_infusion(founding())
    assert answer.text == "9 to 12 days; DISPUTED by trade newsletter (stated): 7 calendar days"
    assert (
        "DISPUTED: 9 to 12 days (@last-infusion-report, medical examiner's report, found); "
        "7 calendar days (@last-infusion-week, trade newsletter, stated). "
        "Shown: the first, because the second's standing is weaker."
    ) in answer.sentence


def test_an_answer_about_other_times_only_names_it(founding: Callable[..., CaseTimeline]) -> None:
    shots, between = {"window": "4 days before @death"}, {"a": "shot-2", "b": "found"}
    for view, params in (("dose-total", shots), ("elapsed", between)):
        answer = ask(founding(), view, params)
        assert "DISPUTED" not in answer.text + answer.sentence
        assert "Also set aside in this account: @last-infusion-week." in answer.sentence
        assert answer.set_aside == ("last-infusion-week",)


def test_an_account_without_the_weaker_teller_has_no_dispute(founding: Callable[..., CaseTimeline]) -> None:
    answer = last_infusion(founding(), "medical examiner", "medical examiner's report")
    assert (answer.text, answer.set_aside) == ("9 to 12 days", ())
    assert ask(founding(), "conflicts", {}, Account(speakers=("trade newsletter",))).values == {"conflicts": []}


def test_all_sets_the_whole_set_aside_and_says_both(founding: Callable[..., CaseTimeline]) -> None:
    answer = last_infusion(founding("all"))
    assert answer.values["elapsed"]["min_us"] == 7 * 86_400_000_000 + 1
    assert answer.values["elapsed"]["max_us"] is None
    assert answer.set_aside == ("last-infusion-report", "last-infusion-week")
    assert answer.text == (
        "more than 7 days; DISPUTED by medical examiner's report (found): 9 to 12 days; "
        "by trade newsletter (stated): 7 calendar days"
    )
    assert "Shown: neither, as was asked for." in answer.sentence


def test_fail_names_the_sets_and_exits_1(founding: Callable[..., CaseTimeline]) -> None:
    with pytest.raises(NotHeld, match="@last-infusion-report and @last-infusion-week") as caught:
        last_infusion(founding("fail"))
    assert caught.value.exit_code == 1
    assert last_infusion(founding("fail"), "medical examiner").text == "more than 7 days"


def test_another_policy_is_refused(told: Told) -> None:
    with pytest.raises(Fault, match="write weakest, all or fail"):
        case_of(told, DEATH, on_conflict="strongest")


def test_one_instant_on_two_dates(told: Told) -> None:
    rival = {"id": "r", "type": "fact", "when": "at @death; 2023-10-30", "source": STATED, "data": {"text": "x"}}
    (found,) = ask(case_of(told, DEATH, rival), "conflicts", {}).values["conflicts"]
    assert found["set_aside"] == ["r"]
    assert found["why"].endswith("@death cannot be both by 28 October 2023 16:00 and from 30 October 2023")


def test_a_round_of_three_adds_up(told: Told) -> None:
    (found,) = ask(case_of(told, DEATH, SEEN, LEFT, ORDER), "conflicts", {}).values["conflicts"]
    assert found["statements"] == ["left", "order", "seen"]
    assert found["set_aside"] == ["left", "seen"]
    assert "@order (examiner, found: claim.order) puts @seen before @left" in found["why"]
    assert "puts @seen at least 2 h after @death" in found["why"]
    assert found["why"].endswith("more than 2 h cannot be at most 1 h")


def test_dates_far_apart_and_a_short_step(told: Told) -> None:
    early = {"id": "a", "type": "fact", "when": "2023-10-01T00:00:00.000000Z", "source": FOUND, "data": {"text": "x"}}
    step = {"id": "b", "type": "claim.elapsed", "data": {"from": "a", "to": "death", "elapsed": "at most 3 days"}}
    (found,) = ask(case_of(told, DEATH, early, step), "conflicts", {}).values["conflicts"]
    assert found["statements"] == ["a", "b", "death"]
    assert found["why"].endswith(
        "from @a (by 1 October 2023 00:00) to @death (from 28 October 2023 16:00) is at least 27 d 16 h; "
        "at least 27 d 16 h cannot be at most 3 days"
    )


def test_a_circle_of_orders_has_no_length(told: Told) -> None:
    lines = [
        {"id": one, "type": "fact", "when": f"before @{other}", "data": {"text": "x"}}
        for one, other in zip("abc", "bca", strict=True)
    ]
    (found,) = ask(case_of(told, *lines), "conflicts", {}).values["conflicts"]
    assert found["statements"] == found["set_aside"] == ["a", "b", "c"]
    assert found["why"].endswith("in that round each would be before itself")


def test_a_case_without_contradictions_says_so(told: Told) -> None:
    answer = ask(case_of(told, DEATH, SEEN), "conflicts", {})
    assert (answer.text, answer.values) == ("no contradiction of times", {"conflicts": []})
    assert answer.tight


def test_a_load_warns_of_what_is_new_alone(told: Told) -> None:
    rival = {"id": "r", "type": "fact", "when": "at @death; 2023-10-30", "source": STATED, "data": {"text": "x"}}
    lines = (DEATH, rival, SEEN, LEFT, ORDER)
    timelines = [CaseTimeline.of("c", told(*lines[:upto], zone="UTC")) for upto in (1, 2, 5)]
    (first,) = new_conflicts(timelines[0], timelines[1])
    assert first.startswith("case c: cannot all be true, so that @r is set aside: @death (examiner, found")
    (second,) = new_conflicts(timelines[1], timelines[2])
    assert "@left, @seen are set aside" in second
    assert new_conflicts(timelines[2], timelines[2]) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"type": "fact", "when": "2023-10-30"}, False),
        ({"type": "fact", "when": "2023-10-30", "until": "2023-11-01"}, False),
        ({"type": "fact", "when": "before @death"}, True),
        ({"type": "fact", "when": "2023-10-30", "until": "1 hour after @death"}, True),
        ({"type": "infusion", "when": "2023-10-30", "data": {"duration": "1 hour"}}, False),
        ({"type": "infusion", "when": "2023-10-30", "until": "2023-11-01", "data": {"duration": "1 hour"}}, True),
        ({"type": "claim.order", "data": {"first": "a", "then": "b"}}, True),
    ],
)
def test_only_what_ties_instants_can_contradict(told: Told, line: dict[str, Any], expected: bool) -> None:
    if line["type"] == "fact":
        line = {**line, "data": {"text": "x"}}
    (event,) = told({"id": "x", **line}, zone="UTC")
    assert ties(event) is expected
    own = {"id": "x", **line}
    drafted = Draft(
        own=own, case="c", id="x", type=line["type"], version=1, zone="UTC", actor="", earliest=None, latest=None
    )
    assert ties(drafted) is expected


def test_an_event_that_contradicts_itself_is_told_in_two_legs(told: Told) -> None:
    line = {"id": "x", "type": "infusion", "when": "2023-10-20T12:00", "until": "2023-10-20T14:00"}
    answer = ask(case_of(told, {**line, "data": {"duration": "40 minutes"}}), "conflicts", {})
    (found,) = answer.values["conflicts"]
    assert found["statements"] == found["set_aside"] == ["x"]
    assert found["why"].endswith("@x.end cannot be both by 20 October 2023 12:40 and from 20 October 2023 14:00")
