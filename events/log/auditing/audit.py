"""One pass over the events by position: bytes, copies, chains, disclosures, tree. Knows no checkpoint and no key.

A chunk that holds is compared at once, list by list (`look`); only one that does not is looked at row by row, to name
what is wrong. The bodies are the truth: the tree is built from their hashes, never from stored ones.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final, final

from events.errors import Unavailable
from events.log.attach import attached_digest
from events.log.auditing.findings import Findings
from events.log.auditing.look import DISCLOSED, UNREADABLE, Asked, Looked, Looker, Sealed
from events.log.auditing.sharing import looked_at, size_of
from events.log.database import Row
from events.log.merkle import Frontier, Tile
from events.log.proofs.bodies import Body, canonical, data_of, number, opens, read_body, target_of
from events.log.tree import Rows

REDACT: Final = "amend.redact"
CORRECT: Final = "amend.correct"
CHANGES: Final = frozenset({"log.key", "log.stamp"})
PIECE = 512
"""Events looked at together where something does not hold."""

_EVENTS: Final = (
    "SELECT position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"
    " FROM event WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?"
)
_GUARDED: Final = (
    "SELECT position, "
    + ", ".join(
        f"iif(typeof({name}) IN ('integer', 'null'), {name}, 'no number')" for name in ("case_id", "case_position")
    )
    + ", iif(typeof(event_id) = 'text', CAST(event_id AS BLOB), NULL), "
    + ", ".join(
        f"iif(typeof({name}) IN ('integer', 'null'), {name}, 'no number')"
        for name in ("type_id", "earliest", "latest", "recorded_at")
    )
    + ", iif(typeof(body) = 'blob', body, NULL), iif(typeof(leaf_hash) = 'blob', leaf_hash, NULL)"
    " FROM event WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?"
)
"""The same, where a value is stored as a type that it should not have, and cannot even be fetched."""
_REDACTING: Final = (
    "SELECT body FROM event WHERE typeof(body) = 'blob' AND type_id IN (SELECT id FROM event_types WHERE name = ?)"
)
_NOTHING: Final = bytes(32)
_FIRST: Final = ("",)
_FAR: Final = 1_000_000
"""A position so far beyond the last is not counted up to."""
_LAST: Final = 2**63 - 1
_sha256: Final = hashlib.sha256


@final
class Audit:
    """Looks at every event once; what it learns on the way is there when `run` is over."""

    def __init__(self, rows: Rows, origin: str, sizes: Iterable[int], findings: Findings) -> None:
        self.edge = Frontier()
        self.tiles: list[Tile] = []
        self.roots: dict[int, bytes] = {}
        self.gone: list[tuple[int, str, str, str]] = []
        self.still: list[tuple[int, str, str, str]] = []
        self.redactions: defaultdict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        self.changes: list[tuple[int, str, dict[str, Any]]] = []
        self.attached: list[tuple[int, str]] = []
        self._rows = rows
        self._origin = origin
        self._find = findings.add
        self._sizes = sorted(set(sizes), reverse=True)
        self._names: dict[Any, Any] = dict(self.readable("cases", "SELECT id, name FROM cases"))
        kinds = self.readable("event_types", "SELECT id, name, version FROM event_types")
        self._kinds = {number: (name, version) for number, name, version in kinds}
        own = frozenset(number for number, (name, _) in self._kinds.items() if name in {REDACT, CORRECT, *CHANGES})
        self._counts: defaultdict[Any, int] = defaultdict(int)
        self._heads: dict[Any, tuple[str, ...]] = {}
        self._lasts: dict[Any, int] = {}
        self._recorded = -(2**63)
        self._used: set[Any] = set()
        self._erased: frozenset[str] = self._redacted_ids()
        self._asked = Asked(
            origin,
            {number: name for number, name in self._names.items() if type(name) is str},
            {number: name for number, (name, _) in self._kinds.items() if type(name) is str},
            {number: version for number, (_, version) in self._kinds.items() if type(version) is int},
            own,
            frozenset(self._sizes),
            self._erased,
        )
        self._looker = Looker(rows, self._asked)

    def run(self, where: str = "") -> None:
        """Look at all of them; at a long log with other processes, where the place of the log is given."""
        self._note_roots(0)
        if size := size_of(self._rows):
            with closing(looked_at(where, size, self._looker, self._asked)) as chunks:
                for start, stop, looked in chunks:
                    self._chunk(start, stop, looked)
        else:
            self._among_gaps()
        self._unowned()

    def _among_gaps(self) -> None:
        first = -_LAST - 1
        while first <= _LAST and (rows := self._between(first, _LAST)):
            last = rows[-1][0]
            first = last + 1
            start = self.edge.size + 1
            whole = rows[0][0] == start and last - start + 1 == len(rows)
            self._chunk(start, max(last, start), self._looker.look(start, last) if whole else None, rows)

    def _chunk(self, start: int, stop: int, looked: Looked | None, rows: Sequence[Row] = ()) -> None:
        """Move on past a chunk: at once if it holds, else in pieces, and past one that does not hold row by row."""
        if looked is not None and self._whole(looked):
            if not looked.disclosed:
                self._values(looked.sealed, start, stop)
        elif rows or stop - start < PIECE:
            disclosed = self._disclosed(start, stop)
            self._one_by_one(rows or self._between(start, stop), disclosed)
            self._leftover(disclosed)
        else:
            for first in range(start, stop + 1, PIECE):
                last = min(first + PIECE - 1, stop)
                self._chunk(first, last, self._looker.look(first, last))

    def _between(self, start: int, stop: int) -> Sequence[Row]:
        """Give a piece of the rows at least from `start`, at most to `stop`."""
        try:
            return self._rows(_EVENTS, (start, stop, PIECE))
        except Unavailable:
            rows = self._rows(_GUARDED, (start, stop, PIECE))
            return [(*row[:3], row[3].decode("utf-8", "replace") if row[3] else row[3], *row[4:]) for row in rows]

    def readable(self, table: str, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
        """Give rows of a table beside the events; one that cannot be read is a finding."""
        try:
            return self._rows(sql, parameters)
        except Unavailable as error:
            self._find(None, "column", f"the table {table} cannot be read: {error}")
            return []

    # A chunk that holds.

    def _whole(self, looked: Looked) -> bool:
        """Move on past a chunk whose events hold for themselves; False, and nothing moved, where its chains do not."""
        if looked.first_recorded < self._recorded or not self._chained(looked):
            return False
        self._recorded = looked.last_recorded
        self._used |= looked.kinds
        self._note_own([read_body(text) for text in looked.own])
        self.tiles += self.edge.add_blocks(looked.blocks)
        self._follow(looked.leaves)
        return True

    def _chained(self, looked: Looked) -> bool:
        """Whether each case goes on from where it was; moves on only if all do."""
        counts, heads, lasts = self._counts, self._heads, self._lasts
        for case, (count, prev, _, _, _) in looked.cases.items():
            if count != counts.get(case, 0) + 1 or prev not in heads.get(case, _FIRST):
                return False
        for case, (_, _, told, leaf, position) in looked.cases.items():
            counts[case], heads[case], lasts[case] = told, (leaf,), position
        return True

    # A chunk that does not.

    def _one_by_one(self, rows: Sequence[Row], disclosed: dict[tuple[int, str], Row]) -> None:
        for row in rows:
            position, text = row[0], _as_bytes(row[8])
            if position < 1:
                self._find(position, "inserted", "stands before the first position")
                continue
            if position > self.edge.size + _FAR:
                self._find(position, "inserted", "stands far beyond the last event")
                continue
            while self.edge.size + 1 < position:
                self._find(self.edge.size + 1, "missing", "there is no event")
                self._follow([_NOTHING])
            leaf = _NOTHING if text is None else _sha256(b"\x00" + text).digest()
            self._follow([leaf])
            body = self._read(row, text, leaf)
            if body is not None:
                self._compare(row, body)
                self._chain(row, body, leaf)
                self._disclosures([(position, body.case, body.id, body.sd)], disclosed)
                self._note_own([body])
            self._used.add(row[4])

    def _read(self, row: Row, text: bytes | None, leaf: bytes) -> Body | None:
        position, stored = row[0], row[9]
        if not isinstance(row[8], bytes):
            self._find(position, "column", "its text is not stored as bytes")
        if not isinstance(stored, bytes):
            self._find(position, "column", "its hash is not stored as bytes")
        if text is None:
            return None
        if leaf != stored:
            self._find(position, "altered", "its text does not give its hash")
        try:
            body = read_body(text)
            if not canonical(body, text):
                self._find(position, "altered", "its text is not in canonical form")
        except UNREADABLE as error:
            self._find(position, "altered", f"its text cannot be read: {error}")
            return None
        return body

    def _compare(self, row: Row, body: Body) -> None:
        """Hold the columns against the text, and the text against its place."""
        position, case, count, event_id, kind, earliest, latest, recorded, _, leaf = row
        if body.position != position:
            self._misplaced(position, body, leaf)
        elif body.recorded_at < self._recorded:
            self._find(position, "back-dated", "was recorded before the event in front of it")
        else:  # one of the two altered to be later makes nothing after it back-dated
            self._recorded = min(body.recorded_at, recorded) if type(recorded) is int else body.recorded_at
        if body.v != 1:
            self._find(position, "altered", f"is of leaf version {body.v}")
        columns = (
            ("case", self._names.get(case), body.case),
            ("case_position", count, body.case_position),
            ("id", event_id, body.id),
            ("type", self._kinds.get(kind), (body.type, body.version)),
            ("earliest", earliest, number(body.earliest)),
            ("latest", latest, number(body.latest)),
            ("recorded_at", recorded, body.recorded_at),
            ("log", self._origin, body.log),
        )
        for name, column, told in columns:
            if column != told:
                self._find(position, "column", f"its {name} stands as {column!r} in the table, as {told!r} in its text")

    def _misplaced(self, position: int, body: Body, leaf: object) -> None:
        own = self._rows("SELECT leaf_hash FROM event WHERE position = ?", (body.position,))
        if own and own[0][0] == leaf:
            self._find(position, "inserted", f"is a copy of position {body.position}")
        else:
            self._find(position, "reordered", f"its text says that it is position {body.position}")

    def _chain(self, row: Row, body: Body, leaf: bytes) -> None:
        case, position, stored = row[1], row[0], row[9]
        before = self._lasts.get(case, 0)
        if body.case_position != self._counts[case] + 1:
            words = f"is number {body.case_position} of its case, after number {self._counts[case]}"
            self._find(position, "chain", words)
        elif body.prev not in self._heads.get(case, ("",)):
            words = f"is not the event that position {position}, the next of its case, followed: one was altered"
            self._find(before or position, "chain", words if before else "follows an event that is not there")
        self._counts[case] = body.case_position
        also = (stored.hex(),) if isinstance(stored, bytes) else ()
        self._heads[case] = (leaf.hex(), *also)
        self._lasts[case] = position

    # Disclosures and the log's own events.

    def _disclosed(self, start: int, stop: int) -> dict[tuple[int, str], Row]:
        return {(row[0], row[1]): row[2:] for row in self.readable("disclosure", DISCLOSED, (start, stop))}

    def _disclosures(self, sealed: Iterable[Sealed], there: dict[tuple[int, str], Row]) -> None:
        """Take what is disclosed of these events out of `there`, checked; remember what is gone."""
        take, erased = there.pop, self._erased
        for position, case, event_id, digests in sealed:
            for path, digest in digests.items():
                found = take((position, path), None)
                if found is None:
                    self.gone.append((position, path, case, event_id))
                elif not opens(path, digest, *found):
                    self._find(position, "disclosure", f"the value of {path} is not the one that was recorded")
                elif event_id in erased:
                    self.still.append((position, path, case, event_id))

    def _values(self, sealed: Iterable[Sealed], start: int, stop: int) -> None:
        disclosed = self._disclosed(start, stop)
        self._disclosures(sealed, disclosed)
        self._leftover(disclosed)

    def _leftover(self, there: Mapping[tuple[int, str], Row]) -> None:
        for position, path in there:
            self._find(position, "disclosure", f"a value of {path!s} stands here that was never recorded")

    def _unowned(self) -> None:
        """Find rows beside the events that belong to none of them."""
        sql = "SELECT position, field FROM disclosure WHERE position > ? OR position < 1"
        for position, path in self.readable("disclosure", sql, (self.edge.size,)):
            self._find(position, "disclosure", f"a value of {path!s} stands here, and there is no event")
        for case in self._names.keys() - self._counts.keys():
            self._find(None, "missing", f"the case {self._names[case]!r} has no event")
        for kind in self._kinds.keys() - self._used:
            self._find(None, "missing", f"the type {self._kinds[kind][0]!r} has no event")

    def _redacted_ids(self) -> frozenset[str]:
        """Give the ids, of whatever case, that a redaction names: only their values are asked whether they are gone."""
        bodies = self._rows(_REDACTING, (REDACT,)) if any(name == REDACT for name, _ in self._kinds.values()) else []
        ids = set()
        for (text,) in bodies:
            try:
                ids.add(target_of(data_of(read_body(text))))
            except UNREADABLE:
                continue
        return frozenset(ids)

    def _note_own(self, bodies: Sequence[Body]) -> None:
        for body in bodies:
            if body.type == REDACT:
                data = data_of(body)
                fields = data.get("fields")
                paths = tuple(map(str, fields)) if isinstance(fields, list) else ()
                self.redactions[body.case, target_of(data)].append((body.position, paths))
            elif body.type == CORRECT:
                if digest := attached_digest(body.id, data_of(body)):
                    self.attached.append((body.position, digest))
            elif body.type in CHANGES:
                self.changes.append((body.position, body.type, data_of(body)))

    # The tree.

    def _follow(self, leaves: Sequence[bytes]) -> None:
        """Let these leaf hashes follow, and note the roots asked for on the way."""
        while self._sizes and self._sizes[-1] <= self.edge.size + len(leaves):
            upto = self._sizes[-1] - self.edge.size
            self.tiles += self.edge.add(leaves[:upto])
            leaves = leaves[upto:]
            self._note_roots(self.edge.size)
        self.tiles += self.edge.add(leaves)

    def _note_roots(self, size: int) -> None:
        while self._sizes and self._sizes[-1] <= size:
            self.roots[self._sizes.pop()] = self.edge.root


def _as_bytes(text: object) -> bytes | None:
    """Give the text of a leaf, also where a careless hand has stored it as characters; None where there is none."""
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    return text if isinstance(text, bytes) else None
