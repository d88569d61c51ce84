"""Sixteen writers at once, one batch in five given up, and readers that follow: gaps, skips, and events a second.

Run: python bench/concurrency.py [EVENTS]     (default 100000; SQLite, and PostgreSQL where its programs are installed)
Beside each stands the package `eventsourcing` doing the same on the same disk, where it is installed. Every writer and
reader is a process of its own. Prints a table in Markdown; raises where a position is skipped, torn or lost.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WRITERS = 16
READERS = 2
SIZES = (1, 10, 50, 200)
GIVEN_UP = 0.2


class GivenUpError(Exception):
    """A writer thinks better of its batch."""


def batches(name: str, events: int) -> Iterator[tuple[int, bool]]:
    """Give sizes of batches and whether each is kept, until so many events are kept."""
    chance, kept = random.Random(name), 0
    while kept < events:
        size, keep = min(chance.choice(SIZES), events - kept), chance.random() >= GIVEN_UP
        kept += size * keep
        yield size, keep


def give_up() -> None:
    raise GivenUpError


def part_write(db: str, name: str, events: str) -> dict[str, int]:
    from events.drafting import draft
    from events.log import open_log

    done = {"events": 0, "commits": 0, "given_up": 0}
    with open_log(db, mode="write") as log:
        wait()
        for turn, (size, keep) in enumerate(batches(name, int(events))):
            lines = (
                {"case": f"{name}-{turn % 7}", "id": f"{turn}-{n}", "type": "fact", "data": {"text": "a fact, told"}}
                for n in range(size)
            )
            drafts = [draft(line) for line in lines]
            try:
                with log.writing(name) as writer:
                    writer.append(drafts)
                    if not keep:
                        give_up()
            except GivenUpError:
                done["given_up"] += 1
                continue
            done["events"] += size
            done["commits"] += 1
    return done


def part_read(db: str, events: str) -> dict[str, int]:
    """Follow the log from its first event to its last; raises where a position is not the next."""
    from events.log import open_log

    seen = 0
    with open_log(db) as log:
        wait()
        while seen < int(events):
            for one in log.follow(seen, wait=False):
                if one.position != seen + 1:
                    raise SystemExit(f"position {one.position} after {seen}")
                seen += 1
            time.sleep(0.05)
    return {"seen": seen}


def part_theirs(db: str, name: str, events: str) -> dict[str, int]:
    from uuid import NAMESPACE_URL, uuid5

    from eventsourcing.persistence import StoredEvent

    recorder = theirs(db)
    recorder.max_notification_id()
    wait()
    done = {"events": 0, "commits": 0, "given_up": 0}
    versions = [0] * 7
    for turn, (size, keep) in enumerate(batches(name, int(events))):
        case = turn % 7
        origin = uuid5(NAMESPACE_URL, f"{name}-{case}")
        stored = [
            StoredEvent(originator_id=origin, originator_version=versions[case] + n + 1, topic="bench:Fact",
                        state=b'{"text":"a fact, told","case":"' + name.encode() + b'"}')
            for n in range(size)
        ]  # fmt: skip
        if keep:  # it has no way to give a batch up once it is sent
            recorder.insert_events(stored)
            versions[case] += size
            done["events"] += size
            done["commits"] += 1
        else:
            done["given_up"] += 1
    return done


def part_follow_theirs(db: str, events: str) -> dict[str, int]:
    """Follow the peer's notifications to the last."""
    recorder, seen = theirs(db), 0
    wait()
    while seen < int(events):
        for one in recorder.select_notifications(seen + 1, 1000):
            if one.id != seen + 1:
                raise SystemExit(f"notification {one.id} after {seen}")
            seen += 1
        time.sleep(0.05)
    return {"seen": seen}


