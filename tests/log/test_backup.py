"""Backups: a copy under load is one instant of the log and holds; nothing is overwritten, nothing half left behind."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, Unavailable
from events.log import Log, open_log
from events.log.backup import backup
from events.log.tree import root_of_log
from tests.databases.attack import tamper


def write(where: str, draft: Callable[..., Any], name: str, count: int) -> None:
    with open_log(where, mode="write") as log, log.writing("keeper") as writer:
        writer.append(draft("a", f"text {n}", event_id=f"{name}-{n}") for n in range(count))


def test_a_copy_taken_while_others_write_is_one_instant(log: Log, draft: Callable[..., Any], tmp_path: Path) -> None:
    write(log.where, draft, "first", 600)
    stop = threading.Event()

    def keep_writing() -> None:
        n = 0
        while not stop.is_set() and n < 500:
            write(log.where, draft, f"more{n}", 7)
            n += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        made = [backup(log, str(tmp_path / f"copy{n}.db")) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    for n, done in enumerate(made):
        assert done.ok
        assert (done.size - 600) % 7 == 0
        with open_log(str(tmp_path / f"copy{n}.db")) as copy:
            assert (copy.origin, copy.head()[0]) == (log.origin, done.size)
        assert root_of_log(log.rows, done.size).hex() == done.root
    assert sorted(done.size for done in made) == [done.size for done in made]
    assert (tmp_path / "copy0.db").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("copy*-*"))


@pytest.mark.sqlite
def test_nothing_is_overwritten(log: Log, tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "new-wal").write_bytes(b"of something else")
    for name in ("there", "link", "new", "casefold.db"):
        with pytest.raises(Fault, match="is there already; a backup never overwrites; name a new file"):
            backup(log, str(tmp_path / name))
    assert (tmp_path / "there").read_bytes() == b"mine"
    with pytest.raises(Fault, match="cannot be written: No such file"):
        backup(log, str(tmp_path / "no" / "folder"))


@pytest.mark.both
def test_a_copy_of_a_log_that_does_not_hold_says_so(log: Log, draft: Callable[..., Any], tmp_path: Path) -> None:
    write(log.where, draft, "first", 3)
    tamper(log.where, "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 2")
    done = backup(log, str(tmp_path / "copy.db"))
    assert {(2, "altered")} == {(one.position, one.kind) for one in done.problems}
    assert (tmp_path / "copy.db").exists()


@pytest.mark.sqlite
def test_a_copy_that_fails_leaves_nothing(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("events.log.on_sqlite.copy.copy", full)
    with pytest.raises(Unavailable):
        backup(log, str(tmp_path / "copy.db"))
    assert not list(tmp_path.glob("copy*"))
