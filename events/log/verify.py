"""Whether a log is what it was: everything that can be checked from inside, and against checkpoints from outside.

Changes nothing and repairs nothing; reads the log in one snapshot and one pass, whatever its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from events.errors import Fault, NotHeld, Unavailable
from events.log.auditing import guards
from events.log.auditing.audit import Audit
from events.log.auditing.findings import Finding, Findings
from events.log.checkpoints import read_note, trusted_keys
from events.log.database import Row
from events.log.notes import Checkpoint, VerifyingKey, open_note
from events.log.stamps.check import StampCheck, Stamped
from events.log.tree import Rows

if TYPE_CHECKING:
    from events.log.read import Log

STORED: Final = "the log itself"
ALONE: Final = (
    "no checkpoint from outside was given: whoever can write the database, and holds the key if there is one, could"
    " have made all of it anew, cut its end off, or put an older copy in its place; compare with a checkpoint that has"
    " left this machine (--checkpoint FILE)"
)
UNSIGNED: Final = "signature not checked: no key was given (--vkey FILE) and none lies beside the database"
BEYOND: Final = (
    "nothing after position {size}, the newest checkpoint from outside, is held by anything that has left this machine"
)
_FILE: Final = "SELECT data FROM blob WHERE sha256 = ? AND typeof(data) = 'blob'"
NEVER: Final = "that what was recorded is true, or that everything was recorded, no log can show"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A checkpoint that the log was held against: whence, and the ids of the trusted keys that signed it."""

    origin: str
    size: int
    root: str
    signed_by: tuple[str, ...] = ()
    signature: str = "not checked"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A value that was erased as the log says: of which event, by which event."""

    case: str
    id: str
    position: int
    field: str
    by: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification found; `unknown` says what it could not know."""

    size: int
    root: str
    problems: tuple[Finding, ...]
    checked_against: tuple[Against, ...]
    redacted: tuple[Redacted, ...]
    stamps: tuple[Stamped, ...]
    unknown: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything held."""
        return not self.problems


def verify(
    log: Log,
    *,
    checkpoints: Sequence[tuple[str, bytes]] = (),
    keys: Iterable[VerifyingKey] = (),
    ca: str = "",
) -> Verified:
    """Verify an open log against itself and these checkpoints (`(name, note)`), with the keys that are trusted.

    `ca` is the file of certificates (PEM) that those of time-stamping authorities must lead to.
    Raises `Fault` where a checkpoint given is none.
    """
    given = [(name, note, *read_note(note, name)) for name, note in checkpoints]
    with log.snapshot():
        return _Verification(log.rows, log.origin, tuple(keys), log.address, ca).run(given)


def verify_rows(rows: Rows, origin: str) -> Verified:
    """Verify what one transaction sees, committed or not, against itself alone."""
    return _Verification(rows, origin, ()).run(())


@final
class _Verification:
    def __init__(self, rows: Rows, origin: str, keys: tuple[VerifyingKey, ...], where: str = "", ca: str = "") -> None:
        self._ca = ca
        self._where = where
        self._rows = rows
        self._origin = origin
        self._pinned = keys
        self._findings = Findings()
        self._against: list[Against] = []

    def run(self, given: Sequence[tuple[str, bytes, Checkpoint, bool]]) -> Verified:
        guards.look(self._rows, self._findings)
        stored = self._stored()
        sizes = {one.size for _, _, one, _ in given} | {one.size for _, _, one, _ in stored}
        audit = Audit(self._rows, self._origin, sizes, self._findings)
        audit.run(self._where)
        self._tiles(audit)
        self._ends(audit.edge.size)
        redacted = self._gone(audit)
        keys = trusted_keys(self._pinned, (data for _, kind, data in audit.changes if kind == "log.key"), self._origin)
        for each in (*stored, *given):
            self._hold(audit, keys, *each)
        self._attachments(audit)
        stamps = StampCheck(self._rows, self._findings, audit.roots, self._ca)
        rows = self._read("timestamp", "token_sha256, size, token")
        stamps.run(audit.changes, rows, {one.size: note for _, note, one, _ in stored})
        return Verified(
            size=audit.edge.size,
            root=audit.edge.root.hex(),
            problems=self._findings.sorted(),
            checked_against=tuple(self._against),
            redacted=redacted,
            stamps=tuple(stamps.stamped),
            unknown=self._unknown(audit.edge.size, [one.size for _, _, one, _ in given], stamps.unknown),
        )

    def _read(self, table: str, columns: str) -> list[Row]:
        """Give a table in the order of its first column; one that cannot be read is a finding."""
        try:
            return self._rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2", ())
        except Unavailable as error:
            self._findings.add(None, "column", f"the table {table} cannot be read: {error}")
            return []

    # Checkpoints.

    def _stored(self) -> list[tuple[str, bytes, Checkpoint, bool]]:
        """Read the log's own checkpoints; what cannot be read is a finding."""
        made = []
        for size, root, note in self._read("checkpoint", "size, root, note"):
            try:
                read, signed = read_note(note if isinstance(note, bytes) else b"")
            except Fault as fault:
                self._findings.add(None, "checkpoint", f"the checkpoint of size {size} cannot be read: {fault}")
                continue
            if (read.size, read.root) != (size, root):
                self._findings.add(None, "checkpoint", f"the checkpoint of size {size} does not say what its row says")
            made.append((STORED, note, read, signed))
        return made

    def _hold(
        self, audit: Audit, keys: set[VerifyingKey], name: str, note: bytes, made: Checkpoint, signed: bool
    ) -> None:
        """Hold the log against one checkpoint, and its signature against the keys."""
        where = f"the checkpoint of size {made.size} ({name})"
        if made.origin != self._origin:
            self._findings.add(None, "checkpoint", f"{where} is of the log {made.origin}, and this is {self._origin}")
        elif made.size > audit.edge.size:
            self._findings.add(
                audit.edge.size + 1, "missing", f"{where} holds {made.size} events, and the log {audit.edge.size}"
            )
            self._findings.add(None, "checkpoint", f"{where} is of more events than there are")
        elif audit.roots[made.size] != made.root:
            self._findings.add(None, "checkpoint", f"{where} has another root than the first {made.size} events")
        by, words = self._signature(keys, note, signed, where)
        self._against.append(Against(origin=name, size=made.size, root=made.root.hex(), signed_by=by, signature=words))

    def _signature(self, keys: set[VerifyingKey], note: bytes, signed: bool, where: str) -> tuple[tuple[str, ...], str]:
        if not signed:
            return (), "none"
        if not keys:
            return (), "not checked"
        try:
            return tuple(sorted(key.id for key in open_note(note, keys).signed_by)), "holds"
        except (NotHeld, Fault) as error:
            self._findings.add(None, "signature", f"{where}: {error}")
            return (), "does not hold"

    # The rest of the rows.

    def _tiles(self, audit: Audit) -> None:
        """Hold the tile rows against the tiles of the events that are there."""
        there = {(level, index): made for level, index, made in self._read("tile", 'level, "index", hash')}
        for tile in audit.tiles:
            found = there.pop((tile.level, tile.index), None)
            if found != tile.hash:
                first = tile.index * 256**tile.level + 1
                words = "is gone" if found is None else "is not that of the events there"
                span = f"positions {first} to {first + 256**tile.level - 1}"
                self._findings.add(None, "tile", f"the tile {tile.index} of level {tile.level} ({span}) {words}")
        for level, index in there:
            self._findings.add(None, "tile", f"the tile {index} of level {level} is of no full block of events")

    def _ends(self, size: int) -> None:
        """Hold what is written down of loads against how many events there are."""
        last = 0
        for n, (number, first, end) in enumerate(self._read("batch", 'n, "first", "last"'), 1):
            if number != n:
                self._findings.add(None, "missing", f"there is no batch {n}")
                return
            if not isinstance(first, int) or not isinstance(end, int) or not last < first <= end:
                self._findings.add(None, "column", f"the batch {n} says that it is positions {first} to {end}")
            elif end > size:
                self._findings.add(size + 1, "missing", f"the batch {n} goes to position {end}, and the log to {size}")
            last = end if isinstance(end, int) else last

    def _gone(self, audit: Audit) -> tuple[Redacted, ...]:
        """Find values that are gone without a redaction, or there in spite of one; give those that were redacted."""
        made = []
        for position, path, case, event_id in audit.gone:
            by = _redaction(audit, case, event_id, path, position)
            if by:
                made.append(Redacted(case=case, id=event_id, position=position, field=path, by=by))
            else:
                self._findings.add(position, "disclosure", f"the value of {path} is gone, and no event redacts it")
        for position, path, case, event_id in audit.still:
            if by := _redaction(audit, case, event_id, path, position):
                words = f"the value of {path} is there, though position {by} redacted it; `casefold redact --apply`"
                self._findings.add(position, "disclosure", words)
        return tuple(made)

    def _attachments(self, audit: Audit) -> None:
        """Hold attachments against their hashes, and against the corrections that say that they are here."""
        there = set()
        for digest, size in self._read("blob", "sha256, size"):  # one at a time: they may be long
            there.add(_hex(digest))
            data = next((data for (data,) in self._rows(_FILE, (digest,))), None)
            if data is None or hashlib.sha256(data).digest() != digest or len(data) != size:
                self._findings.add(None, "altered", f"the attachment {_hex(digest)} is not what its hash says")
        for position, digest in audit.attached:
            if digest not in there:
                self._findings.add(position, "missing", f"the attachment {digest} is told of, and not there")

    def _unknown(self, size: int, outside: Sequence[int], stamps: str) -> tuple[str, ...]:
        """Say what could not be known, even if everything held."""
        unknown = [] if outside else [ALONE]
        if outside and max(outside) < size:
            unknown.append(BEYOND.format(size=max(outside)))
        if any(one.signature == "not checked" for one in self._against):
            unknown.append(UNSIGNED)
        if stamps:
            unknown.append(stamps)
        return (*unknown, NEVER)


def _redaction(audit: Audit, case: str, event_id: str, path: str, position: int) -> int:
    """Give the position of the event that redacts a field; 0 for none."""
    made = audit.redactions.get((case, event_id), ())
    return next((by for by, paths in made if path in paths and by > position), 0)


def _hex(digest: Any) -> str:
    return digest.hex() if isinstance(digest, bytes) else str(digest)
