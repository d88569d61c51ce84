"""Following a log: every event once, in order, as it lands; from any kept position; whoever writes, and however."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, Unavailable
from events.event import Draft
from events.log import Log, open_log
from events.log.read import follow
from tests.databases.attack import tamper

Make = Callable[..., Draft]
ROOT = Path(__file__).parents[2]
WRITER = """
import random, sys, time
from events.event import Draft
from events.log import open_log

class Undone(Exception):
    pass

db, name = sys.argv[1], sys.argv[2]
chance = random.Random(name)
with open_log(db, mode="write") as log:
    for n in range(14):
        drafts = [
            Draft(own={"case": "c", "id": f"{name}-{n}-{k}", "type": "death"}, case="c", id=f"{name}-{n}-{k}",
                  type="death", version=1, zone="", actor="", earliest=None, latest=None)
            for k in range(chance.choice((1, 2, 30)))
        ]
        undone = chance.random() < 0.3
        try:
            with log.writing(name) as writer:
                writer.append(drafts)
                time.sleep(chance.random() / 100)
                if undone:
                    raise Undone
        except Undone:
            continue
        print(*(draft.id for draft in drafts), flush=True)
        time.sleep(chance.random() / 100)
"""


class Enough(Exception):  # noqa: N818
    """Whoever waits has waited enough."""


def append(log: Log, draft: Make, *texts: str) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("ab"[n % 2], text) for n, text in enumerate(texts)])


@contextmanager
def started(*words: str, **how: Any) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([*words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def test_from_any_position_comes_the_rest(log: Log, draft: Make) -> None:
    append(log, draft, *"12345")
    whole = list(log.all_events())
    for kept in range(6):
        assert list(log.follow(kept, wait=False)) == whole[kept:]


def test_what_lands_while_one_waits_comes_next(db: str, log: Log, draft: Make) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            append(log, draft, "late", "later")
        if len(waits) > 20:
            raise Enough

    append(log, draft, "first")
    seen: list[Any] = []
    with open_log(db) as reader, pytest.raises(Enough):
        seen.extend((event.position, event.written["text"]) for event in follow(reader, pause=pause))
    assert seen == [(1, "first"), (2, "late"), (3, "later")]
    assert waits[:4] == [0.02, 0.04, 0.08, 0.02], "it looks again soon after something came"
    assert max(waits) == 0.5


def test_a_position_that_the_log_does_not_have_is_of_another_log(log: Log, draft: Make) -> None:
    append(log, draft, "1")
    with pytest.raises(Fault, match=r"has 1 events, and none at position 2; name the log that the position is of"):
        list(log.follow(2, wait=False))


def test_a_missing_event_is_said_and_not_stepped_over(db: str, log: Log, draft: Make) -> None:
    append(log, draft, "1", "2", "3")
    tamper(db, "DELETE FROM event WHERE position = 2")
    seen: list[int] = []
    with pytest.raises(Unavailable, match=r"position 2 of .* is missing"):
        seen.extend(event.position for event in log.follow(wait=False))
    assert seen == [1]


def test_a_reader_behind_many_writers_misses_none_and_meets_none_twice(db: str, log: Log) -> None:
    chance = random.Random(5)
    kept = 0
    seen: list[str] = []
    with ExitStack() as writers:
        each = [writers.enter_context(started(sys.executable, "-c", WRITER, db, name, cwd=ROOT)) for name in "xyz"]

        def pause(seconds: float) -> None:
            if all(process.poll() is not None for process in each) and log.head()[0] == kept:
                raise Enough
            time.sleep(seconds / 10)

        ended = False
        while not ended:
            with open_log(db) as reader:
                left = chance.choice((1, 5, 200))
                try:
                    for event in follow(reader, kept, pause=pause):
                        seen.append(event.id)
                        kept = event.position
                        left -= 1
                        if not left:
                            break
                except Enough:
                    ended = True
        outs = [process.communicate() for process in each]
    assert [err for _, err in outs] == ["", "", ""]
    promised = [one for out, _ in outs for one in out.split()]
    assert sorted(seen) == sorted(promised), "what was taken back is not seen, what was promised is, each once"
    assert seen == [event.id for event in log.all_events()]


def test_the_command_prints_a_line_an_event_and_ends_quietly(cli: Any) -> None:
    line = {"case": "c", "id": "d", "type": "death", "when": "2023-10-28T16:17Z", "private": "who told us"}
    cli("load", cli.write("a.jsonl", line, {"case": "c", "id": "n", "type": "fact", "data": {"text": "two\nlines"}}))
    shown = cli("follow", "--no-wait")
    assert shown.out == "1  c  d  2023-10-28T16:17Z  death\n2  c  n  undated  fact: two lines\n"
    told = cli("follow", "--from", "1", "--no-wait", "--json").json
    assert (told["position"], told["id"], told["data"], told["earliest"]) == (2, "n", {"text": "two\nlines"}, None)
    assert "who told us" not in cli("follow", "--no-wait", "--json").out
    assert "none at position 9" in cli("follow", "--from", "9", code=2).err
    with started(cli.program, "follow", cwd=cli.folder, env=cli.env) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("1  c  d")
        cli("add", "c", "found", "--id", "f", "--when", "2023-10-28T16:20Z")
        assert [process.stdout.readline()[:1] for _ in range(2)] == ["2", "3"]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == ""
