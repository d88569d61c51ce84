"""The tree as the log keeps it: hashes read from its rows, roots of its prefixes, tiles for rows that had none.

Hashes nothing itself: that is `merkle`. Writes nothing but the tiles of a log that is being upgraded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from events.log.database import Row
from events.log.merkle import Frontier, Hashes, Tile, root_at, tiles_after

CHUNK: Final = 16_384
"""Leaf hashes read at a time where all are read; a multiple of a block, so that blocks are hashed whole."""

Rows = Callable[[str, tuple[Any, ...]], list[Row]]

_LEAVES: Final = "SELECT leaf_hash FROM event WHERE position BETWEEN ? AND ? ORDER BY position"
_TILES: Final = 'SELECT hash FROM tile WHERE level = ? AND "index" BETWEEN ? AND ? ORDER BY "index"'


def hashes_in(rows: Rows) -> Hashes:
    """Give the reader of hashes that the proofs want, over a log's rows; what is not bytes is not there."""

    def hashes(level: int, start: int, stop: int) -> Sequence[bytes]:
        found = rows(_TILES, (level, start, stop - 1)) if level else rows(_LEAVES, (start + 1, stop))
        return [value for (value,) in found if isinstance(value, bytes)]

    return hashes


def root_of_log(rows: Rows, size: int) -> bytes:
    """Give the root of the first `size` events; reads at most 255 hashes of each level. Raises `NotHeld`, `Fault`."""
    return root_at(size, hashes_in(rows))


def tile_rows(tiles: Sequence[Tile]) -> list[Row]:
    """Give tiles as rows of their table."""
    return [(tile.level, tile.index, tile.hash) for tile in tiles]


def new_tiles(rows: Rows, before: int, leaves: Sequence[bytes]) -> list[Row]:
    """Give the rows of the tiles that are full once these leaf hashes follow the first `before`. Raises `NotHeld`."""
    return tile_rows(tiles_after(before, leaves, hashes_in(rows)))


def fill(rows: Rows, insert: Callable[[list[Row]], None]) -> None:
    """Make all tiles of a log that has none; for a schema that had no tree. Memory flat."""
    if rows("SELECT 1 FROM tile LIMIT 1", ()):
        return
    edge = Frontier()
    while leaves := [bytes(leaf) for (leaf,) in rows(_LEAVES, (edge.size + 1, edge.size + CHUNK))]:
        if tiles := edge.add(leaves):
            insert(tile_rows(tiles))
