"""Word, Excel and CSV: every word is there, nothing runs when it is opened, the same report is the same bytes."""

from __future__ import annotations

import csv
import re
import sys
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest

from timeline.reports.composing.shape import Cell, Column, Key, Pairs, Report, Row, Section, Table, Words
from timeline.reports.formats.as_csv import as_csv

openpyxl: Any = pytest.importorskip("openpyxl", reason="the extra `office` is not installed")
docx: Any = pytest.importorskip("docx", reason="the extra `office` is not installed")

FORMULA = '=HYPERLINK("http://a.example","go")'
HIDDEN = "safe\x1b[31m\u202etxt.exe"
LONG = "x" * 40_000


def event(number: int, id: str, what: str, *, note: str = "") -> Row:  # noqa: A002
    cells = (Cell(str(number)), Cell("2023-10-28", "“the 28th”"), Cell(what, f"@{id}"), Cell("clinic"))
    facts = {"type": "fact", "standing": "stated", "speaker": "clinic", "position": str(number)}
    return Row(cells=cells, id=id, notes=(note,) if note else (), facts=facts)


def table(name: str, *rows: Row, events: bool = True) -> Table:
    columns = (Column("no.", 7), Column("when", 20), Column("what happened", 50), Column("who says so"))
    return Table(name=name, title=name.title(), columns=columns, rows=rows, events=events, empty="None at all.")


@pytest.fixture(scope="module")
def report() -> Report:
    key = Key(
        question="days-since-last infusion --at @death",
        plain="How long before @death was the last infusion?",
        text="more than 7 days",
        tight=True,
        sentence="More than 7 days, on the word of the examiner.",
        word="On the word of the examiner (found)",
        convention="Full days are of 24 hours.",
        least=("death", "e10"),
        most=(),
    )
    told = [{"id": "e10", "earliest": None, "latest": "2023-10-28T23:00:59.999999Z"}]
    as_of = {"as_of": {"position": 12, "recorded_at": "2024-08-15T10:00:00.123456Z"}, "prepared_by": "ana"}
    return Report(
        title="A case & its <facts>",
        case="c",
        zone="UTC",
        running="c & others · 12 events",
        cited={"e10": "[10 @ 12, key]"},
        sections=(
            Section(name="cover", title="", blocks=(Pairs(rows=(("log", "casefold/00"),)),), data=as_of),
            Section(name="answers", title="Key answers", blocks=(key, Words(text="Rests on @e10.", tone="note"))),
            Section(
                name="chronology",
                title="Chronology",
                blocks=(table("chronology", event(10, "e10", FORMULA, note="a note"), event(9, "e9", HIDDEN)),),
                data=told,
            ),
            Section(name="undated", title="Undated", blocks=(table("undated", event(2, "e2", LONG)),), data=[]),
            Section(name="conflicts", title="Conflicts", blocks=(table("conflicts", events=False),)),
            Section(name="charges", title="Charges: [all] of 'em", blocks=(table("charges", events=False),)),
            Section(name="method", title="Method", blocks=(Words(text="An open end is unknown."),)),
        ),
    )


@pytest.fixture(scope="module")
def book(report: Report) -> Any:
    from timeline.reports.office.xlsx import as_xlsx

    return openpyxl.load_workbook(BytesIO(as_xlsx(report)))


@pytest.fixture(scope="module")
def page(report: Report) -> Any:
    from timeline.reports.office.docx import as_docx

    return docx.Document(BytesIO(as_docx(report)))


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_has_the_sheets_people_look_for(book: Any) -> None:
    assert book.sheetnames == ["Answers", "Chronology", "Disputes", "Undated", "Charges all of 'em", "About"]
    assert rows(book["Disputes"])[1][0] == "None at all."
    assert ["not in this file", "charts (their tables are here)"] in rows(book["About"])


def test_an_answer_keeps_all_that_stands_beside_it(book: Any) -> None:
    told = dict(zip(*rows(book["Answers"])[:2], strict=True))
    assert told["answer"] == "more than 7 days"
    assert told["no narrower bound is possible"] == "yes"
    assert told["the least rests on"] == "death, e10"


