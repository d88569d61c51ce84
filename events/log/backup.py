"""A copy of a log in a new file or an empty database, verified before it is called one. Keeps no key, sends nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.errors import Fault, NotHeld, reason
from events.log.copying import copy_log, taken
from events.log.opening import check_name, database_at, open_log
from events.log.tree import root_of_log
from events.log.verify import Verified, verify
from events.stopping import WRITTEN
from events.whole_file import to_disk

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
    check_name(file)
    _make(file)
    try:
        log.copy_to(file)
        _settle(file)
        done, root = _looked_at(file, keys)
    except BaseException:
        for end in BESIDE:
            with suppress(FileNotFoundError):
                os.unlink(file + end)  # noqa: PTH108
        raise
    WRITTEN.set(True)
    if root_of_log(log.rows, done.size) != root:
        raise NotHeld(f"{file} has another root than the first {done.size} events of {log.where}; do not rely on it")
    return done


def copy_to(log: Log, where: str, *, keys: Sequence[VerifyingKey] = ()) -> Verified:
    """Copy an open log into another database that has none, and verify what is there.

    Raises `Fault` where there is a log already, `NotHeld` where the copy has another root than the log.
    """
    target = database_at(where)
    if target.state():
        raise taken(target)
    copy_log(log.database, target)
    done, root = _looked_at(where, keys)
    if root_of_log(log.rows, done.size) != root:
        raise NotHeld(f"{target.where} has another root than the first {done.size} events of {log.where}")
    return done


def _looked_at(where: str, keys: Sequence[VerifyingKey]) -> tuple[Verified, bytes]:
    """Verify a copy; gives what was found, and its root."""
    with open_log(where) as copy:
        done = verify(copy, keys=keys)
        return done, root_of_log(copy.rows, done.size)


def _make(file: str) -> None:
    taken = [file + end for end in BESIDE if os.path.lexists(file + end)]
    if Path(file).is_dir():
        raise Fault(f"{file} is a folder", f"name a new file in it, such as {Path(file, 'backup.db')}")
    if taken:
        raise Fault(f"{taken[0]} is there already; a backup never overwrites", "name a new file")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Fault(
            f"{file} cannot be written: {reason(error)}", "name a file in a folder you may write to"
        ) from error


def _settle(file: str) -> None:
    """See the copy and its name on the disk."""
    to_disk(Path(file))
    to_disk(Path(file).absolute().parent)
