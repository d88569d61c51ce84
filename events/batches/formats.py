"""The formats of files by name and ending: Casefold's own, and those of plug-ins. Opens no file and drafts nothing.

A plug-in is a function that gives the rows of a file, registered with `@reader`; its distribution names the module in
the entry-point group `casefold.readers`. Its rows go the same way as those of JSONL: drafted, checked, appended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import msgspec

from events.batches.lines import BatchFile
from events.batches.row import Row
from events.errors import BadInput, CasefoldError, Problem
from events.event import load_plugin, origin_of
from events.nearest import nearest

GROUP: Final = "casefold.readers"
FORMATS: Final = ("jsonl", "csv")
"""The formats that Casefold reads itself."""
ENDINGS: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}

Reads = Callable[[BatchFile], Iterable[Row]]
"""Gives the rows of a file: each with its line, what stood there, and its events as lines of JSONL, or its flaws."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A registered reader: its format, the endings of its files, and the function that reads them."""

    name: str
    endings: tuple[str, ...]
    reads: Reads

    @property
    def origin(self) -> str:
        """Where it came from, in words."""
        return origin_of(self.reads.__module__)


_READERS: dict[str, Reader] = {}
_loaded = False


def reader(name: str, *, endings: tuple[str, ...] = ()) -> Callable[[Reads], Reads]:
    """Register a function as the reader of a format; files that end in one of `endings` (`.abc`) are of it.

    Raises ValueError where the name or an ending is taken, naming both origins.
    """

    def register(reads: Reads) -> Reads:
        made = Reader(name=name, endings=tuple(end.casefold() for end in endings), reads=reads)
        for other in _READERS.values():
            _apart(made, other.name, other.endings, other.origin)
        for own in FORMATS:
            _apart(made, own, tuple(end for end, of in ENDINGS.items() if of == own), "Casefold itself")
        _READERS[name] = made
        return reads

    return register


def _apart(made: Reader, name: str, endings: tuple[str, ...], origin: str) -> None:
    for taken in (*((name,) if made.name == name else ()), *(end for end in made.endings if end in endings)):
        raise ValueError(
            f"the format {taken!r} is registered twice, by {origin} and by {made.origin}; give the second another name"
        )


def readers() -> dict[str, Reader]:
    """Give the readers of plug-ins by format, loaded on first use; raises `CasefoldError` where one does not load."""
    global _loaded  # noqa: PLW0603
    if not _loaded:
        from importlib.metadata import entry_points

        for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
            load_plugin(entry)
        _loaded = True
    return _READERS


def format_of(name: str, declared: str = "") -> str:
    """Give the format of a file: the declared one, else by its name (`.gz` set aside); raises `BadInput`.

    Plug-ins are looked for only where Casefold's own formats do not fit.

    >>> format_of("orders.csv.gz"), format_of("-")
    ('csv', 'jsonl')
    """
    if declared and declared not in FORMATS and declared not in readers():
        what = f"{declared!r} is not a format of files"
        raise BadInput((Problem(field="--format", what=what, instead=nearest(declared, (*FORMATS, *readers()))),))
    found = declared or ("jsonl" if name == "-" else format_by_name(name) or _format_of_plugin(name))
    if not found and Path(name).is_dir():
        raise BadInput((Problem(file=name, what="it is a folder", instead="name the files in it that are to be read"),))
    if not found:
        instead = f"say which it is: --format {' or '.join((*FORMATS, *readers()))}"
        raise BadInput((Problem(file=name, what="its name does not say its format", instead=instead),))
    return found


def format_by_name(name: str) -> str:
    """Give which of Casefold's own formats a name says; empty for none."""
    return ENDINGS.get(_ending(name), "")


def _format_of_plugin(name: str) -> str:
    return next((each.name for each in readers().values() if _ending(name) in each.endings), "")


def _ending(name: str) -> str:
    return Path(name.casefold().removesuffix(".gz")).suffix


def read_by_plugin(file: BatchFile, name: str) -> Iterator[Row]:
    """Give the rows that a plug-in reads; what fails in it is raised as `CasefoldError` that names it and the line.

    A row of one event is kept as that event, so that it can be mended in a quarantine and loaded again.
    """
    chosen = readers()[name]
    who = f"the reader {name!r} ({chosen.origin})"
    try:
        for row in chosen.reads(file):
            if not isinstance(row, Row):
                raise TypeError(f"it gives {type(row).__name__}, not a Row")  # noqa: TRY301 (said as its other faults)
            whole = len(row.events) == 1 and not row.flaws
            yield row._replace(raw=msgspec.json.encode(row.events[0])) if whole else row
    except CasefoldError:
        raise
    except Exception as error:
        at = f"{file.shown}:{file.line}"
        raise CasefoldError(f"{who} fails at {at}: {type(error).__name__}: {error}; mend it there") from error
