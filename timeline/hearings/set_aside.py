"""Which statements cannot stand with the rest, class by class (SEMANTICS 8). Weighs standings; reads no event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, final

from timeline.graph.contradiction import shrunk
from timeline.hearings.constrain import Statement
from timeline.network import Edge, Network

Rules: TypeAlias = Callable[[Network], tuple[str, ...]]
"""Adds to a network what claims of numbers decide there, and gives () or the statements of a contradiction."""
SEARCHED = 60
"""Statements among which a contradiction is looked for where those that show it do not make it by themselves."""
NAMED = -1
"""The class of the events that the question names, before every standing."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Statements that cannot all be true: a minimal set, and those of its members that were set aside."""

    statements: tuple[str, ...]
    set_aside: tuple[str, ...]


@final
@dataclass(slots=True, kw_only=True)
class Kept:
    """A consistent network, what it was kept from, and why. Filled by `keep` alone."""

    network: Network
    statements: Mapping[str, Statement]
    set_aside: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)


def keep(
    statements: Iterable[Statement],
    named: frozenset[str],
    on_conflict: str = "weakest",
    rules: Rules | None = None,
) -> Kept:
    """Enter statements class by class; set aside what contradicts. The same whatever their order.

    `rules` is asked of each class what claims of numbers decide, and what they contradict as counts.
    With `on_conflict` `all`, every member of the sets so found is set aside, also what is stronger.
    """
    by_id = {one.id: one for one in statements}
    ranks = {one.id: NAMED if one.id in named else one.rank for one in by_id.values()}
    kept = Kept(network=Network(lambda name: ranks.get(name, NAMED)), statements=by_id)
    for one in by_id.values():
        for other, _ in one.pairs:
            kept.waiting.setdefault(other, []).append(one.id)
    classes: dict[int, list[str]] = {}
    for name in sorted(by_id):
        classes.setdefault(ranks[name], []).append(name)
    for _, ids in sorted(classes.items()):
        _enter_class(kept, ids)
        if rules is not None:
            _apply(kept, rules, ids)
    if on_conflict == "all":
        _whole_sets(kept, rules)
    return kept


def _whole_sets(kept: Kept, rules: Rules | None) -> None:
    kept.conflicts = [Conflict(statements=one.statements, set_aside=one.statements) for one in kept.conflicts]
    kept.set_aside = [*dict.fromkeys(name for one in kept.conflicts for name in one.statements)]
    kept.network.drop(kept.set_aside)
    if rules is not None and kept.set_aside:
        rules(kept.network)  # what was concluded by way of them may be concluded otherwise


def _enter_class(kept: Kept, ids: list[str]) -> None:
    base = kept.network.copy()
    for name in ids:
        if _add(kept, kept.network, name):
            break
    else:
        return
    kept.network = base
    for name in _not_against_the_kept(kept, ids):
        conflict = _add(kept, kept.network, name)
        if conflict:
            aside = tuple(one for one in conflict if one in ids)
            _put_aside(kept, conflict, aside)
            kept.network.drop(aside)


def _apply(kept: Kept, rules: Rules, ids: list[str]) -> None:
    """Let the rules decide among what is kept; set aside of the class what they contradict."""
    while against := rules(kept.network):
        conflict = _minimal(kept, rules, against)
        ours = [one for one in conflict if one in ids] or list(conflict)
        alone = _alone(kept, rules, ours, ids) if len(ours) > 1 else ()
        if alone:
            conflict, ours = _minimal(kept, rules, (*alone[1:], alone[0])), [alone[0]]
        if kept.network.statements.isdisjoint(ours):
            return
        _put_aside(kept, conflict, tuple(ours))
        kept.network.drop(ours)


def _alone(kept: Kept, rules: Rules, ours: list[str], ids: list[str]) -> tuple[str, ...]:
    """Give the first of these that contradicts what is kept without the rest of its class, then that contradiction."""
    for name in ours:
        network = kept.network.copy()
        network.drop([one for one in ids if one != name])
        against = rules(network)
        if against:
            return (name, *against)
    return ()


def _minimal(kept: Kept, rules: Rules, conflict: tuple[str, ...]) -> tuple[str, ...]:
    """Shrink a contradiction that the rules show."""

    def contradicts(some: frozenset[str]) -> bool:
        network = Network()
        clash = any(_add(kept, network, name) for name in sorted(some) if name in kept.statements)
        return clash or bool(rules(network))

    there = frozenset(conflict).intersection(kept.statements)
    if not contradicts(there):
        every = frozenset(kept.network.statements)
        if len(every) > SEARCHED:
            return conflict
        there = every
    return shrunk(there, contradicts, lambda name: kept.statements[name].rank)


def _not_against_the_kept(kept: Kept, ids: list[str]) -> list[str]:
    """Give the statements of a class that agree, each alone, with what is kept; set aside the others."""
    agree = []
    for name in ids:
        conflict = _against(kept, name)
        if conflict:
            _put_aside(kept, conflict, (name,))
        else:
            agree.append(name)
    return agree


def _against(kept: Kept, name: str) -> tuple[str, ...]:
    """Give what `_add` would, and add nothing."""
    brought = _edges(kept, kept.network, name)
    if len(brought) == 1:
        return kept.network.conflicts_with(name, brought[name, ""])
    if kept.network.feasible([edge for edges in brought.values() for edge in edges]):
        return ()
    return _add(kept, kept.network.copy(), name)


def _put_aside(kept: Kept, conflict: tuple[str, ...], aside: tuple[str, ...]) -> None:
    kept.conflicts.append(Conflict(statements=conflict, set_aside=aside))
    kept.set_aside += aside


def _add(kept: Kept, network: Network, name: str) -> tuple[str, ...]:
    """Add all that a statement says, and what rests on it and another; give () or a minimal contradicting set.

    After a contradiction the network may hold a part of the statement: it is dropped with `drop`, or forgotten.
    """
    own = kept.statements[name]
    if not own.pairs and name not in kept.waiting:
        return network.add(name, own.edges)
    for (speaker, given), edges in _edges(kept, network, name).items():
        conflict = network.add(speaker, edges, given=(given,) if given else ())
        if conflict:
            return conflict
    return ()


def _edges(kept: Kept, network: Network, name: str) -> dict[tuple[str, str], tuple[Edge, ...]]:
    """Give the edges a statement brings in, by who says them and whose date they rest on, too.

    A pair acts once both of its statements are there, whichever comes last.
    """
    there = network.statements
    own = kept.statements[name]
    brought: dict[tuple[str, str], tuple[Edge, ...]] = {(name, ""): own.edges}
    for other, edges in own.pairs:
        if other in there:
            brought[name, other] = (*brought.get((name, other), ()), *edges)
    for speaker in kept.waiting.get(name, ()):
        if speaker in there:
            edges = tuple(edge for other, some in kept.statements[speaker].pairs if other == name for edge in some)
            brought[speaker, name] = edges
    return brought
