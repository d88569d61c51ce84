"""Two logs of the same cases made one: what is the same is there once, what clashes stops all, amendments act."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.drafting import drafted
from events.log import Log, open_log
from events.log.attach import attach
from events.log.merging.merge import Clashing, merge
from events.log.redact import redact
from events.log.tree import root_of_log
from events.log.verify import verify
from tests.laws.effort import tries

Pair = tuple[Log, Log]
OPENED = {"case": "c", "id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}}
DEATH = {"case": "c", "id": "d", "type": "death", "when": "2023-10-28T16:00"}
SHOT = {"case": "c", "type": "injection", "when": "2023-10-28T08:30", "note": "first"}
TOLD = {"case": "c", "id": "t", "type": "fact", "data": {"text": "secret"}, "private": "whisper"}


def append(log: Log, *lines: dict[str, Any], zone: str = "") -> tuple[str, ...]:
    """Append lines, and give the ids they have."""
    with log.writing("") as writer:
        writer.append(drafted(line, case_zone=writer.case_zone, zone=zone).draft for line in lines)
    first = writer.outcome.first_position
    return tuple(event.id for event in log.all_events(first)) if first else ()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the files of two empty logs, to be copied: making one takes long."""
    files = tuple(tmp_path_factory.mktemp("empty") / name for name in ("ours.db", "theirs.db"))
    for file in files:
        open_log(str(file), mode="write").close()
    return files[0], files[1]


@contextmanager
def two(empty: tuple[Path, Path], folder: Path) -> Iterator[Pair]:
    """Open two empty logs in a folder."""
    ours, theirs = (str(shutil.copy(file, folder)) for file in empty)
    with open_log(ours, mode="write") as one, open_log(theirs, mode="write") as other:
        yield one, other


@pytest.fixture
def pair(empty: tuple[Path, Path], tmp_path: Path) -> Iterator[Pair]:
    """Give two empty logs."""
    with two(empty, tmp_path) as made:
        yield made


def said(log: Log, event_id: str) -> Any:
    from timeline.case import CaseTimeline

    event = CaseTimeline.of("c", log.events("c")).by_id.get(event_id)
    return None if event is None else dict(event.written)


def correction(event_id: str, target: str, **data: Any) -> dict[str, Any]:
    return {"case": "c", "id": event_id, "type": "amend.correct", "data": {"target": target, "set": {"data": data}}}


def test_what_is_in_both_is_there_once_and_the_rest_comes_in_its_order(pair: Pair) -> None:
    ours, theirs = pair
    append(ours, OPENED, DEATH, TOLD)
    found = {"case": "b", "id": "x", "type": "found"}
    append(theirs, OPENED, TOLD, found, DEATH, {**DEATH, "id": "d2", "actor": "ana"})
    rehearsed = merge(ours, theirs, dry_run=True)
    assert ours.head()[0] == 3
    done = merge(ours, theirs, actor="bo")
    for told in (rehearsed, done):
        assert (told["same"], told["new"], told["conflicts"], told["from"]) == (3, 2, 0, theirs.origin)
    assert [(one.case, one.id, one.actor) for one in ours.all_events(4)] == [("b", "x", "bo"), ("c", "d2", "ana")]
    (batch,) = ours.batches()
    assert (batch.name, batch.first, batch.last, batch.actor) == (f"merge of {theirs.origin}, 5 events", 4, 5, "bo")
    assert batch.sha256 == root_of_log(theirs.rows, 5).hex(), "which log came in, and how far"
    assert merge(ours, theirs)["new"] == 0
    assert verify(ours).ok


def test_one_clash_stops_all_and_names_both_places(pair: Pair) -> None:
    ours, theirs = pair
    append(ours, OPENED, DEATH)
    append(theirs, {"case": "c", "id": "new", "type": "found"}, OPENED, {**DEATH, "when": "2023-10-28T16:01"})
    for dry_run in (True, False):
        with pytest.raises(Clashing) as refused:
            merge(ours, theirs, dry_run=dry_run)
        assert (refused.value.told["same"], refused.value.told["new"], refused.value.told["conflicts"]) == (1, 1, 1)
        (problem,) = refused.value.problems
        assert "d of case c is at position 3 there and at position 2 here, with other content" in problem.what
        assert (problem.file, problem.line) == (theirs.where, 3)
    assert ours.head()[0] == 2


