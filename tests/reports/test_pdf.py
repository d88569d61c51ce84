"""The PDF of a report: every page says which record it is of, heads stand again, words can be read aloud."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from timeline.reports.composing.shape import Cell, Column, Pairs, Report, Row, Section, Table, Words

pypdf: Any = pytest.importorskip("pypdf", reason="pypdf is not installed")
pytest.importorskip("weasyprint", reason="the extra `pdf` or the system's Pango is not installed", exc_type=ImportError)

LONG = tuple(
    Row(cells=(Cell(str(n)), Cell(f"row {n}", f"@e{n}"), Cell("examiner")), id=f"e{n}", notes=(f"a note to row {n}",))
    for n in range(60)
)
COLUMNS = (Column("no.", 10), Column("what happened", 70), Column("who says so", 20))
REPORT = Report(
    title="A case on paper",
    case="c",
    zone="UTC",
    running="c · 60 events · root 0123456789abcdef",
    sections=(
        Section(name="cover", title="", blocks=(Pairs(rows=(("log", "casefold/00"),)),), data={}),
        Section(name="answers", title="Key answers", blocks=(Words(text="It rests on @e59 and <b>no tag</b>."),)),
        Section(
            name="chronology",
            title="Chronology",
            blocks=(Table(name="t", title="Chronology", columns=COLUMNS, rows=LONG),),
        ),
    ),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    from timeline.reports.formats.as_pdf import as_pdf

    return as_pdf(REPORT)


@pytest.fixture(scope="module")
def pages(made: bytes) -> Any:
    return pypdf.PdfReader(BytesIO(made))


def test_each_page_says_its_number_and_its_record(pages: Any) -> None:
    texts = [page.extract_text() for page in pages.pages]
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert f"page {number} of {len(texts)}" in text
        assert "root 0123456789abcdef" in text


def test_the_head_of_a_long_table_stands_on_each_of_its_pages(pages: Any) -> None:
    tabled = [text for page in pages.pages if "row " in (text := page.extract_text()) and "examiner" in text]
    assert len(tabled) > 1
    assert all("who says so" in text for text in tabled)


def test_a_row_and_its_note_are_not_parted(pages: Any) -> None:
    for page in pages.pages:
        words = f"{' '.join(page.extract_text().split())} "
        for n in range(60):
            assert (f"row {n} @e{n} " in words) == (f"a note to row {n} " in words), n


def test_every_row_is_there_and_markup_is_text(pages: Any) -> None:
    whole = "\n".join(page.extract_text() for page in pages.pages)
    assert all(f"row {n}" in whole for n in range(60))
    assert "<b>no tag</b>" in whole


def test_it_can_be_navigated_and_read_aloud(pages: Any) -> None:
    titles = [one.title for one in pages.outline[0:1]] + [one.title for one in _flat(pages.outline)]
    assert {"A case on paper", "Key answers", "Chronology"} <= set(titles)
    root = pages.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert pages.metadata.title == "A case on paper"


def _flat(outline: Any) -> list[Any]:
    return [leaf for one in outline for leaf in (_flat(one) if isinstance(one, list) else [one])]


def test_fonts_are_embedded(pages: Any) -> None:
    fonts = [font.get_object() for page in pages.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = font["/DescendantFonts"]
        described = inner.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def test_an_id_is_a_link_within_the_document(pages: Any) -> None:
    links = [note.get_object() for page in pages.pages for note in page.get("/Annots", ())]
    assert any(link["/Subtype"] == "/Link" and "/URI" not in str(link.get("/A", "")) for link in links)
    assert not any("/URI" in str(link.get("/A", "")) for link in links), "nothing leads out of the document"


def test_the_same_report_is_the_same_bytes(made: bytes) -> None:
    from timeline.reports.formats.as_pdf import as_pdf

    assert as_pdf(REPORT) == made


def test_paper_is_a4_or_letter(pages: Any) -> None:
    from timeline.reports.formats.as_pdf import as_pdf

    short = Report(title="t", case="c", zone="UTC", sections=REPORT.sections[:2])
    letter = pypdf.PdfReader(BytesIO(as_pdf(short, paper="letter"))).pages[0].mediabox
    assert [round(float(n)) for n in (letter.width, letter.height)] == [612, 792]
    assert [round(float(n)) for n in (pages.pages[0].mediabox.width, pages.pages[0].mediabox.height)] == [595, 842]
