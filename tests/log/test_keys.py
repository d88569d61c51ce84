"""Key files: for their owner alone, never overwritten, never told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from events.errors import Fault
from events.log.keys import KEY_BYTES, read_key, read_verifying_key, write_key
from events.log.notes import new_key

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casefold.db.key"


def test_a_key_comes_back_and_lies_as_one_standard_line(path: Path) -> None:
    key = new_key("casefold/0f")
    write_key(path, key)
    assert read_key(path) == key
    assert path.read_text("utf-8") == f"{key.secret_text}\n"
    assert key.secret_text.startswith(f"PRIVATE+KEY+casefold/0f+{key.verifying.id}+")


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_a_new_key_is_its_owners_alone(path: Path, umask: int) -> None:
    was = os.umask(umask)
    try:
        write_key(path, new_key("one"))
    finally:
        os.umask(was)
    assert path.stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
def test_a_key_that_others_could_have_read_is_refused(path: Path, mode: int) -> None:
    write_key(path, new_key("one"))
    path.chmod(mode)
    with pytest.raises(Fault, match=rf"mode {mode:04o}\); chmod 600"):
        read_key(path)
    path.chmod(0o400)
    assert read_key(path).name == "one"


def test_a_key_is_never_overwritten(path: Path) -> None:
    key = new_key("one")
    write_key(path, key)
    with pytest.raises(Fault, match="never overwritten"):
        write_key(path, new_key("two"))
    assert read_key(path) == key


@posix
def test_a_link_is_not_written_through(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere")
    with pytest.raises(Fault, match="never overwritten"):
        write_key(path, new_key("one"))


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"PRIVATE+KEY+one\n", b"\xff", b"a" * (KEY_BYTES + 1)],
    ids=["empty", "line", "cut", "utf8", "long"],
)
def test_a_file_that_holds_no_key_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
    for read in (read_key, read_verifying_key):
        with pytest.raises(Fault):
            read(path)


def test_two_keys_in_one_file_are_refused(path: Path) -> None:
    path.write_text(f"{new_key('one').secret_text}\n{new_key('two').secret_text}\n", "utf-8")
    path.chmod(0o600)
    with pytest.raises(Fault, match="one line"):
        read_key(path)


def test_a_verifying_key_is_read_whoever_may_read_it(path: Path) -> None:
    key = new_key("one").verifying
    path.write_text(f"{key}\n", "utf-8")
    path.chmod(0o644)
    assert read_verifying_key(path) == key


def test_a_missing_key_says_how_one_is_made(path: Path) -> None:
    with pytest.raises(Fault, match="casefold key new"):
        read_key(path)
    with pytest.raises(Fault, match="cannot be written"):
        write_key(path / "below", new_key("one"))


@posix
def test_a_folder_or_a_pipe_is_no_key_and_is_not_waited_for(path: Path) -> None:
    with pytest.raises(Fault):
        read_key(path.parent)
    os.mkfifo(path, 0o600)
    with pytest.raises(Fault, match="is not a file"):
        read_key(path)
