"""A file of a batch is read in bounded lines, hashed as it lies there, and unpacked by its name alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
from pathlib import Path

import pytest

from events.batches import lines
from events.batches.lines import BatchFile
from events.errors import BadInput


def read(path: Path) -> list[bytes]:
    with BatchFile(path) as file:
        return list(file.lines())


def decode(path: Path) -> None:
    with BatchFile(path) as file:
        for line in file.lines():
            file.text(line)


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        decode(path)
    (problem,) = refused.value.problems
    return str(problem).removeprefix(f"{path}:").strip()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "batch.jsonl"


def test_lines_come_with_their_ends_and_the_last_may_have_none(place: Path) -> None:
    place.write_bytes(b"a\r\nb\n\nc")
    assert read(place) == [b"a\r\n", b"b\n", b"\n", b"c"]


def test_the_hash_is_of_the_bytes_that_lie_there(tmp_path: Path) -> None:
    packed = tmp_path / "batch.jsonl.gz"
    packed.write_bytes(gzip.compress(b"a\nb\n"))
    with BatchFile(packed) as file:
        assert list(file.lines()) == [b"a\n", b"b\n"]
        assert file.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_a_byte_order_mark_is_dropped_at_the_start_only(place: Path) -> None:
    place.write_bytes(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n")
    assert read(place) == [b"a\n", b"\xef\xbb\xbfb\n"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a\nb\xe9c\n", "2: byte 3 (hex e9) is not UTF-8"),
        (b"a\n\xc0\xafb\n", "2: byte 2 (hex c0) is not UTF-8"),
        ("é\n".encode("utf-16"), "1: byte 0 (hex ff) is not UTF-8 (it looks like UTF-16)"),
        (b"PK\x03\x04\x14\x00a\n", "1: it is a zip archive, or a spreadsheet; unpack it; save a sheet as CSV"),
        (b"x" * (lines.LINE_LIMIT + 1), "1: the line is longer than 1,048,576 bytes"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_offset(place: Path, content: bytes, said: str) -> None:
    place.write_bytes(content)
    assert refusal(place).startswith(said)


def test_the_offset_counts_a_byte_order_mark(place: Path) -> None:
    place.write_bytes(b"\xef\xbb\xbfa\xff\n")
    assert refusal(place).startswith("1: byte 4 (hex ff) is not UTF-8")


def test_a_line_of_exactly_the_limit_is_read(place: Path) -> None:
    place.write_bytes(b"x" * (lines.LINE_LIMIT - 1) + b"\n")
    assert len(read(place)[0]) == lines.LINE_LIMIT


def test_a_line_without_end_is_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": endless}))
    assert refusal(Path("-")).startswith("1: the line is longer")
    assert endless.given <= 2 * lines.LINE_LIMIT


def test_a_packed_file_is_known_by_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "packed.csv").write_bytes(gzip.compress(b"a\n"))
    (tmp_path / "plain.csv.gz").write_bytes(b"a\n")
    assert refusal(tmp_path / "packed.csv") == "1: it is packed by gzip; unpack it, or let its name end in .gz"
    assert "no whole gzip file" in refusal(tmp_path / "plain.csv.gz")


@pytest.mark.parametrize("kept", [0.5, 0.95])
def test_a_packed_file_that_is_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    whole = gzip.compress(b"".join(hashlib.sha256(b"%d" % n).hexdigest().encode() + b"\n" for n in range(2_000)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: int(len(whole) * kept)])
    assert "cut short" in refusal(tmp_path / "a.jsonl.gz")


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(b"".join(b"%d\n" % n for n in range(9_000))))
    whole[-6] ^= 1
    (tmp_path / "a.jsonl.gz").write_bytes(whole)
    assert "no whole gzip file" in refusal(tmp_path / "a.jsonl.gz")


def test_a_bomb_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "GZ_FLOOR", 100_000)
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b"\n" * 3_000_000))
    with BatchFile(tmp_path / "bomb.jsonl.gz") as file, pytest.raises(BadInput, match="it unpacks to more than"):
        for _ in file.lines():
            pass
    assert file.offset < 1_000_000


def test_a_file_that_is_not_there_or_a_folder_is_one_line(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.jsonl") == "there is no such file; check the name"
    assert refusal(tmp_path).startswith("cannot be read:")
