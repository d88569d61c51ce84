"""Bulk load, one append, cold starts and memory, each beside the raw limit of the same machine in the same run.

Run: python bench/load.py [EVENTS ...]     (default 100000 1000000; a second number shows whether memory is flat)
Prints a table in Markdown, and the load of the machine before and after; asserts nothing.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TABLES = ("cases", "event_types", "event", "disclosure", "tile", "batch")


def lines(events: int) -> Iterator[dict[str, Any]]:
    """Give typed events of many cases, as a clinic's table would: infusions, some with an id, some with a note."""
    chance = random.Random(1)
    for n in range(events):
        case = f"case-{chance.randrange(max(1, events // 100))}"
        yield {
            "case": case,
            "id": f"row-{n}",
            "type": "infusion",
            "when": f"20{10 + n % 14}-{1 + n % 12:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z",
            "data": {"substance": "ketamine", "amount": f"{20 + n % 60} mg", "route": "intravenous"},
            "source": {
                "speaker": "clinic",
                "standing": "documented",
                "document": "infusion log",
                "locator": f"row {n}",
            },
        }


def write_lines(path: Path, events: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines(events))


def run(*words: str) -> dict[str, Any]:
    """Run one part in a process of its own, so that its peak memory is its own."""
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def part_load(source: str, db: str) -> dict[str, Any]:
    from events.batches.load import load
    from events.log import open_log

    with open_log(db, mode="write") as log:
        began = time.perf_counter()
        report = load(log, [Path(source)], actor="bench")
        took = time.perf_counter() - began
    return {"seconds": took, "events": report.appended, "peak": peak()}


def part_raw(loaded: str, db: str) -> dict[str, Any]:
    """Insert the same rows into the same schema, ready in memory, in one durable transaction."""
    from events.log import open_log

    with sqlite3.connect(loaded) as other:
        rows = {table: other.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    open_log(db, mode="write").close()
    connection = connect(db)
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, many in rows.items():
        if many:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(many[0]))})", many)
    connection.execute("COMMIT")
    return {"seconds": time.perf_counter() - began}


def part_raw_postgres(loaded: str, db: str) -> dict[str, Any]:
    """Send the same rows into the same schema by COPY, ready in memory, in one durable transaction."""
    from contextlib import closing

    from events.log import open_log
    from events.log.opening import database_at

    with closing(database_at(loaded).reading()) as other:
        rows = {table: other.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}
    open_log(db, mode="write").close()
    with database_at(db).writing() as writing:
        began = time.perf_counter()
        for table, many in rows.items():
            writing.insert(table, many)
        writing.commit()
        took = time.perf_counter() - began
    return {"seconds": took}


def part_single(db: str, times: str) -> dict[str, Any]:
    """One durable append, again and again, beside one raw commit of the same row in the same schema, turn by turn."""
    from events.drafting import drafted
    from events.log import open_log

    open_log(f"{db}.raw", mode="write").close()
    raw = connect(f"{db}.raw")
    insert = f"INSERT INTO event VALUES ({', '.join('?' * 10)})"
    ours: list[float] = []
    theirs: list[float] = []
    with open_log(db, mode="write") as log:
        for line in lines(int(times)):
            draft = drafted(line | {"case": "one"}).draft
            began = time.perf_counter()
            with log.writing("bench") as writer:
                writer.append([draft])
            ours.append(time.perf_counter() - began)
            (row,) = log.rows("SELECT * FROM event ORDER BY position DESC LIMIT 1")
            if not theirs:
                raw.execute("INSERT INTO cases VALUES (1, 'one')")
                raw.execute("INSERT INTO event_types VALUES (1, 'infusion', 1)")
            began = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(insert, row)
            raw.execute("COMMIT")
            theirs.append(time.perf_counter() - began)
    return {"ours": statistics.median(ours[10:]), "raw": statistics.median(theirs[10:])}


