"""Loss of power at any write: what was acknowledged is there, no batch is torn, and the log works on (SQLite)."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from events.errors import CasefoldError
from events.log import open_log
from events.log.auditing.check import check
from tests.powerloss.disk import Did, after_loss, record, tracer

LOSSES = int(os.environ.get("CASEFOLD_LOSSES", "25"))
pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(not tracer(), reason="strace is missing or may not trace; apt-get install strace"),
]

WRITER = """
import os, sys
from events.event import Draft
from events.log import open_log
from events.log.on_sqlite import file

if len(sys.argv) > 2:
    connect = file.SqliteFile._connect
    def careless(self):
        connection = connect(self)
        connection.execute(sys.argv[2])
        return connection
    file.SqliteFile._connect = careless

def drafts(n, size):
    return [
        Draft(own={"case": f"c{k % 7}", "type": "fact", "data": {"text": f"{n} {k} " + "x" * 300}}, case=f"c{k % 7}",
              id="", type="fact", version=1, zone="", actor="keeper", earliest=None, latest=None)
        for k in range(size)
    ]

for part in range(2):
    with open_log(sys.argv[1], mode="write") as log:
        for n, size in enumerate((1, 3, 700, 1, 40, 1)):
            with log.writing("keeper") as writer:
                writer.append(drafts((part, n), size))
                writer.batch(f"{part} {n}")
            os.write(1, f"{writer.outcome.first_position} {writer.outcome.last_position}\\n".encode())
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, root: Path) -> tuple[dict[str, bytes], list[Did]]:
    """Record a writer, from an empty log on."""
    return _recorded(tmp_path_factory.mktemp("disk"), root)


def _recorded(folder: Path, root: Path, *careless: str) -> tuple[dict[str, bytes], list[Did]]:
    db = folder / "casefold.db"
    with open_log(str(db), mode="write"):
        pass
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = record([sys.executable, "-c", WRITER, str(db), *careless], folder, root)
    assert sum(did.what == "said" for did in done) == 12
    return before, done


def lost(before: dict[str, bytes], done: Sequence[Did], place: Path, seed: int) -> str:
    """Lose the power at a moment and in a manner that the seed chooses; give what is wrong then, empty for nothing."""
    chance = random.Random(seed)
    files, said = after_loss(before, done, chance.randrange(len(done) + 1), chance)
    place.mkdir()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (place / name).write_bytes(data)
    promised = {tuple(map(int, line.split())) for line in said.decode().splitlines()}
    try:
        with open_log(str(place / "casefold.db"), mode="write") as log:
            there = [(one.first, one.last) for one in log.batches()]
            if not promised <= set(there):
                return f"what was acknowledged is gone: {promised - set(there)}"
            if check(log) or log.head()[0] != max((last for _, last in there), default=0):
                return "the log is torn"
            return "" if len(there) <= len(promised) + 1 else "more batches than were begun"
    except CasefoldError as error:
        return f"it does not open: {error}"


def test_no_loss_of_power_takes_what_was_acknowledged(
    recorded: tuple[dict[str, bytes], list[Did]], tmp_path: Path
) -> None:
    for seed in range(LOSSES):
        assert lost(*recorded, tmp_path / str(seed), seed) == "", f"seed {seed}"


def test_the_recording_holds_syncs_and_a_checkpoint(recorded: tuple[dict[str, bytes], list[Did]]) -> None:
    did = [(one.what, one.file) for one in recorded[1]]
    assert did.count(("sync", "casefold.db-wal")) >= 12
    assert ("write", "casefold.db") in did
    assert ("sync", "casefold.db") in did


@pytest.mark.parametrize("careless", ["PRAGMA synchronous = OFF", "PRAGMA synchronous = NORMAL"])
def test_a_writer_that_does_not_sync_is_found_out(tmp_path: Path, root: Path, careless: str) -> None:
    (tmp_path / "disk").mkdir()
    before, done = _recorded(tmp_path / "disk", root, careless)
    found = {lost(before, done, tmp_path / str(seed), seed).split(":")[0] for seed in range(15)}
    assert "what was acknowledged is gone" in found
