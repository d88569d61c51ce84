"""A log of three cases with its kept views, in a file of the test's own. Asserts nothing itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from events.log import open_log
from tests.kept.records import LINES, append
from timeline import store
from timeline.kept import questions


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "log.db")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a log of three cases, and its kept views, to be copied."""
    folder = tmp_path_factory.mktemp("whole")
    with open_log(str(folder / "log.db"), mode="write") as log:
        append(log, *LINES)
    store.project(str(folder / "log.db"))
    return folder


@pytest.fixture
def log(whole: Path, tmp_path: Path) -> str:
    """Name a log of three cases with its kept views."""
    for name in ("log.db", "log.db.views"):
        shutil.copy(whole / name, tmp_path)
    return str(tmp_path / "log.db")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep only what is needed to see whether it is right."""
    always = questions.seeds()
    monkeypatch.setattr(questions, "seeds", lambda: (*always[:3], always[-1]))
