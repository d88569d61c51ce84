"""An event as the line that says the same: loaded again it is the same leaf, for every type there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from events.codec import leaf, recorded
from events.drafting import draft
from events.leaf.line import line_of

GOLDEN = [
    json.loads(row)
    for row in (Path(__file__).parent.parent / "golden" / "leaves_v1.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_the_line_of_a_golden_leaf_is_that_leaf_again(row: dict[str, Any]) -> None:
    values = {path: value for path, _, value in row["disclosures"]}
    told = json.loads(row["body"])
    line = line_of(recorded(row["body"].encode(), values), private=True)
    assert list(line)[:3] == ["case", "id", "type"]
    salts = iter(bytes.fromhex(salt) for _, salt, _ in row["disclosures"])
    made = leaf(
        draft(json.loads(json.dumps(line)), case_zone=lambda _: "America/Los_Angeles", reserved=True),
        log=told["log"],
        position=told["position"],
        case_position=told["case_position"],
        prev=bytes.fromhex(told.get("prev", "")),
        event_id=row["id"],
        recorded_at=told["recorded_at"],
        tzdata=told["tzdata"],
        salt=lambda: next(salts),
    )
    assert made.body.decode() == row["body"]
    assert "private" not in line_of(recorded(row["body"].encode(), values))


def test_what_was_erased_is_said_where_its_field_takes_words() -> None:
    row = next(one for one in GOLDEN if {path for path, _, _ in one["disclosures"]} >= {"source.quote", "note"})
    line = line_of(recorded(row["body"].encode(), {}), private=True)
    assert (line["source"]["quote"], line["note"]) == ("[redacted]", "[redacted]")
