"""The files that keys lie in: the signing key, for its owner alone, and verifying keys. Signs and checks nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from events.errors import Fault, reason
from events.log.notes import SigningKey, VerifyingKey, read_skey, read_vkey

KEY_BYTES: Final = 4_096
"""The longest file that is read as a key."""


def write_key(path: Path, key: SigningKey) -> None:
    """Write a signing key to a new file that its owner alone may read, and see it on the disk.

    Raises `Fault` where the file is there already (a key is never overwritten) or cannot be written.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Fault(f"{path} is there already; a key is never overwritten", "name another file") from None
    except OSError as error:
        raise Fault(
            f"{path} cannot be written: {reason(error)}", "name a file in a folder you may write to"
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(f"{key.secret_text}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> SigningKey:
    """Read a signing key. Raises `Fault` where there is none, or where others on the machine could read it too."""
    with open(_opened(path), "rb") as file:
        found = os.fstat(file.fileno())
        if os.name == "posix" and found.st_mode & 0o077:
            mode = stat.S_IMODE(found.st_mode)
            raise Fault(
                f"{path} may be read or changed by others (mode {mode:04o})",
                f"chmod 600 {path}, and make a new key if others may have read this one",
            )
        return read_skey(_line(path, file.read(KEY_BYTES + 1)))


def read_verifying_key(path: Path) -> VerifyingKey:
    """Read a verifying key from a file of one line; anyone may read it. Raises `Fault`."""
    with open(_opened(path), "rb") as file:
        return read_vkey(_line(path, file.read(KEY_BYTES + 1)))


def _opened(path: Path) -> int:
    """Open a regular file for reading, without waiting on a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Fault(f"there is no key at {path}", "make one with `casefold key new`, or name another file") from None
    except OSError as error:
        raise Fault(f"{path} cannot be read: {reason(error)}", "name a file you may read") from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        what = "is a folder" if stat.S_ISDIR(mode) else "is not a file"
        raise Fault(f"{path} {what}", "name the file of the key")
    return handle


def _line(path: Path, data: bytes) -> str:
    text = data.removesuffix(b"\n").removesuffix(b"\r")
    if len(data) > KEY_BYTES or b"\n" in text:
        raise Fault(f"{path} is not a key file", "name a file of one line, the key")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise Fault(f"{path} is not a key file", "name a file of one line, the key") from None
