"""Looks at a chunk of events for itself: bytes, hashes, canonical form, columns, values. Knows no other chunk.

That is most of the work of a verification, and asks nothing of other chunks: several processes can share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, final

import msgspec

from events.errors import Unavailable
from events.log.auditing.leaves import hold, told_by
from events.log.database import Row
from events.log.merkle import WIDTH, root_of
from events.log.proofs.bodies import opens
from events.log.tree import Rows

CHUNK = 128
"""Events read and compared at a time: so few that they stay in a processor's cache, which is a third of the time."""
_EVENTS: Final = (
    "SELECT position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"
    " FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
)
DISCLOSED: Final = "SELECT position, field, salt, value FROM disclosure WHERE position BETWEEN ? AND ?"
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeError, TypeError, RecursionError)
"""What reading a leaf raises where it is none."""
_sha256: Final = hashlib.sha256

Sealed = tuple[int, str, str, dict[str, str]]
"""An event with digests: position, case, id, digests by path."""
Link = tuple[int, str, int, str, int]
"""How the events of one case in a chunk hang on what is before them, and what hangs on them.

The number and the `prev` that the first of them tells; the number, the hash (hex) and the position of the last.
"""


class Looked(NamedTuple):
    """A chunk in which every event holds for itself, and what is asked of it together with the others.

    `cases` are its cases by number, each in a chain without a fault; `blocks` the roots of its full blocks of leaves
    and `leaves` the hashes after them. `sealed` are its events with digests, unless every value that they seal is
    there and nothing else (`disclosed`); `own` the bodies of kinds asked for.
    """

    cases: Mapping[int, Link]
    blocks: Sequence[bytes]
    leaves: Sequence[bytes]
    first_recorded: int
    last_recorded: int
    kinds: frozenset[int]
    sealed: Sequence[Sealed]
    disclosed: bool
    own: Sequence[bytes]


@final
class _Gathered:
    """What is known of a chunk after some of its slices."""

    def __init__(self) -> None:
        self.firsts: dict[int, tuple[int, str]] = {}
        self.lasts: dict[int, tuple[int, str, int]] = {}
        self.blocks: list[bytes] = []
        self.leaves: list[bytes] = []
        self.recorded: list[int] = []
        self.kinds: set[int] = set()
        self.sealed: list[Sealed] = []
        self.own: list[bytes] = []

    def follow(
        self, cases: Sequence[int], counts: Sequence[int], prevs: Sequence[str], leaves: Sequence[bytes], start: int
    ) -> bool:
        """Whether each of these follows the one before it in its case, as far as that is in the chunk."""
        firsts, lasts = self.firsts, self.lasts
        position = start
        for case, count, prev, leaf in zip(cases, counts, prevs, map(bytes.hex, leaves), strict=True):
            last = lasts.get(case)
            if last is None:
                firsts[case] = count, prev
            elif count != last[0] + 1 or prev != last[1]:
                return False
            lasts[case] = count, leaf, position
            position += 1
        return True

    def take_blocks(self) -> None:
        """Put the roots of full blocks in the place of their leaves."""
        upto = len(self.leaves) - len(self.leaves) % WIDTH
        self.blocks += [root_of(self.leaves[at : at + WIDTH]) for at in range(0, upto, WIDTH)]
        del self.leaves[:upto]

    def looked(self, *, disclosed: bool) -> Looked:
        """Give the chunk, when all of it has been looked at."""
        cases = {case: (*first, *self.lasts[case]) for case, first in self.firsts.items()}
        return Looked(
            cases,
            self.blocks,
            self.leaves,
            self.recorded[0],
            self.recorded[-1],
            frozenset(self.kinds),
            () if disclosed else self.sealed,
            disclosed,
            self.own,
        )


@final
class Asked(NamedTuple):
    """What is asked of the chunks of one log: the same of each.

    `cases` are the names of its cases, `types` and `versions` those of its types, by number, as far as they are texts
    and numbers; `own` the types whose bodies are handed on, `sizes` the roots asked for, `erased` the ids, of whatever
    case, that a redaction names.
    """

    origin: str
    cases: Mapping[Any, str]
    types: Mapping[Any, str]
    versions: Mapping[Any, int]
    own: frozenset[Any]
    sizes: frozenset[int]
    erased: frozenset[str]


@final
class Looker:
    """Looks at chunks of one log, whose rows it reads."""

    def __init__(self, rows: Rows, asked: Asked) -> None:
        self._rows = rows
        self._asked = asked

    def look(self, start: int, stop: int) -> Looked | None:
        """Give the chunk from position `start` to `stop` if every event in it holds for itself; else None."""
        gathered = _Gathered()
        blocks = start % WIDTH == 1 and not any(start <= size < stop for size in self._asked.sizes)
        try:
            for first in range(start, stop + 1, CHUNK):
                last = min(first + CHUNK - 1, stop)
                rows = self._rows(_EVENTS, (first, last))
                if len(rows) != last - first + 1 or not self._holds(rows, first, gathered):
                    return None
                if blocks:
                    gathered.take_blocks()
            there = self._rows(DISCLOSED, (start, stop))
        except Unavailable:
            return None
        return gathered.looked(disclosed=self._disclosed(gathered.sealed, there))

    def _holds(self, rows: Sequence[Row], start: int, gathered: _Gathered) -> bool:
        positions, cases, counts, ids, kinds, earliest, latest, recorded, texts, leaves = zip(*rows, strict=True)
        asked, times = self._asked, [*gathered.recorded[-1:], *recorded]
        try:
            names = [asked.cases[case] for case in cases]
            columns = {
                "position": positions, "case": names, "case_position": counts, "id": ids,
                "type": [asked.types[kind] for kind in kinds], "version": [asked.versions[kind] for kind in kinds],
                "earliest": earliest, "latest": latest, "recorded_at": recorded,
            }  # fmt: skip
            if tuple([_sha256(b"\x00" + text).digest() for text in texts]) != leaves:
                return False
            told = told_by(texts)
            if (
                not hold(texts, told, columns, asked.origin)
                or positions != tuple(range(start, start + len(rows)))
                or times != sorted(times)
                or not gathered.follow(cases, counts, told["prev"], leaves, start)
            ):
                return False
        except (KeyError, *UNREADABLE):
            return False
        if any(told["sd"]):
            gathered.sealed += [each for each in zip(positions, names, ids, told["sd"], strict=True) if each[3]]
        if not asked.own.isdisjoint(kinds):
            gathered.own += [text for text, kind in zip(texts, kinds, strict=True) if kind in asked.own]
        gathered.kinds.update(kinds)
        gathered.leaves += leaves
        gathered.recorded = [*gathered.recorded[:1], recorded[0], recorded[-1]]
        return True

    def _disclosed(self, sealed: Sequence[Sealed], rows: Sequence[Row]) -> bool:
        """Whether these are the values that the events sealed, every one and no other, and none is named as erased."""
        there = {(position, field): (salt, value) for position, field, salt, value in rows}
        take, erased = there.pop, self._asked.erased
        for position, _, event_id, digests in sealed:
            for path, digest in digests.items():
                found = take((position, path), None)
                if found is None or event_id in erased or not opens(path, digest, *found):
                    return False
        return not there
