"""Drafts, and logs on either database. A test that asks for `db` and is marked `both` runs on each; asserts nothing.

CASEFOLD_SWEEP=full runs every test that asks for `db` on both, but those marked `sqlite`, which are about its files.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from events.event import Draft
from events.log import Log, open_log
from tests.databases.server import READY, NoServerError, Server, shared_server

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on each database that it is meant for."""
    if "database_kind" in metafunc.fixturenames:
        marked = {mark.name for mark in metafunc.definition.iter_markers()}
        wanted = "both" in marked or os.environ.get("CASEFOLD_SWEEP") == "full"
        if wanted and "sqlite" not in marked:
            metafunc.parametrize("database_kind", KINDS, indirect=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly where PostgreSQL was not tested."""
    skipped = {str(one.longrepr[2]) for one in terminalreporter.stats.get("skipped", ()) if one.longrepr}
    for words in sorted(words for words in skipped if "PostgreSQL is NOT TESTED" in words):
        terminalreporter.write_line(words.removeprefix("Skipped: "), red=True, bold=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Name the database that the log is to lie in."""
    return str(getattr(request, "param", KINDS[0]))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the suite's own PostgreSQL server; skips, and says so, where there are no programs or no driver."""
    pytest.importorskip("psycopg", reason="PostgreSQL is NOT TESTED: psycopg is missing; pip install -e '.[test]'")
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    try:
        with shared_server(folder) as made:
            yield made
    except NoServerError as missing:
        pytest.skip(f"PostgreSQL is NOT TESTED: {missing}")


@pytest.fixture
def db(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Name a place that holds no log yet: a file that does not exist, or a database that is empty.

    Where the test asks for `log` too, that log is in it. Files beside a PostgreSQL log lie in the working folder, which
    is then the test's own.
    """
    if database_kind == "sqlite":
        yield str(tmp_path / "casefold.db")
        return
    monkeypatch.chdir(tmp_path)
    server: Server = request.getfixturevalue("server")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    yield server.database(name, READY if "log" in request.fixturenames else "template0")
    server.drop(name)


@pytest.fixture
def postgres_place(server: Server) -> Iterator[str]:
    """Name a PostgreSQL database that is empty."""
    name = f"place_{os.getpid()}_{next(_numbers)}"
    yield server.database(name)
    server.drop(name)


@pytest.fixture
def log(db: str) -> Iterator[Log]:
    """Give a new, empty log, open for writing."""
    with open_log(db, mode="write") as opened:
        yield opened


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
