"""Fixtures every test may ask for: the shared data, and the installed `casefold` command. Asserts nothing itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import serving
from tests.databases.fixtures import (  # noqa: F401
    database_kind,
    db,
    draft,
    log,
    postgres_place,
    pytest_generate_tests,
    pytest_terminal_summary,
    server,
)
from tests.running import Command, command_environment

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the shared data beside the project; skips where it is absent."""
    place = Path(os.environ.get("CASEFOLD_SHARED") or ROOT.parent / "shared")
    if not (place / "SEMANTICS.md").is_file():
        pytest.skip(f"no shared data at {place}; set CASEFOLD_SHARED to its folder")
    return place


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the socket of a process that has imported everything and runs commands in its children; empty for none.

    `CASEFOLD_FRESH=1` runs every command as a process of its own.
    """
    if not hasattr(os, "fork") or os.environ.get("CASEFOLD_FRESH"):
        yield ""
        return
    folder = tmp_path_factory.mktemp("s")
    where = folder / "s"
    process = subprocess.Popen([sys.executable, serving.__file__, where], cwd=folder, env=command_environment())
    while not where.exists():
        assert process.poll() is None, "the process that runs commands did not start"
        time.sleep(0.01)
    yield str(where)
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def program(served: str, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Give a `casefold` that hands its words to that process, for scripts; None where there is none."""
    if not served:
        return None
    path = tmp_path_factory.mktemp("bin") / "casefold"
    handing = ROOT / "tests" / "handing.py"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{handing}" "{served}" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def cli(tmp_path: Path, served: str) -> Command:
    """Give the installed command, in an empty folder, free of the tester's own settings."""
    return Command(tmp_path, command_environment(), served)


@pytest.fixture(scope="session")
def make_cli(served: str) -> Callable[[Path], Command]:
    """Give a maker of commands for folders that outlive one test."""
    return lambda folder: Command(folder, command_environment(), served)


@pytest.fixture(scope="session")
def told() -> Callable[..., tuple[Any, ...]]:
    """Give a maker of recorded events from lines, as the log reads them back: `told({"type": ...}, zone="UTC")`."""
    from tests.telling import recorded

    return recorded
