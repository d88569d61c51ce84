"""Drafts and logs for the tests of faults; asserts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from events.event import Draft
from events.log import Log, open_log


def drafted(case: str, text: str, *, event_id: str = "", line: int = 0, own: dict[str, Any] | None = None) -> Draft:
    """Give a draft of a fact."""
    line_itself = {
        "case": case,
        "type": "fact",
        "data": {"text": text},
        **({"id": event_id} if event_id else {}),
        **(own or {}),
    }
    return Draft(
        own=line_itself, case=case, id=event_id, type="fact", version=1, zone="", actor="", earliest=None, latest=None,
        file="a.jsonl", line=line,
    )  # fmt: skip


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
