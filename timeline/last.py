"""The last and the first happening before an anchor: whether there was one, and how long before. Knows no events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, Literal, NamedTuple, final

from events.when import ANY, Bound
from timeline.happenings import Closed, Happening, Moment, Record, Scope, Total, can_meet, gap
from timeline.network import Edge, Network

Exists = Literal["certain", "possible", "impossible"]
AT_ALL: Final = Bound(0, None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """A claim that the last happening of a scope at or before the instant `before` was at the instant `node`."""

    id: str
    scope: Scope
    node: str
    before: str


class Candidate(NamedTuple):
    """One that may be the last: how long before the anchor (µs; negative: after it), and whether it certainly was."""

    id: str
    gap: Bound
    sure: bool
    node: str = ""
    plain: bool = True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Whether there was one, how long before the anchor (µs, closed; of one that exists), and the same in fact.

    `tight` speaks of the record; `candidates` are the ids that may be the one asked for. `elapsed` means nothing where
    `exists` is impossible.
    """

    exists: Exists
    elapsed: Bound
    fact_exists: Exists
    fact_elapsed: Bound
    tight: bool = False
    least_rests: tuple[str, ...] = ()
    most_rests: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()


def since_last(record: Record, anchor: str, scope: Scope, lasts: Sequence[Last] = ()) -> Since:
    """How long before the instant of node `anchor` the last happening of a scope was; at it counts as before it.

    Bounds come from differences to the anchor, never from two dates (SEMANTICS 7).
    """
    record = replace(record, network=decided(record, lasts))
    record.network.reach(anchor)  # one run, kept: every gap to the anchor comes from it
    told = [each for one in _meeting(record, anchor, scope) for each in _lasts_of(record, anchor, one, scope)]
    claims = [one for one in lasts if can_meet(one.scope, scope, record.declared)]
    told += [_claimed(record.network, anchor, one, scope) for one in claims]
    candidates = _before((*told, *_totals(record, anchor, scope)))
    sure, others = _split(candidates)
    if not candidates:
        return _none(record, anchor, scope, lasts)
    low = min(candidates, key=lambda one: (_floor(one.gap.lo), one.id))
    high = min(sure, key=lambda one: (one.gap.hi is None, one.gap.hi or 0, one.id), default=None)
    open_end = high is None or high.gap.hi is None
    most = _greatest(one.gap.hi for one in others) if high is None else high.gap.hi
    elapsed = Bound(_floor(low.gap.lo), most)
    return Since(
        exists="certain" if sure else "possible",
        elapsed=elapsed,
        fact_exists="certain" if sure else "possible",
        fact_elapsed=Bound(min(elapsed.lo or 0, _closed_for(record, anchor, scope, lasts)), most if sure else None),
        tight=_tight_last(record, anchor, sure, others) and not (claims and others),
        least_rests=tuple(sorted({*_rests(record.network, anchor, low, upper=False), *(one.id for one in claims)})),
        most_rests=() if open_end or high is None else _rests(record.network, anchor, high, upper=True),
        candidates=tuple(sorted({one.id for one in candidates if most is None or _floor(one.gap.lo) <= most})),
        undated=_undated(record, candidates),
    )


def since_first(record: Record, anchor: str, scope: Scope) -> Since:
    """How long before the instant of node `anchor` the first happening of a scope was; the mirror of `since_last`.

    In fact an earlier one may always have been, so that elapsed has no upper end there.
    """
    told = [_told(record, anchor, one, scope, one.first) for one in _meeting(record, anchor, scope)]
    candidates = _before((*told, *_totals(record, anchor, scope)))
    sure, others = _split(candidates)
    if not candidates:
        return replace(_none(record, anchor, scope, ()), fact_elapsed=AT_ALL)
    low = max(sure, key=lambda one: (_floor(one.gap.lo), one.id), default=None)
    least = _floor(low.gap.lo) if low else min(_floor(one.gap.lo) for one in others)
    most = _greatest(one.gap.hi for one in candidates)
    high = next((one for one in sorted(candidates) if one.gap.hi == most), None)
    return Since(
        exists="certain" if sure else "possible",
        elapsed=Bound(least, most),
        fact_exists="certain" if sure else "possible",
        fact_elapsed=Bound(least if sure else 0, None),
        tight=not others and all(one.plain for one in sure) and not _undated(record, candidates),
        least_rests=_rests(record.network, anchor, low, upper=False) if low else (),
        most_rests=_rests(record.network, anchor, high, upper=True) if high and most is not None else (),
        candidates=tuple(sorted({one.id for one in candidates if one.gap.hi is None or one.gap.hi >= least})),
        undated=_undated(record, candidates),
    )


