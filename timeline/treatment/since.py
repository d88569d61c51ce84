"""How long after the first and the last session of a treatment something was. Words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import Any, final

from events.dates.civil import calendar_days as days_between
from events.dates.civil import offset_spread
from events.dates.turning_back import dates_onward
from events.when import ANY, Bound
from timeline.answers import bound_json, elapsed_json, implied_calendar_days, whole_days
from timeline.asking import words
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Record, Scope
from timeline.counting.last import Since, decided, last_of, meeting, since_first, since_last
from timeline.hearings.gaps import apart
from timeline.hearings.hearing import Hearing
from timeline.network import Network
from timeline.treatment.nearby import Nearby


@final
@dataclass(frozen=True, kw_only=True)
class Sittings:
    """The sessions of a treatment, ready to be measured from: their record, and the scope that claims are held to.

    `settled` is the record with what its claims decide; `nearby` finds those that can be the first, and the last: where
    there is one, a measure says not on what it rests.
    """

    hearing: Hearing
    record: Record
    scope: Scope
    settled: Record | None = None
    nearby: tuple[Nearby, Nearby] | None = None
    measured: dict[tuple[str, bool], Since] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, hearing: Hearing, told: Happened, scope: Scope, among: Sequence[Happening], *, all_: bool) -> Sittings:
        """Take these of what is told; the claims act where these are `all_` that is told of the scope."""
        record = replace(told.record, happenings=tuple(among))
        if not all_:
            record = replace(record, totals=(), closed=(), lasts=())
        if record.closed:
            return cls(hearing=hearing, record=record, scope=scope)
        network = decided(record)
        settled = record if network is record.network else replace(record, network=network, known={})
        first = _nearby(hearing, record, scope)
        last = first if settled is record else _nearby(hearing, settled, scope)
        return cls(hearing=hearing, record=record, scope=scope, settled=settled, nearby=(first, last))

    def since_first(self, node: str) -> Since:
        """How long before the instant of a node the first was."""
        if self.nearby is None:
            return since_first(self.record, node, self.scope)
        if (node, True) not in self.measured:
            near = self._only(self.record, self.nearby[0].first(node, self.hearing.bound(node)), node)
            self.measured[node, True] = since_first(near, node, self.scope, resting=False)
        return self.measured[node, True]

    def since_last(self, node: str) -> Since:
        """How long before the instant of a node the last was."""
        if self.nearby is None or self.settled is None:
            return since_last(self.record, node, self.scope)
        if (node, False) not in self.measured:
            near = self._only(self.settled, self.nearby[1].last(node, self.hearing.bound(node)), node)
            self.measured[node, False] = last_of(near, node, self.scope, resting=False)
        return self.measured[node, False]

    @cached_property
    def dated(self) -> Mapping[str, Happening]:
        """The dated sessions by their ids, and the instants of claims."""
        return {one.id: one for one in self.record.told if one.dated}

    def meant(self, since: Since, node: str) -> tuple[str, ...]:
        """Give the nodes of those that may be the one meant; none where some of them are undated.

        Of those that dates alone place, the extremes stand for the rest.
        """
        ids = {*since.candidates}
        if ids and self.nearby is not None:
            ids.update(one.id for one in self.nearby[0].between(node, self.hearing.bound(node), since.elapsed))
        if any(one not in self.dated for one in ids):
            return ()
        told = [self.dated[one] for one in sorted(ids)]
        return tuple(dict.fromkeys(each for one in told for each in (one.first, one.last)))

    @staticmethod
    def _only(record: Record, near: Sequence[Happening], node: str) -> Record:
        """Give the record of a few sessions, with what lies between each of them and a node."""
        told = (*near, *(one.single for one in record.lasts))
        ends = dict.fromkeys(end for one in told for end in (one.first, one.last))
        reach = {end: bound.negate() for end, bound in zip(ends, _until(record.network, ends, node), strict=True)}
        return replace(record, happenings=tuple(near), known={node: (record.network, reach)})


def _nearby(hearing: Hearing, record: Record, scope: Scope) -> Nearby:
    among = [one for one in meeting(record, scope) if one.teller is not None]
    alone = not (record.totals or record.lasts)
    return Nearby.of(among, scope, hearing.network.bounds(), record.network.group, alone=alone)


def since_json(asked: Sittings, since: Since, node: str, zone: str) -> dict[str, Any]:
    """Give it as scripts read it: `exists`, `elapsed`, `whole_days`, `calendar_days`; null where none was before."""
    if since.exists == "impossible":
        return {"exists": since.exists, "elapsed": None, "whole_days": None, "calendar_days": None}
    return {
        "exists": since.exists,
        "elapsed": elapsed_json(since.elapsed),
        "whole_days": bound_json(whole_days(since.elapsed)),
        "calendar_days": bound_json(calendar_days(asked, since, node, zone)),
    }


def calendar_days(asked: Sittings, since: Since, node: str, zone: str) -> Bound:
    """Give the civil dates from the session meant to the instant of a node: those of any that it may be."""
    implied = implied_calendar_days(since.elapsed, offset_spread(zone)).meet(dates_onward(zone))
    nodes = asked.meant(since, node)
    if not nodes:
        return implied
    network, spread = asked.hearing.network, offset_spread(zone)
    own, at = network.bounds(), asked.hearing.bound(node)
    by_ends = (days_between(own.get(each, ANY), at, zone) for each in nodes)
    allowed = (implied_calendar_days(each, spread) for each in _until(network, nodes, node))
    return implied.meet(reduce(Bound.hull, map(Bound.meet, by_ends, allowed)))


def _until(network: Network, nodes: Iterable[str], node: str) -> Iterator[Bound]:
    """Give how long before a node each of some is: by the bounds of both, but for those that are tied to it."""
    own, group = network.bounds(), network.group(node)
    at = own.get(node, ANY)
    for each in nodes:
        yield network.between(each, node) if network.group(each) == group else apart(own.get(each, ANY), at)


def differs(since: Since) -> bool:
    """Whether sessions that nobody recorded make any difference."""
    return (since.fact_exists, since.fact_elapsed) != (since.exists, since.elapsed)


def in_fact(since: Since) -> Since:
    """Give the same allowing for sessions that nobody recorded: it may be one that is none of the candidates."""
    known = since.candidates if since.fact_elapsed == since.elapsed else ()
    return replace(since, exists=since.fact_exists, elapsed=since.fact_elapsed, candidates=known)


def since_words(since: Since, what: str) -> str:
    """Say it: `9 to 12 days after the last dose`."""
    if since.exists == "impossible":
        return f"before any {what} on record"
    maybe = "" if since.exists == "certain" else ", if there was one before it"
    return f"{words.elapsed(since.elapsed)} after the {what}{maybe}"
