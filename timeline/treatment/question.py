"""One question about a treatment: its groups of doses, the sessions it counts from, what was tried. Words nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from events.event import RecordedEvent
from events.when import ANY, Bound
from timeline.answers import Truth
from timeline.asking.lines import rows_of
from timeline.asking.questions import read_ref
from timeline.case import CaseTimeline
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import WHOLE, Happening, Moment, Record, Scope, Teller, Window, gap
from timeline.counts import Count, count_in
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN
from timeline.treatment.courses import Course, Instants, Time, at_instant, beside, time_of
from timeline.treatment.sessions import Sessions, sessions, treatment_of, whole
from timeline.treatment.since import Sittings


@final
@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: the groups of administrations, and the sessions that times are measured from."""

    hearing: Hearing
    told: Happened
    scope: Scope
    regimen: str
    named: tuple[str, ...]
    at: str

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Question:
        """Read a question. Raises `Fault` for a type or an event that is not there."""
        kind = asked_type(str(params["type"])) if params.get("type") else ""
        ref = read_ref(timeline, str(params["at"]), "start") if params.get("at") else None
        hearing = timeline.hear(account, named=(ref.id,) if ref else ())
        return cls(
            hearing=hearing,
            told=happened(hearing, kind),
            scope=Scope(kind, timeline.same_name(str(params.get("substance") or "")), ""),
            regimen=str(params.get("regimen") or ""),
            named=(ref.id,) if ref else (),
            at=hearing.node(ref) if ref else "",
        )

    @cached_property
    def groups(self) -> tuple[Sessions, ...]:
        """The administrations by substance, type and regimen."""
        upto = Moment(self.at) if self.at else None
        return sessions(self.hearing, self.told, self.scope, regimen=self.regimen, upto=upto)

    @cached_property
    def among(self) -> tuple[Happening, ...]:
        """The sessions that times are counted from."""
        return treatment_of(self.groups)

    @cached_property
    def sittings(self) -> Sittings:
        """The same, ready to be measured from."""
        whole = len(self.among) == sum(len(group.told) for group in self.groups)
        return Sittings.of(self.hearing, self.told, self.scope, self.among, all_=whole)

    @cached_property
    def concurrent(self) -> tuple[Course, ...]:
        """What ran beside them, or at the instant asked about."""
        if not self.among and not self.at:
            return ()
        time = at_instant(self.at) if self.at else self.time
        own = {group.scope.substance for group in self.groups if group.scope.substance}
        return beside(self.hearing, own | {self.scope.substance}, time)

    @cached_property
    def time(self) -> Time:
        """The time of the sessions, and of those that claims tell of besides."""
        return time_of(self.told.record, self.among, self.scope)

    def before_all(self, event_id: str) -> Truth:
        """Whether an event came before the first session on record: one that claims tell of is on record, too."""
        node, time = self.hearing.nodes(event_id).start, self.time
        if event_id in self.hearing.undated:
            return Truth.POSSIBLE
        if self._began.any_before(node, strictly=True):
            return Truth.IMPOSSIBLE
        sooner = (gap(self.hearing.network, Moment(node), start).lo for start, _ in time.untold)
        after = all(each is not None and each >= 0 for each in sooner)
        if time.open or not time.first or not after:
            return Truth.POSSIBLE
        return Truth.CERTAIN if self._any_began.all_after(node, strictly=False) else Truth.POSSIBLE

    @cached_property
    def _began(self) -> Instants:
        return Instants(self.hearing, self.time.sure[0])

    @cached_property
    def _any_began(self) -> Instants:
        return Instants(self.hearing, self.time.first)

    @cached_property
    def tried(self) -> Count:
        """How many trials there were before the first session: of any that may be the first, the most and the least.

        One that is undated may be the first, before any trial; one that may not have been puts no upper end.
        """
        told = happened(self.hearing, "trial").record
        begun = [*map(Moment, self.time.first), *(start for start, _ in self.time.untold)]
        if not (told.told or told.limits or told.closed) and self._dated_first(begun):
            rests = self.hearing.difference(ORIGIN, begun[0].node).lo_rests if begun else ()
            return Count(bound=Bound(0, 0), in_fact=Bound(0, None), least_rests=rests)
        record, always = whole(told, [each.node for each in begun])
        ends = begun or [always.end]
        counts = [self._upto(record, always, end) for end in self._firsts(record, ends)]
        lo = min(one.bound.lo or 0 for one in counts)
        fewest = self._fewest(record)
        few = (end for end in ends if fewest(end) <= lo)
        first = next((end for end in few if (self._upto(record, always, end).bound.lo or 0) <= lo), ends[0])
        sure = [*map(Moment, self.time.sure[0])] or [always.end]
        most = [self._upto(record, always, end) for end in self._firsts(record, sure)]
        highs = [one.bound.hi for one in most if one.bound.hi is not None]
        facts = [one.in_fact.hi for one in most if one.in_fact.hi is not None]
        fact = 0 if self.time.open else min(one.in_fact.lo or 0 for one in counts)
        return Count(
            bound=Bound(0 if self.time.open else lo, min(highs, default=None)),
            in_fact=Bound(fact, min(facts, default=None)),
            least_rests=count_in(record, Window(always.start, first), WHOLE).least_rests,
        )

    def _dated_first(self, begun: Sequence[Moment]) -> bool:
        """Whether dates alone say from when on the first of these may have been."""
        return not begun or self.hearing.network.bounds().get(begun[0].node, ANY).lo is not None

    def _fewest(self, record: Record) -> Callable[[Moment], int]:
        """Give how many trials there were at least up to a moment: the most that one telling has by then, by dates."""
        own, rows = self.hearing.network.bounds(), Counter[Teller]()
        dated = [(own.get(one.last, ANY).hi, one.teller) for one in record.happenings if one.dated and one.single]
        told = sorted((hi, teller) for hi, teller in dated if hi is not None and teller is not None)
        highs, most = [hi for hi, _ in told], [0]
        for _, teller in told:
            rows[teller] += 1
            most.append(max(most[-1], rows[teller]))

        def until(end: Moment) -> int:
            low = own.get(end.node, ANY).lo
            return 0 if low is None else most[bisect_right(highs, low + end.shift)]

        return until

    @staticmethod
    def _upto(record: Record, always: Window, end: Moment) -> Count:
        return count_in(record, Window(always.start, end), WHOLE, resting=False)

    def _firsts(self, record: Record, ends: Sequence[Moment]) -> list[Moment]:
        """Leave out those that certainly are not before another: up to them there were no fewer.

        Where no claim speaks of trials, the end with the earliest start and the one with the earliest end stand for all
        that no statement ties to a trial.
        """
        kept, group = self._not_later(ends), self.hearing.network.group
        if record.limits or record.closed:
            return kept
        tied = {group(node) for one in record.happenings for node in (one.first, one.last)}
        bounds = self.hearing.network.bounds()
        free = [(bounds.get(end.node, ANY), end) for end in kept if group(end.node) not in tied]
        least = min(free, default=None, key=lambda one: (one[0].lo is not None, (one[0].lo or 0) + one[1].shift))
        most = min(free, default=None, key=lambda one: (one[0].hi is None, (one[0].hi or 0) + one[1].shift))
        chosen = {one[1] for one in (least, most) if one is not None}
        return [end for end in kept if end in chosen or group(end.node) in tied]

    def _not_later(self, ends: Sequence[Moment]) -> list[Moment]:
        bounds = self.hearing.network.bounds()
        own = {end: bounds.get(end.node, ANY) for end in ends}
        highs = [each.hi + end.shift for end, each in own.items() if each.hi is not None]
        if not highs:
            return list(ends)
        first = min(highs)
        return [end for end, each in own.items() if each.lo is None or each.lo + end.shift <= first]

    def events(self, kind: str) -> list[RecordedEvent]:
        """The counted events of a type, in order."""
        if kind not in self._events:
            self._events[kind] = rows_of(self.hearing, kind)
        return self._events[kind]

    @cached_property
    def _events(self) -> dict[str, list[RecordedEvent]]:
        return {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Every event that the answer tells of."""
        known = self.hearing.timeline.by_id
        told = [each for group in self.groups for each in group.ids]
        later = [one.id for kind in ("trial", "assessment", "response", "adverse_effect") for one in self.events(kind)]
        claims = [one for one in self.tried.least_rests if one in known]
        return tuple(dict.fromkeys((*told, *(one.id for one in self.concurrent), *later, *claims)))
