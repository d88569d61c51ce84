"""Writers in processes of their own: killed at any moment, or many at once. What was acknowledged is there, whole."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.errors import Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log.auditing.check import check
from events.log.on_postgres import server as postgres_room
from events.log.on_sqlite import file as sqlite_room

WRITER = """
import random, sys
from events.event import Draft
from events.log import open_log

db, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(name)
with open_log(db, mode="write") as log:
    for n in range(batches):
        size = chance.choice((1, 3, 40))
        drafts = [
            Draft(own={"case": case, "type": "fact", "data": {"text": f"{name} {n} {k}"}}, case=case,
                  id="", type="fact", version=1, zone="", actor=name, earliest=None, latest=None)
            for k in range(size) for case in ("shared", name)
        ]
        with log.writing(name) as writer:
            writer.append(drafts)
            writer.batch(f"{name} {n}")
        print(writer.outcome.first_position, writer.outcome.last_position, flush=True)
"""
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.both


@contextmanager
def writer(db: str, name: str, batches: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, db, name, str(batches)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def acknowledged(process: subprocess.Popen[str]) -> list[tuple[int, int]]:
    out, err = process.communicate(timeout=60)
    assert err == ""
    return [
        (int(first), int(last))
        for first, last in (line.split() for line in out.splitlines(keepends=True) if line.endswith("\n"))
    ]


def assert_whole(log: Log, promised: list[tuple[int, int]]) -> None:
    assert check(log) == ()
    batches = [(batch.first, batch.last) for batch in log.batches()]
    assert set(promised) <= set(batches)
    position = 0
    for first, last in batches:
        assert first == position + 1
        position = last
    assert position == log.head()[0]


def test_writers_at_once_leave_no_gap_and_lose_nothing(db: str, log: Log) -> None:
    with writer(db, "one", 12) as one, writer(db, "two", 12) as two, writer(db, "three", 12) as three:
        promised = [pair for process in (one, two, three) for pair in acknowledged(process)]
    assert len(promised) == 36
    assert_whole(log, promised)
    ends = [one.recorded_at for one in log.all_events()]
    assert ends == sorted(ends)
    assert [one.case_position for one in log.events("shared")] == list(range(1, log.case_head("shared") + 1))


def test_a_killed_writer_leaves_whole_batches_and_every_one_it_acknowledged(db: str, log: Log) -> None:
    for round_, seconds in enumerate((0.02, 0.1, 0.25)):
        with writer(db, f"round {round_}".replace(" ", "-"), 100_000) as process:
            assert process.stdout is not None
            first = process.stdout.readline().split()
            time.sleep(seconds)
            process.kill()
            promised = [(int(first[0]), int(first[1])), *acknowledged(process)]
        assert_whole(log, promised)


def test_a_log_that_somebody_else_writes_to_is_busy_and_says_so(
    db: str, log: Log, draft: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (sqlite_room, postgres_room):
        monkeypatch.setattr(room, "BUSY_SECONDS", 0.05)
    with log.writing("first") as writing:
        writing.append([draft("a", "1")])
        with (
            open_log(db, mode="write") as other,
            pytest.raises(Unavailable, match="is busy: another program is writing") as busy,
            other.writing("second"),
        ):
            pass
        assert busy.value.exit_code == 3
        assert "\n" not in str(busy.value)
    assert log.head()[0] == 1


def test_two_may_create_the_same_log_at_once(db: str) -> None:
    with writer(db, "one", 3) as one, writer(db, "two", 3) as two:
        promised = [*acknowledged(one), *acknowledged(two)]
    with open_log(db) as log:
        assert_whole(log, promised)
        assert len(log.rows("SELECT origin FROM log")) == 1
