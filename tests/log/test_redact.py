"""Redaction: the values are in no file of the log; the log stays whole, and says what was erased by which event."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.drafting import draft as drafting
from events.errors import Fault
from events.log import Log, open_log
from events.log.checkpoints import checkpoint, key_file, make_key
from events.log.redact import apply, redact, redactions
from events.log.verify import verify


def secret(n: int, what: str) -> str:
    return f"{what}-{n}-of-the-patient-{'x' * (n * 37 % 900)}-{what}-{n}-end"


def lines(count: int) -> list[dict[str, Any]]:
    return [
        {
            "case": f"c{n % 7}", "id": f"e{n}", "type": "fact", "data": {"text": secret(n, "text")},
            "note": secret(n, "note"), "private": secret(n, "private"),
            "source": {"speaker": "nurse", "quote": secret(n, "quote")},
        }
        for n in range(count)
    ]  # fmt: skip


def load(log: Log, *many: dict[str, Any]) -> None:
    with log.writing("keeper") as writer:
        writer.append([drafting(line) for line in many])


def erase(log: Log, case: str, event_id: str, *fields: str) -> dict[str, Any]:
    return redact(log, case, event_id, fields, reason="asked for", authority="data protection officer")


def files_of(db: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(db).parent.iterdir() if path.is_file()}


def nowhere(db: str, *texts: str) -> bool:
    """Whether no piece of a value stands in any file, however its pages cut it."""
    pieces = [text[at : at + 12].encode() for text in texts for at in (0, max(0, len(text) - 12))]
    return not any(piece in data for data in files_of(db).values() for piece in pieces)


def copy(log: Log, to: Path) -> None:
    with closing(sqlite3.connect(log.where)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


@pytest.mark.sqlite
def test_what_is_redacted_is_in_no_file_of_the_log(log: Log, db: str) -> None:
    load(log, *lines(700))
    assert not nowhere(db, secret(3, "note"))
    for n in (0, 3, 128, 350, 699):
        done = erase(log, f"c{n % 7}", f"e{n}", "note", "source.quote", "data.text", "private")
        assert done["scrubbed"] is True
    for n in (0, 3, 128, 350, 699):
        assert nowhere(db, *(secret(n, what) for what in ("text", "note", "private", "quote"))), n
    assert not nowhere(db, secret(4, "note"))
    assert verify(log).problems == ()


@pytest.mark.both
def test_the_log_stays_whole_and_says_what_was_erased_by_which_event(log: Log, db: str, tmp_path: Path) -> None:
    load(log, *lines(20))
    key = key_file(db, str(tmp_path / "log.key"))
    make_key(log, key)
    before = checkpoint(log, key)
    done = erase(log, "c3", "e3", "note")
    assert done["redacted"] == [{"id": "e3", "position": 4, "fields": ["note"], "by": 22}]
    verified = verify(log, checkpoints=[("outside", before.encode())])
    assert verified.problems == ()
    assert [(one.id, one.field, one.position, one.by) for one in verified.redacted] == [("e3", "note", 4, 22)]
    event = log.event("c3", "e3")
    assert event is not None
    assert (event.note, set(event.redacted), event.private) == ("[redacted]", {"note"}, secret(3, "private"))
    by = next(log.all_events(22, 22))
    assert (by.type, by.written["reason"], by.written["authority"]) == (
        "amend.redact",
        "asked for",
        "data protection officer",
    )


@pytest.mark.sqlite
def test_what_a_correction_said_of_the_field_goes_too(log: Log, db: str) -> None:
    load(log, *lines(8))
    load(
        log,
        {
            "case": "c1",
            "id": "fix",
            "type": "amend.correct",
            "data": {"target": "e1", "set": {"note": "secret-new-note"}},
        },
        {
            "case": "c1",
            "id": "kept",
            "type": "amend.correct",
            "data": {"target": "e1", "set": {"data": {"text": "stays-here"}}},
        },
    )
    done = erase(log, "c1", "e1", "note")
    assert [(one["id"], one["fields"]) for one in done["redacted"]] == [("e1", ["note"]), ("fix", ["data.set.note"])]
    assert nowhere(db, "secret-new-note", secret(1, "note"))
    assert not nowhere(db, "stays-here")
    assert verify(log).problems == ()


@pytest.mark.both
@pytest.mark.parametrize(
    ("case", "event_id", "field", "why"),
    [
        ("c0", "none", "note", "there is no event none"),
        ("none", "e0", "note", "there is no event e0"),
        ("c0", "e0", "when", "no sensitive field 'when'"),
        ("c0", "e0", "data.text.more", "no sensitive field"),
        ("c0", "e7", "note", "gone already"),
    ],
)
def test_what_cannot_be_erased_is_said_and_nothing_is_written(
    log: Log, case: str, event_id: str, field: str, why: str
) -> None:
    load(log, *lines(8))
    erase(log, "c0", "e7", "note")
    with pytest.raises(Fault, match=why):
        erase(log, case, event_id, field)
    assert log.head()[0] == 9
    assert verify(log).ok


@pytest.mark.both
def test_a_value_that_is_gone_without_a_redaction_is_tampering(log: Log, db: str) -> None:
    load(log, *lines(8))
    with log.holding() as writing:
        writing.rows("DELETE FROM disclosure WHERE position = 3 AND field = 'note'")
    (problem,) = verify(log).problems
    assert (problem.position, problem.kind) == (3, "disclosure")


@pytest.mark.sqlite
def test_redactions_are_applied_again_to_a_backup_that_was_restored(log: Log, db: str, tmp_path: Path) -> None:
    load(log, *lines(20))
    backup = tmp_path / "backup" / "casefold.db"
    backup.parent.mkdir()
    copy(log, backup)
    erase(log, "c3", "e3", "note", "private")
    listed = redactions(log)
    assert [(one["case"], one["id"], one["fields"]) for one in listed] == [("c3", "e3", ["note", "private"])]
    with open_log(str(backup), mode="write") as restored:
        assert not nowhere(str(backup), secret(3, "note"))
        done = apply(restored, listed)
        assert [one["id"] for one in done["redacted"]] == ["e3"]
        assert apply(restored, listed)["redacted"] == []
        assert verify(restored).ok
    assert nowhere(str(backup), secret(3, "note"), secret(3, "private"))


@pytest.mark.both
def test_a_value_put_back_in_spite_of_its_redaction_is_named_and_erased_again(log: Log) -> None:
    load(log, *lines(8))
    (row,) = log.rows("SELECT * FROM disclosure WHERE position = 3 AND field = 'note'")
    erase(log, "c2", "e2", "note")
    with log.holding() as writing:
        writing.insert("disclosure", [row])
    (problem,) = verify(log).problems
    assert (problem.position, problem.kind) == (3, "disclosure")
    assert apply(log, [])["erased_again"] == 1
    assert verify(log).ok
