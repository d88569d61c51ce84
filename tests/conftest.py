"""Fixtures every test may ask for: the shared data, and the installed `casefold` command. Asserts nothing itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
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


@dataclass(frozen=True)
class Ran:
    """What one run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Give standard output, read as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Give the lines of standard error."""
        return self.err.splitlines()


@dataclass
class Command:
    """The installed `casefold`, run in a folder of its own."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    served: str = ""

    def __call__(
        self, *words: str | Path, stdin: str = "", code: int | None = 0, env: dict[str, str] | None = None
    ) -> Ran:
        """Run it with these words; asserts the exit code unless `code` is None."""
        own = {**self.env, **(env or {})}
        served = self.served and not any(name.startswith(("PYTHON", "LC_", "LANG")) for name in env or {})
        done = (self._served if served else self._started)([*map(str, words)], stdin, own)
        assert "Traceback" not in done.err, done.err
        assert code is None or done.code == code, f"{words}: {done.code}\n{done.out}\n{done.err}"
        return done

    def _started(self, words: list[str], stdin: str, env: dict[str, str]) -> Ran:
        """Run it as a process of its own."""
        done = subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
            env=env,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def _served(self, words: list[str], stdin: str, env: dict[str, str]) -> Ran:
        """Run it in a child of the process that has everything imported already."""
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            streams = (given.fileno(), out.fileno(), err.fileno())
            code = serving.ask(self.served, words, folder=str(self.folder), env=env, streams=streams)
            out.seek(0)
            err.seek(0)
            return Ran(code, out.read().decode(), err.read().decode())

    @property
    def program(self) -> str:
        """Give the path of the entry point beside this Python."""
        name = Path(sys.executable).parent / ("casefold.exe" if os.name == "nt" else "casefold")
        if not name.is_file():
            pytest.skip("casefold is not installed beside this Python; run `pip install -e .`")
        return str(name)

    def write(self, name: str, *events: dict[str, Any] | str) -> Path:
        """Write a JSONL file of these events (or lines) in the folder."""
        path = self.folder / name
        lines = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in events)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path


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
    server = subprocess.Popen([sys.executable, serving.__file__, where], cwd=folder, env=command_environment())
    while not where.exists():
        assert server.poll() is None, "the process that runs commands did not start"
        time.sleep(0.01)
    yield str(where)
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def program(served: str, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Give a `casefold` that hands its words to that process, for scripts; None where there is none."""
    if not served:
        return None
    path = tmp_path_factory.mktemp("bin") / "casefold"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{serving.__file__}" "{served}" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def cli(tmp_path: Path, served: str) -> Command:
    """Give the installed command, in an empty folder, free of the tester's own settings."""
    return Command(tmp_path, command_environment(), served)


def command_environment() -> dict[str, str]:
    """Give this environment without Casefold's own variables, in a plain locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEFOLD_", "COV_", "PYTEST_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "120"}


@pytest.fixture(scope="session")
def make_cli(served: str) -> Callable[[Path], Command]:
    """Give a maker of commands for folders that outlive one test."""
    return lambda folder: Command(folder, command_environment(), served)


Told = Callable[..., tuple[Any, ...]]


@pytest.fixture(scope="session")
def told() -> Told:
    """Give a maker of recorded events from lines, as the log reads them back: `told({"type": ...}, zone="UTC")`."""
    return _told


def _told(*lines: dict[str, Any], zone: str = "", case: str = "c", start: int = 1) -> tuple[Any, ...]:
    from events.codec import typed
    from events.drafting import draft
    from events.event import RecordedEvent
    from events.source import Source

    opened = next((line["data"].get("zone", "") for line in lines if line.get("type") == "case.opened"), "")
    recorded = []
    for position, line in enumerate(lines, start):
        one = draft({"case": case, **line}, zone=zone, case_zone=lambda _: opened)
        data = one.own.get("data", {})
        recorded.append(
            RecordedEvent(
                position=position,
                case_position=position,
                recorded_at=position,
                case=case,
                id=one.id,
                type=one.type,
                version=one.version,
                when=line.get("when", ""),
                until=line.get("until", ""),
                zone=one.zone,
                earliest=one.earliest,
                latest=one.latest,
                written=data,
                facts=typed(one.type, one.version, data),
                source=Source(**line.get("source", {})),
                tags=tuple(line.get("tags", ())),
            )
        )
    return tuple(recorded)
