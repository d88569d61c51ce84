"""Which statements cannot stand with the rest, class by class (SEMANTICS 8). Weighs standings; reads no event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import final

from timeline.constrain import Statement
from timeline.network import Edge, Network

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


def keep(statements: Iterable[Statement], named: frozenset[str]) -> Kept:
    """Enter statements class by class; set aside what contradicts. The same whatever their order."""
    by_id = {one.id: one for one in statements}
    ranks = {one.id: NAMED if one.id in named else one.rank for one in by_id.values()}
    kept = Kept(network=Network(lambda name: ranks.get(name, NAMED)), statements=by_id)
    for one in by_id.values():
        for other, _ in one.pairs:
            kept.waiting.setdefault(other, []).append(one.id)
    for _, group in groupby(sorted(by_id, key=lambda name: (ranks[name], name)), key=lambda name: ranks[name]):
        _enter_class(kept, list(group))
    return kept


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
            if not kept.network.statements.isdisjoint(aside):
                kept.network = kept.network.without(aside)


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

    After a contradiction the network may hold a part of the statement: it is dropped with `without`, or forgotten.
    """
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
