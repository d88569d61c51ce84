"""A full disk, a stopped writer, a storm of them, a clock set back, a broken load: said, whole, and over (SQLite)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check

ROUNDS = int(os.environ.get("CASEFOLD_ROUNDS", "1"))
pytestmark = [pytest.mark.sqlite, pytest.mark.skipif(os.name == "nt", reason="limits and signals of POSIX")]
Make = Callable[..., Draft]
FULL = """
import resource, signal, sys
import cli
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
cli.main()
"""
HOLDER = """
import sys
from events.log import open_log
with open_log(sys.argv[1], mode="write") as log, log.writing("holder") as writer:
    print("held", flush=True)
    sys.stdin.read()
    writer.discard()
"""
STORM = """
import sys, time
from events.errors import Unavailable
from events.event import Draft
from events.log import open_log
from events.log.on_sqlite import file
file.BUSY_SECONDS = 0.02
db, name = sys.argv[1:3]
busy = 0
with open_log(db, mode="write") as log:
    for n in range(8):
        draft = Draft(own={"case": "storm", "id": f"{name}-{n}", "type": "fact", "data": {"text": "t"}}, case="storm",
                      id=f"{name}-{n}", type="fact", version=1, zone="", actor=name, earliest=None, latest=None)
        while True:
            try:
                with log.writing(name) as writer:
                    writer.append([draft])
                    time.sleep(0.004)
                break
            except Unavailable as error:
                assert "is busy" in str(error), error
                busy += 1
                time.sleep(0.01)
print(busy)
"""
ROOT = Path(__file__).parents[2]


def line(n: int) -> str:
    return (
        json.dumps({"case": f"c{n % 9}", "id": f"e{n}", "type": "fact", "data": {"text": f"{n} " + "x" * 200}}) + "\n"
    )


@contextmanager
def program(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python; whatever happens, it does not outlive the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("room", [60_000, 400_000])
def test_a_full_disk_takes_nothing_and_breaks_nothing(
    db: str, log: Log, draft: Make, room: int, tmp_path: Path
) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("a", "before", event_id="first")])
    log.close()
    batch = tmp_path / "x.jsonl"
    batch.write_text("".join(map(line, range(4_000))))
    most = max(Path(db).stat().st_size, 1) + room
    with program(FULL, str(most), "--db", db, "load", str(batch)) as run:
        _, err = run.communicate(timeout=60)
    assert run.returncode == 3
    assert len(err.splitlines()) == 1
    assert "nothing was written" in err
    with open_log(db, mode="write") as again:
        assert (again.head()[0], check(again)) == (1, ())
        with again.writing("keeper") as writer:
            writer.append([draft("a", "after")])
        assert again.head()[0] == 2


def test_a_stopped_writer_keeps_others_waiting_only_so_long(
    db: str, log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from events.errors import Unavailable
    from events.log.on_sqlite import file as sqlite_room

    monkeypatch.setattr(sqlite_room, "BUSY_SECONDS", 0.2)
    with program(HOLDER, db) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        with open_log(db, mode="write") as other:
            with (
                pytest.raises(Unavailable, match="is busy: another program is writing to it") as busy,
                other.writing("x"),
            ):
                pass
            assert busy.value.exit_code == 3
            assert time.monotonic() - begun < 10
            assert other.head() == (0, 0), "reading goes on"
            holder.kill()
            holder.wait()
            monkeypatch.setattr(sqlite_room, "BUSY_SECONDS", 30)
        with open_log(db, mode="write") as other, other.writing("x") as writer:
            writer.append([draft("a", "1")])
    assert log.head()[0] == 1


def test_eight_writers_in_a_storm_all_come_through(db: str, log: Log) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-c", STORM, db, f"w{n}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for n in range(8)
    ]
    busy = 0
    for run in runs:
        out, _ = run.communicate(timeout=120)
        assert run.returncode == 0
        busy += int(out)
    assert busy > 0, "they did meet"
    assert log.head()[0] == 8 * 8
    assert check(log) == ()
    ids = [event.id for event in log.events("storm")]
    assert len(set(ids)) == 64
    for n in range(8):
        assert [one for one in ids if one.startswith(f"w{n}-")] == [f"w{n}-{k}" for k in range(8)]


@pytest.mark.parametrize("back", [1, 3_600_000_000, 10**15])
def test_a_clock_set_back_never_takes_the_log_back(log: Log, draft: Make, back: int) -> None:
    now = 1_767_225_600_000_000
    for at in (now, now - back, now - 2 * back, now + 5):
        with log.writing("keeper", clock=lambda at=at: at) as writer:  # type: ignore[misc]
            writer.append([draft("a", str(at))])
        said = [one.what for one in writer.outcome.warnings]
        assert any("clock stands before" in one for one in said) is (at < now)
    times = [event.recorded_at for event in log.all_events()]
    assert times == [now, now, now, now + 5]
    assert check(log) == ()


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_load_that_is_broken_off_at_any_moment_is_there_whole_or_not_at_all(
    tmp_path: Path, number: int, code: int, word: str
) -> None:
    batch, db = tmp_path / "x.jsonl", tmp_path / "casefold.db"
    batch.write_text("".join(map(line, range(12_000))))
    with open_log(str(db), mode="write"):
        pass
    chance = random.Random(number)
    for _ in range(2 * ROUNDS):
        load = "import sys, cli; print('ready', flush=True); cli.main()"
        with program(load, "--db", str(db), "load", str(batch)) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.05, 0.45))
            run.send_signal(number)
            _, err = run.communicate(timeout=60)
        with open_log(str(db)) as log:
            there = log.head()[0]
            assert check(log) == ()
        assert there in (0, 12_000)
        if run.returncode == code:
            how, stands = err.splitlines()[-1].split("; ")
            assert how == f"casefold: {word}"
            assert (there, stands) in ((0, "nothing was written"), (12_000, "what was written stands"))
        if there == 0:
            assert run.returncode in (code, -number), err
        else:
            assert run.returncode in (0, code), err
            db.unlink()
            with open_log(str(db), mode="write"):
                pass


KILLED = """
import sys
from events.batches.load import load
from events.log import open_log
with open_log(sys.argv[1], mode="write") as log:
    print("ready", flush=True)
    load(log, [sys.argv[2]])
"""


def test_a_commit_acknowledged_to_nobody_is_no_trouble_to_a_retry(db: str, log: Log, tmp_path: Path) -> None:
    batch = tmp_path / "x.jsonl"
    unnamed = ({"case": "a", "type": "fact", "data": {"text": str(n)}} for n in range(9_000))
    batch.write_text("".join(json.dumps(one) + "\n" for one in unnamed))
    chance = random.Random(7)
    for _ in range(2 * ROUNDS):
        with program(KILLED, db, str(batch)) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.02, 0.3))
            run.kill()
        assert log.head()[0] in (0, 9_000)
    from events.batches.load import load

    assert load(log, [batch]).appended in (0, 9_000)
    again = load(log, [batch])
    assert (again.appended, again.already_there, log.head()[0]) == (0, 9_000, 9_000)
    assert check(log) == ()
