"""What kept views cost: bringing 1,000 new events up against making all anew, and reading every case. Asserts nothing.

Run: python -m bench.kept [EVENTS ...]     (default 100000; cases of 20 events)
Prints tables in Markdown. DuckDB, where installed, is asked the same two questions: of Parquet of the events (exact
instants only: it knows no bounds, no claims and no contradictions), and of Parquet of the rows as they are kept.
"""

from __future__ import annotations

import csv
import datetime as dt
import gc
import json
import os
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(os.environ.get("CASEFOLD_BENCH_ROOT", Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT))

from bench.questions import DAYS, START, TELLERS  # noqa: E402

SIZE = 20
NEW = 1_000
TYPES = ("infusion", "injection", "injection", "oral_dose", "message", "call", "hearing")
LAST, TOTAL = "days-since-last infusion --at death", "dose-total --window '4 days before death'"
QUESTIONS = (LAST, TOTAL)
ASKED = (
    "SELECT case_name, truth, elapsed_min_us, elapsed_max_us, text FROM elapsed WHERE question = {last}",
    "SELECT case_name, administrations_min, administrations_max, text FROM dose_total WHERE question = {total}",
)
DUCK_LAST = """
    WITH d AS (SELECT name, us FROM events WHERE type = 'death') SELECT d.name, d.us - max(e.us) FROM d LEFT JOIN
    events e ON e.name = d.name AND e.type = 'infusion' AND e.us <= d.us GROUP BY d.name, d.us"""
DUCK_TOTAL = """
    WITH d AS (SELECT name, us FROM events WHERE type = 'death') SELECT d.name, count(e.us), sum(e.mg) FROM d LEFT
    JOIN events e ON e.name = d.name AND e.given AND e.us BETWEEN d.us - 345600000000 AND d.us GROUP BY d.name"""


def lines(case: str) -> Iterator[dict[str, Any]]:
    """Give a case of exact instants and a few days, with a death; three tellers."""
    chance = random.Random(case)
    end = START + dt.timedelta(days=DAYS)
    yield {"case": case, "id": "opened", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}}
    yield {"case": case, "id": "death", "type": "death", "when": f"{end:%Y-%m-%dT%H:%M}Z"}
    for n in range(SIZE - 2):
        yield {"case": case, "id": f"e{n}", **event(chance, end)}


def event(chance: random.Random, end: dt.datetime) -> dict[str, Any]:
    """Give an event of the last thirty days, a fifth of them dated to the day."""
    at = end - dt.timedelta(minutes=chance.randrange(30 * 24 * 60))
    when = f"{at:%Y-%m-%d}" if chance.random() < 0.2 else f"{at:%Y-%m-%dT%H:%M}Z"
    speaker, standing = chance.choice(TELLERS)
    kind = chance.choice(TYPES)
    data = {"substance": "ketamine", "amount": f"{chance.randrange(2, 20) * 5} mg"} if kind in TYPES[:4] else {}
    return {"type": kind, "when": when, "data": data, "source": {"speaker": speaker, "standing": standing}}


def load(where: Path, events: Iterator[dict[str, Any]]) -> None:
    """Load lines into a log."""
    from events.batches.load import load as load_files
    from events.log.opening import open_log

    source = where.with_suffix(".jsonl")
    with source.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in events)
    with open_log(str(where), mode="write") as log:
        load_files(log, [source], zone="America/Los_Angeles", actor="bench")


def best(task: Callable[[], Any], times: int = 9) -> float:
    """Give the milliseconds of the fastest of a few runs: the machine may have other things to do."""
    return min(timed(task)[0] for _ in range(times)) * 1000


def timed(task: Callable[[], Any]) -> tuple[float, float]:
    """Give the seconds that a run takes, on the clock and of the processor."""
    start, busy = perf_counter(), process_time()
    task()
    return perf_counter() - start, process_time() - busy


def row(*cells: object) -> None:
    """Print one row."""
    shown = [f"{each:,.2f}" if isinstance(each, float) else f"{each:,}" if isinstance(each, int) else str(each)
             for each in cells]  # fmt: skip
    print("| " + " | ".join(shown) + " |", flush=True)


