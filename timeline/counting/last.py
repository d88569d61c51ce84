"""The last and the first happening before an anchor: whether there was one, and how long before. Knows no events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, Literal, NamedTuple, final

from events.when import ANY, Bound
from timeline.counting.closure import Closure, closure
from timeline.counting.decided import decide
from timeline.counting.happenings import Happening, Last, Moment, Record, Scope, Total, can_meet, gap
from timeline.network import Network

Exists = Literal["certain", "possible", "impossible"]
Reached = Mapping[str, Bound]
"""The bounds of every instant as measured from the anchor."""
AT_ALL: Final = Bound(0, None)


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
    record = replace(record, lasts=(*record.lasts, *lasts))
    return last_of(replace(record, network=decided(record)), anchor, scope)


def last_of(record: Record, anchor: str, scope: Scope, *, resting: bool = True) -> Since:
    """Give the same of a record whose network has what its claims decide; without `resting` it says not on what."""
    reach, there = record.reach(anchor), _meeting(record, anchor, scope)
    passed = _passed_over(record, anchor, scope, there, last=True)
    near = (one for one in there if one.id not in passed)
    told = [each for one in near for each in _lasts_of(record, anchor, reach, one, scope)]
    claims = [one for one in record.lasts if can_meet(one.scope, scope, record.declared)]
    closed = _closure(record, anchor, scope)
    none = _closure(replace(record, closed=()), anchor, scope).reach if record.closed else closed.reach
    sure, others = (_clipped(each, none) for each in _split(_before((*told, *_totals(record, anchor, scope)))))
    candidates = [*sure, *others]
    if not candidates:
        return _none(closed)
    low = min(candidates, key=lambda one: (_floor(one.gap.lo), one.id))
    high = min(sure, key=lambda one: (one.gap.hi is None, one.gap.hi or 0, one.id), default=None)
    open_end = high is None or high.gap.hi is None
    most = _greatest(one.gap.hi for one in others) if high is None else high.gap.hi
    elapsed = Bound(_floor(low.gap.lo), most)
    free = closed.left_out or not closed.whole
    return Since(
        exists="certain" if sure else "possible",
        elapsed=elapsed,
        fact_exists="certain" if sure else "possible",
        fact_elapsed=Bound(min(elapsed.lo or 0, closed.reach) if free else elapsed.lo, most if sure else None),
        tight=_tight_last(record, anchor, sure, others, passed.values()) and not (claims and others),
        least_rests=_least(record, anchor, low, claims) if resting else (),
        most_rests=() if open_end or high is None or not resting else _rests(record.network, anchor, high, upper=True),
        candidates=tuple(sorted({one.id for one in candidates if most is None or _floor(one.gap.lo) <= most})),
        undated=_undated(record, candidates),
    )


def since_first(record: Record, anchor: str, scope: Scope, *, resting: bool = True) -> Since:
    """How long before the instant of node `anchor` the first happening of a scope was; the mirror of `since_last`.

    In fact an earlier one may have been, so that elapsed has no upper end there, unless the whole past is closed.
    Without `resting` it says not on what its ends rest.
    """
    reach, there = record.reach(anchor), _meeting(record, anchor, scope)
    passed = _passed_over(record, anchor, scope, there, last=False)
    told = [_told(record, anchor, reach, one, scope, one.first) for one in there if one.id not in passed]
    candidates = _before((*told, *_totals(record, anchor, scope)))
    sure, others = _split(candidates)
    closed = _closure(record, anchor, scope)
    if not candidates:
        return replace(_none(closed), fact_elapsed=AT_ALL)
    known = closed.whole and not closed.left_out
    low = max(sure, key=lambda one: (_floor(one.gap.lo), one.id), default=None)
    least = _floor(low.gap.lo) if low else min(_floor(one.gap.lo) for one in others)
    most = _greatest(one.gap.hi for one in candidates)
    high = next((one for one in sorted(candidates) if one.gap.hi == most), None)
    return Since(
        exists="certain" if sure else "possible",
        elapsed=Bound(least, most),
        fact_exists="certain" if sure else "possible",
        fact_elapsed=Bound(least, most) if known else Bound(least if sure else 0, None),
        tight=not others and all(one.plain for one in sure) and not _undated(record, candidates),
        least_rests=_rests(record.network, anchor, low, upper=False) if low and resting else (),
        most_rests=_rests(record.network, anchor, high, upper=True) if high and most is not None and resting else (),
        candidates=tuple(sorted({one.id for one in candidates if one.gap.hi is None or one.gap.hi >= least})),
        undated=_undated(record, candidates),
    )


def _closure(record: Record, anchor: str, scope: Scope) -> Closure:
    """Give how far back nothing unrecorded can have been; without a claim there is nothing to look for."""
    return closure(record, anchor, scope) if record.limits or record.closed else Closure()


# Candidates


def _meeting(record: Record, anchor: str, scope: Scope) -> list[Happening]:
    """Give what may be of the scope; the anchor is no candidate."""
    return [one for one in meeting(record, scope) if anchor not in (one.first, one.last)]


def meeting(record: Record, scope: Scope) -> list[Happening]:
    """Give what may be of the scope, but for what lies as a whole where a claim says that none was."""
    none = [total for total in record.limits if total.count.hi == 0 and scope.within(total.scope)]
    declared = record.declared
    return [
        one
        for one in record.told
        if can_meet(one.scope, scope, declared)
        and one.count.hi != 0
        and not (none and _inside_none(record, one, none))
    ]


def _passed_over(
    record: Record, anchor: str, scope: Scope, told: Iterable[Happening], *, last: bool
) -> Mapping[str, str]:
    """Give those (by id, with the node) that certainly were, but so long before the last that they are neither end.

    Dates alone tell, by more than the anchor is uncertain; of the first, those so long after it. Most are of them, and
    need not be measured from the anchor. Where claims speak of numbers, none is passed over.
    """
    own = record.network.bounds() if not record.limits else {}
    at = own.get(anchor, ANY)
    if at.lo is None or at.hi is None:
        return {}
    single = (one for one in told if one.first == one.last and one.dated and not one.soft)
    found = ((one, own.get(one.first, ANY)) for one in single if one.count.lo and one.scope.within(scope))
    bounds = ((one, bound.lo, bound.hi) for one, bound in found)
    sure = [(one, lo, hi) for one, lo, hi in bounds if lo is not None and hi is not None and hi <= at.lo]
    if last:
        latest = max((lo for _, lo, _ in sure), default=at.lo) - (at.hi - at.lo)
        return {one.id: one.first for one, _, hi in sure if hi < latest}
    earliest = min((hi for _, _, hi in sure), default=at.lo) + (at.hi - at.lo)
    return {one.id: one.first for one, lo, _ in sure if lo > earliest}


def _inside_none(record: Record, one: Happening, none: Sequence[Total]) -> bool:
    """Whether it lies as a whole where a claim says that none of the scope was, and so is none of it."""
    return one.dated and any(
        _positive(gap(record.network, total.start, Moment(one.first)).lo)
        and _not_negative(gap(record.network, Moment(one.last), total.end).lo)
        for total in none
    )


def _positive(end: int | None) -> bool:
    return end is not None and end > 0


def _told(record: Record, anchor: str, reach: Reached, one: Happening, scope: Scope, node: str) -> Candidate:
    before = reach.get(node, ANY).negate() if one.dated else ANY
    sure = one.dated and bool(one.count.lo) and one.scope.within(scope)
    plain = one.teller is not None or {last.before for last in record.lasts if last.id == one.id} == {anchor}
    return Candidate(one.id, before, sure, node if one.dated else "", plain=plain)


def _lasts_of(record: Record, anchor: str, reach: Reached, one: Happening, scope: Scope) -> Iterable[Candidate]:
    """Give the candidates an event is: its last instant or, where that may be after the anchor, an earlier one."""
    last = _told(record, anchor, reach, one, scope, one.last)
    if one.first == one.last or not one.dated or _not_negative(last.gap.lo):
        return [last]
    first = _told(record, anchor, reach, one, scope, one.first)
    between = Candidate(one.id, Bound(last.gap.lo, first.gap.hi), sure=False, plain=False)
    return [between, first] if _not_negative(first.gap.lo) else [between]


def _totals(record: Record, anchor: str, scope: Scope) -> Iterable[Candidate]:
    """Give the totals that are not zero, each placed anywhere in its period."""
    for total in record.totals:
        if total.count.hi == 0 or not can_meet(total.scope, scope, record.declared):
            continue
        none = (one for one in record.limits if one.count.hi == 0 and scope.within(one.scope))
        if any(_covers(record, one, total) for one in none):
            continue
        low = gap(record.network, total.end, Moment(anchor)).lo
        high = gap(record.network, total.start, Moment(anchor)).hi
        before = Bound(low, None if high is None else high - 1)
        yield Candidate(total.id, before, bool(total.count.lo) and total.scope.within(scope), plain=False)


def _covers(record: Record, none: Total, total: Total) -> bool:
    """Whether a total's period lies as a whole in one of none."""
    return _not_negative(gap(record.network, none.start, total.start).lo) and _not_negative(
        gap(record.network, total.end, none.end).lo
    )


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


