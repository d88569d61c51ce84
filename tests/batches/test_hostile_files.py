"""The hostile files of other tools' tests: each is refused or accepted for a stated reason, mapped or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from events.batches.load import load
from events.batches.report import LoadReport, Refused
from events.log import Log, open_log

TIMESKETCH = """
ignore = {ignore}

[[event]]
case = "sketch"
id = "row"
type = "fact"
when = {when}
data.text = "{{{text}}}"
"""
WHEN = '{ from = "{datetime}", required = true }'
NO_FIELD = "no such field; name columns as the fields, or write a mapping: --map FILE.toml"
FIVE = f"1: 'message', 'timestamp', 'datetime', 'timestamp_desc', 'data_type': {NO_FIELD}"
THREE = f"1: 'timestamp', 'message', 'timestamp_desc': {NO_FIELD}"

SIGMA = (
    *("timestamp", "timestamp_desc", "extra_field_1", "command", "data_type", "display_name", "filename"),
    *("packages", "parser"),
)
PCAP = (
    *("No.", "Source", "Destination", "Protocol", "Length", "Source Port", "Destination Port", "Info"),
    *("data_type", "timestampDesc", "source_short", "source"),
)


@dataclass(frozen=True)
class Expected:
    """What must become of one file: alone, and with a mapping that fits it."""

    alone: str
    appended: int
    refused: dict[int, str] = field(default_factory=dict)
    when: str = WHEN
    ignore: tuple[str, ...] = ("timestamp", "timestamp_desc", "data_type")
    text: str = "message"
    zone: str = ""


FILES = {
    "ts_csv_datetime_last_column.csv": Expected(
        "1: 'timestamp', 'message', 'timestamp_desc', 'datetime': no such field;",
        4,
        ignore=("timestamp", "timestamp_desc"),
    ),
    "ts_csv_timestamp_as_datetime.csv": Expected(
        "1: 'datetime', 'uid', 'tool', 'message',",
        4,
        when='{ from = "{datetime}", epoch = "us" }',
        ignore=("uid", "tool", "query", "event_type", "organization_name", "timestamp_desc", "unique_id"),
    ),
    "ts_csv_timestamp_no_datetime.csv": Expected(
        THREE,
        1,
        {
            3: "1658689261123 s since 1970 lies outside the years 1 to 9999; check the unit of the epoch",
            4: "1658689261123456 s since 1970 lies outside the years 1 to 9999; check the unit of the epoch",
        },
        when='{ from = "{timestamp}", epoch = "s" }',
        ignore=("timestamp_desc",),
    ),
    "ts_incorrect.csv": Expected(
        "1: 'No.', 'DT', 'Source', 'Destination',",
        1,
        when='"{DT}"',
        ignore=PCAP,
        zone="Etc/UTC",
    ),
    "ts_invalid_datetime.csv": Expected(
        FIVE,
        3,
        {5: "'1234 19:01:01' is not read as a date"},
        zone="Etc/UTC",
    ),
    "ts_large_field_event.jsonl": Expected(
        "1: datetime: an event has no field 'datetime'",
        3,
        ignore=("timestamp", "timestamp_desc", "data_type", "FeatureVector", "id"),
    ),
    "ts_sigma_events.csv": Expected(
        "1: 'message', 'timestamp', 'datetime', 'timestamp_desc', 'extra_field_1',",
        4,
        ignore=SIGMA,
    ),
    "ts_sigma_events.jsonl": Expected(
        "1: message: an event has no field 'message'",
        4,
        {5: "the mapping says nothing of 'computer_name', 'event_identifier', 'event_level',"},
        ignore=SIGMA,
    ),
    "ts_validate_date_events_missing_timestamp.csv": Expected(
        "1: 'message', 'datetime', 'timestamp_desc', 'data_type': no such field;",
        1,
        ignore=("timestamp_desc", "data_type"),
    ),
    "ts_validate_no_datetime_timestamps.csv": Expected(
        FIVE,
        3,
        {
            2: "when: it is empty; fill 'datetime', or skip such rows with [[skip]]",
            3: "when: it is empty; fill 'datetime', or skip such rows with [[skip]]",
        },
    ),
    "ts_validate_time_out_of_range.csv": Expected(FIVE, 2),
    "ts_validate_time_precision.csv": Expected(FIVE, 2),
    "ts_validate_time_precision_datetime.csv": Expected(FIVE, 1),
    "ts_validate_time_precision_jsonl.jsonl": Expected("1: message: an event has no field 'message'", 2),
    "ts_validate_timestamp_conversion.csv": Expected(
        FIVE,
        2,
        {3: "when: '+0000' is not an offset from UTC; write Z"},
    ),
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(str(tmp_path / "casefold.db"), mode="write") as opened:
        yield opened


def mapped(log: Log, path: Path, folder: Path, expected: Expected, zone: str) -> LoadReport:
    text = TIMESKETCH.format(ignore=list(expected.ignore), when=expected.when, text=expected.text)
    (folder / "m.toml").write_text(text, encoding="utf-8")
    return load(log, [path], map=folder / "m.toml", zone=zone, quarantine=folder / f"q{zone[:3]}.jsonl")


@pytest.mark.parametrize("name", FILES)
def test_alone_it_is_refused_by_name(shared: Path, log: Log, name: str) -> None:
    path = shared / "data" / "hostile" / name
    with pytest.raises(Refused) as refused:
        load(log, [path])
    assert str(refused.value.problems[0]).startswith(f"{path}:{FILES[name].alone}")
    assert log.cases() == ()


@pytest.mark.parametrize("name", FILES)
def test_with_a_mapping_every_row_is_an_event_or_has_a_reason(
    shared: Path, log: Log, tmp_path: Path, name: str
) -> None:
    expected = FILES[name]
    report = mapped(log, shared / "data" / "hostile" / name, tmp_path, expected, expected.zone)
    assert (report.appended, report.refused) == (expected.appended, len(expected.refused))
    for problem, (line, reason) in zip(report.problems, expected.refused.items(), strict=True):
        assert problem.line == line
        assert reason in str(problem)


@pytest.mark.parametrize("name", [name for name, expected in FILES.items() if expected.zone])
def test_local_times_are_refused_where_no_zone_is_known(shared: Path, log: Log, tmp_path: Path, name: str) -> None:
    report = mapped(log, shared / "data" / "hostile" / name, tmp_path, FILES[name], "")
    assert report.appended == 0
    assert "zone" in str(report.problems[0])


def test_microseconds_and_old_and_far_years_are_kept(shared: Path, log: Log, tmp_path: Path) -> None:
    for n, name in enumerate(("ts_validate_time_out_of_range.csv", "ts_validate_time_precision.csv")):
        (tmp_path / str(n)).mkdir()
        mapped(log, shared / "data" / "hostile" / name, tmp_path / str(n), FILES[name], "")
    assert [event.when for event in log.events("sketch")] == [
        "1601-01-01T00:00:00Z",
        "2227-12-31T23:01:01+00:00",
        "2024-07-24T10:57:02.877297Z",
        "2015-07-24T19:01:01+00:00",
    ]


def test_every_hostile_file_is_spoken_of(shared: Path) -> None:
    assert {path.name for path in (shared / "data" / "hostile").iterdir()} == set(FILES)
