"""How fast the network builds, answers and names a contradiction, beside a plain SPFA in the same run. Not a test.

python -m bench.network [EVENTS]
"""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from timeline.network import ORIGIN, Edge, Network

T = TypeVar("T")
YEARS = 10 * 365 * 86_400_000_000
Statement = tuple[str, list[Edge]]


def hidden(events: int, seed: int = 1) -> tuple[list[int], list[Statement]]:
    """Give a world and statements that hold in it: 2.6 edges an event, 70 % of them relative to another event."""
    dice = random.Random(seed)
    world = [dice.randrange(YEARS) for _ in range(events)]
    said: list[Statement] = []
    for number, instant in enumerate(world):
        edges = [edge_of(dice, world, number, instant) for _ in range(2 + (dice.random() < 0.6))]
        said.append((f"e{number}", edges))
    dice.shuffle(said)
    return world, said


def edge_of(dice: random.Random, world: list[int], number: int, instant: int) -> Edge:
    other = dice.randrange(len(world)) if dice.random() < 0.7 else -1
    gap = instant - (0 if other < 0 else world[other])
    name = ORIGIN if other < 0 else f"e{other}"
    low, high = (dice.randrange(30 * 86_400_000_000) for _ in range(2))
    return Edge(name, f"e{number}", gap - low if dice.random() < 0.9 else None, gap + high)


def spfa(said: list[Statement]) -> int:
    """Give the number of nodes reached from the origin, by the plain queue algorithm, in both directions."""
    reached = 0
    for backwards in (False, True):
        rows: dict[str, list[tuple[str, int]]] = {}
        for _, edges in said:
            for a, b, lo, hi in edges:
                for tail, head, weight in ((a, b, hi), (b, a, None if lo is None else -lo)):
                    if weight is not None:
                        start, end = (head, tail) if backwards else (tail, head)
                        rows.setdefault(start, []).append((end, weight))
        reached += relaxed(rows)
    return reached


def relaxed(rows: dict[str, list[tuple[str, int]]]) -> int:
    best = {ORIGIN: 0}
    queue, queued = deque([ORIGIN]), {ORIGIN}
    while queue:
        node = queue.popleft()
        queued.discard(node)
        for other, weight in rows.get(node, ()):
            there = best[node] + weight
            if other not in best or there < best[other]:
                best[other] = there
                if other not in queued:
                    queued.add(other)
                    queue.append(other)
    return len(best)


def built(said: list[Statement]) -> Network:
    network = Network()
    for name, edges in said:
        assert not network.add(name, edges)
    return network


def timed(what: str, work: Callable[[], T], unit: float = 0.0) -> tuple[T, float]:
    start = perf_counter()
    result = work()
    took = perf_counter() - start
    print(f"{what:<58}{took * 1000:>10.2f} ms" + (f"{took / unit:>9.2f} x SPFA" if unit else ""))
    return result, took


def main(events: int) -> None:
    world, said = hidden(events)
    print(f"{events} events, {sum(len(edges) for _, edges in said)} edges")
    _, unit = timed("plain SPFA, rows and both directions, no provenance", lambda: spfa(said))
    network, _ = timed("build, every statement checked", lambda: built(said), unit)
    timed("bounds of all, two runs", network.bounds, unit)
    timed("reach of one more anchor, two runs", lambda: network.reach("e7"), unit)
    timed("bounds and what they rest on, 1,000 events", lambda: [network.bound(f"e{n}") for n in range(1000)], unit)
    dice = random.Random(5)
    for _ in range(3):
        one, two = dice.sample(range(events), 2)
        hi = network.between(f"e{one}", f"e{two}").hi
        wrong = Edge(f"e{one}", f"e{two}", 1 + (hi if hi is not None else world[two] - world[one]))
        named, _ = timed("name a planted contradiction", lambda edge=wrong: network.add("planted", [edge]))  # type: ignore[misc]
        print(f"    {len(named)} statements")
    timed("fork, and add one statement", lambda: network.copy().add("more", [Edge("e1", "new", 0, 5)]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
