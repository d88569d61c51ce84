"""The lines of a replay: what each holds, as JSON. Reads no log and writes none; docs/interchange.md describes it.

First the log's name, key, size and root; then each event with its leaf byte for byte and the salts and values that are
still disclosed; then what stands beside the events; last the hash of all lines before.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from events.errors import Fault

FORM: Final = 1
"""The version of this form."""
LONGEST: Final = 4 << 20
"""The longest line, in bytes: an event's line of 1 MiB, and what the log adds."""
PIECE: Final = 1 << 20
"""How much of an attachment one line holds, in bytes."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: which log this is, how many events it has, and the root over them (hex)."""

    replay: int
    origin: str
    key: str
    created_at: int
    size: int
    root: str


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Any other line: exactly one of an event, a row of a table beside it, a piece of a file, or the end.

    `disclosed` has path, salt (hex) and value of what is sensitive in the event and was not erased.
    """

    event: msgspec.Raw = msgspec.Raw()
    disclosed: tuple[tuple[str, str, msgspec.Raw], ...] = ()
    table: str = ""
    row: tuple[Any, ...] = ()
    piece: bytes = b""
    end: str = ""


read_named: Final = msgspec.json.Decoder(Named).decode
read_line: Final = msgspec.json.Decoder(Line).decode
write: Final = msgspec.json.Encoder().encode
"""Bytes are base64 in these lines, but for hashes, keys and salts, which are hex."""


def named(line: bytes) -> Named:
    """Read the first line; raises `Fault` where it begins no replay that this program knows."""
    try:
        head = read_named(line)
        bytes.fromhex(head.key + head.root)
    except (msgspec.MsgspecError, ValueError):
        raise Fault("it is no replay of a log", "name a file that `casefold export --format replay` wrote") from None
    if head.replay != FORM:
        raise Fault(f"it is a replay of form {head.replay}", "read it with a newer Casefold")
    return head
