"""Everything here is PostgreSQL's alone: `db` names a database of the suite's own server. Asserts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from events.event import Draft
from events.log import Log
from tests.databases.attack import attacker


@pytest.fixture
def database_kind() -> str:
    """Give PostgreSQL, whatever a test is marked."""
    return "postgresql"


@pytest.fixture
def four(log: Log, draft: Callable[..., Draft]) -> Log:
    """Give a log with a row in every table."""
    with log.writing("keeper") as writer:
        writer.append(
            [draft("a", "one", event_id="x"), draft("a", "two"), draft("b", "three"), draft("a", "", kind="death")]
        )
        writer.batch("a.jsonl")
    with log.holding() as writing:
        writing.insert("tile", [(1, 0, bytes(32))])
        writing.insert("checkpoint", [(2, bytes(32), b"a note", 1)])
        writing.insert("blob", [(bytes(32), 1, b"a")])
        writing.insert("timestamp", [(bytes(32), 2, b"a token", 1)])
    return log


@pytest.fixture
def owner(four: Log) -> Iterator[Any]:
    """Connect to a log with rows as the superuser who owns its tables, with the bare driver."""
    with closing(attacker(four.address)) as connection:
        yield connection
