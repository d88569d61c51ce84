"""A measured level beside published ranges of its analyte: above, within, below, not settled. Never a verdict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from events.quantity import Quantity
from timeline.asking import words
from timeline.findings.levels import Level, plain
from timeline.findings.references import UNIT, Reference

BLOOD: Final = ("blood", "plasma", "serum")
NAMES: Final = {"deaths": "reported deaths", "incidental": "a death with it as incidental"}
"""How a use is named in words, where it is not by its own."""


def beside(
    level: Level, ranges: tuple[Reference, ...], matrix: str, share: Fraction | None = None
) -> list[dict[str, Any]]:
    """Give a level beside each range; none where it is no amount in ng/mL, or the matrix is known and no blood.

    `share` is by what part of itself its laboratory says that it may be off.
    """
    if not level.comparable or not of_blood(matrix):
        return []
    found = _widened(level.quantity, share)
    return [
        {
            "use": one.use,
            "relation": relation(found, one),
            "min": f"{one.low:f}",
            "max": f"{one.high:f}",
            "unit": UNIT,
            "says": one.says,
            "matrix": one.matrix,
            "cite": one.cite,
            "source": one.source,
        }
        for one in ranges
    ]


def _widened(found: Quantity, share: Fraction | None) -> Quantity:
    """Give a level with what its laboratory allows for, on both sides."""
    if not share:
        return found
    off = Decimal(share.numerator) / Decimal(share.denominator)
    lo, hi = found.lo, found.hi
    return replace(found, lo=None if lo is None else lo * (1 - off), hi=None if hi is None else hi * (1 + off))


def of_blood(matrix: str) -> bool:
    """Whether a matrix is blood or a part of it; one that is not stated may be.

    >>> of_blood("whole blood"), of_blood(""), of_blood("urine")
    (True, True, False)
    """
    return not matrix or any(word in matrix.casefold() for word in BLOOD)


def relation(level: Quantity, of: Reference) -> str:
    """Say how a level lies to a range in every world: `above`, `below`, `within`, else `not settled`."""
    if level.lo is not None and (level.lo > of.high or (level.lo == of.high and level.lo_strict)):
        return "above"
    if level.hi is not None and (level.hi < of.low or (level.hi == of.low and level.hi_strict)):
        return "below"
    if level.lo is not None and level.hi is not None and of.low <= level.lo and level.hi <= of.high:
        return "within"
    return "not settled"


def overlaps(ranges: tuple[Reference, ...]) -> list[str]:
    """Give the uses, two by two, whose ranges have levels in common, in words: the widest stretch of each two."""
    widest: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for one in ranges:
        for other in ranges:
            low, high = max(one.low, other.low), min(one.high, other.high)
            known = widest.get((one.use, other.use))
            if one.use < other.use and low <= high and (known is None or high - low > known[1] - known[0]):
                widest[one.use, other.use] = low, high
    return [_overlap(pair, *widest[pair]) for pair in sorted(widest)]


def _overlap(pair: tuple[str, str], low: Decimal, high: Decimal) -> str:
    span = f"{plain(low):f}" if low == high else f"{plain(low):f} to {plain(high):f}"
    return f"{pair[0]} and {pair[1]} overlap at {span} {UNIT}"


def in_words(rows: list[dict[str, Any]]) -> str:
    """Give a level's place in words, each use once: `above treatment 100 to 250 (Krystal 1994)`."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in rows:
        span = one["min"] if one["min"] == one["max"] else f"{one['min']} to {one['max']}"
        groups.setdefault((one["relation"], NAMES.get(one["use"], one["use"])), []).append(f"{span} ({one['cite']})")
    return "; ".join(f"{place} {use} {words.listed(spans)}" for (place, use), spans in groups.items())
