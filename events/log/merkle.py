"""The Merkle tree of the log: roots, tiles and proofs, made and checked (RFC 6962, RFC 9162). Reads no database.

A leaf's index is its position less one. Hashes are handed over by level: level 0 holds the leaf hashes, level 1 the
roots of each full block of 256 of them, level 2 the roots of each 256 of those, and so on; a `Tile` is one such root.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, final

from events.errors import Fault, NotHeld

WIDTH: Final = 256
"""Hashes of one level under one of the next."""
HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""`hashes(level, start, stop)`: the hashes of a level from index `start` up to, and not including, `stop`."""

_SPAN: Final = 8
"""Levels of the binary tree under one level of tiles: 256 is 2 to this power."""
_sha256: Final = hashlib.sha256


@final
@dataclass(frozen=True, slots=True)
class Tile:
    """The root of one full block: level 1 and up, and its index within the level from 0."""

    level: int
    index: int
    hash: bytes


def leaf_hash(body: bytes) -> bytes:
    """Give the hash of a leaf.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return _sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of a node over its two halves."""
    return _sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Give the root over these hashes (leaf hashes, or the roots of blocks of one size, of which the last may be less).

    >>> root_of([]) == EMPTY_ROOT, root_of([leaf_hash(b"a")]) == leaf_hash(b"a")
    (True, True)
    """
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > 1:
        halves = iter(hashes)
        above = [_sha256(b"\x01" + left + right).digest() for left, right in zip(halves, halves, strict=False)]
        if len(hashes) % 2:
            above.append(hashes[-1])
        hashes = above
    return hashes[0]


def tiles_after(size: int, leaves: Sequence[bytes], hashes: Hashes) -> tuple[Tile, ...]:
    """Give the tiles that are full once these leaf hashes follow the first `size`, lower levels first.

    Reads through `hashes` only what lies, in a block that is full now, before the new ones; mostly nothing.
    Raises `NotHeld` where that is missing.

    >>> tiles_after(3, [leaf_hash(b"a")], lambda level, start, stop: [])
    ()
    """
    tiles: list[Tile] = []
    level, new = 0, leaves
    while (size + len(new)) // WIDTH > size // WIDTH:
        first = size // WIDTH
        new = _full_blocks([*_read(hashes, level, first * WIDTH, size), *new])
        level, size = level + 1, first
        tiles += [Tile(level, index, root) for index, root in enumerate(new, first)]
    return tuple(tiles)


def _full_blocks(hashes: Sequence[bytes]) -> list[bytes]:
    return [root_of(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]


def root_at(size: int, hashes: Hashes) -> bytes:
    """Give the root of the first `size` leaves from tiles and tail: at most 255 hashes of each level are read.

    Raises `NotHeld` where one of them is missing, `Fault` for a size below 0.

    >>> root_at(0, lambda level, start, stop: []) == EMPTY_ROOT
    True
    """
    if size < 0:
        raise Fault(f"a log has no size {size}", "name a size from 0")
    return _root_between(0, size, hashes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Prove that the leaf at `index` is in the tree of the first `size` leaves (RFC 9162, 2.1.3.1).

    Raises `Fault` where there is no such leaf, `NotHeld` where a hash is missing.

    >>> leaves = [leaf_hash(bytes([n])) for n in range(3)]
    >>> proof = inclusion_proof(2, 3, lambda level, start, stop: leaves[start:stop])
    >>> is_included(leaves[2], 2, 3, proof, root_of(leaves))
    True
    """
    if not 0 <= index < size:
        raise Fault(f"a tree of {size} leaves has no leaf {index}", "name an index from 0 to one less than the size")
    beside: list[tuple[int, int]] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _left_half(stop - start)
        if index < middle:
            beside.append((middle, stop))
            stop = middle
        else:
            beside.append((start, middle))
            start = middle
    return tuple(_root_between(start, stop, hashes) for start, stop in reversed(beside))