def _clipped(candidates: Iterable[Candidate], none: int) -> list[Candidate]:
    """Give the candidates as far as they may lie before the stretch up to the anchor in which none was."""
    met = (one._replace(gap=one.gap.meet(Bound(none, None))) if none else one for one in candidates)
    return [one for one in met if not one.gap.empty]


def _floor(end: int | None) -> int:
    return max(0, end or 0)


def _greatest(ends: Iterable[int | None]) -> int | None:
    known = list(ends)
    finite = [end for end in known if end is not None]
    return max(finite) if len(finite) == len(known) and finite else None


def _undated(record: Record, candidates: Iterable[Candidate]) -> tuple[str, ...]:
    loose = {one.id for one in record.happenings if one.soft or not one.dated}
    return tuple(sorted({one.id for one in candidates if one.id in loose})) if loose else ()


def _least(record: Record, anchor: str, low: Candidate, claims: Iterable[Last]) -> tuple[str, ...]:
    return tuple(sorted({*_rests(record.network, anchor, low, upper=False), *(one.id for one in claims)}))


def _rests(network: Network, anchor: str, one: Candidate, *, upper: bool) -> tuple[str, ...]:
    if not one.node or one.node == anchor:
        return (one.id,)
    difference = network.difference(one.node, anchor)
    return tuple(sorted({one.id, *(difference.hi_rests if upper else difference.lo_rests)}))


