"""Checkpoints: signed, never contradicting the last, also remembered beside the key; keys that change or are lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from events.errors import Fault, NotHeld
from events.event import Draft
from events.log import Log, open_log
from events.log.checkpoints import announced, checkpoint, key_file, last_file, make_key, newest, read_note
from events.log.notes import open_note, read_checkpoint
from events.log.tree import root_of_log
from events.log.verify import verify

Make = Callable[..., Draft]


pytestmark = pytest.mark.both


@pytest.fixture
def key(db: str, tmp_path: Path) -> Path:
    return key_file(db, str(tmp_path / "casefold.db.key"))


def append(log: Log, draft: Make, *texts: str) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("a", text) for text in texts])


def test_a_checkpoint_says_size_and_root_and_is_signed_in_the_logs_name(log: Log, draft: Make, key: Path) -> None:
    append(log, draft, "1", "2")
    made = make_key(log, key)
    note = checkpoint(log, key)
    read = read_checkpoint(open_note(note.encode(), [made]).text)
    assert (read.origin, read.size, read.root) == (log.origin, 3, root_of_log(log.rows, 3))
    assert log.rows("SELECT size, root, note FROM checkpoint") == [(3, read.root, note.encode())]
    assert last_file(key, log.origin).read_text("utf-8") == note
    assert made.name == log.origin


def test_without_a_key_it_is_unsigned_and_kept_all_the_same(log: Log, draft: Make, key: Path) -> None:
    append(log, draft, "1")
    text = checkpoint(log, key)
    assert read_note(text.encode())[1] is False
    assert text.splitlines()[:2] == [log.origin, "1"]
    assert newest(log, 1) == text
    with pytest.raises(Fault, match="casefold key new"):
        checkpoint(log, key, must_sign=True)


def test_the_same_log_gives_the_same_checkpoint_and_keeps_it_once(log: Log, draft: Make, key: Path) -> None:
    make_key(log, key)
    append(log, draft, "1")
    assert checkpoint(log, key) == checkpoint(log, key)
    append(log, draft, "2")
    checkpoint(log, key)
    assert log.rows("SELECT size FROM checkpoint ORDER BY size") == [(2,), (3,)]


@pytest.mark.sqlite
def test_an_older_copy_put_back_is_noticed_by_its_own_signer(db: str, draft: Make, key: Path, tmp_path: Path) -> None:
    with open_log(db, mode="write") as log:
        make_key(log, key)
        append(log, draft, "1")
    shutil.copy(db, tmp_path / "older.db")
    with open_log(db, mode="write") as log:
        append(log, draft, "2")
        checkpoint(log, key)
    shutil.copy(tmp_path / "older.db", db)
    last = last_file(key, log.origin).read_bytes()
    with open_log(db, mode="write") as log:
        with pytest.raises(NotHeld, match="restored from an older copy"):
            checkpoint(log, key)
        append(log, draft, "other", "events")
        with pytest.raises(NotHeld, match="not those of"):
            checkpoint(log, key)
        assert log.rows("SELECT * FROM checkpoint") == []
        assert verify(log).ok, "from inside, a copy that went on by itself is whole"
        (problem,) = verify(log, checkpoints=[("outside", last)]).problems
        assert problem.kind == "checkpoint"
    assert last_file(key, log.origin).read_bytes() == last


def test_the_logs_own_last_checkpoint_is_enough_to_refuse(log: Log, draft: Make, key: Path) -> None:
    append(log, draft, "1", "2")
    with log.holding() as writing:
        writing.insert("checkpoint", [(1, bytes(32), b"", 1)])
    with pytest.raises(NotHeld, match="the log's own last checkpoint"):
        checkpoint(log, key)


def test_the_key_of_another_log_does_not_sign_this_one(log: Log, key: Path, tmp_path: Path) -> None:
    with open_log(str(tmp_path / "other.db"), mode="write") as other:
        make_key(other, key)
    with pytest.raises(Fault, match=f"signs the log {other.origin}, and this is {log.origin}"):
        checkpoint(log, key)


def test_a_key_is_changed_by_an_event_that_both_keys_sign(log: Log, draft: Make, key: Path, tmp_path: Path) -> None:
    first = make_key(log, key)
    append(log, draft, "1")
    checkpoint(log, key)
    with pytest.raises(Fault, match=f"signed by {first.id} already"):
        make_key(log, tmp_path / "second.key")
    assert not (tmp_path / "second.key").exists()
    second = make_key(log, tmp_path / "second.key", old=key)
    checkpoint(log, tmp_path / "second.key")
    assert announced(log) == (first, second)
    for pinned in (first, second):
        done = verify(log, keys=[pinned])
        assert done.problems == ()
        assert [one.signed_by for one in done.checked_against] == [(first.id,), (second.id,)]


@pytest.mark.parametrize("lost", [False, True])
def test_a_key_that_was_replaced_signs_nothing_more(log: Log, key: Path, tmp_path: Path, lost: bool) -> None:
    first = make_key(log, key)
    second = make_key(log, tmp_path / "second.key", old=None if lost else key, lost=lost)
    wrong = f"{first.id}, and this log is signed by {second.id} since its key was changed; name the file of that key"
    with pytest.raises(Fault, match=wrong):
        checkpoint(log, key)
    with pytest.raises(Fault, match=wrong):
        make_key(log, tmp_path / "third.key", old=key)
    assert not (tmp_path / "third.key").exists()
    assert not last_file(key, log.origin).exists()


def test_a_lost_key_is_replaced_openly_and_ties_nothing_together(
    log: Log, draft: Make, key: Path, tmp_path: Path
) -> None:
    first = make_key(log, key)
    checkpoint(log, key)
    second = make_key(log, tmp_path / "second.key", lost=True)
    checkpoint(log, tmp_path / "second.key")
    kinds = [(one.kind, second.id in one.what or first.id in one.what) for one in verify(log, keys=[first]).problems]
    assert kinds == [("signature", False)]
    assert verify(log, keys=[first, second]).ok


def test_a_key_that_cannot_be_announced_is_not_left_behind(
    log: Log, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("events.log.checkpoints._announce", fails)
    with pytest.raises(KeyboardInterrupt):
        make_key(log, key)
    assert not key.exists()


def test_an_empty_log_has_a_checkpoint_too(log: Log, key: Path) -> None:
    assert read_note(checkpoint(log, key).encode())[0].size == 0
    assert verify(log).ok


def test_only_who_may_write_makes_checkpoints(log: Log, db: str, key: Path) -> None:
    with open_log(db) as reading, pytest.raises(Exception, match="opened for reading"):
        checkpoint(reading, key)
