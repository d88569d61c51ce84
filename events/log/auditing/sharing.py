"""Shares the chunks of a long log among processes, this one too; gives what was found in order. Judges nothing itself.

The others read for themselves, a moment later than this one's snapshot: an event never changes, and a value that was
there is only ever taken away, after which this process looks for itself.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Final, final

from events.log.auditing.look import Asked, Looked, Looker
from events.log.auditing.others import FAILURES, Other
from events.log.tree import Rows

Span = tuple[int, int]
"""A chunk: a closed range of positions."""
Chunks = Generator[tuple[int, int, Looked | None], None, None]
"""Chunks in order, each with what was found of it where every event in it holds for itself."""

LONG = 50_000
"""Events from which on it is worth to start other processes."""
SHARE = 4_096
"""Events of the smallest chunks; a multiple of a tile's block, as the others are."""
LARGEST: Final = 8
"""How many times as large the first ones are."""
MOST: Final = 8
"""Processes at most: this one takes in what the others find, and more of them would wait for it."""
_AHEAD: Final = 8
"""Chunks that this process does before it is their turn: as many as it can while another starts."""
_SIZE: Final = (
    "SELECT (SELECT count(*) FROM event), (SELECT min(position) FROM event), (SELECT max(position) FROM event)"
)


def size_of(rows: Rows) -> int:
    """Give how many events a log has; 0 where one is missing or stands before the first."""
    ((count, first, last),) = rows(_SIZE, ())
    return int(count) if (first, last) == (1, count) else 0


def looked_at(where: str, size: int, looker: Looker, asked: Asked) -> Chunks:
    """Look at all of a log of this size; with other processes where it is long and its place is given."""
    many = min(processors(), MOST) - 1 if where and size >= LONG else 0
    with ExitStack() as stack:
        others: list[Other] = []
        with suppress(OSError):  # no more processes, or no memory for one: those there are, and this one, do it
            others += (stack.enter_context(Other(where, asked)) for _ in range(many))
        yield from _Shared(looker, others).in_order(spans(size, many + 1))


def processors() -> int:
    """Give how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def spans(size: int, among: int) -> Sequence[Span]:
    """Give chunks that are large at first, which costs less, and small in the end, that all have done together.

    >>> spans(10_000, 1)
    [(1, 4096), (4097, 8192), (8193, 10000)]
    """
    made, start = [], 1
    while start <= size:
        shares = (size - start) // (4 * among * SHARE)
        stop = min(start + SHARE * max(1, min(LARGEST, shares)) - 1, size)
        made.append((start, stop))
        start = stop + 1
    return made


@final
class _Shared:
    """Chunks on their way: some at other processes, for each of which a thread waits, the rest here."""

    def __init__(self, looker: Looker, others: Sequence[Other]) -> None:
        self._looker = looker
        self._free = deque(others)
        self._handed = 2 * len(others)

    def in_order(self, todo: Sequence[Span]) -> Chunks:
        """Keep the others busy, and look at the next chunk here while the first is not done."""
        left, taken = deque(todo), deque[tuple[Span, Future[Looked | None]]]()
        pool = ThreadPoolExecutor(max(len(self._free), 1))
        try:
            while left or taken:
                while left and sum(not each.done() for _, each in taken) < self._handed:
                    span = left.popleft()
                    taken.append((span, pool.submit(self._there, span)))
                if taken and (taken[0][1].done() or not left or len(taken) > self._handed + _AHEAD):
                    span, found = taken.popleft()
                    yield *span, found.result()
                else:
                    span = left.popleft()
                    taken.append((span, self._here(span)))
        finally:
            pool.shutdown(cancel_futures=True)

    def _here(self, span: Span) -> Future[Looked | None]:
        made: Future[Looked | None] = Future()
        made.set_result(self._looker.look(*span))
        return made

    def _there(self, span: Span) -> Looked | None:
        """Have another process look; None, as of a chunk that does not hold, where it has ended."""
        other = self._free.popleft()
        try:
            return other.look(*span)
        except FAILURES:
            return None
        finally:
            self._free.append(other)
