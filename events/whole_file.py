"""A file that stands in its place whole or not at all, and is on the disk then. Knows no format and no log."""

from __future__ import annotations

import errno
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from events.errors import Fault, reason
from events.stopping import WRITTEN

ALONE: Final = 0o600
"""The mode of a file for its owner alone."""
_ANY: Final = 0o666
"""The mode that is asked for where the user's own mask decides."""
_STREAMS: Final = ("/proc/", "/dev/fd/")
"""Where the system names what a process has open: nothing to put another file in the place of."""
_LINKS: Final = 40
_DATABASE: Final = b"SQLite format 3\0"


@contextmanager
def replacing(path: Path, *, secret: bool = False) -> Iterator[Path]:
    """Give a file to write that takes the place of `path` where all goes well, and is gone where not.

    Until then, and after any fault, what stood there stands; the file is on the disk before it takes its name. It keeps
    the mode (and where it may, the owner) of the one before it; a new one gets what the user's mask leaves, a `secret`
    one is always for its owner alone. Links are followed. A pipe, a terminal or the like is written as it is. Raises
    OSError, naming `path`, and `Fault` where a database stands there.
    """
    with _named(path):
        place = _file_at(path)
        made = _successor(path, place, secret=secret) if place else None
    if made is None or place is None:
        yield path
        return
    try:
        with _named(path, made):
            yield made
            to_disk(made)
            made.replace(place)
            WRITTEN.set(True)
    finally:
        made.unlink(missing_ok=True)


def write_whole(name: str, data: bytes) -> None:
    """Write a file as `replacing` does. Raises as that."""
    with replacing(Path(name)) as made:
        made.write_bytes(data)


def write_new(name: str, data: bytes, option: str) -> None:
    """Write a new file; one that is there already is left as it is, and must hold the same.

    `option` is how the command line names the file. Raises `Fault` where another file is there, or none can be written.
    """
    path = Path(name)
    try:
        place = _file_at(path)
        if place is None:
            path.write_bytes(data)
        else:
            _put_new(place, data)
    except FileExistsError:
        if not _holds(path, data):
            raise Fault(
                f"{name} is there already, and holds something else; nothing was written",
                f"name a new file with {option}, or move that one away",
            ) from None
    except OSError as error:
        raise Fault(f"{name} cannot be written: {reason(error)}", f"name another file with {option}") from error


def aside(path: Path, mode: int = ALONE) -> Path:
    """Make an empty file beside `path`, for its owner alone, under a name of its own. Raises OSError."""
    made = path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex[:8]}")
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode))
    return made


def to_disk(place: Path) -> None:
    """See a file, or the names in a folder, on the disk. Raises OSError."""
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file_at(path: Path) -> Path | None:
    """Give the file that a name stands for, there or not, through all links; None for a pipe, a terminal and such."""
    place = path.absolute()
    for _ in range(_LINKS):
        place = place.parent.resolve() / place.name
        if place.as_posix().startswith(_STREAMS):
            return None
        if not place.is_symlink():
            break
        place = place.parent / place.readlink()
    else:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return place if place.is_file() or not place.exists() else None


def _successor(path: Path, place: Path, *, secret: bool) -> Path:
    """Make the file that is to take a place, with the mode and the owner it shall have there."""
    try:
        was = place.stat()
    except FileNotFoundError:
        return aside(place, ALONE if secret else _ANY)
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if _begins(place, len(_DATABASE)) == _DATABASE:
        raise Fault(f"{path} is a database, and was left as it is", "name another file to write")
    made = aside(place)
    if not secret and os.name == "posix":
        for owner, group in ((-1, was.st_gid), (was.st_uid, -1)):
            with suppress(PermissionError):
                os.chown(made, owner, group)
        made.chmod(stat.S_IMODE(was.st_mode))
    return made


@contextmanager
def _named(path: Path, made: Path | None = None) -> Iterator[None]:
    """Let a fault name the file that the user named, and not the one beside it."""
    try:
        yield
    except OSError as error:
        if error.filename is None or made is None or error.filename == str(made):
            error.filename, error.filename2 = str(path), None
        raise


def _put_new(place: Path, data: bytes) -> None:
    """Write a file that takes a name nobody has; raises FileExistsError, also where another was quicker."""
    if place.exists():
        raise FileExistsError
    made = aside(place, _ANY)
    try:
        made.write_bytes(data)
        to_disk(made)
        try:
            os.link(made, place)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            made.rename(place)
    finally:
        made.unlink(missing_ok=True)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return _begins(path, len(data) + 1) == data
    except OSError:
        return False


def _begins(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