# Candidates


def _meeting(record: Record, anchor: str, scope: Scope) -> list[Happening]:
    """Give what may be of the scope; the anchor is no candidate."""
    return [
        one
        for one in record.happenings
        if can_meet(one.scope, scope, record.declared) and anchor not in {one.first, one.last} and one.count.hi != 0
    ]


def _told(record: Record, anchor: str, one: Happening, scope: Scope, node: str) -> Candidate:
    before = gap(record.network, Moment(node), Moment(anchor)) if one.dated else ANY
    sure = one.dated and one.scope.within(scope) and bool(one.count.lo)
    return Candidate(one.id, before, sure, node if one.dated else "")


def _lasts_of(record: Record, anchor: str, one: Happening, scope: Scope) -> Iterable[Candidate]:
    """Give the candidates an event is: its last instant or, where that may be after the anchor, an earlier one."""
    last = _told(record, anchor, one, scope, one.last)
    if one.first == one.last or not one.dated or _not_negative(last.gap.lo):
        return [last]
    first = _told(record, anchor, one, scope, one.first)
    between = Candidate(one.id, Bound(last.gap.lo, first.gap.hi), sure=False, plain=False)
    return [between, first] if _not_negative(first.gap.lo) else [between]


def _claimed(network: Network, anchor: str, claim: Last, scope: Scope) -> Candidate:
    before = gap(network, Moment(claim.node), Moment(anchor))
    return Candidate(claim.id, before, claim.scope.within(scope), claim.node, plain=claim.before == anchor)


def _totals(record: Record, anchor: str, scope: Scope) -> Iterable[Candidate]:
    """Give the totals that are not zero, each placed anywhere in its period."""
    for total in record.totals:
        if total.count.hi == 0 or not can_meet(total.scope, scope, record.declared):
            continue
        low = gap(record.network, total.end, Moment(anchor)).lo
        high = gap(record.network, total.start, Moment(anchor)).hi
        before = Bound(low, None if high is None else high - 1)
        yield Candidate(total.id, before, bool(total.count.lo) and total.scope.within(scope), plain=False)


