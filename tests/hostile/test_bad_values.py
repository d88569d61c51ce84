"""Rows 34 to 48 of bad_inputs.json: markup, dates, amounts, reserved names and references in otherwise good events."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from timeline.reports.writing import shape_of

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</script><b>", "[l](javascript:alert(1))",
    "![i](http://127.0.0.1/x)", "a | b", "`code`", "# head", "<!-- gone", "https://example.org/x", "*bold* _it_",
)  # fmt: skip
TEMPLATES = ("{{7*7}}", "{x.__class__}", "{0.__class__}", "${7*7}", "%(x)s %s", "<%= 7*7 %>", "{% raw %}", "#{7*7}")


def fact(text: str, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"case": "a", "id": name, "type": "fact", "data": {"text": text}, **more}


def dated(when: str, zone: str = "") -> dict[str, Any]:
    return {
        "case": "b",
        "id": "x",
        "type": "fact",
        "data": {"text": "t"},
        "when": when,
        **({"zone": zone} if zone else {}),
    }


def writes(ending: str) -> None:
    """Skip where no report is written in this format yet."""
    try:
        shape_of(f"x.{ending}")
    except Fault:
        pytest.skip(f"no report is written as .{ending} yet")


@pytest.mark.parametrize("text", MARKUP)
def test_row_34_markup_is_text_in_markdown(house: Any, text: str) -> None:
    house.put("x.jsonl", fact(text, source={"speaker": text, "document": text}, tags=[text[:20]]))
    house.takes("load", "x.jsonl")
    house.takes("report", "a", "-o", "r.md")
    written = (house.folder / "r.md").read_text("utf-8")
    bare = re.sub(r"\\.", "", written)
    assert not re.search(r"<\w|</|<!|\]\(|`|\*b", bare), "only escaped markup may stand there"
    for table in re.findall(r"(?:^\|.*\n)+", bare, re.MULTILINE):
        assert len({row.count("|") for row in table.splitlines()}) == 1, "no cell of its own was opened"


def test_row_34_markup_is_text_in_html(house: Any) -> None:
    writes("html")
    house.put(
        "x.jsonl", *[fact(text, f"x{n}", source={"speaker": text, "document": text}) for n, text in enumerate(MARKUP)]
    )
    house.takes("load", "x.jsonl")
    house.takes("report", "a", "-o", "r.html")
    written = (house.folder / "r.html").read_text("utf-8")
    assert re.search("default-src (&#39;|')none", written)
    assert [text for text in MARKUP if text.startswith("<") and text in written] == []
    assert all(escape(text) in written for text in MARKUP)
    assert not re.search(r"""(href|src)=["']?(javascript:|http://127)""", written, re.IGNORECASE)


def test_row_35_a_report_cannot_write_to_the_terminal(house: Any) -> None:
    for code in (0x1B, 0x07, 0x08, 0x7F, 0x9B):
        text = json.dumps(f"a{chr(code)}[2Jb\r\nc")
        house.put("x.jsonl", f'{{"case":"a","id":"x{code}","type":"fact","data":{{"text":{text}}}}}\n')
        house.takes("load", "x.jsonl")
        for words in (("show", "a"), ("log", "a"), ("ask", "a", "chronology"), ("history", "a", f"x{code}")):
            out = house(*words).out
            assert f"\\x{code:02x}[2Jb" in out, words
            assert not {chr(code), "\r"} & set(out), words
    house.takes("report", "a", "-o", "r.md")
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", (house.folder / "r.md").read_text("utf-8")) is None


@pytest.mark.parametrize("text", TEMPLATES)
def test_row_36_data_is_never_a_template(house: Any, text: str) -> None:
    house.put("x.jsonl", fact(text, source={"speaker": text, "document": text}, note=text))
    house.takes("load", "x.jsonl")
    assert text in house("show", "a").out
    assert text in house("log", "a").out
    house.put("m.toml", '[[event]]\ncase = "a"\nid = "row"\ntype = "fact"\ndata.text = "{t} {{t}}"\n')
    house.put("t.csv", f't\n"{text}"\n')
    house.takes("load", "t.csv", "--map", "m.toml")
    assert f"{text} {{t}}" in [event["data"].get("text") for event in house.events().values()]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE event; --", '" OR 1=1 --', "x'); DELETE FROM event; --", "?", ":a", "$1"]
)
def test_row_37_sql_is_only_text(house: Any, text: str) -> None:
    for field in ("case", "id", "type"):
        house.put("x.jsonl", {**fact("t"), field: text})
        house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {field}: ")
    house.put("x.jsonl", fact(text, source={"speaker": text, "document": text}, tags=[text]))
    house.takes("load", "x.jsonl")
    for option in ("--speaker", "--text", "--tag"):
        assert [one["id"] for one in house("log", "a", option, text, "--json").json["events"]] == ["x"]
    house.refuses("log", text, place="there is no case")
    house.refuses("history", "a", text, place="no event")
    assert house("ask", "a", "chronology", "--according-to", text, "--json").json["undated"] == ["x"]
    assert house("verify", "--json").json["ok"]


