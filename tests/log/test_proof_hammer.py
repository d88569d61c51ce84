"""Proofs under load: while one thread appends, others prove what they see, against each root they have seen so far.

The laws of the tree itself are in tests/laws/test_merkle_laws.py; here it is the log's rows and tiles that are read.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest

from events.event import Draft
from events.log import Log, open_log
from events.log.checkpoints import checkpoint, key_file, read_note
from events.log.merkle import consistency_proof, inclusion_proof, is_consistent, is_included, root_of
from events.log.tree import hashes_in, root_of_log
from events.log.verify import verify

SECONDS = 1.5
Make = Callable[..., Draft]


def append(log: Log, draft: Make, name: str, count: int) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("abc"[n % 3], str(n), event_id=f"{name}-{n}") for n in range(count)])


def flipped(proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (*proof[:-1], bytes(byte ^ 1 for byte in proof[-1]))


class Reader:
    """Somebody who watches a log: proves what is in it now, and that it continues what it was at every look before."""

    def __init__(self, where: str, seed: int) -> None:
        self.where = where
        self.chance = random.Random(seed)
        self.seen: list[tuple[int, bytes]] = []
        self.proofs = 0
        self.wrong: list[str] = []

    def watch(self, end: threading.Event) -> None:
        try:
            with open_log(self.where) as log:
                while not end.is_set():
                    with log.snapshot():
                        self.look(log)
        except Exception as error:  # noqa: BLE001 (told by the test)
            self.wrong.append(repr(error))

    def look(self, log: Log) -> None:
        hashes, size = hashes_in(log.rows), log.head()[0]
        root = root_of_log(log.rows, size)
        at = self.chance.randrange(size)
        ((leaf,),) = log.rows("SELECT leaf_hash FROM event WHERE position = ?", (at + 1,))
        proof = inclusion_proof(at, size, hashes)
        if not is_included(leaf, at, size, proof, root):
            self.wrong.append(f"inclusion of {at} in {size}")
        if is_included(leaf, at, size, flipped(proof), root):
            self.wrong.append(f"a wrong proof holds: {at} in {size}")
        before, was = self.chance.choice([*self.seen, (size, root)])
        between = consistency_proof(before, size, hashes)
        if not is_consistent(before, size, was, root, between):
            self.wrong.append(f"consistency of {before} with {size}")
        if between and is_consistent(before, size, was, root, flipped(between)):
            self.wrong.append(f"a wrong proof holds: {before}, {size}")
        self.seen.append((size, root))
        self.proofs += 2


def test_proofs_hold_while_others_append(log: Log, draft: Make) -> None:
    append(log, draft, "first", 200)
    readers, end = [Reader(log.where, seed) for seed in (1, 2)], threading.Event()
    threads = [threading.Thread(target=reader.watch, args=(end,)) for reader in readers]
    for thread in threads:
        thread.start()
    chance, stop, notes = random.Random(3), time.monotonic() + SECONDS, []
    n = 0
    while time.monotonic() < stop:
        append(log, draft, f"n{n}", chance.choice((1, 2, 7, 40, 256, 700)))
        n += 1
        if n % 5 == 0:
            notes.append((f"note {n}", checkpoint(log, key_file(log.where)).encode()))
    end.set()
    for thread in threads:
        thread.join()
    assert not [wrong for reader in readers for wrong in reader.wrong]
    assert all(reader.proofs > 20 for reader in readers)
    assert len({size for reader in readers for size, _ in reader.seen}) > 3
    held = verify(log, checkpoints=notes)
    assert held.ok
    for _, note in notes:
        made, _ = read_note(note)
        assert root_of_log(log.rows, made.size) == made.root


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513, 1_000])
def test_a_log_of_any_size_proves_any_of_its_events(log: Log, draft: Make, size: int) -> None:
    append(log, draft, "e", size)
    leaves = [leaf for (leaf,) in log.rows("SELECT leaf_hash FROM event ORDER BY position")]
    hashes, root, chance = hashes_in(log.rows), root_of(leaves), random.Random(size)
    assert root_of_log(log.rows, size) == root
    for at in {0, size - 1, *(chance.randrange(size) for _ in range(20))}:
        assert is_included(leaves[at], at, size, inclusion_proof(at, size, hashes), root)
        first = at + 1
        proof = consistency_proof(first, size, hashes)
        assert is_consistent(first, size, root_of(leaves[:first]), root, proof)