def theirs(db: str, *, create: bool = False) -> Any:
    """Give the application recorder of `eventsourcing` on a database."""
    if "://" in db:
        from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
        from psycopg.conninfo import conninfo_to_dict

        info = conninfo_to_dict(db.replace("+psycopg", ""))
        dbname, host, user = (str(info[name]) for name in ("dbname", "host", "user"))
        store = PostgresDatastore(dbname=dbname, host=host, user=user, port="5432", password="", pool_size=1)
        made: Any = PostgresApplicationRecorder(store, events_table_name="stored_events")
    else:
        from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

        made = SQLiteApplicationRecorder(SQLiteDatastore(db, lock_timeout=60))
    if create:
        made.create_table()
    return made


def wait() -> None:
    """Say that everything is loaded, and wait until all begin."""
    print("ready", flush=True)
    sys.stdin.readline()


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def go(started: list[subprocess.Popen[str]]) -> None:
    for one in started:
        if one.stdout is None or one.stdout.readline() != "ready\n":
            raise SystemExit("a process did not start")
    for one in started:
        if one.stdin is not None:
            one.stdin.write("go\n")
            one.stdin.flush()


def measured(db: str, events: int, part: str, reading: str) -> tuple[float, dict[str, int]]:
    """Run all writers, and readers beside them; gives seconds until the last writer was done, and what they did."""
    following = [start(reading, db, str(events)) for _ in range(READERS)]
    share = [events // WRITERS + (n < events % WRITERS) for n in range(WRITERS)]
    writing = [start(part, db, f"w{n}", str(many)) for n, many in enumerate(share)]
    go([*following, *writing])
    began = time.perf_counter()
    told = [json.loads(one.communicate()[0]) for one in writing]
    took = time.perf_counter() - began
    for one in following:
        if json.loads(one.communicate()[0]) != {"seen": events}:
            raise SystemExit("a reader has not seen every event")
    return took, {key: sum(one[key] for one in told) for key in told[0]}


def check_whole(db: str, events: int) -> None:
    from events.log import open_log
    from events.log.verify import verify

    with open_log(db) as log:
        done = verify(log)
        if not done.ok or done.size != events:
            raise SystemExit(f"{done.size} events, {done.problems[:3]}")


def report(kind: str, db: str, beside: str, events: int) -> None:
    from events.log import open_log

    open_log(db, mode="write").close()
    took, done = measured(db, events, "write", "read")
    check_whole(db, events)
    row(kind, "Casefold", events, took, done)
    with suppress(ImportError):
        theirs(beside, create=True)
        took, done = measured(beside, events, "theirs", "follow-theirs")
        row(kind, "eventsourcing", events, took, done)


def row(kind: str, who: str, events: int, took: float, done: dict[str, int]) -> None:
    rates = f"{events / took:,.0f} | {done['commits'] / took:,.0f} | {done['given_up']:,}"
    print(f"| {kind} | {who} | {events:,} | {took:.1f} | {rates} |", flush=True)


@contextmanager
def places(folder: Path) -> Iterator[list[tuple[str, str, str]]]:
    """Give the databases to measure on: of which kind, ours, theirs."""
    from tests.databases.server import NoServerError, new_server

    found = [("SQLite", str(folder / "ours.db"), str(folder / "theirs.db"))]
    with ExitStack() as stack:
        try:
            server = new_server(memory=False)
            stack.callback(server.remove)
            found.append(("PostgreSQL", server.database("ours"), server.database("theirs")))
        except NoServerError as missing:
            print(f"PostgreSQL not measured: {missing}")
        yield found


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    load = f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors"
    print(f"{WRITERS} writers, {READERS} readers; {load}\n")
    print("| database | who | events | seconds | events/s | commits/s | batches given up |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, places(Path(folder)) as found:
        for kind, ours, beside in found:
            report(kind, ours, beside, events)
    print(f"\nload average {os.getloadavg()[0]:.2f}")


PARTS: dict[str, Callable[..., dict[str, int]]] = {
    "write": part_write,
    "read": part_read,
    "theirs": part_theirs,
    "follow-theirs": part_follow_theirs,
}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in PARTS:
        print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])), flush=True)
    else:
        main()
