"""A log taken elsewhere: as lines that are loaded anew, or as itself, byte for byte; and what leaves of it."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.batches.into import load_into
from events.batches.merge import merge_into
from events.batches.replay import replay_into
from events.errors import BadInput, Fault
from events.log import Log, open_log
from events.log.attach import attach
from events.log.checkpoints import checkpoint, key_file, make_key
from events.log.database import COLUMNS
from events.log.making import Naming
from events.log.redact import redact
from events.log.tree import root_of_log
from events.log.verify import verify
from timeline.exports.exporting import export
from timeline.read import PLAIN, Asked
from timeline.reports.asking import put

THE_LOGS = {"log", "position", "prev", "recorded_at", "_sd"}
"""What a log gives its events itself."""
LINES: tuple[dict[str, Any], ...] = (
    {"case": "perry", "id": "opened", "type": "case.opened",
     "data": {"zone": "America/Los_Angeles", "words": {"evening": "18:00-21:00"}}},
    {"case": "perry", "id": "death", "type": "death", "when": "2023-10-28T16:00",
     "source": {"speaker": "medical examiner", "standing": "found", "quote": "at 4 pm"}},
    {"case": "perry", "id": "shots", "type": "injection", "when": "within 4 days before @death",
     "data": {"count": "at least 27"}, "source": {"speaker": "prosecutors", "standing": "alleged"},
     "note": "no dose is stated", "private": "who said so", "tags": ["final-days"]},
    {"case": "perry", "type": "injection", "when": "2023-10-28T08:30", "data": {"count": 1}, "causes": ["opened"]},
    {"case": "b", "id": "death", "type": "death", "when": "1702-03-01", "zone": "Europe/Paris", "actor": "ana"},
    {"case": "perry", "id": "told", "type": "fact", "when": "from 2023-10-01 to 2023-10-20",
     "data": {"text": "=what was erased"}},
    {"case": "perry", "id": "wrong", "type": "fact", "when": "2023-10-05 evening", "data": {"text": "another's"}},
    {"case": "perry", "id": "report", "type": "document", "data": {"title": "The report", "status": "not available"}},
    {"case": "perry", "id": "fix", "type": "amend.correct",
     "data": {"target": "shots", "set": {"data": {"count": "at least 28"}, "note": None, "when": None}}},
    {"case": "perry", "id": "gone", "type": "amend.retract", "data": {"target": "wrong", "reason": "not his"}},
)  # fmt: skip
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chronology", {}),
    ("conflicts", {}),
    ("dose-total", {"type": "injection", "window": "4 days before @death"}),
)


def load(db: str, *files: Path) -> None:
    load_into(db, [str(file) for file in files], opened=lambda _: None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a log with something in every table, that was corrected, redacted, signed, and given a file."""
    folder = tmp_path_factory.mktemp("whole")
    file, db = folder / "a.jsonl", str(folder / "a.db")
    more = [{"case": "many", "type": "infusion", "when": f"2023-01-01T00:00:{n % 60:02d}.{n}Z"} for n in range(250)]
    file.write_text("".join(json.dumps(line) + "\n" for line in (*LINES, *more)), "utf-8")
    load(db, file)
    data = b"the report itself" * 3
    with open_log(db, mode="write") as log:
        make_key(log, key_file(db))
        redact(log, "perry", "told", ["data.text"], reason="asked for", authority="the court")
        told = (log.case_head("perry"), "")
        attach(log, "perry", "report", hashlib.sha256(data).hexdigest(), data, told=told)
        checkpoint(log, key_file(db))
    return db


def rows(log: Log) -> dict[str, list[Any]]:
    return {table: log.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("log", *COLUMNS)}


def answers(db: str) -> list[dict[str, Any]]:
    each = [put(db, "perry", view, asked, PLAIN).json for view, asked in QUESTIONS]
    return [{name: value for name, value in one.items() if name not in ("log", "as_of")} for one in each]


def bodies(db: str) -> list[dict[str, Any]]:
    with open_log(db) as log:
        read = [json.loads(body) for (body,) in log.rows("SELECT body FROM event ORDER BY position")]
    kept = [body for body in read if body["case"] != "casefold:log"]
    return [{name: value for name, value in body.items() if name not in THE_LOGS} for body in kept]


