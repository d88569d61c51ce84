"""The lines of a replay -> the log they are of, where there is none: the same bytes, verified before they are kept.

The one place beside `append` where events are inserted: as they were recorded once, with their positions and times.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import msgspec

from events.errors import BadInput, Fault, Problem
from events.log.auditing.guards import WHICH
from events.log.database import COLUMNS, Clash, Row, Writing
from events.log.making import Naming
from events.log.proofs.bodies import Body, number, read_body
from events.log.replays.form import Line, Named, named, read_line
from events.log.tree import Rows, new_tiles
from events.log.verify import verify_rows

if TYPE_CHECKING:
    from events.log.read import Log

SLICE: Final = 2_000
TABLES: Final = ("cases", "event_types", "event", "disclosure")
HOLDING: Final = ("event", "batch", "checkpoint", "blob", "timestamp")
"""What makes a log one that holds something."""
HASHES: Final = {"checkpoint": (1, 2), "timestamp": (0, 2), "blob": (0,)}
"""The columns that are bytes, by table."""
_WHOLE: Final = ("fetch the file again", "export the log anew")


class Replayed(NamedTuple):
    """What was brought back: events, cases, and the root over them (hex)."""

    events: int
    cases: int
    root: str


def replay(log: Log, first: bytes, lines: Iterable[bytes], *, file: str = "", keep: bool = True) -> Replayed:
    """Bring a log back, line by line after the `first`, into one of its name that has no event; all of it or nothing.

    Everything is verified before it is committed, and taken back unless `keep`. An empty log takes the name of the one
    that is brought back: it has told nobody anything by its own. Raises `BadInput` where the lines are not all there,
    are not of that log, or do not verify, and `Fault` where the log holds something already.
    """
    head = named(first)
    with log.holding(keep=keep) as writing:
        if any(writing.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in HOLDING):
            raise Fault(
                f"{log.where} is a log of its own already, {log.origin}, and not empty",
                "name a database that is not there yet with --db; to bring events into this one: `casefold merge`",
            )
        name = Naming(head.origin, bytes.fromhex(head.key), head.created_at)
        if (log.origin, log.key, log.created_at) != name:
            rename(writing.rows, name)
        back = _Back(writing, file)
        back.run(first, lines)
        return back.checked(head)


def rename(rows: Rows, name: Naming) -> None:
    """Give an empty log another name, in the words of its database."""
    if rows(WHICH, ())[0][0]:
        from events.log.on_postgres.naming import rename as said
    else:
        from events.log.on_sqlite.naming import rename as said
    said(rows, name)


@final
class _Back:
    """The lines being brought back: `line` says where it stands, the first line being the log's name."""

    def __init__(self, writing: Writing, file: str) -> None:
        self.writing = writing
        self.file = file
        self.line = 1
        self.size = 0
        self.cases: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self.kinds: dict[tuple[str, int], int] = {}
        self.rows: tuple[list[Row], list[Row], list[Row], list[Row]] = ([], [], [], [])
        self.blob: tuple[bytes, int] | None = None
        self.data = bytearray()

    def run(self, first: bytes, lines: Iterable[bytes]) -> None:
        """Insert every line's row; raises `BadInput`, naming the line."""
        digest = hashlib.sha256(first)
        ended = False
        for text in lines:
            self.line += 1
            if ended:
                self.refuse("something follows the end")
            line = self._read(text)
            if line.end:
                ended = True
                if line.end != digest.hexdigest():
                    self.refuse("the lines before are not those that were written")
            else:
                digest.update(text)
                self._insert(line)
        if not ended:
            self.refuse("it is cut short")

    def checked(self, head: Named) -> Replayed:
        """Verify all that was inserted; raises `BadInput` with the first of what is wrong."""
        done = verify_rows(self.writing.rows, head.origin)
        said = [
            Problem(
                file=self.file,
                field=f"position {one.position}" if one.position else "",
                what=one.what,
                instead="export a log that `casefold verify` finds whole",
            )
            for one in done.problems
        ]
        if said:
            raise BadInput(said)
        if (done.size, done.root) != (head.size, head.root):
            self.line = 1
            self.refuse("its size or its root is not that of the events")
        return Replayed(done.size, len(self.cases), done.root)

    def refuse(self, what: str) -> None:
        """Raise `BadInput` for the line at hand."""
        raise BadInput([Problem(file=self.file, line=self.line, what=what, instead=" or ".join(_WHOLE))])

    def _read(self, text: bytes) -> Line:
        try:
            return read_line(text)
        except msgspec.MsgspecError as error:
            self.refuse(f"it is no line of a replay: {error}")
            raise

    def _insert(self, line: Line) -> None:
        try:
            if len(line.event):
                self._event(bytes(line.event), line.disclosed)
                return
            self._flush()
            if line.table == "blob":
                digest, length = line.row
                self.blob = (b64decode(digest), length)
                self._piece(b"")
            elif line.table:
                self.writing.insert(line.table, [tuple(_values(line.table, line.row))])
            else:
                self._piece(line.piece)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError, NotBase64, Clash) as error:
            self.refuse(f"it is not the log's next line: {error if str(error) else 'an id stands twice'}")

    def _event(self, text: bytes, disclosed: tuple[tuple[str, str, msgspec.Raw], ...]) -> None:
        cases, kinds, events, disclosures = self.rows
        body = read_body(text)
        self.counts[body.case] += 1
        place = (self.size + len(events) + 1, self.counts[body.case])
        if (body.position, body.case_position) != place:
            raise ValueError(f"position {place[0]}, {place[1]} in its case, is the next")
        case = self._known(self.cases, body.case, cases, body.case)
        kind = self._known(self.kinds, (body.type, body.version), kinds, body.type, body.version)
        events.append(_row(body, case, kind, text))
        disclosures.extend((body.position, path, bytes.fromhex(salt), bytes(value)) for path, salt, value in disclosed)
        if len(events) == SLICE:
            self._flush()

    @staticmethod
    def _known(numbers: dict[Any, int], key: Any, rows: list[Row], *columns: Any) -> int:
        """Give the row id of a case or a type: in the order in which they first appear, as the log gave them."""
        if key not in numbers:
            numbers[key] = len(numbers) + 1
            rows.append((numbers[key], *columns))
        return numbers[key]

    def _flush(self) -> None:
        events = self.rows[TABLES.index("event")]
        if events:
            leaves = [row[-1] for row in events]
            for table, rows in zip(TABLES, self.rows, strict=True):
                self.writing.insert(table, rows)
            self.writing.insert("tile", new_tiles(self.writing.rows, self.size, leaves))
            self.size += len(events)
            self.rows = ([], [], [], [])

    def _piece(self, piece: bytes) -> None:
        """Take a piece of an attachment; the last one completes its row."""
        if self.blob is None:
            raise ValueError("a piece of no file")
        self.data += piece
        digest, length = self.blob
        if len(self.data) >= length:
            self.writing.insert("blob", [(digest, length, bytes(self.data))])
            self.blob, self.data = None, bytearray()


def _row(body: Body, case: int, kind: int, text: bytes) -> Row:
    bounds = (number(body.earliest), number(body.latest))
    leaf = hashlib.sha256(b"\x00" + text).digest()
    return (body.position, case, body.case_position, body.id, kind, *bounds, body.recorded_at, text, leaf)


def _values(table: str, row: tuple[Any, ...]) -> Iterator[Any]:
    """Give the columns of a row beside the events as the database holds them."""
    if table not in ("batch", *HASHES) or len(row) != len(COLUMNS[table]):
        raise ValueError(f"there is no such row of {table!r}")
    for n, value in enumerate(row):
        yield b64decode(value) if n in HASHES.get(table, ()) else value
