"""Positions of parties: the latest stands, what is disputed is said, and may be asked for alone or left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.positions import disputed, positions
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
OPENED = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}
DEATH = {"id": "death", "type": "death", "when": "2023-10-28", "source": {"speaker": "examiner", "standing": "found"}}
SHOTS = {"id": "shots", "type": "injection", "when": "within 4 days before @death", "data": {"count": "at least 27"}}
SHOT = {"id": "shot", "type": "injection", "when": "2023-10-27"}


def position(one: str, stance: str, *, party: str = "assistant", target: str = "shots", **more: Any) -> dict[str, Any]:
    return {"id": one, "type": "position", "data": {"target": target, "stance": stance, "party": party}, **more}


@pytest.fixture
def case(told: Told) -> Callable[..., CaseTimeline]:
    return lambda *lines: CaseTimeline.of("c", told(OPENED, DEATH, SHOTS, SHOT, *lines))


Case = Callable[..., CaseTimeline]


def stances(timeline: CaseTimeline) -> list[tuple[str, str, str]]:
    return [(one.target, one.party, one.stance) for one in positions(timeline)]


def test_the_later_date_stands_whatever_was_recorded_last(case: Case) -> None:
    late, early = position("p1", "accepts", when="2024-09-01"), position("p2", "disputes", when="2024-08-15")
    for lines in ((late, early), (early, late)):
        assert stances(case(*lines)) == [("shots", "assistant", "accepts")]
        assert disputed(case(*lines)) == {}


def test_the_day_it_was_said_dates_a_position_without_a_date(case: Case) -> None:
    late = position("p1", "accepts", source={"asserted": "2024-09-01"})
    early = position("p2", "disputes", source={"asserted": "2024-08-15"})
    assert stances(case(late, early)) == [("shots", "assistant", "accepts")]


def test_where_no_date_tells_a_dispute_stands_whatever_the_order_of_recording(case: Case) -> None:
    taken = position("p1", "disputes"), position("p2", "reserves")
    for order in (taken, taken[::-1]):
        assert stances(case(*order)) == [("shots", "assistant", "disputes")]


def test_each_party_has_a_position_of_its_own(case: Case) -> None:
    timeline = case(position("p1", "disputes"), position("p2", "accepts", party="Defence"), position("p3", "disputes"))
    assert stances(timeline) == [("shots", "assistant", "disputes"), ("shots", "Defence", "accepts")]


def test_names_are_one_as_the_case_compares_them(case: Case) -> None:
    alias = {"id": "alias", "type": "case.alias", "data": {"name": "the aide", "means": "assistant"}}
    first, then = "2024-08-15T10:00:00Z", "2024-08-16T10:00:00Z"
    timeline = case(
        alias, position("p1", "disputes", when=first), position("p2", "accepts", when=then, party="The  Aide")
    )
    assert disputed(timeline) == {}


def test_the_speaker_is_the_party_where_none_is_named(case: Case) -> None:
    line = {"id": "p", "type": "position", "data": {"target": "@shots", "stance": "disputes"}}
    assert stances(case({**line, "source": {"speaker": "dealer"}})) == [("shots", "dealer", "disputes")]
    assert stances(case(line)) == [("shots", "nobody named", "disputes")]


def test_an_answer_names_what_it_rests_on_that_is_disputed(case: Case) -> None:
    timeline = case(position("p1", "disputes"), position("p2", "disputes", party="defence"))
    answer = ask(timeline, "dose-total", {"window": "4 days before @death"})
    assert "@shots is disputed by assistant and defence" in answer.assumes
    assert "@shots is disputed by assistant and defence." in answer.sentence
    assert not [one for one in ask(timeline, "elapsed", {"a": "shot", "b": "death"}).assumes if "disputed by" in one]


def test_it_speaks_for_every_account(case: Case) -> None:
    timeline = case(position("p", "disputes", target="death", source={"speaker": "defence"}))
    answer = ask(timeline, "elapsed", {"a": "shot", "b": "death"}, Account(speakers=("examiner",)))
    assert "@death is disputed by assistant" in answer.assumes


@pytest.mark.parametrize(
    ("account", "least"), [(Account(), 27), (Account(undisputed=True), 1), (Account(disputed=True), 27)]
)
def test_only_what_is_disputed_or_only_what_is_not(case: Case, account: Account, least: int) -> None:
    answer = ask(case(position("p", "disputes")), "dose-total", {"window": "4 days before @death"}, account)
    assert answer.values["administrations"]["min"] == least
    assert answer.account == account


def test_anchors_are_kept_as_always(case: Case) -> None:
    hearing = case(position("p", "disputes")).hear(Account(disputed=True))
    assert ({event.id for event in hearing.counted}, hearing.anchors) == ({"shots"}, frozenset({"death"}))


def test_the_account_says_so(case: Case) -> None:
    assert Account(undisputed=True).words == "on what nobody disputes"
    assert Account(disputed=True).json["disputed"] is True
    assert "disputed" not in Account().json
    with pytest.raises(Fault, match="leave nothing"):
        case().hear(Account(disputed=True, undisputed=True))


def test_of_two_at_one_instant_a_dispute_stands(case: Case) -> None:
    at = "2024-08-15T10:00:00.000000Z"
    assert stances(case(position("p1", "accepts", when=at), position("p2", "disputes", when=at))) == [
        ("shots", "assistant", "disputes")
    ]
