"""Claims of totals, of a last and of completeness as a case's users write them, and what becomes of contradictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
Line = dict[str, Any]
ZONE: Line = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC", "title": "A case"}}
DEATH: Line = {"id": "death", "type": "death", "when": "2023-10-28T16:00Z", "source": {"standing": "found"}}
FOUR = "4 days before @death"
Case = Callable[..., CaseTimeline]


@pytest.fixture
def case(told: Told) -> Case:
    return lambda *lines: CaseTimeline.of("c", told(ZONE, DEATH, *lines))


def count(
    timeline: CaseTimeline, window: str = FOUR, account: Account = EVERYBODY, *, given_by: str = "", **params: str
) -> Answer:
    return ask(timeline, "dose-total", {"window": window, "given-by": given_by, **params}, account)


def ends(answer: Answer, *, in_fact: bool = False) -> tuple[int | None, int | None]:
    values = answer.in_fact if in_fact else answer.values
    return values["administrations"]["min"], values["administrations"]["max"]


def total(id_: str, count_: str, when: str = "within 4 days before @death", standing: str = "", **data: str) -> Line:
    source = {"speaker": f"speaker of {id_}", **({"standing": standing} if standing else {})}
    what = {"of": "injection", **({"count": count_} if count_ else {}), **data}
    return {"id": id_, "type": "claim.total", **({"when": when} if when else {}), "data": what, "source": source}


def shot(id_: str, when: str = "2023-10-28T08:00Z", **more: Any) -> Line:
    return {"id": id_, "type": "injection", "when": when, **more}


def test_the_weaker_of_two_totals_is_set_aside_and_named(case: Case) -> None:
    timeline = case(total("t", "at least 27", standing="alleged"), total("u", "at most 20", standing="documented"))
    answer = count(timeline)
    assert (ends(answer), answer.set_aside) == ((0, 20), ("t",))
    (found,) = ask(timeline, "conflicts", {}).values["conflicts"]
    assert (found["statements"], found["set_aside"]) == (["t", "u"], ["t"])


def test_of_one_standing_both_are_set_aside(case: Case) -> None:
    answer = count(case(total("t", "at least 27"), total("u", "at most 20")))
    assert (ends(answer), answer.set_aside) == ((0, 0), ("t", "u"))


def test_one_that_contradicts_what_is_kept_goes_alone(case: Case) -> None:
    weak = (total("t", "at least 27", standing="alleged"), total("u", "at most 20", standing="alleged"))
    answer = count(case(*weak, total("v", "at most 25", standing="found")))
    assert (ends(answer), answer.set_aside) == ((0, 20), ("t",))


def test_dated_shots_contradict_a_lesser_total_with_the_times_that_place_them(case: Case) -> None:
    told = [shot(name, source={"speaker": "nurse", "standing": "documented"}) for name in "abc"]
    timeline = case(*told, total("t", "at most 2", standing="stated"))
    assert (ends(count(timeline)), count(timeline).set_aside) == ((3, 3), ("t",))
    (found,) = ask(timeline, "conflicts", {}).values["conflicts"]
    assert found["statements"] == ["a", "b", "c", "death", "t"]


def test_two_tellings_that_claims_say_are_one_and_that_differ(case: Case) -> None:
    same: Line = {"id": "same", "type": "claim.same", "data": {"ids": ["a", "b"]}}
    told = [shot(name, source={"speaker": name, "standing": "found"}, data={"count": k}) for name, k in
            (("a", "2"), ("b", "3"))]  # fmt: skip
    answer = count(case(*told, same))
    assert (ends(answer), answer.set_aside) == ((3, 5), ("same",))


def test_a_period_between_two_events_is_known_by_its_ends_in_the_network(case: Case) -> None:
    lines: list[Line] = [
        {"id": "in", "type": "fact", "when": "between 60 hours and 70 hours before @death", "data": {"text": "in"}},
        {"id": "out", "type": "fact", "when": "between 10 hours and 20 hours before @death", "data": {"text": "out"}},
    ]
    claim = total("t", "6", when="", **{"from": "at @in", "to": "at @out"})
    told = count(case(*lines, claim), type="injection")
    assert (ends(told), ends(told, in_fact=True)) == ((6, 6), (6, None))
    assert ends(count(case(*lines, claim), window="20 hours after @in", type="injection")) == (0, 6)


def test_an_uncertain_end_has_a_node_of_its_own_and_the_answer_says_so(case: Case) -> None:
    claim = total("t", "6", when="", **{"from": "between 80 hours and 90 hours before @death", "to": "at @death"})
    answer = count(case(claim), type="injection")
    assert (ends(answer), ends(answer, in_fact=True)) == ((6, 6), (6, None))
    assert any("begins at no exact instant" in one for one in answer.assumes)
    assert ends(count(case(claim), window="79 hours before @death", type="injection")) == (0, 6)
    assert ends(count(case(claim), window="85 hours before @death", type="injection")) == (0, None)


def test_a_span_is_a_period(case: Case) -> None:
    claim = total("t", "6", when="from 2023-10-25 to 2023-10-26")
    assert ends(count(case(claim), window="2023-10-25/2023-10-26", type="injection")) == (6, 6)
    assert ends(count(case(claim), window="2023-10-26", type="injection")) == (0, 6)


LAST: Line = {
    "id": "last",
    "type": "claim.last",
    "when": "more than 7 days before @death",
    "data": {"of": "infusion", "before": "death"},
    "source": {"speaker": "examiner", "standing": "found"},
}


def test_the_one_at_a_claimed_last_is_counted_and_none_after_it(case: Case) -> None:
    timeline = case(LAST)
    assert ends(count(timeline, "7 days before @death", type="infusion"), in_fact=True) == (0, 0)
    assert ends(count(timeline, "2000-01-01/2023-10-28", type="infusion"), in_fact=True) == (0, None)
    dated = {**LAST, "when": "2023-10-10"}
    assert ends(count(case(dated), "2023-10-10/2023-10-28", type="infusion"), in_fact=True) == (1, None)


def test_an_infusion_after_the_claimed_last_is_set_aside_and_may_not_be_the_last(case: Case) -> None:
    late: Line = {"id": "late", "type": "infusion", "when": "2023-10-25", "source": {"standing": "stated"}}
    answer = ask(case(LAST, late), "days-since-last", {"type": "infusion", "at": "death"})
    assert (answer.set_aside, answer.undated) == (("late",), ("late",))
    assert answer.values["whole_days"] == answer.in_fact["whole_days"] == {"min": 7, "max": None}


def test_none_happened_moves_what_cannot_be_before_it(case: Case) -> None:
    none = {**total("none", "0", when="from 2023-10-20 to 2023-10-26"), "id": "none"}
    vague = shot("vague", "2023-10-22/2023-10-28")
    answer = ask(case(none, vague), "elapsed", {"a": "vague", "b": "death"})
    assert answer.values["whole_days"] == {"min": 0, "max": 1}
    assert "none" in answer.rests_on.max


def test_a_complete_record_answers_in_fact(case: Case) -> None:
    complete: Line = {
        "id": "all", "type": "claim.complete", "when": "from 2023-10-20 to 2023-10-28", "data": {"of": "injection"}
    }  # fmt: skip
    timeline = case(complete, shot("a"), shot("b", "2023-10-28T09:00Z", source={"speaker": "other"}))
    assert ends(count(timeline, type="injection"), in_fact=True) == (2, 2)
    nobody = Account(speakers=("other",))
    assert ends(count(timeline, account=nobody, type="injection"), in_fact=True) == (1, None)
    told = count(timeline, account=Account(standings=("none",)), type="injection")
    assert ends(told, in_fact=True) == (2, 2)


def test_an_account_that_keeps_the_claim_but_not_the_shot_leaves_it_possible(case: Case) -> None:
    by = {"speaker": "clinic", "standing": "documented"}
    complete: Line = {
        "id": "all", "type": "claim.complete", "when": "from 2023-10-20 to 2023-10-28", "source": by,
        "data": {"of": "injection"},
    }  # fmt: skip
    timeline = case(complete, shot("a", source=by), shot("b", "2023-10-28T09:00Z", source={"speaker": "other"}))
    clinic = count(timeline, account=Account(speakers=("clinic",)), type="injection")
    assert (ends(clinic), ends(clinic, in_fact=True)) == ((1, 1), (1, 2))
    last = ask(timeline, "days-since-last", {"type": "injection", "at": "death"}, Account(speakers=("clinic",)))
    assert last.values["elapsed"]["min_us"] > last.in_fact["elapsed"]["min_us"]


def test_orders_claimed_are_no_administrations(case: Case) -> None:
    claim = total("t", "6", of="prescription")
    assert ends(count(case(claim))) == (0, 0)
    assert ends(count(case(claim), type="prescription")) == (6, 6)


def test_how_much_there_was_in_all(case: Case) -> None:
    claim = total("t", "", substance="ketamine", amount="300 to 400 mg")
    known = {"substance": "ketamine", "amount": "50 mg"}
    timeline = case(claim, shot("a", data=known), shot("b", "2023-10-28T09:00Z", data={"substance": "ketamine"}))
    (amount,) = count(timeline).values["amounts"]
    assert (amount["min"], amount["max"], amount["unknown"]) == ("300", "400", {"min": 1, "max": 1})
    anything, injections = count(timeline), count(timeline, type="injection")
    assert [asked.in_fact["amounts"][0]["max"] for asked in (anything, injections)] == [None, "400"]
    (shorter,) = count(timeline, "1 day before @death").values["amounts"]
    assert (shorter["min"], shorter["max"]) == ("50", "400")
    (longer,) = count(timeline, "5 days before @death").values["amounts"]
    assert (longer["min"], longer["max"]) == ("300", "400")
    assert count(timeline, "5 days before @death", type="injection").in_fact["amounts"][0]["max"] is None


def test_who_gave_it_is_possible_until_two_names_are_two_persons(case: Case) -> None:
    other = shot("a", data={"given_by": "Physician B"})
    answer = count(case(other), given_by="assistant")
    assert ends(answer) == (0, 1)
    assert any("claim.distinct" in one and "Physician B" in one for one in answer.assumes)
    distinct: Line = {"id": "two", "type": "claim.distinct", "data": {"names": ["assistant", "the doctor"]}}
    alias: Line = {"id": "alias", "type": "case.alias", "data": {"name": "Physician B", "means": "The Doctor"}}
    assert ends(count(case(other, distinct, alias), given_by="assistant")) == (0, 0)


def test_same_is_transitive_and_each_account_keeps_its_own_tellers(case: Case) -> None:
    told = [shot(name, when, source={"speaker": name}) for name, when in
            (("a", "2023-10-28"), ("b", "2023-10-28T08:00Z"), ("c", "2023-10-28"))]  # fmt: skip
    same = [
        {"id": f"same-{a}{b}", "type": "claim.same", "data": {"ids": [a, b]}, "source": {"speaker": a}}
        for a, b in ("ab", "bc")
    ]
    assert ends(count(case(*told, *same))) == (1, 1)
    alone = count(case(*told, *same), "2023-10-28T07:00Z/2023-10-28T09:00Z", account=Account(speakers=("a",)))
    assert ends(alone) == (0, 1)


@pytest.mark.parametrize(
    ("statement", "truth", "in_fact"),
    [
        ("no injection within 1 day before @death", "impossible", "impossible"),
        ("no infusion within 1 day before @death", "certain", "possible"),
        ("at least 2 injection within 1 day before @death", "certain", "certain"),
        ("at least 3 injection within 1 day before @death", "impossible", "possible"),
        ("at most 2 injection within 1 day before @death", "certain", "possible"),
        ("at most 1 injection within 1 day before @death", "impossible", "impossible"),
        ("exactly 2 injection within 1 day before @death", "certain", "possible"),
        ("1 to 2 injection within 1 day before @death", "certain", "possible"),
        ("more than 2 injection within 1 day before @death", "impossible", "possible"),
    ],
)
def test_numbers_hold_on_record_and_in_fact(case: Case, statement: str, truth: str, in_fact: str) -> None:
    timeline = case(shot("a"), shot("b", "2023-10-28T09:00Z"))
    answer = ask(timeline, "holds", {"statement": statement})
    assert (answer.values["truth"], answer.in_fact["truth"]) == (truth, in_fact)
