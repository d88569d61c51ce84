"""A file that a command writes is there whole or not at all: full disks, kills, links, pipes, modes, other owners."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from events.whole_file import replacing, write_new, write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits, modes and pipes of POSIX")
OLD, NEW = b"what stood there before", b"new " * 4_000
KILLED = """
import os, signal, sys
from pathlib import Path
from events.whole_file import replacing
with replacing(Path(sys.argv[1])) as made:
    made.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
NAMES = """
import sys
from events.whole_file import write_whole
for name in sys.argv[1:]:
    write_whole(name, name.encode())
"""


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    import resource

    was, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, heard)


def report(name: str) -> None:
    from timeline.reports.composing.shape import Report, Section, Words
    from timeline.reports.writing import save

    section = Section(name="answers", title="Key answers", blocks=(Words(text="word " * 2_000),))
    save(Report(title="t", case="c", zone="UTC", sections=(section,)), name)


def chart(name: str) -> None:
    from timeline.charts.chart import Chart
    from timeline.reports.charting import save

    save(Chart(name="c", title="c", alt="c", specify=lambda: {"a": "b" * 9_000}), name)


def answer(name: str) -> None:
    from timeline.reports.again import save
    from timeline.reports.asking import Told

    save(Told(json={"a": "b" * 9_000}), name)


def cohort(name: str) -> None:
    from timeline.kept.cohort_files import write
    from timeline.kept.tables import Column

    write(name, [Column("case", "text", "the case")], ([str(n)] for n in range(9_000)), {})


def export(name: str) -> None:
    from timeline.exports.exporting import placed

    with placed(name) as file:
        file.write(NEW)


@pytest.mark.parametrize(
    ("name", "write"),
    [("f.txt", report), ("f.json", chart), ("f.json", answer), ("f.csv", cohort), ("f.jsonl", export)],
    ids=["report", "chart", "ask --save", "cohort", "export"],
)
def test_a_full_disk_leaves_the_old_file_as_it_was(name: str, write: Callable[[str], None], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(OLD)
    with full_disk(1_000), pytest.raises(OSError, match=name) as fault:
        write(str(path))
    assert fault.value.filename == str(path), "the file that was named, not the one beside it"
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]
    write(str(path))
    assert path.stat().st_size > 5_000


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    from timeline.reports.faults import lines_of

    with full_disk(1_000), pytest.raises(OSError) as fault:  # noqa: PT011 (its words are looked at below)
        write_whole(str(tmp_path / "f"), NEW)
    lines, code = lines_of(fault.value)
    assert code == 2
    assert len(lines) == 1
    advice = "make room for it, or name another place; what stood there is as it was"
    assert lines[0].endswith(f"f: File too large; {advice}")


def test_a_kill_leaves_the_old_file_as_it_was(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(OLD)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == OLD


@pytest.mark.parametrize(("umask", "made"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_the_user_wants_and_a_secret_one_its_own(
    umask: int, made: int, tmp_path: Path
) -> None:
    plain, new, secret = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    old = os.umask(umask)
    try:
        write_whole(str(plain), NEW)
        write_new(str(new), NEW, "-o")
        with replacing(secret, secret=True) as file:
            file.write_bytes(NEW)
    finally:
        os.umask(old)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (plain, new, secret)] == [made, made, 0o600]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o755])
def test_a_file_keeps_its_mode_and_no_secret_is_ever_open(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(OLD)
    path.chmod(mode)
    write_whole(str(path), NEW)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (NEW, mode)
    with replacing(path, secret=True) as made:
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(OLD)
    os.chown(path, 1_234, 2_345)
    path.chmod(0o640)
    write_whole(str(path), NEW)
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1_234, 2_345, 0o640)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("write", [write_whole, lambda name, data: write_new(name, data, "-o")])
def test_a_link_is_followed_and_stays(write: Callable[[str, bytes], None], there: bool, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, middle, link = tmp_path / "far" / "f", tmp_path / "far" / "l", tmp_path / "l"
    middle.symlink_to("f")
    link.symlink_to(Path("far") / "l")
    if there:
        target.write_bytes(OLD if write is write_whole else NEW)
    write(str(link), NEW)
    assert link.is_symlink()
    assert middle.is_symlink()
    assert target.read_bytes() == NEW
    assert sorted(one.name for one in target.parent.iterdir()) == ["f", "l"]


def test_links_in_a_circle_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(str(tmp_path / "a"), NEW)
    with pytest.raises(Fault, match="cannot be written: Too many"):
        write_new(str(tmp_path / "a"), NEW, "-o")


@pytest.mark.parametrize("write", [write_whole, lambda name, data: write_new(name, data, "-o")])
def test_a_pipe_is_written_into(write: Callable[[str, bytes], None], tmp_path: Path) -> None:
    pipe, heard = tmp_path / "f", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write(str(pipe), NEW)
    reader.join(10)
    assert heard == [NEW]
    assert pipe.is_fifo()


def test_the_standard_output_by_its_names_is_written_into(tmp_path: Path, root: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/stdout")
    names = [name for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1") if Path(name).exists()]
    names += [str(link)] if "/dev/stdout" in names else []
    assert said_to_a_pipe([*names, os.devnull], root) == "".join(names).encode()
    assert link.is_symlink()
    assert Path(os.devnull).is_char_device()


def said_to_a_pipe(names: list[str], root: Path) -> bytes:
    """Write each name to itself, in a program whose standard output is a pipe."""
    return subprocess.run(
        [sys.executable, "-c", NAMES, *names], cwd=root, check=True, capture_output=True, timeout=30
    ).stdout


def test_a_folder_a_read_only_file_and_a_database_are_left_alone(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IsADirectoryError) as fault:
        write_whole(str(tmp_path), NEW)
    assert fault.value.filename == str(tmp_path)
    with pytest.raises(FileNotFoundError) as fault_:
        write_whole(str(tmp_path / "no" / "f"), NEW)
    assert fault_.value.filename == str(tmp_path / "no" / "f")
    cli("add", "a", "fact", "text=x")
    before = (cli.folder / "casefold.db").read_bytes()
    said = cli("ask", "a", "chronology", "--save", "casefold.db", code=2).lines
    assert said == ["casefold: casefold.db is a database, and was left as it is; name another file to write"]
    assert (cli.folder / "casefold.db").read_bytes() == before
    path = tmp_path / "f"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_whole(str(path), NEW)
    assert path.read_bytes() == OLD


def test_a_new_file_takes_no_name_that_another_has_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    write_new(str(path), NEW, "-o")
    write_new(str(path), NEW, "-o")
    with pytest.raises(Fault, match="holds something else"):
        write_new(str(path), OLD, "-o")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(Fault, match="holds something else"):
        write_new(str(path), OLD, "-o")
    assert path.read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_whole_or_absent_on_a_full_disk(tmp_path: Path) -> None:
    with full_disk(1_000), pytest.raises(Fault, match="cannot be written: File too large"):
        write_new(str(tmp_path / "f"), NEW, "-o")
    assert not list(tmp_path.iterdir())