def _before(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give those that may lie at or before the anchor."""
    return [one for one in candidates if one.gap.hi is None or one.gap.hi >= 0]


def _split(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Give those that were certainly there and at or before the anchor, and the others."""
    sure: list[Candidate] = []
    others: list[Candidate] = []
    for one in candidates:
        (sure if one.sure and _not_negative(one.gap.lo) else others).append(one)
    return sure, others


def _floor(end: int | None) -> int:
    return max(0, end or 0)


def _greatest(ends: Iterable[int | None]) -> int | None:
    known = list(ends)
    finite = [end for end in known if end is not None]
    return max(finite) if len(finite) == len(known) and finite else None


def _undated(record: Record, candidates: Iterable[Candidate]) -> tuple[str, ...]:
    ids = {one.id for one in candidates}
    return tuple(sorted(one.id for one in record.happenings if not one.dated and one.id in ids))


def _rests(network: Network, anchor: str, one: Candidate, *, upper: bool) -> tuple[str, ...]:
    if not one.node or one.node == anchor:
        return (one.id,)
    difference = network.difference(one.node, anchor)
    return tuple(sorted({one.id, *(difference.hi_rests if upper else difference.lo_rests)}))


# What claims of a last and of completeness decide


def decided(record: Record, lasts: Sequence[Last]) -> Network:
    """Give the network with what each claim of a last decides, to the fixpoint.

    What lies at or before the claim's anchor in every world is at or before c; what may lie on either side stays open.
    """
    network, moved = record.network.copy() if lasts else record.network, bool(lasts)
    done: set[tuple[str, str]] = set()
    while moved:
        moved = False
        for claim in lasts:
            told = ((one.id, one.last) for one in record.happenings if one.dated and one.scope.within(claim.scope))
            others = ((one.id, one.node) for one in lasts if one.scope.within(claim.scope) and one.node != claim.node)
            for name, node in (*told, *others):
                least = network.between(node, claim.before).lo
                if (name, claim.id) in done or node == claim.before or least is None or least < 0:
                    continue
                done.add((name, claim.id))
                moved = not network.add(claim.id, (Edge(node, claim.node, 0, None),), given=(name,)) or moved
    return network


def _closed_for(record: Record, anchor: str, scope: Scope, lasts: Sequence[Last]) -> int:
    """Give how long before the anchor nothing of the scope can have been that nobody recorded; 0 without closure."""
    here = Moment(anchor)
    least = [
        gap(record.network, Moment(claim.node), here).lo
        for claim in lasts
        if scope.within(claim.scope) and _not_negative(gap(record.network, here, Moment(claim.before)).lo)
    ]
    periods: list[Total | Closed] = [*record.closed, *(total for total in record.totals if total.count.hi == 0)]
    least += [
        _unrecorded(record, anchor, scope, period)
        for period in periods
        if scope.within(period.scope) and _not_negative(gap(record.network, here, period.end).lo)
    ]
    return max((_floor(one) for one in least), default=0)


def _not_negative(end: int | None) -> bool:
    return end is not None and end >= 0


def _unrecorded(record: Record, anchor: str, scope: Scope, period: Total | Closed) -> int:
    """Give how far back a closed period reaches, but no further than what the record has there, in any account."""
    here = Moment(anchor)
    reach = _floor(gap(record.network, period.start, here).lo)
    if isinstance(period, Total):
        return reach
    there = (one for one in period.holds if can_meet(one.scope, scope, record.declared))
    gaps = (gap(record.network, Moment(one.last), here) if one.dated else ANY for one in there)
    return min((reach, *(_floor(one.lo) for one in gaps if one.hi is None or one.hi >= 0)))


def _none(record: Record, anchor: str, scope: Scope, lasts: Sequence[Last]) -> Since:
    """Answer where the record tells of none."""
    closed = _closed_for(record, anchor, scope, lasts)
    fact = Bound(closed, None)
    return Since(exists="impossible", elapsed=AT_ALL, fact_exists="possible", fact_elapsed=fact, tight=True)


# Tightness


def _tight_last(record: Record, anchor: str, sure: list[Candidate], others: list[Candidate]) -> bool:
    """Whether both ends occur (SEMANTICS 7): nothing undecided, or what may be after the anchor takes nothing away."""
    everyone = (*sure, *others)
    if not all(one.plain and one.node for one in everyone):
        return False
    least = min((one.gap.hi for one in sure if one.gap.hi is not None), default=None)
    if not others or (sure and all(_at_least(one.gap.hi, least) for one in others)):
        return True
    return len(everyone) == 1 or _independent(record.network, anchor, [one.node for one in everyone])


def _at_least(high: int | None, least: int | None) -> bool:
    return high is None or (least is not None and high >= least)


def _independent(network: Network, anchor: str, nodes: Sequence[str]) -> bool:
    """Whether every choice of gaps to the anchor within their bounds occurs: no pair is tied more closely than that."""
    reach: Callable[[str], Bound] = lambda node: network.between(anchor, node)  # noqa: E731
    for a, b in combinations(nodes, 2):
        near, far, direct = reach(a), reach(b), network.between(a, b)
        lo = None if far.lo is None or near.hi is None else far.lo - near.hi
        hi = None if far.hi is None or near.lo is None else far.hi - near.lo
        if not direct.covers(Bound(lo, hi)):
            return False
    return True
