"""The Merkle tree against the published answers, a naive recursion, and its own tiles at their boundaries."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, NotHeld
from events.log.merkle import (
    EMPTY_ROOT,
    WIDTH,
    Frontier,
    Tile,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    tiles_after,
)

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(WIDTH * WIDTH + 2 * WIDTH + 1)]
EDGES = [
    size + by
    for size in (WIDTH, 2 * WIDTH, WIDTH * WIDTH - WIDTH, WIDTH * WIDTH, WIDTH * WIDTH + WIDTH)
    for by in (-1, 0, 1)
]


class Store:
    """Leaf hashes and tiles as a log would keep them; counts what is read."""

    def __init__(self, leaves: Sequence[bytes], tiles: Sequence[Tile]) -> None:
        self.levels: list[list[bytes]] = [list(leaves)]
        self.read = 0
        for tile in tiles:
            if tile.level == len(self.levels):
                self.levels.append([])
            assert tile.index == len(self.levels[tile.level])
            self.levels[tile.level].append(tile.hash)

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        self.read += stop - start
        return self.levels[level][start:stop]


def plain(_level: int, start: int, stop: int) -> list[bytes]:
    """Leaf hashes only: enough for less than 256 of them."""
    assert _level == 0
    return LEAVES[start:stop]


@pytest.fixture(scope="module")
def big() -> Store:
    return Store(LEAVES, Frontier().add(LEAVES))


@cache
def naive_root(start: int, stop: int) -> bytes:
    """MTH of RFC 9162, 2.1.1, as it stands there."""
    n = stop - start
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return LEAVES[start]
    k = naive_split(n)
    return hashlib.sha256(b"\x01" + naive_root(start, start + k) + naive_root(start + k, stop)).digest()


def naive_split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def naive_path(m: int, start: int, stop: int) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if stop - start == 1:
        return []
    k = naive_split(stop - start)
    if m < k:
        return [*naive_path(m, start, start + k), naive_root(start + k, stop)]
    return [*naive_path(m - k, start + k, stop), naive_root(start, start + k)]


def naive_subproof(m: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    n = stop - start
    if m == n:
        return [] if whole else [naive_root(start, stop)]
    k = naive_split(n)
    if m <= k:
        return [*naive_subproof(m, start, start + k, whole=whole), naive_root(start + k, stop)]
    return [*naive_subproof(m - k, start + k, stop, whole=False), naive_root(start, start + k)]


def rows(shared: Path, name: str) -> Any:
    return json.loads((shared / "vectors" / f"rfc6962_{name}.json").read_text("utf-8"))


def test_hashes_and_roots_are_the_published_ones(shared: Path) -> None:
    known = rows(shared, "tree")
    assert EMPTY_ROOT.hex() == known["hasher"]["empty_root"] == root_of([]).hex()
    assert leaf_hash(b"").hex() == known["hasher"]["leaf_hash_of_empty"]
    assert leaf_hash(b"L123456").hex() == known["hasher"]["leaf_hash_of_L123456"]
    assert node_hash(b"N123", b"N456").hex() == known["hasher"]["node_hash_of_N123_N456"]
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in known["leaves_hex"]]
    for size, root in enumerate(known["roots_by_size"]):
        edge = Frontier()
        edge.add(leaves[:size])
        assert root_of(leaves[:size]).hex() == edge.root.hex() == root
    for power, level in enumerate(known["node_hashes_by_level"]):
        width = 1 << power
        assert [root_of(leaves[at * width : (at + 1) * width]).hex() for at in range(len(level))] == level


def test_of_the_published_inclusion_proofs_exactly_the_good_ones_are_taken(shared: Path) -> None:
    for row in rows(shared, "inclusion")["cases"]:
        proof = [b64decode(one) for one in row["proof"] or ()]
        taken = is_included(b64decode(row["leafHash"]), row["leafIdx"], row["treeSize"], proof, b64decode(row["root"]))
        assert taken is not row["wantErr"], row["file"]


def test_of_the_published_consistency_proofs_exactly_the_good_ones_are_taken(shared: Path) -> None:
    unlike = []
    for row in rows(shared, "consistency")["cases"]:
        proof = [b64decode(one) for one in row["proof"] or ()]
        roots = b64decode(row["root1"]), b64decode(row["root2"])
        if is_consistent(row["size1"], row["size2"], *roots, proof) is row["wantErr"]:
            unlike.append((row["wantErr"], roots))
    # One row takes two equal trees whose "roots" are words; here a root is 32 bytes, and no other is taken.
    assert unlike == [(False, (b"don't care 2", b"don't care 2"))]


def test_every_size_to_300_has_the_root_of_the_naive_recursion() -> None:
    edge = Frontier()
    store = Store(LEAVES[:300], Frontier().add(LEAVES[:300]))
    for size in range(301):
        wanted = naive_root(0, size)
        assert root_of(LEAVES[:size]) == edge.root == root_at(size, store.hashes) == wanted
        assert Frontier.at(size, store.hashes).root == wanted
        edge.add(LEAVES[size : size + 1])


def test_every_leaf_of_every_size_to_64_has_the_naive_path_and_is_included_by_it() -> None:
    for size in range(1, 65):
        for index in range(size):
            proof = inclusion_proof(index, size, plain)
            assert list(proof) == naive_path(index, 0, size)
            assert is_included(LEAVES[index], index, size, proof, naive_root(0, size))


@pytest.mark.parametrize("index", [0, 1, 127, 128, 255, 256, 257, 298])
def test_leaves_of_larger_trees_have_the_naive_path(index: int, big: Store) -> None:
    for size in range(index + 1, 300):
        assert list(inclusion_proof(index, size, big.hashes)) == naive_path(index, 0, size)


def test_every_pair_of_sizes_to_64_has_the_naive_proof_and_is_consistent_by_it() -> None:
    for second in range(1, 65):
        for first in range(1, second + 1):
            proof = consistency_proof(first, second, plain)
            assert list(proof) == naive_subproof(first, 0, second, whole=True)
            assert is_consistent(first, second, naive_root(0, first), naive_root(0, second), proof)


@pytest.mark.parametrize("size", EDGES)
def test_the_tiles_give_the_root_of_the_leaves_at_their_boundaries(size: int, big: Store) -> None:
    kept = Store(LEAVES[:size], Frontier().add(LEAVES[:size]))
    wanted = root_of(LEAVES[:size])
    assert root_at(size, kept.hashes) == root_at(size, big.hashes) == wanted
    assert Frontier.at(size, kept.hashes).root == wanted
    assert [len(level) for level in kept.levels[1:]] == [n for n in (size // WIDTH, size // WIDTH**2) if n]


@pytest.mark.parametrize("size", EDGES)
def test_proofs_from_tiles_hold_at_their_boundaries_and_read_little(size: int, big: Store) -> None:
    root = root_of(LEAVES[:size])
    for index in {0, 255, 256, size // 2, size - 1} & set(range(size)):
        big.read = 0
        proof = inclusion_proof(index, size, big.hashes)
        assert is_included(LEAVES[index], index, size, proof, root)
        assert big.read <= 2 * WIDTH * 3
    for first in [edge for edge in EDGES if edge <= size]:
        big.read = 0
        proof = consistency_proof(first, size, big.hashes)
        assert is_consistent(first, size, root_at(first, big.hashes), root, proof)
        assert big.read <= 4 * WIDTH * 3


@pytest.mark.parametrize("before", EDGES)
@pytest.mark.parametrize("new", [1, 255, 256, 700])
def test_an_append_finishes_the_tiles_that_it_fills(before: int, new: int, big: Store) -> None:
    after = min(before + new, len(LEAVES))
    finished = {
        Tile(level, index, big.levels[level][index])
        for level in (1, 2)
        for index in range(before // WIDTH**level, after // WIDTH**level)
    }
    found = tiles_after(before, LEAVES[before:after], big.hashes)
    assert set(found) == finished
    assert list(found) == sorted(found, key=lambda tile: (tile.level, tile.index))
    assert set(Frontier.at(before, big.hashes).add(LEAVES[before:after])) == finished


def test_an_append_within_a_block_reads_nothing() -> None:
    def unread(level: int, start: int, stop: int) -> Sequence[bytes]:
        raise AssertionError((level, start, stop))

    assert tiles_after(256, LEAVES[256:511], unread) == ()
    assert tiles_after(256, LEAVES[256:512], unread) == (Tile(1, 1, root_of(LEAVES[256:512])),)


@pytest.mark.parametrize("lost", [lambda found: found[:-1], lambda found: [*found[:-1], b"short"], lambda _: []])
def test_a_missing_hash_is_said_not_worked_around(lost: Callable[[list[bytes]], list[bytes]], big: Store) -> None:
    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        found = big.hashes(level, start, stop)
        return lost(found) if level == 1 else found

    for ask in (
        lambda: root_at(600, hashes),
        lambda: inclusion_proof(3, 600, hashes),
        lambda: consistency_proof(3, 600, hashes),
        lambda: Frontier.at(600, hashes),
        lambda: tiles_after(65_535, LEAVES[:1], hashes),
    ):
        with pytest.raises(NotHeld, match="of level 1 are not all there"):
            ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: root_at(-1, plain),
        lambda: inclusion_proof(0, 0, plain),
        lambda: inclusion_proof(5, 5, plain),
        lambda: inclusion_proof(-1, 5, plain),
        lambda: consistency_proof(0, 5, plain),
        lambda: consistency_proof(0, 0, plain),
        lambda: consistency_proof(6, 5, plain),
    ],
)
def test_no_proof_is_made_of_what_is_not_so(ask: Callable[[], object]) -> None:
    with pytest.raises(Fault):
        ask()


def test_an_empty_tree_and_hashes_of_another_length_are_refused() -> None:
    leaf, root = LEAVES[0], LEAVES[0]
    assert is_included(leaf, 0, 1, [], root)
    assert not is_included(leaf, 0, 0, [], EMPTY_ROOT)
    assert not is_included(leaf[:31], 0, 1, [], root[:31])
    assert not is_included(leaf, -1, 1, [], root)
    assert not is_consistent(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not is_consistent(0, 1, EMPTY_ROOT, root, [])
    assert not is_consistent(1, 1, root[:31], root[:31], [])
    assert not is_consistent(1, 2, root, node_hash(root, leaf[:31]), [leaf[:31]])


def test_whole_blocks_follow_by_their_roots() -> None:
    leaves = [leaf_hash(bytes((n % 251, n >> 8))) for n in range(3 * 256)]
    one, other = Frontier(), Frontier()
    tiles = one.add(leaves)
    assert other.add_blocks([root_of(leaves[at : at + 256]) for at in range(0, len(leaves), 256)]) == tiles
    assert (other.size, other.root) == (one.size, one.root)
    other.add(leaves[:1])
    with pytest.raises(Fault, match="cannot follow 769 leaves"):
        other.add_blocks(leaves[:1])
