"""Opens one file of a batch and gives its lines: bounded, hashed, unpacked by name. Guesses no encoding."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NoReturn, Self, final

from events.errors import BadInput, Problem, reason

LINE_LIMIT: Final = 1 << 20
"""The longest line (and the longest CSV record) that is read, in bytes."""
GZ_RATIO: Final = 200
"""How many times its own size a `.gz` file may unpack to; real tables reach 10 to 50."""
GZ_FLOOR: Final = 64 << 20
"""What any `.gz` file may unpack to, in bytes, however small it is."""
GZ_CEILING: Final = 64 << 30
"""What no `.gz` file may unpack to, in bytes, however large it is."""
BOM: Final = b"\xef\xbb\xbf"
_CHUNK: Final = 1 << 18
_ARCHIVES: Final = (
    (b"\x1f\x8b", "it is packed by gzip", "unpack it, or let its name end in .gz"),
    (b"PK\x03\x04", "it is a zip archive, or a spreadsheet", "unpack it; save a sheet as CSV"),
)
"""How files begin that are often taken for what is in them."""


@final
class _Hashed(io.RawIOBase):
    """A raw stream that hashes what passes through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._inner.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.digest.update(chunk)
        return len(chunk)


def _text(name: str) -> str:
    """Give a file's name as text that can be kept: bytes of it that are no UTF-8 are written out as numbers."""
    return name.encode("utf-8", "backslashreplace").decode()


@final
class BatchFile:
    """One file of a batch, opened; `-` is the standard input. A name that ends in `.gz` is unpacked, up to a limit.

    `shown` is the name that problems carry, `name` the one the log keeps (without its folder). Faults of the file as a
    whole (missing, cut short, not UTF-8, a line without end) raise `BadInput`: no row after them could be trusted, so
    that they stop a load also where it has a quarantine.
    """

    def __init__(self, path: Path | str) -> None:
        self.shown = _text(str(path))
        self.name = "-" if self.shown == "-" else _text(Path(path).name)
        self.packed = self.name.casefold().endswith(".gz")
        self.line = 0
        self.offset = 0
        try:
            self._inner = sys.stdin.buffer if self.shown == "-" else Path(path).open("rb", buffering=0)  # noqa: SIM115
            size = os.fstat(self._inner.fileno()).st_size if self.packed else 0
        except FileNotFoundError:
            self.refuse("there is no such file", "check the name", line=0)
        except OSError as error:
            self.refuse(f"cannot be read: {reason(error)}", "give a file that can be read", line=0)
        self._limit = min(GZ_CEILING, max(GZ_FLOOR, GZ_RATIO * size)) if self.packed else sys.maxsize
        self._hashed = _Hashed(self._inner)
        plain = io.BufferedReader(self._hashed, _CHUNK)
        self._stream: IO[bytes] = io.BufferedReader(gzip.GzipFile(fileobj=plain), _CHUNK) if self.packed else plain

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown != "-":
            self._inner.close()

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of the file's bytes as they lie there (packed ones as packed), of what was read so far."""
        return self._hashed.digest.hexdigest()

    def refuse(self, what: str, instead: str, *, line: int | None = None) -> NoReturn:
        """Raise `BadInput` for the file as a whole, at its current line unless another is given."""
        at = self.line if line is None else line
        raise BadInput((Problem(file=self.shown, line=at, what=what, instead=instead),))

    def lines(self, longest: int = LINE_LIMIT) -> Iterator[bytes]:
        """Give each line with its line end, after an optional byte-order mark; `line` and `offset` say where it stands.

        `line` counts from 1; `offset` is the (unpacked) byte after the line. At most `longest` bytes are ever held.
        """
        readline = self._stream.readline
        try:
            while line := readline(longest + 1):
                self.line += 1
                self.offset += len(line)
                if len(line) > longest:
                    self.refuse(
                        f"the line is longer than {longest:,} bytes",
                        "write one event a line, or attach the document",
                    )
                if self.offset > self._limit:
                    self.refuse(
                        f"it unpacks to more than {self._limit:,} bytes",
                        "unpack it, look at it, and load the plain file",
                    )
                if self.line == 1:
                    line = self._begin(line)
                if line:
                    yield line
        except EOFError:
            self.refuse("the packed file is cut short", "fetch it again", line=self.line + 1)
        except (gzip.BadGzipFile, zlib.error) as error:
            self.refuse(
                f"it is no whole gzip file ({error})", "fetch it again, or drop `.gz` from the name of a plain file"
            )
        except OSError as error:
            self.refuse(f"cannot be read: {reason(error)}", "give a file that can be read")

    def _begin(self, line: bytes) -> bytes:
        """Give the first line without a byte-order mark; raises `BadInput` where the file is an archive."""
        for mark, what, instead in _ARCHIVES:
            if line.startswith(mark):
                self.refuse(what, instead)
        return line.removeprefix(BOM)

    def text(self, line: bytes, encoding: str = "utf-8") -> str:
        """Decode the line that was given last; raises `BadInput` with the offset of the first wrong byte (from 0)."""
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            at = self.offset - len(line) + error.start
            wide = line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line
            looks = " (it looks like UTF-16)" if wide else ""
            self.refuse(
                f"byte {at} (hex {line[error.start]:02x}) is not {encoding.upper()}{looks}",
                "save the file as UTF-8, or for a CSV declare its encoding in a mapping",
            )
