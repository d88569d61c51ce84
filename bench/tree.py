"""What the tree costs at large sizes, on synthetic hashes: building it, one append, a root, proofs. Asserts nothing.

`python -m bench.tree [EVENTS]`, 1,000,000 unless given; ten million want some 400 MB for the hashes.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from events.log.merkle import (
    Frontier,
    Tile,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root_at,
    tiles_after,
)

TIMES = 200
SLICE = 16_384


class Kept:
    """Leaves and tiles in memory, read as the log's rows are; counts what is read."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.levels: defaultdict[int, list[bytes]] = defaultdict(list, {0: leaves})
        self.read = 0

    def add(self, tiles: Sequence[Tile]) -> None:
        """Take tiles in, in order."""
        for tile in tiles:
            self.levels[tile.level].append(tile.hash)

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Give hashes of one level."""
        self.read += stop - start
        return self.levels[level][start:stop]


def _timed(words: str, kept: Kept, run: Callable[[int], object], times: int = TIMES) -> None:
    kept.read, start = 0, time.perf_counter()
    for n in range(times):
        run(n)
    each = (time.perf_counter() - start) / times
    print(f"{words}: {each * 1e6:,.0f} µs, {kept.read / times:,.0f} hashes read")


def main(size: int) -> None:
    """Build a tree of so many leaves, then ask it what a log is asked."""
    leaves = [hashlib.sha256(n.to_bytes(8, "big")).digest() for n in range(size)]
    kept, edge, start = Kept(leaves), Frontier(), time.perf_counter()
    for first in range(0, size, SLICE):
        kept.add(edge.add(leaves[first : first + SLICE]))
    seconds = time.perf_counter() - start
    print(
        f"tree of {size:,} leaves: {size / seconds:,.0f} leaves/s, {sum(map(len, kept.levels.values())) - size:,} tiles"
    )
    hashes, root = kept.hashes, root_at(size, kept.hashes)
    step = size // TIMES
    _timed("one append (tiles)", kept, lambda n: tiles_after(size - n - 1, leaves[:1], hashes))
    _timed("root at any size", kept, lambda n: root_at(size - n * step // 2, hashes))
    _timed("inclusion proof", kept, lambda n: inclusion_proof(n * step, size, hashes))
    _timed("consistency proof", kept, lambda n: consistency_proof(n * step + 1, size, hashes))
    middle = size // 2
    included, between = inclusion_proof(middle, size, hashes), consistency_proof(middle, size, hashes)
    was = root_at(middle, hashes)
    _timed(f"checking inclusion ({len(included)} hashes)", kept, lambda _: is_included(
        leaves[middle], middle, size, included, root))  # fmt: skip
    _timed(f"checking consistency ({len(between)} hashes)", kept, lambda _: is_consistent(
        middle, size, was, root, between))  # fmt: skip
    print(f"both hold: {is_included(leaves[middle], middle, size, included, root)},"
          f" {is_consistent(middle, size, was, root, between)}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
