"""The network against enumeration, an all-pairs oracle, and hidden worlds (SEMANTICS 1.3, 8 and 9)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.when import ANY, Bound
from tests.laws.effort import tries
from timeline.graph import shortest
from timeline.network import ORIGIN, Edge, Network

NAMES = ("p", "q", "r", "s")
Statement = tuple[str, tuple[Edge, ...]]
World = dict[str, int]


def holds(world: World, edges: Iterable[Edge]) -> bool:
    gaps = ((world[edge.b] - world[edge.a], edge) for edge in edges)
    return all((e.lo is None or e.lo <= gap) and (e.hi is None or gap <= e.hi) for gap, e in gaps)


def within(bound: Bound, value: int) -> bool:
    return (bound.lo is None or bound.lo <= value) and (bound.hi is None or value <= bound.hi)


def fed(said: Iterable[Statement]) -> Network:
    network = Network()
    for name, edges in said:
        network.add(name, edges)
    return network


def agrees(said: Iterable[Statement], names: Iterable[str]) -> bool:
    """Whether the statements of these names agree, by an oracle that shares no code with the network."""
    kept = set(names)
    return all_pairs([edge for name, edges in said if name in kept for edge in edges]) is not None


def all_pairs(edges: Iterable[Edge]) -> dict[tuple[str, str], int] | None:
    """Floyd and Warshall's least weights between any two nodes; None where there is a negative cycle."""
    edges = list(edges)
    nodes = sorted({name for edge in edges for name in edge[:2]})
    least: dict[tuple[str, str], int] = {(node, node): 0 for node in nodes}
    for a, b, lo, hi in edges:
        for pair, weight in (((a, b), hi), ((b, a), None if lo is None else -lo)):
            if weight is not None:
                least[pair] = min(weight, least.get(pair, weight))
    for middle, a, b in product(nodes, nodes, nodes):
        if (a, middle) in least and (middle, b) in least:
            through = least[a, middle] + least[middle, b]
            least[a, b] = min(through, least.get((a, b), through))
    return None if any(least[node, node] < 0 for node in nodes) else least


@st.composite
def edge_sets(draw: st.DrawFn, names: tuple[str, ...] = (ORIGIN, *NAMES), reach: int = 6) -> tuple[Edge, ...]:
    edges = []
    for _ in range(draw(st.integers(1, 3))):
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        ends = st.none() | st.integers(-reach, reach)
        edges.append(Edge(a, b, draw(ends), draw(ends)))
    return tuple(edges)


def statements(most: int = 8) -> st.SearchStrategy[list[Statement]]:
    return st.lists(edge_sets(), min_size=1, max_size=most).map(
        lambda sets: [(f"s{number}", edges) for number, edges in enumerate(sets)]
    )


def consistent(said: list[Statement]) -> tuple[Network, list[Statement]]:
    """Keep the statements that could be added."""
    network = Network()
    return network, [statement for statement in said if not network.add(*statement)]


@tries(60)
@given(st.integers(1, 4), st.data())
def test_bounds_and_consistency_agree_with_every_small_world(count: int, data: st.DataObject) -> None:
    names, size = NAMES[:count], {1: 12, 2: 8, 3: 6, 4: 4}[count]
    box = tuple(Edge(ORIGIN, name, 0, size) for name in names)
    said = [
        ("box", box),
        *data.draw(
            st.lists(edge_sets((ORIGIN, *names), 4), max_size=5).map(
                lambda sets: [(f"s{number}", edges) for number, edges in enumerate(sets)]
            )
        ),
    ]
    worlds = [{ORIGIN: 0, **dict(zip(names, at, strict=True))} for at in product(range(size + 1), repeat=count)]
    network = Network()
    for name, edges in said:
        left = [world for world in worlds if holds(world, edges)]
        assert (network.add(name, edges) == ()) == bool(left)
        worlds = left or worlds
    for a, b in product((ORIGIN, *names), repeat=2):
        gaps = {world[b] - world[a] for world in worlds}
        assert network.between(a, b) == Bound(min(gaps), max(gaps))
        assert gaps == set(range(min(gaps), max(gaps) + 1)), "every value of a bound occurs"


