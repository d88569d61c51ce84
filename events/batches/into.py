"""Loads files into the log at a place: opens it, or creates it where it is missing. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from events.batches.formats import format_of
from events.batches.lines import BatchFile
from events.batches.load import load
from events.batches.report import LoadReport
from events.log import Log, open_log
from events.log.opening import write_to


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
    """Load as `events.batches.load.load` does; `opened` is told of the log when all is in it.

    What can be read but once (a pipe) is opened once. Raises what `load` raises, `Unavailable` where the log cannot be
    opened, and `Preceded` where another program made it meanwhile and the files cannot be read again.
    """
    for path in files:
        format_of(path, how.get("format", "") or ("csv" if map and path == "-" else ""))
        if not _read_once(path):
            with BatchFile(path):
                pass

    def loaded(log: Log) -> LoadReport:
        done = load(
            log,
            files,
            map=Path(map) if map else None,
            quarantine=Path(quarantine) if quarantine else None,
            dry_run=dry_run,
            progress=progress,
            **how,
        )
        opened(log)
        return done

    if dry_run:
        with open_log(where, mode="rehearse") as log:
            return loaded(log)
    return write_to(where, loaded, again=not any(_read_once(path) for path in (*files, map)))


def _read_once(path: str) -> bool:
    """Whether it is a stream, such as a pipe, that a second opening would not find as it was."""
    there = Path(path)
    return path == "-" or (there.exists() and not there.is_file() and not there.is_dir())
