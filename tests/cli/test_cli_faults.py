"""What goes wrong, from outside: one line each, what to write instead, never a traceback, the code of DESIGN 10."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("lod", "a"), "did you mean 'load'?"),
        (("db", "chek"), "did you mean 'check'?"),
        (("cases", "--jsn"), "--json"),
        (("when",), "`casefold when --help`"),
        (("types", "infussion"), "did you mean 'infusion'?"),
        (("views", "elapse"), "did you mean 'elapsed'?"),
        (("add", "a", "fact", "text=x", "txt=y"), "did you mean 'text'?"),
        (("add", "a", "fact", "text"), "FIELD=VALUE"),
        (("add", "a", "fact", "when=2023"), "when: it is no data field of fact, but an option; write --when 2023"),
        (("add", "a", "fact", "tags=x"), "write --tag x"),
        (("add", "a", "fact", "text=x", "--expect", "-1"), "--help"),
        (("add", "a", "fact", "text=x", "--expect", "two"), "'two' is not a valid whole number; "),
        (("when", "10/11/2023"), ";"),
        (("when", "later"), "after @id"),
        (("--frob",), "`casefold --help`"),
        (("--db",), "option '--db' requires an argument; see `casefold --help`"),
        (("--db", "", "cases"), "--db: is empty; "),
        (("--db", "a\udcff.db", "cases"), "the name 'a\\udcff.db' is not UTF-8; "),
        (("--by", "\udcff", "add", "a", "fact", "text=x"), "--by: is not UTF-8; "),
        (("batches", "--as-of", ""), "--as-of: is empty; write what it is to be, or leave the option out"),
        (("ask", "a", "chronology", "--according-to", ""), "--according-to: is empty; "),
        (("log", "a", "--tag", "x", "--tag", " "), "--tag: is empty; "),
        (("retract", "a", "b", "--reason", ""), "--reason: is empty; write what it is to be"),
        (("export", "-o", ""), "--output: is empty; "),
        (("redact", "--list", "a"), "write CASE ID FIELD…, --list, or --apply FILE alone; "),
        (("verify", "--ca", "nowhere.pem"), "--ca: there is no file 'nowhere.pem'; "),
        (("log", "a", "--standing", ","), "--standing: ',' names none; "),
        (("ask", "a", "conflicts", "--standing", "found", "--standing", "stated"), "--standing: is given twice; "),
        (("ask", "a", "conflicts", "--as-of"), "see `casefold ask CASE conflicts --help`"),
    ],
)
def test_a_wrong_word_is_one_line_with_the_right_one(cli: Any, words: tuple[str, ...], hint: str) -> None:
    done = cli(*words, code=2)
    faults = [line for line in done.lines if not line.startswith("created ")]
    assert len(faults) == 1
    assert faults[0].startswith("casefold: ")
    assert hint in faults[0]
    assert done.out == ""


FOLDERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("load", "here"), "here: it is a folder; name the files in it that are to be read"),
    (("load", "here", "--format", "csv"), "here: cannot be read: it is a folder; give a file"),
    (("load", "facts.jsonl", "--map", "here"), "here: cannot be read: it is a folder; check the name given to --map"),
    (("load", "facts.jsonl", "--quarantine", "here"), "it is a folder; name a new file in it, such as here/bad.jsonl"),
    (("map", "here"), "here: cannot be read: it is a folder; "),
    (("merge", "here"), "here cannot be read: it is a folder; name another log"),
    (("export", "-o", "here"), "here is a folder; name a file in it, such as here/cases.jsonl"),
    (("export", "--format", "csv", "-o", "here"), "here: it is a folder; name a file in it"),
    (("report", "c", "-o", "here"), "here is a folder; name a file in it, such as here/report.html"),
    (("chart", "c", "overview", "-o", "here"), "here is a folder; name a file in it, such as here/chart.svg"),
    (("cohort", "conflicts", "-o", "here"), "here is a folder; name a file in it, such as here/cohort.csv"),
    (("ask", "c", "chronology", "--save", "here"), "here: it is a folder; name a file in it"),
    (("prove", "c", "-o", "here"), "here cannot be written: it is a folder; name another file with -o"),
    (("check-proof", "here"), "here is a folder; name a file that `casefold prove` wrote"),
    (("attach", "c", "doc", "facts.jsonl", "--root", "facts.jsonl"), "facts.jsonl is no folder; name with --root the"),
    (("verify", "--ca", "here"), "--ca: 'here' is a folder; name a file in it"),
    (("verify", "--key", "here"), "here is a folder; name the file of the key"),
    (("verify", "--checkpoint", "here"), "here cannot be read: it is a folder; name a checkpoint that was kept"),
    (("db", "backup", "here"), "here is a folder; name a new file in it, such as here/backup.db"),
    (("db", "copy", "here"), "here is a folder; name a database file in it"),
    (("--db", "here", "cases"), "here is a folder; name a database file in it"),
)


def test_a_folder_in_a_files_place_is_called_one(cli: Any) -> None:
    (cli.folder / "here").mkdir()
    document = {"case": "c", "id": "doc", "type": "document", "data": {"title": "t"}}
    cli("load", cli.write("facts.jsonl", document))
    cli("key", "new")
    cli("checkpoint")
    for words, said in FOLDERS:
        (fault,) = cli(*words, code=3 if words[0] == "--db" or words[-2:] == ("copy", "here") else 2).lines
        assert fault.startswith("casefold: ")
        assert said in fault
    assert not list((cli.folder / "here").iterdir())


@pytest.mark.parametrize("words", [(), ("db",), ("ask",)])
def test_a_command_alone_shows_its_help(cli: Any, words: tuple[str, ...]) -> None:
    done = cli(*words)
    assert done.out.startswith("Usage: casefold")
    assert done.err == ""


def test_a_read_without_a_database_exits_3(cli: Any) -> None:
    done = cli("cases", code=3)
    assert done.lines == [
        (
            "casefold: there is no log at casefold.db;"
            " `casefold load FILE` or `casefold add` creates one, --db names another"
        )
    ]
    assert not (cli.folder / "casefold.db").exists()


@pytest.mark.parametrize("words", [("same", "a", "x", "y"), ("alias", "a", "Ann", "Anne")])
def test_a_claim_about_a_case_that_is_not_there_makes_no_database(cli: Any, words: tuple[str, ...]) -> None:
    assert cli(*words, code=3).err.startswith("casefold: there is no log at casefold.db; ")
    assert not (cli.folder / "casefold.db").exists()


@pytest.fixture
def filled(cli: Any) -> Any:
    cli("add", "a", "death", "--id", "death", "--when", "2023-10-28T16:17Z")
    return cli


def test_a_newer_schema_is_refused(filled: Any) -> None:
    with closing(sqlite3.connect(filled.folder / "casefold.db", isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("cases",), ("add", "a", "fact", "text=x"), ("db", "upgrade")):
        done = filled(*words, code=3)
        assert "newer Casefold" in done.err
        assert len(done.lines) == 1


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_is_no_log_is_refused(cli: Any, content: bytes) -> None:
    (cli.folder / "casefold.db").write_bytes(content)
    assert len(cli("cases", code=3).lines) == 1


def test_a_writer_that_was_overtaken_exits_4(filled: Any) -> None:
    done = filled("add", "a", "fact", "text=x", "--expect", "0", code=4)
    assert "expect 1" in done.err
    filled("add", "a", "fact", "text=x", "--expect", "1")


def _unread(pipe: IO[bytes]) -> int:
    """How many bytes of a pipe nobody has read yet."""
    from fcntl import ioctl
    from termios import FIONREAD

    return int.from_bytes(ioctl(pipe, FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_load_writes_nothing(filled: Any, number: int, code: int) -> None:
    command = [filled.program, "load", "-", "--case", "a"]
    with subprocess.Popen(
        command,
        cwd=filled.folder,
        env=filled.env,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as run:
        assert run.stdin is not None
        run.stdin.write(b'{"id": "x", "type": "fact", "data": {"text": "x"}}\n' * 1)
        run.stdin.flush()
        while _unread(run.stdin):
            assert run.poll() is None
            time.sleep(0.02)
        time.sleep(0.1)
        run.send_signal(number)
        _, err = run.communicate(timeout=20)
    assert run.returncode == code, err
    assert err.decode().splitlines() == [
        f"casefold: {'interrupted' if code == 130 else 'terminated'}; nothing was written"
    ]
    assert filled("db", "stats", "--json").json["events"] == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_that_leaves_is_no_fault(filled: Any) -> None:
    script = f"{filled.program} types --json | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], cwd=filled.folder, env=filled.env, capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="streams of POSIX")
def test_a_closed_stream_is_no_fault_and_no_place_for_a_database(filled: Any) -> None:
    script = f"{filled.program} add a fact text=x --id x 0<&- >&- 2>&- && {filled.program} db check"
    done = subprocess.run(["bash", "-c", script], cwd=filled.folder, env=filled.env, capture_output=True, check=False)
    assert (done.stdout, done.returncode) == (b"casefold.db is whole: 2 events checked\n", 0)


def test_text_of_a_case_cannot_write_to_the_terminal(filled: Any) -> None:
    filled.write("a.jsonl", {"case": "a", "id": "x", "type": "fact", "data": {"text": "a\x1b[2Jb\u202ec\u200bd"}})
    filled("load", "a.jsonl")
    for words in (("log", "a"), ("ask", "a", "chronology"), ("show", "a"), ("report", "a", "-o", "-")):
        out = filled(*words).out
        assert "a\\x1b[2Jb⟦U+202E⟧c⟦U+200B⟧d" in out, words
    raw = filled("log", "a", "--json")
    assert raw.json["events"][1]["data"]["text"] == "a\x1b[2Jb\u202ec\u200bd"
    assert not {"\x1b", "\u202e", "\u200b"} & set(raw.out)


def test_a_file_name_cannot_write_to_the_terminal(cli: Any) -> None:
    done = cli("load", "no\x1b[2J\n.jsonl", code=2)
    assert "\x1b" not in done.err
    assert len(done.lines) == 1


def test_another_package_that_took_our_name_is_named(cli: Any, root: Path) -> None:
    taken = cli.folder / "events"
    taken.mkdir()
    (taken / "__init__.py").write_text("class Events: pass\n")
    code = f"import sys; sys.path[:0] = [{str(cli.folder)!r}]; sys.argv[1:] = ['cases']; import cli; cli.main()"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=cli.folder, env=cli.env, text=True, capture_output=True, check=False)
    assert done.returncode == 2
    assert "another package has taken the name 'events'" in done.stderr
    assert "pipx install casefold" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_fault_of_our_own_is_one_line_too(cli: Any) -> None:
    code = "import sys, cli, timeline.reports.catalogue as room; room.types_json = lambda: 1 / 0; cli.main()"
    run = [sys.executable, "-c", code, "types"]
    done = subprocess.run(run, cwd=cli.folder, env=cli.env, text=True, capture_output=True, check=False)
    assert "Traceback" not in done.stderr
    assert "CASEFOLD_DEBUG=1" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    env = {**cli.env, "CASEFOLD_DEBUG": "1"}
    shown = subprocess.run(run, cwd=cli.folder, env=env, text=True, capture_output=True, check=False)
    assert "ZeroDivisionError" in shown.stderr
