"""Looks at a chunk of events for itself: bytes, hashes, canonical form, columns. Knows nothing of the events before it.

That is most of the work of a verification, and asks nothing of other chunks: a long log is looked at by one process for
each processor.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, final

import msgspec

from events.errors import Unavailable
from events.log.database import Row
from events.log.proofs.bodies import ABSENT, Body, plain, read_body, same, write_body
from events.log.tree import Rows

LONG = 100_000
"""Events from which on it is worth to start other processes."""
CHUNK = 4_096
"""Events looked at together; a multiple of a tile's block."""
_SEEN: Final = 50_000
"""Nested texts remembered as canonical; the same sources and doses come again and again."""
_BETWEEN: Final = (
    "SELECT position, case_id, case_position, event_id, type_id, earliest, latest, recorded_at, body, leaf_hash"
    " FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
)
_sha256: Final = hashlib.sha256


class Looked(NamedTuple):
    """A chunk in which every event holds for itself, and what is asked of it together with the others.

    `sealed` are the events with digests (position, case, id, digests by path), `own` the bodies of kinds asked for.
    """

    start: int
    cases: tuple[int, ...]
    counts: tuple[int, ...]
    prevs: list[str]
    leaves: tuple[bytes, ...]
    first_recorded: int
    last_recorded: int
    kinds: frozenset[int]
    sealed: list[tuple[int, str, str, dict[str, str]]]
    own: list[bytes]


@final
class Looker:
    """Looks at chunks of one log; `own` names the types whose bodies are handed on."""

    def __init__(
        self, origin: str, names: Mapping[Any, Any], kinds: Mapping[Any, tuple[Any, Any]], own: frozenset[Any]
    ) -> None:
        self._origin = origin
        self._names = names
        self._kinds = kinds
        self._own = own
        self._seen: set[bytes] = set()

    def look(self, rows: Sequence[Row], start: int) -> Looked | None:
        """Give the chunk if every event in it holds for itself, from position `start` on without a gap; else None."""
        if not rows:
            return None
        positions, cases, counts, ids, kinds, earliest, latest, recorded, texts, leaves = zip(*rows, strict=True)
        try:
            if tuple([_sha256(b"\x00" + text).digest() for text in texts]) != leaves:
                return None
            bodies = list(map(read_body, texts))
            if tuple(map(write_body, bodies)) != texts or not self.plain(bodies):
                return None
        except (msgspec.MsgspecError, UnicodeError, TypeError):
            return None
        names, types = self._names, self._kinds
        if (
            positions != tuple(range(start, start + len(rows)))
            or [body.position for body in bodies] != list(positions)
            or [body.case for body in bodies] != [names.get(case) for case in cases]
            or [body.case_position for body in bodies] != list(counts)
            or [body.id for body in bodies] != list(ids)
            or [(body.type, body.version) for body in bodies] != [types.get(kind) for kind in kinds]
            or [body.recorded_at for body in bodies] != list(recorded)
            or not same([body.earliest for body in bodies], earliest)
            or not same([body.latest for body in bodies], latest)
            or {body.log for body in bodies} != {self._origin}
            or {body.v for body in bodies} != {1}
            or any(one > other for one, other in pairwise(recorded))
        ):
            return None
        met = frozenset(kinds)
        own = [] if self._own.isdisjoint(met) else [row[8] for row in rows if row[4] in self._own]
        sealed = [(body.position, body.case, body.id, body.sd) for body in bodies if body.sd]
        prevs = [body.prev for body in bodies]
        return Looked(start, cases, counts, prevs, leaves, recorded[0], recorded[-1], met, sealed, own)

    def plain(self, bodies: Sequence[Body]) -> bool:
        """Whether what nests in them is canonical too."""
        seen = self._seen
        if len(seen) > _SEEN:
            seen.clear()
        for body in bodies:
            for raw in (body.data, body.source, body.tags, body.causes):
                if raw is not ABSENT and (text := bytes(raw)) not in seen:
                    if not plain(text):
                        return False
                    seen.add(text)
        return True


def ranges(rows: Rows) -> Iterator[tuple[int, int]]:
    """Give the chunks of a long log that has no gap, as closed ranges of positions; none for any other."""
    ((count, first, last),) = rows("SELECT count(*), min(position), max(position) FROM event", ())
    if count >= LONG and (first, last) == (1, count):
        for start in range(1, count + 1, CHUNK):
            yield start, min(start + CHUNK - 1, count)


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


def _look(start: int, stop: int) -> Looked | None:
    try:
        return _Process.looker.look(_Process.rows(_BETWEEN, (start, stop)), start)
    except Unavailable:
        return None
