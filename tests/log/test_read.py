"""What comes back is what went in, by case, by position, up to a cut, and quickly found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from events.event import Draft
from events.log import CaseRow, Log, open_log
from events.log import read as read_room
from tests.databases.attack import tamper

Make = Callable[..., Draft]

pytestmark = pytest.mark.both


@pytest.fixture
def three(log: Log, draft: Make) -> Log:
    first, second = [draft("b", "1"), draft("a", "1", event_id="x")], [draft("a", "2", own={"note": "aside"})]
    with log.writing("keeper", lambda: 10) as writer:
        writer.append(first)
    with log.writing("keeper", lambda: 20) as writer:
        writer.append(second)
    return log


def test_a_case_comes_back_in_case_order_with_its_disclosures(three: Log) -> None:
    assert [(one.position, one.written["text"], one.note) for one in three.events("a")] == [
        (2, "1", ""),
        (3, "2", "aside"),
    ]
    assert list(three.events("nobody's")) == []


def test_a_cut_leaves_out_what_came_later(three: Log) -> None:
    assert [one.position for one in three.events("a", upto=2)] == [2]
    assert [one.position for one in three.events("a", upto=0)] == []


def test_all_events_come_by_position_whatever_the_chunk(three: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in (1, 2, 3, 100):
        monkeypatch.setattr(read_room, "CHUNK", chunk)
        assert [one.position for one in three.all_events()] == [1, 2, 3]
        assert [one.position for one in three.all_events(2)] == [2, 3]
        assert [one.position for one in three.all_events(1, 2)] == [1, 2]


def test_cases_are_listed_by_name(three: Log) -> None:
    assert three.cases() == (CaseRow("a", 2, 2, 3, 10, 20), CaseRow("b", 1, 1, 1, 10, 10))
    assert (three.has_case("a"), three.has_case("c"), three.case_head("a"), three.case_head("c")) == (True, False, 2, 0)


def test_one_event_is_found_by_its_id(three: Log) -> None:
    found = three.event("a", "x")
    assert found is not None
    assert (found.position, found.written) == (2, {"text": "1"})
    assert three.event("b", "x") is None
    assert three.event("c", "x") is None


def test_stats_count_what_there_is(three: Log) -> None:
    stats = three.stats()
    assert (stats.events, stats.cases, stats.batches, stats.disclosures, stats.types) == (3, 2, 0, 4, (("fact", 3),))
    assert (stats.first_recorded, stats.last_recorded) == (10, 20)


def test_an_erased_disclosure_reads_as_redacted(db: str, three: Log) -> None:
    tamper(db, "DELETE FROM disclosure WHERE position = 3 AND field = 'note'")
    *_, last = three.events("a")
    assert (last.note, last.redacted) == ("[redacted]", frozenset({"note"}))


def test_a_reader_sees_whole_batches_while_another_writes(db: str, three: Log, draft: Make) -> None:
    with open_log(db, mode="write") as other, other.writing("keeper") as writer:
        writer.append([draft("a", "3")])
        assert three.head()[0] == 3
        assert len(list(three.events("a"))) == 2
    assert three.head()[0] == 4


@pytest.mark.sqlite
@pytest.mark.parametrize("query", ["_CASE_ROWS", "_CASE_DISCLOSURES", "_ONE", "_CASES"])
def test_a_question_on_one_case_never_scans_the_log(three: Log, query: str) -> None:
    sql = str(getattr(read_room, query))
    plan = [str(row[3]) for row in three.rows(f"EXPLAIN QUERY PLAN {sql}", ("a",) * sql.count("?"))]
    assert not [step for step in plan if step.startswith(("SCAN e", "SCAN l", "SCAN f", "SCAN d"))], plan


def test_nothing_can_be_written_through_the_read_side(three: Log) -> None:
    from events.errors import Unavailable

    with pytest.raises(Unavailable, match="may not be written"):
        three.rows("INSERT INTO cases VALUES (3, 'c')")
