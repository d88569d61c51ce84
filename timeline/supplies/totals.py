"""How much was supplied, in all and by person, without counting one supply twice. Words nothing, reads no text.

Supplies are counted as administrations are (SEMANTICS 5, 6): several tellings may be one, so that a total's lower end
is what certainly differs, and its upper end all of them. Each unit stands for itself: of a supply that is told in vials
nobody says how many milligrams.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final, Literal, final

from msgspec.structs import replace as rewritten

from events.event import RecordedEvent
from events.units import compatible
from events.when import EARLIEST, LATEST, Bound
from timeline.case import said
from timeline.counting.amounts import Dosing, Sum, amounts_in
from timeline.counting.happened import happened
from timeline.counting.happenings import Declared, Happening, Moment, Record, Scope, Window
from timeline.counting.measures import ZERO, Amounts, Measure, joined
from timeline.counting.neighbours import Pairs
from timeline.counting.tellings import Tellings, told_once
from timeline.counts import Count, count_in
from timeline.hearings.claims import read_id
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN, Edge, Network
from timeline.supplies.goods import Goods

KIND: Final = "supply"
ROLES: Final = ("from", "to")
MOST: Final = 300
"""Supplies whose persons are compared two by two; of more, only who gave or who got tells them apart."""
Kind = Literal["quantity", "price"]
"""What is added up."""


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
        told = happened(hearing, KIND)
        self.heard, self.told = told.heard, told.record
        self.events = self.heard.of_kind(KIND)
        self._known: dict[tuple[str, int, bool], tuple[Network, Record]] = {}
        self._added: dict[str, list[tuple[str, Dosing]]] = {}

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """The supplies with their tellings, whoever gave to whom."""
        return self._record("from", self.hearing.network).happenings

    @cached_property
    def doubts(self) -> Pairs:
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
            amounts=self._sums(record, window, scope, "quantity"),
            prices=self._sums(record, window, scope, "price"),
        )

    def _record(self, role: str, network: Network, *, whole: bool = False) -> Record:
        """Give the supplies with the persons of one role in place of who gave; made once for each network."""
        key = (role, id(network), whole)
        if key not in self._known:
            made = self._made(role, network)
            self._known[key] = (network, self._placed(made) if whole else made)
            Tellings.share(self._known[key][1])
        return self._known[key][1]

    def _made(self, role: str, network: Network) -> Record:
        told = (rewritten(self.heard.happening(event), scope=self._scope(event, role)) for event in self.events)
        record, keep = self.told, role == "from"
        return replace(
            record,
            network=network,
            happenings=told_once(told, self._claimed),
            totals=tuple(one for one in record.totals if keep or not one.scope.given_by),
            closed=tuple(one for one in record.closed if keep or not one.scope.given_by),
            lasts=tuple(one for one in record.lasts if keep or not one.scope.given_by),
            declared=self._declared,
            known={},
            shared={},
        )

    def _placed(self, record: Record) -> Record:
        """Give a record in which every instant lies on the axis: in a window of all of it nothing is undated."""
        placed = tuple(rewritten(one, dated=True, soft=False) for one in record.happenings)
        return replace(record, network=self._axis, happenings=placed, known={}, shared={})

    @cached_property
    def _axis(self) -> Network:
        """The network of the hearing in which every supply lies on the axis, whoever gave or got it."""
        return _on_axis(self.hearing.network, self.happenings)

    def _scope(self, event: RecordedEvent, role: str) -> Scope:
        timeline = self.hearing.timeline
        substance, person = str(said(event, "substance")), person_of(event, role)
        return Scope(KIND, timeline.same_name(substance), timeline.same_name(person))

    @cached_property
    def _claimed(self) -> Sequence[tuple[str, frozenset[str]]]:
        """The claims that several tellings are one, with the tellings."""
        same = (event for event in self.hearing.counted if event.type == "claim.same")
        acting = (event for event in same if event.id not in self.hearing.set_aside)
        return [(one.id, frozenset(read_id(str(each)).id for each in said(one, "ids") or ())) for one in acting]

    @cached_property
    def _declared(self) -> Declared:
        """What is declared distinct, with the pairs of supplies whose persons in either role are."""
        declared = self.told.declared
        if not declared.distinct or len(self.events) > MOST:
            return declared
        apart = set(declared.distinct)
        same = self.hearing.timeline.same_name
        for a, b in combinations(self.events, 2):
            names = [(same(person_of(a, role)), same(person_of(b, role))) for role in ROLES]
            if any(one and other and declared.apart(one, other) for one, other in names):
                apart.add(frozenset((a.id, b.id)))
        return Declared(frozenset(apart), declared.by)

    def _sums(self, record: Record, window: Window, scope: Scope, kind: Kind) -> tuple[Sum, ...]:
        """Add up one kind of amount, each group of compatible units by itself."""
        if kind not in self._added:
            self._added[kind] = list(self._dosings(kind))
        plain = replace(record, totals=tuple(one for one in record.totals if one.count.hi == 0))
        return tuple(
            each
            for unit, dosing in self._added[kind]
            for each in amounts_in(plain, window, scope, dosing)
            if compatible(each.unit, unit) and (each.lo or each.hi != 0)
        )

    def _dosings(self, kind: Kind) -> Iterator[tuple[str, Dosing]]:
        """Give each unit that is told of, with how much each supply was in it; nothing where it was in another."""
        told = {one.id: self._measures(one, kind) for one in self.happenings}
        for unit in _units([found.unit for row in told.values() for found in row]):
            amounts: dict[str, Amounts] = {}
            for one, row in told.items():
                ours = [found for found in row if compatible(found.unit, unit)]
                if ours:
                    amounts[one] = joined(Amounts(total=found) for found in ours) or Amounts()
                elif row:
                    amounts[one] = Amounts(total=Measure(ZERO, ZERO, unit))
            yield unit, Dosing(amounts=amounts, spans={})

    def _measures(self, one: Happening, kind: Kind) -> list[Measure]:
        goods = (self.goods[each] for each in one.tellings or (one.id,))
        told = (each.quantity if kind == "quantity" else each.price for each in goods)
        return [found for found in told if found is not None]


def person_of(event: RecordedEvent, role: str) -> str:
    """Give who gave (`from`) or got (`to`); empty where it is not stated."""
    return str(said(event, "from_") or said(event, "from")) if role == "from" else str(said(event, "to"))


def _units(units: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for one in sorted(units):
        if not any(compatible(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _on_axis(network: Network, happenings: Sequence[Happening]) -> Network:
    """Give a network in which all of these lie on the axis: the same one where they do already."""
    nodes = ((at, node) for at, one in enumerate(happenings) for node in dict.fromkeys((one.first, one.last)))
    wanted = [(at, node) for at, node in nodes if not _within_axis(network.between(ORIGIN, node))]
    made = network.copy() if wanted else network
    for at, node in wanted:
        made.add(f"on the axis {at} {node}", (Edge(ORIGIN, node, EARLIEST, LATEST),))
    return made


def _within_axis(bound: Bound) -> bool:
    return bound.lo is not None and bound.hi is not None and bound.lo > EARLIEST and bound.hi < LATEST
