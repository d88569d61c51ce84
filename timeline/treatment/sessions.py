"""The administrations of a case by substance, type and regimen: how many, when, how much. Words nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial, reduce
from itertools import pairwise
from operator import attrgetter
from typing import Final, Literal, NamedTuple, TypeGuard, final

from events.event import RecordedEvent
from events.when import ANY, DAY, EARLIEST, LATEST, Bound
from timeline.case import said
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, Window, can_meet
from timeline.counting.measures import Measure, amounts_of
from timeline.counting.tellings import Tellings
from timeline.counts import Count, Counting
from timeline.hearings.hearing import Hearing
from timeline.kinetics.enclosures import Span
from timeline.kinetics.given import per_kg
from timeline.network import ORIGIN, Edge

FAR: Final = 366 * DAY
BEGINNING: Final = "the beginning of all times"
ENDING: Final = "the end of all times"
OUTSIDE: Final = frozenset({"none", "outside", "no regimen", "outside any regimen"})
"""What `regimen` may say of a dose that belongs to none."""
WRITTEN: Final = ("amount", "total_amount", "rate", "weight", "route", "given_by")
"""The fields of a dose that a group of them is told by."""
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
    claims about these. Otherwise what a claim tells of besides may be of these or of others. `placed` gives the record
    of all groups with the window of all times, as `whole` does; it is made where it is needed.
    """

    hearing: Hearing
    record: Record
    scope: Scope
    regimen: str
    stands: Stands
    told: tuple[Happening, ...]
    alone: bool
    placed: Callable[[], tuple[Record, Window]]
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
        """How many there were, up to the instant that is asked about; it says not on what that rests."""
        found = self._of_all if self._plain else self._composed
        if self.alone:
            return found
        more = None if self.untold else len(self.claimed)
        most = None if found.bound.hi is None or more is None else found.bound.hi + more
        return replace(found, bound=Bound(found.bound.lo, most), in_fact=Bound(found.in_fact.lo, None), tight=False)

    @property
    def _plain(self) -> bool:
        """Whether all that is told are single happenings, at any time: then nothing needs to be composed."""
        part, scope = self.part, self.scope
        claims = any(can_meet(one.scope, scope, part.declared) for one in part.limits)
        claims = claims or any(scope.within(one.scope) for one in part.closed)
        return self.upto is None and not claims and all(one.single for one in self.told)

    @property
    def _of_all(self) -> Count:
        sure = [one for one in self.told if one.dated and one.scope.within(self.scope)]
        least = len(Tellings.of(self.part).largest(sure))
        return Count(bound=Bound(least, len(self.told)), in_fact=Bound(least, None))

    @property
    def _composed(self) -> Count:
        placed, always = self.placed()
        record = replace(self.part, network=placed.network)
        return Counting(record, Window(always.start, self.upto or always.end), self.scope).answer(resting=False)

    @cached_property
    def claimed(self) -> tuple[Happening, ...]:
        """The last ones that claims tell of, which may be of these."""
        kept = (one.single for one in self.record.lasts)
        return tuple(one for one in kept if can_meet(one.scope, self.scope, self.record.declared))

    @cached_property
    def untold(self) -> tuple[Total, ...]:
        """The claims of how many there were, which may tell of more than these."""
        kept = (one for one in self.record.totals if one.count.hi != 0)
        return tuple(one for one in kept if can_meet(one.scope, self.scope, self.record.declared))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The events that tell of them."""
        return tuple(dict.fromkeys(each for one in self.told for each in (one.tellings or (one.id,))))

    @cached_property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The events that tell of them."""
        known = self.hearing.timeline.by_id
        return tuple(known[each] for each in self.ids if each in known)

    @cached_property
    def first(self) -> Bound:
        """When the first of them was."""
        told = self._at(one.first for one in self._every)
        starts = [self._moment(one.start._replace(shift=one.start.shift + 1)) for one in self.untold]
        lows = [each.lo for each in (*told, *starts)]
        highs = [each.hi for each, sure in zip(told, self._sure, strict=True) if sure and each.hi is not None]
        return Bound(None if None in lows else min(filter(_known, lows), default=None), min(highs, default=None))

    @cached_property
    def last(self) -> Bound:
        """When the last of them was."""
        told = self._at(one.last for one in self._every)
        highs = [each.hi for each in (*told, *(self._moment(one.end) for one in self.untold))]
        lows = [each.lo for each, sure in zip(told, self._sure, strict=True) if sure and each.lo is not None]
        return Bound(max(lows, default=None), None if None in highs else max(filter(_known, highs), default=None))

    @cached_property
    def _every(self) -> tuple[Happening, ...]:
        """Those told of, and the instants of claims of a last."""
        return (*self.told, *self.claimed)

    @cached_property
    def _sure(self) -> Sequence[bool]:
        """Which of these certainly were, and of the scope."""
        ours = ((one, self.alone or one.teller is not None) for one in self._every)
        return [known and bool(one.count.lo) and one.scope.within(self.scope) for one, known in ours]

    def _at(self, nodes: Iterable[str]) -> list[Bound]:
        """Give when each of the instants of these was, in their order."""
        own = self.hearing.network.bounds()
        return [own.get(node, ANY) if one.dated else ANY for one, node in zip(self._every, nodes, strict=True)]

    def _moment(self, moment: Moment) -> Bound:
        at = self.hearing.bound(moment.node) if moment.node else Bound(0, 0)
        return Bound(*(None if end is None else end + moment.shift for end in (at.lo, at.hi)))

    @cached_property
    def between(self) -> tuple[Between, ...]:
        """The times from one to the next, where each is dated and their order is certain; else none."""
        network, own = self.hearing.network, self.hearing.network.bounds()
        dated = all(one.dated and one.single and not one.soft for one in self.told)
        if not dated or len(self.told) < 2 or self.claimed or self.untold:
            return ()
        steps = []
        for a, b in pairwise(sorted(self.told, key=lambda one: (own[one.first].lo or EARLIEST, one.id))):
            elapsed = network.between(a.last, b.first)
            if (elapsed.lo or 0) <= 0:
                return ()
            steps.append(Between(a.id, b.id, elapsed))
        return tuple(steps)

    @cached_property
    def _alike(self) -> Sequence[Sequence[RecordedEvent]]:
        """The events by what they write of amount, weight, route and giver: many write the same."""
        found: dict[str, list[RecordedEvent]] = {}
        for event in self.events:
            found.setdefault(repr([said(event, name) for name in WRITTEN]), []).append(event)
        return tuple(found.values())

    @cached_property
    def amounts(self) -> tuple[Measure, ...]:
        """How much each was, by unit, from the least to the most that is stated."""
        found: dict[str, list[Measure]] = {}
        for event, *_ in self._alike:
            each = amounts_of(event).each
            if each is not None:
                found.setdefault(each.unit, []).append(each)
        return tuple(reduce(_hull, row) for _, row in sorted(found.items()))

    @cached_property
    def for_weight(self) -> Span | None:
        """How much each was for each kg of body weight (mg), from the least to the most, where that is known."""
        spans = [each for event, *_ in self._alike if (each := per_kg(event, "amount", "mg", None)) is not None]
        return reduce(Span.hull, spans) if spans else None

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The events that say nothing of an amount."""
        silent = {event.id for row in self._alike if not amounts_of(row[0]).said for event in row}
        return tuple(event.id for event in self.events if event.id in silent)

    def texts(self, name: Literal["route", "given_by"]) -> tuple[str, ...]:
        """What the events say in one field, each once."""
        return tuple(sorted({str(said(event, name)) for event, *_ in self._alike} - {""}))


def whole(record: Record, nodes: Iterable[str] = ()) -> tuple[Record, Window]:
    """Give a record with a window of all times: from an instant before all it tells of, and these, to one after.

    An instant with an earliest date of its own lies after the beginning by that, one with a latest before the end; the
    others are put there.
    """
    named = {each for one in record.told for each in (one.first, one.last)} | set(nodes)
    moments = [each for one in record.limits for each in (one.start, one.end)]
    moments += [each for one in record.closed for each in (one.start, one.end)]
    reach = FAR + max((abs(each.shift) for each in moments if each.node != ORIGIN), default=0)
    inside = (named | {each.node for each in moments}) - {ORIGIN}
    own = record.network.bounds()
    lows, highs = ({one: end(own.get(one, ANY)) for one in inside} for end in (attrgetter("lo"), attrgetter("hi")))
    early = sorted(one for one, low in lows.items() if low is None or low <= EARLIEST - FAR + reach)
    late = sorted(one for one, high in highs.items() if high is None or high >= LATEST + FAR - reach)
    network = record.network.copy()
    network.add(BEGINNING, [Edge(BEGINNING, ORIGIN, FAR - EARLIEST), *(Edge(BEGINNING, one, reach) for one in early)])
    network.add(ENDING, [Edge(ORIGIN, ENDING, LATEST + FAR), *(Edge(one, ENDING, reach) for one in late)])
    return replace(record, network=network), Window(Moment(BEGINNING), Moment(ENDING))


def _known(end: int | None) -> TypeGuard[int]:
    return end is not None


def _hull(a: Measure, b: Measure) -> Measure:
    hi = None if a.hi is None or b.hi is None else max(a.hi, b.hi)
    return Measure(min(a.lo, b.lo), hi, a.unit)


def sessions(
    hearing: Hearing, told: Happened, scope: Scope, *, regimen: str = "", upto: Moment | None = None
) -> tuple[Sessions, ...]:
    """Give the administrations of a scope by substance, type and regimen; those of a type not known are `dose`s."""
    groups: dict[tuple[str, str, str], list[Happening]] = {}
    names: dict[str, str] = {}
    same = cache(hearing.timeline.same_name)
    for one in sorted(told.record.happenings, key=attrgetter("id")):
        if can_meet(one.scope, scope, told.record.declared):
            written = _regimen(hearing, one)
            name = same(written)
            names.setdefault(name, written)
            groups.setdefault((one.scope.substance, one.scope.type, name), []).append(one)
    shared = _shared(groups)
    placed = cache(partial(whole, told.record, [upto.node] if upto else []))
    return tuple(
        Sessions(
            hearing=hearing,
            record=told.record,
            scope=Scope(kind, substance, ""),
            regimen=names[name],
            stands=_stands(hearing, name, regimen),
            told=tuple(row),
            alone=bool(substance and kind) and shared[substance, kind] == 1,
            placed=placed,
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
    if not one.tellings:
        return str(said(known[one.id], "regimen")) if one.id in known else ""
    names = {str(said(known[each], "regimen")) for each in one.tellings if each in known} - {""}
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
