"""Cohorts: one row a case, from what is kept or folded for the account asked for, in files that run nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from tests.kept.records import LAST, LINES
from timeline import store
from timeline.read import Asked


def test_a_cohort_on_somebodys_word_or_as_of_then_is_folded_for_it(log: str, tmp_path: Path) -> None:
    def told(**how: Any) -> list[tuple[Any, ...]]:
        store.cohort(log, [LAST], str(tmp_path / "out.jsonl"), asked=Asked.of(**how))
        rows = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
        return [(row["case_name"], row["truth"], row["position"]) for row in rows]

    assert told() == [("a", "certain", 10), ("b", "impossible", 11), ("c", None, 12)]
    assert told(speakers=["x"])[:2] == [("a", "certain", 10), ("b", None, 11)]
    assert told(as_of="3") == [("a", None, 2), ("b", None, 3)]
    assert told(asserted_by="2001") == [("a", None, 10), ("b", None, 11), ("c", None, 12)]
    done = store.cohort(log, ["cases"], str(tmp_path / "out.csv"), asked=Asked.of(as_of="3"))
    assert (done["position"], done["rows"], done["warnings"]) == (3, 2, [])
    for wrong in (Asked.of(as_of="then"), Asked.of(about="much"), Asked.of(asserted_by="soon")):
        with pytest.raises(Fault):
            store.cohort(log, [LAST], str(tmp_path / "wrong.csv"), asked=wrong)


def test_no_cell_of_a_table_is_a_formula(log: str, tmp_path: Path) -> None:
    store.cohort(log, ["cases"], str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["case_name"] for row in rows] == ["a", "b", "c"]
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert rows[1]["earliest_us"] == "1698481800000000"


def test_a_table_in_parquet_says_what_it_is_of(log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    done = store.cohort(log, [LAST], str(tmp_path / "out.parquet"))
    read = parquet.read_table(tmp_path / "out.parquet")
    assert read.column("case_name").to_pylist() == ["a", "b", "c"]
    assert read.column("elapsed_max_us").to_pylist() == [None, None, None]
    assert read.column("asked").to_pylist() == [True, True, False]
    said = json.loads(read.schema.metadata[b"casefold"])
    assert (said["question"], said["position"], said["log"]) == (LAST, len(LINES), done["log"])


def test_parquet_without_its_library_is_refused_plainly(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(Fault, match=r"pip install 'casefold\[parquet\]'"):
        store.cohort(log, [LAST], str(tmp_path / "out.parquet"))
    with pytest.raises(Fault, match="end its name in one of"):
        store.cohort(log, [LAST], str(tmp_path / "out.xls"))
    with pytest.raises(Fault, match="many rows a case"):
        store.cohort(log, ["chronology"], str(tmp_path / "out.csv"))
    assert not list(tmp_path.glob("*out*"))
