"""The page of the views of findings, charges and supply: its keys are those that the views give, no more, no less."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from timeline.asking.lines import ROW
from timeline.case import CaseTimeline
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
PAGE = "docs/views-justice-and-findings.md"
VIEWS = ("findings", "charges", "supply", "check")
OF_NO_EVENT = {("charges", "defendants"), ("charges", "elapsed"), ("supply", "totals"), ("check", "asks")}
S = {"speaker": "s", "standing": "stated"}


def retracted(name: str) -> dict[str, Any]:
    return {"id": f"no-{name}", "type": "amend.retract", "data": {"target": name, "reason": "wrong"}}


@pytest.fixture(scope="module")
def case(told: Told) -> CaseTimeline:
    kinds = {
        "death": {}, "report_released": {}, "finding": {"text": "x"}, "toxicology": {"analyte": "ketamine"},
        "charge": {"defendant": "A"}, "sentence": {"defendant": "A"}, "hearing": {}, "deadline": {},
        "supply": {"from": "A"}, "seizure": {},
    }  # fmt: skip
    lines: list[dict[str, Any]] = [
        {"id": kind, "type": kind, "when": "2024-01-01", "data": data, "source": S} for kind, data in kinds.items()
    ]
    for kind in ("finding", "charge", "supply"):
        lines += [{"id": f"{kind}-2", "type": kind, "data": kinds[kind]}, retracted(f"{kind}-2")]
    return CaseTimeline.of("c", told(*lines, zone="UTC"))


@pytest.fixture(scope="module")
def tables(root: Path) -> Mapping[str, list[str]]:
    """Give the keys of each table of the page by the heading before it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in (root / PAGE).read_text("utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").replace("`", "")
        elif key := re.match(r"\| `([a-z_]+)` \|", line):
            found.setdefault(heading, []).append(key[1])
    return found


def test_every_row_of_an_event_has_the_keys_of_all_rows(tables: Mapping[str, list[str]]) -> None:
    assert tables["Every row of an event"] == [*ROW, "line"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_documented_keys_are_those_the_view_gives(
    case: CaseTimeline, tables: Mapping[str, list[str]], view: str
) -> None:
    values = ask(case, view, {}).values
    assert tables[f"Keys of {view}"] == list(values)
    lists = {name: rows for name, rows in values.items() if isinstance(rows, list) and rows}
    listed = {name: rows for name, rows in lists.items() if isinstance(rows[0], dict)}
    documented = {title.partition(": ")[2] for title in tables if title.startswith(f"Rows of {view}: ")}
    assert set(listed) == documented, "every list of rows has its table, and is not empty here"
    for name, rows in listed.items():
        own = tables[f"Rows of {view}: {name}"]
        expected = own if (view, name) in OF_NO_EVENT else [*ROW, *own, "line"]
        for row in rows:
            assert sorted(row) == sorted(expected), (view, name)
