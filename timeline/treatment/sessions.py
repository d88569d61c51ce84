"""The administrations of a case by substance, type and regimen: how many, when, how much. Words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import pairwise
from typing import Final, Literal, NamedTuple, final

from events.event import RecordedEvent
from events.when import ANY, DAY, EARLIEST, LATEST, Bound
from timeline.case import said
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, Window, can_meet
from timeline.counting.measures import Measure, amounts_of
from timeline.counting.tellings import Tellings
from timeline.counts import Count, count_in
from timeline.hearings.hearing import Hearing
from timeline.kinetics.enclosures import Span
from timeline.kinetics.given import per_kg
from timeline.network import ORIGIN, Edge, Network

FAR: Final = 366 * DAY
BEGINNING: Final = "the beginning of all times"
ENDING: Final = "the end of all times"
OUTSIDE: Final = frozenset({"none", "outside", "no regimen", "outside any regimen"})
"""What `regimen` may say of a dose that belongs to none."""
Stands = Literal["within", "outside", "not stated"]


class Between(NamedTuple):
    """The time from one session to the next, and between which two."""

    start: str
    end: str
    elapsed: Bound


@final
@dataclass(frozen=True, kw_only=True)
class Sessions:
    """The administrations of one substance, type and regimen that an account tells of.

    `alone` says that substance and type are known and no other regimen shares them, so that claims about them are
    claims about these. Otherwise what a claim tells of besides may be of these or of others. `network` has the window
    of all times, as `whole` gives them.
    """

    hearing: Hearing
    record: Record
    scope: Scope
    regimen: str
    stands: Stands
    told: tuple[Happening, ...]
    alone: bool
    network: Network
    always: Window
    upto: Moment | None = None

    @cached_property
    def part(self) -> Record:
        """The record of these alone, with the claims about them where they are claims about no others.

        They are compared with one another once, and with none of the rest.
        """
        part = replace(self.record, happenings=self.told, shared={})
        part = part if self.alone else replace(part, totals=(), closed=(), lasts=())
        Tellings.share(part)
        return part

    @cached_property
    def count(self) -> Count:
        """How many there were, up to the instant that is asked about."""
        record = replace(self.part, network=self.network)
        found = count_in(record, Window(self.always.start, self.upto or self.always.end), self.scope)
        if self.alone:
            return found
        more = None if self.untold else len(self.claimed)
        most = None if found.bound.hi is None or more is None else found.bound.hi + more
        return replace(found, bound=Bound(found.bound.lo, most), in_fact=Bound(found.in_fact.lo, None), tight=False)

    @property
    def claimed(self) -> tuple[Happening, ...]:
        """The last ones that claims tell of, which may be of these."""
        kept = (one.single for one in self.record.lasts)
        return tuple(one for one in kept if can_meet(one.scope, self.scope, self.record.declared))

    @property
    def untold(self) -> tuple[Total, ...]:
        """The claims of how many there were, which may tell of more than these."""
        kept = (one for one in self.record.totals if one.count.hi != 0)
        return tuple(one for one in kept if can_meet(one.scope, self.scope, self.record.declared))

    @property
    def ids(self) -> tuple[str, ...]:
        """The events that tell of them."""
        return tuple(dict.fromkeys(each for one in self.told for each in (one.tellings or (one.id,))))

    @cached_property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The events that tell of them."""
        known = self.hearing.timeline.by_id
        return tuple(known[each] for each in self.ids if each in known)

    @property
    def first(self) -> Bound:
        """When the first of them was."""
        told = [(self._at(one.first, one), self._sure(one)) for one in (*self.told, *self.claimed)]
        starts = (one.start._replace(shift=one.start.shift + 1) for one in self.untold)
        return _least([*told, *((self._moment(each), False) for each in starts)])

    @property
    def last(self) -> Bound:
        """When the last of them was."""
        told = [(self._at(one.last, one).negate(), self._sure(one)) for one in (*self.told, *self.claimed)]
        return _least([*told, *((self._moment(one.end).negate(), False) for one in self.untold)]).negate()

    def _sure(self, one: Happening) -> bool:
        return bool(one.count.lo) and one.scope.within(self.scope) and (self.alone or one.teller is not None)

    def _at(self, node: str, one: Happening) -> Bound:
        return self.hearing.bound(node) if one.dated else ANY

    def _moment(self, moment: Moment) -> Bound:
        at = self.hearing.bound(moment.node) if moment.node else Bound(0, 0)
        return Bound(*(None if end is None else end + moment.shift for end in (at.lo, at.hi)))

    @cached_property
    def between(self) -> tuple[Between, ...]:
        """The times from one to the next, where each is dated and their order is certain; else none."""
        network = self.hearing.network
        dated = all(one.dated and one.single and not one.soft for one in self.told)
        if not dated or len(self.told) < 2 or self.claimed or self.untold:
            return ()
        order = sorted(self.told, key=lambda one: (self.hearing.bound(one.first).lo or EARLIEST, one.id))
        steps = [Between(a.id, b.id, network.between(a.last, b.first)) for a, b in pairwise(order)]
        return tuple(steps) if all((each.elapsed.lo or 0) > 0 for each in steps) else ()

    @property
    def amounts(self) -> tuple[Measure, ...]:
        """How much each was, by unit, from the least to the most that is stated."""
        found: dict[str, list[Measure]] = {}
        for event in self.events:
            each = amounts_of(event).each
            if each is not None:
                found.setdefault(each.unit, []).append(each)
        return tuple(reduce(_hull, row) for _, row in sorted(found.items()))

    @property
    def for_weight(self) -> Span | None:
        """How much each was for each kg of body weight (mg), from the least to the most, where that is known."""
        spans = [each for event in self.events if (each := per_kg(event, "amount", "mg", None)) is not None]
        return reduce(Span.hull, spans) if spans else None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The events that say nothing of an amount."""
        return tuple(event.id for event in self.events if not amounts_of(event).said)

    def texts(self, name: str) -> tuple[str, ...]:
        """What the events say in one field, each once."""
        return tuple(sorted({str(said(event, name)) for event in self.events} - {""}))


def whole(record: Record, nodes: Iterable[str] = ()) -> tuple[Record, Window]:
    """Give a record with a window of all times: from an instant before all it tells of, and these, to one after."""
    named = {each for one in record.told for each in (one.first, one.last)} | set(nodes)
    moments = [each for one in record.limits for each in (one.start, one.end)]
    moments += [each for one in record.closed for each in (one.start, one.end)]
    reach = FAR + max((abs(each.shift) for each in moments if each.node != ORIGIN), default=0)
    inside = sorted((named | {each.node for each in moments}) - {ORIGIN})
    network = record.network.copy()
    network.add(BEGINNING, [Edge(BEGINNING, ORIGIN, FAR - EARLIEST), *(Edge(BEGINNING, one, reach) for one in inside)])
    network.add(ENDING, [Edge(ORIGIN, ENDING, LATEST + FAR), *(Edge(one, ENDING, reach) for one in inside)])
    return replace(record, network=network), Window(Moment(BEGINNING), Moment(ENDING))


def _hull(a: Measure, b: Measure) -> Measure:
    hi = None if a.hi is None or b.hi is None else max(a.hi, b.hi)
    return Measure(min(a.lo, b.lo), hi, a.unit)


def _least(bounds: Sequence[tuple[Bound, bool]]) -> Bound:
    """Give the bounds of the least of several instants, of which some were for sure."""
    lows = [each.lo for each, _ in bounds]
    highs = [each.hi for each, sure in bounds if sure and each.hi is not None]
    low = None if None in lows else min((each for each in lows if each is not None), default=None)
    return Bound(low, min(highs, default=None))


def sessions(
    hearing: Hearing, told: Happened, scope: Scope, *, regimen: str = "", upto: Moment | None = None
) -> tuple[Sessions, ...]:
    """Give the administrations of a scope by substance, type and regimen; those of a type not known are `dose`s."""
    groups: dict[tuple[str, str, str], list[Happening]] = {}
    names: dict[str, str] = {}
    for one in sorted(told.record.happenings, key=lambda one: one.id):
        if can_meet(one.scope, scope, told.record.declared):
            written = _regimen(hearing, one)
            name = hearing.timeline.same_name(written)
            names.setdefault(name, written)
            groups.setdefault((one.scope.substance, one.scope.type, name), []).append(one)
    shared = _shared(groups)
    placed, always = whole(told.record, [upto.node] if upto else [])
    return tuple(
        Sessions(
            hearing=hearing,
            record=told.record,
            scope=Scope(kind, substance, ""),
            regimen=names[name],
            stands=_stands(hearing, name, regimen),
            told=tuple(row),
            alone=bool(substance and kind) and shared[substance, kind] == 1,
            network=placed.network,
            always=always,
            upto=upto,
        )
        for (substance, kind, name), row in sorted(groups.items())
    )


def _shared(groups: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for substance, kind, _ in groups:
        counts[substance, kind] = counts.get((substance, kind), 0) + 1
    return counts


def _regimen(hearing: Hearing, one: Happening) -> str:
    known = hearing.timeline.by_id
    names = {str(said(known[each], "regimen")) for each in (one.tellings or (one.id,)) if each in known} - {""}
    return names.pop() if len(names) == 1 else ""


def _stands(hearing: Hearing, name: str, asked: str) -> Stands:
    same = hearing.timeline.same_name
    if not name:
        return "not stated"
    if same(name) in OUTSIDE:
        return "outside"
    return "within" if not asked or same(name) == same(asked) else "outside"


def treatment_of(groups: Sequence[Sessions]) -> tuple[Happening, ...]:
    """Give the sessions that later steps are measured from: those within the regimen; where none is, all."""
    within = [one for group in groups if group.stands == "within" for one in group.told]
    return tuple(within or [one for group in groups if group.stands != "outside" for one in group.told])
