"""The tree beside the events: tiles as they become full, the root at any position, and a log that had none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from events.errors import NotHeld
from events.event import Draft
from events.log import Log, open_log, upgrade
from events.log.merkle import EMPTY_ROOT, Frontier, inclusion_proof, is_included, root_of
from events.log.tree import hashes_in, new_tiles, root_of_log
from events.log.verify import verify

Make = Callable[..., Draft]
GOLDEN = Path(__file__).parents[1] / "golden" / "schema_0001.sql"


def leaves_of(log: Log) -> list[bytes]:
    return [leaf for (leaf,) in log.rows("SELECT leaf_hash FROM event ORDER BY position")]


def tiles_of(log: Log) -> list[tuple[int, int, bytes]]:
    return sorted(log.rows('SELECT level, "index", hash FROM tile'))


def append(log: Log, draft: Make, numbers: range) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("ab"[n % 2], str(n), event_id=f"e{n}") for n in numbers])


def test_an_empty_log_has_the_empty_root(log: Log) -> None:
    assert root_of_log(log.rows, 0) == EMPTY_ROOT
    assert tiles_of(log) == []


@pytest.mark.parametrize(
    "cuts", [(600,), (1, 255, 256, 257, 600), (250, 260, 511, 513, 600), tuple(range(60, 601, 60))]
)
def test_tiles_are_there_as_soon_as_they_are_full_however_the_events_came(
    log: Log, draft: Make, cuts: tuple[int, ...]
) -> None:
    start = 0
    for cut in cuts:
        append(log, draft, range(start, cut))
        start = cut
        edge = Frontier()
        made = edge.add(leaves_of(log))
        assert tiles_of(log) == sorted((tile.level, tile.index, tile.hash) for tile in made)
        assert root_of_log(log.rows, cut) == edge.root == root_of(leaves_of(log))


def test_the_root_of_any_prefix_is_known_and_every_event_is_in_it(log: Log, draft: Make) -> None:
    append(log, draft, range(520))
    leaves = leaves_of(log)
    for size in (1, 2, 255, 256, 257, 512, 519, 520):
        root = root_of_log(log.rows, size)
        assert root == root_of(leaves[:size])
        for index in (0, size // 2, size - 1):
            proof = inclusion_proof(index, size, hashes_in(log.rows))
            assert is_included(leaves[index], index, size, proof, root)


def test_a_batch_that_is_taken_back_leaves_no_tile(log: Log, draft: Make) -> None:
    append(log, draft, range(200))
    with log.writing("keeper") as writer:
        writer.append([draft("a", str(n), event_id=f"x{n}") for n in range(200)])
        writer.discard()
    assert tiles_of(log) == []
    append(log, draft, range(200, 256))
    assert [row[:2] for row in tiles_of(log)] == [(1, 0)]


def test_a_batch_that_holds_old_events_makes_the_same_tiles(log: Log, draft: Make) -> None:
    append(log, draft, range(300))
    append(log, draft, range(520))
    assert verify(log).ok
    assert [row[:2] for row in tiles_of(log)] == [(1, 0), (1, 1)]


def test_hashes_that_are_not_there_are_not_made_up(log: Log, draft: Make) -> None:
    append(log, draft, range(300))
    with pytest.raises(NotHeld, match="not all there"):
        root_of_log(log.rows, 301)
    with pytest.raises(NotHeld):
        new_tiles(log.rows, 511, [bytes(32)])


@pytest.mark.sqlite
def test_a_log_from_before_there_was_a_tree_is_given_one(db: str) -> None:
    with closing(sqlite3.connect(db)) as old:
        old.executescript(GOLDEN.read_text("utf-8"))
        (bodies, leaves) = zip(*old.execute("SELECT body, leaf_hash FROM event ORDER BY position"), strict=True)
    assert upgrade(db) == ("0001", "0002")
    with open_log(db) as log:
        assert verify(log).problems == ()
        assert [row[:2] for row in tiles_of(log)] == [(1, 0)]
        assert root_of_log(log.rows, 270) == root_of(leaves)
        assert [body for (body,) in log.rows("SELECT body FROM event ORDER BY position")] == list(bodies)
    with open_log(db, mode="write") as log, log.writing("keeper") as writer:
        writer.append([])
    assert upgrade(db) == ("0002", "0002")