@tries(60)
@given(statements())
def test_open_ends_agree_with_all_pairs(said: list[Statement]) -> None:
    network, kept = consistent(said)
    least = all_pairs(edge for _, edges in kept for edge in edges)
    assert least is not None
    for a, b in product((ORIGIN, *NAMES), repeat=2):
        lo = least.get((b, a))
        expected = Bound(0, 0) if a == b else Bound(None if lo is None else -lo, least.get((a, b)))
        assert network.between(a, b) == expected
        if a in network.nodes:
            assert network.reach(a).get(b, ANY) == expected


@pytest.mark.parametrize("seed", range(6))
def test_sixty_nodes_agree_with_all_pairs(seed: int) -> None:
    dice = random.Random(seed)
    nodes = [ORIGIN, *(f"n{number}" for number in range(dice.randrange(20, 60)))]
    said: list[Statement] = []
    for number in range(150):
        a, b = dice.sample(nodes, 2)
        low = dice.randrange(-50, 50)
        said.append((f"s{number}", (Edge(a, b, low if dice.random() < 0.8 else None, low + dice.randrange(90)),)))
    network, kept = consistent(said)
    least = all_pairs(edge for _, edges in kept for edge in edges)
    assert least is not None
    assert len(kept) < len(said)
    for a, b in product(network.nodes, repeat=2):
        lo = least.get((b, a))
        assert network.between(a, b) == Bound(None if lo is None else -lo, least.get((a, b)))


@tries(80)
@given(statements(10), st.randoms(use_true_random=False))
def test_a_contradicting_set_is_minimal_and_does_not_depend_on_order(
    said: list[Statement], dice: random.Random
) -> None:
    network, kept = consistent(said)
    for name, edges in said:
        named = network.conflicts_with(name, edges)
        assert bool(named) == (not agrees(said, [other for other, _ in kept] + [name]))
        if named:
            assert name in named
            assert not agrees(said, named)
            assert all(agrees(said, set(named) - {one}) for one in named)
            again = dice.sample(kept, len(kept))
            assert fed(again).conflicts_with(name, dice.sample(edges, len(edges))) == named


def least_by_enumeration(said: list[Statement], a: str, b: str, end: str) -> tuple[str, ...]:
    """The least set of statements that implies an end, by number and then ids, by trying all of them."""
    names = sorted(name for name, _ in said)
    whole = getattr(fed(said).between(a, b), end)
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            least = all_pairs(edge for name, edges in said if name in some for edge in edges) or {}
            found = least.get((a, b)) if end == "hi" else least.get((b, a))
            if found is not None and (found if end == "hi" else -found) == whole:
                return some
    raise AssertionError


@tries(60)
@given(statements(7))
def test_an_end_rests_on_the_fewest_statements_that_imply_it(said: list[Statement]) -> None:
    network, kept = consistent(said)
    for a, b in combinations((ORIGIN, *NAMES), 2):
        found = network.difference(a, b)
        if found.bound.lo is not None:
            assert found.lo_rests == least_by_enumeration(kept, a, b, "lo")
        if found.bound.hi is not None:
            assert found.hi_rests == least_by_enumeration(kept, a, b, "hi")


@tries(30)
@given(statements(7))
def test_what_many_ends_rest_on_is_what_each_rests_on(said: list[Statement]) -> None:
    network, other, nodes = fed(said), fed(said), (*NAMES, ORIGIN, "nobody")
    every = [(a, b) for a in nodes for b in nodes]
    for pair in every:
        assert network.resting([pair]) == set(other.rests(*pair))
    assert network.resting(every) == {one for pair in every for one in network.rests(*pair)}


@pytest.mark.parametrize("effort", [shortest.EFFORT, 0])
@tries(60)
@given(said=statements(9), dice=st.randoms(use_true_random=False))
def test_order_changes_neither_bounds_nor_what_they_rest_on(
    effort: int, said: list[Statement], dice: random.Random
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shortest, "EFFORT", effort)
        network, kept = consistent(said)
        other = fed((name, (*dice.sample(edges, len(edges)),)) for name, edges in dice.sample(kept, len(kept)))
        pairs = list(product((ORIGIN, *NAMES), repeat=2))
        found = {pair: network.difference(*pair) for pair in pairs}
        for pair in dice.sample(pairs, len(pairs)):
            assert other.difference(*pair) == found[pair]
            alone = network.without(network.statements - {*found[pair].lo_rests})
            assert alone.between(*pair).lo == found[pair].bound.lo
            alone = network.without(network.statements - {*found[pair].hi_rests})
            assert alone.between(*pair).hi == found[pair].bound.hi


