"""What may stand where the log should be: nothing, somebody else's file, another schema, a place not to be written."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from events.errors import Fault, SchemaMismatch, Unavailable
from events.event import Draft
from events.log import open_log, upgrade
from events.log.database import SCHEMAS
from events.log.on_sqlite import file as sqlite_room
from events.log.on_sqlite.file import mount_type
from events.log.opening import database_at

Make = Callable[..., Draft]

pytestmark = pytest.mark.sqlite


def filled(db: str, draft: Make) -> str:
    with open_log(db, mode="write") as log, log.writing("keeper") as writer:
        writer.append([draft("a", "1")])
    return db


def set_schema(db: str, version: str) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


def test_a_missing_log_is_said_and_not_created(db: str) -> None:
    with pytest.raises(Unavailable, match=r"there is no log at .*casefold\.db; `casefold load FILE`") as missing:
        open_log(db)
    assert missing.value.exit_code == 3
    assert not Path(db).exists()


def test_the_first_write_creates_it_for_its_owner_alone(db: str, draft: Make) -> None:
    old = os.umask(0)
    try:
        with open_log(db, mode="write") as log, log.writing("keeper") as writer:
            writer.append([draft("a", "1")])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path(db).parent.iterdir()}
            assert log.created
    finally:
        os.umask(old)
    assert modes == {"casefold.db": 0o600, "casefold.db-wal": 0o600, "casefold.db-shm": 0o600}
    with open_log(db, mode="write") as log:
        assert not log.created
        assert log.origin.startswith("casefold/")
        assert len(log.origin) == len("casefold/") + 32
        assert len(log.key) == 32
    assert [path.name for path in Path(db).parent.iterdir()] == ["casefold.db"]


def test_each_log_has_an_origin_and_a_key_of_its_own(tmp_path: Path) -> None:
    seen = set()
    for name in "abc":
        with open_log(str(tmp_path / name), mode="write") as log:
            seen |= {log.origin, log.key.hex()}
    assert len(seen) == 6


def test_a_rehearsal_leaves_nothing_behind(db: str, draft: Make) -> None:
    with open_log(db, mode="rehearse") as log:
        with log.writing("keeper") as writer:
            writer.append([draft("a", "1")])
        assert log.head()[0] == 1
        assert log.created
        place = Path(log.address)
        assert place.exists()
    assert not place.exists()
    assert not Path(db).exists()


def test_an_empty_file_becomes_a_log_and_reads_as_none(db: str) -> None:
    Path(db).touch(mode=0o600)
    with pytest.raises(Unavailable, match="there is no log"):
        open_log(db)
    with open_log(db, mode="write") as log:
        assert log.created


@pytest.mark.parametrize("mode", ["read", "write"])
def test_other_things_are_left_alone(tmp_path: Path, mode: str) -> None:
    text, foreign, folder = tmp_path / "notes.txt", tmp_path / "other.db", tmp_path / "folder"
    text.write_text("not a database at all, but long enough to be mistaken for one by its first bytes\n" * 20)
    with closing(sqlite3.connect(foreign)) as connection, connection:
        connection.execute("CREATE TABLE event (a)")
    folder.mkdir()
    for path, words in (
        (text, "is not a SQLite database"),
        (foreign, "a database of something else"),
        (folder, "is a folder; name a database file in it"),
    ):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(Unavailable, match=words) as refused:
            open_log(str(path), mode=mode)  # type: ignore[arg-type]
        assert "\n" not in str(refused.value)
        assert not path.is_file() or path.read_bytes() == before


def test_places_that_cannot_hold_a_log(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"there is no folder .*nowhere; create it first"):
        open_log(str(tmp_path / "nowhere" / "a.db"), mode="write")
    (tmp_path / "dangling.db").symlink_to(tmp_path / "gone.db")
    with pytest.raises(Unavailable, match="a symbolic link to nothing"):
        open_log(str(tmp_path / "dangling.db"), mode="write")
    with pytest.raises(Fault, match="mysql:// is no database that Casefold knows; name a SQLite file, or") as refused:
        open_log("mysql://me:secret@host/log")
    assert "secret" not in str(refused.value)


def test_urls_name_files_too(tmp_path: Path, draft: Make) -> None:
    filled(f"sqlite:///{tmp_path}/a.db", draft)
    with open_log(str(tmp_path / "a.db")) as log:
        assert log.head()[0] == 1
    assert database_at("sqlite:////srv/a.db").where == "/srv/a.db"


def test_a_newer_schema_is_refused_and_an_older_one_asks_for_an_upgrade(
    db: str, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(db, draft)
    set_schema(db, "0999")
    for attempt in (lambda: open_log(db), lambda: open_log(db, mode="write"), lambda: upgrade(db)):
        with pytest.raises(SchemaMismatch, match="was written by a newer Casefold") as refused:
            attempt()
        assert refused.value.exit_code == 3
    set_schema(db, "0001")
    for room in ("events.log.database", "events.log.opening"):
        monkeypatch.setattr(f"{room}.SCHEMAS", ("0001", "9998"))
    for attempt in (lambda: open_log(db), lambda: open_log(db, mode="write")):
        with pytest.raises(SchemaMismatch, match="run `casefold db upgrade`"):
            attempt()


def test_upgrading_what_is_up_to_date_changes_nothing(db: str, draft: Make) -> None:
    filled(db, draft)
    before = Path(db).read_bytes()
    assert upgrade(db) == (SCHEMAS[-1], SCHEMAS[-1])
    assert Path(db).read_bytes() == before
    with pytest.raises(Unavailable, match=r"no log at .* to upgrade"):
        upgrade(f"{db}.not")


def test_a_file_that_others_may_read_is_said(db: str, draft: Make) -> None:
    filled(db, draft)
    Path(db).chmod(0o644)
    with open_log(db) as log:
        assert [str(one) for one in log.warnings] == [
            f"{db} can be read by other users of this machine; chmod 600 {db}"
        ]


READ_AS_NOBODY = """
import os, sys
from events.log import open_log
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with open_log(sys.argv[1]) as log:
    print(log.head()[0], *(one.what for one in log.warnings), sep="|")
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_a_folder_that_may_not_be_written_is_read_as_it_stands(draft: Make) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        db = filled(str(folder / "casefold.db"), draft)
        Path(db).chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_AS_NOBODY, db],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        folder.chmod(0o755)
    assert done.stderr == ""
    head, *warnings = done.stdout.strip().split("|")
    assert head == "1"
    assert any("read as a file that nobody changes" in one for one in warnings)


