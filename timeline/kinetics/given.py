"""What a record says of each administration that matters to a level: dose, age, duration, route. Computes no level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache, reduce
from math import inf
from typing import Any, Final, TypedDict, final

from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import read_quantity
from events.units import compatible, factor
from events.when import ANY, MINUTE, Bound
from timeline.case import said
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Moment, Record, Scope, Total, can_meet, gap
from timeline.counting.measures import Measure, measured
from timeline.hearings.constrain import duration_of
from timeline.hearings.hearing import Hearing
from timeline.kinetics.enclosures import ANYTHING, ONCE, Span
from timeline.kinetics.parameters import Route, Substance

WHENEVER: Final = Span(-inf, inf)
WRITTEN: Final = ("amount", "total_amount", "rate", "weight")
"""The fields that say how much it was."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What a question takes to be so where the record is silent; None: nothing. By type, "" for any other.

    `apart` is how many minutes lie at least between the starts of two administrations of one event of several.
    """

    doses: Mapping[str, Measure] = field(default_factory=dict)
    apart: Mapping[str, float] = field(default_factory=dict)
    duration: Span | None = None
    weight: Measure | None = None

    def apart_of(self, kind: str) -> float:
        """How many minutes lie at least between two of a type; zero where nothing is assumed."""
        return self.apart.get(kind) or self.apart.get("") or 0.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One administration, or several, as far as known: `dose` mg/kg of each (of all where `whole`), ages in minutes.

    `stream` is mg/kg a minute where a rate is stated and no amount. `lasting` is the minutes an infusion took. `routes`
    are the ways it may have gone; none: not known, or none that the parameters have. `sure` says that it certainly was
    given, and of the substance; `stated` that the record says how much. Of several, the starts lie at least `apart`
    minutes apart (zero: not known). `known_as` are the ids that tell of it.
    """

    id: str
    type: str
    count: Span = ONCE
    dose: Span = ANYTHING
    whole: bool = False
    stream: Span | None = None
    age: Span = WHENEVER
    lasting: Span = ANYTHING
    routes: tuple[Route, ...] = ()
    sure: bool = False
    stated: bool = False
    unread: str = ""
    apart: float = 0.0
    known_as: tuple[str, ...] = ()

    @property
    def one(self) -> Given:
        """One of several: of a whole amount it had some part."""
        if self.whole and not self.count.exact:
            return replace(self, count=ONCE, whole=False, dose=Span(0.0, self.dose.hi))
        dose = Span(0.0, self.dose.hi) if self.whole and self.count.hi > 1 else self.dose
        return replace(self, count=ONCE, whole=False, dose=dose)


def givens(
    hearing: Hearing, told: Happened, scope: Scope, at: str, substance: Substance, assumed: Assumed
) -> tuple[Given, ...]:
    """Give the administrations of a scope that may lie at or before the instant of node `at`, by id."""
    record = told.record
    reading = _Reading(hearing, scope, record.reach(at), substance, assumed)
    near = (one for one in record.told if can_meet(one.scope, scope, record.declared) and one.count.hi != 0)
    every = [reading.given(one) for one in near]
    totals = (one for one in record.totals if can_meet(one.scope, scope, record.declared) and one.count.hi != 0)
    every += [reading.claimed(one, record, at) for one in totals]
    return tuple(sorted((one for one in every if one.age.hi >= 0), key=lambda one: one.id))


@final
class _Reading:
    """What the events of one question say; those that write the same are read once."""

    def __init__(
        self, hearing: Hearing, scope: Scope, reach: Mapping[str, Bound], substance: Substance, assumed: Assumed
    ) -> None:
        self._hearing, self._scope, self._reach = hearing, scope, reach
        self._substance, self._assumed = substance, assumed
        self._routes: dict[tuple[str, str], tuple[Route, ...]] = {}
        self._amounts: dict[tuple[str, bool, str], _Amount] = {}

    def claimed(self, one: Total, record: Record, at: str) -> Given:
        """Give what a claim of a total tells of."""
        last, first = (gap(record.network, end, Moment(at)) for end in (one.end, one.start))
        most = inf if one.count.hi is None else float(one.count.hi)
        return Given(
            id=one.id,
            type=one.scope.type,
            count=Span(0.0, most),
            age=Span(_minutes(last.lo, -inf), _minutes(first.hi, inf)),
            lasting=self._assumed.duration or ANYTHING,
            routes=self._routes_for("", one.scope.type),
            apart=self._assumed.apart_of(one.scope.type),
            known_as=(one.id,),
            **self._amount(one.scope.type, (), several=most == inf),
        )

    def given(self, one: Happening) -> Given:
        """Give what is told of one administration, or of several."""
        ids, kind, known = one.tellings or (one.id,), one.scope.type, self._hearing.timeline.by_id
        events = [known[each] for each in ids if each in known]
        late, early = self._ages(one) if one.dated else (ANY, ANY)
        lasting = _lasting(self._hearing, one, events)
        most = inf if one.count.hi is None else float(one.count.hi)
        return Given(
            id=one.id,
            type=kind,
            count=Span(float(one.count.lo or 0), most),
            age=Span(_minutes(late.lo, -inf), _minutes(early.hi, inf)),
            lasting=self._assumed.duration or ANYTHING if lasting == ANYTHING else lasting,
            routes=self._routes_for(one.route, kind),
            sure=one.dated and one.scope.within(self._scope),
            apart=self._assumed.apart_of(kind),
            known_as=ids,
            **self._amount(kind, events, several=most == inf),
        )

    def _ages(self, one: Happening) -> tuple[Bound, Bound]:
        """Give how long before the instant the last and the first of it were."""
        late = self._reach.get(one.last, ANY).negate()
        return late, late if one.first == one.last else self._reach.get(one.first, ANY).negate()

    def _routes_for(self, route: str, kind: str) -> tuple[Route, ...]:
        known = self._routes.get((route, kind))
        if known is None:
            known = self._routes[route, kind] = self._substance.routes_for(route, kind)
        return known

    def _amount(self, kind: str, events: Sequence[RecordedEvent], *, several: bool) -> _Amount:
        key = (kind, several, repr([[said(each, name) for name in WRITTEN] for each in events]))
        known = self._amounts.get(key)
        if known is None:
            known = self._amounts[key] = _amount(kind, events, self._assumed, several=several)
        return known


