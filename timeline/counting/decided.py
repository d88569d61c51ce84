"""What a claim that none happened decides of each event's time, to the fixpoint. Counts nothing, sets nothing aside."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias, final

from events.when import ANY, Bound
from timeline.counting.happenings import Moment, Record, Scope, Total
from timeline.network import Edge, Network

_END: Final = itemgetter(0)


@final
class Instant(NamedTuple):
    """An instant at which there certainly was one of a scope, and the events that tell of it."""

    told_by: tuple[str, ...]
    scope: Scope
    node: str


Nearest: TypeAlias = dict[tuple[str, bool], int]
"""How near to the stretch what lies on one side of it is for certain, by claim and side; the greater the nearer."""


@final
class Conclusion(NamedTuple):
    """That what a claim says there was none of lies `after` its stretch, or not after the start of it.

    `bound` is the instant's own on the axis, as it was when this was concluded.
    """

    claim: Total
    instant: Instant
    after: bool
    bound: Bound

    @property
    def about(self) -> tuple[str, bool]:
        """The claim and the side."""
        return self.claim.id, self.after

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The ends of the bound, the further from the stretch first."""
        bound = self.bound.negate() if self.after else self.bound
        return bound.lo, bound.hi


def decide(network: Network, record: Record) -> tuple[str, ...]:
    """Add to a network what the claims of a record decide; give (), or the statements of a contradiction.

    What is in the scope of a period of none, and cannot be before it, lies after it, and the reverse. The one at the
    instant of a claim of a last is such an instant too, and what follows it such a period (SEMANTICS 7).
    """
    none = tuple(one for one in sorted(record.limits, key=_claim) if one.count.hi == 0)
    if not none:
        return ()
    instants = tuple(_instants(record))
    while found := list(_conclusions(network, none, instants)):
        against = _conclude(network, found)
        if against:
            return against
    return ()


def _claim(total: Total) -> tuple[str, Moment]:
    return total.id, total.start


def _instants(record: Record) -> Iterator[Instant]:
    for one in record.told:
        if one.dated and one.count.lo:
            for node in dict.fromkeys((one.first, one.last)):
                yield Instant((*(one.tellings or (one.id,)), *one.by), one.scope, node)


def settled(network: Network, record: Record) -> bool:
    """Whether the claims of a record decide no more than a network has."""
    none = [one for one in record.limits if one.count.hi == 0]
    return not none or next(_conclusions(network, none, tuple(_instants(record))), None) is None


# --- what is not known yet ----------------------------------------------------------------------------------------


def _conclusions(network: Network, none: Iterable[Total], instants: Sequence[Instant]) -> Iterator[Conclusion]:
    """Give what the network does not know yet."""
    axis = network.bounds()
    own = [axis.get(one.node, ANY) for one in instants]
    scopes = _by_scope(network, instants, own)
    for claim in none:
        stretch = _Stretch.of(network, claim, axis)
        near = [each for scope, row in scopes.items() if scope.within(claim.scope) for each in row.near(stretch)]
        for place, after in sorted(near):
            yield Conclusion(claim, instants[place], after, own[place])


def _decides(network: Network, claim: Total, node: str) -> Iterator[bool]:
    """Give the sides of a stretch of none on which an instant lies for certain, where the network does not know it."""
    start = network.between(claim.start.node, node)
    if _upto(start, claim.start):
        return
    end = network.between(claim.end.node, node)
    if _after(end, claim.end):
        return
    if _upto(end, claim.end):
        yield False
    if _after(start, claim.start):
        yield True


def _upto(later: Bound, end: Moment) -> bool:
    """Whether what is so much later than a moment's node is at or before the moment."""
    return later.hi is not None and later.hi <= end.shift


def _after(later: Bound, start: Moment) -> bool:
    return later.lo is not None and later.lo > start.shift


@final
class _Stretch(NamedTuple):
    """The stretch of a claim that none happened: the bounds of both ends on the axis, and what is tied to them."""

    network: Network
    claim: Total
    start: Bound
    end: Bound
    ties: frozenset[int | str]

    @classmethod
    def of(cls, network: Network, claim: Total, axis: Mapping[str, Bound]) -> _Stretch:
        start, end = (_moved(axis.get(one.node, ANY), one.shift) for one in (claim.start, claim.end))
        return cls(network, claim, start, end, frozenset(network.group(one.node) for one in (claim.start, claim.end)))


