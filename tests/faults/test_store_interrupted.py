"""Keeping views, interrupted at every call, killed, or done by two at once: what is kept next is right all the same."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from events.drafting import draft
from events.errors import Unavailable
from events.log import open_log
from timeline import store
from timeline.kept import on_sqlite, questions
from timeline.kept.tables import TABLES

Keepers = tuple[str, list[subprocess.Popen[str]]]
ROOT = Path(__file__).parents[2]
FIRST: tuple[dict[str, Any], ...] = (
    {"case": "a", "id": "i", "type": "infusion", "when": "more than 7 days before @d"},
    {"case": "a", "id": "d", "type": "death", "when": "2023-10-28T16:17Z"},
    {"case": "b", "id": "s", "type": "injection", "when": "2023-10-28T08:30Z"},
)
THEN: tuple[dict[str, Any], ...] = (
    {"case": "a", "id": "j", "type": "injection", "when": "2023-10-28"},
    {"case": "c", "id": "d", "type": "death", "when": "2023-10-28"},
)


def append(db: str, *lines: dict[str, Any]) -> None:
    with open_log(db, mode="write") as log, log.writing("keeper") as writer:
        writer.append([draft(line, zone="UTC") for line in lines])


def kept(db: str) -> list[Any]:
    with closing(sqlite3.connect(f"{db}.views")) as connection:
        return [sorted(connection.execute(f"SELECT * FROM {table.name}"), key=repr) for table in TABLES]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep only what is needed to see whether it is right."""
    always = questions.seeds()
    monkeypatch.setattr(questions, "seeds", lambda: (always[0], always[2]))


class Countdown:
    """Raises at the nth call that reaches the database, before it does anything; 0: never."""

    left = 0
    error: Callable[[], BaseException] = KeyboardInterrupt

    def call(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error()


@pytest.fixture
def countdown(monkeypatch: pytest.MonkeyPatch) -> Countdown:
    """Put a countdown between the store and its database."""
    made = Countdown()

    class Faulty(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            made.call()
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
            made.call()
            return super().executemany(sql, parameters)

        def backup(self, target: sqlite3.Connection, *, progress: Any, **how: Any) -> None:  # type: ignore[override]
            def counted(*status: int) -> None:
                progress(*status)
                made.call()

            made.call()
            super().backup(target, progress=counted, **how)

        def __enter__(self) -> Self:
            raise AssertionError("transactions are written out")

    monkeypatch.setattr(on_sqlite, "_open", partial(sqlite3.connect, factory=Faulty))
    return made


def said(code: int) -> Callable[[], sqlite3.OperationalError]:
    def make() -> sqlite3.OperationalError:
        error = sqlite3.OperationalError("as the driver says it")
        error.sqlite_errorcode = code
        return error

    return make


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("error", "step", "anew"),
    [
        (said(sqlite3.SQLITE_IOERR), 1, False),
        (said(sqlite3.SQLITE_IOERR), 3, True),
        (said(sqlite3.SQLITE_CORRUPT), 4, False),
        (KeyboardInterrupt, 7, False),
        (KeyboardInterrupt, 3, True),
    ],
)
def test_a_fault_at_any_call_leaves_what_is_kept_right(
    tmp_path: Path, countdown: Countdown, error: Callable[[], BaseException], step: int, anew: bool
) -> None:
    db = str(tmp_path / "log.db")
    append(db, *FIRST)
    store.project(db)
    before, old = kept(db), Path(f"{db}.views").read_bytes()
    append(db, *THEN)
    store.project(db, anew=True)
    right = kept(db)
    for at in range(1, 300, step):
        Path(f"{db}.views").write_bytes(old)
        countdown.left, countdown.error = at, error
        with suppress(Unavailable, KeyboardInterrupt):
            store.project(db, anew=anew)
        done, countdown.left = countdown.left > 0, 0
        assert kept(db) in (before, right), f"torn by a fault at call {at}"
        store.project(db)
        assert kept(db) == right, f"wrong after a fault at call {at}"
        if done:
            break
    assert at > 30
    assert [path.name for path in tmp_path.iterdir() if "aside" in path.name] == []


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT])
def test_a_fault_at_any_call_leaves_a_cohort_right(tmp_path: Path, countdown: Countdown, code: int) -> None:
    db, out = str(tmp_path / "log.db"), tmp_path / "out.csv"
    append(db, *FIRST)
    store.project(db)
    append(db, *THEN)
    old = Path(f"{db}.views").read_bytes()
    store.cohort(db, ["days-since-last injection --at death"], str(out))
    right, at, countdown.error = out.read_bytes(), 0, said(code)
    while countdown.left <= 0:
        at += 3
        Path(f"{db}.views").write_bytes(old)
        countdown.left = at
        done = store.cohort(db, ["days-since-last injection --at death"], str(out))
        assert out.read_bytes() == right, f"wrong after a fault at call {at}"
        assert done["warnings"] or countdown.left > 0, "what went wrong is said"
    assert at > 30


