"""The 100 patients of examples/mimic3demo: last order and final four days, against plain SQL over the raw tables."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from events.batches.load import load
from events.log import open_log
from events.when import DAY
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.views import ask

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mimic3demo"
FOUR = "4 days before @death"
KEPT = "(enddate = '' OR enddate >= startdate) AND dose_val_rx NOT GLOB '*[a-zA-Z]*'"
"""The rows that are read: no end before its start, no unit inside the number."""
ORDERS = f"""
    CREATE VIEW ordered AS
    SELECT p.subject_id AS patient, TRIM(LOWER(REPLACE(drug, '  ', ' '))) AS drug,
           dose_val_rx AS dose, dose_unit_rx AS unit,
           CAST(JULIANDAY(DATE(dod)) - JULIANDAY(DATE(startdate)) AS INTEGER) AS days
    FROM prescriptions JOIN patients p USING (subject_id) WHERE {KEPT}
"""
LAST = """
    SELECT p.subject_id, MIN(CASE WHEN days >= 0 THEN days END), MIN(CASE WHEN days >= 1 THEN days END)
    FROM patients p LEFT JOIN ordered o ON o.patient = p.subject_id GROUP BY p.subject_id
"""
COUNTS = """
    SELECT p.subject_id, COUNT(CASE WHEN days BETWEEN 1 AND 3 THEN 1 END),
           COUNT(CASE WHEN days BETWEEN 0 AND 4 THEN 1 END)
    FROM patients p LEFT JOIN ordered o ON o.patient = p.subject_id GROUP BY p.subject_id
"""
TOTALS = """
    SELECT patient, drug, SUM(CASE WHEN days BETWEEN 1 AND 3 THEN CAST(dose AS REAL) ELSE 0 END),
           SUM(CAST(dose AS REAL))
    FROM ordered WHERE days BETWEEN 0 AND 4 GROUP BY patient, drug
    HAVING COUNT(DISTINCT unit) = 1 AND MIN(unit) <> '' AND MAX(dose GLOB '*[^0-9.]*' OR dose = '') = 0
           AND SUM(CAST(dose AS REAL)) > 0
"""


@pytest.fixture(scope="module")
def sql(shared: Path) -> Iterator[sqlite3.Connection]:
    """Give the raw tables, as the files have them, in a database that knows nothing of Casefold."""
    made = sqlite3.connect(":memory:")
    for name in ("patients", "prescriptions"):
        with gzip.open(shared / "data" / f"mimic3demo_{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        made.execute(f"CREATE TABLE {name} ({', '.join(head)})")
        made.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(head))})", rows)
    made.execute(ORDERS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def cases(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, CaseTimeline]:
    folder = tmp_path_factory.mktemp("mimic")
    data = shared / "data"
    orders = data / "mimic3demo_prescriptions.csv.gz"
    with open_log(str(folder / "mimic.db"), mode="write") as log:
        load(log, [data / "mimic3demo_patients.csv.gz"], map=EXAMPLE / "patients.toml")
        load(log, [orders], map=EXAMPLE / "prescriptions.toml", quarantine=folder / "refused.jsonl")
        return {case.name: CaseTimeline.of(case.name, log.events(case.name)) for case in log.cases()}


@pytest.fixture(scope="module")
def totals(cases: dict[str, CaseTimeline]) -> dict[str, Answer]:
    asked = {"type": "prescription", "window": FOUR}
    return {name: ask(timeline, "dose-total", asked) for name, timeline in cases.items()}


Cases = dict[str, CaseTimeline]


def test_time_from_the_last_order_to_death_for_every_patient(sql: sqlite3.Connection, cases: Cases) -> None:
    rows = sql.execute(LAST).fetchall()
    assert len(rows) == len(cases) == 100
    seen = {"certain": 0, "possible": 0, "impossible": 0}
    for patient, nearest, sure in rows:
        values = ask(cases[patient], "days-since-last", {"type": "prescription", "at": "@death"}).values
        seen[values["exists"]] += 1
        assert values["exists"] == ("impossible" if nearest is None else "possible" if sure is None else "certain")
        if nearest is None:
            continue
        most = nearest if sure is None else sure
        assert values["elapsed"] == {
            "min_us": max(0, (nearest - 1) * DAY + 1), "max_us": (most + 1) * DAY - 1,
        }, patient  # fmt: skip
        assert values["calendar_days"] == {"min": nearest, "max": most}, patient
    assert seen == {"certain": 91, "possible": 3, "impossible": 6}


def test_how_many_were_ordered_in_the_final_four_days(sql: sqlite3.Connection, totals: dict[str, Answer]) -> None:
    for patient, least, most in sql.execute(COUNTS):
        answer = totals[patient]
        assert answer.values["administrations"] == {"min": least, "max": most}, patient
        assert answer.in_fact["administrations"] == {"min": least, "max": None}
        assert answer.values["counted"] == "ordered"


def test_how_much_of_each_drug_in_the_final_four_days(sql: sqlite3.Connection, totals: dict[str, Answer]) -> None:
    """Of the drugs whose rows there are exact: one unit, plain numbers."""
    compared = 0
    for patient, drug, least, most in sql.execute(TOTALS).fetchall():
        (amount,) = [one for one in totals[patient].values["amounts"] if one["substance"] == drug]
        assert float(amount["min"]) == pytest.approx(least), (patient, drug)
        assert float(amount["max"]) == pytest.approx(most), (patient, drug)
        assert amount["unknown"] == {"min": 0, "max": 0}
        compared += 1
    assert compared == 654


def test_the_final_days_of_a_patient_put_together(cases: Cases, totals: dict[str, Answer]) -> None:
    answer: Any = ask(cases["10111"], "final-days", {"type": "prescription", "window": FOUR})
    assert answer.values["doses"]["administrations"] == {"min": 5, "max": 12}
    assert answer.values["doses"]["amounts"] == totals["10111"].values["amounts"]
    assert [row["type"] for row in answer.values["last"]] == ["prescription"]
    assert len(answer.values["within"]) >= 12


