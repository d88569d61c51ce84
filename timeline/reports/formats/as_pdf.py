"""Writes a report as PDF, from the same HTML with nothing that runs, on A4 or Letter. Fetches nothing."""

from __future__ import annotations

import hashlib
from typing import Any, Final, Literal, NoReturn

from events.errors import Fault
from timeline.reports.composing.shape import Report
from timeline.reports.web.page import page

LEFT_OUT: Final = ("the record as it stood, step by step (only HTML shows it)",)
Paper = Literal["a4", "letter"]
PAPERS: Final[dict[Paper, str]] = {"a4": "A4", "letter": "letter"}


def as_pdf(report: Report, *, paper: Paper = "a4") -> bytes:
    """Give the report as a tagged PDF with bookmarks; the same report is the same bytes. Raises `Fault`."""
    html = page(report, scripts=False, styles=f"\n{_paged()}@page {{ size: {PAPERS[paper]} }}\n")
    name = hashlib.sha256(html.encode()).digest()[:16]
    made: bytes = _printer()(string=html, url_fetcher=_nothing).write_pdf(pdf_tags=True, pdf_identifier=name)
    return made


def _printer() -> Any:
    """Give what lays out pages; the libraries that draw letters are the system's own, and may be missing."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except OSError as missing:
        raise Fault(
            f"a .pdf needs libraries of the system that are not there ({' '.join(str(missing).split())[:120]})",
            "install Pango (Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0), or write .html or .docx",
        ) from None
    return HTML


def _nothing(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"a report fetches nothing, and was asked for {url[:80]}")


def _paged() -> str:
    from importlib.resources import files

    return files("timeline.reports").joinpath("templates", "paged.css").read_text("utf-8")
