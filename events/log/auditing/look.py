"""Looks at a chunk of events for itself: bytes, hashes, canonical form, columns. Knows nothing of the events before it.

That is most of the work of a verification, and asks nothing of other chunks: a long log is looked at by one process for
each processor.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, final

import msgspec
from msgspec.structs import astuple

from events.errors import Unavailable
from events.log.database import Row
from events.log.merkle import WIDTH, root_of
from events.log.proofs.bodies import Told, plain, read_body, same, write_body
from events.log.tree import Rows

LONG = 100_000
"""Events from which on it is worth to start other processes."""
CHUNK = 512
"""Events looked at together: a multiple of a tile's block, and few enough to stay in a processor's cache."""
SHARE = 4_096
"""Events handed to another process at a time."""
_BETWEEN: Final = (
    "SELECT position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"
    " FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
)
_sha256: Final = hashlib.sha256


Link = tuple[int, str, int, str, int]
"""How the events of one case in a chunk hang on what is before them, and what hangs on them.

The number and the `prev` that the first of them tells; the number, the hash (hex) and the position of the last.
"""


class Looked(NamedTuple):
    """A chunk in which every event holds for itself, and what is asked of it together with the others.

    `cases` are its cases by number, each in a chain without a fault; `blocks` the roots of its full blocks of leaves
    and `leaves` the hashes after them. `sealed` are the events with digests (position, case, id, digests by path),
    `own` the bodies of kinds asked for.
    """

    cases: Mapping[int, Link]
    blocks: Sequence[bytes]
    leaves: Sequence[bytes]
    first_recorded: int
    last_recorded: int
    kinds: frozenset[int]
    sealed: list[tuple[int, str, str, dict[str, str]]]
    own: list[bytes]


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
        self.sealed: list[tuple[int, str, str, dict[str, str]]] = []
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

    @property
    def looked(self) -> Looked:
        """The chunk, when all of it has been looked at."""
        cases = {case: (*first, *self.lasts[case]) for case, first in self.firsts.items()}
        return Looked(
            cases,
            self.blocks,
            self.leaves,
            self.recorded[0],
            self.recorded[-1],
            frozenset(self.kinds),
            self.sealed,
            self.own,
        )


@final
class Looker:
    """Looks at chunks of one log; `own` names the types whose bodies are handed on, `sizes` the roots asked for."""

    def __init__(
        self,
        origin: str,
        names: Mapping[Any, Any],
        kinds: Mapping[Any, tuple[Any, Any]],
        own: frozenset[Any],
        sizes: frozenset[int],
    ) -> None:
        self._origin = origin
        self._names = names
        self._kinds = kinds
        self._own = own
        self._sizes = sizes

    def look(self, slices: Iterable[Sequence[Row]], start: int, stop: int) -> Looked | None:
        """Give the chunk if every event in it holds for itself, from position `start` to `stop`; else None."""
        gathered = _Gathered()
        blocks = start % WIDTH == 1 and not any(start <= size < stop for size in self._sizes)
        at = start
        for rows in slices:
            if not rows or not self._holds(rows, at, gathered):
                return None
            at += len(rows)
            if blocks:
                gathered.take_blocks()
        return gathered.looked if at == stop + 1 else None

    def _holds(self, rows: Sequence[Row], start: int, gathered: _Gathered) -> bool:
        positions, cases, counts, ids, kinds, earliest, latest, recorded, texts, leaves = zip(*rows, strict=True)
        try:
            if tuple([_sha256(b"\x00" + text).digest() for text in texts]) != leaves:
                return False
            bodies = list(map(read_body, texts))
            if tuple(map(write_body, bodies)) != texts:
                return False
            told = Told(*zip(*map(astuple, bodies), strict=True))
            if not plain(chain(told.data, told.source, told.tags, told.causes)):
                return False
        except (msgspec.MsgspecError, UnicodeError, TypeError):
            return False
        if (
            positions != tuple(range(start, start + len(rows)))
            or told.position != positions
            or told.case != tuple(map(self._names.get, cases))
            or told.case_position != counts
            or told.id != ids
            or tuple(zip(told.type, told.version, strict=True)) != tuple(map(self._kinds.get, kinds))
            or told.recorded_at != recorded
            or not same(told.earliest, earliest)
            or not same(told.latest, latest)
            or {*told.log} != {self._origin}
            or {*told.v} != {1}
            or [*gathered.recorded[-1:], *recorded] != sorted((*gathered.recorded[-1:], *recorded))
            or not gathered.follow(cases, counts, told.prev, leaves, start)
        ):
            return False
        self._take(rows, told, leaves, gathered)
        return True

    def _take(self, rows: Sequence[Row], told: Told, leaves: Sequence[bytes], gathered: _Gathered) -> None:
        """Gather of a chunk that holds what is looked at later: the log's own events, what is sealed, leaves, times."""
        kinds, recorded = [row[4] for row in rows], told.recorded_at
        if not self._own.isdisjoint(kinds):
            gathered.own += [row[8] for row in rows if row[4] in self._own]
        if any(told.sd):
            named = zip(told.position, told.case, told.id, told.sd, strict=True)
            gathered.sealed += [each for each in named if each[3]]
        gathered.kinds.update(kinds)
        gathered.leaves += leaves
        gathered.recorded = [*gathered.recorded[:1], recorded[0], recorded[-1]]


def ranges(rows: Rows) -> Iterator[tuple[int, int]]:
    """Give the chunks of a long log that has no gap, as closed ranges of positions; none for any other."""
    ((count, first, last),) = rows("SELECT count(*), min(position), max(position) FROM event", ())
    if count >= LONG and (first, last) == (1, count):
        for start in range(1, count + 1, SHARE):
            yield start, min(start + SHARE - 1, count)


def looked_at(
    where: str, todo: Iterator[tuple[int, int]], looker: tuple[Any, ...]
) -> Iterator[tuple[int, int, Looked | None]]:
    """Look at these chunks in other processes, each reading for itself; gives them in order, few at a time.

    An event never changes, so their reading it a moment later than the caller is no other state of the log.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    many = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(many, mp_context=spawn, initializer=_begin, initargs=(where, *looker)) as pool:
        waiting: deque[tuple[int, int, Any]] = deque()
        try:
            for start, stop in todo:
                waiting.append((start, stop, pool.submit(_look, start, stop)))
                if len(waiting) > 3 * many:
                    first, last, done = waiting.popleft()
                    yield first, last, done.result()
            for first, last, done in waiting:
                yield first, last, done.result()
        finally:
            pool.shutdown(cancel_futures=True)


class _Process:
    """What one of the other processes keeps between chunks."""

    rows: Rows
    looker: Looker


def _begin(where: str, *looker: Any) -> None:
    from events.log.opening import open_log

    _Process.rows = open_log(where).rows
    _Process.looker = Looker(*looker)
    gc.disable()  # a chunk makes no circles, and half a million small values to be searched for them


def _look(start: int, stop: int) -> Looked | None:
    firsts = range(start, stop + 1, CHUNK)
    slices = (_Process.rows(_BETWEEN, (first, min(first + CHUNK - 1, stop))) for first in firsts)
    try:
        return _Process.looker.look(slices, start, stop)
    except Unavailable:
        return None
