"""A log -> the lines of its replay, at one instant of the log, memory flat. Decides nothing about who may read them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from events.log.database import COLUMNS
from events.log.replays.form import FORM, PIECE, Line, Named, write
from events.log.tree import root_of_log

if TYPE_CHECKING:
    from events.log.read import Log

BESIDE: Final = ("batch", "checkpoint", "timestamp")
"""The tables that follow the events, row by row; attachments come last, in pieces."""
_EVENTS: Final = "SELECT position, body FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
_DISCLOSED: Final = (
    "SELECT position, field, salt, value FROM disclosure WHERE position BETWEEN ? AND ? ORDER BY position, field"
)
_CHUNK: Final = 2_000


def lines_of(log: Log) -> Iterator[bytes]:
    """Give the lines of a log's replay, each with its line end. Everything the log holds is in them, secrets too."""
    digest = hashlib.sha256()
    with log.snapshot():
        for line in _lines(log):
            digest.update(line)
            yield line
    yield write(Line(end=digest.hexdigest())) + b"\n"


def _lines(log: Log) -> Iterator[bytes]:
    size = log.head()[0]
    root = root_of_log(log.rows, size).hex()
    made = Named(
        replay=FORM, origin=log.origin, key=log.key.hex(), created_at=log.created_at, size=size, root=root
    )
    yield write(made) + b"\n"
    for start in range(1, size + 1, _CHUNK):
        yield from _events(log, start, min(start + _CHUNK - 1, size))
    for table in BESIDE:
        names = ", ".join(f'"{name}"' for name in COLUMNS[table])
        for row in log.rows(f"SELECT {names} FROM {table} ORDER BY 1"):
            yield write(Line(table=table, row=tuple(_told(value) for value in row))) + b"\n"
    for digest, length in log.rows("SELECT sha256, size FROM blob ORDER BY 1"):
        yield from _file(log, bytes(digest), length)


def _events(log: Log, start: int, stop: int) -> Iterator[bytes]:
    disclosed: defaultdict[int, list[bytes]] = defaultdict(list)
    for position, field, salt, value in log.rows(_DISCLOSED, (start, stop)):
        disclosed[position].append(b'[%b,"%b",%b]' % (write(field), bytes(salt).hex().encode(), bytes(value)))
    for position, body in log.rows(_EVENTS, (start, stop)):
        with_it = b',"disclosed":[%b]' % b",".join(disclosed[position]) if position in disclosed else b""
        yield b'{"event":%b%b}\n' % (bytes(body), with_it)


def _file(log: Log, digest: bytes, length: int) -> Iterator[bytes]:
    """Give an attachment in pieces, after a line that says its hash and how long it is."""
    yield write(Line(table="blob", row=(b64encode(digest).decode(), length))) + b"\n"
    ((data,),) = log.rows("SELECT data FROM blob WHERE sha256 = ?", (digest,))
    for start in range(0, length, PIECE):
        yield write(Line(piece=bytes(data[start : start + PIECE]))) + b"\n"


def _told(value: Any) -> Any:
    return b64encode(bytes(value)).decode() if isinstance(value, (bytes, memoryview)) else value
