"""Writes a report as one page of HTML that works alone: no network, no file beside it. Composes nothing."""

from __future__ import annotations

from typing import Final

from timeline.reports.composing.shape import Report
from timeline.reports.web.page import page

LEFT_OUT: Final[tuple[str, ...]] = ()


def as_html(report: Report) -> str:
    """Give a report as HTML, ending in a newline."""
    return page(report)
