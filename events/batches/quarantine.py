"""Keeps the rows that a load refused in a file of their own, to be mended and loaded again. Overwrites nothing."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self, final

import msgspec

from events.batches.row import Row
from events.codec import strict_json
from events.errors import BadInput, Fault, Problem, reason
from events.whole_file import aside


@final
class Quarantine:
    """A quarantine being written: JSONL `{file, line, field, what, instead, raw}`, one object a bad row, mode 0600.

    It is written beside its place and put there, whole and synced, by `place`, just before the log commits: a good row
    is never recorded without the bad ones being safe. `withdraw` takes it away again where the commit fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._placed = False
        self._temporary: Path | None = None
        if path.is_dir():
            instead = f"name a new file in it, such as {path / 'bad.jsonl'}"
            raise BadInput((Problem(file=str(path), what="it is a folder", instead=instead),))
        if path.exists() or path.is_symlink():
            what, instead = "the quarantine file is there already", "give another name, or load it and delete it"
            raise BadInput((Problem(file=str(path), what=what, instead=instead),))
        try:
            self._temporary = aside(path)
        except OSError as error:
            what = f"cannot be written: {reason(error)}"
            raise BadInput(
                (Problem(file=str(path), what=what, instead="give --quarantine a place that can be written"),)
            ) from None
        self._stream: IO[bytes] = self._temporary.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def add(self, file: str, row: Row) -> None:
        """Write one bad row: where it first stood, its first flaw (the others in its words), and the row itself."""
        first, *others = row.flaws
        what = "; also ".join(
            [first.what, *(f"{flaw.field}: {flaw.what}" if flaw.field else flaw.what for flaw in others)]
        )
        at, line = row.origin if row.origin[1] else (file, row.line)
        kept = {
            "file": at,
            "line": line,
            "field": first.field,
            "what": what,
            "instead": first.instead,
            "raw": _raw(row),
        }
        self._stream.write(msgspec.json.encode(kept) + b"\n")
        self.rows += 1

    def place(self) -> None:
        """Put the file in its place; nothing where no row is bad. Raises `BadInput` where another was quicker."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        if not self.rows or self._temporary is None:
            return
        try:
            os.link(self._temporary, self.path)
        except FileExistsError:
            what, instead = "the quarantine file is there already", "give another name"
            raise BadInput((Problem(file=str(self.path), what=what, instead=instead),)) from None
        except OSError:
            self._temporary.rename(self.path)  # a file system without hard links
            self._temporary = None
        self._placed = True

    def withdraw(self) -> None:
        """Take the file away again where it was placed, as nothing was recorded."""
        if self._placed:
            self.path.unlink(missing_ok=True)


def _raw(row: Row) -> object:
    """Give the row as it stood: JSON as it was written where it is JSON, else its text; cells as an object."""
    if not isinstance(row.raw, bytes):
        return row.raw
    line = row.raw.strip().removeprefix(b"\xef\xbb\xbf")
    try:
        strict_json(line)
    except Fault:
        return line.decode()
    return msgspec.Raw(line)
