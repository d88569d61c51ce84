"""One composition: what the first page says, that every figure leads to its rows, that nothing is lost unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from events.errors import Fault
from events.source import STANDINGS
from timeline.hearings.account import Account
from timeline.reports.composing.brief import PURPOSES, Frame
from timeline.reports.composing.command import command_line
from timeline.reports.composing.shape import Figure, Key, Pairs, Report, Row, Table

pytestmark = pytest.mark.xdist_group("composition")  # one report, composed once
EXAMINER = Account(speakers=("medical examiner",))


def keys(report: Report) -> list[Key]:
    first = report.section("answers")
    assert first is not None
    return [block for block in first.blocks if isinstance(block, Key)]


def table(report: Report, name: str) -> Table:
    return next(each for _, each in report.tables if each.name == name)


def named(report: Report) -> Iterator[str]:
    """Give every id that the report rests a figure on."""
    for key in keys(report):
        yield from (*key.ids, *key.set_aside, *key.undated, *(one for side in key.sides for one in side.ids))
    for _, each in report.tables:
        yield from (one for row in each.rows for cell in row.cells for one in cell.ids)


def test_the_sections_stand_in_the_order_a_reader_needs(report: Report) -> None:
    order = ["cover", "answers", "overview", "final_days", "doses", "levels", "chronology", "conflicts", "gaps"]
    order += [
        "undated",
        "left_out",
        "findings",
        "charges",
        "supply",
        "treatment",
        "sources",
        "history",
        "known",
        "method",
    ]
    there = [section.name for section in report.sections]
    assert there == [name for name in order if name in there]
    assert {"cover", "answers", "doses", "chronology", "conflicts", "left_out", "sources", "method"} <= set(there)
    assert list(report.json) == ["title", "case", *there]


def test_every_id_a_figure_rests_on_has_a_row(report: Report) -> None:
    rows = {row.id for _, each in report.tables for row in each.rows}
    assert set(named(report)) - rows == set()


def test_the_names_of_tables_are_their_own(report: Report) -> None:
    names = [each.name for _, each in report.tables]
    assert len(names) == len(set(names))
    assert all(len(row.cells) == len(each.columns) for _, each in report.tables for row in each.rows)


def test_speakers_who_differ_stand_side_by_side_with_whether_both_can_be_true(report: Report) -> None:
    last = keys(report)[0]
    assert last.plain == "How long before @death was the last infusion?"
    alone = {side.name: side for side in last.sides}
    assert alone["medical examiner"].text == "more than 7 days"
    assert alone["trade newsletter"].standing == "stated"
    assert "medical examiner's report and trade newsletter cannot both be true." in last.verdicts
    assert "day 1" in last.convention


def test_the_shots_are_a_least_number_on_the_prosecutors_word(report: Report) -> None:
    shots = next(key for key in keys(report) if "injections" in key.plain)
    assert shots.text.startswith("at least 27")
    assert "shots" in shots.least
    assert not shots.tight
    assert any("prosecutors, as reported by BBC News (alleged)" in one for one in shots.sources)
    assert {side.name for side in shots.sides} == {"assistant", "prosecutors"}


def test_standing_is_a_word_on_every_row(report: Report) -> None:
    for name in ("chronology", "undated", "left-out"):
        one = table(report, name)
        at = one.head.index("standing")
        assert all(row.cells[at].text in (*STANDINGS, "none given") for row in one.rows)
        assert all(row.facts["standing"] == row.cells[at].text for row in one.rows)


def test_what_is_undated_and_left_out_is_counted_on_the_first_page(report: Report) -> None:
    first = report.section("answers")
    assert first is not None
    counts = first.blocks[0]
    assert isinstance(counts, Pairs)
    said = dict(counts.rows)
    assert f"{len(table(report, 'undated').rows)} of them undated" in said["told"]
    counted = sum(int(found) for found in re.findall(r"(\d+) events? ", said["left out"] + " "))
    assert counted == len(table(report, "left-out").rows) > 0
    assert "1 event withdrawn" in said["left out"]
    assert said["contradictions"].startswith("1 set")


def test_an_account_says_what_it_leaves_out(composed: Any, founding: Any) -> None:
    one = composed(founding, EXAMINER, replayed=False)
    outside = [row for row in table(one, "left-out").rows if row.cells[1].text == "outside the account asked for"]
    counted = {row.id for row in table(one, "chronology").rows}
    assert "shots" in {row.id for row in outside}
    assert all(row.facts["speaker"] != "medical examiner" for row in outside)
    assert counted
    assert "shots" not in counted


def test_a_withdrawn_event_is_in_the_history_with_its_reason(report: Report) -> None:
    row = table(report, "history").rows[0]
    assert "retracted: @trial-misprint" in row.cells[1].text
    assert "misprint" in row.cells[3].text


def test_what_is_private_stays_in_the_log(told: Any, composed: Any) -> None:
    from msgspec.structs import replace

    from timeline.case import CaseTimeline
    from timeline.reports.formats.as_html import as_html
    from timeline.reports.formats.as_json import as_json

    events = told(
        {"id": "death", "type": "death", "when": "2023-10-28T10:00Z"},
        {"id": "x", "type": "fact", "data": {"text": "y"}},
    )
    kept = tuple(replace(event, private="the informant is Q") for event in events)
    made = composed(CaseTimeline.of("c", kept))
    assert "informant" not in as_html(made) + as_json(made)


def test_a_case_without_a_death_says_how_to_put_a_question(told: Any, composed: Any) -> None:
    from timeline.case import CaseTimeline

    events = told(
        {"id": "a", "type": "found", "when": "2023-10-01T10:00Z"},
        {"id": "b", "type": "pronounced", "when": "2023-10-04T10:00Z"},
    )
    timeline = CaseTimeline.of("c", events)
    assert keys(composed(timeline)) == []
    asked = composed(timeline, frame=Frame(questions=("elapsed @a @b",)))
    assert [key.text for key in keys(asked)] == ["2 d 23 h 59 min to 3 d 1 min"]


def test_an_empty_case_is_a_report_too(told: Any, composed: Any) -> None:
    from timeline.case import CaseTimeline
    from timeline.reports.formats.as_html import as_html

    made = composed(CaseTimeline.of("c", told({"id": "opened", "type": "case.opened", "data": {"title": "Empty"}})))
    assert "<h1>Empty</h1>" in as_html(made)
    assert not [block for section in made.sections for block in section.blocks if isinstance(block, Figure)]


def test_a_purpose_is_one_of_three_and_says_what_it_means(composed: Any, founding: Any) -> None:
    assert set(PURPOSES) == {"work-product", "summary-of-evidence", "illustrative-aid"}
    with pytest.raises(Fault, match="no purpose"):
        Frame(purpose="exhibit")
    cover = composed(founding, frame=Frame(purpose="illustrative-aid"), only=("cover",), replayed=False).sections[0]
    assert "not evidence" in dict(cover.blocks[0].rows)["purpose"]


def test_the_command_line_makes_the_report_again_and_names_no_place() -> None:
    from timeline.read import Asked

    asked = Asked.of(speakers=("medical examiner",), standing="found,stated", as_of="12", on_conflict="all")
    line = command_line("perry", asked, Frame(purpose="work-product", by="A B", questions=("elapsed @a @b",)))
    assert line == (
        "casefold report perry --purpose work-product --prepared-by 'A B' --ask 'elapsed @a @b'"
        " --according-to 'medical examiner' --standing found,stated --as-of 12 --on-conflict all"
    )


def test_rows_of_events_have_what_they_are_filtered_by(report: Report) -> None:
    rows: list[Row] = [row for _, each in report.tables if each.events for row in each.rows]
    assert rows
    assert all(set(row.facts) == {"type", "standing", "speaker", "position"} for row in rows)
    assert all(row.cells[0].text == row.facts["position"] for row in rows)
