"""Loading: all or nothing, twice the same, good and bad rows a partition, order kept, the quarantine loadable again."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.batches.load import load
from events.batches.report import LoadReport, Refused
from events.errors import BadInput
from events.log import Log, open_log

MAPPING = """
[numbers]
columns = ["n"]

[[event]]
case = "a"
id = "row"
type = "fact"
when = "{when}"
data.text = "{n} {said}"
"""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(str(tmp_path / "casefold.db"), mode="write") as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, *lines: dict[str, Any] | str) -> Path:
        texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        (tmp_path / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return tmp_path / name

    return written


def event(n: int | str, **fields: object) -> dict[str, Any]:
    return {
        "case": "a",
        "id": f"e{n}",
        "type": "fact",
        "when": "2023-10-28",
        "zone": "Etc/UTC",
        "data": {"text": "x"},
    } | fields


def bad(n: int) -> dict[str, Any]:
    return event(n, when="2023-02-30")


def ids(log: Log, case: str = "a") -> list[str]:
    return [one.id for one in log.events(case)]


def objects(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_report_is_the_contract_s(log: Log, write: Callable[..., Path]) -> None:
    report = load(log, [write("a.jsonl", event(1), event(2))], actor="me")
    assert json.loads(msgspec.json.encode(report)) == {
        "appended": 2,
        "already_there": 0,
        "refused": 0,
        "cases": 1,
        "first_position": 1,
        "last_position": 2,
        "batch": 1,
        "problems": [],
        "warnings": [],
    }


def test_the_same_file_twice_appends_nothing(log: Log, write: Callable[..., Path]) -> None:
    file = write("a.jsonl", event(1), {key: value for key, value in event(2).items() if key != "id"})
    load(log, [file])
    again = load(log, [file])
    assert (again.appended, again.already_there) == (0, 2)
    assert (again.first_position, again.last_position, again.batch) == (None, None, None)


def test_each_file_is_a_batch_with_its_hash_and_the_mapping_s(log: Log, write: Callable[..., Path]) -> None:
    mapping = write("m.toml", MAPPING)
    load(
        log,
        [write("a.csv", "n,said,when", "1,x,2023"), write("b.csv", "n,said,when", "2,x,")],
        map=mapping,
        zone="Etc/UTC",
        actor="me",
    )
    one, two = log.batches()
    assert (one.name, one.first, one.last, two.name, two.first, two.last) == ("a.csv", 1, 1, "b.csv", 2, 2)
    assert len(one.sha256) == len(one.map_sha256) == 64
    assert one.sha256 != two.sha256
    assert one.map_sha256 == two.map_sha256


def test_one_bad_row_in_one_file_and_nothing_is_written(log: Log, write: Callable[..., Path]) -> None:
    files = [write("a.jsonl", event(1), event(2)), write("b.jsonl", event(3), bad(4), event(5), bad(6))]
    with pytest.raises(Refused) as refused:
        load(log, files)
    assert [(problem.line, problem.field) for problem in refused.value.problems] == [(2, "when"), (4, "when")]
    assert str(refused.value.problems[0]).startswith(f"{files[1]}:2: when: ")
    assert (refused.value.report.refused, refused.value.report.appended) == (2, 0)
    assert log.cases() == ()


def test_what_stops_a_file_is_said_with_the_bad_rows_before_it(log: Log, write: Callable[..., Path]) -> None:
    with pytest.raises(Refused) as refused:
        load(log, [write("a.jsonl", bad(1)), Path("none.jsonl")])
    assert [problem.what for problem in refused.value.problems][1:] == ["there is no such file"]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["good", "bad", "json", "blank"]), min_size=1, max_size=8))
def test_good_and_quarantined_rows_are_a_partition_in_order(tmp_path: Path, kinds: list[str]) -> None:
    made: dict[str, Callable[[int], str]] = {
        "good": lambda n: json.dumps(event(n)),
        "bad": lambda n: json.dumps(bad(n)),
        "json": lambda n: f'{{"n": {n}',
        "blank": lambda _: "",
    }
    lines = [made[kind](n) for n, kind in enumerate(kinds, 1)]
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / "a.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    with open_log(str(tmp_path / "l.db"), mode="write") as log:
        if set(kinds) == {"blank"}:
            with pytest.raises(BadInput, match="0 events"):
                load(log, [tmp_path / "a.jsonl"], quarantine=tmp_path / "q.jsonl")
            return
        report = load(log, [tmp_path / "a.jsonl"], quarantine=tmp_path / "q.jsonl")
        assert ids(log) == [f"e{n}" for n, kind in enumerate(kinds, 1) if kind == "good"]
    kept = objects(tmp_path / "q.jsonl") if (tmp_path / "q.jsonl").exists() else []
    assert [row["line"] for row in kept] == [n for n, kind in enumerate(kinds, 1) if kind in ("bad", "json")]
    assert [row["raw"] if isinstance(row["raw"], str) else json.dumps(row["raw"]) for row in kept] == [
        lines[row["line"] - 1] for row in kept
    ]
    assert (report.appended, report.refused) == (kinds.count("good"), len(kept))


def test_a_quarantine_is_private_and_whole_and_never_replaces(
    log: Log, write: Callable[..., Path], tmp_path: Path
) -> None:
    file, quarantine = write("a.jsonl", event(1), bad(2)), tmp_path / "q.jsonl"
    load(log, [file], quarantine=quarantine)
    assert stat.S_IMODE(quarantine.stat().st_mode) == 0o600
    (kept,) = objects(quarantine)
    assert list(kept) == ["file", "line", "field", "what", "instead", "raw"]
    assert (kept["file"], kept["line"], kept["field"], kept["raw"]) == (str(file), 2, "when", bad(2))
    before = quarantine.read_bytes()
    with pytest.raises(BadInput, match="there already"):
        load(log, [file], quarantine=quarantine)
    assert quarantine.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir() if "q" in one.name) == ["q.jsonl"]


def test_no_quarantine_without_bad_rows_nor_in_a_dry_run(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    load(log, [write("a.jsonl", event(1))], quarantine=tmp_path / "q.jsonl")
    report = load(log, [write("b.jsonl", event(2), bad(3))], quarantine=tmp_path / "q.jsonl", dry_run=True)
    assert (report.appended, report.refused) == (1, 1)
    assert not [one for one in tmp_path.iterdir() if "q.jsonl" in one.name]
    assert ids(log) == ["e1"]


def test_a_load_that_fails_leaves_no_quarantine(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    load(log, [write("a.jsonl", event(1))])
    with pytest.raises(BadInput):
        load(log, [write("b.jsonl", bad(2), event(1, when="2022"))], quarantine=tmp_path / "q.jsonl")
    assert not [one for one in tmp_path.iterdir() if "q.jsonl" in one.name]
    assert ids(log) == ["e1"]


def test_a_mended_quarantine_of_jsonl_loads(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    load(log, [write("a.jsonl", event(1), bad(2), '{"case": "a"')], quarantine=tmp_path / "q.jsonl")
    two, three = objects(tmp_path / "q.jsonl")
    two["raw"]["when"] = "2023-02-28"
    three["raw"] = json.dumps(event(3))
    assert load(log, [write("mended.jsonl", two, three)]).appended == 2
    assert ids(log) == ["e1", "e2", "e3"]


def test_a_mended_quarantine_of_a_table_loads_with_the_same_mapping(
    log: Log, write: Callable[..., Path], tmp_path: Path
) -> None:
    mapping, table = write("m.toml", MAPPING), write("t.csv", "n,said,when", "1,x,2023", "2-3,y,2023", "4,z,2023,?")
    load(log, [table], map=mapping, zone="Etc/UTC", quarantine=tmp_path / "q.jsonl")
    numbers, ragged = objects(tmp_path / "q.jsonl")
    assert numbers["raw"] == {"n": "2-3", "said": "y", "when": "2023"}
    with pytest.raises(Refused):
        load(log, [tmp_path / "q.jsonl"], map=mapping, zone="Etc/UTC")
    again = load(log, [tmp_path / "q.jsonl"], map=mapping, zone="Etc/UTC", quarantine=tmp_path / "q2.jsonl")
    assert again.refused == 2
    assert [(row["file"], row["line"], row["raw"]) for row in objects(tmp_path / "q2.jsonl")] == [
        (row["file"], row["line"], row["raw"]) for row in (numbers, ragged)
    ]
    numbers["raw"]["n"] = "2"
    del ragged["raw"]["(cell 4)"]
    load(log, [write("mended.jsonl", numbers, ragged)], map=mapping, zone="Etc/UTC")
    assert ids(log) == ["t.csv:2", "t.csv:3", "t.csv:4"]


def test_a_quarantined_table_without_mapping_loads(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    table = write(
        "t.csv", "case,id,type,when,zone,data.text,tags", "a,1,fact,2023-02-30,Etc/UTC,x,p;q", "a,2,fact,,,y,"
    )
    load(log, [table], quarantine=tmp_path / "q.jsonl")
    (row,) = objects(tmp_path / "q.jsonl")
    row["raw"]["when"] = "2023-02-28"
    load(log, [write("mended.jsonl", row)])
    assert [(one.id, one.tags) for one in log.events("a")] == [("2", ()), ("1", ("p", "q"))]


def test_several_events_of_a_row_are_recorded_together_or_not(
    log: Log, write: Callable[..., Path], tmp_path: Path
) -> None:
    mapping = write("m.toml", MAPPING + MAPPING[MAPPING.index("[[event]]") :].replace("{when}", "{end}"))
    table = write("t.csv", "n,said,when,end", "1,x,2023-01-01,2023-01-02", "2,y,2023-01-01,2023-02-30")
    report = load(log, [table], map=mapping, zone="Etc/UTC", quarantine=tmp_path / "q.jsonl")
    assert (report.appended, report.refused) == (2, 1)
    assert ids(log) == ["t.csv:2:1", "t.csv:2:2"]


def test_skipped_rows_are_counted_by_reason(log: Log, write: Callable[..., Path]) -> None:
    mapping = write("m.toml", MAPPING + '[[skip]]\nif = { said = "void" }\nreason = "they were void"')
    report = load(log, [write("t.csv", "n,said,when", "1,void,", "2,void,", "3,x,")], map=mapping)
    assert (report.appended, report.refused) == (1, 0)
    assert [warning.what for warning in report.warnings] == ["2 rows skipped: they were void"]
    with pytest.raises(BadInput, match=r"0 events \(1 row skipped\)"):
        load(log, [write("u.csv", "n,said,when", "1,void,")], map=mapping)


@pytest.mark.parametrize("content", ["", "\n \n", "case,type\n"])
def test_an_empty_batch_says_zero_events(log: Log, tmp_path: Path, content: str) -> None:
    file = tmp_path / ("e.csv" if "," in content else "e.jsonl")
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="0 events"):
        load(log, [file])


def test_a_case_lends_its_zone_in_the_batch_that_opens_it(log: Log, write: Callable[..., Path]) -> None:
    opened = {"case": "a", "id": "opened", "type": "case.opened", "data": {"title": "A", "zone": "America/Los_Angeles"}}
    late = {key: value for key, value in event(1).items() if key != "zone"}
    load(log, [write("a.jsonl", opened, late)])
    assert [one.earliest for one in log.events("a")][1] == 1698476400000000
    with pytest.raises(Refused):
        load(log, [write("b.jsonl", late | {"case": "b"}, opened | {"case": "b"})])


def test_the_zone_of_a_good_case_is_known_though_nothing_is_written(log: Log, write: Callable[..., Path]) -> None:
    opened = {"case": "a", "id": "opened", "type": "case.opened", "data": {"title": "A", "zone": "Etc/UTC"}}
    late = {key: value for key, value in event(1).items() if key != "zone"}
    files = [write("a.jsonl", bad(9), opened), write("b.jsonl", bad(8), late)]
    with pytest.raises(Refused) as refused:
        load(log, files)
    assert [problem.line for problem in refused.value.problems] == [1, 1]


def test_a_case_that_is_refused_lends_no_zone(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    opened = {
        "case": "a",
        "id": "opened",
        "type": "case.opened",
        "when": "2023-02-30",
        "data": {"title": "A", "zone": "Etc/UTC"},
    }
    late = {key: value for key, value in event(1).items() if key != "zone"}
    assert load(log, [write("a.jsonl", opened, late)], quarantine=tmp_path / "q.jsonl").refused == 2


def test_zones_that_differ_are_refused(log: Log, write: Callable[..., Path]) -> None:
    mapping = write("m.toml", MAPPING + '[when]\nzone = "Etc/UTC"')
    with pytest.raises(BadInput, match="differ"):
        load(log, [write("t.csv", "n,said,when", "1,x,")], map=mapping, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"recorded_at": 1}, "recorded_at"),
        ({"seq": 1}, "seq"),
        ({"leaf_hash": "00"}, "leaf_hash"),
        ({"_sd": {}}, "_sd"),
        ({"colour": "red"}, "colour"),
        ({"type": "infusoin"}, "infusion"),
        ({"id": "CASE-А1"}, "id"),  # a Cyrillic letter
        ({"id": "a\u200b"}, "id"),
        ({"id": "a\u202eb"}, "id"),
        ({"id": "x" * 129}, "id"),
        ({"case": "a b"}, "case"),
        ({"when": "10/11/2023"}, "when"),
        ({"type": "dose", "data": {"amount": "-5 mg"}}, "data.amount"),
    ],
)
def test_hostile_lines_are_refused_by_name(
    log: Log, write: Callable[..., Path], fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(log, [write("a.jsonl", event(1, **fields))])
    assert said in str(refused.value)


def test_the_same_id_with_other_content_names_both_and_appends_nothing(log: Log, write: Callable[..., Path]) -> None:
    load(log, [write("a.jsonl", event(1))])
    with pytest.raises(BadInput, match=r"b.jsonl:2: .*e1"):
        load(log, [write("b.jsonl", event(2), event(1, note="other"))])
    assert ids(log) == ["e1"]


def test_problems_are_capped_and_counted_on(log: Log, tmp_path: Path) -> None:
    lines = "".join(json.dumps(bad(n)) + "\n" for n in range(1_500))
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(log, [tmp_path / "a.jsonl"])
    assert len(refused.value.problems) == 1_000
    assert refused.value.report.refused == 1_500


def test_an_interruption_leaves_nothing(log: Log, write: Callable[..., Path], tmp_path: Path) -> None:
    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(log, [write("a.jsonl", event(1), bad(2))], quarantine=tmp_path / "q.jsonl", progress=stop)
    assert log.cases() == ()
    assert not [one for one in tmp_path.iterdir() if "q.jsonl" in one.name]


def test_progress_tells_the_rows(log: Log, write: Callable[..., Path]) -> None:
    told: list[int] = []
    load(log, [write("a.jsonl", *(event(n) for n in range(2_500)))], progress=told.append)
    assert told == [1_000, 2_000, 2_500]


def test_standard_input_is_a_file_called_dash(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").write_text(json.dumps(event(1)) + "\n", encoding="utf-8")
    with (tmp_path / "in").open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        report = load(log, ["-"])
    assert isinstance(report, LoadReport)
    assert [batch.name for batch in log.batches()] == ["-"]


def test_a_file_of_no_known_name_asks_for_its_format(log: Log, write: Callable[..., Path]) -> None:
    file = write("notes", event(1))
    with pytest.raises(BadInput, match="--format jsonl or csv"):
        load(log, [file])
    with pytest.raises(BadInput, match="did you mean 'jsonl'"):
        load(log, [file], format="json")
    assert load(log, [file], format="jsonl").appended == 1


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_quarantine_in_a_folder_that_is_not_there_is_refused_at_once(
    log: Log, write: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        load(log, [write("a.jsonl", event(1))], quarantine=tmp_path / "none" / "q.jsonl")
