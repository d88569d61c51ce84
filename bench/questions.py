"""How long one case takes to be read, heard and asked, by its size, and the cold commands. Asserts nothing.

Run: python bench/questions.py [STATEMENTS ...]     (default 100 10000 100000)
Prints tables in Markdown: milliseconds; `again` is the same question once more, of the same timeline. Then cases of
hard kinds, in milliseconds of processor time: everything dated only `before` a day, every type of event there is, and
the report of 5,000 events as one page.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(os.environ.get("CASEFOLD_BENCH_ROOT", Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT))

START = dt.datetime(2019, 1, 1)  # noqa: DTZ001
DAYS = 5 * 365
TELLERS = (("clinic", "documented"), ("assistant", "stated"), ("neighbour", "alleged"))
TYPES = ("infusion", "injection", "oral_dose", "message", "call", "hearing")
CASES = 200
"""Cases of 100 events of which single questions are asked in process."""
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chronology", {}),
    ("days-since-last", {"type": "infusion", "at": "death"}),
    ("days-since-first", {"type": "infusion", "at": "death"}),
    ("dose-total", {"window": "4 days before @death"}),
    ("dose-total", {"window": "900 days before @death"}),
    ("dose-total", {"window": "4 days before @death", "substance": "ketamine", "sweep": True}),
    ("elapsed", {"a": "e1", "b": "death"}),
    ("holds", {"statement": "@e1 before @death"}),
    ("holds", {"statement": "at least 3 injection within 10 days before @death"}),
    ("conflicts", {}),
    ("gaps", {}),
)


def lines(case: str, size: int) -> Iterator[dict[str, Any]]:
    """Give a case like real ones: exact times, days, a few steps from other events; three tellers; amounts in part."""
    chance = random.Random(f"{case} {size}")
    yield {"case": case, "id": "opened", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}}
    yield {"case": case, "id": "death", "type": "death", "when": "2023-12-30T16:00", "source": {"speaker": "clinic"}}
    for n in range(1, size - 1):
        yield {"case": case, "id": f"e{n}", **_event(chance, n)}


def _event(chance: random.Random, n: int) -> dict[str, Any]:
    at = START + dt.timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(3 * 60, 24 * 60))
    when = f"{at:%Y-%m-%dT%H:%M}" if chance.random() < 0.6 else f"{at:%Y-%m-%d}"
    if chance.random() < 0.06 and n > 20:
        when = f"{chance.randrange(1, 48)} hours after @e{chance.randrange(1, n)}"
    speaker, standing = chance.choice(TELLERS)
    kind = chance.choice(TYPES)
    data: dict[str, Any] = {}
    if kind in TYPES[:3]:
        data["substance"] = chance.choice(("ketamine", "midazolam"))
        if chance.random() < 0.7:
            data["amount"] = f"{chance.randrange(2, 20) * 5} mg"
    return {
        "type": kind, "when": when, "data": data,
        "source": {"speaker": speaker, "standing": standing, "document": f"{speaker}'s log", "locator": f"row {n}"},
    }  # fmt: skip


def open_ended(case: str, size: int, kind: str) -> Iterator[dict[str, Any]]:
    """Give a case of which nearly everything is dated `before` a day, so that any two may be one."""
    chance = random.Random(f"{case} {size}")
    yield {"case": case, "id": "death", "type": "death", "when": "2023-12-30T16:00", "source": {"speaker": "clinic"}}
    for n in range(size - 1):
        day = dt.date(2023, 1, 1) + dt.timedelta(days=chance.randrange(360))
        speaker, standing = chance.choice(TELLERS)
        yield {
            "case": case, "id": f"x{n}", "type": kind, "when": f"before {day}" if chance.random() < 0.9 else f"{day}",
            "data": {"substance": chance.choice(("ketamine", "midazolam")), **_of_kind(chance, kind)},
            "source": {"speaker": speaker, "standing": standing, "document": f"{speaker}'s log"},
        }  # fmt: skip


def _of_kind(chance: random.Random, kind: str) -> dict[str, Any]:
    if kind == "supply":
        return {"quantity": f"{chance.randrange(1, 30)} vials", "from": chance.choice("ABCDE"), "to": "X"}
    amount = {"amount": f"{chance.randrange(1, 30) * 5} mg"} if chance.random() < 0.6 else {}
    return amount | ({"count": chance.choice(("2", "at least 3", "1 to 4"))} if chance.random() < 0.15 else {})


EVERY_KIND: dict[str, dict[str, Any]] = {
    "infusion": {"substance": "ketamine", "amount": "50 mg", "duration": "40 minutes"},
    "injection": {"substance": "ketamine", "amount": "30 mg"}, "prescription": {"substance": "midazolam"},
    "supply": {"substance": "ketamine", "quantity": "20 vials", "from": "A", "to": "X", "price": "300 USD"},
    "seizure": {"substance": "ketamine", "quantity": "3 vials"}, "specimen": {"site": "femoral", "matrix": "blood"},
    "toxicology": {"analyte": "ketamine", "concentration": "340 ng/mL", "site": "femoral"},
    "finding": {"aspect": "cause", "text": "acute effects"}, "assessment": {"scale": "PHQ-9", "score": "12"},
    "charge": {"defendant": "P", "offence": "distribution", "counts": "2"}, "sentence": {"defendant": "P"},
    "plea": {"defendant": "P", "offence": "distribution", "plea": "guilty"},
    "hearing": {"purpose": "trial", "status": "scheduled"}, "deadline": {"purpose": "file"},
    "response": {"of": "relapse"}, "adverse_effect": {"effect": "nausea"}, "message": {"text": "words"},
}  # fmt: skip
"""A type of each kind that a view asks about, with data."""


def every_kind(case: str, size: int) -> Iterator[dict[str, Any]]:
    """Give a case with as many of every kind of event, half of them exact."""
    chance = random.Random(f"{case} {size}")
    yield {"case": case, "id": "death", "type": "death", "when": "2023-12-30T16:00", "source": {"speaker": "clinic"}}
    for n in range(size - 1):
        at = START + dt.timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(3 * 60, 24 * 60))
        exact, day = f"{at:%Y-%m-%dT%H:%M}", f"{at:%Y-%m-%d}"
        when = chance.choice((exact, exact, day, f"before {day}"))
        kind, (speaker, standing) = chance.choice([*EVERY_KIND]), chance.choice(TELLERS)
        source = {"speaker": speaker, "standing": standing, "document": f"{speaker}'s log"}
        yield {"case": case, "id": f"x{n}", "type": kind, "when": when, "data": EVERY_KIND[kind], "source": source}


def record(case: str, size: int) -> Iterator[dict[str, Any]]:
    """Give a case as cases are: mostly messages, calls, hearings and doses, and an eighth of every kind there is."""
    rest = [*every_kind(case, size // 8)][1:]
    yield from lines(case, size - len(rest))
    yield from rest


HARD: tuple[tuple[str, Callable[[str], Iterator[dict[str, Any]]], tuple[tuple[str, dict[str, Any]], ...]], ...] = (
    ("supplies-500", lambda case: open_ended(case, 500, "supply"), (("supply", {}), ("check", {}))),
    (
        "doses-2000", lambda case: open_ended(case, 2_000, "injection"),
        (("dose-total", {"window": "900 days before @death"}), ("treatment", {}), ("check", {})),
    ),
    (
        "kinds-5000", lambda case: every_kind(case, 5_000),
        (("findings", {}), ("charges", {}), ("supply", {}), ("treatment", {}), ("check", {}), ("sources", {}),
         ("final-days", {"window": "4 days before @death"})),
    ),
    (
        "record-10000", lambda case: record(case, 10_000),
        (("treatment", {}), ("charges", {}), ("supply", {}), ("findings", {}), ("check", {}), ("sources", {}),
         ("final-days", {"window": "4 days before @death"}), ("time-to-onset", {"reaction": "death"}),
         ("residual", {"substance": "ketamine", "at": "death", "weight": "70 kg", "assume-dose": ("0.5 mg/kg",)}),
         ("changes", {"from": "1"}), ("history", {"id": "death"})),
    ),
)  # fmt: skip


def hard_cases(where: Path, reported: str) -> None:
    """Time the questions that are hardest for their case, and a report; the least processor time of three."""
    from events.log.opening import open_log
    from timeline.case import CaseTimeline
    from timeline.read import PLAIN
    from timeline.reports import asking
    from timeline.reports.formats.as_html import as_html
    from timeline.views import ask

    with open_log(str(where), mode="read") as log:
        for case, _, asked in HARD:
            events = list(log.events(case))
            for name, params in asked:
                times = []
                for _ in range(3):
                    timeline = CaseTimeline.of(case, events)
                    timeline.hear()
                    start = process_time()
                    ask(timeline, name, params)
                    times.append((process_time() - start) * 1000)
                row(f"{case}: {' '.join((name, *map(str, params.values())))}", min(times))
    start = process_time()
    as_html(asking.report(str(where), reported, PLAIN, replayed=True))
    row(f"{reported}: report as HTML", (process_time() - start) * 1000)


def loaded(folder: Path, cases: dict[str, int]) -> Path:
    """Load these cases into a new log."""
    from events.batches.load import load
    from events.log.opening import open_log

    source, log = folder / "lines.jsonl", folder / "cases.db"
    with source.open("w", encoding="utf-8") as out:
        for case, size in cases.items():
            out.writelines(json.dumps(line) + "\n" for line in lines(case, size))
        for case, make, _ in HARD:
            out.writelines(json.dumps(line) + "\n" for line in make(case))
    with open_log(str(log), mode="write") as writer:
        load(writer, [source], zone="America/Los_Angeles", actor="bench")
    return log


def taken(task: Callable[[], Any]) -> tuple[float, Any]:
    """Give the milliseconds a task takes, and what it gives."""
    start = perf_counter()
    found = task()
    return (perf_counter() - start) * 1000, found


def row(what: str, *times: float) -> None:
    """Print one row."""
    print(f"| {what} | " + " | ".join(f"{each:,.2f}" for each in times) + " |", flush=True)


def one_case(where: Path, case: str) -> None:
    """Time every question of one case, of one timeline, first and again."""
    from events.log.opening import open_log
    from timeline.case import CaseTimeline
    from timeline.views import ask, views

    views()
    with open_log(str(where), mode="read") as log:
        reading, events = taken(lambda: list(log.events(case)))
    folding, timeline = taken(lambda: CaseTimeline.of(case, events))
    row("read the rows", reading)
    row("fold", folding, taken(lambda: timeline.told)[0])
    row("hear", *(taken(timeline.hear)[0] for _ in range(2)))
    for name, params in ASKED:
        asked = " ".join((name, *map(str, params.values())))
        row(asked, *(taken(lambda: ask(timeline, name, params))[0] for _ in range(2)))  # noqa: B023
    for name, params in ASKED:
        fresh, heard = CaseTimeline.of(case, events), CaseTimeline.of(case, events)
        heard.hear()
        asked = " ".join((name, *map(str, params.values())))
        row(f"asked first, once heard: {asked}", taken(lambda: ask(heard, name, params))[0])  # noqa: B023
        row(f"asked first: {asked}", taken(lambda: ask(fresh, name, params))[0])  # noqa: B023


def small_cases(where: Path, names: list[str]) -> None:
    """Time one question a case, in process, from the stored rows on."""
    from events.log.opening import open_log
    from timeline.case import CaseTimeline
    from timeline.views import ask, views

    views()
    gc.set_threshold(700, 10, 10)
    gc.collect()
    gc.freeze()  # what a service does once it has started: the program itself need not be searched for rubbish
    with open_log(str(where), mode="read") as log:
        asks = [("stored rows", lambda case: list(log.events(case)))] + [
            (" ".join((name, *map(str, params.values()))),
             lambda case, name=name, params=params: ask(CaseTimeline.of(case, log.events(case)), name, params))
            for name, params in ASKED
        ]  # fmt: skip
        for what, question in asks:
            question(names[0])
            times = sorted(taken(lambda: question(case))[0] for case in names)  # noqa: B023
            row(what, statistics.median(times), times[int(len(times) * 0.99)])


def cold(where: Path, case: str) -> None:
    """Time whole processes: the least and the median of nine."""
    commands = (
        ("--help",), ("cases",), ("ask", case, "days-since-last", "infusion", "--at", "death"),
        ("ask", case, "dose-total", "--window", "4 days before @death"), ("ask", case, "chronology"),
    )  # fmt: skip
    for words in commands:
        command = [sys.executable, "-c", "from cli import main; main()", "--db", str(where), *words]
        run = partial(subprocess.run, command, cwd=ROOT, check=True, capture_output=True)
        run()
        times = sorted(taken(run)[0] for _ in range(9))
        row(f"casefold {' '.join(words)}", times[0], statistics.median(times))


def main() -> None:
    gc.set_threshold(100_000, 50, 50)  # as the command line does
    sizes = [int(each) for each in sys.argv[1:]] or [100, 10_000, 100_000]
    print(f"load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        small = {f"small-{n}": 100 for n in range(CASES)}
        where = loaded(folder, {f"case-{size}": size for size in (*sizes, 5_000)} | small)
        for size in sizes:
            print(f"\n| case of {size:,} statements, ms | first | again |\n|---|---|---|")
            one_case(where, f"case-{size}")
        print("\n| one question on a case of 100, from the rows on, ms | p50 | p99 |\n|---|---|---|")
        small_cases(where, [*small])
        print("\n| hard kinds of case, ms of processor time | least |\n|---|---|")
        hard_cases(where, "case-5000")
        print("\n| cold command, ms | least | median |\n|---|---|---|")
        cold(where, "small-0")
    print(f"\nload average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
