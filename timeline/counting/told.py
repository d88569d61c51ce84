"""What events tell of happenings and numbers: scopes, tellers, counts, claims. Counts nothing, sets nothing aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final, final

from msgspec.structs import replace

from events.errors import Fault
from events.event import RecordedEvent, find_type
from events.quantity import read_quantity
from events.source import fold_name
from events.when import ANY, Bound, Ref
from timeline.counting.happenings import Closed, Declared, Happening, Last, Moment, Record, Scope, Teller, Total
from timeline.counting.periods import End, period_of
from timeline.counting.tellings import told_once
from timeline.fold import Folded, said
from timeline.hearings.claims import last_node, read_id
from timeline.hearings.constrain import Statement, count_of, ends, nodes_of, read, target_node
from timeline.network import ORIGIN, Network

ROUTES: Final = {
    "intramuscular": "injection",
    "subcutaneous": "injection",
    "nasal": "nasal_spray",
    "oral": "oral_dose",
}
"""The type that a `dose` given by this route is (SEMANTICS 6)."""
DOSE: Final = "dose"
ADMINISTRATIONS: Final = ""
"""The kind that all administrations are of; any other type is a kind of its own."""


@final
@dataclass(frozen=True, kw_only=True)
class Heard:
    """What is heard of a case: the events that count, what they say of times, and which of it acts."""

    timeline: Folded
    counted: Sequence[RecordedEvent]
    statements: Mapping[str, Statement]
    network: Network
    acts: Callable[[str], bool]

    def record(self, kind: str) -> Record:
        """Give the happenings of a kind (see `kind_of`) and the claims about it."""
        events = self.of_kind(kind)
        joined = [(event.id, _ids(event)) for event in self._claims("claim.same")]
        return Record(
            network=self.network,
            happenings=told_once((self.happening(event) for event in events), joined),
            totals=tuple(self._totals(kind)),
            closed=tuple(self._closed(kind)),
            lasts=self._lasts(kind),
            declared=self._declared,
        )

    def of_kind(self, kind: str) -> list[RecordedEvent]:
        """Give the events that count of a kind, in log order."""
        return self._of_types(*(type_ for type_ in self._by_type if kind_of(type_) == kind))

    @cached_property
    def _by_type(self) -> Mapping[str, list[int]]:
        """Where the events of each type are among those that count."""
        places: dict[str, list[int]] = {}
        for place, event in enumerate(self.counted):
            places.setdefault(event.type, []).append(place)
        return places

    def _of_types(self, *types: str) -> list[RecordedEvent]:
        """Give the events that count of some types, in log order."""
        places = [place for type_ in types for place in self._by_type.get(type_, ())]
        return [self.counted[place] for place in sorted(places)]

    def happening(self, event: RecordedEvent) -> Happening:
        """Give what one event tells of; what it says is read once for all accounts."""
        known = self.timeline.readings.get((event.id, "told"))
        if known is None or known[0] is not event:
            known = self.timeline.readings[event.id, "told"] = (event, self._happening(event))
        one: Happening = known[1]
        statement = self.statements.get(event.id)
        dated = statement is not None and statement.bounds and self.acts(event.id)
        soft = statement is not None and statement.soft
        return one if dated and not soft else replace(one, dated=dated, soft=soft)

    def _happening(self, event: RecordedEvent) -> Happening:
        """Give what one event tells of, as if its time were sure to act."""
        nodes = nodes_of(self.timeline, event.id)
        scope, route = self._scope(event)
        return Happening(
            id=event.id,
            scope=scope,
            route=route,
            teller=self._teller(event),
            count=count_of(event),
            first=nodes.first,
            last=nodes.last,
            ends=self._ends(event) if nodes.first != nodes.last else (),
        )

    def _scope(self, event: RecordedEvent) -> tuple[Scope, str]:
        """Give an event's scope and route, made once for all events that write them alike: a case has few."""
        written = (event.type, said(event, "substance"), said(event, "given_by"), said(event, "route"))
        found = self._scopes.get(key := tuple(map(str, written)))
        if found is None:
            found = self._scopes[key] = (scope_of(self.timeline, event), fold_name(key[3]))
        return found

    def _teller(self, event: RecordedEvent) -> Teller:
        """Give who tells of an event, made once for all they tell of."""
        source = event.source
        found = self._tellers.get(key := (source.speaker, source.via, source.document, source.doc))
        if found is None:
            found = self._tellers[key] = teller_of(self.timeline, event)
        return found

    @cached_property
    def _scopes(self) -> dict[tuple[str, ...], tuple[Scope, str]]:
        return {}

    @cached_property
    def _tellers(self) -> dict[tuple[str, ...], Teller]:
        return {}

    def _ends(self, event: RecordedEvent) -> tuple[Moment, ...]:
        """Give the ends of every part of a time, a start just before its first microsecond."""
        found: set[Moment] = set()
        whens = [read(self.timeline, event), *([read(self.timeline, event, "until")] if ends(event) else [])]
        for part in (part for when in whens for part in when.parts if not part.soft):
            node = self._node(part.anchor)
            sides = ((part.outer.lo, -1), (part.outer.hi, 0)) if node is not None else ()
            found.update(Moment(node or ORIGIN, end + by) for end, by in sides if end is not None)
        return tuple(sorted(found))

    def _node(self, anchor: Ref | None) -> str | None:
        if anchor is None:
            return ORIGIN
        return target_node(nodes_of(self.timeline, anchor.id), anchor) or None

    # Claims

    def _claims(self, *types: str) -> Iterator[RecordedEvent]:
        return (event for event in self._of_types(*types) if self.acts(event.id))

    def _numbers(self, kind: str, claim: str) -> Iterator[RecordedEvent]:
        return (event for event in self._claims(claim) if kind_of(str(said(event, "of"))) == kind)

    def declared(self) -> Declared:
        """Give the ids and names that `claim.distinct` of this account and `case.opened` say are distinct."""
        return self._declared

    @cached_property
    def _declared(self) -> Declared:
        groups: list[tuple[str, Sequence[str]]] = []
        for event in self.timeline.told:
            if event.type == "case.opened":
                groups += [("", group) for group in _groups(said(event, "distinct") or ())]
        for event in self._claims("claim.distinct"):
            groups += [(event.id, [str(one) for one in said(event, name) or ()]) for name in ("ids", "names")]
        by: dict[frozenset[str], tuple[str, ...]] = {}
        for who, group in groups:
            for pair in self._pairs(group):
                by[pair] = () if not who or by.get(pair) == () else (*by.get(pair, ()), who)
        return Declared(frozenset(by), {pair: who[:1] for pair, who in by.items()})

    def _pairs(self, group: Sequence[str]) -> Iterator[frozenset[str]]:
        names = [self.timeline.same_name(one) for one in group]
        ids = [read_id(one).id for one in group]
        for known in (names, ids):
            yield from (frozenset(pair) for pair in combinations(known, 2) if len(set(pair)) == 2)

    def _claimed(self, event: RecordedEvent) -> Scope:
        of = str(said(event, "of"))
        names = (self.timeline.same_name(str(said(event, name))) for name in ("substance", "given_by"))
        return Scope("" if of == DOSE else of, *names)

    def _lasts(self, kind: str) -> tuple[Last, ...]:
        """Give the claims of a last; those of one scope and anchor share one instant, and count once."""
        lasts: dict[str, Last] = {}
        for event in sorted(self._numbers(kind, "claim.last"), key=lambda event: event.id):
            before = self._node(read_id(str(said(event, "before")), "start"))
            if before is not None:
                node = last_node(self.timeline, event, before)
                lasts.setdefault(node, Last(id=event.id, scope=self._claimed(event), node=node, before=before))
        return tuple(lasts.values())

    def _totals(self, kind: str) -> Iterator[Total]:
        for event in self._numbers(kind, "claim.total"):
            count, period = _count(str(said(event, "count"))), self.period(event)
            if count is not None and period is not None:
                yield Total(id=event.id, scope=self._claimed(event), count=count, start=period[0], end=period[1])

    def amounts(self, kind: str) -> Iterator[tuple[RecordedEvent, Total]]:
        """Give the claims of how much there was in a period; the count of each total means nothing."""
        for event in self._numbers(kind, "claim.total"):
            period = self.period(event)
            if said(event, "amount") != "" and period is not None:
                scope = self._claimed(event)
                yield event, Total(id=event.id, scope=scope, count=Bound(0, None), start=period[0], end=period[1])

    def _closed(self, kind: str) -> Iterator[Closed]:
        """Give the claims that the record is complete, with what the whole record has there, whatever the account."""
        claims = list(self._numbers(kind, "claim.complete"))
        held = tuple(self.happening(event) for event in self.timeline.told if is_of(event, kind)) if claims else ()
        for event in claims:
            period = self.period(event)
            if period is not None:
                yield Closed(id=event.id, scope=self._claimed(event), start=period[0], end=period[1], holds=held)

    def period(self, event: RecordedEvent) -> tuple[Moment, Moment] | None:
        """Give the period of a claim as (start, end]; None where an end refers to an event of several instants."""
        period = period_of(self.timeline, event)
        start, end = self._moment(period.start), self._moment(period.end)
        return None if start is None or end is None else (start, end)

    def _moment(self, end: End) -> Moment | None:
        if end.node:
            return Moment(end.node, end.shift)
        node = self._node(end.anchor)
        return None if node is None else Moment(node, end.shift)


