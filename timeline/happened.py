"""Turns the events that a hearing counts into happenings and claims of numbers, for counting. Counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, final

from events.errors import Fault
from events.event import RecordedEvent, event_types, type_named
from events.quantity import read_quantity
from events.source import fold_name
from events.when import EARLIEST, LATEST, Bound, Part, When
from events.when_text import read_when
from timeline.amounts import Dosing
from timeline.case import CaseTimeline, said
from timeline.claims import last_node, read_id
from timeline.constrain import count_of
from timeline.happenings import Closed, Declared, Happening, Moment, Record, Scope, Teller, Total
from timeline.hearing import Hearing
from timeline.last import Last
from timeline.measures import NOT_SAID, Amounts, amounts_of
from timeline.network import ORIGIN
from timeline.tellings import told_once

ROUTES: Final = {
    "intramuscular": "injection",
    "subcutaneous": "injection",
    "nasal": "nasal_spray",
    "oral": "oral_dose",
}
"""The type that a `dose` given by this route is (SEMANTICS 6)."""
DOSE: Final = "dose"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What a hearing tells of one kind of happening: the record, its amounts, its claims of a last."""

    record: Record
    dosing: Dosing
    lasts: tuple[Last, ...]


def asked_type(name: str) -> str:
    """Give the type of a question's scope: empty for `dose`, which means any administration. Raises `Fault`."""
    type_named(name)
    return "" if name == DOSE else name


def happened(hearing: Hearing, asked: str = "") -> Happened:
    """Give what is told of a type (empty: of any administration) in an account, and the claims about it."""
    events = [event for event in hearing.counted if _is_of(event, asked)]
    amounts = {event.id: found for event in events if (found := amounts_of(event)) != NOT_SAID}
    told = told_once((_happening(hearing, event) for event in events), _same(hearing))
    for one in told:
        known = next((amounts[other] for other in (one.id, *one.tellings) if other in amounts), None)
        amounts |= {one.id: known} if known else {}
    record = Record(
        network=hearing.network,
        happenings=told,
        totals=tuple(_totals(hearing)),
        closed=tuple(_closed(hearing, asked)),
        declared=declared(hearing),
    )
    dosing = Dosing(amounts=amounts, spans=_spans(hearing, amounts))
    return Happened(record=record, dosing=dosing, lasts=_lasts(hearing))


def scope_of(timeline: CaseTimeline, event: RecordedEvent) -> Scope:
    """Give what is known of an event's type, substance and giver; a `dose` has the type its route tells, or none."""
    kind = event.type if event.type != DOSE else ROUTES.get(fold_name(str(said(event, "route"))), "")
    return Scope(kind, *(timeline.same_name(str(said(event, name))) for name in ("substance", "given_by")))


def teller_of(timeline: CaseTimeline, event: RecordedEvent) -> Teller:
    """Give who tells it: speaker, reporter, document, as names are compared."""
    source = event.source
    names = (source.speaker, source.via)
    return (*(timeline.same_name(name) for name in names), fold_name(source.document or source.doc))  # type: ignore[return-value]


def _is_of(event: RecordedEvent, asked: str) -> bool:
    known = event_types().get(event.type)
    administered = known is not None and known.administration
    kind = event_types().get(asked)
    return administered if not asked or (kind is not None and kind.administration) else event.type == asked


def _happening(hearing: Hearing, event: RecordedEvent) -> Happening:
    first, last = hearing.placed(event.id)
    return Happening(
        id=event.id,
        scope=scope_of(hearing.timeline, event),
        route=fold_name(str(said(event, "route"))),
        teller=teller_of(hearing.timeline, event),
        count=count_of(event),
        first=first,
        last=last,
        ends=_ends(hearing, hearing.when_of(event.id)) if first != last else (),
        dated=event.id not in hearing.undated,
    )


def _ends(hearing: Hearing, when: When) -> tuple[Moment, ...]:
    """Give the ends of every part of a time, a start just before its first microsecond."""
    ends: set[Moment] = set()
    for part in when.parts:
        node = _node(hearing, part)
        if node is None or part.soft:
            continue
        ends.update(Moment(node, end + by) for end, by in ((part.outer.lo, -1), (part.outer.hi, 0)) if end is not None)
    return tuple(sorted(ends))


def _node(hearing: Hearing, part: Part) -> str | None:
    if part.anchor is None:
        return ORIGIN
    try:
        return hearing.node(part.anchor)
    except Fault:
        return None


def _spans(hearing: Hearing, amounts: dict[str, Amounts]) -> dict[str, tuple[str, str]]:
    """Give the start and end of what was given at a rate, and has no amount of its own."""
    rated = (one for one, found in amounts.items() if found.rate is not None and not found.said)
    nodes = {one: hearing.nodes(one) for one in rated}
    return {one: (found.start, found.end) for one, found in nodes.items() if found.start != found.end}


# --- claims ----------------------------------------------------------------------------------------------------------


