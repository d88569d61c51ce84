"""Kept views from outside: brought up, looked at, compared, written as a cohort; what is wrong is said in one line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

EVENTS: tuple[dict[str, Any], ...] = (
    {"case": "a", "id": "i", "type": "infusion", "when": "more than 7 days before @d"},
    {"case": "a", "id": "d", "type": "death", "when": "2023-10-28T16:17Z"},
    {"case": "b", "id": "s", "type": "injection", "when": "2023-10-28T08:30Z"},
)
LAST = ("days-since-last", "infusion", "--at", "death")


def test_views_are_kept_brought_up_compared_and_read(cli: Any) -> None:
    cli("load", cli.write("facts.jsonl", *EVENTS))
    assert "nothing is kept yet" in cli("project", "--status").out
    done = cli("project", " ".join(LAST), "holds '@i before @d'", "--json").json
    assert (done["folded"], done["position"], len(done["questions"])) == (2, 3, 9)
    cli("add", "b", "death", "--id", "d", "--when", "2023-10-29", "--zone", "UTC")
    assert "cases" in cli("project", "--status").out
    assert cli("project").out == "9 questions kept in casefold.db.views at position 4: brought up, 1 case folded\n"
    assert "folded anew: the same" in cli("project", "--compare").out
    with closing(sqlite3.connect(cli.folder / "casefold.db.views")) as views:
        views.execute("UPDATE elapsed SET text = 'never' WHERE case_name = 'b'")
        views.commit()
    done = cli("project", "--compare", "--json", code=1).json
    assert {(each["case"], each["column"], each["kept"]) for each in done["differences"]} == {("b", "text", "never")}
    assert "never" in cli("project", "--compare", " ".join(LAST), code=1).out
    assert "made anew" in cli("project", "--rebuild").out
    assert cli("cohort", *LAST, "-o", "out.csv").out == f"out.csv: 2 cases ({' '.join(LAST)}, position 4)\n"
    done = cli("cohort", *LAST, "--as-of", "3", "-o", "then.csv", "--json").json
    assert (done["position"], done["not_asked"]) == (3, 1)
    assert cli("cohort", "holds", "@i before @d", "-o", "out.jsonl", "--json").json["not_asked"] == 1


def test_what_is_no_question_or_no_format_is_said(cli: Any) -> None:
    cli("load", cli.write("facts.jsonl", *EVENTS))
    for words, said in (
        (("project", "days-since-lst infusion --at death"), "did you mean 'days-since-last'?"),
        (("project", "--status", "--rebuild"), "write one of them"),
        (("project", "--status", "chronology"), "leave VIEW out"),
        (("project", "--compare", "elapsed i d"), "is not kept"),
        (("cohort", *LAST, "-o", "out.xls"), ".csv, .jsonl, .parquet"),
        (("cohort", *LAST, "-o", "nowhere/out.csv"), "cannot be written"),
    ):
        done = cli(*words, code=2)
        assert len(done.lines) == 1
        assert said in done.err
    assert cli("--db", "none.db", "project", code=3).lines[0].startswith("casefold: there is no log at none.db")
    (cli.folder / "casefold.db.views").mkdir()
    assert "is a folder; move it away" in cli("project", code=3).err
