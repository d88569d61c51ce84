"""The commands of integrity, from outside: key, checkpoint, verify, prove, check-proof, redact; their exit codes."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from typing import Any

import pytest

EVENTS = [
    {
        "case": "a",
        "id": f"e{n}",
        "type": "fact",
        "data": {"text": f"fact {n}"},
        "note": f"secret {n}",
        "private": "source",
    }
    for n in range(300)
]


@pytest.fixture(scope="module")
def made(make_cli: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A log with a key and a checkpoint that has left it, made once."""
    cli = make_cli(tmp_path_factory.mktemp("made"))
    cli.write("a.jsonl", *EVENTS)
    cli("load", "a.jsonl")
    cli("key", "new")
    (cli.folder / "printed.txt").write_text(cli("checkpoint").out, "utf-8")
    return cli


@pytest.fixture
def kept(made: Any, cli: Any) -> Any:
    """A copy of that log for one test."""
    for path in made.folder.iterdir():
        shutil.copy(path, cli.folder / path.name)
    return cli


def tamper(cli: Any, *statements: str) -> None:
    with closing(sqlite3.connect(cli.folder / "casefold.db")) as attacker, attacker:
        for statement in statements:
            attacker.execute(statement)


def test_a_key_is_made_once_for_its_owner_alone(cli: Any) -> None:
    made = cli("key", "new", "--json").json
    assert list(made) == ["log", "key", "id", "file"]
    assert (cli.folder / "casefold.db.key").stat().st_mode & 0o777 == 0o600
    assert made["key"].startswith(f"{made['log']}+{made['id']}+")
    again = cli("key", "new", code=2)
    assert again.lines[-1].startswith("casefold: ")
    assert len(again.lines) == 1


def test_a_checkpoint_prints_the_note_and_nothing_else(kept: Any) -> None:
    done = kept("checkpoint")
    origin, size, root, empty, signature, end = done.out.split("\n")
    assert (size, empty, end, done.err) == ("301", "", "", "")
    assert signature.startswith(f"— {origin} ")
    assert len(root) == 44
    assert done.out == (kept.folder / "printed.txt").read_text("utf-8")


def test_without_a_key_a_checkpoint_is_unsigned_and_verify_says_so(cli: Any) -> None:
    cli.write("a.jsonl", *EVENTS)
    cli("load", "a.jsonl")
    assert cli("checkpoint").out.count("\n") == 3
    cli("checkpoint", "--key", "none.key", code=2)
    done = cli("verify")
    assert "signature none" in done.out
    assert "no checkpoint from outside was given" in done.out


def test_a_checkpoint_makes_no_log(cli: Any) -> None:
    cli("checkpoint", code=3)
    assert not (cli.folder / "casefold.db").exists()


def test_verify_holds_the_log_against_what_left_it(kept: Any) -> None:
    done = kept("verify", "--checkpoint", "printed.txt", "--json").json
    keys = ["ok", "log", "size", "root", "problems", "checked_against", "redacted", "stamps", "unknown"]
    assert list(done) == keys
    assert (done["ok"], done["size"], done["problems"]) == (True, 301, [])
    assert [one["signature"] for one in done["checked_against"]] == ["holds", "holds"]
    assert kept("verify").out.startswith("everything holds: 301 events")


def test_verify_names_what_was_altered_and_exits_1(kept: Any) -> None:
    tamper(
        kept,
        "DROP TRIGGER event_never_updated",
        "UPDATE event SET body = replace(CAST(body AS TEXT), 'fact', 'FACT') WHERE position = 77",
    )
    done = kept("verify", "--json", code=1).json
    assert done["ok"] is False
    assert [(one["kind"], one["what"]) for one in done["problems"] if one["position"] is not None] == [
        ("column", "its text is not stored as bytes"),
        ("altered", "its text does not give its hash"),
        ("column", "its type stands as ('fact', 1) in the table, as ('FACT', 1) in its text"),
    ]
    assert "schema" in {one["kind"] for one in done["problems"]}
    assert "position 77: " in kept("verify", code=1).out


def test_a_given_key_is_the_one_that_counts(kept: Any, make_cli: Any, tmp_path: Any) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = make_cli(tmp_path / "elsewhere")
    (kept.folder / "other.vkey").write_text(other("key", "new", "--json").json["key"] + "\n", "utf-8")
    done = kept("verify", "--vkey", "other.vkey", "--json", code=1).json
    assert {one["kind"] for one in done["problems"]} == {"signature"}