@final
class _Row:
    """The instants of one scope by their places: along the axis by either end, and by what ties them to others."""

    def __init__(self, network: Network, nodes: Mapping[int, str], own: Sequence[Bound]) -> None:
        self._nodes, self._own = nodes, own
        self._lows = sorted((lo, place) for place in nodes if (lo := own[place].lo) is not None)
        self._highs = sorted((hi, place) for place in nodes if (hi := own[place].hi) is not None)
        self._open = [place for place in nodes if own[place].hi is None]
        self._groups = {place: network.group(node) for place, node in nodes.items()}

    def near(self, stretch: _Stretch) -> list[tuple[int, bool]]:
        """Give the places of which a claim decides something that is not known, each with the side (true: after).

        Of what nothing ties to the claim's ends no more is known than its own bounds tell: that is decided which is
        over between the earliest of both ends, or begins between the latest of both.
        """
        network, claim, start, end, ties = stretch
        tied = [place for place in self._around(start.lo, end.hi) if self._groups[place] in ties]
        found = [(place, after) for place in tied for after in _decides(network, claim, self._nodes[place])]
        if end.lo is not None:
            over = _between(self._highs, start.lo, end.lo)
            found += [(place, False) for _, place in over if self._groups[place] not in ties]
        if start.hi is not None:
            begun = _between(self._lows, start.hi, end.hi)
            found += [(place, True) for _, place in begun if self._groups[place] not in ties]
        return found

    def _around(self, low: int | None, high: int | None) -> Iterator[int]:
        """Give the places that neither are over by `low` nor begin after `high`: on which side others lie is known."""
        lasting = chain((place for _, place in _between(self._highs, low, None)), self._open)
        return (place for place in lasting if high is None or (lo := self._own[place].lo) is None or lo <= high)


def _by_scope(network: Network, instants: Sequence[Instant], own: Sequence[Bound]) -> dict[Scope, _Row]:
    nodes: dict[Scope, dict[int, str]] = {}
    for place, one in enumerate(instants):
        nodes.setdefault(one.scope, {})[place] = one.node
    return {scope: _Row(network, some, own) for scope, some in nodes.items()}


def _moved(bound: Bound, by: int) -> Bound:
    lo, hi = bound.lo, bound.hi
    return Bound(None if lo is None else lo + by, None if hi is None else hi + by)


def _between(ends: Sequence[tuple[int, int]], low: int | None, high: int | None) -> Sequence[tuple[int, int]]:
    """Give the ends after `low` and up to `high`, each with its place; None is open."""
    first = 0 if low is None else bisect_right(ends, low, key=_END)
    return ends[first : len(ends) if high is None else bisect_right(ends, high, key=_END)]


# --- what is added of it ---------------------------------------------------------------------------------------------


def _conclude(network: Network, found: Sequence[Conclusion]) -> tuple[str, ...]:
    """Add what was concluded; give (), or the statements of a contradiction.

    What others imply with time to spare lies on no shortest path and need not be there: of hundreds that are not after
    a claimed last, one or two say when it was at the earliest. Only if that contradicts the rest are they taken one by
    one, each with what came before it, for the first contradiction is the one that is named.
    """
    trial = network.copy()
    fewest = [_record(network, one) for one in _needed(found, _nearest(found))]
    if any(trial.add(claim, (edge,), given=given) for claim, edge, given in fewest):
        fewest = [_record(network, one) for one in _needed(found, {})]
    return next((against for claim, edge, given in fewest if (against := network.add(claim, (edge,), given=given))), ())


def _needed(found: Iterable[Conclusion], nearest: Nearest) -> Iterator[Conclusion]:
    """Give the conclusions that the nearest so far do not imply with time to spare."""
    for one in found:
        least, most = one.ends
        if most is None or most >= nearest.get(one.about, most):
            yield one
            if least is not None:
                nearest[one.about] = max(least, nearest.get(one.about, least))


def _nearest(found: Iterable[Conclusion]) -> Nearest:
    nearest: Nearest = {}
    for one in found:
        least, _ = one.ends
        if least is not None:
            nearest[one.about] = max(least, nearest.get(one.about, least))
    return nearest


def _record(network: Network, one: Conclusion) -> tuple[str, Edge, tuple[str, ...]]:
    """Give who concludes, the edge, and the statements without which it would not hold."""
    claim, instant = one.claim, one.instant
    seen, then = (claim.start, claim.end) if one.after else (claim.end, claim.start)
    known = network.difference(seen.node, instant.node)
    rests = known.lo_rests if one.after else known.hi_rests
    edge = Edge(then.node, instant.node, *((then.shift + 1, None) if one.after else (None, then.shift)))
    return claim.id, edge, tuple(sorted({*instant.told_by, *rests}))
