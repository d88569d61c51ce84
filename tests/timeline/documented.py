"""Which keys a page of the documentation describes for a view, and which keys its answer gives. Asserts nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEY = re.compile(r"^\| `([a-z_.]+)` \|", re.MULTILINE)


def documented(page: Path, view: str) -> set[str]:
    """Give the keys of a view's own table, and for its rows of events those that all such rows have."""
    text = page.read_text("utf-8")
    shared, own = (text.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0] for name in ("Rows of events", view))
    rows = re.findall(r"^\| `([a-z_]+)` \| rows of events", own, re.MULTILINE)
    return {*KEY.findall(own), *(f"{name}.{each}" for name in rows for each in KEY.findall(shared))}


def keys(values: Mapping[str, Any], *inner: str) -> set[str]:
    """Give the keys of an answer: its own, those of its rows, and those within the values named."""
    given = set(values)
    for name, value in values.items():
        row = value[0] if isinstance(value, list) else value if name in inner else {}
        given |= {f"{name}.{key}" for key in row}
    return given