def test_an_older_copy_put_back_is_noticed_when_it_is_signed(kept: Any) -> None:
    older = (kept.folder / "casefold.db").read_bytes()
    kept("add", "a", "fact", "text=newer")
    kept("checkpoint")
    (kept.folder / "casefold.db").write_bytes(older)
    refused = kept("checkpoint", code=1)
    assert refused.out == ""
    assert "restored from an older copy" in refused.lines[-1]


def test_a_proof_goes_to_a_stranger_and_holds(kept: Any) -> None:
    kept("prove", "a", "-o", "proof.zip")
    done = kept("check-proof", "proof.zip", "--json").json
    assert (done["ok"], done["events"], done["complete"]) == (True, 300, True)
    with zipfile.ZipFile(kept.folder / "proof.zip") as packed:
        packed.extractall(kept.folder / "unpacked")
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=kept.folder / "unpacked", capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.startswith("proved: 300 events of a")) == (0, True), ran.stderr
    text = (kept.folder / "unpacked" / "proof.json").read_text("utf-8")
    assert ("secret 7" in text, '"source"' in text) == (True, False)


def test_a_proof_that_does_not_hold_exits_1_and_no_proof_exits_2(kept: Any) -> None:
    kept("prove", "a", "e3", "-o", "proof.zip")
    with zipfile.ZipFile(kept.folder / "proof.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(kept.folder / "forged.zip", "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data.replace(b"fact 3", b"fact 4"))
    assert "data.text of position 4 is not what was recorded" in kept("check-proof", "forged.zip", code=1).out
    kept("check-proof", "printed.txt", code=2)
    kept("check-proof", "none.zip", code=2)


def test_a_proof_is_never_written_over_another_file(kept: Any) -> None:
    kept("prove", "a", "e7", "-o", "one.zip")
    kept("prove", "a", "e7", "-o", "one.zip")
    was = (kept.folder / "one.zip").read_bytes()
    assert "is there already, and holds something else" in kept("prove", "a", "e8", "-o", "one.zip", code=2).err
    assert (kept.folder / "one.zip").read_bytes() == was


def test_what_is_redacted_is_gone_and_said(kept: Any) -> None:
    done = kept("redact", "a", "e5", "note", "--reason", "asked for", "--authority", "court", "--json").json
    assert done["redacted"] == [{"id": "e5", "position": 6, "fields": ["note"], "by": 302}]
    assert "quarantines (`load --quarantine FILE`)" in done["not_reached"]
    for path in kept.folder.glob("casefold.db*"):
        assert b'secret 5"' not in path.read_bytes()
    shown = kept("log", "a", "--json").json["events"][5]
    assert (shown["note"], shown["redacted"]) == ("[redacted]", ["note"])
    assert (
        "redacted: note of e5 (case a, position 6) by position 302" in kept("verify", "--checkpoint", "printed.txt").out
    )
    kept("redact", "a", "e6", "data.text", "--reason", "asked for", "--authority", "court")
    assert "fact: [redacted]" in kept("log", "a").out


@pytest.mark.parametrize(
    "words",
    [
        ("a", "e5"),
        ("a", "e5", "note"),
        ("a", "e5", "when", "--reason", "r", "--authority", "a"),
        ("a", "none", "note", "--reason", "r", "--authority", "a"),
    ],
)
def test_a_redaction_says_what_why_and_on_whose_authority(kept: Any, words: tuple[str, ...]) -> None:
    done = kept("redact", *words, code=2)
    assert done.out == ""
    assert all(line.startswith("casefold: ") for line in done.lines)


def test_redactions_are_listed_and_applied_to_a_restored_backup(kept: Any) -> None:
    older = (kept.folder / "casefold.db").read_bytes()
    kept("redact", "a", "e5", "note", "--reason", "asked for", "--authority", "court")
    (kept.folder / "list.json").write_text(kept("redact", "--list", "--json").out, "utf-8")
    (kept.folder / "casefold.db").write_bytes(older)
    done = kept("redact", "--apply", "list.json", "--json").json
    assert [one["id"] for one in done["redacted"]] == ["e5"]
    kept("verify", "--checkpoint", "printed.txt")
    (kept.folder / "bad.json").write_text(json.dumps({"log": "other", "redactions": []}), "utf-8")
    kept("redact", "--apply", "bad.json", code=2)
    kept("redact", "--apply", "printed.txt", code=2)


