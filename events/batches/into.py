"""Loads files into the log at a place: opens it, or creates it where it is missing. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from events.batches.formats import format_of
from events.batches.lines import BatchFile
from events.batches.load import load
from events.batches.report import LoadReport
from events.log import Log, open_log


def load_into(
    where: str,
    files: Sequence[str],
    *,
    opened: Callable[[Log], None],
    map: str = "",  # noqa: A002
    quarantine: str = "",
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    **how: str,
) -> LoadReport:
    """Load as `events.batches.load.load` does; `opened` is told of the log before anything is read.

    Raises what it raises, and `Unavailable` where the log cannot be opened. A file that is not there makes no log.
    """
    for path in files:
        format_of(path, how.get("format", "") or ("csv" if map and path == "-" else ""))
        with BatchFile(path):
            pass
    with open_log(where, mode="rehearse" if dry_run else "write") as log:
        opened(log)
        return load(
            log,
            files,
            map=Path(map) if map else None,
            quarantine=Path(quarantine) if quarantine else None,
            dry_run=dry_run,
            progress=progress,
            **how,
        )
