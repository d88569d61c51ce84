"""Whether two answers to one question agree, differ, or cannot both be true. Knows no case and asks nothing.

Two answers agree where every value is the same, on record and in fact. They exclude one another where their values in
fact do not meet: each holds in every world its own facts allow, so that no world has both. On record alone nothing is
excluded: three shots that one tells of and at least 27 that another tells of can both be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from timeline.answers import Answer

TRUTHS: Final = ("truth", "exists")
BOUNDS: Final = ("elapsed", "administrations", "largest")
_ASIDE: Final = frozenset({"rests_on"})
Ends = tuple[Decimal | None, Decimal | None]


def agree(a: Answer, b: Answer) -> bool:
    """Whether two answers have the same values, on record and in fact, whatever they rest on."""
    return bool(_plain(a.values) == _plain(b.values) and _plain(a.in_fact) == _plain(b.in_fact))


def exclude(a: Answer, b: Answer) -> bool:
    """Whether no world has both answers: one is certain where the other is impossible, or their bounds do not meet."""
    if any({str(a.in_fact.get(name)), str(b.in_fact.get(name))} == {"certain", "impossible"} for name in TRUTHS):
        return True
    if not (_there(a) or _there(b)):
        return False
    if any(_apart(a.in_fact.get(name), b.in_fact.get(name)) for name in BOUNDS):
        return True
    theirs = _amounts(b)
    return any(_apart(amount, theirs.get(of)) for of, amount in _amounts(a).items())


def _there(answer: Answer) -> bool:
    """Whether what is bounded is there at all: the last of none is not."""
    return str(answer.in_fact.get("exists", "certain")) == "certain"


def _amounts(answer: Answer) -> Mapping[tuple[Any, Any], Any]:
    return {(each["substance"], each["unit"]): each for each in answer.in_fact.get("amounts", ())}


def _apart(a: Any, b: Any) -> bool:
    if not isinstance(a, Mapping) or not isinstance(b, Mapping):
        return False
    (low, high), (least, most) = _ends(a), _ends(b)
    return (high is not None and least is not None and high < least) or (
        most is not None and low is not None and most < low
    )


def _ends(bound: Mapping[str, Any]) -> Ends:
    names = ("min_us", "max_us") if "min_us" in bound else ("min", "max")
    low, high = (None if bound[name] is None else Decimal(bound[name]) for name in names)
    return low, high


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if name not in _ASIDE}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
