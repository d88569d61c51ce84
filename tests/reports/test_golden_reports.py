"""The founding case in each format but PDF, as it was looked through: a change shows here before anybody sees it.

`CASEFOLD_GOLDEN=write pytest tests/reports/test_golden_reports.py` writes the files anew; look through the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from events.dates.civil import tzdata_version
from events.version import VERSION
from timeline.reports.writing import written


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
