"""Office shorthand: what each of the 298 shared texts is read as, the rules one by one, and laws over made-up ones.

The texts are shared data and stand nowhere in the project: tests/golden/us_shorthand.jsonl names each by its hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dates.readers import reader_named, readers
from events.dates.shorthand import LONGEST, UsShorthand, readings
from events.dates.shorthand_spelling import spelt
from events.errors import Fault
from events.when_text import read_when

WORDS = {
    "early morning": "00:00-06:00",
    "morning": "06:00-12:00",
    "early afternoon": "12:00-15:00",
    "afternoon": "12:00-18:00",
    "evening": "18:00-22:00",
    "night": "22:00-06:00",
    "late night": "22:00-04:00",
    "early": "1-10",
    "mid": "11-20",
    "late": "21-31",
}
read = UsShorthand()
worded = UsShorthand(words=WORDS)
dated = UsShorthand(words=WORDS, year=2024)
INSTANT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d))?")


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    return (shared / "data" / "event_date_strings.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def pinned(root: Path) -> dict[str, dict[str, str]]:
    rows = map(json.loads, (root / "tests" / "golden" / "us_shorthand.jsonl").read_text(encoding="utf-8").splitlines())
    return {row.pop("sha256"): row for row in rows}


def name_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_every_shared_text_reads_as_it_was_reviewed(texts: list[str], pinned: dict[str, dict[str, str]]) -> None:
    tiers = {"with_words": dict(readings(texts, worded)), "with_words_and_year": dict(readings(texts, dated))}
    outcomes = {}
    for text, outcome in readings(texts, read):
        row = outcomes[name_of(text)] = {"reads": outcome}
        for tier, said in tiers.items():
            if said[text] != [*row.values()][-1]:
                row[tier] = said[text]
    assert outcomes == pinned
    assert len(outcomes) == 298


@pytest.mark.parametrize(("reader", "count"), [(read, 247), (worded, 263), (dated, 269)], ids=["", "words", "year"])
def test_whatever_is_read_the_grammar_reads(texts: list[str], reader: UsShorthand, count: int) -> None:
    said = [outcome for _, outcome in readings(texts, reader) if not outcome.startswith("refused")]
    assert len(said) == count
    for text in said:
        read_when(text, zone="America/Chicago")


def test_the_year_of_a_mapping_moves_no_text_that_is_read_without_it(texts: list[str]) -> None:
    for (text, without), (_, outcome) in zip(readings(texts, worded), readings(texts, dated), strict=True):
        assert without == outcome or without.startswith("refused"), text


def test_no_number_of_a_reading_is_invented(texts: list[str]) -> None:
    """Every day, month, year and minute of a reading stands in digits in its text, but for months that have names."""
    for text, outcome in readings(texts, read):
        if outcome.startswith("refused") or "noon" in text:
            continue
        digits = {int(number) for number in re.findall(r"\d+", text)} | {int(n) for n in re.findall(r"\d\d", text)}
        named = re.search(r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", text)
        for year, month, day, hour, minute in INSTANT.findall(outcome):
            assert {int(year), int(year) % 100} & digits
            assert named or not month or int(month) in digits
            assert all(not number or int(number) in digits for number in (day, hour, minute)), (text, outcome)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("6/24/2024", "2024-06-24"),
        ("6-24-24 @ 1300", "2024-06-24T13:00"),
        ("6.24.2024 1:30 pm", "2024-06-24T13:30"),
        ("Oct 28, 2023 at 1300 hrs", "2023-10-28T13:00"),
        ("Saturday 10/28/2023 at noon", "2023-10-28T12:00"),
        ("6/24/2024 9a-955a", "2024-06-24T09/2024-06-24T09:55"),
        ("6/24/2024 unknown time", "2024-06-24"),
        ("time unknown, 6/24/2024", "2024-06-24"),
        ("6/24/2024 between the hours of 0800 and 0900", "2024-06-24T08:00/2024-06-24T09:00"),
        ("6/24/2024 9999 hours", "2024-06-24"),
        ("6/24/2024 at", "2024-06-24"),
        ("6/24/2024 2315-6/25/2024 0015", "2024-06-24T23:15/2024-06-25T00:15"),
        ("6/24/2024-2315 - 6/25/2024-0015", "2024-06-24T23:15/2024-06-25T00:15"),
        ("6/24/2024 2315 6/25/2024 0015", "2024-06-24T23:15/2024-06-25T00:15"),
        ("between 0800 and 0900 hours on 6/24/2024", "2024-06-24T08:00/2024-06-24T09:00"),
        ("6/3 - 6/5/2024", "2024-06-03/2024-06-05"),
        ("Oct/Nov 2023", "2023-10/2023-11"),
        ("6/24/2024 19:00 - 6/25/2024 9:43", "2024-06-24T19:00/2024-06-25T09:43"),
        ("unknown - 6/24/2024 1300 hours", "../2024-06-24T13:00"),
        ("6/24/2024 1300 hours to unknown", "2024-06-24T13:00/.."),
        ("6/24/2024 or 6/26/2024", "[2024-06-24,2024-06-26]"),
        ("prior to 1008 hours on 6/24/2024", "before 2024-06-24T10:08"),
        ("6/24/2024 after 1300 and before 1500", "2024-06-24; after 2024-06-24T13:00; before 2024-06-24T15:00"),
        ("on or before 6/24/2024", "by 2024-06-24"),
        ("prior to approximately 1300 hours on 6/24/2024", "before about 2024-06-24T13:00"),
        ("6/24/2024 at around 1230 - 1300", "about 2024-06-24T12:30/2024-06-24T13:00"),
        ("possibly 6/24/2024", "about 2024-06-24"),
        ("unk date/time", "unknown"),
        ("2023-10-28T16:17Z", "2023-10-28T16:17Z"),
        ("2023-10/2023-11", "2023-10/2023-11"),
        ("more than 7 days before @death", "more than 7 days before @death"),
        ("between 10 and 11 pm on 2023-10-28", "between 10 and 11 pm on 2023-10-28"),
    ],
)
def test_a_form_is_read(text: str, reading: str) -> None:
    assert read(text) == reading
    read_when(reading, zone="America/Chicago")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("6/31/2024", "month 6 has no day 31"),
        ("24/06/2024", "there is no month 24"),
        ("6/24/20225", "no year of four digits"),
        ("6/24/2828", "not among 1900 to 2049"),
        ("012/05/2024", "no date"),
        ("6/24//2024", "stroke too many"),
        ("6/24/2024 2400", "no clock shows"),
        ("6/24/2024 930", "no time of four digits"),
        ("6/24/2024 1:30", "morning or afternoon"),
        ("6/24/2024 1130 - 1:30 pm", "morning or afternoon"),
        ("6/24/2024 01:30 - 02:45 pm", "morning or afternoon"),
        ("6/24/2024 midnight", "two days"),
        ("6/24/2024 - 2315 hours", "may be a time of that day"),
        ("6/24/2024 - unknown", "may be that day"),
        ("0800 - 6/24/2024 0900", "of another"),
        ("6/24/2024 2300 - 0100", "ends before it begins"),
        ("6/24/2024 after 0900 and before 0800", "ends before it begins"),
        ("6/24/2024 and 6/25/2024", "without `between`"),
        ("6/24/2024, 6/25/2024", "side by side"),
        ("6/24/2024 1300, 6/25/2024 1400", "side by side"),
        ("12/30/2024 - 1/2", "has no year"),
        ("10/24 - 11/2/24", "a month and a year"),
        ("3/4-5/2023", "mixes days and months"),
        ("7/17/2023 - 7/19 - 2023", "the year or the time"),
        ("7/17/2023 - 7/19-2223", "the year or the time"),
        ("1100-12", "no time of four digits"),
        ("1/2/2020 1300 - 1/3/2024 1400", "more than a year"),
        ("May 10 1915 - May 11, 2023", "more than ten years"),
        ("2/3, 2022 - 2/7/2022", "the year or the time"),
        ("2/3/2022 - 2/7, 2022", "the year or the time"),
        ("June 18 2224 - June 20, 2024", "the year or the time"),
        ("February - 1967", "a month of that year, or a range"),
        ("6/1924", "6/1924 may be a month and a year, or 6/19/2024"),
        ("between 6/1923 and 6/2024", "or 6/19/2023"),
        ("June 1th, 2024", "1th is no day"),
        ("3/29 @2200 to 3/30 at 0845", "its date has no year"),
        ("2200 on 12-5 to 1023 on 12-6", "two days, or two times"),
        ("Sunday 10/28/2023", "was a Saturday"),
        ("1300 hours", "no date"),
        ("6/24/2024 1300 EST", "'est' is not read"),
        ("last seen 6/24/2024 1300", "'last' is not read"),
        ("6/24/2024 early morning", "'early morning' has no hours of its own"),
        ("Winter of 1985", "season"),
        ("between 6/24/2024", "one end"),
        ("6/24/2024 -", "nothing beside it"),
        ("", "says nothing"),
        ("6/24/2024 " + "x" * LONGEST, "more than"),
    ],
)
def test_what_is_mistyped_or_has_two_readings_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Fault, match=re.escape(reason)) as caught:
        read(text)
    assert caught.value.instead
    assert len(text) > LONGEST or repr(text) in caught.value.what


def test_the_pivot_is_the_last_year_that_two_digits_or_four_may_mean() -> None:
    assert reader_named("us-shorthand:2026")("6/17/26") == "2026-06-17"
    assert reader_named("us-shorthand:2026")("6/17/27") == "1927-06-17"
    with pytest.raises(Fault, match="2027"):
        reader_named("us-shorthand:2026")("6/17/2027")


@pytest.mark.parametrize("pivot", [2026, 2049])
def test_a_month_and_a_year_is_read_where_a_stroke_left_out_would_be_of_that_year_too(pivot: int) -> None:
    reads = UsShorthand(pivot=pivot)
    for year in range(1900, pivot + 1):
        whole = f"6/{year // 100}/{year % 100:02d}"
        if reads(whole).startswith(f"{year}-06-"):
            assert reads(f"6/{year}") == f"{year}-06"
        else:
            with pytest.raises(Fault, match="may be a month and a year"):
                reads(f"6/{year}")
        assert reads(f"June {year}") == f"{year}-06"


def test_parts_of_a_day_take_their_hours_from_the_table() -> None:
    assert worded("6/24/2024 evening hours") == "2024-06-24T18:00/2024-06-24T22:00"
    assert worded("6/30/2024 night") == "2024-06-30T22:00/2024-07-01T06:00"
    assert worded("evening of 6/24/2024 to early morning on 6/25/2024") == "2024-06-24T18:00/2024-06-25T06:00"
    with pytest.raises(Fault, match=r"late"):
        worded("6/24/2024 late evening")


@pytest.mark.parametrize("name", ["us-shorthnd", "us", "us-shorthand:68", "us-shorthand:1200"])
def test_a_reader_of_no_name_or_a_pivot_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Fault) as caught:
        reader_named(name)
    assert caught.value.instead
    assert readers() == ("us-shorthand",)


@pytest.mark.parametrize("word", ["known", "alter", "later", "mouse", "house", "hour", "march"])
def test_a_word_of_its_own_is_not_taken_for_a_slip(word: str) -> None:
    assert spelt(word) == word


PIECES = st.sampled_from(
    """6/24/2024|6/25/24|6/24|6/2024|2024-06-24|June|October 3, 2023|1300|1300 hours|0015hrs|9999|1:30|1:30 pm|9a|-|to
    and|between|before|prior to|after|by|since|or|unknown|unknown time|about|~|at|@|on|sometime|night|early|noon|,|(|)
    late|12-5|?|/|//|2024|2030|12|030|Friday|'|@death|;|±|2 days""".replace("\n    ", "|").split("|")
)


@given(st.lists(PIECES, max_size=8).map(" ".join) | st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_the_grammar_takes(text: str) -> None:
    for reader in (worded, dated):
        reading = dict(readings([text], reader))[text]
        if reading != text and not reading.startswith("refused: "):
            assert not read_when(reading, zone="UTC").own.empty


DAYS = st.dates(min_value=dt.date(1951, 1, 1), max_value=dt.date(2048, 12, 31))
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(DAYS, TIMES, DAYS, TIMES, st.sampled_from(["-", " - ", " to ", " thru "]), st.sampled_from(["", "h", " hours"]))
def test_a_range_reads_as_its_ends_whatever_joins_them(
    first: dt.date, t1: dt.time, last: dt.date, t2: dt.time, joint: str, hours: str
) -> None:
    text = f"{first:%m/%d/%Y} {t1:%H%M}{hours}{joint}{last:%m/%d/%y} @ {t2:%H%M}{hours}"
    ordered = (first, t1) <= (last, t2) and (last - first).days < 366
    try:
        reading = read(text)
    except Fault:
        assert not ordered
    else:
        assert reading == f"{first}T{t1:%H:%M}/{last}T{t2:%H:%M}"
