"""Which format the ending of a file's name means. Opens no file, and looks only whether the name is a folder's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from events.errors import Fault


def format_named(output: str, formats: Sequence[str], what: str) -> str:
    """Give the format that a file's ending names; raises `Fault` where that is none of `what`.

    >>> format_named("deaths.CSV", ("csv", "jsonl"), "cohorts")
    'csv'
    """
    ending = PurePath(output).suffix.removeprefix(".").casefold()
    if ending not in formats:
        if Path(output).is_dir():
            name = PurePath(output, f"{what.removesuffix('s')}.{formats[0]}")
            raise Fault(f"{output} is a folder", f"name a file in it, such as {name}")
        known = ", ".join(f".{each}" for each in formats)
        raise Fault(f"{output!r} does not say a format of {what}", f"end its name in one of {known}")
    return ending
