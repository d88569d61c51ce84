"""`casefold report` and `casefold demo`, from outside: one composition in three formats, and the walk-through."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

HOSTILE = "<b>|`x`|</b> *y* [z](javascript:1) # {{7*7}}"


@pytest.fixture
def told(cli: Any) -> Any:
    cli.write(
        "a.jsonl",
        {"case": "a", "id": "opened", "type": "case.opened", "data": {"title": HOSTILE, "zone": "America/Los_Angeles"}},
        {"case": "a", "id": "death", "type": "death", "when": "2023-10-28", "source": {"speaker": HOSTILE}},
        {
            "case": "a",
            "id": "shot",
            "type": "injection",
            "when": "2 hours before @death",
            "data": {"substance": HOSTILE},
        },
        {"case": "a", "id": "note", "type": "fact", "data": {"text": "1. undated\n# second line"}},
    )
    cli("load", "a.jsonl")
    return cli


def test_one_composition_in_three_formats(told: Any) -> None:
    for shape in ("txt", "md", "json"):
        done = told("report", "a", "-o", f"a.{shape}").out
        assert done.startswith(f"wrote a.{shape}\n")
        assert "left out: the charts as pictures" in done, "what a format cannot carry is listed"
    text, markdown = ((told.folder / f"a.{shape}").read_text("utf-8") for shape in ("txt", "md"))
    shown = json.loads((told.folder / "a.json").read_text("utf-8"))
    asked = ["title", "case", "cover", "answers", "chronology", "undated", "left_out", "sources", "history", "method"]
    assert [name for name in shown if name in asked] == asked
    assert [event["id"] for event in shown["chronology"]] == ["death", "shot"] or [
        event["id"] for event in shown["chronology"]
    ] == ["shot", "death"]
    assert [event["id"] for event in shown["undated"]] == ["note"]
    for section in ("Key answers", "Chronology", "Undated", "Sources", "Method"):
        assert f"\n{section}\n" in text
        assert f"\n## {section}\n" in markdown
    assert shown["cover"]["log"] in text
    assert shown["cover"]["log"].replace("_", r"\_") in markdown
    assert "America/Los_Angeles" in text


def test_markdown_of_a_case_is_never_markup(told: Any) -> None:
    told("report", "a", "-o", "a.md")
    markdown = (told.folder / "a.md").read_text("utf-8")
    assert "<b>" not in markdown
    assert not re.search(r"(?<!\\)\]\(", markdown)
    assert "\\<b\\>\\|\\`x\\`\\|" in markdown
    rows = [line for line in markdown.splitlines() if line.startswith("| ")]
    assert rows
    tables = [block.splitlines() for block in markdown.split("\n\n") if block.startswith("| ")]
    widths = [{line.replace("\\|", "").count("|") for line in each} for each in tables]
    assert all(len(each) == 1 for each in widths), "no cell breaks its row"
    assert "\n# second line" not in markdown


def test_the_same_case_gives_the_same_report(told: Any) -> None:
    assert told("report", "a", "-o", "-").out == told("report", "a", "-o", "-").out
    assert told("report", "a", "-o", "-", "--json").json["case"] == "a"


def test_a_report_says_who_made_it_for_whom_and_what_for(told: Any) -> None:
    frame = ("--purpose", "illustrative-aid", "--prepared-by", "A. Analyst", "--prepared-for", "the court")
    shown = told("report", "a", "-o", "-", *frame).out
    assert "not evidence itself" in shown
    assert "--prepared-for 'the court'" in shown
    assert "no purpose of a report" in told("report", "a", "-o", "-", "--purpose", "exhibit", code=2).err
    asked = told("report", "a", "-o", "-", "--ask", "elapsed @shot @death", "--json").json["answers"]
    assert asked[0]["view"] == "elapsed"


def test_a_report_in_html_is_one_file_with_its_own_policy(told: Any) -> None:
    assert told("report", "a", "-o", "a.html").out == "wrote a.html\n"
    page = (told.folder / "a.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert "<b>|" not in page
    assert page.count("<script") == 2


def test_a_chart_is_a_picture_or_its_specification(told: Any) -> None:
    for shape, begins in (("svg", b"<svg xmlns="), ("png", b"\x89PNG"), ("json", b"{")):
        done = told("chart", "a", "final-days", "-o", f"a.{shape}")
        assert done.out.startswith(f"wrote a.{shape}\nThe 5 days before @death")
        assert (told.folder / f"a.{shape}").read_bytes().startswith(begins)
    assert "did you mean 'doses'?" in told("chart", "a", "dose", "-o", "a.svg", code=2).err
    assert ".svg, .png, .json" in told("chart", "a", "doses", "-o", "a.gif", code=2).err


def test_a_report_on_an_account_says_so(told: Any) -> None:
    assert f"on the word of {HOSTILE}" in told("report", "a", "-o", "-", "--according-to", HOSTILE).out


@pytest.mark.parametrize("name", ["a.odt", "a"])
def test_a_format_that_is_not_there_is_refused(told: Any, name: str) -> None:
    done = told("report", "a", "-o", name, code=2)
    assert ".html, .pdf, .md, .txt, .json" in done.err
    assert not (told.folder / name).exists()


def test_a_place_that_cannot_be_written_is_one_line(told: Any) -> None:
    assert len(told("report", "a", "-o", "no/such/folder.txt", code=2).lines) == 1


def test_the_demonstration_asks_what_the_case_must_answer(cli: Any) -> None:
    done = cli("demo")
    assert done.err == ""
    for command, answer in (
        ("$ casefold ask perry chronology", "51 events"),
        ("days-since-last infusion --at @death --according-to 'medical examiner'", "more than 7 days"),
        ("dose-total --type injection --window '4 days before @death'\n", "at least 27, amount unknown"),
        ("--window '4 days before @death' --standing admitted", "3 on record, at least 3 in fact"),
    ):
        after = done.out.split(command, 1)[1]
        assert after.lstrip("\n ").startswith(answer)
    assert "--data DIR" in done.out
    assert not (cli.folder / "casefold.db").exists()


def test_the_demonstration_can_be_asked_again(cli: Any) -> None:
    cli("--db", "perry.db", "demo")
    assert (
        "at least 27" in cli("--db", "perry.db", "ask", "perry", "dose-total", "--window", "4 days before @death").out
    )
    assert "at least 27" in cli("--db", "perry.db", "demo").out


def test_the_demonstration_shows_an_intensive_care_patient(cli: Any, shared: Path) -> None:
    done = cli("demo", "--data", shared / "data", "--json")
    answer = done.json["patient"]["answer"]
    assert answer["counted"] == "ordered"
    assert answer["administrations"] == {"min": 5, "max": 12}
