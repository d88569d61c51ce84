"""Brings back a log from the file of its replay: opens the file, makes the log, keeps it only if it verifies.

Decides nothing about a line itself: that is `events.log.replays.back`.
"""

from __future__ import annotations

from typing import Any

from events.batches.lines import BatchFile
from events.errors import Fault
from events.log.making import Naming
from events.log.opening import open_log
from events.log.replays.back import replay
from events.log.replays.form import LONGEST, named


def replay_into(where: str, path: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Make the log at `where` the one that a file holds, with its name, its bytes and its root; all of it or nothing.

    A dry run does all of it and keeps nothing. Raises `BadInput` where the file does not hold a whole log, `Fault`
    where there is a log that holds something already.
    """
    with BatchFile(path) as file:
        lines = file.lines(LONGEST)
        first = next(lines, b"")
        try:
            head = named(first)
        except Fault as fault:
            file.refuse(fault.what, fault.instead, line=1)
        naming = Naming(head.origin, bytes.fromhex(head.key), head.created_at)
        with open_log(where, mode="rehearse" if dry_run else "first", named=naming) as log:
            done = replay(log, first, lines, file=file.shown, keep=not dry_run)
            return {
                "log": head.origin,
                "where": log.where,
                "created": log.created and not dry_run,
                "appended": done.events,
                "already_there": 0,
                "refused": 0,
                "cases": done.cases,
                "first_position": 1 if done.events else None,
                "last_position": done.events or None,
                "batch": None,
                "problems": [],
                "warnings": [],
                "root": done.root,
            }