def keeping(where: Path, events: int) -> None:
    """Time the first keeping, bringing up, and making anew."""
    from timeline import store

    chance, cases = random.Random(1), events // SIZE
    end = START + dt.timedelta(days=DAYS)
    print(f"\n| {events:,} events of {cases:,} cases, 8 questions | cases folded | s | s of the processor |")
    print("|---|---|---|---|")
    row("first keeping", cases, *timed(lambda: store.project(str(where))))
    for number in (NEW, NEW // SIZE):
        names = [f"case-{n}" for n in chance.sample(range(cases), min(number, cases))]
        new = ({"case": names[n % len(names)], "id": f"{number}-{n}", **event(chance, end)} for n in range(NEW))
        load(where, new)
        row(f"{NEW:,} new events of {len(names):,} cases", len(names), *timed(lambda: store.project(str(where))))
    row("nothing new", 0, *timed(lambda: store.project(str(where))))
    row("made anew (--rebuild)", cases, *timed(lambda: store.project(str(where), anew=True)))


def reading(where: Path, folder: Path) -> None:
    """Time the two questions of every case from the kept tables, and DuckDB on the same data."""
    from timeline import store

    with closing(sqlite3.connect(f"file:{where}.views?mode=ro", uri=True)) as views:
        views.execute("PRAGMA cache_size = -65536")
        numbers = dict(views.execute("SELECT asked, question FROM question"))
        asked = [sql.format(last=numbers[LAST], total=numbers[TOTAL]) for sql in ASKED]
        kept = best(lambda: [views.execute(sql).fetchall() for sql in asked])
        rows = [views.execute(sql).fetchall() for sql in asked]
    print(f"\n| both questions of {len(rows[0]):,} cases, ms | |\n|---|---|")
    row("from the kept tables (sqlite3)", kept)
    saved = best(lambda: [store.cohort(str(where), [text], f"{folder}/c.csv") for text in QUESTIONS], 3)
    row("`cohort` to CSV, every column", saved)
    try:
        duckdb: Any = import_module("duckdb")
    except ImportError:
        print("\nDuckDB is not installed: nothing to compare with")
        return
    duck = duckdb.connect()
    parquet(duck, where, folder, rows)
    raw = best(lambda: [duck.execute(sql).fetchall() for sql in (DUCK_LAST, DUCK_TOTAL)])
    same = best(lambda: [duck.execute(f"SELECT * FROM '{folder}/{n}.parquet'").fetchall() for n in range(2)])
    row("DuckDB, Parquet of the events, exact instants", raw)
    row("DuckDB, Parquet of the kept rows", same)
    print(f"\nratio to DuckDB: {kept / raw:.2f} on the events, {kept / same:.2f} on the kept rows")


def parquet(duck: Any, where: Path, folder: Path, rows: list[list[Any]]) -> None:
    """Write the events, and the kept rows, as Parquet, by DuckDB itself."""
    administered = "('infusion', 'injection', 'oral_dose')"
    with closing(sqlite3.connect(f"file:{where}?mode=ro", uri=True)) as log, (folder / "e.csv").open("w") as out:
        told = log.execute("SELECT c.name, t.name, e.earliest, json_extract(e.body, '$.data.amount') FROM event e"
                           " JOIN cases c ON c.id = e.case_id JOIN event_types t ON t.id = e.type_id")  # fmt: skip
        csv.writer(out).writerows((*each[:3], str(each[3] or "").partition(" ")[0]) for each in told)
    columns = f"column0 AS name, column1 AS type, column2 AS us, column3 AS mg, column1 IN {administered} AS given"
    read = f"SELECT {columns} FROM read_csv('{folder}/e.csv', header=false)"
    duck.execute(f"COPY ({read}) TO '{folder}/events.parquet'")
    duck.execute(f"CREATE VIEW events AS SELECT * FROM '{folder}/events.parquet'")
    for n, each in enumerate(rows):
        with (folder / f"{n}.csv").open("w", encoding="utf-8") as out:
            csv.writer(out).writerows(each)
        duck.execute(f"COPY (SELECT * FROM read_csv('{folder}/{n}.csv', header=false)) TO '{folder}/{n}.parquet'")


def main() -> None:
    gc.set_threshold(100_000, 50, 50)  # as the command line does
    print(f"load average {os.getloadavg()[0]:.1f}")
    for events in [int(each) for each in sys.argv[1:]] or [100_000]:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            where = folder / "log.db"
            load(where, (line for n in range(events // SIZE) for line in lines(f"case-{n}")))
            keeping(where, events)
            reading(where, folder)
    print(f"\nload average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