def test_events_keep_ids_citations_bounds_and_notes_and_an_open_end_stays_empty(book: Any) -> None:
    first = dict(zip(*rows(book["Chronology"])[:2], strict=True))
    assert (first["no."], first["id"], first["cited as"], first["notes"]) == (10, "e10", "[10 @ 12, key]", "a note")
    assert (first["earliest (UTC)"] or "", first["latest (UTC)"]) == ("", "2023-10-28T23:00:59.999999Z")
    assert book["Chronology"].freeze_panes == "A2"
    assert book["Chronology"].print_title_rows == "$1:$1"


def test_no_cell_is_a_formula_and_every_text_stays_a_text(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "sn", (sheet.title, cell.coordinate, cell.value)
                assert cell.value is None or cell.data_type == "n" or cell.number_format == "@"
    assert FORMULA in {value for row in rows(book["Chronology"]) for value in row}


def test_what_is_hidden_is_shown_and_what_is_too_long_says_so(book: Any) -> None:
    told = [cell.value for row in book["Chronology"].iter_rows() for cell in row]
    assert "safe\\x1b[31m⟦U+202E⟧txt.exe" in told
    (long,) = (value for row in rows(book["Undated"]) for value in row if isinstance(value, str) and "xxx" in value)
    assert len(long) <= 32_767
    assert "40,000 characters" in long


def test_the_document_says_every_word(page: Any, report: Report) -> None:
    said = "\n".join(node.text or "" for node in page.element.body.iter() if node.tag.endswith("}t"))
    words = ("A case & its <facts>", "more than 7 days", "On the word of the examiner (found)", FORMULA, "a note", LONG)
    for word in words:
        assert word in said
    assert "None at all." in said
    heads = [p.text for p in page.paragraphs if p.style.name.startswith("Heading 1")]
    assert heads == [section.title for section in report.sections if section.title]


def test_an_id_in_the_document_leads_to_the_row_of_its_event(page: Any) -> None:
    xml = page.element.body.xml
    names = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(\w+)"', xml)
    assert sorted(names) == ["event_1", "event_2", "event_3"]
    assert set(re.findall(r'w:anchor="(\w+)"', xml)) <= set(names)
    assert len(re.findall(r'w:anchor="event_1"', xml)) >= 2, "the key answer and the row itself name @e10"


def test_tables_repeat_their_heads_and_keep_rows_whole(page: Any) -> None:
    xml = page.element.body.xml
    assert xml.count("<w:tblHeader/>") == 2
    assert xml.count("<w:cantSplit/>") == xml.count("<w:tr>")
    assert "c & others" in page.sections[0].footer._element.xml.replace("&amp;", "&")


@pytest.mark.parametrize("shape", ["xlsx", "docx"])
def test_the_same_report_is_the_same_bytes_and_says_no_time_of_writing(report: Report, shape: str) -> None:
    from importlib import import_module

    write = getattr(import_module(f"timeline.reports.office.{shape}"), f"as_{shape}")
    made = write(report)
    assert made == write(report)
    with ZipFile(BytesIO(made)) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert re.findall(r">(20\d\d-[^<]+)<", core) == ["2024-08-15T10:00:00Z"] * 2
    assert "ana" in core


def test_csv_has_the_chronology_dated_and_undated_and_no_formula(report: Report) -> None:
    told = list(csv.DictReader(StringIO(as_csv(report))))
    assert [row["id"] for row in told] == ["e10", "e9", "e2"]
    assert told[0]["what happened"] == f"'{FORMULA}"
    assert told[0]["what happened (more)"] == "'@e10"
    assert told[1]["what happened"] == "safe\\x1b[31m⟦U+202E⟧txt.exe"
    assert told[0]["latest (UTC)"] == "2023-10-28T23:00:59.999999Z"
    assert told[0]["earliest (UTC)"] == ""
    assert len(told[2]["what happened"]) == 40_000


@pytest.mark.parametrize(
    ("shape", "library", "extra"),
    [("docx", "docx", "office"), ("xlsx", "openpyxl", "office"), ("pdf", "weasyprint", "pdf")],
)
def test_a_format_without_its_library_names_the_extra(
    report: Report, monkeypatch: pytest.MonkeyPatch, shape: str, library: str, extra: str
) -> None:
    from events.errors import Fault
    from timeline.reports.writing import written

    for name in [one for one in sys.modules if one.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Without(library), *sys.meta_path])
    with pytest.raises(Fault, match=f"{library}.*not installed.*casefold\\[{extra}\\]"):
        written(report, shape)


class _Without:
    """An importer that has never heard of a library."""

    def __init__(self, library: str) -> None:
        self.library = library

    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] == self.library:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
