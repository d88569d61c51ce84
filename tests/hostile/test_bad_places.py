"""Rows 50 to 58 of bad_inputs.json: databases, checkpoints, passwords, keys, signals, other writers, little memory."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from events.log import open_log
from events.log.on_sqlite import file as sqlite_room

FACT = {"case": "a", "id": "x", "type": "fact", "data": {"text": "t"}}
SECRET = "Pa55w0rd"


def test_row_50_what_is_created_is_its_owners_alone(house: Any) -> None:
    old = os.umask(0)
    try:
        house.put("x.jsonl", FACT, {**FACT, "id": "y", "when": "2023-02-30"})
        house("--db", "new.db", "load", "x.jsonl", "--quarantine", "bad.jsonl", code=1)
        house("--db", "new.db", "key", "new")
        house("--db", "new.db", "db", "backup", "copy.db")
        with open_log("new.db") as log:
            log.cases()
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in house.folder.iterdir()}
    finally:
        os.umask(old)
    own = {"new.db", "new.db-wal", "new.db-shm", "new.db.key", "bad.jsonl", "copy.db"}
    assert {name: modes[name] for name in own & modes.keys()} == dict.fromkeys(own & modes.keys(), 0o600)
    assert own - {"new.db-wal", "new.db-shm"} <= modes.keys()


@pytest.mark.parametrize(
    "words", [("cases",), ("log", "a"), ("verify",), ("db", "stats"), ("add", "a", "fact", "text=t")]
)
def test_row_50_a_database_that_others_read_is_warned_about(house: Any, words: tuple[str, ...]) -> None:
    house.db.chmod(0o640)
    said = house(*words)
    assert said.lines == [
        "casefold: warning: casefold.db can be read by other users of this machine; chmod 600 casefold.db"
    ]
    house.db.chmod(0o600)
    assert house(*words[:2]).err == "" if words[0] != "add" else True


def test_row_50_files_that_are_no_log_of_ours(house: Any) -> None:
    house.put("x.jsonl", FACT)
    house.put("text.db", b"this is a text, and no database\n" * 40)
    house.put("cut.db", house.db.read_bytes()[:3_000])
    (house.folder / "dangling.db").symlink_to("nowhere/x.db")
    with closing(sqlite3.connect("other.db")) as other, other:
        other.execute("CREATE TABLE event (a)")
    for name in ("text.db", "cut.db", "other.db", "dangling.db", "/dev/zero", "."):
        for words in (("cases",), ("load", "x.jsonl"), ("verify",), ("db", "upgrade")):
            house.refuses("--db", name, *words, place=name, code=3)


def test_row_50_a_link_to_a_log_is_that_log(house: Any) -> None:
    (house.folder / "link.db").symlink_to("casefold.db")
    house.put("x.jsonl", FACT)
    house.takes("--db", "link.db", "load", "x.jsonl")
    assert "x" in house.events()


def test_row_50_a_newer_schema(house: Any) -> None:
    with closing(sqlite3.connect(house.db)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    house.put("x.jsonl", FACT)
    for words in (("cases",), ("load", "x.jsonl"), ("db", "upgrade"), ("verify",)):
        house.refuses(*words, place="was written by a newer Casefold", cure="use that one", code=3)


AS_NOBODY = """
import os, sys
import cli, events.batches.into, events.types, timeline.reports.asking
import timeline.reports.words.console, timeline.reports.faults
os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.argv = ['casefold', *sys.argv[1:]]
cli.main()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes nobody, which root alone can")
def test_row_50_a_database_that_may_only_be_read(house: Any, root: Path) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        db, batch = folder / "casefold.db", folder / "x.jsonl"
        batch.write_text(json.dumps(FACT) + "\n", "utf-8")
        shutil.copyfile(house.db, db)
        db.chmod(0o444)
        folder.chmod(0o755)
        told = [
            subprocess.run(
                [sys.executable, "-c", AS_NOBODY, "--db", str(db), *words],
                cwd=root, capture_output=True, text=True, check=False, timeout=60,
            )
            for words in (("load", str(batch)), ("cases",))
        ]  # fmt: skip
    assert [one.returncode for one in told] == [3, 0], told
    assert "Traceback" not in told[0].stderr
    assert "check the permissions of the file" in told[0].stderr
    assert "read as a file that nobody changes" in told[1].stderr


