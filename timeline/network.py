"""A simple temporal network: what statements on differences of instants imply. Knows no events, text or calendar.

Every statement says `lo <= t_b - t_a <= hi` of one or more pairs of instants, in integer microseconds. The tightest
bounds are shortest paths (Dechter, Meiri and Pearl, "Temporal constraint networks", 1991): every value within a bound
occurs in some world, and a contradiction is a negative cycle (SEMANTICS 1.3 and 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias, final

from events.when import ANY, Bound
from timeline.graph.contradiction import Spoken, Weakness, is_ring, shrunk
from timeline.graph.paths import Paths
from timeline.graph.potentials import Repair
from timeline.graph.reach import Reach
from timeline.graph.shortest import Rests, Rows
from timeline.hearings.ties import Ties

ORIGIN: Final = ""
"""The node of the axis itself: 1970-01-01T00:00:00Z."""
ROOM = 86_400_000_000
"""How far from the end of a bound with one end an instant is first put, in microseconds; only speed depends on it."""


class Edge(NamedTuple):
    """One constraint: `lo <= t_b - t_a <= hi`, closed, in microseconds; an end that is None is open."""

    a: str
    b: str
    lo: int | None = None
    hi: int | None = None


@final
@dataclass(frozen=True, slots=True)
class Difference:
    """The tightest bound of a difference of two instants (µs, closed), and the statements each end rests on."""

    bound: Bound
    lo_rests: tuple[str, ...] = ()
    hi_rests: tuple[str, ...] = ()


Record: TypeAlias = tuple[Rests, tuple[Edge, ...]]


@final
class Network:
    """A consistent set of statements, kept consistent as more arrive.

    `weakness` ranks statements where a contradiction is shrunk: the greatest is dropped first, then the greatest id;
    it is asked of statements before they are added, too. Bounds, what they rest on, and which contradiction is named
    depend on the set of statements alone, not on the order in which they came.

    >>> network = Network()
    >>> network.add("death", [Edge(ORIGIN, "death", 90, 100)])
    ()
    >>> network.add("a", [Edge("a", "death", 1, 2)]), network.add("b", [Edge("b", "death", 3, 4)])
    ((), ())
    >>> network.difference("b", "a")
    Difference(bound=Bound(lo=1, hi=3), lo_rests=('a', 'b'), hi_rests=('a', 'b'))
    >>> network.add("c", [Edge("a", "b", 0, None)])
    ('a', 'b', 'c')
    """

    __slots__ = (
        "_ahead", "_axis", "_behind", "_emptied", "_found", "_index", "_leaning", "_names", "_potential", "_said",
        "_shared", "_ties", "_weakness",
    )  # fmt: skip

    def __init__(self, weakness: Weakness = lambda _: 0) -> None:
        self._weakness = weakness
        self._names = [ORIGIN]
        self._index = {ORIGIN: 0}
        self._potential = [0]
        self._ahead: Rows = [[]]
        self._behind: Rows = [[]]
        self._said: dict[str, tuple[Record, ...]] = {}
        self._leaning: dict[str, Rests] = {}
        self._shared: set[int] = set()
        self._emptied: set[int] = set()
        self._ties = Ties()
        self._found: Paths | None = None
        self._axis: tuple[Paths, Mapping[str, Bound]] | None = None

    @property
    def nodes(self) -> AbstractSet[str]:
        """The instants that any statement names, and ORIGIN."""
        left = {self._names[number] for number in self._emptied if self._free(number)}
        return self._index.keys() - left if left else self._index.keys()

    @property
    def statements(self) -> AbstractSet[str]:
        """The statements that were added."""
        return self._said.keys()

    def __len__(self) -> int:
        return len(self._said)

    def add(self, statement: str, edges: Iterable[Edge], *, given: Iterable[str] = ()) -> tuple[str, ...]:
        """Add all edges of a statement and give (); or add nothing and give one minimal contradicting set, sorted.

        The set has this statement in it, and without any one of its members the others agree. A statement that is added
        again says all it said before and these edges, too. `given` names statements without which the edges would not
        hold (they were concluded from them): they count among what a bound or a contradiction rests on.
        """
        record = _record(statement, edges, given)
        cycle = () if self._begins(record) else self._enter(record)
        if cycle:
            return self._minimal(record, cycle)
        self._said[statement] = (*self._said.get(statement, ()), record)
        for one in record[0][1:]:
            self._leaning[one] = (*self._leaning.get(one, ()), statement)
        self._found = None
        return ()

    def conflicts_with(self, statement: str, edges: Iterable[Edge], *, given: Iterable[str] = ()) -> tuple[str, ...]:
        """Give what `add` would, and add nothing."""
        record = _record(statement, edges, given)
        size = len(self._names)
        cycle = self._enter(record)
        if cycle:
            return self._minimal(record, cycle)
        self._take_back(record, size)
        return ()

    def feasible(self, edges: Iterable[Edge]) -> bool:
        """Whether some world satisfies every statement and these edges, too; adds nothing."""
        return not self.conflicts_with("", edges)

    def difference(self, a: str, b: str) -> Difference:
        """Give the tightest bound of t_b - t_a, and the statements that each end rests on, sorted.

        The statements named for an end imply it alone; of all such sets it is the one with the fewest statements, then
        the one whose ids come first (as far as `shortest.least` can tell). A node that no statement names is free.
        """
        return Difference(self.between(a, b), self.rests(b, a), self.rests(a, b))

    def rests(self, a: str, b: str) -> Rests:
        """Give what the upper end of t_b - t_a rests on, as `difference` does; () where it is open."""
        if a == b or a not in self._index or b not in self._index:
            return ()
        paths, start, end = self._paths, self._index[a], self._index[b]
        return () if paths.distance(start, end) is None else paths.rests(start, end, self._names)

    def resting(self, pairs: Iterable[tuple[str, str]]) -> set[str]:
        """Give all that the upper ends of t_b - t_a of these pairs rest on, each as `rests` tells it."""
        return self._paths.resting(pairs, self._index, self._names)

    def between(self, a: str, b: str) -> Bound:
        """Give the tightest bound of t_b - t_a alone. Many to one node cost one run in each direction."""
        if a == b:
            return Bound(0, 0)
        if a not in self._index or b not in self._index:
            return ANY
        start, end = self._index[a], self._index[b]
        low = self._paths.distance(end, start)
        return Bound(None if low is None else -low, self._paths.distance(start, end))

    def group(self, node: str) -> int | str:
        """Give what stands for the nodes that are tied to this one otherwise than through the origin.

        Between nodes of different groups no more is known than follows from the bounds of each.
        """
        number = self._index.get(node)
        return node if number is None else self._ties.group(number)

    def bound(self, node: str) -> Difference:
        """Give the tightest bound of one instant, in microseconds since 1970, and what it rests on."""
        return self.difference(ORIGIN, node)

    def bounds(self) -> Mapping[str, Bound]:
        """Give the tightest bound of every instant, in microseconds since 1970."""
        if self._axis is None or self._axis[0] is not self._paths:
            self._axis = self._paths, self._reach(0).made()
        return self._axis[1]

    def reach(self, node: str) -> Mapping[str, Bound]:
        """Give the tightest bound of t_x - t_node for every x of `nodes`."""
        source = self._index.get(node)
        if source is None or (source in self._emptied and self._free(source)):
            return dict.fromkeys(self._names, ANY)
        return self._reach(source)

    def _reach(self, source: int) -> Reach:
        to, fro = self._paths.all(source, backwards=True), self._paths.all(source, backwards=False)
        return Reach(self._index, to, fro)

    def copy(self) -> Network:
        """Give an independent network that says the same; what they have in common is shared until one changes."""
        other = Network(self._weakness)
        other._names, other._index = self._names.copy(), self._index.copy()
        other._potential = self._potential.copy()
        other._ahead, other._behind = self._ahead.copy(), self._behind.copy()
        other._said, other._leaning = self._said.copy(), self._leaning.copy()
        other._emptied, other._ties = self._emptied.copy(), self._ties.copy()
        self._shared = set(range(len(self._names)))
        other._shared = self._shared.copy()
        return other

    def without(self, statements: Iterable[str]) -> Network:
        """Give a network of the other statements, without the edges that were concluded from these."""
        other = self.copy()
        other.drop(statements)
        return other

    def drop(self, statements: Iterable[str]) -> None:
        """Forget statements, and the edges that were concluded from them, as if they had never been added."""
        gone: list[Record] = []
        for statement in statements:
            gone += self._said.pop(statement, ())
            for leaning in self._leaning.pop(statement, ()):
                theirs = self._said.get(leaning, ())
                gone += [one for one in theirs if statement in one[0]]
                if theirs:
                    self._said[leaning] = tuple(one for one in theirs if statement not in one[0])
            self._found = None
        self._forget(gone)

    def _forget(self, gone: Sequence[Record]) -> None:
        """Remove the arcs of these records, wherever they stand in their rows; each row is gone through once."""
        rested = {id(rests) for rests, _ in gone}
        names = {name for _, edges in gone for edge in edges for name in edge[:2]}
        for number in {self._index[name] for name in names if name in self._index}:
            self._unshare(number)
            for row in (self._ahead[number], self._behind[number]):
                row[:] = [arc for arc in row if id(arc[2]) not in rested]
            if number and self._free(number):
                self._emptied.add(number)

    def _free(self, number: int) -> bool:
        return not (self._ahead[number] or self._behind[number])

    # Entering and taking back

    def _begins(self, record: Record) -> bool:
        """Lay a record down that only dates an instant nobody has spoken of; give whether it was one.

        Most are of this kind: nothing can contradict them, and there is nothing to repair.
        """
        rests, edges = record
        if len(edges) != 1:
            return False
        origin, name, lo, hi = edges[0]
        if origin or name in self._index or (lo is not None and hi is not None and lo > hi):
            return False
        self._unshare(0)
        node = self._node(name, self._potential[0] + _within(lo, hi))
        if hi is not None:
            self._ahead[0].append((node, hi, rests))
            self._behind[node].append((0, hi, rests))
        if lo is not None:
            self._ahead[node].append((0, -lo, rests))
            self._behind[0].append((node, -lo, rests))
        return True

    def _enter(self, record: Record) -> Rests:
        """Lay the record's edges down and give (); or take them back and give the statements of a negative cycle."""
        size = len(self._names)
        rests, edges = record
        for a, b, lo, hi in edges:
            tail, head = self._node(a), self._node(b)
            self._place(tail, head, lo, hi)
            cycle = None if hi is None else self._link(tail, head, hi, rests)
            if cycle is None and lo is not None:
                cycle = self._link(head, tail, -lo, rests)
            if cycle is not None:
                self._take_back(record, size)
                return cycle
        return ()

    def _node(self, name: str, potential: int = 0) -> int:
        number = self._index.get(name)
        if number is None:
            number = self._index[name] = len(self._names)
            self._names.append(name)
            self._ties.append()
            self._potential.append(potential)
            self._ahead.append([])
            self._behind.append([])
        return number

    def _place(self, tail: int, head: int, lo: int | None, hi: int | None) -> None:
        """Start an instant that nothing constrains yet where the edge wants it, so that there is less to repair."""
        if self._free(head):
            self._potential[head] = self._potential[tail] + _within(lo, hi)
        elif self._free(tail):
            self._potential[tail] = self._potential[head] - _within(lo, hi)

    def _link(self, tail: int, head: int, weight: int, rests: Rests) -> Rests | None:
        potential = self._potential
        if potential[tail] + weight < potential[head]:
            repair = Repair(potential, self._ahead, self._behind, (tail, head, weight))
            if not repair.attempt():
                return tuple(sorted({*rests, *repair.cycle(self._names)}))
        if self._shared:
            self._unshare(tail)
            self._unshare(head)
        self._ahead[tail].append((head, weight, rests))
        self._behind[head].append((tail, weight, rests))
        if tail and head:
            self._ties.tie(tail, head)
        return None

    def _unshare(self, node: int) -> None:
        if node in self._shared:
            self._shared.remove(node)
            self._ahead[node] = self._ahead[node].copy()
            self._behind[node] = self._behind[node].copy()

    def _take_back(self, record: Record, size: int) -> None:
        """Remove the record's arcs, the last of their rows, and the nodes after the first `size`.

        The potential may stay: whatever satisfies more edges satisfies fewer.
        """
        rests, edges = record
        for edge in edges:
            for number in (self._index[name] for name in edge[:2] if name in self._index):
                for row in (self._ahead[number], self._behind[number]):
                    while row and row[-1][2] is rests:
                        row.pop()
        for name in self._names[size:]:
            del self._index[name]
        for of_nodes in (self._names, self._potential, self._ahead, self._behind):
            del of_nodes[size:]
        self._ties.cut(size)

    # Contradictions

    def _minimal(self, record: Record, cycle: Rests) -> tuple[str, ...]:
        """Shrink the cycle of a record that cannot enter; it is the same whatever the order of the record's edges."""
        rests, edges = record
        if len(edges) > 1:
            cycle = self._enter((rests, tuple(sorted(edges, key=_order))))

        def contradicts(kept: frozenset[str]) -> bool:
            return kept.issuperset(rests) and bool(self._of(kept)._enter(record))  # noqa: SLF001

        if is_ring(self._spoken(record, frozenset(cycle))) and not contradicts(frozenset(rests)):
            return cycle
        return shrunk(cycle, contradicts, self._weakness)

    def _spoken(self, record: Record, kept: frozenset[str]) -> Iterator[Spoken]:
        for rests, edges in (record, *self._records(kept)):
            yield from ((rests, edge.a, edge.b) for edge in edges)

    def _records(self, kept: AbstractSet[str]) -> Iterator[Record]:
        """Give what the statements say without the help of others."""
        for statement in sorted(kept):
            yield from (record for record in self._said.get(statement, ()) if kept >= {*record[0]})

    def _of(self, kept: AbstractSet[str]) -> Network:
        """Give a network of some of the statements."""
        other = Network(self._weakness)
        other._potential[0] = self._potential[0]
        for record in self._records(kept):
            statement = record[0][0]
            other._said[statement] = (*other._said.get(statement, ()), record)
            self._lend(other, record)
        return other

    def _lend(self, other: Network, record: Record) -> None:
        """Lay the edges of a record down in another network; the present potential satisfies them there, too."""
        rests, edges = record
        for a, b, lo, hi in edges:
            tail, head = other._node(a), other._node(b)
            other._potential[tail], other._potential[head] = (self._potential[self._index[each]] for each in (a, b))
            if hi is not None:
                other._link(tail, head, hi, rests)
            if lo is not None:
                other._link(head, tail, -lo, rests)

    @property
    def _paths(self) -> Paths:
        """The shortest paths of the statements as they are."""
        if self._found is None:
            self._found = Paths(self._ahead, self._behind, self._potential, self._ties)
        return self._found


def _record(statement: str, edges: Iterable[Edge], given: Iterable[str]) -> Record:
    also = sorted({*given} - {statement}) if given else ()
    return (statement, *also), tuple(edges)


def _order(edge: Edge) -> tuple[str, str, bool, int, bool, int]:
    return edge.a, edge.b, edge.lo is None, edge.lo or 0, edge.hi is None, edge.hi or 0


def _within(lo: int | None, hi: int | None) -> int:
    """Give a value of the bound, away from its ends, so that later edges find room to move."""
    if lo is None:
        return 0 if hi is None else hi - ROOM
    return lo + ROOM if hi is None else (lo + hi) // 2
