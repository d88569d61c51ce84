"""Whether the rows are such as Casefold writes, looked at only when something has failed over them. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.errors import Unavailable
from events.log.database import Row

if TYPE_CHECKING:
    from events.log.tree import Rows

FAILURES: Final = (
    AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError, msgspec.MsgspecError,
)  # fmt: skip
"""What reading a row that nobody of ours wrote may end in."""
CHUNK: Final = 2_000
_OPEN: Final = (int, type(None))
_KINDS: Final[Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "log": ('origin, "key", created_at', (str, bytes, int)),
    "cases": ("id, name", (int, str)),
    "event_types": ("id, name, version", (int, str, int)),
    "batch": (
        'n, sha256, name, map_sha256, "first", "last", loaded_at, actor', (int, str, str, str, int, int, int, str),
    ),
    "tile": ('level, "index", hash', (int, int, bytes)),
    "checkpoint": ("size, root, note, created_at", (int, bytes, bytes, int)),
    "timestamp": ("token_sha256, size, token, received_at", (bytes, int, bytes, int)),
}  # fmt: skip
_EVENTS: Final = (
    "SELECT position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"
    " FROM event WHERE position > ? ORDER BY position LIMIT ?"
)
_EVENT: Final = (int, int, int, str, int, _OPEN, _OPEN, int, bytes, bytes)
_DISCLOSURES: Final = "SELECT position, field, salt, value FROM disclosure WHERE position BETWEEN ? AND ?"
_DISCLOSURE: Final = (int, str, bytes, bytes)
_FIRST: Final = -(2**63)


def damaged(rows: Rows) -> str:
    """Say where the first row stands that Casefold cannot have written; empty where there is none."""
    try:
        return next(_found(rows), "")
    except Unavailable as error:
        return f"it cannot be read to the end ({error})"


def _found(rows: Rows) -> Iterator[str]:
    for table, (columns, kinds) in _KINDS.items():
        for n, row in enumerate(rows(f"SELECT {columns} FROM {table}", ()), 1):
            if not _fits(row, kinds) or (table == "checkpoint" and not _is_text(row[2])):
                yield f"row {n} of the table {table}"
    last = _FIRST
    while events := rows(_EVENTS, (last, CHUNK)):
        for row in events:
            if not _fits(row, _EVENT) or not _is_object(row[8]):
                yield f"the event at position {row[0]}"
        first, last = events[0][0], events[-1][0]
        for row in rows(_DISCLOSURES, (first, last)):
            if not _fits(row, _DISCLOSURE) or not _is_json(row[3]):
                yield f"a disclosed value of position {row[0]}"
        if last >= -_FIRST - 1:
            yield f"the event at position {last}"


def _fits(row: Row, kinds: tuple[Any, ...]) -> bool:
    return all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True))


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _is_object(data: bytes) -> bool:
    try:
        msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
