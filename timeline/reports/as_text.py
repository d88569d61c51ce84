"""Writes a report as plain text. Composes nothing."""

from __future__ import annotations

from timeline.reports.compose import Report, Section
from timeline.reports.escape import one_line
from timeline.reports.layout import entry_lines, pairs, table


def as_text(report: Report) -> str:
    """Give a report as plain text, ending in a newline."""
    title = one_line(report.title)
    blocks = [f"{title}\n{'=' * len(title)}", *(_section(section) for section in report.sections)]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> str:
    title = [section.title, "-" * len(section.title)] if section.title else []
    blocks = [
        pairs(section.pairs, indent=""),
        [one_line(words) for words in section.paragraphs],
        table(section.head, section.rows) if section.rows else [],
        [line for each in section.entries for line in entry_lines(each)],
    ]
    return "\n".join((*title, "\n\n".join("\n".join(block) for block in blocks if block)))
