"""The fold of one case: its settings, its documents, its cuts, what contradicts."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, HOUR, MINUTE, Bound, Ref
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
PACIFIC = {"type": "case.opened", "id": "opened", "data": {"zone": "America/Los_Angeles", "title": "A case"}}
DEATH = {"id": "death", "type": "death", "when": "2023-10-28T16:00Z/2023-10-28T18:00Z"}


@pytest.fixture
def case(told: Told) -> Callable[..., CaseTimeline]:
    def of(*lines: dict[str, Any], about: str = "", zone: str = "UTC") -> CaseTimeline:
        return CaseTimeline.of("c", told(*lines, zone=zone), about=about)

    return of


Case = Callable[..., CaseTimeline]


def bound(hearing: Hearing, event_id: str) -> Bound:
    return hearing.bound(hearing.nodes(event_id).start)


def test_a_prefix_and_then_the_rest_is_the_whole(told: Told) -> None:
    events = told(
        PACIFIC, DEATH, {"id": "a", "type": "fact", "when": "before @death", "data": {"text": "seen"}}, zone="UTC"
    )
    for cut in range(len(events) + 1):
        assert CaseTimeline.of("c", events[:cut]).then(events[cut:]) == CaseTimeline.of("c", events)


def test_zone_and_title_come_from_the_opening_and_an_event_may_have_its_own_zone(case: Case) -> None:
    timeline = case(PACIFIC, DEATH, {**DEATH, "id": "d2", "zone": "Europe/Paris"}, zone="")
    assert (timeline.zone, timeline.title) == ("America/Los_Angeles", "A case")
    assert timeline.zone_of(timeline.by_id["death"]) == "America/Los_Angeles"
    assert timeline.zone_of(timeline.by_id["d2"]) == "Europe/Paris"


def test_a_source_inherits_from_its_document_unless_it_says_otherwise(case: Case) -> None:
    paper = {"speaker": "A. Reporter", "standing": "stated", "title": "The Paper", "dated": "2023-11-01"}
    timeline = case(
        {"id": "a", "type": "death", "source": {"doc": "P"}},
        {"id": "P", "type": "document", "data": paper},
        {"id": "b", "type": "death", "source": {"doc": "P", "speaker": "coroner", "standing": "found"}},
        {"id": "c", "type": "death", "source": {"doc": "@P"}},
    )
    assert timeline.by_id["c"].source.words == "A. Reporter (stated)", "an id may be written with its @"
    assert timeline.by_id["a"].source.words == "A. Reporter (stated)"
    assert timeline.by_id["a"].source.asserted == "2023-11-01"
    assert timeline.by_id["b"].source.words == "coroner (found)"
    assert timeline.by_id["b"].source.document == "The Paper"


def test_names_are_compared_folded_with_their_aliases(case: Case) -> None:
    timeline = case(
        {"id": "x", "type": "case.alias", "data": {"name": "The  Doctor", "means": "physician A"}},
        {"id": "y", "type": "case.alias", "data": {"name": "doc", "means": "the doctor"}},
    )
    assert timeline.same_name("DOC") == timeline.same_name("physician a") == "physician a"


def test_the_record_as_it_stood_has_nothing_of_later(case: Case) -> None:
    timeline = case(DEATH, {"id": "late", "type": "fact", "data": {"text": "x"}})
    assert list(timeline.upto(1).by_id) == ["death"]


def test_as_asserted_leaves_out_and_counts_what_was_said_later_or_at_no_known_date(case: Case) -> None:
    timeline = case(
        PACIFIC,
        {**DEATH, "id": "said", "source": {"asserted": "2023-12-15"}},
        {**DEATH, "id": "astride", "source": {"asserted": "2023-12"}},
        {**DEATH, "id": "unsaid"},
        {
            "id": "x",
            "type": "fact",
            "when": "1 hour before @unsaid",
            "source": {"asserted": "2023-12-01"},
            "data": {"text": "x"},
        },
        {
            "id": "y",
            "type": "fact",
            "when": "1 hour after @unsaid",
            "source": {"asserted": "2023-12-01"},
            "data": {"text": "y"},
        },
        zone="",
    ).asserted_by("2023-12-15")
    assert set(timeline.by_id) == {"said", "x", "y"}
    assert timeline.zone == "America/Los_Angeles"
    assert timeline.cut == "as asserted by 2023-12-15: 2 events not said by then, or not known to be, left out"
    hearing = timeline.hear()
    assert hearing.difference("x", "y").bound == Bound(2 * HOUR, 2 * HOUR)
    assert "@unsaid is cut away: it is a time without bounds" in hearing.assumes


def test_a_reference_to_nothing_bounds_nothing_and_is_said(case: Case) -> None:
    x = {"id": "x", "type": "fact", "when": "1 hour before @ghost; 2023-10-28", "data": {"text": "x"}}
    hearing = case(x, {**x, "id": "y", "when": "after @ghost"}).hear()
    assert bound(hearing, "x") == Bound(1698451200000000, 1698537599999999)
    assert hearing.difference("x", "y").bound == Bound()
    assert hearing.undated == ("y",)
    assert any(
        each.startswith("@ghost is not in the case: '1 hour before @ghost' of @x bounds nothing")
        for each in hearing.assumes
    )


def test_about_is_as_wide_as_the_case_says_else_as_the_question_says_else_only_an_order(case: Case) -> None:
    fixed = {"id": "death", "type": "death", "when": "2023-10-28T16:00:00.000000Z"}
    soft = {"id": "x", "type": "fact", "when": "about 2 hours before @death", "data": {"text": "x"}}
    silent = case(fixed, soft).hear()
    assert silent.difference("x", "death").bound == Bound(1, None)
    assert silent.statements["x"].soft
    assert silent.assumes == ("'about 2 hours before @death' of @x has no width: it bounds nothing but its order",)
    asked = case(fixed, soft, about="30 minutes").hear()
    assert asked.difference("x", "death").bound == Bound(90 * MINUTE, 150 * MINUTE)
    opened = {"type": "case.opened", "id": "o", "data": {"about": {"hour": "1 hour"}}}
    assert case(opened, fixed, soft, about="30 minutes").hear().difference("x", "death").bound == Bound(HOUR, 3 * HOUR)


def test_about_some_weeks_is_as_wide_as_the_case_says_for_weeks_else_for_days(case: Case) -> None:
    fixed = {"id": "death", "type": "death", "when": "2023-10-28T00:00:00.000000Z"}
    soft = {"id": "x", "type": "fact", "when": "about 2 weeks before @death", "data": {"text": "x"}}

    def width(**about: str) -> Bound:
        opened = {"type": "case.opened", "id": "o", "data": {"about": about}}
        return case(opened, fixed, soft).hear().difference("x", "death").bound

    assert width(day="1 day") == Bound(13 * 24 * HOUR, 15 * 24 * HOUR)
    assert width(day="1 day", week="3 days") == Bound(11 * 24 * HOUR, 17 * 24 * HOUR)


def test_an_about_no_wider_than_its_order_stays_before(case: Case) -> None:
    fixed = {"id": "death", "type": "death", "when": "2023-10-28T16:00:00.000000Z"}
    soft = {"id": "x", "type": "fact", "when": "about 2 hours before @death", "data": {"text": "x"}}
    assert case(fixed, soft, about="5 hours").hear().difference("x", "death").bound == Bound(1, 7 * HOUR)


@pytest.mark.parametrize(
    "line",
    [
        {"when": "2023-10-28T10:00:00.000000Z", "until": "2023-10-28T11:00:00.000000Z"},
        {"when": "2023-10-28T10:00:00.000000Z", "data": {"duration": "1 hour"}},
        {"when": "from 2023-10-28T10:00:00.000000Z to 2023-10-28T11:00:00.000000Z"},
    ],
)
def test_a_span_has_a_start_and_an_end(case: Case, line: dict[str, Any]) -> None:
    after = {"id": "x", "type": "fact", "when": "1 hour after @s", "data": {"text": "x"}}
    hearing = case({"id": "s", "type": "infusion", **line}, after).hear()
    assert hearing.difference("s.start", "s.end").bound == Bound(HOUR, HOUR)
    assert hearing.difference("s.start", "x").bound == Bound(2 * HOUR, 2 * HOUR)
    assert hearing.node(Ref(id="s", side="end")) == "s.end"
    assert hearing.placed("s") == ("s.start", "s.start")


def test_each_instant_of_several_satisfies_when(case: Case) -> None:
    shots = {"id": "shots", "type": "injection", "when": "within 1 day before @death", "data": {"count": "at least 3"}}
    hearing = case(DEATH, shots).hear()
    assert hearing.placed("shots") == ("shots.first", "shots.last")
    assert hearing.difference("shots.first", "shots.last").bound == Bound(0, DAY)
    assert hearing.difference("shots.last", "death").bound == Bound(0, DAY)
    with pytest.raises(Fault, match=r"@shots has more than one instant; write @shots\.first"):
        hearing.node(Ref(id="shots"))


def test_a_bare_reference_to_several_where_one_is_meant_bounds_nothing_and_is_said(case: Case) -> None:
    shots = {"id": "shots", "type": "injection", "when": "within 1 day before @death", "data": {"count": 3}}
    seen = {"id": "seen", "type": "fact", "when": "at @shots", "data": {"text": "x"}}
    hearing = case(DEATH, shots, seen).hear()
    assert hearing.undated == ("seen",)
    assert any("'at @shots' of @seen bounds nothing; write @shots.first" in each for each in hearing.assumes)


def test_civil_days_rest_on_the_anchors_own_date_too(case: Case) -> None:
    fixed = {"id": "death", "type": "death", "when": "2023-10-28T16:17Z"}
    week = {"id": "w", "type": "infusion", "when": "7 calendar days before @death"}
    for lines in ((fixed, week), (week, fixed)):
        hearing = case(*lines).hear()
        found = hearing.network.bound("w")
        assert found.bound == Bound(1697846400000000, 1697932799999999)
        assert found.lo_rests == found.hi_rests == ("death", "w")
        assert not hearing.tight("w")
        assert hearing.tight("death") is False


def test_civil_days_from_an_anchor_set_aside_use_the_rule_without_its_date(case: Case) -> None:
    rival = {"id": "r", "type": "fact", "when": "at @death; 2023-10-30", "data": {"text": "x"}}
    lines = ({**DEATH, "source": {"standing": "alleged"}}, {**rival, "source": {"standing": "found"}})
    week = {"id": "w", "type": "infusion", "when": "7 calendar days before @death"}
    hearing = case(*lines, week).hear()
    assert hearing.set_aside == ("death",)
    assert hearing.difference("w", "death").bound == Bound(6 * DAY + 1, 8 * DAY - 1)
    assert "death" not in hearing.network.bound("w").lo_rests


def test_the_weaker_standing_is_set_aside_and_its_event_is_undated(case: Case) -> None:
    last = {"type": "claim.last", "data": {"of": "infusion", "before": "death"}}
    report = {**last, "id": "report", "when": "252 hours before @death ± 36 hours", "source": {"standing": "found"}}
    week = {**last, "id": "week", "when": "7 calendar days before @death", "source": {"standing": "stated"}}
    hearing = case(DEATH, week, report).hear()
    assert hearing.set_aside == ("week",)
    assert [each.statements for each in hearing.conflicts] == [("report", "week")]
    assert hearing.difference("report", "death").bound == Bound(9 * DAY, 12 * DAY)


def test_the_events_a_question_names_come_before_every_standing(case: Case) -> None:
    alleged = {"id": "a", "type": "death", "when": "2023-10-27", "source": {"standing": "alleged"}}
    found = {
        "id": "f",
        "type": "fact",
        "when": "at @a; 2023-10-28",
        "data": {"text": "x"},
        "source": {"standing": "found"},
    }
    timeline = case(alleged, found)
    assert timeline.hear().set_aside == ("a",)
    assert timeline.hear(named=("a",)).set_aside == ("f",)


def test_an_anchor_constrains_and_does_not_count(case: Case) -> None:
    timeline = case(
        {**DEATH, "source": {"speaker": "medical examiner", "via": "NN", "standing": "found"}},
        {"id": "a", "type": "injection", "when": "1 hour before @death", "source": {"speaker": "assistant"}},
        {"id": "b", "type": "injection", "when": "2 hours before @death", "source": {"speaker": "nurse"}},
    )
    hearing = timeline.hear(Account(speakers=("assistant",)))
    assert [event.id for event in hearing.counted] == ["a"]
    assert hearing.anchors == {"death"}
    assert hearing.bound("a") != Bound()
    assert "b" not in hearing.network.nodes
    assert "@death dated on the word of medical examiner (found)" in hearing.assumes


@pytest.mark.parametrize("words", ["90 minutes ± 30 minutes", "90 minutes +/- 30 min", "90 minutes give or take 0.5 h"])
def test_a_claim_of_elapsed_time_has_a_tolerance(case: Case, words: str) -> None:
    a, b = ({"id": one, "type": "infusion"} for one in "ab")
    claim = {"id": "claim", "type": "claim.elapsed", "data": {"from": "a", "to": "b", "elapsed": words}}
    assert case(a, b, claim).hear().difference("a", "b").bound == Bound(HOUR, 2 * HOUR)


def test_claims_of_order_elapsed_and_sameness_act_only_where_they_count(case: Case) -> None:
    a, b = ({"id": one, "type": "infusion", "source": {"speaker": "x"}} for one in "ab")
    claims = {
        "order": {"type": "claim.order", "data": {"first": "a", "then": "@b"}},
        "elapsed": {"type": "claim.elapsed", "data": {"from": "a", "to": "b", "elapsed": "between 2 and 3 hours"}},
        "same": {"type": "claim.same", "data": {"ids": ["a", "b"]}},
    }
    expected = {"order": Bound(1, None), "elapsed": Bound(2 * HOUR, 3 * HOUR), "same": Bound(0, 0)}
    for name, claim in claims.items():
        timeline = case(a, b, {**claim, "id": "claim", "source": {"speaker": "y"}})
        assert timeline.hear().difference("a", "b").bound == expected[name], name
        assert timeline.hear(Account(speakers=("x",))).difference("a", "b").bound == Bound(), name


def test_a_case_that_is_done_with_is_gone_at_once(case: Case) -> None:
    dose = {"id": "x", "type": "infusion", "when": "2 hours before @y", "data": {"amount": "50 mg"}}
    timeline = case({"id": "y", "type": "infusion", "when": "2023-10-28T07:00Z"}, dose)
    for name, params in (("dose-total", {"window": "1 day before @y"}), ("gaps", {}), ("chronology", {})):
        ask(timeline, name, params)
    alive = weakref.ref(timeline), weakref.ref(timeline.hear().timeline)
    gc.disable()
    try:
        del timeline
        assert [one() for one in alive] == [None, None]
    finally:
        gc.enable()