def test_a_network_drive_gets_no_wal_and_a_warning(db: str, draft: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(db, draft)
    monkeypatch.setattr(sqlite_room, "mount_type", lambda _: "nfs4")
    with open_log(db, mode="write") as log:
        assert log.rows("PRAGMA journal_mode") == [("delete",)]
        assert "is on a network drive" in log.warnings[0].what
        with log.writing("keeper") as writer:
            writer.append([draft("a", "2")])
    monkeypatch.setattr(sqlite_room, "mount_type", lambda _: "ext4")
    with open_log(db, mode="write") as log:
        assert (log.rows("PRAGMA journal_mode"), log.head()[0], log.warnings) == ([("wal",)], 2, ())


def test_the_longest_mount_point_above_a_path_is_its_own(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nhost:/x /mnt nfs4 rw 0 0\n/dev/b /mnt/my\\040disk xfs rw 0 0\nbroken\n")
    kinds = [
        mount_type(path, str(mounts)) for path in ("/etc/a.db", "/mnt/a.db", "/mnt/my disk/a.db", "/mntother/a.db")
    ]
    assert kinds == ["ext4", "nfs4", "xfs", "ext4"]
    assert mount_type("/etc/a.db", str(tmp_path / "none")) == ""


def test_a_damaged_file_is_said_in_one_line(db: str, draft: Make) -> None:
    filled(db, draft)
    whole = Path(db).read_bytes()
    Path(db).write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    with pytest.raises(Unavailable, match=r"is damaged|a database of something else") as refused:
        open_log(db).head()
    assert "\n" not in str(refused.value)