def test_row_51_is_tested_by_attack_with_every_command() -> None:
    assert (Path(__file__).parent / "test_hostile_databases.py").is_file()


@pytest.fixture
def note(house: Any) -> str:
    house.takes("key", "new")
    return str(house("checkpoint").out)


def test_row_52_checkpoints_that_are_none(house: Any, note: str) -> None:
    origin, size, root, *_ = note.split("\n")
    head, _, signed = note.partition("\n\n")
    long_root = base64.b64encode(bytes(64)).decode()
    bad = {
        "CRLF": note.replace("\n", "\r\n"), "no end": note[:-1],
        "control": note.replace("casefold/", "casefold\x07/", 1),
        "zeros": note.replace(f"\n{size}\n", "\n007\n"), "negative": note.replace(f"\n{size}\n", "\n-1\n"),
        "great": note.replace(f"\n{size}\n", f"\n{2**64}\n"), "long root": note.replace(root, long_root),
        "short root": note.replace(root, root[4:]), "101 signatures": f"{head}\n\n{signed * 101}",
        "10 MB": note + "x" * 10_000_000, "empty": "", "no size": f"{origin}\n{root}\n\n{signed}", "bytes": "\xff\x00",
        "plus": note.replace(f"\n{size}\n", f"\n+{size}\n"), "arabic": note.replace(f"\n{size}\n", "\n٤\n"),
    }  # fmt: skip
    for name, text in bad.items():
        house.put("bad.txt", text.encode("utf-8" if name != "bytes" else "latin-1"))
        assert "bad.txt" in house.refuses("verify", "--checkpoint", "bad.txt", place="bad.txt: "), name
    house.put("good.txt", note)
    house.takes("verify", "--checkpoint", "good.txt")


