"""Files kept in the log: which are taken, which refused (bad_inputs rows 24 to 26), and what `verify` makes of them."""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, NotHeld, Overtaken
from events.log import Log, open_log
from events.log.attach import attach, taken_out
from events.log.regular_file import read_under
from events.log.verify import verify

DATA = b"the report\n"
DIGEST = hashlib.sha256(DATA).hexdigest()

pytestmark = pytest.mark.both


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, one further down, links to both, and a file outside."""
    place = tmp_path / "files"
    (place / "deep" / "er").mkdir(parents=True)
    (place / "report.pdf").write_bytes(DATA)
    (place / "deep" / "er" / "report.pdf").write_bytes(DATA)
    (tmp_path / "outside.pdf").write_bytes(b"outside")
    (place / "link.pdf").symlink_to(place / "report.pdf")
    (place / "way").symlink_to(place / "deep")
    (place / "out").symlink_to(tmp_path)
    return place


@pytest.mark.parametrize("name", ["report.pdf", "./report.pdf", "deep/er/report.pdf", "deep//er/./report.pdf"])
def test_a_regular_file_under_the_root_is_read_and_hashed(folder: Path, name: str) -> None:
    assert read_under(str(folder), name) == (DIGEST, DATA)
    assert read_under(str(folder), str(folder / name)) == (DIGEST, DATA)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../outside.pdf", "is not under"),
        ("deep/../../outside.pdf", "is not under"),
        ("../../etc/passwd", "is not under"),
        ("/etc/passwd", "is not under"),
        ("//host/share", "is not under"),
        ("report.pdf\0", "is not under"),
        ("~/report.pdf", "cannot be read: No such file"),
        ("C:\\report.pdf", "cannot be read: No such file"),
        ("", "is no file"),
        (".", "is no file"),
        ("none.pdf", "cannot be read: No such file"),
        ("deep", "is a folder"),
        ("link.pdf", "is a symbolic link"),
        ("way/er/report.pdf", "a part of way/er/report.pdf is a symbolic link"),
        ("out/outside.pdf", "a part of out/outside.pdf is a symbolic link"),
        ("report.pdf/x", "a part of report.pdf/x is a symbolic link or no folder"),
    ],
)
def test_a_way_out_of_the_root_is_refused(folder: Path, name: str, words: str) -> None:
    with pytest.raises(Fault, match=words.replace("/", ".")) as refused:
        read_under(str(folder), name)
    assert "\n" not in str(refused.value)
    assert refused.value.instead


def test_what_is_no_regular_file_is_refused_without_waiting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for name, words in (("pipe", "a pipe"), ("socket", "a socket")):
            with pytest.raises(Fault, match=f"{name} is {words}, not a regular file"):
                read_under(".", name)
    with pytest.raises(Fault, match="is a device, not a regular file"):
        read_under("/dev", "zero")


def test_a_file_that_is_too_long_is_refused(folder: Path) -> None:
    assert read_under(str(folder), "report.pdf", most=len(DATA))[0] == DIGEST
    with pytest.raises(Fault, match=f"has more than {len(DATA) - 1} bytes"):
        read_under(str(folder), "report.pdf", most=len(DATA) - 1)


def test_what_is_kept_is_what_was_hashed_though_the_file_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.read

    def changing(handle: int, count: int) -> bytes:
        data = read(handle, min(count, 4))
        with (folder / "report.pdf").open("r+b") as file:
            file.seek(8)
            file.write(b"XY")
        return data

    monkeypatch.setattr(os, "read", changing)
    digest, data = read_under(str(folder), "report.pdf")
    assert data == b"the repoXY\n"
    assert digest == hashlib.sha256(data).hexdigest()


@pytest.fixture
def held(log: Log, draft: Callable[..., Any]) -> Log:
    """A log with a document."""
    with log.writing("keeper") as writer:
        writer.append([draft("a", "", event_id="report", kind="document", data={"title": "Autopsy report"})])
    return log


def test_a_file_is_kept_once_and_its_document_says_so(held: Log) -> None:
    done = attach(held, "a", "report", DIGEST, DATA, told=(1, ""))
    assert (done["stored"], done["appended"], done["position"]) == (True, 1, 2)
    assert held.rows("SELECT sha256, size, data FROM blob") == [(bytes.fromhex(DIGEST), len(DATA), DATA)]
    event = list(held.events("a"))[1]
    assert (event.type, event.written["set"]) == ("amend.correct", {"data": {"sha256": DIGEST, "status": "held"}})
    again = attach(held, "a", "report", DIGEST, DATA, told=(2, DIGEST))
    assert (again["stored"], again["appended"], again["already_there"]) == (False, 0, 1)
    assert verify(held).ok


def test_another_file_than_the_record_tells_of_is_refused(held: Log) -> None:
    with pytest.raises(Fault, match=r"is not the document report: .*the record says 00") as refused:
        attach(held, "a", "report", DIGEST, DATA, told=(1, "00" * 32))
    assert "casefold correct a report sha256=" in str(refused.value)
    with pytest.raises(Overtaken):
        attach(held, "a", "report", DIGEST, DATA, told=(0, ""))
    assert held.rows("SELECT count(*) FROM blob") == [(0,)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE blob SET data = CAST('THE REPORT' AS BLOB)", (None, "altered")),
        ("UPDATE blob SET data = CAST(data AS TEXT)", (None, "altered")),
        ("DELETE FROM blob", (2, "missing")),
        ("UPDATE event SET body = CAST(x'ff' AS TEXT) WHERE position = 2", (2, "column")),
    ],
)
def test_an_attachment_altered_or_gone_is_found(held: Log, statement: str, found: tuple[Any, str]) -> None:
    attach(held, "a", "report", DIGEST, DATA, told=(1, ""))
    held.close()
    with closing(sqlite3.connect(held.where, isolation_level=None)) as attacker:
        attacker.execute("DROP TRIGGER blob_never_updated")
        attacker.execute("DROP TRIGGER event_never_updated")
        attacker.execute("DROP TRIGGER blob_never_deleted")
        attacker.execute(statement)
    with open_log(held.where) as log:
        assert found in {(one.position, one.kind) for one in verify(log).problems}
        if "blob" in statement:
            with pytest.raises(NotHeld, match="`casefold verify`"):
                taken_out(log, "a", "report")


def test_a_hash_that_was_only_recorded_asks_for_no_file(held: Log, draft: Callable[..., Any]) -> None:
    data = {"target": "report", "set": {"data": {"sha256": DIGEST}}, "reason": "as the laboratory says"}
    with held.writing("keeper") as writer:
        writer.append([draft("a", "", event_id="c", kind="amend.correct", data=data)])
    assert verify(held).ok


def test_a_file_is_given_out_again(held: Log) -> None:
    attach(held, "a", "report", DIGEST, DATA, told=(1, ""))
    assert taken_out(held, "a", "report") == (DIGEST, DATA)
    with pytest.raises(Fault, match="no file is kept for other of 'a'"):
        taken_out(held, "a", "other")
