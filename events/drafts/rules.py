"""What must hold between the fields of one type's data, beyond each field by itself. One short rule a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from events.errors import Fault
from events.event import EventType
from events.quantity import read_quantity
from events.when import DAY
from events.when_text import read_when

Rule = Callable[[Mapping[str, Any]], None]


def _some_happened(data: Mapping[str, Any]) -> None:
    if "count" in data and read_quantity(data["count"]).count.hi == 0:
        raise Fault("an administration with count 0 did not happen", "write a claim.total with count 0")


def _says_how_many(data: Mapping[str, Any]) -> None:
    if "count" not in data and "amount" not in data:
        raise Fault("says neither how many nor how much", "write count or amount; count 0 says that none happened")
    _in_order(data)


def _in_order(data: Mapping[str, Any]) -> None:
    """Refuse a period that ends before it begins; where only one end says its zone, a day is given."""
    start, end = data.get("from"), data.get("to")
    if type(start) is not str or type(end) is not str:
        return
    try:
        first, last = (read_when(text, zone="UTC").own for text in (start, end))
    except Fault:  # it is told of where the field is checked by itself
        return
    apart = 0 if _zoned(start) == _zoned(end) else DAY
    if first.lo is not None and last.hi is not None and last.hi + apart < first.lo:
        raise Fault(f"the period ends ({end!r}) before it begins ({start!r})", "write the earlier date as from")


def _zoned(text: str) -> bool:
    try:
        read_when(text)
    except Fault:
        return False
    return True


def _says_which(data: Mapping[str, Any]) -> None:
    if ("ids" in data) == ("names" in data):
        raise Fault("lists neither ids nor names, or both", "write ids (of events) or names (of persons)")


def _two_instants(data: Mapping[str, Any]) -> None:
    ends = [value for name in ("from", "to", "first", "then") if type(value := data.get(name)) is str]
    if len(ends) == 2 and ends[0].removeprefix("@") == ends[1].removeprefix("@"):
        raise Fault(f"{ends[0]!r} stands at both ends", "name two instants")


_RULES: Final[Mapping[str, Rule]] = {
    "claim.total": _says_how_many,
    "claim.complete": _in_order,
    "claim.distinct": _says_which,
    "claim.elapsed": _two_instants,
    "claim.order": _two_instants,
}


def rule_of(kind: EventType) -> Rule | None:
    """Give the rule of a type's data, None where each field stands by itself."""
    return _some_happened if kind.administration else _RULES.get(kind.name)
