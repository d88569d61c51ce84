"""A regular file under a root, opened without following any link, and hashed while it is read. Writes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from events.errors import Fault, reason

MOST: Final = 100_000_000
"""The longest file that is taken, in bytes: a row holds it whole."""
_CHUNK: Final = 1 << 20
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def read_under(root: str, name: str, *, most: int = MOST) -> tuple[str, bytes]:
    """Read the regular file `name` under the folder `root`: the hex SHA-256 of what was read, and what was read.

    `name` is relative to `root`, or absolute and in it; at most `most` bytes. No folder or link on the way
    leads out. Raises `Fault`.
    """
    if os.name != "posix":
        raise Fault("files cannot be attached on this system", "attach them on Linux or macOS, or record their sha256")
    parts = _parts(root, name)
    with contextlib.ExitStack() as stack:
        try:
            folder = _kept(stack, _root(root))
            for part in parts[:-1]:
                folder = _kept(stack, os.open(part, _FOLDER, dir_fd=folder))
            _regular(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode, name)
            file = _kept(stack, os.open(parts[-1], _FILE, dir_fd=folder))
            _regular(os.fstat(file).st_mode, name)
            return _read(file, name, most)
        except OSError as error:
            raise _unreadable(name, error) from error


def _parts(root: str, name: str) -> tuple[str, ...]:
    """Give the steps from the root to the file; a way up or out is refused before anything is opened."""
    outside = Fault(f"{name} is not under {root}", "name a file there, or another folder with --root")
    path = PurePath(name)
    if path.is_absolute():
        try:
            path = path.relative_to(os.path.abspath(root))  # noqa: PTH100 (links are not followed)
        except ValueError:
            raise outside from None
    if ".." in path.parts or "\0" in name:
        raise outside
    if not path.parts:
        raise Fault(f"{name!r} is no file", "name the file to attach")
    return path.parts


def _root(root: str) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except NotADirectoryError:
        raise Fault(f"{root} is no folder", "name with --root the folder that the file is in") from None


def _kept(stack: contextlib.ExitStack, handle: int) -> int:
    stack.callback(os.close, handle)
    return handle


def _regular(mode: int, name: str) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    words = next((word for asked, word in kinds if asked(mode)), "a device")
    raise Fault(f"{name} is {words}, not a regular file", "name the file itself")


def _read(file: int, name: str, most: int) -> tuple[str, bytes]:
    made, data = hashlib.sha256(), bytearray()
    for chunk in _chunks(file):
        made.update(chunk)
        data += chunk
        if len(data) > most:
            raise Fault(f"{name} has more than {most:,} bytes", "attach a smaller file, or record its sha256 alone")
    return made.hexdigest(), bytes(data)


def _chunks(file: int) -> Iterator[bytes]:
    while chunk := os.read(file, _CHUNK):
        yield chunk


def _unreadable(name: str, error: OSError) -> Fault:
    import errno

    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Fault(f"a part of {name} is a symbolic link or no folder", "name the file by its own path")
    return Fault(f"{name} cannot be read: {reason(error)}", "name a file you may read")
