"""The real command, run in this process, on a database made once; asserts what every refusal has in common."""

from __future__ import annotations

import gc
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.running import Ran

SEED = (
    {"case": "a", "id": "opened", "type": "case.opened", "data": {"title": "A", "zone": "America/Los_Angeles"}},
    {"case": "a", "id": "death", "type": "death", "when": "2023-10-28T16:17"},
    {"case": "a", "id": "doc", "type": "document", "data": {"title": "the report"}, "note": "kept apart"},
)


SECONDS = 60
"""What no command of these tests takes; SIGALRM ends one that does."""


@dataclass(frozen=True)
class House:
    """The command in a folder of its own, with a database that has one case."""

    folder: Path

    @property
    def db(self) -> Path:
        """Give the path of the database."""
        return self.folder / "casefold.db"

    def __call__(self, *words: str | Path, code: int | None = 0, stdin: bytes = b"") -> Ran:
        """Run it with these words as `main` does; asserts the exit code, and that no traceback reaches a user."""
        said = _run([str(word) for word in words], stdin)
        assert "Traceback" not in said.err
        assert "a fault of Casefold's own" not in said.err, said.err
        assert code is None or said.code == code, f"{words}: {said.code}\n{said.out}\n{said.err}"
        return said

    def put(self, name: str, content: bytes | str | dict[str, Any], *more: dict[str, Any]) -> str:
        """Write a file of these bytes, this text or these events (as JSONL) in the folder, and give its name."""
        if isinstance(content, dict):
            content = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in (content, *more))
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def state(self) -> dict[str, bytes]:
        """Give every file of the folder, byte for byte; but for what SQLite keeps beside the database for readers."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and path.stat().st_size < 10_000_000
            and not path.name.endswith("-shm")
            and (path.stat().st_size or not path.name.endswith("-wal"))
        }

    def refuses(self, *words: str | Path, place: str = "", cure: str = "", code: int = 2, stdin: bytes = b"") -> str:
        """Run what must be refused: nothing written anywhere, nothing printed, lines with place and cure; gives them.

        `cure` is a part of what it says to write instead, after the semicolon.
        """
        before = self.state()
        said = self(*words, code=code, stdin=stdin)
        assert self.state() == before, "something was written"
        assert said.out == ""
        assert 0 < len(said.lines) <= 20
        for line in said.lines:
            assert line.startswith("casefold: ")
            assert line.isprintable(), "one line, and nothing a terminal would obey"
            assert len(line) < 1_000, "short enough to be read"
        first = next(line for line in said.lines if not line.startswith("casefold: warning: "))
        assert place in first, first
        head, mark, rest = first.partition("; ")
        assert head, first
        assert mark, f"it does not say what to write instead: {first}"
        assert cure in rest, first
        return said.err

    def takes(self, *words: str | Path, stdin: bytes = b"") -> Ran:
        """Run what must be taken."""
        return self(*words, stdin=stdin)

    def events(self, case: str = "a") -> dict[str, Any]:
        """Give the events of the case as recorded, by id."""
        return {event["id"]: event for event in self("log", case, "--json").json["events"]}


def _run(words: list[str], stdin: bytes) -> Ran:
    import cli

    streams = [io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="") for data in (stdin, b"", b"")]
    with _streams(streams):
        sys.argv = ["casefold", *words]
        with pytest.raises(SystemExit) as left:
            cli.main()
    for stream in streams[1:]:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])
    return Ran(int(left.value.code or 0), out, err)


def _too_long(*_: object) -> NoReturn:
    pytest.fail(f"a command took more than {SECONDS} seconds")


@contextmanager
def _streams(streams: Sequence[io.TextIOWrapper]) -> Iterator[None]:
    """Lend the command what it changes of a process, and take it back."""
    was = (sys.stdin, sys.stdout, sys.stderr, sys.argv, gc.get_threshold())
    heard = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    hook = sys.unraisablehook
    sys.stdin, sys.stdout, sys.stderr = streams
    alarm = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
        sys.stdin, sys.stdout, sys.stderr, sys.argv = was[:4]
        sys.unraisablehook = hook
        for number, handler in heard.items():
            signal.signal(number, handler)
        gc.set_threshold(*was[4])


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make, once, a database with one case."""
    from events.batches.load import load
    from events.log import open_log

    folder = tmp_path_factory.mktemp("seeded")
    (folder / "seed.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in SEED), encoding="utf-8")
    with open_log(str(folder / "casefold.db"), mode="write") as log:
        load(log, [folder / "seed.jsonl"])
    return folder / "casefold.db"


@pytest.fixture
def house(tmp_path: Path, seeded: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Give the command in a folder with a database of one case."""
    for name in [name for name in os.environ if name.startswith("CASEFOLD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(seeded, tmp_path / "casefold.db")
    (tmp_path / "casefold.db").chmod(0o600)
    return House(tmp_path)