def test_a_file_that_cannot_take_its_place_leaves_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = str(tmp_path / "log.db")
    append(db, *FIRST)
    store.project(db)
    before = kept(db)

    with monkeypatch.context() as patch:
        patch.setattr(on_sqlite, "BUSY_SECONDS", 0.01)
        with closing(sqlite3.connect(f"{db}.views", isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM cases").fetchone()
            with pytest.raises(Unavailable, match="is busy"):
                store.project(db, anew=True)
    assert kept(db) == before
    assert sorted(path.name for path in tmp_path.glob("*.views*")) == ["log.db.views"]


def test_what_is_made_aside_is_thrown_away_where_a_redaction_took_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild has read a value; before it is in place, the value is redacted."""
    from events.log.redact import redact

    db = str(tmp_path / "log.db")
    append(db, {"case": "a", "id": "f", "type": "fact", "data": {"text": "a walk"}, "source": {"quote": "the secret"}})
    put = on_sqlite.ViewsFile.put
    times: list[bool] = []

    def late(self: on_sqlite.ViewsFile, aside: str, check: Callable[[], None]) -> None:
        if not times:
            times.append(b"the secret" in Path(aside).read_bytes())
            with open_log(db, mode="write") as log:
                redact(log, "a", "f", ["source.quote"], reason="asked for", authority="court")
        put(self, aside, check)

    monkeypatch.setattr(on_sqlite.ViewsFile, "put", late)
    store.project(db)
    assert times == [True]
    assert not [path for path in tmp_path.iterdir() if b"the secret" in path.read_bytes()]
    assert store.compare(db)["same"]


KEEPER = """
import sys
from timeline import store

while True:
    store.project(sys.argv[1], anew=sys.argv[2] == "anew")
    print("kept", flush=True)
"""


def keeper(db: str, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", KEEPER, db, how]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def keepers(tmp_path: Path) -> Iterator[Keepers]:
    """Give a log, and three processes that keep its views without end, one of them always anew."""
    db = str(tmp_path / "log.db")
    append(db, *FIRST)
    made = [keeper(db, how) for how in ("on", "on", "anew")]
    yield db, made
    for process in made:
        process.kill()
        process.communicate()


def test_many_at_once_and_killed_at_any_moment(keepers: Keepers, tmp_path: Path) -> None:
    db, processes = keepers
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
    for n in range(6):
        append(db, {"case": "abc"[n % 3], "id": f"n{n}", "type": "injection", "when": "2023-10-28"})
        time.sleep(0.03)
    for process in processes:
        process.kill()
    errors = [process.communicate()[1] for process in processes]
    assert errors == ["", "", ""]
    shutil.copy(f"{db}.views", tmp_path / "as-they-left-it")
    store.project(db)
    assert store.compare(db)["same"]
    assert {row[8] for row in kept(db)[0]} == {len(FIRST) + 6}
    store.project(db, anew=True)
    assert sorted(path.name for path in tmp_path.glob("*.views*")) == ["log.db.views"]
