"""JSONL is one event a line; what is no event keeps its line and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events.batches.jsonl import read_jsonl
from events.batches.lines import BatchFile
from events.batches.row import Row
from events.errors import BadInput


def rows(path: Path, content: bytes) -> list[Row]:
    path.write_bytes(content)
    with BatchFile(path) as file:
        return [row for row in read_jsonl(file) if isinstance(row, Row)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "batch.jsonl"


def test_blank_lines_are_skipped_and_counted_in_the_numbering(place: Path) -> None:
    found = rows(place, b'\xef\xbb\xbf{"case": "a"}\n\n  \r\n{"case": "b"}')
    assert [(row.line, list(row.events)) for row in found] == [(1, [{"case": "a"}]), (4, [{"case": "b"}])]


@pytest.mark.parametrize(
    "line",
    [
        b'{"dose": 1, "dose": 10}',
        b'{"dose": NaN}',
        b'{"dose": -Infinity}',
        b'{"dose": ' + b"9" * 5_000 + b"}",
        b'{"dose": 9007199254740993}',
        b'{"a": ' * 1_500 + b"1" + b"}" * 1_500,
        b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
        b'{"note": "\\ud800"}',
        b'{"note": "a\x00b"}',
        b'{"note": "a\x1bb"}',
        b'{"note": "a\\u0000b"}',
        b'["case"]',
        b'"case"',
        b'{"case": "a"} {"case": "b"}',
        b'\xef\xbb\xbf{"case": "a"}',
    ],
)
def test_json_that_readers_differ_on_is_refused_by_line(place: Path, line: bytes) -> None:
    good, bad, after = rows(place, b'{"case": "a"}\n' + line + b'\n{"case": "c"}\n')
    assert good.events
    assert (bad.line, list(bad.events)) == (2, [])
    assert bad.flaws[0].what
    assert after.events


def test_decimals_keep_their_text(place: Path) -> None:
    ((event,),) = (row.events for row in rows(place, b'{"data": {"amount": 0.10}}\n'))
    assert event == {"data": {"amount": "0.10"}}


def test_a_last_line_that_is_cut_short_stops_the_file(place: Path) -> None:
    with pytest.raises(BadInput, match=r"batch.jsonl:2: the last line is cut short"):
        rows(place, b'{"case": "a"}\n{"case": "b", "typ')


def test_bytes_that_are_not_utf8_stop_the_file(place: Path) -> None:
    with pytest.raises(BadInput, match=r"byte 12 \(hex e9\) is not UTF-8"):
        rows(place, b'{"case": "a\x20\xe9"}\n')


def test_a_row_of_a_quarantine_is_the_row_it_holds(place: Path) -> None:
    kept = {"file": "orders.csv", "line": 7, "field": "when", "what": "…", "instead": "…"}
    lines = [kept | {"raw": {"case": "a"}}, kept | {"raw": '{"case": "b"}'}, kept | {"raw": '{"case'}]
    one, two, three = rows(place, "".join(json.dumps(line) + "\n" for line in lines).encode())
    assert list(one.events) == [{"case": "a"}]
    assert list(two.events) == [{"case": "b"}]
    assert three.flaws[0].field == "raw"
    assert [row.line for row in (one, two, three)] == [1, 2, 3]
    assert {row.origin for row in (one, two, three)} == {("orders.csv", 7)}
