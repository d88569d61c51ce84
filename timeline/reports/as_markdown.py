"""Writes a report as Markdown in which no text of a case can become markup. Composes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from timeline.reports.compose import Report, Section
from timeline.reports.escape import markdown


def as_markdown(report: Report) -> str:
    """Give a report as Markdown (with tables), ending in a newline."""
    blocks = [f"# {markdown(report.title)}", *(_section(section) for section in report.sections)]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> str:
    blocks = [f"## {markdown(section.title)}"] if section.title else []
    if section.pairs:
        blocks.append("\n".join(f"- {markdown(name)}: {markdown(value)}" for name, value in section.pairs))
    blocks += [markdown(words) for words in section.paragraphs]
    if section.entries:
        blocks.append(_table(("when", "id", "what", "on whose word", "cited as"), section.entries))
    if section.rows:
        blocks.append(_table(section.head, section.rows))
    return "\n\n".join(blocks)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join((_row(head), _row(["---"] * len(head), raw=True), *map(_row, rows)))


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else markdown(cell) for cell in cells)} |"
