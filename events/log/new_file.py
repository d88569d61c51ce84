"""A file that a command gives out, written whole or not at all, and never over another. Reads no log."""

from __future__ import annotations

import os
from collections.abc import Callable

from events.errors import Fault


def write_new(name: str, data: bytes, option: str) -> None:
    """Write a new file; one that is there already is left as it is, and must hold the same.

    `option` is how the command line names the file. Raises `Fault` where another file is there, or none can be written.
    """
    taken = Fault(
        f"{name} is there already, and holds something else; nothing was written",
        f"name a new file with {option}, or move that one away",
    )
    try:
        with open(name, "xb") as file:  # noqa: PTH123 (as given, for the message)
            _written(name, file.write, data)
    except FileExistsError:
        if not _holds(name, data):
            raise taken from None
    except OSError as error:
        raise Fault(f"{name} cannot be written: {error.strerror}", f"name another file with {option}") from error


def _written(name: str, write: Callable[[bytes], int], data: bytes) -> None:
    try:
        write(data)
    except OSError:
        os.remove(name)  # noqa: PTH107 (half of it is nothing)
        raise


def _holds(name: str, data: bytes) -> bool:
    try:
        with open(name, "rb") as file:  # noqa: PTH123
            return file.read(len(data) + 1) == data
    except OSError:
        return False