def test_row_53_a_checkpoint_of_another_log_or_key(
    house: Any, note: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house.put("other.txt", note.replace("casefold/", "casefold/f"))
    done = house("verify", "--checkpoint", "other.txt", "--json", code=1).json
    assert {one["kind"] for one in done["problems"]} == {"checkpoint", "signature"}
    house.put("good.txt", note)
    from events.log.notes import new_key

    another = new_key(note.split("\n", maxsplit=1)[0]).verifying
    house.put("vkey", f"{another}\n")
    done = house("verify", "--checkpoint", "good.txt", "--vkey", "vkey", "--json", code=1).json
    assert {one["kind"] for one in done["problems"]} == {"signature"}
    mine = house("key", "new", "--key", "second.key", "--old", "casefold.db.key", "--json").json
    forged = note.replace(note.split("\n\n")[1].split()[2], "AAAA" + note.split("\n\n")[1].split()[2][4:])
    house.put("forged.txt", forged)
    assert not house("verify", "--checkpoint", "forged.txt", "--json", code=1).json["ok"], mine


URLS = [
    f"postgresql://keeper:{SECRET}@127.0.0.1:1/x", f"postgresql+psycopg://keeper:{SECRET}@127.0.0.1:1/x?connect_timeout=1",
    f"postgres://:{SECRET}@[::1]:1/x", f"mysql://keeper:{SECRET}@127.0.0.1:1/x", f"sqlite://keeper:{SECRET}@host/x.db",
    f"postgresql://127.0.0.1:1/x?user=keeper&password={SECRET}", f"postgresql://keeper:{SECRET}@127.0.0.1:99999/x",
    f"postgresql://keeper:{SECRET}@bad host/%zz", f"postgresql://keeper:{SECRET}/x@127.0.0.1:1/x",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_row_54_a_password_is_never_printed(house: Any, url: str) -> None:
    house.put("x.jsonl", FACT)
    for words in (
        ("cases",),
        ("load", "x.jsonl"),
        ("add", "a", "fact", "text=t"),
        ("db", "upgrade"),
        ("verify", "--json"),
    ):
        said = house("--db", url, *words, code=None)
        assert said.code in (2, 3), said
        assert SECRET not in said.out + said.err
        assert len(said.lines) == 1


def test_row_54_what_a_case_holds_is_not_in_its_faults(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put("x.jsonl", {**FACT, "note": SECRET, "private": SECRET, "when": "2023-02-30"})
    assert SECRET not in house.refuses("load", "x.jsonl")
    house.put("y.jsonl", {**FACT, "note": SECRET, "private": SECRET})
    with closing(sqlite3.connect(house.db)) as database, database:
        database.execute("DROP TRIGGER event_next")
        database.execute("DROP TRIGGER event_once")
        database.execute("UPDATE alembic_version SET version_num = version_num")
        database.execute("CREATE TRIGGER event_next BEFORE INSERT ON event BEGIN SELECT RAISE(FAIL, 'no'); END")
    said = house("load", "y.jsonl", code=3)
    assert SECRET not in said.err
    assert "INSERT" not in said.err


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604])
def test_row_55_a_key_that_others_may_read_signs_nothing(house: Any, mode: int) -> None:
    house.takes("key", "new")
    key = house.folder / "casefold.db.key"
    secret = key.read_text("utf-8").strip()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(mode)
    said = house.refuses(
        "checkpoint", place=f"casefold.db.key may be read or changed by others (mode {mode:04o})", cure="chmod 600"
    )
    assert secret not in said
    house.refuses("checkpoint", "--key", secret, place="no key at" if "/" in secret else "")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_row_56_an_interrupted_batch_leaves_nothing(house: Any, number: int, code: int) -> None:
    program = "import sys; sys.argv = ['casefold', 'load', '-', '--quarantine', 'bad.jsonl']; import cli; cli.main()"
    run = [sys.executable, "-c", program]
    before = house.state()
    with subprocess.Popen(run, cwd=house.folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as load:
        assert load.stdin is not None
        load.stdin.write("".join(json.dumps({**FACT, "id": f"x{n}"}) + "\n" for n in range(5_000)) + '{"bad\n')
        load.stdin.flush()
        while not list(house.folder.glob(".bad.jsonl.*")) or not (house.folder / "casefold.db-wal").exists():
            assert load.poll() is None
        load.send_signal(number)
        _, err = load.communicate(timeout=30)
    assert (load.returncode, err.count("\n")) == (code, 1)
    assert "nothing was written" in err
    assert house.state() == before
    assert len(house.events()) == 3


def test_row_57_the_second_of_two_batches_waits_or_says_so(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put("x.jsonl", FACT)
    monkeypatch.setattr(sqlite_room, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(house.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = house("load", "x.jsonl", code=3)
        assert said.lines == [
            "casefold: casefold.db is busy: another program is writing to it; try again when that has finished"
        ]
        other.execute("ROLLBACK")
    house.takes("load", "x.jsonl")


MANY = 1_000_000 if os.environ.get("CASEFOLD_LONG") else 12_000
LIMITED = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (420 << 20,) * 2);"
    "sys.argv = ['casefold', 'load', 'x.jsonl']; import cli; cli.main()"
)


def test_row_58_a_large_batch_in_little_memory(house: Any) -> None:
    text = "an administration of the day, told at some length so that the batch is large " * 4
    with (house.folder / "x.jsonl").open("w") as out:
        for n in range(MANY):
            out.write(json.dumps({"case": f"c{n % 97}", "type": "fact", "data": {"text": f"{n} {text}"}}) + "\n")
    run = [sys.executable, "-c", LIMITED]
    done = subprocess.run(run, cwd=house.folder, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"appended {MANY:,} events of 97 cases")
