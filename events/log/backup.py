"""A copy of a log, taken while others write, and verified before it is called one. Keeps no key and sends nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.errors import Fault, NotHeld
from events.log.opening import open_log
from events.log.tree import root_of_log
from events.log.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.log.notes import VerifyingKey
    from events.log.read import Log

BESIDE: Final = ("", "-wal", "-shm", "-journal")


def backup(log: Log, file: str, *, keys: Sequence[VerifyingKey] = ()) -> Verified:
    """Copy a log as it stands at one instant to a new file, for its owner alone, and verify the copy.

    Raises `Fault` where the file is there already or cannot be made, `NotHeld` where the copy has another root than
    the log. A copy that could not be made to the end is taken away again.
    """
    _make(file)
    try:
        log.copy_to(file)
        _settle(file)
        with open_log(file) as copy:
            done = verify(copy, keys=keys)
            root = root_of_log(copy.rows, done.size)
    except BaseException:
        for end in BESIDE:
            with suppress(FileNotFoundError):
                os.unlink(file + end)  # noqa: PTH108
        raise
    if root_of_log(log.rows, done.size) != root:
        raise NotHeld(f"{file} has another root than the first {done.size} events of {log.where}; do not rely on it")
    return done


def _make(file: str) -> None:
    taken = [file + end for end in BESIDE if os.path.lexists(file + end)]
    if taken:
        raise Fault(f"{taken[0]} is there already; a backup never overwrites", "name a new file")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Fault(
            f"{file} cannot be written: {error.strerror}", "name a file in a folder you may write to"
        ) from error


def _settle(file: str) -> None:
    """See the copy and its name on the disk."""
    for place, flags in ((Path(file), os.O_RDWR), (Path(file).absolute().parent, os.O_RDONLY)):
        handle = os.open(place, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
