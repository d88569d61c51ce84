"""Shrinking a contradiction to statements of which none can be spared. Knows no network and no time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

Weakness: TypeAlias = Callable[[str], Any]
Spoken: TypeAlias = tuple[tuple[str, ...], str, str]
"""Two instants that one edge ties, after the statements that the edge rests on."""


def shrunk(
    statements: Iterable[str], contradicts: Callable[[frozenset[str]], bool], weakness: Weakness
) -> tuple[str, ...]:
    """Give a minimal part of the statements that still contradicts itself, sorted by id.

    The greatest `weakness` is dropped first, then the greatest id (SEMANTICS 8). `contradicts` is asked of ever smaller
    sets and must be monotone: more statements never contradict less.

    >>> shrunk("abcd", lambda kept: "a" in kept and len(kept) > 1, lambda name: name == "b")
    ('a', 'c')
    """
    kept = frozenset(statements)
    for statement in sorted(kept, key=lambda name: (weakness(name), name), reverse=True):
        rest = kept - {statement}
        if contradicts(rest):
            kept = rest
    return tuple(sorted(kept))


def is_ring(spoken: Iterable[Spoken]) -> bool:
    """Whether the pairs of instants close exactly one ring, and no two sets of statements speak of one pair.

    Then a contradiction that is not within one pair goes round the ring and needs all that speak on it, so that a
    long chain of events need not be tried link by link.

    >>> is_ring([(("s",), "a", "b"), (("t",), "b", "c"), (("u",), "c", "a"), (("u",), "c", "d")])
    True
    >>> is_ring([(("s",), "a", "b"), (("t",), "b", "a")])
    False
    """
    speakers: dict[frozenset[str], tuple[str, ...]] = {}
    for rests, a, b in spoken:
        if a == b or speakers.setdefault(frozenset((a, b)), rests) != rests:
            return False
    return _closings(speakers) == 1


def _closings(pairs: Iterable[frozenset[str]]) -> int:
    """Count the pairs whose two were tied already, in whatever order they are taken."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while name in above:
            above[name] = above.get(above[name], above[name])
            name = above[name]
        return name

    closings = 0
    for a, b in pairs:
        one, two = top(a), top(b)
        closings += one == two
        if one != two:
            above[one] = two
    return closings
