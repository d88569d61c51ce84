"""Whether the time stamps of a log are what its events tell, and whether its times fit them. Reads no body itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

from events.dates.civil import instant_text
from events.errors import Fault, NotHeld, Unavailable
from events.log.auditing.findings import Findings
from events.log.database import Row
from events.log.stamps.signature import check_signature, not_checked
from events.log.stamps.stamp import NOT_REVOKED, SKEW, STAMP_EVENT
from events.log.stamps.token import Stamp, read_token
from events.log.tree import Rows

_AT_OR_AFTER: Final = "SELECT position, recorded_at FROM event WHERE position >= ? ORDER BY position LIMIT 1"
_UPTO: Final = "SELECT position, recorded_at FROM event WHERE position <= ? ORDER BY position DESC LIMIT 1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A time stamp that the log was held against: of which size, from when, told by which position."""

    size: int
    time: str
    token_sha256: str
    position: int
    signature: str


@final
class StampCheck:
    """Holds time stamps against the checkpoints they are of, and the times of events against theirs."""

    def __init__(self, rows: Rows, findings: Findings, roots: Mapping[int, bytes], ca: str) -> None:
        self.stamped: list[Stamped] = []
        self._left = ""
        self._rows = rows
        self._find = findings.add
        self._roots = roots
        self._ca = ca

    @property
    def unknown(self) -> str:
        """Say what could not be known of the stamps; empty where there are none."""
        if self._left:
            return f"the signatures of the time stamps were not checked: {self._left}"
        return f"of the time stamps: {NOT_REVOKED}" if self.stamped else ""

    def run(
        self, changes: Iterable[tuple[int, str, Mapping[str, Any]]], stamps: Sequence[Row], notes: Mapping[int, bytes]
    ) -> None:
        """Look at every stamp that an event tells of; `stamps` are rows of the table, `notes` checkpoints by size."""
        there = {bytes(digest): (size, token) for digest, size, token in stamps if isinstance(digest, bytes)}
        for digest, (_, token) in there.items():
            if not isinstance(token, bytes) or hashlib.sha256(token).digest() != digest:
                self._find(None, "column", f"the time stamp {digest.hex()} is not what its hash says")
        if len(there) < len(stamps):
            self._find(None, "column", "the hash of a time stamp is not stored as bytes")
        for position, kind, data in changes:
            if kind != STAMP_EVENT:
                continue
            name = str(data.get("token_sha256"))
            size, token = there.get(_bytes(name), (None, None))
            if size is None:
                self._find(position, "missing", f"the time stamp {name} is told of, and not there")
            elif isinstance(token, bytes):
                self._hold(position, data, size, token, notes.get(size))

    def _hold(self, position: int, data: Mapping[str, Any], size: int, token: bytes, note: bytes | None) -> None:
        try:
            stamp = read_token(token)
        except Fault as fault:
            self._find(position, "checkpoint", f"the time stamp it tells of cannot be read: {fault}")
            return
        root = self._roots.get(size, b"").hex()
        if (str(data.get("size")), data.get("root")) != (str(size), root):
            self._find(position, "checkpoint", f"tells of a time stamp on another root than the first {size} events")
        if note is None or hashlib.sha256(note).digest() != stamp.imprint:
            self._find(position, "checkpoint", f"the time stamp it tells of is not of the checkpoint of size {size}")
        self._times(position, size, stamp)
        signature = self._signature(position, token, note or b"")
        self.stamped.append(
            Stamped(
                size=size, time=instant_text(stamp.at), token_sha256=str(data.get("token_sha256")), position=position,
                signature=signature,
            )
        )  # fmt: skip

    def _times(self, position: int, size: int, stamp: Stamp) -> None:
        """Find events that cannot have been recorded when they say: the last one stamped, the first one after it.

        Times never decrease from position to position (that is another finding), so these two speak for all.
        """
        at = instant_text(stamp.at)
        for last, recorded in self._rows(_UPTO, (size,)):
            if isinstance(recorded, int) and recorded > stamp.at + SKEW:
                first = self._first_after(stamp.at + SKEW, last)
                words = f"says it was recorded at {instant_text(recorded)}, and was time-stamped at {at}"
                self._find(last, "back-dated", words + (f", as are those from position {first}" * (first < last)))
        for first, recorded in self._rows(_AT_OR_AFTER, (position,)):
            if isinstance(recorded, int) and recorded < stamp.at - SKEW:
                words = f"says it was recorded at {instant_text(recorded)}, after a time stamp of {at} was in the log"
                self._find(first, "back-dated", words)

    def _first_after(self, instant: int, last: int) -> int:
        """Give the first position recorded after an instant, at most `last`; takes a few look-ups."""
        low, high = 1, last
        while low < high:
            middle = (low + high) // 2
            found = self._rows(_AT_OR_AFTER, (middle,))
            low, high = (low, middle) if found and found[0][1] > instant else (middle + 1, high)
        return low

    def _signature(self, position: int, token: bytes, note: bytes) -> str:
        try:
            self._left = not_checked(self._ca)
            if self._left:
                return "not checked"
            check_signature(token, note, self._ca)
        except (NotHeld, Unavailable) as error:
            self._find(position, "signature", str(error))
            return "does not hold"
        return "holds"


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