def test_a_stamp_is_asked_for_and_what_is_none_is_refused(kept: Any) -> None:
    asked = kept("stamp", "--request", "asked.tsq", "--json").json
    assert (asked["size"], asked["request"]) == (301, "asked.tsq")
    note = (kept.folder / "printed.txt").read_bytes()
    assert hashlib.sha256(note).digest() in (kept.folder / "asked.tsq").read_bytes()
    assert kept("stamp", "--request", "asked.tsq", "--json").json == asked, "the same request is there already"
    for words in (
        (),
        ("--request", "a", "--reply", "b"),
        ("--request", "casefold.db"),
        ("--reply", "none.tsr"),
        ("--reply", "asked.tsq"),
    ):
        refused = kept("stamp", *words, code=2)
        assert (refused.out, len(refused.lines)) == ("", 1)
    assert kept("verify", "--json").json["size"] == 301


def test_a_file_is_attached_to_a_document_and_nothing_else(cli: Any) -> None:
    (cli.folder / "report.pdf").write_bytes(b"the report\n")
    cli("add", "a", "document", "title=Autopsy report", "--id", "autopsy")
    done = cli("attach", "a", "@autopsy", "report.pdf", "--json").json
    assert (done["size"], done["stored"], done["position"]) == (11, True, 2)
    assert cli("history", "a", "autopsy").out.count(done["sha256"]) >= 1
    assert "kept already" in cli("attach", "a", "autopsy", "report.pdf").out
    again = cli("attach", "a", "autopsy", "--out", "again.pdf", "--json").json
    assert (again["sha256"], (cli.folder / "again.pdf").read_bytes()) == (done["sha256"], b"the report\n")
    cli("attach", "a", "autopsy", "--out", "again.pdf")
    (cli.folder / "again.pdf").write_bytes(b"mine\n")
    assert "nothing was written; name a new file" in cli("attach", "a", "autopsy", "--out", "again.pdf", code=2).err
    assert (cli.folder / "again.pdf").read_bytes() == b"mine\n"
    (cli.folder / "report.pdf").write_bytes(b"another\n")
    cli("add", "a", "fact", "text=x", "--id", "f")
    for words in (
        ("a", "autopsy", "report.pdf"),
        ("a", "autopsy", "../x"),
        ("a", "autopsy", "no\nsuch\x1b[31m"),
        ("a", "f", "report.pdf"),
        ("a", "none", "report.pdf"),
        ("none", "autopsy", "report.pdf"),
        ("a", "f", "--out", "x"),
        ("none", "autopsy", "--out", "x"),
        ("a", "autopsy", "--out", "none/x"),
    ):
        refused = cli("attach", *words, code=2)
        assert (refused.out, len(refused.lines)) == ("", 1)
    assert cli("verify").out.startswith("everything holds: 3 events")


def test_a_report_cites_each_event_by_position_and_checkpoint(kept: Any) -> None:
    kept("add", "a", "fact", "text=newer", "--id", "new")
    key = kept("verify", "--json").json["checked_against"][0]["signed_by"][0]
    text = kept("report", "a", "-o", "-").out
    assert f"@e5 [6 @ 301, {key}]" in text
    assert "@new [302]" in text
    assert f"checkpoint          size 301, root {kept('verify', '--json').json['checked_against'][0]['root']}" in text
    kept("report", "a", "-o", "a.md", "--as-of", "300")
    assert "checkpoint: none" in (kept.folder / "a.md").read_text("utf-8")
    kept("report", "a", "-o", "a.json")
    cover = json.loads((kept.folder / "a.json").read_text("utf-8"))["cover"]
    assert (cover["checkpoint"]["size"], cover["checkpoint"]["keys"]) == (301, [key])


def test_a_backup_is_a_new_file_that_holds(kept: Any) -> None:
    done = kept("db", "backup", "copy.db", "--json").json
    root = kept("verify", "--json").json["root"]
    assert done == {
        "ok": True, "log": done["log"], "file": "copy.db", "size": 301, "root": root, "problems": []
    }  # fmt: skip
    assert kept("--db", "copy.db", "verify", "--checkpoint", "printed.txt").out.startswith("everything holds")
    again = kept("db", "backup", "copy.db", code=2)
    assert (again.out, len(again.lines)) == ("", 1)
    tamper(kept, "DROP TRIGGER event_never_updated", "UPDATE event SET earliest = 7 WHERE position = 9")
    assert "position 9: column" in kept("db", "backup", "other.db", code=1).out