def declared(hearing: Hearing) -> Declared:
    """Give the ids and names that `claim.distinct` of this account and `case.opened` say are distinct."""
    groups: list[Sequence[str]] = []
    for event in hearing.timeline.told:
        if event.type == "case.opened":
            groups += _groups(said(event, "distinct") or ())
    for event in hearing.counted:
        if event.type == "claim.distinct":
            groups += [[str(one) for one in said(event, name) or ()] for name in ("ids", "names")]
    fold = hearing.timeline.same_name
    pairs = (frozenset((fold(a), fold(b))) for group in groups for a, b in combinations(group, 2))
    ids = (frozenset((read_id(a).id, read_id(b).id)) for group in groups for a, b in combinations(group, 2))
    return Declared(frozenset(pair for pair in (*pairs, *ids) if len(pair) == 2))


def _groups(said_so: Sequence[object]) -> list[Sequence[str]]:
    """Give lists of names; one plain list is one group."""
    lists = [[str(name) for name in one] for one in said_so if isinstance(one, list | tuple)]
    plain = [one for one in said_so if isinstance(one, str)]
    return [*lists, *([plain] if plain else [])]


def _same(hearing: Hearing) -> list[frozenset[str]]:
    acting = (event for event in hearing.counted if event.type == "claim.same" and event.id not in hearing.set_aside)
    return [frozenset(read_id(str(one)).id for one in said(event, "ids") or ()) for event in acting]


def _acting(hearing: Hearing, kind: str) -> Iterable[RecordedEvent]:
    return (event for event in hearing.counted if event.type == kind and event.id not in hearing.set_aside)


def _claimed_scope(timeline: CaseTimeline, event: RecordedEvent) -> Scope:
    of = str(said(event, "of"))
    names = (timeline.same_name(str(said(event, name))) for name in ("substance", "given_by"))
    return Scope("" if of == DOSE else of, *names)


def _lasts(hearing: Hearing) -> tuple[Last, ...]:
    """Give the claims of a last; those of one scope and anchor share one instant, and count once."""
    lasts: dict[str, Last] = {}
    for event in sorted(_acting(hearing, "claim.last"), key=lambda event: event.id):
        try:
            before = hearing.node(read_id(str(said(event, "before")), "start"))
        except Fault:
            continue
        node = last_node(hearing.timeline, event, before)
        scope = _claimed_scope(hearing.timeline, event)
        lasts.setdefault(node, Last(id=event.id, scope=scope, node=node, before=before))
    return tuple(lasts.values())


def _totals(hearing: Hearing) -> Iterable[Total]:
    for event in _acting(hearing, "claim.total"):
        count, period = said(event, "count"), _period(hearing, event)
        if period is None or count == "" or (found := _count(str(count))) is None:
            continue
        yield Total(
            id=event.id, scope=_claimed_scope(hearing.timeline, event), count=found, start=period[0], end=period[1]
        )


def _count(text: str) -> Bound | None:
    try:
        return read_quantity(text).count
    except Fault:
        return None


def _closed(hearing: Hearing, asked: str) -> Iterable[Closed]:
    """Give the claims that the record is complete, with what the whole record has there, whatever the account."""
    claims = list(_acting(hearing, "claim.complete"))
    if not claims:
        return
    whole = hearing.timeline.hear()
    held = tuple(_elsewhere(_happening(whole, event), hearing) for event in whole.counted if _is_of(event, asked))
    for event in claims:
        period = _period(hearing, event)
        if period is not None:
            scope = _claimed_scope(hearing.timeline, event)
            yield Closed(id=event.id, scope=scope, start=period[0], end=period[1], holds=held)


def _elsewhere(one: Happening, hearing: Hearing) -> Happening:
    """Give a happening of the whole record as this account's network knows it: undated where it is left out."""
    heard = {event.id for event in hearing.counted} | hearing.anchors
    return one if one.id in heard else replace(one, dated=False)


def _period(hearing: Hearing, event: RecordedEvent) -> tuple[Moment, Moment] | None:
    """Give the period of a claim as (start, end]; None where an end is not one instant of the network."""
    own = hearing.when_of(event.id)
    start = _end(hearing, _when(hearing, event, "from", own), first=True)
    end = _end(hearing, _when(hearing, event, "to", own), first=False)
    return None if start is None or end is None else (start, end)


def _when(hearing: Hearing, event: RecordedEvent, name: str, own: When) -> tuple[When, bool]:
    text = str(said(event, f"{name}_") or said(event, name))
    if not text:
        return own, False
    try:
        return read_when(text, zone=hearing.timeline.zone_of(event), own_id=event.id), True
    except Fault:
        return own, False


def _end(hearing: Hearing, when: tuple[When, bool], *, first: bool) -> Moment | None:
    """Give the instant that a period starts just after, or ends with: a date's first instant, or its last."""
    read, alone = when
    if not read.parts and not alone:
        return Moment(ORIGIN, EARLIEST - 1 if first else LATEST)
    if len(read.parts) != 1 or read.soft or read.parts[0].civil is not None:
        return None
    part = read.parts[0]
    node, end = _node(hearing, part), part.outer.lo if first else part.outer.hi
    exact = part.anchor is None or not alone or part.outer.exact
    if node is None or not exact:
        return None
    if end is None:
        return Moment(ORIGIN, EARLIEST - 1 if first else LATEST) if not alone else None
    return Moment(node, end - 1 if first else end)
