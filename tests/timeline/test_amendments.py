"""Amendments in a case: corrected dates and zones, documents, accounts, cuts, redactions, references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from events.codec import REDACTED
from events.when import HOUR
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.amendments import amend, content
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
OPENED = {"id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}}
DEATH = {"id": "d", "type": "death", "when": "2023-10-28T16:00:00.000000", "source": {"speaker": "examiner"}}
SHOT = {"id": "s", "type": "injection", "when": "2023-10-28T12:00:00.000000", "source": {"speaker": "assistant"}}


def correct(target: str, name: str = "fix", /, **laid: Any) -> dict[str, Any]:
    return {"id": name, "type": "amend.correct", "data": {"target": target, "set": laid}}


def retract(target: str, name: str = "gone") -> dict[str, Any]:
    return {"id": name, "type": "amend.retract", "data": {"target": target, "reason": "misprint"}}


def case(told: Told, *lines: dict[str, Any]) -> CaseTimeline:
    return CaseTimeline.of("c", told(OPENED, *lines))


def test_a_corrected_date_is_read_in_the_zone_the_event_has(told: Told) -> None:
    fixed = case(told, DEATH, SHOT, correct("s", when="2023-10-28T13:00:00.000000"))
    assert ask(fixed, "elapsed", {"a": "s", "b": "d"}).values["elapsed"]["min_us"] == 3 * HOUR
    moved = case(told, DEATH, SHOT, correct("s", zone="America/New_York"))
    assert ask(moved, "elapsed", {"a": "s", "b": "d"}).values["elapsed"]["min_us"] == 7 * HOUR
    undated = case(told, DEATH, SHOT, correct("s", when=None))
    assert (undated.by_id["s"].earliest, undated.by_id["s"].latest) == (None, None)


def test_a_when_of_both_ends_is_corrected_as_it_was_written(told: Told) -> None:
    span = {"id": "i", "type": "infusion", "when": "from 2023-10-28T10:00Z to 2023-10-28T11:00Z"}
    _, event, fix = told(OPENED, span, correct("i", when="2023-10-28T09:00Z", until="2023-10-28T12:00Z"))
    read_back = replace(event, when="2023-10-28T10:00Z", until="2023-10-28T11:00Z", spoken=event.when)
    (now, _) = amend([read_back, fix]).events
    assert (now.when, now.until) == ("2023-10-28T09:00Z", "2023-10-28T12:00Z")
    (now, _) = amend([read_back, replace(fix, written={"target": "i", "set": {"when": "2023-10-28T10:00Z"}})]).events
    assert (now.when, now.until) == ("2023-10-28T10:00Z", "")
    (now, _) = amend([read_back, replace(fix, written={"target": "i", "set": {"until": None}})]).events
    assert content(now)["when"] == "2023-10-28T10:00Z"


def test_amendments_act_whatever_the_account_and_answers_rest_on_them(told: Told) -> None:
    other = {**SHOT, "id": "s2", "source": {"speaker": "assistant"}}
    timeline = case(told, DEATH, SHOT, other, {**retract("s2"), "source": {"speaker": "clerk"}})
    params = {"type": "injection", "window": "1 day before @d"}
    answer = ask(timeline, "dose-total", params, Account(speakers=("assistant",)))
    assert answer.values["administrations"] == {"min": 1, "max": 1}
    assert "gone" in answer.rests_on.both
    assert "gone" not in ask(timeline, "elapsed", {"a": "s", "b": "d"}).rests_on.both


def test_what_an_event_inherits_follows_the_correction_of_its_document(told: Told) -> None:
    paper = {"id": "P", "type": "document", "data": {"title": "Paper", "speaker": "reporter"}}
    shot = {**SHOT, "source": {"doc": "P"}}
    assert case(told, paper, shot, correct("P", data={"speaker": "editor"})).by_id["s"].source.speaker == "editor"
    assert case(told, paper, shot, retract("P")).by_id["s"].source.speaker == ""


def test_the_cut_comes_before_the_amendments(told: Told) -> None:
    timeline = case(told, DEATH, SHOT, retract("s"))
    assert "s" in timeline.upto(3).by_id
    assert "s" not in timeline.by_id
    dated = case(told, DEATH, {**SHOT, "source": {"asserted": "2023-12-01"}}, retract("s"))
    assert "s" not in dated.asserted_by("2023-12-31").by_id, "an amendment without a date repairs the entry"
    said = case(
        told, DEATH, {**SHOT, "source": {"asserted": "2023-12-01"}}, {**retract("s"), "source": {"asserted": "2024-05"}}
    )
    assert "s" in said.asserted_by("2023-12-31").by_id


def test_what_refers_to_a_withdrawn_event_bounds_nothing_and_says_so(told: Told) -> None:
    after = {"id": "f", "type": "found", "when": "after @s"}
    timeline = case(told, DEATH, SHOT, after, retract("s"))
    assert "f" in timeline.hear().undated
    assert any("@s was withdrawn" in said for said in timeline.hear().assumes)


def test_what_was_redacted_stays_so_whatever_a_correction_says(told: Told) -> None:
    _, event, fix = told(
        OPENED, {"id": "x", "type": "fact", "data": {"text": "a"}}, correct("x", data={"text": "b"}, note="n")
    )
    gone = replace(event, written={"text": REDACTED}, note=REDACTED, redacted=frozenset({"data.text", "note"}))
    (now, _) = amend([gone, fix]).events
    assert (now.written["text"], now.note) == (REDACTED, REDACTED)


def test_a_correction_of_a_correction_takes_out_what_that_set(told: Told) -> None:
    lines = (SHOT, correct("s", "one", when="2024", data={"count": "2"}), correct("one", "two", when=None))
    timeline = case(told, *lines)
    assert timeline.by_id["s"].when == SHOT["when"]
    assert timeline.by_id["s"].written == {"count": "2"}
    assert timeline.amended.by["s"] == ("one", "two")