def test_lines_loaded_into_a_new_log_give_the_same_answers_and_the_same_bodies(whole: str, tmp_path: Path) -> None:
    file, left, again = tmp_path / "a.jsonl", tmp_path / "left.jsonl", str(tmp_path / "b.db")
    export(whole, output=str(file), omissions=str(left), private=True)
    load(again, file)
    assert bodies(again) == bodies(whole)
    assert answers(again) == answers(whole)
    with open_log(again) as log, open_log(whole) as old:
        told, was = log.event("perry", "told"), old.event("perry", "told")
        assert told is not None
        assert was is not None
        assert (told.facts, told.redacted) == (was.facts, was.redacted) == (was.facts, frozenset({"data.text"}))
        shots = log.event("perry", "shots")
        assert shots is not None
        assert shots.private == "who said so"
        problems = [one.what for one in verify(log).problems]
    assert len(problems) == 1
    assert "the attachment" in problems[0], "the file itself does not leave by JSONL, and that is said"
    listed = [json.loads(row) for row in left.read_text("utf-8").splitlines()]
    assert [(row["case"], row["id"].partition(":")[0].partition("-")[0], row.get("field")) for row in listed] == [
        ("perry", "told", "data.text"),
        ("casefold:log", "key", None),
        ("perry", "attached", "file"),
    ]
    export(again, output=str(tmp_path / "c.jsonl"), private=True)
    assert (tmp_path / "c.jsonl").read_bytes() == file.read_bytes(), "what was loaded is exported as it came"


def test_a_loaded_redaction_erases_the_placeholder_and_says_what_stands(tmp_path: Path) -> None:
    told = {"case": "c", "id": "t", "type": "fact", "data": {"text": "[redacted]"}, "note": "still here"}
    data = {"target": "t", "fields": ["data.text", "note"]}
    redaction = {"case": "c", "id": "r", "type": "amend.redact", "data": data}
    file = tmp_path / "a.jsonl"
    file.write_text(f"{json.dumps(told)}\n{json.dumps(redaction)}\n", "utf-8")
    done = load_into(str(tmp_path / "a.db"), [str(file)], opened=lambda _: None)
    (warning,) = done.warnings
    assert "note of @t (case c) stands here, though an event of this batch redacts it" in warning.what
    assert warning.instead == "`casefold redact c t note` erases it"
    with open_log(str(tmp_path / "a.db")) as log:
        event = log.event("c", "t")
        assert event is not None
        assert (event.redacted, event.note) == (frozenset({"data.text"}), "still here")


