"""The first write at a place without a log: there whole once it is committed, and nothing at all where it is not."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from events.batches.into import load_into
from events.batches.merge import merge_into
from events.batches.replay import replay_into
from events.enter import enter
from events.errors import BadInput, CasefoldError, Preceded, Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check
from events.log.commands import copy_json, new_key_json
from events.log.notes import new_key
from events.log.on_sqlite import aside as aside_room
from events.log.on_sqlite import file as sqlite_room
from events.log.opening import database_at, write_to

ROOT = Path(__file__).parents[2]
Make = Callable[..., Draft]
pytestmark = pytest.mark.sqlite


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a good file of events, a bad one, and one that is half bad."""
    monkeypatch.chdir(tmp_path)
    good = {"case": "a", "id": "good", "type": "fact", "data": {"text": "t"}}
    bad = {**good, "id": "bad", "when": "2023-02-30"}
    for name, events in (("good", [good]), ("bad", [bad]), ("half", [good, bad])):
        Path(f"{name}.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in events))
    return tmp_path


def load(*files: str, place: str = "new.db", **how: Any) -> Any:
    return load_into(place, files, **{"opened": lambda _: None, **how})


def add(place: str, draft: Draft) -> None:
    with open_log(place, mode="write") as log, log.writing("other") as writer:
        writer.append([draft])


def ids(place: str = "new.db") -> list[str]:
    with open_log(place) as log:
        assert check(log) == ()
        return [event.id for event in log.all_events()]


def names() -> set[str]:
    """Name what lies in the folder, but for the files that SQLite keeps for readers."""
    return {name for name in os.listdir() if not name.endswith(("-wal", "-shm"))}  # noqa: PTH208


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


REFUSED: dict[str, Callable[[], object]] = {
    "a load of bad events": lambda: load("bad.jsonl"),
    "a load whose second file is missing": lambda: load("good.jsonl", "none.jsonl"),
    "a load with a mapping that is none": lambda: load("good.jsonl", map="good.jsonl"),
    "a bad event added": lambda: write_to("new.db", lambda log: enter(log, {"case": "a", "type": "fact"})),
    "an event that expects others": lambda: write_to(
        "new.db", lambda log: enter(log, {"case": "a", "type": "fact", "data": {"text": "t"}}, expect=3)
    ),
    "a key whose file is there": lambda: new_key_json("new.db", key="good.jsonl"),
    "a merge of what is no log": lambda: merge_into("new.db", "good.jsonl", opened=lambda _: None),
    "a replay of what is none": lambda: replay_into("new.db", "good.jsonl"),
    "a dry run": lambda: load("good.jsonl", dry_run=True),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_first_write_that_is_refused_leaves_nothing(folder: Path, refused: str) -> None:
    before = set(os.listdir())  # noqa: PTH208
    with suppress(CasefoldError):
        REFUSED[refused]()
    assert set(os.listdir()) == before, folder  # noqa: PTH208


def test_each_kind_of_first_write_makes_the_log_and_says_so_when_it_is_there(folder: Path, draft: Make) -> None:
    told: list[tuple[bool, bool]] = []

    def opened(log: Log) -> None:
        told.append((log.created, (folder / log.where).exists()))

    load("good.jsonl", opened=opened)
    load("good.jsonl", opened=opened)
    merge_into("merged.db", "new.db", opened=opened)
    assert told == [(True, True), (False, True), (True, True)]
    assert new_key_json("keyed.db")["created"] == "keyed.db"
    assert copy_json("new.db", "copied.db")["ok"]
    write_to("added.db", lambda log: enter(log, {"case": "a", "id": "good", "type": "fact", "data": {"text": "t"}}))
    assert ids("merged.db") == ids("copied.db") == ids("added.db") == ids() == ["good"]
    made = {"new.db", "merged.db", "keyed.db", "copied.db", "added.db"}
    assert names() == {*made, "keyed.db.key", "good.jsonl", "bad.jsonl", "half.jsonl"}
    assert {stat.S_IMODE(Path(name).stat().st_mode) for name in made} == {0o600}


def test_a_log_is_seen_by_others_only_once_it_is_committed(folder: Path, draft: Make) -> None:
    def seen(log: Log) -> tuple[bool, bool]:
        return log.created, (folder / "new.db").exists()

    with open_log("new.db", mode="first") as log:
        with log.writing("keeper") as writer:
            writer.append([draft("a", "1", event_id="one")])
            assert seen(log) == (False, False)
        assert seen(log) == (True, True)
        assert ids() == [event.id for event in log.all_events()] == ["one"]
        with log.writing("keeper") as writer:
            writer.append([draft("a", "2", event_id="two")])
        assert ids() == ["one", "two"]


def fault_at(at: int, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]) -> list[int]:
    """Raise at the nth statement that a writer sends from now on; gives the count."""
    import sqlite3

    class Faulty(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            count[0] += 1
            if count[0] == at:
                raise error()
            return super().execute(sql, parameters)

    count = [0]
    opened = lambda *given, **more: sqlite3.connect(*given, factory=Faulty, **more)  # noqa: E731
    monkeypatch.setattr(sqlite_room, "_open", opened)
    return count


def test_a_fault_or_an_interruption_at_any_statement_leaves_all_or_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    before = names()
    with pytest.MonkeyPatch.context() as patch:
        count = fault_at(0, patch, KeyboardInterrupt)
        load("good.jsonl")
    Path("new.db").unlink()
    for error in (KeyboardInterrupt, lambda: sqlite3.OperationalError("disk I/O error")):
        for at in range(1, count[0] + 1):
            with pytest.MonkeyPatch.context() as patch:
                fault_at(at, patch, error)
                with suppress(KeyboardInterrupt, Unavailable):
                    load("good.jsonl")
            assert names() in (before, before | {"new.db"}), at
            if (folder / "new.db").exists():
                assert ids() == ["good"]
                Path("new.db").unlink()
    assert count[0] > 10


@pytest.mark.parametrize("step", ["_link", "_sync"])
def test_a_disk_that_refuses_to_put_it_in_place_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = names()
    monkeypatch.setattr(aside_room, step, refuses)
    with pytest.raises(Unavailable, match="cannot be created: No space left on device; nothing was written"):
        load("half.jsonl", quarantine="kept.jsonl")
    assert names() == before


def test_a_signal_while_it_is_put_in_place_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def interrupted(aside: str, place: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        link(aside, place)

    monkeypatch.setattr(aside_room, "_link", interrupted)
    assert load("good.jsonl").appended == 1
    assert ids() == ["good"]


@pytest.mark.parametrize("links", [True, False])
def test_a_log_that_another_made_meanwhile_takes_the_events_too(
    folder: Path, draft: Make, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(aside_room, "_link", no_links)
    told = []

    def other_is_quicker(_: int) -> None:
        if not Path("new.db").exists():
            add("new.db", draft("a", "1", event_id="theirs"))

    done = load(
        "half.jsonl", quarantine="kept.jsonl", progress=other_is_quicker, opened=lambda log: told.append(log.created)
    )
    assert (done.appended, done.refused, done.first_position, told) == (1, 1, 2, [False])
    assert ids() == ["theirs", "good"]
    assert len(Path("kept.jsonl").read_text().splitlines()) == 1
    assert names() == {"new.db", "kept.jsonl", "good.jsonl", "bad.jsonl", "half.jsonl"}


def test_what_can_be_read_but_once_is_asked_for_again(folder: Path, draft: Make) -> None:
    def late(log: Log) -> None:
        add("new.db", draft("a", "1", event_id="theirs"))
        enter(log, {"case": "a", "id": "ours", "type": "fact", "data": {"text": "t"}})

    with pytest.raises(Preceded, match=r"another program made new\.db meanwhile, .* run the command again") as late_one:
        write_to("new.db", late, again=False)
    assert late_one.value.exit_code == 4
    assert ids() == ["theirs"]
    assert not [name for name in names() if name.startswith(".")]


def test_a_log_that_another_made_is_not_called_made_here_nor_taken_away(folder: Path, draft: Make) -> None:
    add("new.db", draft("a", "1", event_id="theirs"))
    with pytest.raises(Preceded):
        database_at("new.db").create()
    with open_log("new.db", mode="first") as log:
        assert not log.created
    assert ids() == ["theirs"]


def test_a_key_for_a_log_that_another_made_is_that_logs(
    folder: Path, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(origin: str) -> Any:
        if not Path("new.db").exists():
            add("new.db", draft("a", "1", event_id="theirs"))
        return new_key(origin)

    monkeypatch.setattr("events.log.checkpoints.new_key", late)
    done = new_key_json("new.db")
    with open_log("new.db") as log:
        assert (done["log"], done["created"], log.head()[0]) == (log.origin, "", 2)
        assert log.origin in Path("new.db.key").read_text()


@pytest.mark.parametrize("links", [True, False])
def test_an_empty_file_is_replaced_or_stays(folder: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(aside_room, "_link", no_links)
    (folder / "new.db").touch()
    with pytest.raises(BadInput):
        load("bad.jsonl")
    assert (folder / "new.db").read_bytes() == b""
    load("good.jsonl")
    assert ids() == ["good"]
    assert names() == {"new.db", "good.jsonl", "bad.jsonl", "half.jsonl"}


def test_places_said_in_other_ways(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "linked").symlink_to("real")
    (folder / "real" / "touched.db").touch()
    (folder / "to-touched.db").symlink_to("real/touched.db")
    for place in ("linked/one.db", f"{folder}/real/two.db", "real/../real/three.db", "to-touched.db"):
        load("good.jsonl", place=place)
        assert ids(place) == ["good"]
    made = {path.name for path in (folder / "real").iterdir() if not path.name.endswith(("-wal", "-shm"))}
    assert made == {"one.db", "two.db", "three.db", "touched.db"}
    assert (folder / "to-touched.db").is_symlink()


def test_a_journal_of_a_database_that_is_gone_is_never_played_into_a_new_one(folder: Path) -> None:
    (folder / "new.db-wal").write_bytes(b"left over")
    with pytest.raises(Unavailable, match=r"new\.db-wal is left of a database that is gone; move it away first"):
        load("good.jsonl")
    assert not (folder / "new.db").exists()
    (folder / "new.db-wal").write_bytes(b"")
    load("good.jsonl")
    assert ids() == ["good"]


PROGRAM = "import sys, cli; print('ready', flush=True); cli.main()"
AS_NOBODY = """
import os, sys
from events.errors import Unavailable
from events.log.opening import write_to
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    write_to(sys.argv[1], print)
except Unavailable as refused:
    print(refused)
"""


@contextmanager
def program(*words: str, code: str = PROGRAM) -> Iterator[subprocess.Popen[str]]:
    """Run the command; whatever happens, it does not outlive the test."""
    pipe = subprocess.PIPE
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], env=env, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_first_load_that_is_ended_in_the_middle_makes_no_log(folder: Path, number: int, code: int) -> None:
    before = names()
    with program("--db", "new.db", "load", "-") as run:
        assert run.stdin is not None
        run.stdin.write(Path("good.jsonl").read_text())
        run.stdin.flush()
        for _ in range(400):
            if any(name.endswith("-wal") for name in os.listdir()):  # noqa: PTH208
                break
            time.sleep(0.02)
        time.sleep(0.1)
        run.send_signal(number)
        _, err = run.communicate(timeout=30)
    assert run.returncode == code
    assert "created" not in err
    left = names() - before
    assert all(name.startswith(".new.db.new-") for name in left)
    assert len(left) == (number == signal.SIGKILL)
    load("good.jsonl")
    assert ids() == ["good"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_a_folder_that_may_not_be_written_is_said(folder: Path) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        with program(f"{place}/new.db", code=AS_NOBODY) as run:
            said = run.communicate(timeout=30)
        Path(place).chmod(0o755)
    assert said == (f"{place}/new.db cannot be created: Permission denied\n", "")


def test_first_writers_at_once_lose_nothing_and_repeat_nothing(folder: Path) -> None:
    for n in range(3):
        own = [{"case": "a", "id": f"{n}-{k}", "type": "fact", "data": {"text": "t"}} for k in range(20)]
        Path(f"{n}.jsonl").write_text(
            "".join(f"{json.dumps(one)}\n" for one in own) + Path("good.jsonl").read_text()
        )
    with program("load", "0.jsonl") as one, program("load", "1.jsonl") as two, program("load", "2.jsonl") as three:
        said = [run.communicate(timeout=60)[1] for run in (one, two, three)]
    assert [run.returncode for run in (one, two, three)] == [0, 0, 0], said
    assert sum("created casefold.db" in err for err in said) == 1
    there = ids("casefold.db")
    assert len(there) == len(set(there)) == 61
    assert not [name for name in names() if name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_named_pipe_is_opened_once(folder: Path) -> None:
    os.mkfifo("pipe.jsonl")
    feed = subprocess.Popen(["/bin/sh", "-c", "exec cat good.jsonl > pipe.jsonl"])
    try:
        assert load("pipe.jsonl").appended == 1
        assert feed.wait(timeout=10) == 0
    finally:
        feed.kill()
        feed.wait()
    assert ids() == ["good"]