def consistency_proof(first: int, second: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Prove that the tree of the first `second` leaves begins with that of the first `first` (RFC 9162, 2.1.4.1).

    Empty for equal sizes. Raises `Fault` unless 1 <= `first` <= `second`, `NotHeld` where a hash is missing.
    """
    if not 0 < first <= second:
        raise Fault(
            f"nothing can be proved from size {first} to size {second}",
            "name a size from 1, then one that is not smaller",
        )
    beside: list[tuple[int, int]] = []
    start, stop = 0, second
    while first != stop:
        middle = start + _left_half(stop - start)
        if first <= middle:
            beside.append((middle, stop))
            stop = middle
        else:
            beside.append((start, middle))
            start = middle
    if start:
        beside.append((start, stop))
    return tuple(_root_between(start, stop, hashes) for start, stop in reversed(beside))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows the leaf hash at `index` in the tree of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    at, last, made = index, size - 1, leaf
    for beside in proof:
        if not last:
            return False
        if at & 1 or at == last:
            made = node_hash(beside, made)
            at, last = _climbed(at, last)
        else:
            made = node_hash(made, beside)
        at, last = at >> 1, last >> 1
    return not last and made == root


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the second tree begins with the first (RFC 9162, 2.1.4.2).

    Equal trees need no proof. An empty tree shows nothing: sizes below 1 are refused.
    """
    if not 0 < first <= second or not _are_hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    path = proof if first & (first - 1) else (first_root, *proof)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            at, last = _climbed(at, last)
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    return not last and old == first_root and new == second_root


@final
class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, one for each 1 in its size. Holds no leaves.

    Adding a leaf hashes once on average, and never more than the tree is high; so does the root.

    >>> edge = Frontier()
    >>> edge.add([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
    ()
    >>> edge.size, edge.root == root_of([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
    (3, True)
    """

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    @classmethod
    def at(cls, size: int, hashes: Hashes) -> Frontier:
        """Give the frontier of the first `size` leaves, from tiles and tail.

        Raises `NotHeld` where a hash is missing.
        """
        edge = cls()
        edge.size = size
        start = 0
        for power in range(size.bit_length() - 1, -1, -1):
            if size >> power & 1:
                edge._roots.append(_root_between(start, start + (1 << power), hashes))
                start += 1 << power
        return edge

    @property
    def root(self) -> bytes:
        """Give the root of the tree as it stands."""
        if not self._roots:
            return EMPTY_ROOT
        made = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            made = node_hash(left, made)
        return made

    def add(self, leaves: Sequence[bytes]) -> tuple[Tile, ...]:
        """Let these leaf hashes follow; gives the tiles that are full now, in the order in which they became so."""
        tiles: list[Tile] = []
        done = 0
        while done < len(leaves):
            if self.size % WIDTH == 0 and len(leaves) - done >= WIDTH:
                self._add(_SPAN, root_of(leaves[done : done + WIDTH]), tiles)
                done += WIDTH
            else:
                self._add(0, leaves[done], tiles)
                done += 1
        return tuple(tiles)

    def add_blocks(self, roots: Sequence[bytes]) -> tuple[Tile, ...]:
        """Let full blocks follow, by their roots; gives the tiles that are full now.

        Raises `Fault` where the size is not a multiple of a block.
        """
        tiles: list[Tile] = []
        if roots and self.size % WIDTH:
            raise Fault(f"a block cannot follow {self.size} leaves", f"add whole blocks of {WIDTH}")
        for root in roots:
            self._add(_SPAN, root, tiles)
        return tuple(tiles)

    def _add(self, power: int, root: bytes, tiles: list[Tile]) -> None:
        """Let a full subtree of 2**power leaves follow, which the size is a multiple of."""
        self.size += 1 << power
        while True:
            if power and power % _SPAN == 0:
                tiles.append(Tile(power // _SPAN, (self.size >> power) - 1, root))
            if self.size & ((2 << power) - 1):
                break
            root = node_hash(self._roots.pop(), root)
            power += 1
        self._roots.append(root)


def _root_between(start: int, stop: int, hashes: Hashes) -> bytes:
    """Give the root over a subtree that is not empty; `start` is a multiple of a power of two not below its size."""
    level = 0
    part: tuple[bytes, ...] = ()  # the root of what follows the last full block, if anything does
    while stop - start >= WIDTH:
        tail = (*_read(hashes, level, stop - stop % WIDTH, stop), *part)
        part = (root_of(tail),) if tail else ()
        level, start, stop = level + 1, start // WIDTH, stop // WIDTH
    return root_of((*_read(hashes, level, start, stop), *part))


def _read(hashes: Hashes, level: int, start: int, stop: int) -> Sequence[bytes]:
    if start == stop:
        return ()
    found = hashes(level, start, stop)
    if len(found) != stop - start or not _are_hashes(*found):
        raise NotHeld(
            f"the tree's hashes {start} to {stop - 1} of level {level} are not all there;"
            " `casefold verify` says what is missing"
        )
    return found


def _left_half(size: int) -> int:
    """Give the leaves of the left half: the greatest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _climbed(at: int, last: int) -> tuple[int, int]:
    """Climb to where the node is a right one, or to the left edge."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)
