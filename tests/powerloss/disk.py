"""Writes and syncs of a program, recorded by strace, and the disks that a loss of power may leave. Knows no log.

The model: what a file held when it was last synced is there. Of what was written since, each write may be there, be
gone, or be there in part (whole sectors of 512 bytes, any of them), in any order; so may a cut, and a name that was
taken away. What a process wrote to memory that it maps (SQLite's -shm) is gone: SQLite makes it anew. It is a model of
an honest disk: one that says it has synced what it has not can lose anything, and no database can help it.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,unlink"
_CALL = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_WRITE = re.compile(r'^(\d+)<([^>]*)>(?:\(deleted\))?, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, \d+(?:, (\d+))?$')
_FILE = re.compile(r"^\d+<([^>]*)>(?:\(deleted\))?(?:, (\d+))?$")
_NAME = re.compile(r'^"((?:\\x[0-9a-f]{2})*)"$')


@dataclass(frozen=True)
class Did:
    """One thing the program did: `what` is write, sync, cut, unlink or said (to its standard output)."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class File:
    """A file as it surely is, and what may or may not have come to it since."""

    kept: bytearray = field(default_factory=bytearray)
    there: bool = True
    pending: list[Did] = field(default_factory=list)

    def settle(self) -> None:
        """Take in what is pending: it was synced."""
        for one in self.pending:
            self.apply(one)
        self.pending = []

    def apply(self, did: Did) -> None:
        """Let one thing come to the file."""
        if did.what == "unlink":
            self.kept, self.there = bytearray(), False
            return
        self.there = True
        if did.what == "cut":
            del self.kept[did.at :]
            self.kept.extend(bytes(did.at - len(self.kept)))
            return
        end = did.at + len(did.data)
        self.kept.extend(bytes(max(0, end - len(self.kept))))
        self.kept[did.at : end] = did.data


def tracer() -> str:
    """Give the path of strace; empty where it is missing or may not trace."""
    found = shutil.which("strace")
    if not found:
        return ""
    tried = subprocess.run([found, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return found if tried.returncode == 0 else ""


def record(run: Sequence[str], folder: Path, cwd: Path) -> list[Did]:
    """Run a program, and give what it did to the files of a folder and said, in order."""
    trace = folder.parent / f"{folder.name}.strace"
    words = [
        tracer(),
        "-f",
        "-y",
        "-xx",
        "-s",
        "8388608",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    ]
    subprocess.run([*words, *run], cwd=cwd, check=True, capture_output=True, timeout=300)
    with trace.open(encoding="ascii") as lines:
        return [did for line in _whole(lines) if (did := _did(line, folder)) is not None]


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Give the lines of a trace, those that another thread came between put together, where they ended."""
    begun: dict[str, str] = {}
    for line in lines:
        resumed = _RESUMED.match(line)
        if line.rstrip("\n").endswith(_UNFINISHED):
            begun[line.split()[0]] = line.rstrip("\n").removesuffix(_UNFINISHED)
        elif resumed and resumed[1] in begun:
            yield begun.pop(resumed[1]) + resumed[2]
        else:
            yield line


def _did(line: str, folder: Path) -> Did | None:
    call = _CALL.match(line)
    if call is None or int(call[3]) < 0:
        return None
    name, inside = call[1], call[2]
    if name in ("write", "pwrite64"):
        wrote = _WRITE.match(inside)
        assert wrote is not None, line[:200]
        assert not wrote[4], "strace cut it short"
        data = _bytes(wrote[3])[: int(call[3])]
        if wrote[1] == "1":
            return Did("said", data=data)
        file = _inside(_path(wrote[2]), folder)
        return Did("write", file, int(wrote[5]), data) if file and wrote[5] is not None else None
    if name == "unlink":
        gone = _NAME.match(inside)
        file = _inside(_bytes(gone[1]).decode(), folder) if gone else ""
        return Did("unlink", file) if file else None
    other = _FILE.match(inside)
    file = _inside(_path(other[1]), folder) if other else ""
    if not file or other is None:
        return None
    return Did("cut", file, int(other[2])) if name == "ftruncate" else Did("sync", file)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _path(text: str) -> str:
    return _bytes(text).decode() if text.startswith("\\x") else text


def _inside(path: str, folder: Path) -> str:
    return Path(path).name if Path(path).parent == folder else ""


def after_loss(
    before: dict[str, bytes], done: Sequence[Did], upto: int, chance: random.Random
) -> tuple[dict[str, bytes], bytes]:
    """Give the files as a loss of power after the first `upto` things may leave them, and what was said until then."""
    files = {name: File(bytearray(data)) for name, data in before.items()}
    said = b""
    for did in done[:upto]:
        if did.what == "said":
            said += did.data
            continue
        file = files.setdefault(did.file, File(there=False))
        if did.what == "sync":
            file.settle()
        else:
            file.pending.append(did)
    temper = chance.choice(("all", "none", "some", "some", "torn"))
    for file in files.values():
        for did in _left(file.pending, temper, chance):
            file.apply(did)
    return {name: bytes(file.kept) for name, file in files.items() if file.there}, said


def _left(pending: Sequence[Did], temper: str, chance: random.Random) -> list[Did]:
    """Choose what of the pending things came to the disk."""
    if temper == "all":
        return list(pending)
    if temper == "none":
        return []
    kept: list[Did] = []
    for did in pending:
        if did.what != "write" or temper == "some":
            kept += [did] if chance.random() < 0.5 else []
            continue
        for start in range(0, len(did.data), SECTOR):
            if chance.random() < 0.5:
                kept.append(Did("write", did.file, did.at + start, did.data[start : start + SECTOR]))
    return kept
