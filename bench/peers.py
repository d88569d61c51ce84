"""Beside `eventsourcing` (SQLite), in one run on one disk: a bulk save, one append, reading all in order.

Run: python bench/peers.py [EVENTS]     (default 30000)
The peer twice: its bare recorder, which is handed bytes and neither validates nor hashes; and its typed events, which
are encoded and mapped as its users have it. Prints a table in Markdown, ratios and all; asserts nothing.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.load import lines, write_lines  # noqa: E402
from events.batches.load import load  # noqa: E402
from events.drafting import draft  # noqa: E402
from events.log import open_log  # noqa: E402

APPENDS = 200
PAGE = 1_000


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ours(folder: Path, events: int) -> dict[str, float]:
    file, db = folder / "lines.jsonl", str(folder / "ours.db")
    write_lines(file, events)
    with open_log(db, mode="write") as log:
        bulk = seconds(lambda: load(log, [file]))
        reading = seconds(lambda: [event.id for event in log.all_events()])
        times = []
        for n, line in enumerate(lines(APPENDS)):
            one = draft({**line, "id": f"more-{n}"})

            def append(one: Any = one) -> None:
                with log.writing("bench") as writer:
                    writer.append([one])

            times.append(seconds(append))
    return {"bulk": bulk, "append": statistics.median(times), "reading": reading}


def case_id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def bare(folder: Path, events: int) -> dict[str, float]:
    """Time the peer's recorder, with bytes made beforehand."""
    import msgspec
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(folder / "bare.db")))
    recorder.create_table()
    counts: dict[str, int] = {}

    def stored(line: dict[str, Any]) -> StoredEvent:
        version = counts[line["case"]] = counts.get(line["case"], 0) + 1
        return StoredEvent(case_id(line["case"]), version, "bench:Infused", msgspec.json.encode(line))

    made = [stored(line) for line in lines(events)]
    bulk = seconds(lambda: recorder.insert_events(made))

    def read() -> None:
        start = 1
        while page := recorder.select_notifications(start, PAGE):
            start = page[-1].id + 1

    reading = seconds(read)
    more = [stored(line) for line in lines(APPENDS)]
    times = [seconds(lambda one=one: recorder.insert_events([one])) for one in more]  # type: ignore[misc]
    return {"bulk": bulk, "append": statistics.median(times), "reading": reading}


def typed(folder: Path, events: int) -> dict[str, float]:
    """Time the peer as its users have it: aggregates, typed events, JSON."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Kept(Aggregate):
        @event("Created")
        def __init__(self, name: str) -> None:
            self.name = name

        @event("Infused")
        def infuse(self, own_id: str, when: str, data: dict[str, str], source: dict[str, str]) -> None:
            self.last = (own_id, when, data, source)

    app: Any = Application(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "typed.db")}
    )
    told = list(lines(events))

    def save() -> None:
        cases: dict[str, Kept] = {}
        for line in told:
            one = cases.get(line["case"])
            if one is None:
                one = cases[line["case"]] = Kept(line["case"])
            one.infuse(line["id"], line["when"], line["data"], line["source"])
        app.save(*cases.values())

    def read() -> None:
        start = 1
        while page := app.recorder.select_notifications(start, PAGE):
            for each in page:
                app.mapper.to_domain_event(each)
            start = page[-1].id + 1

    bulk, reading = seconds(save), seconds(read)
    one = Kept("more")
    times = []
    for line in lines(APPENDS):
        one.infuse(line["id"], line["when"], line["data"], line["source"])
        times.append(seconds(lambda: app.save(one)))
    return {"bulk": bulk, "append": statistics.median(times), "reading": reading}


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    with tempfile.TemporaryDirectory(prefix="casefold-peers-") as place:
        own, plain, whole = (work(Path(place), events) for work in (ours, bare, typed))
    print(f"{events:,} events; the peer's time over ours, the higher the better for us\n")
    print("| what | Casefold | its bare recorder | ratio | its typed events | ratio |\n|---|---|---|---|---|---|")
    for name, unit, scale in (("bulk", "s", 1), ("append", "ms", 1_000), ("reading", "s", 1)):
        cells = [f"{one[name] * scale:.3f} {unit}" for one in (own, plain, whole)]
        ratios = [f"{one[name] / own[name]:.2f}" for one in (plain, whole)]
        print(f"| {name} | {cells[0]} | {cells[1]} | {ratios[0]} | {cells[2]} | {ratios[1]} |")


if __name__ == "__main__":
    main()