def connect(db: str) -> sqlite3.Connection:
    connection = sqlite3.connect(db, isolation_level=None)
    for pragma in ("synchronous = FULL", "cache_size = -65536", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def part_ask(db: str) -> dict[str, Any]:
    """Stored rows of one small case, read back as events, in process."""
    from events.log import open_log

    took = []
    with open_log(db) as log:
        names = [case.name for case in log.cases()]
        chance = random.Random(2)
        for _ in range(2000):
            name = chance.choice(names)
            began = time.perf_counter()
            list(log.events(name))
            took.append(time.perf_counter() - began)
    return spread(took)


def part_question(db: str) -> dict[str, Any]:
    """One question on one small case, from its stored rows to the answer with network and counts, in process."""
    from events.log import open_log
    from timeline.case import CaseTimeline
    from timeline.hearings.account import Account
    from timeline.views import ask

    took = []
    with open_log(db) as log:
        names = [case.name for case in log.cases()]
        chance = random.Random(3)
        for _ in range(2000):
            name = chance.choice(names)
            began = time.perf_counter()
            timeline = CaseTimeline.of(name, log.events(name))
            ask(timeline, "dose-total", {"window": "2015-01-01T00:00Z/2015-06-30T00:00Z"}, Account())
            took.append(time.perf_counter() - began)
    return spread(took)


def spread(took: list[float]) -> dict[str, Any]:
    return {"p50": statistics.median(took), "p99": sorted(took)[int(len(took) * 0.99)]}


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def cold(*words: str) -> float:
    program = Path(sys.executable).parent / "casefold"
    command = (
        [str(program), *words] if program.exists() else [sys.executable, "-c", "from cli import main; main()", *words]
    )
    took = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def row(what: str, ours: str, raw: str, ratio: str, goal: str) -> None:
    print(f"| {what} | {ours} | {raw} | {ratio} | {goal} |", flush=True)


def report(events: int, folder: Path) -> str:
    source = folder / f"{events}.jsonl"
    write_lines(source, events)
    loads, raws = [], []
    for turn in range(3 if events <= 200_000 else 1):
        ours, raw = str(folder / f"{events}-{turn}.db"), str(folder / f"{events}-{turn}-raw.db")
        loads.append(run("load", str(source), ours))
        raws.append(run("raw", ours, raw))
    load, least = min(one["seconds"] for one in loads), min(one["seconds"] for one in raws)
    rates = f"{events / load:,.0f} events/s", f"{events / least:,.0f} rows/s"
    row(f"load {events:,} events, beside executemany", *rates, f"{load / least:.2f}", "1.5")
    row(f"peak memory of that load, {events:,} events", f"{max(one['peak'] for one in loads)} MB", "", "", "flat")
    db = str(folder / f"{events}-0.db")
    for what, part, goal in (("stored rows", "ask", "p99 2 ms"), ("with network and counts", "question", "p99 10 ms")):
        took = run(part, db)
        ours = f"p50 {took['p50'] * 1e3:.2f} ms, p99 {took['p99'] * 1e3:.2f} ms"
        row(f"one case of {events:,} events, {what}", ours, "", "", goal)
    return db


def report_postgres(events: int, folder: Path) -> None:
    """Load into a PostgreSQL server of our own, beside raw COPY; nothing where its programs are not installed."""
    from tests.databases.server import NoServerError, new_server

    try:
        server = new_server(memory=False)
    except NoServerError as missing:
        print(f"PostgreSQL not measured: {missing}")
        return
    try:
        source = folder / f"{events}.jsonl"
        loads, raws = [], []
        for turn in range(3 if events <= 200_000 else 1):
            ours, raw = server.database(f"ours{turn}"), server.database(f"raw{turn}")
            loads.append(run("load", str(source), ours))
            raws.append(run("raw-postgres", ours, raw))
        load, least = min(one["seconds"] for one in loads), min(one["seconds"] for one in raws)
        rates = f"{events / load:,.0f} events/s", f"{events / least:,.0f} rows/s"
        row(f"load {events:,} events into PostgreSQL, beside COPY", *rates, f"{load / least:.2f}", "")
        row(f"peak memory of that load, {events:,} events", f"{max(one['peak'] for one in loads)} MB", "", "", "flat")
        took = run("ask", server.url("ours0"))
        ours = f"p50 {took['p50'] * 1e3:.2f} ms, p99 {took['p99'] * 1e3:.2f} ms"
        row(f"one case of {events:,} events in PostgreSQL, stored rows", ours, "", "", "")
    finally:
        server.remove()


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors\n")
    print("| what | Casefold | raw SQLite | ratio | goal |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=ROOT / "build" if (ROOT / "build").is_dir() else None) as place:
        folder = Path(place)
        for events in [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]:
            db = report(events, folder)
            report_postgres(events, folder)
        one = run("single", str(folder / "single.db"), "500")
        both = f"{one['ours'] * 1e3:.2f} ms", f"{one['raw'] * 1e3:.2f} ms"
        row("one durable append, beside one commit", *both, f"{one['ours'] / one['raw']:.2f}", "1.3")
        row("cold `casefold --help`", f"{cold('--help'):.3f} s", "", "", "0.1 s")
        row("cold `casefold log` of one case", f"{cold('--db', db, 'log', 'case-1'):.3f} s", "", "", "0.35 s")
        asked = cold("--db", db, "ask", "case-1", "chronology")
        row("cold `casefold ask` of one case", f"{asked:.3f} s", "", "", "0.35 s")
    print(f"\nload average {os.getloadavg()[0]:.2f}")


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "load": part_load,
    "raw": part_raw,
    "raw-postgres": part_raw_postgres,
    "single": part_single,
    "ask": part_ask,
    "question": part_question,
}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in PARTS:
        print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
