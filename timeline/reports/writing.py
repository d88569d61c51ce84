"""From a file's name to the writer of its format, and onto the disk. Composes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from events.errors import Fault
from timeline.reports.compose import Report

SHAPES: Final = ("txt", "md", "json")


def shape_of(output: str) -> str:
    """Give the format a file's ending names; `-` is the standard output, as text. Raises `Fault`.

    >>> shape_of("case.md"), shape_of("-")
    ('md', 'txt')
    """
    ending = "txt" if output == "-" else Path(output).suffix.removeprefix(".").casefold()
    if ending not in SHAPES:
        known = ", ".join(f".{each}" for each in SHAPES)
        raise Fault(f"{output!r} does not say a format of reports", f"end its name in one of {known}")
    return ending


def written(report: Report, shape: str) -> str:
    """Give a report in one format, ending in a newline."""
    if shape == "json":
        from timeline.reports.escape import json_text

        return json_text(report.json) + "\n"
    if shape == "md":
        from timeline.reports.as_markdown import as_markdown

        return as_markdown(report)
    from timeline.reports.as_text import as_text

    return as_text(report)


def save(report: Report, output: str) -> dict[str, str]:
    """Write a report to a file, in the format of its ending; says which. Raises OSError."""
    shape = shape_of(output)
    Path(output).write_text(written(report, shape), encoding="utf-8", newline="\n")
    return {"file": output, "format": shape}
