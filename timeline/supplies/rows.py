"""The rows of supplies and seizures: what each telling says, what it is one with, what does not agree. Adds none up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, final

from events.event import RecordedEvent
from events.units import unit_words
from timeline.asking import words
from timeline.asking.lines import row, tail, when_words, who
from timeline.case import said
from timeline.counting.measures import Measure, outward
from timeline.hearings.hearing import Hearing
from timeline.supplies.goods import Goods, flags, goods_of, measure_json, unit_prices
from timeline.supplies.totals import Supplies, person_of

SHOWN: Final = 12
"""Pairs that may be one which are named; the rest are counted."""
Row = dict[str, Any]


@final
class Told:
    """The supplies of a hearing: what each telling says, which are one, which may be."""

    def __init__(self, hearing: Hearing, goods: Mapping[str, Goods]) -> None:
        self.hearing, self.goods = hearing, goods
        self.supplies = Supplies(hearing, goods)
        self.one_with = {
            one: happening.tellings or (happening.id,)
            for happening in self.supplies.happenings
            for one in happening.tellings or (happening.id,)
        }

    @cached_property
    def may(self) -> Mapping[str, set[str]]:
        """The ids that each may be one with."""
        may: dict[str, set[str]] = {}
        for a, b in self.supplies.doubts:
            may.setdefault(a, set()).add(b)
            may.setdefault(b, set()).add(a)
        return may

    def together(self, event: RecordedEvent) -> tuple[list[str], list[Goods]]:
        """Give the ids of all tellings of one supply, and what each says, this one first."""
        ours = [one for one in self.one_with[event.id] if one in self.goods]
        return ours, [self.goods[event.id], *(self.goods[one] for one in ours if one != event.id)]

    def flags(self, event: RecordedEvent) -> list[str]:
        """Say where the tellings of one supply do not agree."""
        substance = str(said(event, "substance"))
        return flags(self.hearing.timeline.same_name(substance), self.together(event)[1])

    @property
    def doubts(self) -> tuple[str, ...]:
        """The pairs that may be one, in words."""
        pairs = self.supplies.doubts
        more = (f"may be one: {len(pairs) - SHOWN} more pairs",) if len(pairs) > SHOWN else ()
        return (*(f"may be one: {a}, {b}" for a, b in pairs[:SHOWN]), *more)

    def known(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Give those that are ids of the case, each once."""
        return tuple(dict.fromkeys(one for one in ids if one in self.hearing.timeline.by_id))

    def row(self, event: RecordedEvent) -> Row:
        """Give one telling as scripts read it, with its line in words."""
        made = row(self.hearing, event)
        ours, tellings = self.together(event)
        prices, flagged = unit_prices(tellings), self.flags(event)
        own = self.goods[event.id]
        parts = (_what(event, own), _persons_of(event), when_words(self.hearing, event), _price(event, prices))
        one = f"one with {words.listed([f'@{each}' for each in ours if each != event.id])}" if len(ours) > 1 else ""
        line = "; ".join(part for part in (", ".join(filter(None, parts)), one, *flagged) if part)
        return {
            **made,
            "substance": str(said(event, "substance")),
            "form": str(said(event, "form")),
            "strength": str(said(event, "strength")),
            "quantity": measure_json(own.quantity),
            "price": measure_json(own.price or own.a_unit),
            "unit_price": [measure_json(one) for one in prices],
            "from": person_of(event, "from"),
            "to": person_of(event, "to"),
            "one_with": [each for each in ours if each != event.id],
            "may_be_one_with": sorted({other for each in ours for other in self.may.get(each, ())}),
            "flags": flagged,
            "line": f"{line} ({tail(self.hearing, event, made)})",
        }


def _what(event: RecordedEvent, own: Goods) -> str:
    quantity = str(said(event, "quantity")) if own.quantity else "a quantity not stated"
    form, strength = str(said(event, "form")), str(said(event, "strength"))
    of = f" of {said(event, 'substance')}" if said(event, "substance") else " of a substance not stated"
    each = f" ({', '.join(part for part in (form, f'{strength} each' if strength else '') if part)})"
    return f"{quantity}{of}{each if form or strength else ''}"


def _persons_of(event: RecordedEvent) -> str:
    return f"from {person_of(event, 'from') or 'nobody named'} to {person_of(event, 'to') or 'nobody named'}"


def _price(event: RecordedEvent, prices: Sequence[Measure]) -> str:
    written = f"for {said(event, 'price')}" if said(event, "price") else "price not stated"
    shown = words.listed([measure_words(one) for one in prices if "/" in one.unit and one.unit != _unit_of(event)])
    return f"{written} ({shown})" if shown else written


def _unit_of(event: RecordedEvent) -> str:
    """Give the unit a price is written in, where that is of one unit already."""
    found = goods_of(event).a_unit
    return found.unit if found else ""


def measure_words(found: Measure) -> str:
    """Give an amount in words, rounded outwards where it has no finite decimal."""
    low, unit = outward(found.lo, up=False), unit_words(found.unit, one=found.lo == found.hi == 1)
    if found.hi is None:
        return f"at least {low} {unit}".rstrip()
    high = outward(found.hi, up=True)
    return (f"{low} {unit}" if low == high else f"{low} to {high} {unit}").rstrip()


def seizure(hearing: Hearing, event: RecordedEvent) -> Row:
    """Give one seizure as scripts read it, with its line in words."""
    made = row(hearing, event)
    own = goods_of(event)
    place = f" at {said(event, 'place')}" if said(event, "place") else ""
    holder = f" from {person}" if (person := person_of(event, "from")) else ""
    line = f"seized: {_what(event, own)}{holder}{place}, {when_words(hearing, event)} ({tail(hearing, event, made)})"
    return {
        **made,
        "substance": str(said(event, "substance")),
        "form": str(said(event, "form")),
        "strength": str(said(event, "strength")),
        "quantity": measure_json(own.quantity),
        "from": person_of(event, "from"),
        "place": str(said(event, "place")),
        "line": line,
    }


def withdrawn_row(hearing: Hearing, event: RecordedEvent) -> Row:
    """Give a supply or seizure that was withdrawn, as it was first written, with the reason."""
    made = row(hearing, event)
    why = "; ".join(f"@{one['by']}: {one['reason']}" for one in made["amended"])
    quantity = said(event, "quantity") or "a quantity not stated"
    line = f"withdrawn: {event.type} of {quantity} ({who(event.source)}; {why})"
    return {**made, "type": event.type, "line": line}