def test_row_38_what_is_looked_for_is_no_pattern(house: Any) -> None:
    texts = {"p": "100% of it", "u": "snake_case", "r": "(a+)+$", "o": "a" * 50_000 + "!"}
    house.put("x.jsonl", *[fact(text, name) for name, text in texts.items()])
    house.takes("load", "x.jsonl")

    def found(text: str) -> list[str]:
        return [one["id"] for one in house("log", "a", "--text", text, "--json").json["events"]]

    assert (found("%"), found("e_c"), found("(a+)+$"), found("1.0"), found("*")) == (["p"], ["u"], ["r"], [], [])


@pytest.mark.parametrize(
    "when", ["2023-10-28", "2023-10-28T16:17", "2023-10-28 4:17 pm", "October 28, 2023", "2023-10"]
)
def test_row_39_a_local_time_needs_a_zone(house: Any, when: str) -> None:
    house.put("x.jsonl", dated(when))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: when: ", cure="--zone")
    house.takes("load", "x.jsonl", "--zone", "America/Los_Angeles")


def test_row_40_the_hours_when_clocks_change(house: Any) -> None:
    house.put("x.jsonl", dated("2023-03-12T02:30", "America/Los_Angeles"))
    house.refuses("load", "x.jsonl", place="when: 2023-03-12 02:30:00 did not exist", cure="offset from UTC")
    house.put("x.jsonl", dated("2023-11-05T01:30", "America/Los_Angeles"))
    house.takes("load", "x.jsonl")
    both = house.events("b")["x"]
    assert (both["earliest"], both["latest"]) == ("2023-11-05T08:30:00.000000Z", "2023-11-05T09:30:59.999999Z")


@pytest.mark.parametrize(
    ("when", "cure"),
    [
        ("2023-10-28T24:00Z", "00:00 of the next day"),
        ("2023-10-28T23:59:60Z", "59"),
        ("2023-02-30", "a day that it has"),
        ("2023-13-01", "month 01 to 12"),
        ("2023-02-29", "a day that it has"),
        ("0000-01-01", "four digits"),
        ("+12345-01-01", "four digits"),
        ("Y12345", ""),
        ("-0001", "four digits"),
        ("2023-10-28T25:00Z", ""),
        ("2023-10-28T16:61Z", ""),
        ("10/11/2023", ""),
        ("28.10.23", ""),
    ],
)
def test_row_41_times_that_are_none(house: Any, when: str, cure: str) -> None:
    house.put("x.jsonl", dated(when, "Etc/UTC"))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: when: ", cure=cure)
    house.refuses("when", "--zone", "Etc/UTC", "--", when, cure=cure)


def test_row_41_the_ends_of_the_axis(house: Any) -> None:
    for when in ("0001-01-01", "9999-12-31", "000X"):
        house.takes("when", when, "--zone", "Etc/UTC")


@pytest.mark.parametrize(
    ("offset", "cure"),
    [
        ("+25:00", "-14:00 to +14:00"),
        ("+14:01", "-14:00"),
        ("-00:00", "give a zone"),
        ("+0000", "write"),
        ("+1", "write"),
    ],
)
def test_row_42_offsets_no_clock_has(house: Any, offset: str, cure: str) -> None:
    house.put("x.jsonl", dated(f"2023-10-28T16:17{offset}"))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: when: ", cure=cure)


@pytest.mark.parametrize(
    "zone", ["EST", "PST8PDT", "Nowhere/City", "../../etc/passwd", "/etc/localtime", "", "posixrules"]
)
def test_row_42_zones_that_are_none(house: Any, zone: str) -> None:
    house.put("x.jsonl", {**dated("2023-10-28"), "zone": zone})
    house.refuses("load", "x.jsonl", place="x.jsonl:1: zone: ")
    if zone:
        house.refuses("when", f"2023-10-28 16:17 {zone.partition('/')[0]}")


def test_row_43_what_is_yet_to_come_is_warned_about(house: Any) -> None:
    later = [{**dated("2999-01-01", "Etc/UTC"), "id": name} for name in ("x", "y", "z")]
    house.put("x.jsonl", *later)
    warned = (
        "warning: x.jsonl:1: when: it lies in the future, by this machine's clock, and so do 2 more; check the year"
    )
    assert warned in house.takes("load", "x.jsonl").err
    assert "it lies in the future" in house("add", "a", "fact", "text=t", "--when", "2999-01-01").err
    assert house("add", "a", "hearing", "--when", "2999-01-01").err == ""
    assert house.events("b")["x"]["when"] == "2999-01-01"


RESERVED = [
    "recorded_at",
    "position",
    "case_position",
    "seq",
    "leaf_hash",
    "_sd",
    "v",
    "log",
    "prev",
    "tzdata",
    "earliest",
]


