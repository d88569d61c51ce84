"""The last administration of each type before an instant, as one dose with all that is open about it. Computes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import inf
from typing import Final, final

from events.when import MINUTE, Bound
from timeline.counting.happened import Happened
from timeline.counting.happenings import Scope
from timeline.counting.last import Exists, since_last
from timeline.kinetics.enclosures import ANYTHING, Span
from timeline.kinetics.given import Given

DOSE: Final = "dose"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LastOne:
    """The last of a type: whether there was one, how long before (µs), and it as one dose, on record and in fact."""

    type: str
    exists: Exists
    elapsed: Bound
    one: Given
    fact_exists: Exists
    fact_elapsed: Bound
    in_fact: Given
    rests_min: tuple[str, ...]
    rests_max: tuple[str, ...]
    undated: tuple[str, ...]
    tight: bool


def last_ones(told: Happened, scope: Scope, at: str, everyone: Sequence[Given]) -> tuple[LastOne, ...]:
    """Give the last of each type that is told of before the instant of node `at`; one of any type where none is named.

    What may be the last lends its dose, duration and route; in fact an unrecorded one may be later, of any dose, unless
    the record is closed so that none was.
    """
    types = sorted({one.type for one in everyone if one.type}) or ([""] if everyone else [])
    found = (_last(told, replace(scope, type=name), at, everyone) for name in types)
    return tuple(one for one in found if one is not None)


def _last(told: Happened, scope: Scope, at: str, everyone: Sequence[Given]) -> LastOne | None:
    since = since_last(told.record, at, scope)
    may_be = [one for one in everyone if one.id in since.candidates]
    if since.exists == "impossible" or not may_be:
        return None
    sure = since.exists == "certain"
    one = replace(_joined([each.one for each in may_be]), type=scope.type, age=_age(since.elapsed), sure=sure)
    closed = (since.fact_exists, since.fact_elapsed) == (since.exists, since.elapsed)
    fact = one if closed else replace(one, dose=ANYTHING, stream=None, lasting=ANYTHING, age=_age(since.fact_elapsed))
    return LastOne(
        type=scope.type or DOSE,
        exists=since.exists,
        elapsed=since.elapsed,
        one=one,
        fact_exists=since.fact_exists,
        fact_elapsed=since.fact_elapsed,
        in_fact=fact if closed else replace(fact, sure=False, routes=()),
        rests_min=since.least_rests,
        rests_max=since.most_rests,
        undated=since.undated,
        tight=since.tight,
    )


def _age(elapsed: Bound) -> Span:
    lo, hi = elapsed.lo, elapsed.hi
    return Span(-inf if lo is None else lo / MINUTE, inf if hi is None else hi / MINUTE)


def _joined(may_be: Sequence[Given]) -> Given:
    """Give one dose that is any of these."""
    first = may_be[0]
    streams = [one.stream for one in may_be if one.stream is not None]
    return replace(
        first,
        id="",
        dose=reduce(Span.hull, (one.dose for one in may_be)),
        stream=reduce(Span.hull, streams) if len(streams) == len(may_be) else None,
        lasting=reduce(Span.hull, (one.lasting for one in may_be)),
        routes=tuple(dict.fromkeys(route for one in may_be for route in one.routes)) if _routed(may_be) else (),
        stated=all(one.stated for one in may_be),
        known_as=tuple(dict.fromkeys(each for one in may_be for each in one.known_as)),
    )


def _routed(may_be: Sequence[Given]) -> bool:
    return all(one.routes for one in may_be)