def test_what_is_private_leaves_only_when_asked(whole: str, tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.csv"):
        done = export(whole, ["perry"], output=str(tmp_path / name))
        assert b"who said so" not in (tmp_path / name).read_bytes()
        assert done["left_out"]["private, and not asked for"] == 1
        export(whole, ["perry"], output=str(tmp_path / name), private=True)
        assert b"who said so" in (tmp_path / name).read_bytes()
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_part_leaves_by_case_and_by_cut(whole: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    assert export(whole, ["b", "b"], output=str(file))["events"] == 1
    (line,) = map(json.loads, file.read_text("utf-8").splitlines())
    assert line == LINES[4]
    assert export(whole, output=str(file), asked=Asked(as_of="3"))["events"] == 3
    with pytest.raises(Fault, match=r"there is no case 'pery' in .*; did you mean 'perry'"):
        export(whole, ["pery"], output=str(file))
    for output, why in (("a.txt", "does not say its format"), (whole, "not three files")):
        with pytest.raises(Fault, match=why):
            export(whole, output=output, format="" if output != whole else "jsonl")
    with pytest.raises(Fault, match="a replay is of the whole log"):
        export(whole, ["b"], output=str(file), format="replay")
    assert len(file.read_text("utf-8").splitlines()) == 3, "what fails leaves the file that was there"


def test_a_table_has_the_case_as_it_stands_and_runs_no_formula(whole: str, tmp_path: Path) -> None:
    import csv

    file = tmp_path / "a.csv"
    done = export(whole, ["perry"], output=str(file))
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = {row["id"]: row for row in csv.DictReader(opened)}
    assert "wrong" not in table
    assert done["left_out"]["withdrawn"] == 1
    shots = table["shots"]
    assert (shots["data.count"], shots["when"], shots["earliest"]) == ("at least 28", "", "")
    assert "no dose is stated" not in file.read_text("utf-8-sig"), "a correction took the note away"
    assert shots["amended_by"] == "fix"
    assert table["death"]["latest"] == "2023-10-28T23:00:59.999999Z"
    assert table["told"]["data.text"] == "[redacted]"
    assert (table["report"]["data.status"], "fix" in table) == ("held", False)
    spoilt = tmp_path / "s.jsonl"
    spoilt.write_text('{"case":"x","id":"a","type":"fact","data":{"text":"=HYPERLINK()"},"note":"-5"}\n', "utf-8")
    load(str(tmp_path / "x.db"), spoilt)
    export(str(tmp_path / "x.db"), output=str(file))
    assert "'=HYPERLINK()" in file.read_text("utf-8-sig")
    assert ",-5," in file.read_text("utf-8-sig")


@pytest.fixture(scope="module")
def lines(whole: str, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Give the lines of the log's replay."""
    file = tmp_path_factory.mktemp("lines") / "whole.jsonl"
    export(whole, output=str(file), format="replay")
    return file.read_bytes().splitlines(keepends=True)


def written(folder: Path, lines: list[bytes], name: str = "a.replay") -> str:
    (folder / name).write_bytes(gzip.compress(b"".join(lines)) if name.endswith(".gz") else b"".join(lines))
    return str(folder / name)


def test_a_part_and_then_the_whole_is_the_whole_at_every_cut(tmp_path: Path) -> None:
    lines = [json.dumps(line) + "\n" for line in LINES]
    file, part, empty, once = (tmp_path / name for name in ("whole.jsonl", "part.jsonl", "empty.db", "once.db"))
    file.write_text("".join(lines), "utf-8")
    open_log(str(empty), mode="write").close()
    load(str(shutil.copy(empty, once)), file)
    for cut in range(1, len(lines)):
        part.write_text("".join(lines[:cut]), "utf-8")
        db = str(shutil.copy(empty, tmp_path / f"{cut}.db"))
        for loaded in (part, file, part):
            load(db, loaded)
        assert bodies(db) == bodies(str(once)), "and what is there already is not appended again"


def test_a_replayed_log_is_the_log(whole: str, lines: list[bytes], tmp_path: Path) -> None:
    db = str(tmp_path / "b.db")
    done = replay_into(db, written(tmp_path, lines, "a.jsonl.gz"))
    with open_log(whole) as old, open_log(db) as new:
        assert rows(new) == rows(old)
        assert all(root_of_log(new.rows, n) == root_of_log(old.rows, n) for n in range(old.head()[0] + 1))
        checked = verify(new)
        assert (checked.problems, checked.root) == ((), done["root"])
        assert [(one.id, one.field) for one in checked.redacted] == [("told", "data.text")]
    assert [put(db, "perry", view, asked, PLAIN).json for view, asked in QUESTIONS] == [
        put(whole, "perry", view, asked, PLAIN).json for view, asked in QUESTIONS
    ]
    load(db, Path(whole).with_name("a.jsonl"))
    with open_log(db) as log:
        assert log.head()[0] == done["appended"], "its key came with it: the same lines are the same events"


def test_a_replay_goes_only_where_there_is_no_other_log(lines: list[bytes], tmp_path: Path) -> None:
    file, db, other = written(tmp_path, lines), str(tmp_path / "b.db"), str(tmp_path / "other.db")
    assert replay_into(db, file, dry_run=True)["appended"] == len([x for x in lines if x.startswith(b'{"event"')])
    assert not Path(db).exists()
    replay_into(db, file)
    with pytest.raises(Fault, match=r"is a log of its own already, casefold/.*, and not empty.*`casefold merge`"):
        replay_into(db, file)
    open_log(other, mode="write").close()
    origin = json.loads(lines[0])["origin"]
    assert replay_into(other, file, dry_run=True)["log"] == origin
    with open_log(other) as log:
        assert log.origin != origin, "a dry run leaves the empty log its name"
    replay_into(other, file)
    with open_log(other) as log, open_log(db) as first:
        assert rows(log) == rows(first)
        assert verify(log).ok, "the guard of the name is back in its place"


def test_an_interrupted_replay_is_begun_again(lines: list[bytes], tmp_path: Path) -> None:
    db, named = str(tmp_path / "again.db"), json.loads(lines[0])
    open_log(db, mode="write", named=Naming(named["origin"], bytes.fromhex(named["key"]), named["created_at"])).close()
    assert replay_into(db, written(tmp_path, lines))["created"] is False


def test_a_log_goes_to_postgresql_and_comes_back_to_the_byte(
    lines: list[bytes], tmp_path: Path, postgres_place: str
) -> None:
    open_log(postgres_place, mode="write").close()
    replay_into(postgres_place, written(tmp_path, lines))
    export(postgres_place, output=str(tmp_path / "back.jsonl"), format="replay")
    assert (tmp_path / "back.jsonl").read_bytes() == b"".join(lines)
    with open_log(postgres_place) as log:
        assert verify(log).problems == ()
        assert [event.position for event in log.follow(3, wait=False)][:2] == [4, 5]
    done = merge_into(str(tmp_path / "new.db"), postgres_place, opened=lambda _: None)
    assert (done["conflicts"], done["new"]) == (0, done["appended"])


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def _without_salt(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'["note",', b'["tags",', 1) for line in lines]


def _sealed(lines: list[bytes]) -> list[bytes]:
    """Give lines whose last one fits those before, whatever they are."""
    end = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    return [*lines[:-1], json.dumps({"end": end}).encode() + b"\n"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda _: [], "it is no replay of a log"),
        (lambda lines: lines[1:], "it is no replay of a log"),
        (lambda lines: [lines[0].replace(b'"replay":1', b'"replay":2'), *lines[1:]], "a replay of form 2"),
        (lambda lines: lines[:-1], "it is cut short"),
        (lambda lines: [*lines, lines[1]], "something follows the end"),
        (lambda lines: [*lines[:2], lines[2].replace(b"16:00", b"16:01"), *lines[3:]], "not those that were written"),
        (lambda lines: _sealed([*lines[:2], lines[2].replace(b"16:00", b"16:01"), *lines[3:]]), "position 3"),
        (lambda lines: _sealed(_without_salt(lines)), "note"),
        (lambda lines: _sealed(_swapped(lines)), r":2: .* position 1, 1 in its case, is the next; fetch"),
        (lambda lines: _sealed([*lines[:9], *lines[10:]]), "position 9, 8 in its case, is the next"),
        (lambda lines: _sealed([lines[0], *lines[2:]]), "position 1, 1 in its case, is the next"),
        (lambda lines: _sealed([*lines[:2], b'{"table":"cases","row":[9,"x"]}\n', *lines[2:]]), "such row of 'cases'"),
        (lambda lines: _sealed([*lines[:2], b'{"piece":"AAAA"}\n', *lines[2:]]), "a piece of no file"),
        (lambda lines: _sealed([*lines[:2], b"[]\n", *lines[2:]]), "it is no line of a replay"),
    ],
)
def test_a_replay_that_is_not_whole_leaves_nothing(
    lines: list[bytes], tmp_path: Path, spoil: Callable[[list[bytes]], list[bytes]], why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        replay_into(str(tmp_path / "b.db"), written(tmp_path, spoil(lines)))
    assert not (tmp_path / "b.db").exists()


def test_a_log_that_does_not_verify_is_not_brought_back(whole: str, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    spoilt = str(shutil.copy(whole, tmp_path / "spoilt.db"))
    with closing(sqlite3.connect(spoilt)) as connection, connection:
        connection.execute("DELETE FROM disclosure WHERE field = 'note'")
    export(spoilt, output=str(tmp_path / "a.replay"), format="replay")
    with pytest.raises(BadInput, match="position 3: the value of note is gone, and no event redacts it"):
        replay_into(str(tmp_path / "b.db"), str(tmp_path / "a.replay"))
    assert not (tmp_path / "b.db").exists()


def test_the_commands_say_what_left_and_what_came(cli: Any) -> None:
    cli("load", cli.write("a.jsonl", *LINES))
    done = cli("export", "-o", "out.jsonl", "--omissions", "left.jsonl")
    assert done.out == "wrote 10 events of 2 cases to out.jsonl\n"
    assert done.lines == ["casefold: left out: 1 × private, and not asked for"]
    assert cli("export", "perry", "-o", "-").out.count("\n") == 9
    kept = cli("export", "--format", "replay", "-o", "log.jsonl", "--json")
    assert "holds everything" in kept.err
    assert kept.json["events"] == 10
    made = cli("--db", "b.db", "load", "--replay", "log.jsonl")
    assert made.out.startswith(f"replayed 10 events of 2 cases; log {kept.json['log']}, root ")
    assert made.err == "created b.db\n"
    assert "and not empty" in cli("--db", "b.db", "load", "--replay", "log.jsonl", code=2).err
    assert "--replay takes one file" in cli("load", "--replay", "log.jsonl", "--case", "x", code=2).err
    rehearsed = cli("--db", "c.db", "load", "--replay", "log.jsonl", "--dry-run")
    assert "--db b.db" not in rehearsed.err
    assert rehearsed.out == f"dry run, nothing was written: would replay {made.out.removeprefix('replayed ')}"
    assert not (cli.folder / "c.db").exists()
