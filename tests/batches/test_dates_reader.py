"""Readers of dates in loads: by a mapping, by --dates; the office's words are kept, what has no reading is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from events.batches.mapping import read_mapping
from events.errors import BadInput

MAPPING = """
[when]
reader = "us-shorthand"
pivot = 2026
zone = "America/Chicago"
words = { night = "22:00-06:00" }

[[event]]
case = "{case}"
id = "death"
type = "death"
when = "{incident}"
source.asserted = "{said}"
"""
TABLE = """case,incident,said
1,06/24/24 2315 hrs - 06/25/24 0015 hrs,6/30/24
2,12/31/2024 prior to 1008 hours,1/2/2025
3,6/24/2024 night,1/2/2025
"""


def event(n: int, when: str, **source: str) -> dict[str, Any]:
    line = {"case": "a", "id": f"e{n}", "type": "fact", "when": when, "data": {"text": "x"}}
    return {**line, "source": source} if source else line


def chronology(cli: Any, case: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = cli("ask", case, "chronology", "--json").json["events"]
    return events


def test_a_mapping_reads_a_table_in_shorthand(cli: Any) -> None:
    (cli.folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    (cli.folder / "deaths.csv").write_text(TABLE, encoding="utf-8")
    loaded = cli("load", "deaths.csv", "--map", "map.toml", "--json").json
    assert (loaded["appended"], loaded["problems"]) == (3, [])
    (one,), (two,), (three,) = (chronology(cli, case) for case in "123")
    assert one["earliest"], one["latest"] == ("2024-06-25T04:15:00.000000Z", "2024-06-25T05:15:59.999999Z")
    assert one["source"]["reads"] == "06/24/24 2315 hrs - 06/25/24 0015 hrs; 6/30/24"
    assert one["source"]["asserted"] == "2024-06-30"
    assert two["latest"] == "2024-12-31T16:07:59.999999Z"
    assert three["when"] == "2024-06-24T22:00/2024-06-25T06:00"


def test_a_mapping_states_the_year_of_dates_that_have_none_and_days_of_a_month(cli: Any) -> None:
    when = "pivot = 2026\nyear = 2024"
    words = 'words = { night = "22:00-06:00", early = "1-10" }'
    mapping = MAPPING.replace("pivot = 2026", when).replace('words = { night = "22:00-06:00" }', words)
    (cli.folder / "map.toml").write_text(mapping, encoding="utf-8")
    rows = "1,3/29 @2200 to 3/30 at 0845,\n2,Early February 2025,\n3,6/18,\n4,12/31 2300 - 1/1 0100,\n"
    (cli.folder / "deaths.csv").write_text("case,incident,said\n" + rows, encoding="utf-8")
    loaded = cli("load", "deaths.csv", "--map", "map.toml", "--quarantine", "bad.jsonl", "--json", code=1).json
    assert (loaded["appended"], loaded["refused"]) == (2, 2)
    (one,), (two,) = chronology(cli, "1"), chronology(cli, "2")
    assert (one["when"], one["source"]["reads"]) == ("2024-03-29T22:00/2024-03-30T08:45", "3/29 @2200 to 3/30 at 0845")
    assert two["when"] == "2025-02-01/2025-02-10"


def test_a_mapping_takes_the_year_of_each_row_from_its_column(cli: Any) -> None:
    mapping = MAPPING.replace("pivot = 2026", 'pivot = 2026\nyear = "{year}"')
    (cli.folder / "map.toml").write_text(mapping, encoding="utf-8")
    rows = (
        "1,3/29 @2200,,2024\n2,3/29 @2200,,2023\n3,6/18/2021 0900,,2024\n4,,,\n"
        "5,3/29 @2200,,\n6,3/29 @2200,,24\n7,3/29 @2200,,2031\n8,2/29 @2200,,2023\n9,3/29 @2200,4/2 noon,\n"
    )
    (cli.folder / "deaths.csv").write_text("case,incident,said,year\n" + rows, encoding="utf-8")
    done = cli("load", "deaths.csv", "--map", "map.toml", "--quarantine", "bad.jsonl", "--json", code=1).json
    assert (done["appended"], done["refused"]) == (4, 5)
    whens = [chronology(cli, case)[0]["when"] for case in "123"]
    assert whens == ["2024-03-29T22:00", "2023-03-29T22:00", "2021-06-18T09:00"]
    bad = [json.loads(line) for line in (cli.folder / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["field"]) for row in bad] == [(line, "when") for line in (6, 7, 8, 9, 10)]
    empty, short, late, leap, both = (row["what"] for row in bad)
    assert empty == "'year' is empty, and has the year of this date"
    assert short == "'24' in 'year' is not a year"
    assert "the year 2031 is not among 1900 to 2026" in late
    assert "month 2 of 2023 has no day 29" in leap
    assert "also source.asserted: 'year' is empty" in both
    (cli.folder / "short.csv").write_text("case,incident,said\n1,3/29 @2200,\n", encoding="utf-8")
    assert "column 'year' of the mapping is missing" in cli("load", "short.csv", "--map", "map.toml", code=2).err


def test_a_table_keeps_what_it_cannot_read_in_the_quarantine(cli: Any) -> None:
    (cli.folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    (cli.folder / "deaths.csv").write_text(TABLE + "4,2/14/20225,1/2/2025\n5,6/24/2031,1/2/2025\n", encoding="utf-8")
    loaded = cli("load", "deaths.csv", "--map", "map.toml", "--quarantine", "bad.jsonl", "--json", code=1).json
    assert (loaded["appended"], loaded["refused"]) == (3, 2)
    kept = [json.loads(line) for line in (cli.folder / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["field"]) for row in kept] == [(5, "when"), (6, "when")]
    assert "'2/14/20225'" in kept[0]["what"]
    assert "2031" in kept[1]["what"]


def test_dates_names_the_reader_of_jsonl(cli: Any) -> None:
    cli.write("a.jsonl", event(1, "6/17/24 - 6/19/24"), event(2, "before @e1"), event(3, "2024-06-20"))
    cli("load", "a.jsonl", "--dates", "us-shorthand", "--zone", "America/Chicago")
    by_id = {one["id"]: one for one in chronology(cli, "a")}
    assert by_id["e1"]["when"] == "2024-06-17/2024-06-19"
    assert by_id["e1"]["source"]["reads"] == "6/17/24 - 6/19/24"
    assert "reads" not in by_id["e2"]["source"]
    assert by_id["e3"]["when"] == "2024-06-20"


def test_the_reader_may_state_its_pivot(cli: Any) -> None:
    cli.write("a.jsonl", event(1, "6/17/24"))
    cli("load", "a.jsonl", "--dates", "us-shorthand:2020", "--zone", "America/Chicago")
    assert chronology(cli, "a")[0]["when"] == "1924-06-17"


def test_words_the_source_had_already_are_not_replaced(cli: Any) -> None:
    cli.write("a.jsonl", event(1, "6/17/24", reads="the seventeenth"))
    cli("load", "a.jsonl", "--dates", "us-shorthand", "--zone", "America/Chicago")
    assert chronology(cli, "a")[0]["source"]["reads"] == "the seventeenth"


@pytest.mark.parametrize(
    ("when", "said"),
    [("6/24/2024 evening", "has no hours of its own"), ("1/23/2024 0900 - 2/3/2023", "ends before it begins")],
)
def test_a_line_without_one_reading_is_refused_with_the_text(cli: Any, when: str, said: str) -> None:
    cli.write("a.jsonl", event(1, when))
    ran = cli("load", "a.jsonl", "--dates", "us-shorthand", "--zone", "America/Chicago", code=2)
    assert said in ran.err
    assert when in ran.err


def test_a_reader_that_is_none_is_refused_with_the_names_there_are(cli: Any) -> None:
    cli.write("a.jsonl", event(1, "6/24/2024"))
    assert "us-shorthand" in cli("load", "a.jsonl", "--dates", "uk", code=2).err


def test_dates_and_a_mapping_that_says_it_too_are_refused(cli: Any) -> None:
    (cli.folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    (cli.folder / "deaths.csv").write_text(TABLE, encoding="utf-8")
    ran = cli("load", "deaths.csv", "--map", "map.toml", "--dates", "us-shorthand", code=2)
    assert "--dates" in ran.err


@pytest.mark.parametrize(
    ("when", "key"),
    [
        ('reader = "uk"', "when.reader"),
        ('reader = "us-shorthand"\norder = "mdy"', "when.order"),
        ('reader = "us-shorthand"\npivot = "2026"', "when.pivot"),
        ('reader = "us-shorthand"\npivot = 26', "when.reader"),
        ('reader = "us-shorthand"\nyear = "2024"', "when.year"),
        ('reader = "us-shorthand"\nyear = "{}"', "when.year"),
        ('reader = "us-shorthand"\nyear = { column = "year" }', "when.year"),
        ('year = "{year}"', "when.year"),
        ('reader = "us-shorthand"\nyear = 0', "when.year"),
        ('reader = "us-shorthand"\nyear = 24', "when.reader"),
        ('reader = "us-shorthand"\npivot = 2024\nyear = 2025', "when.reader"),
        ("year = 2024", "when"),
        ('reader = "us-shorthand"\nwords = { night = "late" }', "when.reader"),
        ('reader = "us-shorthand"\nwords = { morning = "6-12" }', "when.reader"),
        ('reader = "us-shorthand"\nwords = ["night"]', "when.words"),
        ("pivot = 2026", "when"),
        ('words = { night = "22:00-06:00" }', "when"),
    ],
)
def test_a_mapping_with_a_reader_that_cannot_be_is_refused_by_key(when: str, key: str, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(f"[when]\n{when}\n{MAPPING[MAPPING.index('[[event]]') :]}", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_mapping(tmp_path / "map.toml")
    assert [problem.field for problem in caught.value.problems] == [key]


def test_a_year_in_a_column_without_a_reader_is_told_what_it_wants(tmp_path: Path) -> None:
    mapping = f"[when]\nyear = \"{{year}}\"\n{MAPPING[MAPPING.index('[[event]]') :]}"
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    with pytest.raises(BadInput, match='write reader = "us-shorthand" with it'):
        read_mapping(tmp_path / "map.toml")
