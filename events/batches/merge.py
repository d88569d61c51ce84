"""Merges another log into the one at a place: opens both, the other also from its replay. Prints nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from events.batches.replay import replay_into
from events.errors import Fault, reason
from events.log import Log, open_log
from events.log.merging.merge import Clashing, merge
from events.log.opening import write_to

__all__ = ["Clashing", "merge_into"]

_BEGINS: Final = (b'{"replay":', b"\x1f\x8b")
"""How a replay begins, plain or packed."""


def merge_into(
    where: str, other: str, *, actor: str = "", dry_run: bool = False, opened: Callable[[Log], None]
) -> dict[str, Any]:
    """Bring what is new in another log (its database, or its replay) into the log at `where`; all of it, or nothing.

    `opened` is told of the log when all is in it. Raises as `events.log.merging.merge.merge` does, and
    `Unavailable` where one of them cannot be opened.
    """
    with _other(other) as theirs:
        if dry_run:
            with open_log(where, mode="rehearse") as ours:
                return {**merge(ours, theirs, actor=actor, dry_run=True), "file": other}

        def merged(ours: Log) -> dict[str, Any]:
            done = merge(ours, theirs, actor=actor)
            opened(ours)
            return {**done, "file": other}

        return write_to(where, merged)


@contextmanager
def _other(name: str) -> Iterator[Log]:
    """Open the other log for reading; that of a replay is made in a folder of its own, and gone afterwards."""
    if not _is_replay(name):
        with open_log(name) as log:
            yield log
        return
    with tempfile.TemporaryDirectory(prefix="casefold-merge-") as folder:
        place = str(Path(folder) / "other.db")
        replay_into(place, name)
        with open_log(place) as log:
            yield log


def _is_replay(name: str) -> bool:
    if "://" in name:
        return False
    if Path(name).is_fifo():
        raise Fault(f"{name} is a pipe, which can be read but once", "write the replay to a file, and name that")
    try:
        with Path(name).open("rb") as file:
            begins = file.read(10)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Fault(f"{name} cannot be read: {reason(error)}", "name another log, or the file of its replay") from None
    if begins.startswith(b"{") and not begins.startswith(_BEGINS):
        raise Fault(f"{name} holds events, and is no log", f"`casefold load {name}` appends them")
    return begins.startswith(_BEGINS)
