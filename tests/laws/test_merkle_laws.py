"""Laws of the tree on small tiles, where three levels of them fit into a few hundred leaves, and of altered proofs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.log import merkle
from events.log.merkle import (
    Frontier,
    Tile,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_at,
    root_of,
    tiles_after,
)
from tests.laws.effort import tries

WIDTH, POWER = 4, 2
LEAVES = [leaf_hash(n.to_bytes(2, "big")) for n in range(300)]
sizes = st.integers(1, len(LEAVES))
slices = st.lists(st.integers(0, 90), max_size=8)
QUICK = tries(150)


@pytest.fixture(scope="module", autouse=True)
def small_tiles() -> Iterator[None]:
    """Let a tile stand over 4 hashes, not 256: the same code, and levels enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merkle, "WIDTH", WIDTH)
        patch.setattr(merkle, "_SPAN", POWER)
        yield


def blocks(size: int) -> dict[int, list[bytes]]:
    """The levels of a log of that size, straight from the leaves: each full block's root."""
    levels = {0: LEAVES[:size]}
    width = WIDTH
    while width <= size:
        roots = [root_of(LEAVES[at * width : (at + 1) * width]) for at in range(size // width)]
        levels[len(levels)] = roots
        width *= WIDTH
    return levels


class Kept:
    """Hashes as a log keeps them while it grows: what it has at the moment, and nothing more."""

    def __init__(self) -> None:
        self.levels: dict[int, list[bytes]] = {0: []}

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        return self.levels.get(level, [])[start:stop]

    def grow(self, leaves: list[bytes], tiles: tuple[Tile, ...]) -> None:
        self.levels[0] += leaves
        for tile in tiles:
            level = self.levels.setdefault(tile.level, [])
            assert tile.index == len(level)
            level.append(tile.hash)


@QUICK
@given(slices)
def test_however_it_is_sliced_an_append_keeps_exactly_the_full_blocks(cut: list[int]) -> None:
    kept, edge = Kept(), Frontier()
    for length in cut:
        new = LEAVES[edge.size : edge.size + length]
        tiles = tiles_after(edge.size, new, kept.hashes)
        assert set(edge.add(new)) == set(tiles)
        kept.grow(new, tiles)
    assert kept.levels == blocks(edge.size)
    assert edge.root == root_at(edge.size, kept.hashes) == root_of(LEAVES[: edge.size])


@QUICK
@given(sizes, slices)
def test_a_frontier_taken_up_from_tiles_goes_on_as_if_it_had_seen_every_leaf(size: int, cut: list[int]) -> None:
    kept = Kept()
    kept.levels = blocks(size)
    edge, seen = Frontier.at(size, kept.hashes), Frontier()
    seen.add(LEAVES[:size])
    for length in (0, *cut):
        new = LEAVES[edge.size : edge.size + length]
        assert edge.add(new) == seen.add(new)
        assert (edge.size, edge.root) == (seen.size, seen.root)


@QUICK
@given(st.data(), sizes)
def test_every_proof_from_tiles_holds_and_no_altered_one_does(data: st.DataObject, size: int) -> None:
    kept = Kept()
    kept.levels = blocks(len(LEAVES))
    root = root_of(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    proof = list(inclusion_proof(index, size, kept.hashes))
    assert is_included(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1))
    assert is_included(LEAVES[index], other, size, proof, root) == (other == index)
    assert is_included(LEAVES[other], index, size, proof, root) == (other == index)
    wrong = data.draw(altered([LEAVES[index], root, *proof]))
    assert not is_included(wrong[0], index, size, wrong[2:], wrong[1])


@QUICK
@given(st.data(), sizes, sizes)
def test_every_consistency_proof_from_tiles_holds_and_no_altered_one_does(data: st.DataObject, a: int, b: int) -> None:
    first, second = sorted((a, b))
    kept = Kept()
    kept.levels = blocks(len(LEAVES))
    roots = root_of(LEAVES[:first]), root_of(LEAVES[:second])
    proof = consistency_proof(first, second, kept.hashes)
    assert is_consistent(first, second, *roots, proof)
    wrong = data.draw(altered([*roots, *proof]))
    assert not is_consistent(first, second, wrong[0], wrong[1], wrong[2:])


@QUICK
@given(sizes, sizes, st.integers(0, 299))
def test_no_proof_leads_from_a_tree_to_one_that_changed_a_leaf_of_it(a: int, b: int, changed: int) -> None:
    first, second = sorted((a, b))
    changed %= first
    leaves = [*LEAVES[:changed], leaf_hash(b"changed"), *LEAVES[changed + 1 :]]
    proof = consistency_proof(first, second, lambda level, start, stop: _level(leaves, level, start, stop))
    assert not is_consistent(first, second, root_of(LEAVES[:first]), root_of(leaves[:second]), proof)


def _level(leaves: list[bytes], level: int, start: int, stop: int) -> list[bytes]:
    width = WIDTH**level
    return [root_of(leaves[at * width : (at + 1) * width]) for at in range(start, stop)]


@st.composite
def altered(draw: st.DrawFn, hashes: list[bytes]) -> list[bytes]:
    """One hash with a bit flipped, cut short or dropped from the proof; or one too many in the proof."""
    at = draw(st.integers(0, len(hashes) - 1))
    how = draw(st.sampled_from(("flip", "short", "drop", "add")))
    if how == "add" or (how == "drop" and len(hashes) == 2):
        at = draw(st.integers(2, len(hashes)))
        return [*hashes[:at], draw(st.sampled_from([*LEAVES[:3], *hashes])), *hashes[at:]]
    if how == "drop":
        at = max(at, 2)
        return [*hashes[:at], *hashes[at + 1 :]]
    if how == "short":
        return [*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]]
    bit = draw(st.integers(0, 255))
    flipped = bytes(byte ^ (1 << bit % 8 if bit // 8 == place else 0) for place, byte in enumerate(hashes[at]))
    return [*hashes[:at], flipped, *hashes[at + 1 :]]
