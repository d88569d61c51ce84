"""Drafts and logs for the tests of the log; asserts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from events.event import Draft
from events.log import Log, open_log


def drafted(case: str, text: str, *, event_id: str = "", kind: str = "fact", line: int = 0, **more: Any) -> Draft:
    """Give a draft as the drafting room would: an own line, and what was read from it."""
    data = more.pop("data", {"text": text} if text else {})
    own = {"case": case, "type": kind, "data": data, **({"id": event_id} if event_id else {}), **more.pop("own", {})}
    settings: dict[str, Any] = {
        "version": 1,
        "zone": "",
        "actor": "",
        "earliest": None,
        "latest": None,
        "file": "a.jsonl",
    }
    return Draft(own=own, case=case, id=event_id, type=kind, line=line, **{**settings, **more})


@pytest.fixture(scope="session")
def draft() -> Callable[..., Draft]:
    """Give the maker of drafts."""
    return drafted


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Name a database that does not exist yet."""
    return str(tmp_path / "casefold.db")


@pytest.fixture
def log(db: str) -> Iterator[Log]:
    """Give a new, empty log, open for writing."""
    with open_log(db, mode="write") as opened:
        yield opened


@pytest.fixture
def clock() -> Callable[[], int]:
    """Give a clock that stands at 2026-01-01T00:00:00Z."""
    return lambda: 1_767_225_600_000_000
