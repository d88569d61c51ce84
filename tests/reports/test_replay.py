"""The record as it stood: each stop is the fold of the record up to it, and the page's data say the same."""

from __future__ import annotations

from typing import Any

from timeline.case import CaseTimeline
from timeline.reports.composing.replay import LEAST, MOST, stops
from timeline.reports.web.replayed import replayed
from timeline.views import ask


def amended(told: Any) -> CaseTimeline:
    """Give a case in which an event was corrected, one withdrawn, and one dated only later."""
    events = told(
        {"id": "opened", "type": "case.opened", "data": {"title": "T", "zone": "UTC"}},
        {"id": "shot", "type": "injection", "when": "1 hour before @death", "source": {"speaker": "a"}},
        {"id": "wrong", "type": "fact", "when": "2023-10-01", "data": {"text": "no"}},
        {"id": "death", "type": "death", "when": "2023-10-28T10:00", "source": {"speaker": "b"}},
        {"id": "fix", "type": "amend.correct", "data": {"target": "shot", "set": {"when": "2 hours before @death"}}},
        {"id": "away", "type": "amend.retract", "data": {"target": "wrong", "reason": "misread"}},
    )
    return CaseTimeline.of("c", events)


def shown(data: dict[str, Any], at: int) -> list[str]:
    """Read the page's data as the page does: the ids in order at one stop."""
    order = data["stops"][at].get("o", range(len(data["rows"])))
    rows = (data["rows"][n] for n in order)
    return [one for one, states in rows if any(first <= at <= last for first, last, _ in states)]


def test_each_stop_is_the_fold_of_the_record_up_to_it(told: Any, composed: Any) -> None:
    timeline = amended(told)
    report = composed(timeline)
    data = replayed(report)
    assert [stop.position for stop in report.replay] == [1, 2, 3, 4, 5, 6]
    for at, stop in enumerate(report.replay):
        answer = ask(timeline.upto(stop.position), "chronology", {})
        ids = [event["id"] for event in answer.values["events"]]
        assert [row.id for row in stop.rows] == ids
        assert shown(data, at) == ids
        assert data["stops"][at]["n"] == len(ids)


def test_a_row_changes_its_words_where_the_record_did(told: Any, composed: Any) -> None:
    data = replayed(composed(amended(told)))
    rows = dict(data["rows"])
    assert [(first, last, cells and cells[0][1][0]) for first, last, cells in rows["shot"]] == [
        (1, 2, "undated"),
        (3, 3, "2023-10-28 09:00"),
        (4, 5, 0),
    ]
    assert [(first, last, bool(cells)) for first, last, cells in rows["wrong"]] == [(2, 4, True)]


def test_the_answers_are_those_given_then(founding: Any, report: Any) -> None:
    first = report.section("answers").data[0]
    for stop in report.replay[-3:]:
        answer = ask(founding.upto(stop.position), first["view"], first["parameters"])
        assert stop.answers[0] == answer.text
    assert report.replay[0].answers[0] == "not on record yet"


def test_a_large_case_has_few_stops_and_always_the_last(told: Any) -> None:
    event = told({"id": "a", "type": "found"})[0]
    from msgspec.structs import replace

    for count, least in ((1, 1), (60, MOST), (500, LEAST), (5_000, LEAST), (50_000, LEAST)):
        found = stops([replace(event, position=n) for n in range(1, count + 1)])
        assert found[-1] == count
        assert list(found) == sorted(set(found))
        assert min(least, count) <= len(found) <= MOST


def test_a_record_cut_by_the_sources_dates_is_not_replayed(founding: Any, composed: Any) -> None:
    assert composed(founding.asserted_by("2024-01-01")).replay == ()
