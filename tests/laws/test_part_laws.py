"""Who is left out moves an answer of the part of a case that it depends on as it does of the whole, told outright."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.answers import Answer
from timeline.asking.part import Last, part_of
from timeline.asking.questions import read_ref
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, NOBODY, Account
from timeline.views import ask
from timeline.views.sources import dosing, read_question

Told = Callable[..., tuple[Any, ...]]
Line = dict[str, Any]
SPEAKERS: Final = ("x", "y", "z")
LAST: Final = ("days-since-last infusion --at death", "days-since-last dose --at death")
WINDOWS: Final = ("dose-total --window '4 days before @death'", "dose-total --window '1 calendar days after @death'")


def line(one: str, kind: str, when: str, speaker: str = "x", **data: Any) -> Line:
    return {"id": one, "type": kind, "when": when, "data": data, "source": {"speaker": speaker, "standing": "stated"}}


def infusion(one: str, when: str, speaker: str = "x", **data: Any) -> Line:
    return line(one, "infusion", when, speaker, **data)


def claim(kind: str, speaker: str, **data: Any) -> Line:
    return {"id": f"by {kind}".replace(" ", "-"), "type": f"claim.{kind}", "data": data, "source": {"speaker": speaker}}


def found(one: str, when: str, speaker: str = "z") -> Line:
    made = line(one, "message", when, speaker, text="words")
    return {**made, "source": {"speaker": speaker, "standing": "found"}}


def moves_alike(
    told: Told, lines: list[Line], asked: tuple[str, ...], account: Account = EVERYBODY, on_conflict: str = "weakest"
) -> None:
    """Ask each question of the part and of the whole, with everybody and without each speaker."""
    whole = CaseTimeline.of("c", told(*lines, zone="UTC"), on_conflict=on_conflict)
    questions = [read_question(text) for text in asked]
    part = part_of(whole, whole.hear(account), [one for each in questions if (one := dosing(whole, each)) is not None])
    spoken = {one["source"]["speaker"] for one in lines}.intersection(account.speakers or SPEAKERS)
    for _, view, parameters in questions:
        assert _said(ask(part, view, parameters, account)) == _said(ask(whole, view, parameters, account))
        for speaker in sorted(spoken):
            others = tuple(sorted(spoken - {speaker}))
            left = replace(account, speakers=others) if others else NOBODY
            some, all_ = (ask(each, view, parameters, left) for each in (part, whole))
            assert _said(some) == _said(all_), f"without {speaker}"


def _said(answer: Answer) -> tuple[Any, ...]:
    return answer.text, answer.values, answer.in_fact, answer.rests_on


# --- what each thing that is left out could have moved ------------------------------------------------------------


DEATH: Final = line("death", "death", "2023-02-10T12:00", "y")
CASES: Final[dict[str, list[Line]]] = {
    "another's is later": [DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-08", "z")],
    "a later one is set aside": [
        DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-05"), found("m", "2023-02-03"),
        claim("order", "z", first="b", then="m"), infusion("c", "after @b; 2023-02-04", "z"),
    ],
    "a later one contradicts what is tied to it": [
        DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-07"), found("m", "2 days before @b; 2023-02-01"),
    ],
    "a later one may be after": [
        line("death", "death", "2023-02-10", "y"), infusion("a", "2023-02-08"), infusion("b", "2023-02-10T12:00"),
    ],
    "one is near enough for the day": [
        line("death", "death", "2023-02-10/2023-02-12", "y"), infusion("a", "2023-02-07"), infusion("b", "2023-02-09"),
    ],
    "a later one may be of another type": [DEATH, infusion("a", "2023-02-01"), line("b", "dose", "2023-02-08")],
    "a later one has no width": [DEATH, infusion("a", "2023-02-01"), infusion("b", "about 2023-02-08; before @death")],
    "a later one is one of several": [DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-08", count="0 to 2")],
    "it is measured from what another says": [
        DEATH, found("m", "2023-02-08T10:00"), infusion("a", "3 hours after @m"), infusion("b", "2023-02-07"),
    ],
    "another says more of its time": [
        DEATH, infusion("a", "2023-02-01/2023-02-09"), found("m", "2023-02-08T10:00"), infusion("b", "2023-02-03"),
        claim("elapsed", "z", **{"from": "a", "to": "m", "elapsed": "2 hours"}),
    ],
    "a chain of three": [
        DEATH, found("m", "2023-02-07T10:00"), found("n", "1 day after @m", "x"), infusion("a", "2 hours before @n"),
    ],
    "it is after the anchor": [DEATH, infusion("a", "2023-02-11T23:30"), infusion("b", "2023-02-12T01:00", "z")],
    "it lasts into the window": [
        DEATH, infusion("a", "from 2023-02-05T10:00 to 2023-02-07T10:00", "z", rate="10 mg/h"),
        infusion("b", "2023-01-05", substance="m"),
    ],
    "a claim counts what is outside": [
        DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-02"),
        claim("total", "z", of="infusion", count="2", **{"from": "2023-01-25", "to": "2023-02-10"}),
    ],
    "a claim says that two are one": [
        DEATH, infusion("a", "2023-02-01/2023-02-09"), infusion("b", "2023-02-02", "z"),
        claim("same", "z", ids=["a", "b"]),
    ],
    "two are disputed": [
        DEATH, infusion("a", "2023-02-01"), infusion("b", "2023-02-08"),
        {"id": "p", "type": "position", "data": {"target": "b", "stance": "disputes"}, "source": {"speaker": "z"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES.keys())
def test_what_may_move_an_answer_is_heard(told: Told, lines: list[Line]) -> None:
    for asked in (LAST, WINDOWS):
        moves_alike(told, lines, asked)
    if lines[-1]["type"] == "position":
        moves_alike(told, lines, LAST, Account(undisputed=True))


def test_the_anchor_is_not_the_last_before_itself(told: Told) -> None:
    lines = [line("a", "injection", "2023-02-01"), infusion("b", "2023-02-08T10:00:00.000000Z"), DEATH]
    moves_alike(told, lines, ("days-since-last dose --at b",))


def test_what_is_of_the_type_of_an_anchor_keeps_its_time(told: Told) -> None:
    lines = [DEATH, infusion("b", "2023-02-08"), found("m", "2023-01-10"), infusion("a", "20 hours after @m")]
    moves_alike(told, lines, ("days-since-last message --at b", *WINDOWS))


def test_what_can_move_no_answer_is_not_heard_again(told: Told) -> None:
    lines = [
        DEATH, line("m", "message", "2023-02-10", text="x"), infusion("old", "2023-02-01"), infusion("a", "2023-02-08"),
        infusion("theirs", "2023-01-08", "z"), line("other", "oral_dose", "2023-02-09"),
        line("call", "call", "2023-01-30"), infusion("tied", "2 hours after @call"),
        infusion("later", "2023-02-11"), infusion("undated", "unknown"), found("n", "2 hours after @a"),
    ]  # fmt: skip
    timeline = CaseTimeline.of("c", told(*lines, zone="UTC"))
    asked = Last(type="infusion", anchor=read_ref(timeline, "death"))
    part = part_of(timeline, timeline.hear(), [asked])
    assert [event.id for event in part.told] == ["death", "a", "theirs", "undated", "n"]


# --- and whatever there is ----------------------------------------------------------------------------------------

DAYS: Final = st.builds("2023-02-{:02d}".format, st.integers(1, 14))
DATES: Final = st.one_of(DAYS, st.builds("{}T{:02d}:30".format, DAYS, st.integers(0, 23)))
WHO: Final = st.sampled_from(SPEAKERS)
TIES: Final = ("{n} hours after @{at}", "{n} hours before @{at}; {day}", "within {n} days before @{at}", "after @{at}")


@st.composite
def cases(draw: st.DrawFn) -> list[Line]:
    ids = [f"e{n}" for n in range(draw(st.integers(2, 9)))]
    lines = [line("death", "death", draw(st.one_of(DATES, st.just("2023-02-08/2023-02-10"))), draw(WHO))]
    for one in ids:
        tie = draw(st.sampled_from(("", "", "", *TIES, f"before {draw(DAYS)}")))
        at = draw(st.sampled_from(["death", *(other for other in ids if other != one)]))
        when = tie.format(n=draw(st.integers(1, 9)), at=at, day=draw(DAYS)) or draw(DATES)
        kind = draw(st.sampled_from(("infusion", "infusion", "dose", "message")))
        data = {"text": "words"} if kind == "message" else draw(st.sampled_from(({}, {"amount": "5 mg"})))
        lines.append(line(one, kind, when, draw(WHO), **data))
    a, b = ids[:2]
    claims = ({"first": a, "then": b}, {"first": b, "then": "death"})
    return [*lines, *(claim("order", draw(WHO), **each) for each in claims[: draw(st.integers(0, 1))])]


@tries(15)
@given(lines=cases(), on_conflict=st.sampled_from(("weakest", "all")), asked=st.sampled_from((LAST, WINDOWS)))
def test_what_is_not_heard_again_moves_nothing(
    told: Told, lines: list[Line], on_conflict: str, asked: tuple[str, ...]
) -> None:
    spoken = {one["source"]["speaker"] for one in lines}
    account = Account(speakers=("x", "y")) if spoken >= {"x", "y"} and on_conflict == "all" else EVERYBODY
    moves_alike(told, lines, asked, account, on_conflict)
