"""The real tables of examples/mimic3demo: every row is an event or refused for a reason, with pinned figures."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.batches.load import load
from events.batches.report import LoadReport, Refused
from events.log import Log, open_log

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mimic3demo"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mimic")


@pytest.fixture(scope="module")
def loaded(shared: Path, folder: Path) -> Iterator[tuple[LoadReport, LoadReport, Log]]:
    with open_log(str(folder / "mimic.db"), mode="write") as log:
        patients = load(log, [shared / "data" / "mimic3demo_patients.csv.gz"], map=EXAMPLE / "patients.toml")
        orders = load(
            log,
            [shared / "data" / "mimic3demo_prescriptions.csv.gz"],
            map=EXAMPLE / "prescriptions.toml",
            quarantine=folder / "refused.jsonl",
        )
        yield patients, orders, log


def test_each_patient_is_a_case_with_a_death(loaded: tuple[LoadReport, LoadReport, Log]) -> None:
    patients, _, log = loaded
    assert (patients.appended, patients.refused, patients.cases) == (200, 0, 100)
    assert {case.events >= 2 for case in log.cases()} == {True}
    opened, death = list(log.events("10006"))[:2]
    assert (opened.type, opened.written["zone"]) == ("case.opened", "Etc/UTC")
    assert (death.type, death.when, death.source.standing) == ("death", "2165-08-12", "documented")


def test_every_order_is_appended_or_refused_for_a_reason(
    loaded: tuple[LoadReport, LoadReport, Log], folder: Path
) -> None:
    _, orders, _ = loaded
    kept = [json.loads(line) for line in (folder / "refused.jsonl").read_text(encoding="utf-8").splitlines()]
    reasons = Counter((row["field"], re.sub(r"'[^']*'", "…", row["what"])) for row in kept)
    assert reasons == {("until", "it ends (…) before it begins (…)"): 39, ("data.amount", "… is not a plain number"): 1}
    assert (orders.appended, orders.refused, orders.cases) == (10_358, 40, 94)
    assert orders.appended + orders.refused == 10_398
    assert (orders.first_position, orders.last_position, orders.batch) == (201, 10_558, 2)


def test_amounts_that_are_not_plain_become_bounds(loaded: tuple[LoadReport, LoadReport, Log]) -> None:
    _, _, log = loaded
    reads = Counter[str]()
    for event in log.all_events():
        if event.source.reads:
            reads["range" if " to " in str(event.written["amount"]) else "thousands"] += 1
    assert reads == {"range": 584, "thousands": 70}
    assert reads.total() + 1 == 655  # the one that is left, "1-2mg", is refused


def test_a_second_load_appends_nothing(loaded: tuple[LoadReport, LoadReport, Log], shared: Path, folder: Path) -> None:
    _, orders, log = loaded
    again = load(
        log,
        [shared / "data" / "mimic3demo_prescriptions.csv.gz"],
        map=EXAMPLE / "prescriptions.toml",
        quarantine=folder / "again.jsonl",
    )
    assert (again.appended, again.already_there, again.refused) == (0, orders.appended, orders.refused)


def test_without_a_quarantine_nothing_is_written(loaded: tuple[LoadReport, LoadReport, Log], shared: Path) -> None:
    _, _, log = loaded
    before = log.head()
    with pytest.raises(Refused) as refused:
        load(log, [shared / "data" / "mimic3demo_prescriptions.csv.gz"], map=EXAMPLE / "prescriptions.toml")
    assert refused.value.report.refused == 40
    assert log.head() == before


def test_a_mended_quarantine_completes_the_log(loaded: tuple[LoadReport, LoadReport, Log], folder: Path) -> None:
    _, _, log = loaded
    rows = [json.loads(line) for line in (folder / "refused.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["raw"]["dose_val_rx"] = row["raw"]["dose_val_rx"].removesuffix("mg")
        row["raw"]["enddate"] = max(row["raw"]["startdate"], row["raw"]["enddate"])
    (folder / "mended.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert load(log, [folder / "mended.jsonl"], map=EXAMPLE / "prescriptions.toml").appended == 40
