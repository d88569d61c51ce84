"""The examples of docs/mapping.md run, and every key of a mapping stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from events.batches import mapping
from events.batches.lines import BatchFile
from events.batches.mapping import read_mapping
from events.batches.tables import read_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mapping.md"
FENCES = re.compile(r"```toml\n(.*?)```\n\n```csv\n(.*?)```\n\n```jsonl\n(.*?)```", re.DOTALL)
EXAMPLES = FENCES.findall(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_gives_the_events_beside_it(example: tuple[str, str, str], tmp_path: Path) -> None:
    toml, table, events = example
    (tmp_path / "map.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "FILE").write_text(table, encoding="utf-8")
    with BatchFile(tmp_path / "FILE") as file:
        made = [event for row in read_table(file, read_mapping(tmp_path / "map.toml")) for event in row.events]
    assert made == [json.loads(line) for line in events.splitlines()]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("key", sorted({key for keys in mapping._KEYS.values() for key in keys}))
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf"`{key}`|\[\[?{key}\]\]?", PAGE.read_text(encoding="utf-8"))