def kind_of(type_: str) -> str:
    """Give the kind of a type that is asked for or claimed: one for all administrations, else the type itself."""
    known = find_type(type_) if type_ else None
    return ADMINISTRATIONS if not type_ or (known is not None and known.administration) else type_


def is_of(event: RecordedEvent, kind: str) -> bool:
    """Whether an event is of a kind."""
    return kind_of(event.type) == kind


def scope_of(timeline: Folded, event: RecordedEvent) -> Scope:
    """Give what is known of an event's type, substance and giver; a `dose` has the type its route tells, or none."""
    kind = event.type if event.type != DOSE else ROUTES.get(fold_name(str(said(event, "route"))), "")
    substance, giver = str(said(event, "substance")), str(said(event, "given_by"))
    return _scope(kind, timeline.same_name(substance), timeline.same_name(giver))


@lru_cache(maxsize=4096)
def _scope(kind: str, substance: str, giver: str) -> Scope:
    """Give one scope for all happenings of it: a case has few."""
    return Scope(kind, substance, giver)


def teller_of(timeline: Folded, event: RecordedEvent) -> Teller:
    """Give who tells it: speaker, reporter, document, as names are compared."""
    source = event.source
    return (
        timeline.same_name(source.speaker),
        timeline.same_name(source.via),
        fold_name(source.document or source.doc_id),
    )


def _groups(said_so: Sequence[object]) -> list[Sequence[str]]:
    """Give lists of names; one plain list is one group."""
    lists = [[str(name) for name in one] for one in said_so if isinstance(one, list | tuple)]
    plain = [one for one in said_so if isinstance(one, str)]
    return [*lists, *([plain] if plain else [])]


def _ids(event: RecordedEvent) -> frozenset[str]:
    return frozenset(read_id(str(one)).id for one in said(event, "ids") or ())


def _count(text: str) -> Bound | None:
    try:
        found = read_quantity(text).count if text else ANY
    except Fault:
        return None
    return found if text else None


def rated_spans(heard: Heard, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Give the start and end nodes of those events that last."""
    nodes = {one: nodes_of(heard.timeline, one) for one in ids}
    return {one: (found.start, found.end) for one, found in nodes.items() if found.start != found.end}