def decided(record: Record) -> Network:
    """Give the network with what the claims of a record decide; the record's own where they decide nothing."""
    if all(total.count.hi != 0 for total in record.limits):
        return record.network
    network = record.network.copy()
    decide(network, record)
    return network


def _not_negative(end: int | None) -> bool:
    return end is not None and end >= 0


def _none(closed: Closure) -> Since:
    """Answer where the record tells of none."""
    never = closed.whole and not closed.left_out
    fact = AT_ALL if never else Bound(closed.reach, None)
    exists: Exists = "impossible" if never else "possible"
    return Since(exists="impossible", elapsed=AT_ALL, fact_exists=exists, fact_elapsed=fact, tight=True)


# Tightness


def _tight_last(
    record: Record, anchor: str, sure: list[Candidate], others: list[Candidate], passed: Iterable[str]
) -> bool:
    """Whether both ends occur (SEMANTICS 7): nothing undecided, or what may be after the anchor takes nothing away.

    `passed` are the nodes of those that are neither end.
    """
    everyone = (*sure, *others)
    soft = {one.id for one in record.happenings if one.soft}
    if not all(one.plain and one.node and one.id not in soft for one in everyone):
        return False
    least = min((one.gap.hi for one in sure if one.gap.hi is not None), default=None)
    if not others or (sure and all(_at_least(one.gap.hi, least) for one in others)):
        return True
    nodes = [*(one.node for one in everyone), *passed]
    return len(nodes) == 1 or _independent(record.network, anchor, nodes)


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
