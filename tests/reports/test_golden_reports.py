"""The founding case in each format, as it was looked through: a change shows here before anybody sees it.

Of the PDF it is the words in their order and the bookmarks: lines and pages break where a machine's fonts let them.

`CASEFOLD_GOLDEN=write pytest tests/reports/test_golden_reports.py` writes the files anew; look through the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from events.dates.civil import tzdata_version
from events.version import VERSION
from timeline.reports.writing import written

SAME = frozenset({"final_days", "levels", "gaps", "findings", "charges", "supply", "treatment"})
"""Sections laid out as the chronology is, and pinned in the other formats: to print them, too, takes twice as long."""


@pytest.fixture(scope="module")
def plain(composed: Any, founding: Any) -> Any:
    from timeline.reports.composing.brief import Frame

    frame = Frame(by="A. Analyst", to="the court", purpose="summary-of-evidence", command="casefold report perry")
    return composed(founding, frame=frame, replayed=False)


def steady(text: str) -> str:
    """Give a report without what another release, or another drawing library, would write otherwise."""
    for tag in ("svg", "style", "script"):
        text = re.sub(rf"<{tag} .*?</{tag}>", f"<{tag}></{tag}>", text, flags=re.DOTALL)
    text = re.sub(r"nonce(-|=\")[A-Za-z0-9+/]{24}", r"nonce\1NONCE", text)
    text = text.replace(tzdata_version(), "TZDATA")
    return re.sub(rf"(casefold\W+(?:</dt><dd>)?){re.escape(VERSION)}", r"\1VERSION", text)


def said_in(shape: str, made: str | bytes) -> str:
    """Give the words of a report; of a packed format a line for each paragraph of each cell."""
    if isinstance(made, str):
        return made
    lines = {"docx": _document, "xlsx": _sheets}[shape](made)
    return "".join(f"{line}\n" for line in lines)


def _document(made: bytes) -> Iterator[str]:
    import docx

    for paragraph in docx.Document(BytesIO(made)).element.body.iter("{*}p"):
        words = "".join(node.text or "" for node in paragraph.iter("{*}t"))
        if words:
            yield words


def _sheets(made: bytes) -> Iterator[str]:
    import openpyxl

    for sheet in openpyxl.load_workbook(BytesIO(made)):
        yield f"== {sheet.title}"
        for row in sheet.iter_rows(values_only=True):
            yield " | ".join("" if value is None else str(value) for value in row).rstrip(" |")


@pytest.mark.parametrize("shape", ["txt", "md", "json", "html", "csv", "docx", "xlsx"])
def test_the_report_is_the_one_that_was_looked_through(shape: str, plain: Any, root: Path) -> None:
    packed = shape in ("docx", "xlsx")
    golden = root / "tests" / "golden" / "reports" / f"founding.{shape}{'.txt' * packed}"
    made = said_in(shape, written(plain, shape))
    if os.environ.get("CASEFOLD_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(steady(made), encoding="utf-8", newline="\n")
        pytest.skip(f"{golden.name} was written anew; look through the difference")
    assert steady(made).splitlines() == golden.read_text("utf-8").splitlines()


def test_the_pdf_says_what_was_looked_through(plain: Any, root: Path) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    why = "the extra `pdf` or the system's Pango is not installed"
    pytest.importorskip("weasyprint", reason=why, exc_type=ImportError)
    golden = root / "tests" / "golden" / "reports" / "founding.pdf.txt"
    printed = written(undrawn(plain), "pdf")
    assert isinstance(printed, bytes)
    made = pypdf.PdfReader(BytesIO(printed))
    marks, words = [*bookmarks(made.outline)], [*pages_of(made, plain)]
    if os.environ.get("CASEFOLD_GOLDEN") == "write":
        golden.write_text("\n".join([*marks, steady("\n".join(["", *words]))]) + "\n", encoding="utf-8", newline="\n")
        pytest.skip(f"{golden.name} was written anew; look through the difference")
    kept, told = golden.read_text("utf-8").split("\n\n", 1)
    assert marks == kept.splitlines()
    rest = squeezed(steady("\n".join(words)))
    for line in map(squeezed, told.splitlines()):
        assert rest[: len(line)] == line
        rest = rest[len(line) :]
    assert rest == ""


def undrawn(report: Any) -> Any:
    """Give the report without the `SAME` sections, and without pictures, which another library would draw otherwise."""
    from timeline.reports.composing.shape import Figure

    def plainly(block: Any) -> Any:
        return replace(block, chart=replace(block.chart, specify=dict)) if isinstance(block, Figure) else block

    told = (each for each in report.sections if each.name not in SAME)
    kept = (replace(each, blocks=tuple(map(plainly, each.blocks))) for each in told)
    return replace(report, sections=tuple(kept))


def bookmarks(outline: Any, depth: int = 0) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from bookmarks(one, depth + 1)
        else:
            yield f"{'  ' * depth}{' '.join(one.title.split())}"


def pages_of(made: Any, report: Any) -> Iterator[str]:
    """Give the words of each page without what stands where pages break: feet, heads of tables, points of lists."""
    sides = ("speaker", "standing", "answer", "rests on")
    heads = {squeezed("".join(names)) for names in (sides, *(table.head for _, table in report.tables))}
    for page in made.pages:
        lines = [line.strip() for line in page.extract_text().replace("•", "").splitlines()]
        kept = [line for line in lines if line and not line.startswith(report.running)]
        yield "\n".join(_without(kept, heads))


def _without(lines: list[str], heads: set[str]) -> Iterator[str]:
    """Give the lines but those that together are the head of a table."""
    at = 0
    while at < len(lines):
        high = next((n for n in range(1, 10) if squeezed("".join(lines[at : at + n])) in heads), 0)
        if not high:
            yield lines[at]
        at += high or 1


def squeezed(text: str) -> str:
    return "".join(text.split())
