"""Kept views: always what a fold of the whole log gives, whatever was kept before, and nothing where they cannot be."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import event as event_room
from events.errors import Fault, Unavailable
from events.log import Log, open_log
from events.log.redact import redact
from tests.kept.records import LAST, LINES, append, folded, kept
from timeline import store, views
from timeline.kept import on_sqlite, questions
from timeline.kept.tables import TABLES
from timeline.read import PLAIN
from timeline.reports.asking import put


@pytest.mark.usefixtures("few")
def test_after_every_event_what_is_kept_is_a_fold_of_the_whole(db: str) -> None:
    with open_log(db, mode="write") as log:
        for line in LINES:
            append(log, line)
            done = store.project(db)
            assert (done["folded"], done["warnings"]) == (1, [])
            assert kept(db) == folded(db), line["id"]
    assert Path(f"{db}.views").stat().st_mode & 0o777 == 0o600


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 5), max_size=4), st.permutations(range(3)), st.booleans())
@pytest.mark.usefixtures("few")
def test_any_prefixes_brought_up_are_a_fold_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], order: list[int], anew: bool
) -> None:
    db = str(tmp_path_factory.mktemp("steps") / "log.db")
    case = {name: "abc"[place] for name, place in zip("abc", order, strict=True)}
    lines, at = [{**line, "case": case[line["case"]]} for line in LINES], 0
    with open_log(db, mode="write") as log:
        for step in (*steps, len(lines)):
            append(log, *lines[at : at + step])
            at += step
            store.project(db, anew=anew)
    assert kept(db) == folded(db)


def test_only_cases_touched_since_are_folded_again(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    events = Log.events

    def listen(self: Log, case: str, **how: Any) -> Any:
        read.append(case)
        return events(self, case, **how)

    monkeypatch.setattr(Log, "events", listen)
    assert store.project(log)["folded"] == 0
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "b", "id": "new", "type": "injection"})
    read.clear()
    assert store.project(log)["folded"] == 1
    assert read == ["b"]


def test_a_case_that_cannot_be_asked_has_a_row_with_the_reason(log: str, tmp_path: Path) -> None:
    done = store.cohort(log, ["days-since-last", "infusion", "--at", "death"], str(tmp_path / "out.jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [(row["case_name"], row["asked"], row["reason"]) for row in rows] == [
        ("a", True, ""),
        ("b", True, ""),
        ("c", False, "the case has no death; write the id of an event, see `casefold log`"),
    ]
    assert (done["rows"], done["not_asked"]) == (3, 1)
    assert (rows[0]["truth"], rows[0]["elapsed_min_us"], rows[0]["elapsed_max_us"]) == ("certain", 604800000001, None)
    assert rows[0]["rests_on"]["min"] == ["i"]


def test_what_is_kept_is_what_ask_answers(log: str, tmp_path: Path) -> None:
    store.cohort(log, ["dose-total --window '4 days before death'"], str(tmp_path / "out.jsonl"))
    row = json.loads((tmp_path / "out.jsonl").read_text("utf-8").splitlines()[0])
    told = put(log, "a", "dose-total", {"window": "4 days before death"}, PLAIN).json
    assert (row["administrations_min"], row["administrations_max"]) == tuple(told["administrations"].values())
    for name in ("text", "sentence", "tight", "rests_on", "set_aside", "undated", "assumes", "amounts"):
        assert row[name] == told[name]


def test_a_question_that_was_named_is_kept_from_then_on(log: str) -> None:
    first = store.project(log, ["holds '@i before @d'", "  days-since-last   infusion  --at=death"])
    assert [each["question"] for each in first["questions"] if not each["seed"]] == ["holds '@i before @d'"]
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "a", "id": "no", "type": "amend.retract", "data": {"target": "i"}})
    assert store.project(log)["folded"] == 1
    with closing(sqlite3.connect(f"{log}.views")) as connection:
        rows = connection.execute("SELECT case_name, asked, truth FROM answer ORDER BY 1").fetchall()
    assert rows == [("a", 0, None), ("b", 0, None), ("c", 0, None)]
    assert len(store.project(log, anew=True)["questions"]) == len(first["questions"])


def test_a_mistyped_question_is_refused_or_warned_of(log: str) -> None:
    with pytest.raises(Fault, match="did you mean 'infusion'"):
        store.project(log, ["days-since-last infusin --at death"])
    assert "no case could be asked" in store.project(log, ["elapsed nothing death"])["warnings"][0]


def change_view(patch: pytest.MonkeyPatch) -> None:
    views.views()
    patch.setitem(views._VIEWS, "days-since-last", replace(views._VIEWS["days-since-last"], version=2))


def change_type(patch: pytest.MonkeyPatch) -> None:
    questions.types_made_of.cache_clear()
    known = event_room.event_types()["infusion"]
    patch.setitem(event_room._TYPES, "infusion", replace(known, version=2, upcast={1: dict}))


def change_program(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(questions, "VERSION", "9.9.9")


@pytest.mark.parametrize(
    ("change", "why"), [(change_view, "the view"), (change_type, "the event types"), (change_program, "the program")]
)
def test_what_was_made_with_another_version_is_discarded(
    log: str, monkeypatch: pytest.MonkeyPatch, change: Any, why: str
) -> None:
    with closing(sqlite3.connect(f"{log}.views")) as connection:
        connection.execute("UPDATE elapsed SET text = 'old'")
        connection.commit()
    change(monkeypatch)
    assert f"{why} changed since" in {each["stale"] for each in store.status(log)["questions"]}
    assert f"{why} changed since" in store.project(log)["warnings"][0]
    assert not [row for row in kept(log)["elapsed"] if "old" in row]
    assert store.compare(log)["same"]
    monkeypatch.undo()
    questions.types_made_of.cache_clear()


def test_an_upcaster_that_does_something_else_is_another_one() -> None:
    def add(base: int) -> Any:
        return lambda data: {**data, "n": 1} if base else {**data, "m": 1}

    assert questions._made_of(add(1)) == questions._made_of(add(1))
    assert questions._made_of(lambda data: {**data, "n": 1}) != questions._made_of(lambda data: {**data, "n": 2})


def test_another_log_or_a_restored_backup_discards_what_is_kept(log: str, db: str, tmp_path: Path) -> None:
    backup = shutil.copy(log, tmp_path / "backup.db")
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "a", "id": "later", "type": "injection", "when": "2023-10-28"})
    store.project(log)
    shutil.copy(backup, log)
    assert "a backup was restored" in store.status(log)["of_no_use"]
    assert "a backup was restored" in store.project(log)["warnings"][0]
    assert kept(log) == folded(log)
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "a", "id": "other", "type": "injection", "when": "2023-10-28"})
    store.project(log)
    shutil.copy(backup, log)
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "b", "id": "other", "type": "injection", "when": "2023-10-28"})
    assert "the log is not the one" in store.project(log)["warnings"][0]
    Path(log).unlink()
    with open_log(log, mode="write") as opened:
        append(opened, *LINES)
    assert "another log" in store.project(log)["warnings"][0]
    assert kept(log) == folded(log)


def test_a_planted_change_is_found(log: str) -> None:
    assert store.compare(log)["same"]
    with closing(sqlite3.connect(f"{log}.views")) as connection:
        connection.execute("UPDATE elapsed SET elapsed_min_us = 1 WHERE case_name = 'a' AND question = 3")
        connection.execute("DELETE FROM chronology WHERE case_name = 'b' AND place = 2")
        connection.execute("INSERT INTO cases SELECT 'ghost', * FROM (SELECT asked, reason, title, zone, events, told,"
                           " administrations, undated, conflicts, earliest_us, latest_us, first_recorded_us,"
                           " last_recorded_us, position FROM cases WHERE case_name = 'a')")  # fmt: skip
        connection.commit()
    done = store.compare(log)
    assert not done["same"]
    assert {(each["question"], each["case"], each["column"]) for each in done["differences"]} == {
        (LAST, "a", "elapsed_min_us"),
        ("chronology", "b", None),
        ("cases", "ghost", None),
    }
    only = store.compare(log, [LAST])["differences"]
    assert [(each["kept"], each["folded"]) for each in only] == [(1, 604800000001)]
    store.project(log, anew=True)
    assert store.compare(log)["same"]


def bytes_beside(db: str) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(Path(db).parent.iterdir()) if path.is_file())


def test_what_is_redacted_is_in_no_file_beside_the_log(log: str, tmp_path: Path) -> None:
    assert b"walked for hours" in Path(f"{log}.views").read_bytes()
    old = Path(f"{log}.views").read_bytes()
    Path(f"{log}.views-aside-killed").write_bytes(b"walked for hours")
    with open_log(log, mode="write") as opened:
        done = redact(opened, "b", "f", ["source.quote"], reason="asked for", authority="court")
    assert done["scrubbed"] is True
    assert b"walked for hours" not in bytes_beside(log)
    assert Path(f"{log}.views").read_bytes() == b""
    Path(f"{log}.views").write_bytes(old)  # as a program that was killed in between would leave it
    assert "redacted since" in store.project(log)["warnings"][0]
    assert b"walked for hours" not in bytes_beside(log)
    assert kept(log) == folded(log)


def test_kept_views_that_somebody_holds_are_said_not_to_be_purged(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from events.log.kept_views import purge

    with closing(sqlite3.connect(f"{log}.views", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM cases").fetchone()
        assert purge(log, 0.01) is False
        assert Path(f"{log}.views").stat().st_size
    assert purge(log, 0.01) is True
    assert purge(log, 0.01) is True
    assert Path(f"{log}.views").stat().st_size == 0


@pytest.mark.parametrize("away", ["rebuilt", "purged", "damaged"])
def test_who_had_the_file_open_before_takes_nobodys_journal(log: str, away: str) -> None:
    """A shell left open while all is made anew, then brought up: in an older file it would end that journal."""
    from events.log.kept_views import purge

    path = Path(f"{log}.views")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as shell:
        if away == "damaged":
            path.write_bytes(b"rubbish" * 999)
        assert away != "purged" or purge(log, 0.01)
        store.project(log, anew=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as keeper:
            for sql in ("PRAGMA cache_size = 1", "BEGIN IMMEDIATE", "CREATE TABLE much AS SELECT * FROM chronology"):
                keeper.execute(sql)
            assert Path(f"{path}-journal").read_bytes()[0]
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                shell.execute("SELECT count(*) FROM cases")
            assert Path(f"{path}-journal").exists()
            keeper.execute("ROLLBACK")
    assert kept(log) == folded(log)


@pytest.mark.parametrize(
    "damage", ["rubbish", "cut short", "other tables", "a link", "empty", "no checkpoint", "a trigger"]
)
def test_a_damaged_file_is_discarded_and_said(log: str, tmp_path: Path, damage: str) -> None:
    path, before = Path(f"{log}.views"), folded(log)
    if damage == "rubbish":
        path.write_bytes(b"rubbish" * 999)
    elif damage == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "a link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        with closing(sqlite3.connect(path)) as connection:
            trigger = "CREATE TRIGGER t AFTER INSERT ON elapsed BEGIN UPDATE elapsed SET text = 'no'; END"
            drop, spoil = "DROP TABLE elapsed", "UPDATE question SET position = 'x'"
            connection.execute({"other tables": drop, "no checkpoint": spoil}.get(damage, trigger))
            connection.commit()
    done = store.cohort(log, [LAST], str(tmp_path / "out.csv"))
    assert kept(log) == before
    assert not path.is_symlink()
    assert damage == "empty" or "was discarded and made anew" in done["warnings"][0]
    assert [each.name for each in tmp_path.iterdir() if "aside" in each.name] == []


def test_what_cannot_be_kept_is_folded_for_the_answer(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.cohort(log, [LAST], str(tmp_path / "right.csv"))
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "c", "id": "d", "type": "death", "when": "2020"})
    monkeypatch.setattr(on_sqlite, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(f"{log}.views", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = store.cohort(log, [LAST], str(tmp_path / "locked.csv"))
        assert "is busy" in done["warnings"][0]
        with pytest.raises(Unavailable, match="is busy"):
            store.project(log)
    views_file = Path(f"{log}.views")
    views_file.unlink()
    views_file.mkdir()
    assert "is a folder" in store.cohort(log, [LAST], str(tmp_path / "folder.csv"))["warnings"][0]
    views_file.rmdir()
    assert store.cohort(log, [LAST], str(tmp_path / "kept.csv"))["warnings"] == []
    texts = {name: (tmp_path / f"{name}.csv").read_text("utf-8") for name in ("right", "locked", "folder", "kept")}
    assert texts["locked"] == texts["folder"] == texts["kept"] != texts["right"]


def test_status_says_how_far_each_question_was_brought_and_changes_nothing(log: str) -> None:
    with open_log(log, mode="write") as opened:
        append(opened, {"case": "b", "id": "new", "type": "injection"})
    before = Path(f"{log}.views").read_bytes()
    done = store.status(log)
    assert {(each["position"], each["lag"]) for each in done["questions"]} == {(len(LINES), 1)}
    assert [(each["cases"], each["not_asked"]) for each in done["questions"] if each["question"] == LAST] == [(3, 1)]
    assert Path(f"{log}.views").read_bytes() == before
    assert (done["of_no_use"], done["missing"]) == ("", [])


def test_the_documentation_has_every_column(root: Path, log: str) -> None:
    page = (root / "docs" / "kept-views.md").read_text("utf-8")
    with closing(sqlite3.connect(f"{log}.views")) as connection:
        for table in TABLES:
            _, _, rest = page.partition(f"### `{table.name}`")
            section = rest.partition("\n### ")[0]
            told = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", section, re.MULTILINE)
            assert told == [(column.name, column.kind, column.says.replace("|", "\\|")) for column in table.columns]
            there = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            assert there == [name for name, _, _ in told]
            assert table.says in section
