"""How much was supplied, in all and by person, without counting one supply twice. Words nothing, reads no text.

Supplies are counted as administrations are (SEMANTICS 5, 6): several tellings may be one, so that a total's lower end
is what certainly differs, and its upper end all of them. Each unit stands for itself: of a supply that is told in vials
nobody says how many milligrams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final, final

from events.event import RecordedEvent
from events.units import compatible
from events.when import EARLIEST, LATEST
from timeline.case import said
from timeline.counting.amounts import Dosing, Sum, amounts_in
from timeline.counting.happenings import Declared, Happening, Moment, Record, Scope, Window
from timeline.counting.measures import ZERO, Amounts, Measure, joined
from timeline.counting.tellings import Tellings, told_once
from timeline.counting.told import Heard
from timeline.counts import Count, count_in
from timeline.hearings.claims import read_id
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN, Edge, Network
from timeline.supplies.goods import Goods

KIND: Final = "supply"
ROLES: Final = ("from", "to")
MOST: Final = 300
"""Supplies whose persons are compared two by two; of more, only who gave or who got tells them apart."""
Pick = Callable[[Goods], Measure | None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many supplies there were, how much by substance and unit, and for how much by currency."""

    count: Count
    amounts: tuple[Sum, ...]
    prices: tuple[Sum, ...]


@final
class Supplies:
    """The supplies of one hearing, each happening once."""

    def __init__(self, hearing: Hearing, goods: Mapping[str, Goods]) -> None:
        self.hearing, self.goods = hearing, goods
        self._known: dict[tuple[str, int, bool], tuple[Network, Record]] = {}
        self.events = [event for event in hearing.counted if event.type == KIND]
        self.heard = Heard(
            timeline=hearing.timeline,
            counted=hearing.counted,
            statements=hearing.statements,
            network=hearing.network,
            acts=lambda one: one not in hearing.set_aside,
        )

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """The supplies with their tellings, whoever gave to whom."""
        return self._record("from", self.hearing.network).happenings

    @cached_property
    def doubts(self) -> Sequence[tuple[str, str]]:
        """The pairs of supplies that may be one."""
        record = self._record("from", self.hearing.network)
        return Tellings.of(record).may_be_one(record.happenings)

    def total(self, role: str, person: str, window: Window | None, network: Network | None = None) -> Total:
        """Add up what a person (empty: anybody) gave (`from`) or got (`to`) in a window, or on the whole record."""
        record = self._record(role, network or self.hearing.network, whole=window is None)
        window = window or Window(Moment(ORIGIN, EARLIEST - 1), Moment(ORIGIN, LATEST))
        scope = Scope(KIND, "", person)
        return Total(
            count=count_in(record, window, scope),
            amounts=self._sums(record, window, scope, lambda one: one.quantity),
            prices=self._sums(record, window, scope, lambda one: one.price),
        )

    def _record(self, role: str, network: Network, *, whole: bool = False) -> Record:
        """Give the supplies with the persons of one role in place of who gave; made once for each network."""
        key = (role, id(network), whole)
        if key not in self._known:
            made = self._made(role, network)
            self._known[key] = (network, _whole(made) if whole else made)
            Tellings.share(self._known[key][1])
        return self._known[key][1]

    def _made(self, role: str, network: Network) -> Record:
        record = self.heard.record(KIND)
        told = (replace(self.heard.happening(event), scope=self._scope(event, role)) for event in self.events)
        once = told_once(told, self._claimed())
        keep = role == "from"
        return replace(
            record,
            network=network,
            happenings=once,
            totals=tuple(one for one in record.totals if keep or not one.scope.given_by),
            closed=tuple(one for one in record.closed if keep or not one.scope.given_by),
            lasts=tuple(one for one in record.lasts if keep or not one.scope.given_by),
            declared=self._declared(record.declared),
        )

    def _scope(self, event: RecordedEvent, role: str) -> Scope:
        timeline = self.hearing.timeline
        substance, person = str(said(event, "substance")), person_of(event, role)
        return Scope(KIND, timeline.same_name(substance), timeline.same_name(person))

    def _claimed(self) -> Iterable[tuple[str, frozenset[str]]]:
        for event in self.hearing.counted:
            if event.type == "claim.same" and event.id not in self.hearing.set_aside:
                yield event.id, frozenset(read_id(str(one)).id for one in said(event, "ids") or ())

    def _declared(self, declared: Declared) -> Declared:
        """Add the pairs of supplies whose persons in either role are declared distinct."""
        if not declared.distinct or len(self.events) > MOST:
            return declared
        apart = set(declared.distinct)
        same = self.hearing.timeline.same_name
        for a, b in combinations(self.events, 2):
            names = [(same(person_of(a, role)), same(person_of(b, role))) for role in ROLES]
            if any(one and other and declared.apart(one, other) for one, other in names):
                apart.add(frozenset((a.id, b.id)))
        return Declared(frozenset(apart), declared.by)

    def _sums(self, record: Record, window: Window, scope: Scope, pick: Pick) -> tuple[Sum, ...]:
        """Add up one kind of amount, each group of compatible units by itself."""
        told = {one.id: [pick(self.goods[each]) for each in one.tellings or (one.id,)] for one in record.happenings}
        units = _units([found.unit for row in told.values() for found in row if found is not None])
        return tuple(each for one in units for each in self._sum(record, window, scope, told, one))

    def _sum(
        self,
        record: Record,
        window: Window,
        scope: Scope,
        told: Mapping[str, Sequence[Measure | None]],
        unit: str,
    ) -> Iterable[Sum]:
        amounts: dict[str, Amounts] = {}
        for one, row in told.items():
            ours = [found for found in row if found is not None and compatible(found.unit, unit)]
            other = any(found is not None for found in row)
            if ours:
                amounts[one] = joined(Amounts(total=found) for found in ours) or Amounts()
            elif other:
                amounts[one] = Amounts(total=Measure(ZERO, ZERO, unit))
        dosing = Dosing(amounts=amounts, spans={})
        plain = replace(record, totals=tuple(one for one in record.totals if one.count.hi == 0))
        found = amounts_in(plain, window, scope, dosing)
        return (one for one in found if compatible(one.unit, unit) and (one.lo or one.hi != 0))


def person_of(event: RecordedEvent, role: str) -> str:
    """Give who gave (`from`) or got (`to`); empty where it is not stated."""
    return str(said(event, "from_") or said(event, "from")) if role == "from" else str(said(event, "to"))


def _units(units: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for one in sorted(units):
        if not any(compatible(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _whole(record: Record) -> Record:
    """Give a record in which every instant lies on the axis: in a window of all of it nothing is undated."""
    network = record.network.copy()
    for at, one in enumerate(record.happenings):
        for node in dict.fromkeys((one.first, one.last)):
            network.add(f"on the axis {at} {node}", (Edge(ORIGIN, node, EARLIEST, LATEST),))
    placed = tuple(replace(one, dated=True, soft=False) for one in record.happenings)
    return replace(record, network=network, happenings=placed, known={}, shared={})