@pytest.mark.parametrize("name", RESERVED)
def test_row_44_names_that_only_the_log_gives(house: Any, name: str) -> None:
    house.put("x.jsonl", {**fact("t"), name: 1})
    house.refuses("load", "x.jsonl", place=f"x.jsonl:1: {name}: is a name that only the log gives", cure="leave it out")
    house.put("x.jsonl", {"case": "casefold:log", "id": "x", "type": "fact", "data": {"text": "t"}})
    house.refuses("load", "x.jsonl", place="x.jsonl:1: case: 'casefold:log' belongs to the log itself")


def test_row_45_the_same_event_again(house: Any) -> None:
    house.put("x.jsonl", fact("t"))
    house.takes("load", "x.jsonl")
    again = house("load", "x.jsonl", "--json").json
    assert (again["appended"], again["already_there"]) == (0, 1)
    house.put("x.jsonl", fact("other"))
    said = house.refuses("load", "x.jsonl", place="x.jsonl:1: id: x of case a is already at position 4", cure="correct")
    assert "with other content" in said
    house.put("y.jsonl", fact("t", "y"), fact("u", "y"))
    house.refuses("load", "y.jsonl", place="y.jsonl:2: id: y ")
    unnamed = {"case": "a", "type": "fact", "data": {"text": "t"}}
    house.put("z.jsonl", unnamed, unnamed)
    assert "z.jsonl:1" in house.refuses("load", "z.jsonl", place="z.jsonl:2: ")


def dose(amount: str, name: str = "x") -> dict[str, Any]:
    data = {"substance": "ketamine", "amount": amount}
    return {"case": "b", "id": name, "type": "injection", "when": "2023-10-28T01:00Z", "data": data}


@pytest.mark.parametrize(
    "amount", ["-5 mg", "-0 mg", "5 mg/0", "mg", "five mg", "9" * 41 + " mg", "1e999 mg", "5 mg; DROP"]
)
def test_row_46_amounts_that_are_none(house: Any, amount: str) -> None:
    house.put("x.jsonl", dose(amount))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: data.amount: ", cure="write")


def test_row_46_one_unit_has_many_spellings(house: Any) -> None:
    spellings = ["3000 ug", "3000 μg", "3000 µg", "3000 mcg", "3 mg", "0.003 g"]
    house.put("x.jsonl", *[dose(text, f"x{n}") for n, text in enumerate(spellings)])
    assert house.takes("load", "x.jsonl").err == ""
    (total,) = house("ask", "b", "dose-total", "--window", "2023-10-28T00:00Z/2023-10-28T02:00Z", "--json").json[
        "amounts"
    ]
    assert float(total["max"]) * {"mg": 1, "ug": 0.001, "g": 1000}[total["unit"]] == pytest.approx(18)
    house.put("y.jsonl", dose("2 blorbs", "y"), dose("0 mg", "z"))
    assert "the unit 'blorbs' is not in the table" in house.takes("load", "y.jsonl").err


@pytest.mark.parametrize("target", ["nobody", "self", "later", "b/x", "@death.first"])
@pytest.mark.parametrize("kind", ["amend.correct", "amend.retract"])
def test_row_47_an_amendment_of_nothing(house: Any, target: str, kind: str) -> None:
    data = {"target": target, "reason": "r", **({"set": {"note": "n"}} if kind == "amend.correct" else {})}
    amendment = {"case": "a", "id": "self", "type": kind, "data": data}
    house.put("x.jsonl", amendment, fact("t", "later"))
    house.refuses("load", "x.jsonl", place="x.jsonl:1: data.target: ")


def test_row_47_an_event_of_another_case_is_none(house: Any) -> None:
    house.put("x.jsonl", {**fact("t", "elsewhere"), "case": "other"})
    house.takes("load", "x.jsonl")
    house.refuses("retract", "a", "elsewhere", "--reason", "r", place="no event elsewhere in case a")


def test_row_48_what_is_not_known_is_named(house: Any) -> None:
    house.put("x.jsonl", {**fact("t"), "nott": "x"})
    house.refuses("load", "x.jsonl", place="nott: an event has no field 'nott'", cure="did you mean 'note'?")
    house.put("x.jsonl", {**fact("t"), "type": "fcat"})
    house.refuses("load", "x.jsonl", place="type: 'fcat' is not an event type", cure="did you mean 'fact'?")
    house.put("x.jsonl", {**fact("t"), "source": {"speeker": "x"}})
    house.refuses("load", "x.jsonl", place="source", cure="did you mean 'speaker'?")
    house.refuses("load", "x.jsonl", "--allow-kind", place="no such option", cure="--help")


def test_every_row_of_bad_inputs_has_its_test(shared: Path) -> None:
    rows = {row["id"] for row in json.loads((shared / "vectors" / "bad_inputs.json").read_text("utf-8"))}
    words = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_bad_*.py"))
    named = re.findall(r"def test_row((?:_\d\d)+)_", words)
    assert {int(number) for one in named for number in one.split("_") if number} == rows