def test_a_line_without_an_id_is_known_again_under_the_other_log_s_key(pair: Pair) -> None:
    ours, theirs = pair
    (mine,) = append(ours, {**SHOT, "zone": "America/Los_Angeles"})
    (other,) = append(theirs, {**SHOT, "zone": "America/Los_Angeles"})
    (new,) = append(theirs, {**SHOT, "note": "another"}, zone="America/Los_Angeles")
    append(
        theirs,
        correction("fix", other, count=2),
        {"case": "c", "id": "f", "type": "fact", "when": f"before @{other}", "data": {"text": f"see @{other}"}},
    )
    assert mine != other
    done = merge(ours, theirs)
    assert (done["same"], done["new"]) == (1, 3)
    assert [event.id for event in ours.all_events()] == [mine, new, "fix", "f"], "what comes in keeps its id"
    assert said(ours, mine) == {"count": 2}
    event = ours.event("c", "f")
    assert event is not None
    assert (event.when, event.written["text"]) == (f"before @{mine}", f"see @{other}"), "somebody's words stay"
    assert (merge(ours, theirs)["same"], ours.head()[0]) == (4, 4)
    append(ours, correction("mine", mine, count=9))
    append(theirs, correction("again", other, count=2))
    (warning,) = merge(ours, theirs)["warnings"]
    assert warning.what.startswith(f"@{mine} of case c was amended in both logs")


def test_amendments_come_after_those_that_are_here_and_that_is_said(pair: Pair) -> None:
    ours, theirs = pair
    for log in pair:
        append(log, OPENED, SHOT | {"id": "s"}, DEATH)
    append(theirs, correction("theirs-1", "s", count=2), correction("theirs-2", "s", count=3))
    append(theirs, {"case": "c", "id": "gone", "type": "amend.retract", "data": {"target": "d"}})
    append(theirs, {"case": "c", "id": "back", "type": "amend.reinstate", "data": {"target": "d"}})
    append(ours, correction("ours", "s", count=9))
    done = merge(ours, theirs)
    assert (said(ours, "s"), said(ours, "d")) == ({"count": 3}, {})
    (warning,) = done["warnings"]
    assert warning.what == "@s of case c was amended in both logs; what came in is laid over what was here"
    assert merge(theirs, ours)["same"] == 7
    assert said(theirs, "s") == {"count": 9}


def test_what_was_redacted_there_is_erased_here(pair: Pair, tmp_path: Path) -> None:
    ours, theirs = pair
    for log in pair:
        append(log, TOLD)
    append(theirs, {**TOLD, "id": "t2", "data": {"text": "hidden"}})
    append(ours, correction("fix", "t", text="secret 2"))
    for one in ("t", "t2"):
        redact(theirs, "c", one, ["data.text"], reason="asked for", authority="the court")
    done = merge(ours, theirs)
    assert (done["same"], done["new"], done["erased"]) == (1, 3, 1)
    assert said(ours, "t2") == {"text": "[redacted]"}
    assert "fix of case c sets data.text of @t, which was redacted in the other log" in done["warnings"][-1].what
    redact(ours, "c", "fix", ["data.set.data.text"], reason="asked for", authority="the court")
    assert not any(b"secret" in file.read_bytes() for file in tmp_path.glob("ours.db*"))
    assert {(one.id, one.field) for one in verify(ours).redacted} >= {("t", "data.text"), ("t2", "data.text")}
    assert verify(ours).ok
    assert merge(theirs, ours)["conflicts"] == 0
    assert verify(theirs).ok


