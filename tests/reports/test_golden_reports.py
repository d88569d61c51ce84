"""The founding case in each format that is text, as it was looked through: a change shows here before anybody sees it.

`CASEFOLD_GOLDEN=write pytest tests/reports/test_golden_reports.py` writes the files anew; look through the difference.
"""

from __future__ import annotations

import os
import re
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


@pytest.mark.parametrize("shape", ["txt", "md", "json", "html"])
def test_the_report_is_the_one_that_was_looked_through(shape: str, plain: Any, root: Path) -> None:
    golden = root / "tests" / "golden" / "reports" / f"founding.{shape}"
    made = written(plain, shape)
    assert isinstance(made, str)
    if os.environ.get("CASEFOLD_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(steady(made), encoding="utf-8", newline="\n")
        pytest.skip(f"{golden.name} was written anew; look through the difference")
    assert steady(made).splitlines() == golden.read_text("utf-8").splitlines()
