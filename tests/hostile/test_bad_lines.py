"""Rows 1 to 21 of bad_inputs.json: JSON, bytes and characters that no event is made of, and those that one keeps."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from events.batches.lines import LINE_LIMIT

FACT = '{"case":"a","id":"x","type":"fact","data":{"text":%s}}\n'
DOSE = '{"case":"a","id":"x","type":"injection","data":{"substance":"ketamine","amount":%s}}\n'


def test_row_01_a_name_that_stands_twice(house: Any) -> None:
    house.put("x.jsonl", DOSE % '1,"amount":10')
    house.refuses("load", "x.jsonl", place="x.jsonl:1: 'amount' stands twice", cure="write each name once")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_row_02_what_json_has_no_number_for(house: Any, number: str) -> None:
    house.put("x.jsonl", DOSE % number)
    house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {number} is not", cure="write 'unknown'")


def test_row_03_a_number_beyond_every_float(house: Any) -> None:
    house.put("x.jsonl", DOSE % "1e999")
    house.refuses("load", "x.jsonl", place="x.jsonl:1: 1e999 is too large", cure="write it as text")


def test_row_04_a_number_of_five_thousand_digits(house: Any) -> None:
    house.put("x.jsonl", DOSE % ("9" * 5_000))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: 999999999999…", cure="write it as text")


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 2**64])
def test_row_05_a_number_that_readers_would_round(house: Any, number: int) -> None:
    house.put("x.jsonl", DOSE % number)
    house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {number} is beyond 2^53", cure="in quotation marks")


def test_row_06_a_decimal_is_kept_digit_by_digit(house: Any) -> None:
    house.put("x.jsonl", (DOSE % "0.1") + (DOSE % "0.30000000000000004").replace('"x"', '"y"'))
    house.takes("load", "x.jsonl")
    events = house.events()
    assert [events[name]["data"]["amount"] for name in "xy"] == ["0.1", "0.30000000000000004"]


def test_row_07_a_number_is_kept_as_written_and_compared_by_value(house: Any) -> None:
    house.put("x.jsonl", DOSE % "-0")
    house.refuses("load", "x.jsonl", place="data.amount: '-0' is negative", cure="without a sign")
    lines = [
        (DOSE % f'"{text} mg"').replace('"x"', f'"{name}"') for name, text in (("p", "1"), ("q", "1.0"), ("r", "1.00"))
    ]
    house.put("y.jsonl", "".join(lines))
    house.takes("load", "y.jsonl")
    assert [house.events()[name]["data"]["amount"] for name in "pqr"] == ["1 mg", "1.0 mg", "1.00 mg"]
    total = house("ask", "a", "dose-total", "--window", "2000-01-01/2100-01-01", "--json").json["amounts"]
    assert {one["unit"] for one in total} == {"mg"}
    assert float(total[0]["max"]) == 3


@pytest.mark.parametrize("depth", [33, 1_500, 100_000, 400_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_row_08_nesting_without_end(house: Any, depth: int, brackets: str) -> None:
    opening = "[" if brackets == "[]" else '{"a":'
    house.put("x.jsonl", FACT % (opening * depth + "1" + brackets[1] * depth))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: ", cure="" if depth > LINE_LIMIT / 6 else "nest at most 32 deep")


def test_row_09_half_a_character(house: Any) -> None:
    for text in (r'"\ud800"', r'"a\udfffb"', r'"\ud800\ud800"'):
        house.put("x.jsonl", FACT % text)
        house.refuses("load", "x.jsonl", place="x.jsonl:1: ", cure="write the whole character")


@pytest.mark.parametrize("character", [chr(code) for code in (0, 1, 8, 11, 13, 27, 31)])
def test_row_10_raw_control_characters(house: Any, character: str) -> None:
    house.put("x.jsonl", FACT % f'"a{character}b"')
    house.refuses("load", "x.jsonl", place="x.jsonl:1: is not JSON", cure="write one JSON object")


def test_row_11_nul_escaped(house: Any) -> None:
    house.put("x.jsonl", FACT % r'"a\u0000b"')
    house.refuses("load", "x.jsonl", place="x.jsonl:1: ", cure="remove it")
    house.put("x.jsonl", r'{"case":"a","type":"fact","data":{"te\u0000xt":"x"}}' + "\n")
    house.refuses("load", "x.jsonl", place="x.jsonl:1: ")


def test_row_12_a_byte_order_mark_stands_first_or_not_at_all(house: Any) -> None:
    house.put("x.jsonl", "\ufeff" + FACT % '"t"')
    house.put("y.csv", "\ufeffcase,id,type,data.text\na,y,fact,t\n")
    house.takes("load", "x.jsonl", "y.csv")
    assert {"x", "y"} <= house.events().keys()
    house.put("z.jsonl", FACT % '"u"' + "\ufeff" + FACT % '"v"')
    house.refuses("load", "z.jsonl", place="z.jsonl:2: a byte order mark", cure="remove it")


@pytest.mark.parametrize(
    ("encoding", "offset"), [("utf-16", 0), ("utf-16-le", 102), ("utf-16-be", 103), ("utf-32", 0), ("latin-1", 51)]
)
def test_row_13_other_encodings_are_not_guessed(house: Any, encoding: str, offset: int) -> None:
    house.put("x.jsonl", (FACT % '"é"').encode(encoding))
    said = house.refuses("load", "x.jsonl", place=f"x.jsonl:1: byte {offset} (hex ", cure="save the file as UTF-8")
    assert ("looks like UTF-16" in said) is (encoding != "latin-1")
    house.put("y.csv", ("case,type,data.text\na,fact,é\n").encode(encoding))
    house.refuses("load", "y.csv", place="y.csv:")


@pytest.mark.parametrize("bad", [b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xc3"])
def test_row_14_bytes_that_are_no_utf_8(house: Any, bad: bytes) -> None:
    before = (FACT % '"t"').encode()
    house.put("x.jsonl", before + (FACT % '"@@"').replace('"x"', '"y"').encode().replace(b"@@", bad))
    at = len(before) + (FACT % '"').index('"}}') + 1
    house.refuses("load", "x.jsonl", place=f"x.jsonl:2: byte {at} (hex {bad[0]:02x})", cure="save the file as UTF-8")


@pytest.mark.parametrize("character", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_row_15_characters_that_turn_the_writing_about(house: Any, character: str) -> None:
    shown = f"⟦U+{ord(character):04X}⟧"
    for field in ("id", "type", "case"):
        house.put("x.jsonl", {"case": "a", "type": "fact", "data": {"text": "t"}, field: f"fa{character}ct"})
        assert character not in house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {field}: ")
    text, note = f"paid{character} him", f"n{character}"
    house.put("x.jsonl", {"case": "a", "id": "x", "type": "fact", "data": {"text": text}, "note": note})
    assert f"holds U+{ord(character):04X}" in house.takes("load", "x.jsonl").err
    stored = house.events()["x"]
    assert (stored["data"]["text"], stored["note"]) == (text, note)
    for words in (("log", "a"), ("show", "a"), ("ask", "a", "chronology")):
        out = house(*words).out
        assert shown in out
        assert character not in out


@pytest.mark.parametrize("character", [*"\u200b\u200c\u200d\ufeff"])
def test_row_16_characters_of_no_width(house: Any, character: str) -> None:
    house.put("x.jsonl", {"case": "a", "id": f"x{character}y", "type": "fact", "data": {"text": "t"}})
    house.refuses("load", "x.jsonl", place=f"id: the id 'x\\u{ord(character):04x}y' holds U+{ord(character):04X}")
    house.put("x.jsonl", {"case": "a", "id": "x", "type": "fact", "data": {"text": f"a{character}b"}})
    assert f"warning: x.jsonl:1: a text holds U+{ord(character):04X}" in house.takes("load", "x.jsonl").err
    assert house.events()["x"]["data"]["text"] == f"a{character}b"


@pytest.mark.parametrize("name", ["CASE-А1", "cаse", "ⅹ", "x\u0301", "x y", "a" * 129, "", "-x", "x.first"])
def test_row_17_an_id_is_plain_letters(house: Any, name: str) -> None:
    for field in ("id", "case") if name != "x.first" else ("id",):
        house.put("x.jsonl", {"case": "a", "type": "fact", "data": {"text": "t"}, field: name})
        house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {field}: ", cure="write")


def test_row_18_one_name_with_accents_composed_and_apart(house: Any) -> None:
    composed, apart = "Ren\u00e9", "Rene\u0301"
    facts = [
        {"case": "a", "id": name, "type": "fact", "data": {"text": "t"}, "source": {"speaker": speaker}}
        for name, speaker in (("x", composed), ("y", apart))
    ]
    house.put("x.jsonl", *facts)
    assert "x.jsonl:2: a text is not in Unicode's composed form (NFC)" in house.takes("load", "x.jsonl").err
    events = house.events()
    assert (events["x"]["source"]["speaker"], events["y"]["source"]["speaker"]) == (composed, apart)
    for asked in (composed, apart):
        answer = house("ask", "a", "chronology", "--according-to", asked, "--json").json
        assert set(answer["undated"]) == {"x", "y"}
    alike = {one["name"]: one["alike"] for one in house("names", "a", "--json").json["names"]}
    assert alike[composed] == [apart]


@pytest.mark.parametrize("size", [LINE_LIMIT + 1, 10_000_000])
def test_row_19_a_field_of_ten_million_bytes(house: Any, size: int) -> None:
    house.put("x.jsonl", FACT % f'"{"x" * size}"')
    house.refuses("load", "x.jsonl", place="x.jsonl:1: the line is longer than 1,048,576 bytes", cure="attach")
    house.put("y.csv", f"case,type,data.text\na,fact,{'x' * size}\n")
    house.refuses("load", "y.csv", place="y.csv:2: ", cure="attach")
    house.put("z.csv", 'case,type,data.text\na,fact,"' + "x\n" * (size // 2) + '"\n')
    house.refuses("load", "z.csv", place="z.csv:2: the record that starts here is longer", cure="close its quote")


def test_row_20_two_gigabytes_without_a_line_end(house: Any) -> None:
    for name in ("x.jsonl", "x.csv"):
        with (house.folder / name).open("wb") as sparse:
            sparse.truncate(2 << 30)
        limited = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (400 << 20,) * 2);"
            f"sys.argv = ['casefold', 'load', {name!r}]; import cli; cli.main()"
        )
        run = [sys.executable, "-c", limited]
        done = subprocess.run(run, cwd=house.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert f"casefold: {name}:1: the line is longer" in done.stderr


@pytest.mark.parametrize("cut", [2, 20, 50])
def test_row_21_a_file_that_was_cut_short(house: Any, cut: int) -> None:
    whole = (FACT % '"t"') + json.dumps({"case": "a", "id": "y", "type": "fact", "data": {"text": "t"}})
    house.put("x.jsonl", whole[:-cut])
    house.refuses("load", "x.jsonl", place="x.jsonl:2: the last line is cut short", cure="fetch the file again")
    house.put("x.csv", 'case,type,data.text\na,fact,t\na,fact,"cut')
    house.refuses("load", "x.csv", place="x.csv:3: ", cure="close every quote")
