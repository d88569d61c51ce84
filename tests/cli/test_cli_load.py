"""`casefold load`, from outside: all or nothing, said in one line each, with the exit codes of DESIGN 10."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

DEATH = {"case": "a", "id": "death", "type": "death", "when": "2023-10-28T16:17Z"}
SHOT = {
    "case": "a",
    "id": "shot",
    "type": "injection",
    "when": "within 4 days before @death",
    "data": {"count": "at least 27"},
}
BAD = {"case": "a", "id": "bad", "type": "injection", "when": "2023-02-30"}
KEYS = [
    "appended",
    "already_there",
    "refused",
    "cases",
    "first_position",
    "last_position",
    "batch",
    "problems",
    "warnings",
]


def test_the_first_write_creates_the_database_and_says_so(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, SHOT)
    done = cli("load", "a.jsonl")
    assert done.out == "appended 2 events of 1 case (positions 1 to 2)\n"
    assert done.lines == ["created casefold.db"]
    assert (cli.folder / "casefold.db").stat().st_mode & 0o077 == 0


def test_loading_again_appends_nothing(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, SHOT)
    cli("load", "a.jsonl")
    again = cli("load", "a.jsonl", "--json")
    assert list(again.json) == KEYS
    assert (again.json["appended"], again.json["already_there"], again.json["first_position"]) == (0, 2, None)
    assert again.err == ""


def test_a_zone_that_is_none_is_refused_though_no_date_needs_it(cli: Any) -> None:
    cli.write("a.jsonl", DEATH)
    (line,) = cli("load", "a.jsonl", "--zone", "Nowhere/X", code=2).lines
    assert line.startswith("casefold: --zone: 'Nowhere/X' is not a known zone; write the zone's name")


def test_one_bad_line_refuses_all_and_names_its_place(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, SHOT, BAD)
    done = cli("load", "a.jsonl", code=2)
    assert done.out == ""
    assert done.lines[-1].startswith("casefold: a.jsonl:3: when: ")
    assert ";" in done.lines[-1], "it says what to write instead"
    assert len(done.lines) == 1, "no database was made"
    assert [path.name for path in cli.folder.iterdir()] == ["a.jsonl"]
    cli("cases", code=3)


@pytest.mark.skipif(os.name == "nt", reason="names of POSIX are bytes")
def test_a_file_whose_name_is_no_text_is_loaded_under_a_name_that_is(cli: Any) -> None:
    try:
        cli.write("a\udcff.jsonl", DEATH)
    except OSError:
        pytest.skip("this file system takes no such name")
    cli("load", "a\udcff.jsonl")
    assert cli("batches", "--json").json["batches"][0]["name"] == "a\\udcff.jsonl"


def test_a_refused_load_still_prints_its_json(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, BAD)
    done = cli("load", "a.jsonl", "--json", code=2)
    assert list(done.json) == KEYS
    assert done.json["refused"] == 1
    assert set(done.json["problems"][0]) == {"file", "line", "field", "what", "instead"}


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("nowhere.jsonl",), {"file": "nowhere.jsonl", "field": ""}),
        (("a.jsonl", "--zone", "Nowhere/X"), {"file": "", "field": "--zone"}),
        (("a.jsonl", "--map", "nowhere.toml"), {"file": "nowhere.toml", "field": ""}),
    ],
)
def test_a_load_that_looks_at_no_row_prints_its_json_too(cli: Any, words: tuple[str, ...], place: Any) -> None:
    cli.write("a.jsonl", DEATH)
    done = cli("load", *words, "--json", code=2)
    assert list(done.json) == KEYS
    (problem,) = done.json["problems"]
    assert {name: problem[name] for name in place} == place


def test_quarantine_keeps_the_bad_rows_and_exits_1(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, BAD, SHOT)
    done = cli("load", "a.jsonl", "--quarantine", "bad.jsonl", code=1)
    assert "appended 2 events" in done.out
    assert "1 row refused" in done.out
    (kept,) = (json.loads(line) for line in (cli.folder / "bad.jsonl").read_text("utf-8").splitlines())
    assert (kept["line"], kept["field"]) == (2, "when")


def test_a_dry_run_writes_nothing(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, SHOT)
    done = cli("load", "a.jsonl", "--dry-run")
    assert done.out.startswith("dry run, nothing was written: would append 2 events")
    assert not (cli.folder / "casefold.db").exists()


def test_an_id_with_other_content_is_refused_naming_both(cli: Any) -> None:
    cli.write("a.jsonl", DEATH)
    cli("load", "a.jsonl")
    cli.write("b.jsonl", {**DEATH, "when": "2023-10-29T00:00Z"})
    done = cli("load", "b.jsonl", code=2)
    assert "death" in done.err
    assert "position 1" in done.err


def test_at_most_twenty_lines_of_faults(cli: Any) -> None:
    cli.write("a.jsonl", *({**BAD, "id": f"bad-{n}"} for n in range(50)))
    done = cli("load", "a.jsonl", code=2)
    faults = [line for line in done.lines if line.startswith("casefold: ")]
    assert len(faults) == 20
    assert faults[-1].startswith("casefold: … and 31 more")


def test_standard_input_is_a_file(cli: Any) -> None:
    done = cli("load", "-", stdin=json.dumps(DEATH) + "\n")
    assert "appended 1 event" in done.out


def test_soft_dates_are_warned_about(cli: Any) -> None:
    cli.write("a.jsonl", DEATH, {**SHOT, "when": "about 2 hours before @death"})
    done = cli("load", "a.jsonl")
    (warning,) = (line for line in done.lines if "warning" in line)
    assert warning.startswith("casefold: warning: a.jsonl:2: when: ")
    assert "±" in warning


@pytest.mark.parametrize("words", [("load",), ("load", "no.jsonl"), ("load", "a.xyz"), ("load", ".")])
def test_what_is_no_file_of_events_exits_2(cli: Any, words: tuple[str, ...]) -> None:
    (cli.folder / "a.xyz").write_text("x\n")
    done = cli(*words, code=2)
    assert len([line for line in done.lines if line.startswith("casefold: ")]) == 1
    assert ";" in done.lines[-1]


def test_who_enters_is_kept(cli: Any) -> None:
    cli.write("a.jsonl", DEATH)
    cli("load", "a.jsonl", env={"CASEFOLD_BY": "ann"})
    cli("--by", "bob", "add", "a", "fact", "text=seen", "--id", "seen")
    assert [event["actor"] for event in cli("log", "a", "--json").json["events"]] == ["ann", "bob"]
