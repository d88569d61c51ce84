"""Writes a report as JSON: the data of each section by its name. Composes nothing, draws nothing."""

from __future__ import annotations

from typing import Final

from timeline.reports.composing.shape import Report
from timeline.reports.escape import json_text

LEFT_OUT: Final = (
    "the charts as pictures (their words and rows are here)",
    "the record as it stood, step by step (only HTML shows it)",
)


def as_json(report: Report) -> str:
    """Give a report as JSON, ending in a newline."""
    return json_text(report.json) + "\n"
