"""A new log's file while it is made: under a hidden name beside its place, and put there whole. Knows no event.

The place is taken by a hard link, which fails where anything is there already. Where the file system has no hard links,
or an empty file is there, the new file replaces an empty one that is locked meanwhile: of two programs that do so, the
second finds another file there, and gives way. SQLite never opens the empty one: it would take away the journals that
belong to the file that another program has just put in its place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator
from typing import Final

from events.errors import Preceded, Unavailable

BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""How the names of the files end that SQLite keeps of one database."""
LINKLESS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What a file system without hard links answers."""
NAMED: Final = 40
"""How many characters of the place's name the hidden name repeats."""

_link = os.link


def begun(place: str, where: str) -> str:
    """Make an empty file for its owner alone beside the place, under a name nobody else has; gives that name.

    SQLite gives -wal and -shm the same permissions. Raises `Unavailable` where no log can be made at the place.
    """
    if os.path.islink(place) and not os.path.exists(place):  # noqa: PTH110, PTH114
        raise Unavailable(f"{where} is a symbolic link to nothing; remove it or name another file")
    _refuse_left_over(place, where)
    place = os.path.realpath(place)
    folder, name = os.path.split(place)
    aside = os.path.join(folder, f".{name[:NAMED]}.new-{secrets.token_hex(8)}")  # noqa: PTH118
    try:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileNotFoundError:
        named = os.path.dirname(where) or "."  # noqa: PTH120
        raise Unavailable(f"{where} cannot be created: there is no folder {named}; create it first") from None
    except OSError as error:
        raise Unavailable(f"{where} cannot be created: {error.strerror}") from error
    return aside


def put_in_place(aside: str, place: str, where: str, busy: float) -> None:
    """Give a database that nobody has open its place, durably; only then it is a log that others find.

    Raises `Preceded` where somebody else's is there, `Unavailable` where the disk or the file system refuses.
    """
    if _left_over(aside):
        raise Unavailable(f"{where} cannot be created: the disk reports a fault; nothing was written")
    _refuse_left_over(place, where)
    place = os.path.realpath(place)
    try:
        _sync(aside)
        _linked(aside, place, where, busy)
    except OSError as error:
        raise Unavailable(f"{where} cannot be created: {error.strerror}; nothing was written") from error
    with contextlib.suppress(OSError):
        remove(aside)
    try:
        _sync(os.path.dirname(place))  # noqa: PTH120
    except OSError as error:
        raise Unavailable(
            f"{where} was created, but its folder could not be brought to the disk: {error.strerror};"
            " run the command again"
        ) from error


def remove(path: str) -> None:
    """Take a database away with what SQLite keeps beside it."""
    for end in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + end)  # noqa: PTH108


def _linked(aside: str, place: str, where: str, busy: float) -> None:
    try:
        _link(aside, place)
    except FileExistsError:
        pass
    except OSError as error:
        if error.errno not in LINKLESS:
            raise
        with contextlib.suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    else:
        return
    _replaced(aside, place, where, busy)


def _replaced(aside: str, place: str, where: str, busy: float) -> None:
    """Put the file in the place of an empty one, which is locked meanwhile; of any other, raise `Preceded`."""
    try:
        if os.stat(place).st_size:  # noqa: PTH116
            raise Preceded(where)
        with _locked(place, where, busy) as handle:
            there = os.stat(place)  # noqa: PTH116
            if there.st_size or not os.path.samestat(os.fstat(handle), there):
                raise Preceded(where)
            os.replace(aside, place)  # noqa: PTH105
    except FileNotFoundError:
        raise Preceded(where) from None


@contextlib.contextmanager
def _locked(path: str, where: str, busy: float) -> Iterator[int]:
    """Hold the one lock on a file; raises `Unavailable` where that takes too long."""
    try:
        import fcntl
    except ImportError:
        raise Unavailable(f"{where} cannot be created: an empty file is there; remove it first") from None
    handle = os.open(path, os.O_RDWR)
    try:
        until = time.monotonic() + busy
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                break
        yield handle
    finally:
        os.close(handle)


def _refuse_left_over(place: str, where: str) -> None:
    """Refuse a journal of a database that is gone: SQLite would play it into the new one.

    One beside a database that is there, which another program has just put there, is that one's.
    """
    for end in _left_over(place):
        with contextlib.suppress(FileNotFoundError):
            if os.stat(place).st_size:  # noqa: PTH116
                return
        raise Unavailable(
            f"{where} cannot be created: {where}{end} is left of a database that is gone; move it away first"
        )


def _left_over(path: str) -> list[str]:
    """Give the endings of the journals beside a path that hold something."""
    found = []
    for end in ("-wal", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            found += [end] if os.stat(path + end).st_size else []  # noqa: PTH116
    return found


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that does not sync folders
            raise
    finally:
        os.close(handle)