def test_a_time_stays_what_it_was_where_the_case_has_another_zone_here(pair: Pair) -> None:
    ours, theirs = pair
    append(theirs, OPENED, DEATH)
    append(ours, OPENED, {**OPENED, "id": "moved", "data": {"zone": "Europe/Paris"}})
    merge(ours, theirs)
    here, there = ours.event("c", "d"), theirs.event("c", "d")
    assert here is not None
    assert there is not None
    assert (here.earliest, here.latest, here.zone) == (there.earliest, there.latest, "America/Los_Angeles")
    assert merge(ours, theirs)["same"] == 2, "a zone is content only as far as it makes another time"


def test_attached_files_come_along_and_the_log_s_own_events_stay(pair: Pair, tmp_path: Path) -> None:
    from events.log.checkpoints import make_key

    ours, theirs = pair
    data = b"a report"
    make_key(theirs, tmp_path / "key")
    append(theirs, {"case": "c", "id": "r", "type": "document", "data": {"title": "R"}})
    attach(theirs, "c", "r", hashlib.sha256(data).hexdigest(), data, told=(1, ""))
    done = merge(ours, theirs)
    assert (done["new"], done["left_there"]) == (2, 1)
    assert ours.rows("SELECT data FROM blob") == [(data,)]
    assert verify(ours).ok


lines = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("123"), st.sampled_from(["x", "y"]), st.booleans()),
    unique_by=lambda one: one[:3],
    max_size=6,
)


@tries(6)
@given(mine=lines, other=lines)
def test_either_way_round_the_two_logs_come_to_say_the_same(
    empty: tuple[Path, Path], mine: list[Any], other: list[Any]
) -> None:
    def event(case: str, number: str, text: str, named: bool) -> dict[str, Any]:
        return {
            "case": case, "type": "fact", "data": {"text": number + text},
            **({"id": f"{number}{text}"} if named else {}),
        }  # fmt: skip

    with TemporaryDirectory() as folder, two(empty, Path(folder)) as (a, b):
        append(a, *(event(*one) for one in mine))
        append(b, *(event(*one) for one in other))
        there = merge(a, b)
        back = merge(b, a)
        assert there["same"] == len(set(mine) & set(other)) == len(mine) + len(other) - a.head()[0]
        assert back["new"] == len(set(mine) - set(other))
        told = [sorted((one.case, one.written["text"]) for one in log.all_events()) for log in (a, b)]
        assert told[0] == told[1]
        assert (merge(a, b)["new"], merge(b, a)["new"]) == (0, 0)


def test_the_command_counts_first_and_takes_a_database_or_a_replay(cli: Any) -> None:
    line = {"case": "c", "id": "d", "type": "death", "when": "2023-10-28T16:00Z"}
    cli("load", cli.write("a.jsonl", line))
    cli("--db", "b.db", "load", cli.write("b.jsonl", line, {**line, "id": "e"}))
    origin = cli("--db", "b.db", "db", "stats", "--json").json["log"]
    rehearsed = cli("merge", "b.db", "--dry-run").out
    assert rehearsed == f"dry run, nothing was written: {origin}: 1 the same, 1 new, 0 of other content\n"
    cli("--db", "b.db", "export", "--format", "replay", "-o", "b.replay")
    done = cli("--db", "c.db", "merge", "b.replay", "--json")
    assert (done.json["new"], done.json["last_position"], done.err) == (2, 2, "created c.db\n")
    merged = f"{origin}: 1 the same, 1 new, 0 of other content; appended at position 2, batch 2\n"
    assert cli("merge", "b.db").out == merged
    cli("add", "c", "found", "--id", "f")
    cli("--db", "b.db", "add", "c", "found", "--id", "f", "--note", "in the pool")
    clash = cli("merge", "b.db", code=2)
    assert clash.out == f"{origin}: 2 the same, 0 new, 1 of other content; nothing was appended\n"
    assert clash.lines[0].startswith("casefold: b.db:3: id: f of case c is at position 3 there and at position 3 here")
    assert json.loads(cli("merge", "b.db", "--dry-run", "--json", code=2).out)["conflicts"] == 1
    assert "there is no log at nowhere.db" in cli("merge", "nowhere.db", code=3).err
