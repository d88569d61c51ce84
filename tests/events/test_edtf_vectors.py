"""The published EDTF vectors, row by row, in zones on both sides of UTC. Derives no expectation of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events.dates.civil import civil_date, instant_text
from events.errors import Fault
from events.when_text import read_when

ZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")


@pytest.mark.parametrize("zone", ZONES)
def test_every_row_reads_as_published(shared: Path, zone: str) -> None:
    rows = json.loads((shared / "vectors" / "edtf.json").read_text(encoding="utf-8"))["cases"]
    assert len(rows) == 83
    for row in rows:
        if not row["accept"]:
            with pytest.raises(Fault):
                read_when(row["text"], zone=zone)
            continue
        bound = read_when(row["text"], zone=zone).parts[0].literal
        ends = (bound.lo, bound.hi)
        read: list[str | None]
        if "T" in row["text"]:
            read = [instant_text(end)[:19] + "Z" for end in ends if end is not None]
        else:
            read = [None if end is None else civil_date(end, zone).isoformat() for end in ends]
        assert read == [row["earliest"], row["latest"]], row["text"]


@pytest.mark.parametrize(
    ("text", "contiguous"),
    [
        ("202X", True), ("2016-01-2X", True), ("2016-XX-XX", True), ("2016-0X", True), ("1953S3", True),
        ("156X-12-25", False), ("2016-02-X9", False), ("2016-X1", False), ("[1667,1668,1670..1672]", False),
        ("[1667,1668..1672]", True), ("20XX-33", False),
    ],
)  # fmt: skip
def test_a_hull_with_holes_holds_for_certain_nowhere(text: str, contiguous: bool) -> None:
    part = read_when(text, zone="UTC").parts[0]
    assert part.hull is not contiguous
    assert (part.inner == part.outer) is contiguous
