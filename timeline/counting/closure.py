"""How far back from an instant nothing can have been that nobody recorded: stretches, chained. Counts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, final

from events.when import ANY, EARLIEST
from timeline.counting.happenings import Closed, Moment, Record, Scope, Total, can_meet, gap
from timeline.network import ORIGIN

BEGINNING: Final = Moment(ORIGIN, EARLIEST - 1)


@final
class Closure(NamedTuple):
    """How long before an anchor nothing unrecorded can have been (µs), and whether it never can have been."""

    reach: int = 0
    whole: bool = False
    left_out: bool = False


def closure(record: Record, anchor: str, scope: Scope) -> Closure:
    """Chain the stretches up to an anchor that are closed for a scope.

    A stretch that claims say to be complete holds what the record has there in any account (SEMANTICS 7).
    """
    here = Moment(anchor)
    used = _chained(record, here, _stretches(record, scope))
    starts = [one.start for one in used]
    least = [gap(record.network, start, here).lo for start in starts]
    reach = max((max(0, one or 0) for one in least), default=0)
    whole = any(_not_after(record, start, BEGINNING) for start in starts)
    gaps = [*_left_out(record, anchor, scope, used)]
    if gaps:
        return Closure(min(gaps) if whole else min(reach, *gaps), whole=whole, left_out=True)
    return Closure(reach, whole=whole)


def _stretches(record: Record, scope: Scope) -> list[Total | Closed]:
    every: list[Total | Closed] = [*(total for total in record.limits if total.count.hi == 0), *record.closed]
    return [one for one in every if scope.within(one.scope)]


def _chained(record: Record, here: Moment, stretches: Sequence[Total | Closed]) -> list[Total | Closed]:
    """Give the stretches that reach, one after the other, up to `here` without a gap in any world."""
    used: list[Total | Closed] = []
    heads, left = [here], list(stretches)
    while heads:
        head = heads.pop()
        joined = [one for one in left if _not_after(record, head, one.end)]
        left = [one for one in left if one not in joined]
        used += joined
        heads += [one.start for one in joined]
    return used


def _not_after(record: Record, a: Moment, b: Moment) -> bool:
    least = gap(record.network, a, b).lo
    return least is not None and least >= 0


def _left_out(record: Record, anchor: str, scope: Scope, used: Sequence[Total | Closed]) -> Iterable[int]:
    """Give how long before the anchor those at least were that the record has and this account may not."""
    heard = {one.id for one in record.happenings}
    for closed in used:
        for one in closed.holds if isinstance(closed, Closed) else ():
            if one.id in heard or not can_meet(one.scope, scope, record.declared):
                continue
            before = gap(record.network, Moment(one.last), Moment(anchor)) if one.dated else ANY
            if before.hi is None or before.hi >= 0:
                yield max(0, before.lo or 0)
