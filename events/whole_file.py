"""A file that stands in its place whole or not at all, and is on the disk then. Knows no format and no log."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.errors import Fault


def aside(path: Path) -> Path:
    """Make an empty file beside `path`, for its owner alone, under a name of its own. Raises OSError."""
    handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    return Path(made)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write that takes the place of `path` where all goes well, and is gone where not. Raises OSError.

    The file is for its owner alone, and on the disk before it takes its name.
    """
    made = aside(path)
    try:
        yield made
        to_disk(made)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def to_disk(place: Path) -> None:
    """See a file, or the names in a folder, on the disk. Raises OSError."""
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(name: str, data: bytes, option: str) -> None:
    """Write a new file; one that is there already is left as it is, and must hold the same.

    `option` is how the command line names the file. Raises `Fault` where another file is there, or none can be written.
    """
    path = Path(name)
    try:
        with path.open("xb") as file:
            try:
                file.write(data)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        if not _holds(path, data):
            raise Fault(
                f"{name} is there already, and holds something else; nothing was written",
                f"name a new file with {option}, or move that one away",
            ) from None
    except OSError as error:
        raise Fault(f"{name} cannot be written: {error.strerror}", f"name another file with {option}") from error


def _holds(path: Path, data: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(data) + 1) == data
    except OSError:
        return False