def _minutes(micros: int | None, otherwise: float) -> float:
    return otherwise if micros is None else micros / MINUTE


def _lasting(hearing: Hearing, one: Happening, events: Sequence[RecordedEvent]) -> Span:
    """Give how long each took, in minutes: by its duration, else from its start to its end; else not known."""
    bound = reduce(Bound.meet, (duration_of(each) for each in events), ANY)
    for event in events:
        nodes = hearing.nodes(event.id)
        if one.single and not nodes.single:
            bound = bound.meet(hearing.network.between(nodes.start, nodes.end))
    if bound.empty:
        return ANYTHING
    return Span(max(0.0, _minutes(bound.lo, 0.0)), _minutes(bound.hi, inf))


class _Amount(TypedDict, total=False):
    """How much of it there was, by the names that `Given` has for it."""

    dose: Span
    whole: bool
    stream: Span
    stated: bool
    unread: str


def _amount(kind: str, events: Sequence[RecordedEvent], assumed: Assumed, *, several: bool) -> _Amount:
    """Give how much it was: as stated, else as assumed, else open; `several` where nobody says how many at most."""
    doses = {
        name: found
        for name, unit in (("amount", "mg"), ("total_amount", "mg"), ("rate", "mg/min"))
        if (found := _joined(per_kg(each, name, unit, assumed.weight) for each in events)) is not None
    }
    if "total_amount" in doses and ("amount" not in doses or several):
        return _Amount(dose=doses["total_amount"], whole=True, stated=True)
    if "amount" in doses:
        return _Amount(dose=doses["amount"], stated=True)
    if "rate" in doses:
        return _Amount(stream=doses["rate"], stated=True)
    unread = next((name for each in events for name in ("amount", "total_amount") if _written(each, name)), "")
    dose = assumed.doses.get(kind) or assumed.doses.get("")
    by_question = None if dose is None or unread else as_per_kg(dose, "mg", assumed.weight)
    return _Amount(dose=by_question or ANYTHING, unread=unread)


def _joined(spans: Iterable[Span | None]) -> Span | None:
    known = [each for each in spans if each is not None]
    return reduce(Span.meet, known) if known else None


def per_kg(event: RecordedEvent, name: str, unit: str, weight: Measure | None) -> Span | None:
    """Give an event's amount (or rate, of a `unit` a minute) for each kg of body weight, in mg; None where not known.

    What is stated for each kg needs no weight; else the event's own weight serves, else `weight`.
    """
    written = said(event, name)
    return None if written == "" else _per_kg(written, said(event, "weight"), unit, weight)


@lru_cache(maxsize=16_384, typed=True)
def _per_kg(written: Any, own: Any, unit: str, weight: Measure | None) -> Span | None:
    amount = _read(written)
    return None if amount is None else as_per_kg(amount, unit, _read(own) or weight)


def as_per_kg(amount: Measure, unit: str, weight: Measure | None) -> Span | None:
    """Give an amount in mg (or mg a minute) for each kg of body weight; None where that takes a weight not known."""
    each = unit.replace("mg", "mg/kg", 1)
    if compatible(amount.unit, each):
        return _span(amount, factor(amount.unit, each))
    if not compatible(amount.unit, unit) or weight is None or not compatible(weight.unit, "kg") or not weight.lo:
        return None
    heavy = weight.within("kg")
    found = _span(amount, factor(amount.unit, unit))
    return Span(0.0 if heavy.hi is None else found.lo / float(heavy.hi), found.hi / float(heavy.lo))


def _span(amount: Measure, by: Fraction) -> Span:
    return Span(float(amount.lo * by), inf if amount.hi is None else float(amount.hi * by))


def _written(event: RecordedEvent, name: str) -> bool:
    return _read(said(event, name)) is not None


@lru_cache(maxsize=16_384, typed=True)
def _read(written: Any) -> Measure | None:
    try:
        return measured(read_quantity(written)) if written != "" else None
    except Fault:
        return None