def hidden(count: int, seed: int) -> tuple[World, list[Statement]]:
    dice = random.Random(seed)
    world = {ORIGIN: 0, **{f"e{number}": dice.randrange(10**9) for number in range(count)}}
    names = list(world)
    said = []
    for number in range(count):
        edges = []
        for _ in range(2 + (dice.random() < 0.6)):
            anchor = dice.choice(names) if dice.random() < 0.7 else ORIGIN
            gap = world[f"e{number}"] - world[anchor]
            lo, hi = gap - dice.randrange(10**7), gap + dice.randrange(10**7)
            open_end = dice.random()
            edges.append(Edge(anchor, f"e{number}", None if open_end < 0.1 else lo, None if open_end > 0.9 else hi))
        said.append((f"e{number}", tuple(edges)))
    return world, dice.sample(said, count)


@pytest.mark.parametrize(("count", "seed"), [(30, 1), (300, 2), (3000, 3), (10_000, 4)])
def test_the_hidden_world_is_inside_every_bound_and_every_end_is_reached(count: int, seed: int) -> None:
    world, said = hidden(count, seed)
    network = Network()
    assert all(network.add(*statement) == () for statement in said)
    assert all(within(bound, world[name]) for name, bound in network.bounds().items())
    dice = random.Random(seed)
    for _ in range(6):
        a, b = dice.sample(sorted(world), 2)
        found = network.difference(a, b)
        assert within(found.bound, world[b] - world[a])
        if found.bound.hi is not None:
            assert network.feasible([Edge(a, b, found.bound.hi, None)])
            assert set(network.conflicts_with("~", [Edge(a, b, found.bound.hi + 1)])) <= {"~", *found.hi_rests}
            assert network.conflicts_with("~", [Edge(a, b, found.bound.hi + 1)])
        if found.bound.lo is not None:
            assert network.feasible([Edge(a, b, None, found.bound.lo)])
            assert not network.feasible([Edge(a, b, None, found.bound.lo - 1)])


@tries(60)
@given(statements(6), edge_sets())
def test_a_further_constraint_never_widens_a_bound(said: list[Statement], edges: tuple[Edge, ...]) -> None:
    network, _ = consistent(said)
    pairs = list(product((ORIGIN, *NAMES), repeat=2))
    before = {pair: network.between(*pair) for pair in pairs}
    network.add("more", edges)
    assert all(before[pair].covers(network.between(*pair)) for pair in pairs)


@tries(60)
@given(statements(8), statements(8))
def test_a_fork_and_a_hypothesis_leave_the_network_as_it_was(said: list[Statement], more: list[Statement]) -> None:
    network, kept = consistent(said)
    fork = network.copy()
    for name, edges in more:
        network.feasible(edges)
        network.conflicts_with(f"x{name}", edges)
    added = [(f"x{name}", edges) for name, edges in more if not fork.add(f"x{name}", edges)]
    pairs = list(product((ORIGIN, *NAMES), repeat=2))
    alone, both = fed(kept), fed([*kept, *added])
    assert network.nodes == alone.nodes
    assert network.statements == alone.statements
    assert all(network.difference(*pair) == alone.difference(*pair) for pair in pairs)
    assert all(fork.difference(*pair) == both.difference(*pair) for pair in pairs)


@tries(40)
@given(st.lists(edge_sets(), min_size=2, max_size=4))
def test_whether_statements_agree_does_not_depend_on_order(sets: list[tuple[Edge, ...]]) -> None:
    said = [(f"s{number}", edges) for number, edges in enumerate(sets)]
    verdicts = {len(fed(order)) == len(said) for order in permutations(said)}
    assert verdicts == {agrees(said, [name for name, _ in said])}
