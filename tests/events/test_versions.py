"""Versions of event types: golden payloads kept for ever and lifted as read; a check finds what has no way."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from events.codec import leaf, recorded
from events.drafting import draft
from events.errors import BadInput, CasefoldError, Fault
from events.event import _TYPES, EventType, Facts, event_type, event_types, type_named
from events.fields import Text
from events.leaf.line import line_of
from events.log import Log, open_log
from events.log.versions import versions

Upcasters = dict[int, Callable[[dict[str, Any]], dict[str, Any]]]
GOLDEN = [
    json.loads(row)
    for row in (Path(__file__).parent.parent / "golden" / "transfers.jsonl").read_text("utf-8").splitlines()
]


class Moved(Facts):
    """A body or an exhibit is moved from one place to another."""

    to: Text
    by: Text = ""
    means: Text = ""
    text: Text = ""


def from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had one field `carrier`: who, or who and in what, after a comma."""
    by, _, means = str(data.pop("carrier", "")).partition(", ")
    return {**data, **({"by": by} if by else {}), **({"means": means} if means else {})}


def from_2(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 called the place `destination`."""
    return {("to" if name == "destination" else name): value for name, value in data.items()}


@pytest.fixture(autouse=True)
def _scratch() -> Iterator[None]:
    event_types()
    before = dict(_TYPES)
    yield
    _TYPES.clear()
    _TYPES.update(before)


def registered(version: int = 3, upcast: Upcasters | None = None) -> EventType:
    """Register the type as a program of that version has it."""
    _TYPES.pop("transfer", None)
    ways = {1: from_1, 2: from_2} if upcast is None else upcast
    event_type("transfer", family="death", version=version, sensitive=("text",), upcast=ways)(Moved)
    return type_named("transfer")


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_a_golden_payload_is_read_as_ever_and_stays_as_it_is(row: dict[str, Any]) -> None:
    registered()
    body = row["body"].encode()
    event = recorded(body, row["disclosed"])
    assert event.facts == Moved(**row["facts"])
    assert (event.version, event.written) == (row["version"], row["written"])
    again = draft(line_of(event))
    salts = iter([bytes(16)])
    made = leaf(
        again, log="casefold/0123456789abcdef0123456789abcdef", position=1, case_position=1, prev=b"",
        event_id=event.id, recorded_at=1_700_000_000_000_001, tzdata="2026a", salt=salts.__next__,
    )  # fmt: skip
    assert made.body == body


def test_the_golden_payloads_cover_every_version() -> None:
    assert {row["version"] for row in GOLDEN} == {1, 2, 3}


def test_a_line_says_which_version_it_is_written_in() -> None:
    registered()
    with pytest.raises(BadInput, match=r"data\.carrier: transfer has no data field 'carrier'"):
        draft({"case": "x", "type": "transfer", "version": 3, "data": {"to": "a", "carrier": "b"}})
    assert draft({"case": "x", "type": "transfer", "data": {"destination": "a", "carrier": "b"}}).version == 1
    with pytest.raises(BadInput, match="write 3, or leave it out"):
        draft({"case": "x", "type": "transfer", "version": 4, "data": {"to": "a"}})


def test_an_upcaster_cannot_change_what_was_written() -> None:
    def greedy(data: dict[str, Any]) -> dict[str, Any]:
        data["list"].append("more")
        return {"to": data.pop("destination")}

    kind = registered(2, {1: greedy})
    from events.upcasting import lifted

    stored = {"destination": "morgue", "list": ["a"]}
    before = copy.deepcopy(stored)
    assert lifted(kind, 1, stored) == {"to": "morgue"}
    assert stored == before


@pytest.mark.parametrize(
    ("upcaster", "why"),
    [
        (lambda data: data["nothing"], "fails: KeyError: 'nothing'"),
        (lambda _: None, "gives NoneType, not the data of an event"),
    ],
)
def test_an_upcaster_that_fails_is_named(upcaster: Any, why: str) -> None:
    kind = registered(2, {1: upcaster})
    from events.upcasting import lifted

    who = r"the upcaster of transfer \(the module .*test_versions\) from version 1"
    with pytest.raises(CasefoldError, match=f"{who} {why}"):
        lifted(kind, 1, {})


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """Give a log with a transfer of each version that the program had when it was recorded."""
    with open_log(str(tmp_path / "a.db"), mode="write") as opened, opened.writing("keeper") as writer:
        for row in GOLDEN:
            registered()
            line = {"case": "c", "id": row["name"], "type": "transfer", "version": row["version"]}
            writer.append([draft({**line, "data": row["written"]})])
        writer.append([draft({"case": "c", "id": "d", "type": "death"})])
    with open_log(str(tmp_path / "a.db")) as opened:
        yield opened


def bodies(log: Log) -> list[Any]:
    return log.rows("SELECT body FROM event ORDER BY position")


def test_a_log_of_all_versions_is_read_whole_and_never_rewritten(log: Log) -> None:
    before = bodies(log)
    registered()
    assert [event.facts for event in log.events("c") if event.type == "transfer"] == [
        Moved(**row["facts"]) for row in GOLDEN
    ]
    done = versions(log)
    assert (done["ok"], done["problems"]) == (True, [])
    assert [(one["version"], one["current"]) for one in done["stored"] if one["type"] == "transfer"] == [
        (1, 3), (2, 3), (3, 3),
    ]  # fmt: skip
    assert bodies(log) == before


@pytest.mark.parametrize(
    ("version", "upcast", "found"),
    [
        (3, {2: from_2}, [(1, "no way leads to version 3 (first at position 1)")]),
        (3, {1: from_1}, [(1, "no way leads to version 3 (first at position 1)"), (2, "no way leads to version 3")]),
        (2, {1: from_1}, [(1, "position 1: "), (3, "it is newer than the type that is installed, version 2")]),
        (4, {1: from_1, 2: from_2}, [(1, "no way"), (2, "no way"), (3, "no way leads to version 4")]),
        (3, {1: from_1, 2: lambda data: {"too": data["destination"]}}, [(1, "position 1: "), (2, "position 3: ")]),
    ],
)
def test_what_has_no_way_to_the_current_version_is_found(
    log: Log, version: int, upcast: Upcasters, found: list[tuple[int, str]]
) -> None:
    registered(version, upcast)
    done = versions(log)
    assert not done["ok"]
    assert [one["version"] for one in done["problems"]] == [at for at, _ in found]
    for one, (_, why) in zip(done["problems"], found, strict=True):
        assert why in one["what"], one
        assert one["type"] == "transfer"
    assert versions(log, "death")["ok"]


def test_corrections_of_an_old_version_go_on_acting_on_it(log: Log) -> None:
    from events.event import RecordedEvent
    from events.source import Source
    from timeline.case import CaseTimeline

    def correction(position: int, **data: Any) -> RecordedEvent:
        return RecordedEvent(
            position=position, case_position=position, recorded_at=0, case="c", id=f"fix-{position}",
            type="amend.correct", version=1, written={"target": "version-1", "set": {"data": data}}, facts=Facts(),
            source=Source(),
        )  # fmt: skip

    registered()
    first, by = correction(6, carrier="state, van 9"), correction(7, by="the state")
    told = CaseTimeline.of("c", [*log.events("c"), first]).by_id["version-1"]
    assert told.facts == Moved(to="the coroner's office", by="state", means="van 9")
    told = CaseTimeline.of("c", [*log.events("c"), first, by]).by_id["version-1"]
    assert told.facts == Moved(to="the coroner's office", by="the state", means="van 9")


def test_a_type_that_is_gone_is_found_and_its_events_are_still_there(log: Log) -> None:
    _TYPES.pop("transfer")
    done = versions(log)
    assert {one["what"] for one in done["problems"]} == {
        f"the type is not installed (first at position {n})" for n in (1, 3, 4)
    }
    assert [event.facts for event in log.events("c")][:4] == [Facts()] * 4
    assert next(log.events("c")).written == GOLDEN[0]["written"]


def test_the_check_is_a_command_and_says_in_words_what_to_do(cli: Any) -> None:
    cli("add", "c", "death", "--id", "d")
    assert cli("types", "--check").out == "1 stored type, all of them readable\n"
    assert cli("types", "death", "--check", "--json").json["stored"] == [{"type": "death", "version": 1, "current": 1}]
    assert "there is no log" in cli("--db", "none.db", "types", "--check", code=3).err


def test_words_for_what_cannot_be_read(log: Log) -> None:
    from timeline.reports.words.console import types

    registered(3, {2: from_2})
    (line,) = types(versions(log))
    assert line.startswith("transfer version 1: no way leads to version 3 (first at position 1);")
    assert line.endswith("; write the upcaster from version 1: upcast={1: …}")


def test_a_version_the_type_never_had_is_refused() -> None:
    from events.upcasting import lifted

    for version in (0, 4):
        with pytest.raises(Fault, match=f"version {version} of transfer is not known"):
            lifted(registered(), version, {})


