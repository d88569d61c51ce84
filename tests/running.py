"""The installed `casefold`, run in a folder of its own: as a process, or in a child of one that is warm. Asserts codes.

It is the one way in which tests run the command as users do; what a run gave is a `Ran`, also where it ran in-process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from tests import serving


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


def command_environment() -> dict[str, str]:
    """Give this environment without Casefold's own variables, in a plain locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEFOLD_", "COV_", "PYTEST_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "120"}
