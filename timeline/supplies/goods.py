"""What one `supply` says: how much, for what price, so much a piece; and what all tellings of one say. Adds none up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import Quantity, read_quantity
from events.units import compatible
from timeline.case import said
from timeline.counting.measures import Amounts, Measure, joined, measured, outward
from timeline.supplies.labels import disagreements, is_mass, is_pieces


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What one telling says: the quantity, the price of all of it, the price of one unit; None where it does not say.

    A price in a currency by a unit (`2750 USD/vial`) is that of one unit, and of all by the quantity.
    """

    quantity: Measure | None = None
    price: Measure | None = None
    a_unit: Measure | None = None
    strength: Quantity | None = None


def goods_of(event: RecordedEvent) -> Goods:
    """Read what an event says was supplied; what cannot be read is not known."""
    price, quantity = _measure(event, "price"), _measure(event, "quantity")
    strength = _quantity(event, "strength")
    if price is None or "/" not in price.unit:
        return Goods(quantity=quantity, price=price, strength=strength)
    return Goods(quantity=quantity, price=_all_of(price, quantity), a_unit=price, strength=strength)


def _all_of(a_unit: Measure, quantity: Measure | None) -> Measure | None:
    """Give the price of all where that of one unit is told; None where the quantity is not in that unit."""
    money, _, unit = a_unit.unit.partition("/")
    if quantity is None or not compatible(unit, quantity.unit):
        return None
    much = quantity.within(unit)
    return Measure(a_unit.lo, a_unit.hi, money).times(much.lo, much.hi)


def _quantity(event: RecordedEvent, name: str) -> Quantity | None:
    written: Any = said(event, name)
    if written == "":
        return None
    try:
        return read_quantity(written)
    except Fault:
        return None


def _measure(event: RecordedEvent, name: str) -> Measure | None:
    found = _quantity(event, name)
    return None if found is None else measured(found)


def unit_prices(tellings: Sequence[Goods]) -> list[Measure]:
    """Give the price of one unit as bounds, for each unit of quantity: what is said, else price over quantity.

    The price and the quantity may come from two tellings of the one supply.
    """
    stated = _by_unit(one.a_unit for one in tellings)
    prices = _by_unit(one.price for one in tellings)
    quantities = _by_unit(one.quantity for one in tellings)
    made = [over(price, much) for price in prices for much in quantities]
    return [*stated, *(one for one in made if one is not None and all(one.unit != each.unit for each in stated))]


def over(price: Measure, much: Measure) -> Measure | None:
    """Give a price over a quantity; None where nothing follows.

    >>> from events.quantity import read_quantity
    >>> each = [measured(read_quantity(text)) for text in ("more than 55000 USD", "20 vials")]
    >>> over(*each)
    Measure(lo=Fraction(2750, 1), hi=None, unit='USD/vial')
    """
    if much.hi == 0 or not much.unit:
        return None
    low = price.lo / much.hi if much.hi is not None else price.lo * 0
    high = None if price.hi is None or not much.lo else price.hi / much.lo
    return None if not low and high is None else Measure(low, high, f"{price.unit}/{much.unit}")


def _by_unit(measures: Iterable[Measure | None]) -> list[Measure]:
    """Give what tellings of one say together, one for each unit."""
    groups: list[list[Measure]] = []
    for one in measures:
        if one is None:
            continue
        group = next((each for each in groups if compatible(each[0].unit, one.unit)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    found = (joined(Amounts(total=one) for one in group) for group in groups)
    return [one.total for one in found if one is not None and one.total is not None]


def flags(substance: str, tellings: Sequence[Goods]) -> list[str]:
    """Say where pieces, strength and total of one supply do not agree."""
    told = [one.quantity for one in tellings if one.quantity is not None]
    pieces, masses = [one for one in told if is_pieces(one)], [one for one in told if is_mass(one)]
    strengths = [one.strength for one in tellings if one.strength is not None]
    return disagreements(substance, pieces, masses, strengths)


def measure_json(found: Measure | None) -> dict[str, Any] | None:
    """Give an amount as scripts read it: decimal texts rounded outwards, null where open or not stated."""
    if found is None:
        return None
    high = None if found.hi is None else outward(found.hi, up=True)
    return {"min": outward(found.lo, up=False), "max": high, "unit": found.unit or None}
