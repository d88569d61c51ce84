"""What a claim that none happened decides of each event's time, to the fixpoint. Counts nothing, sets nothing aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, final

from events.when import ANY
from timeline.counting.happenings import Moment, Record, Scope, Total
from timeline.network import Edge, Network


@final
class Instant(NamedTuple):
    """An instant at which there certainly was one of a scope, and the events that tell of it."""

    told_by: tuple[str, ...]
    scope: Scope
    node: str


@final
class Conclusion(NamedTuple):
    """That `edge` holds, on the word of `claim`, given the other statements."""

    claim: str
    edge: Edge
    given: tuple[str, ...]


def decide(network: Network, record: Record) -> tuple[str, ...]:
    """Add to a network what the claims of a record decide; give (), or the statements of a contradiction.

    What is in the scope of a period of none, and cannot be before it, lies after it, and the reverse. The one at the
    instant of a claim of a last is such an instant too, and what follows it such a period (SEMANTICS 7).
    """
    none = tuple(one for one in sorted(record.limits, key=_claim) if one.count.hi == 0)
    if not none:
        return ()
    instants = tuple(_instants(record))
    while True:
        found = list(_conclusions(network, none, instants))
        for each in found:
            against = network.add(each.claim, (each.edge,), given=each.given)
            if against:
                return against
        if not found:
            return ()


def _claim(total: Total) -> tuple[str, Moment]:
    return total.id, total.start


def _instants(record: Record) -> Iterator[Instant]:
    for one in record.told:
        if one.dated and one.count.lo:
            for node in dict.fromkeys((one.first, one.last)):
                yield Instant((*(one.tellings or (one.id,)), *one.by), one.scope, node)


def _conclusions(network: Network, none: Iterable[Total], instants: tuple[Instant, ...]) -> Iterator[Conclusion]:
    """Give what the network does not know yet."""
    for claim in none:
        start, end = network.reach(claim.start.node), network.reach(claim.end.node)
        for one in instants:
            if not one.scope.within(claim.scope):
                continue
            from_start, from_end = start.get(one.node, ANY), end.get(one.node, ANY)
            after = from_start.lo is not None and from_start.lo > claim.start.shift
            upto = from_end.hi is not None and from_end.hi <= claim.end.shift
            if upto and not (from_start.hi is not None and from_start.hi <= claim.start.shift):
                yield _concluded(network, claim, one, after=False)
            if after and not (from_end.lo is not None and from_end.lo > claim.end.shift):
                yield _concluded(network, claim, one, after=True)


def _concluded(network: Network, claim: Total, one: Instant, *, after: bool) -> Conclusion:
    seen, then = (claim.start, claim.end) if after else (claim.end, claim.start)
    known = network.difference(seen.node, one.node)
    rests = known.lo_rests if after else known.hi_rests
    edge = Edge(then.node, one.node, *((then.shift + 1, None) if after else (None, then.shift)))
    return Conclusion(claim.id, edge, tuple(sorted({*one.told_by, *rests})))
