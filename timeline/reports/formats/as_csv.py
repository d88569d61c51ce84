"""The chronology of a composed report as CSV, for those who filter and script. Carries no other table.

A text that a spreadsheet would run as a formula has an apostrophe before it; `LEFT_OUT` says what the file has not.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from timeline.reports.composing.shape import Report, Table
from timeline.reports.escape import spreadsheet
from timeline.reports.formats.grids import table_grid

LEFT_OUT: Final = ("everything but the chronology, dated and undated: key answers, disputes, sources, history, charts",)


def as_csv(report: Report) -> str:
    r"""Give the dated events and then the undated ones, one a row, with a head; ends of lines are `\n`."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    grids = [
        table_grid(report, section, block)
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and block.events
    ]
    head = list(dict.fromkeys(name for grid in grids for name in grid.head))
    lines.writerow(head)
    for grid in grids:
        for row in grid.rows:
            told = dict(zip(grid.head, row, strict=True))
            lines.writerow([spreadsheet(told.get(name, "")) for name in head])
    return out.getvalue()
