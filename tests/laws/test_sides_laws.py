"""Speakers side by side against every world: two who are said to exclude one another share none (SEMANTICS 3, 4)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.asking.sides import Sides, by_speaker
from timeline.asking.verdicts import agree
from timeline.case import CaseTimeline

Told = Callable[..., tuple[Any, ...]]
SPEAKERS = ("x", "y", "z")
HOURS = range(7)
Claim = tuple[str, int, int]
"""(speaker, least, most): the hours from a to b."""


def clock(hour: int) -> str:
    return f"2023-10-20T{hour:02d}:00:00.000000Z"


def seen(one: str, ends: tuple[int, int]) -> dict[str, Any]:
    when = clock(ends[0]) if ends[0] == ends[1] else f"{clock(ends[0])}/{clock(ends[1])}"
    return {"id": one, "type": "fact", "when": when, "data": {"text": "x"}, "source": {"speaker": "police"}}


def said(number: int, claim: Claim) -> dict[str, Any]:
    speaker, least, most = claim
    elapsed = f"between {least} and {most} hours" if least != most else f"exactly {least} hours"
    data = {"from": "a", "to": "b", "elapsed": elapsed}
    return {"id": f"k{number}", "type": "claim.elapsed", "data": data, "source": {"speaker": speaker}}


pairs = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda ends: (min(ends), max(ends)))
spans = st.tuples(st.integers(1, 5), st.integers(0, 3)).map(lambda one: (one[0], one[0] + one[1]))


def exclusive(sides: Sides) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in sides.exclude}


@tries(60)
@given(a=pairs, b=pairs, claims=st.lists(st.tuples(st.sampled_from(SPEAKERS), spans), min_size=1, max_size=4))
def test_who_excludes_another_shares_no_world_of_times(
    told: Told, a: tuple[int, int], b: tuple[int, int], claims: list[tuple[str, tuple[int, int]]]
) -> None:
    rows = [(speaker, *span) for speaker, span in claims]
    lines = [seen("a", a), seen("b", b), *(said(number, row) for number, row in enumerate(rows))]
    timeline = CaseTimeline.of("c", told(*lines, zone="UTC"))
    for view, asked in (("elapsed", {"a": "a", "b": "b"}), ("holds", {"statement": "@a at least 3 hours before @b"})):
        sides = by_speaker(timeline, view, asked)
        kept = {
            one.name: [row for row in _kept(rows, one.answer.set_aside) if row[0] == one.name] for one in sides.sides
        }
        for one, other in combinations(kept, 2):
            both = [*kept[one], *kept[other]]
            shared = any(
                all(least <= late - early <= most for _, least, most in both)
                for early, late in product(HOURS, HOURS)
                if a[0] <= early <= a[1] and b[0] <= late <= b[1]
            )
            assert not (shared and frozenset((one, other)) in exclusive(sides))


def _kept(rows: list[Claim], aside: tuple[str, ...]) -> list[Claim]:
    return [row for number, row in enumerate(rows) if f"k{number}" not in aside]


@tries(60)
@given(
    told_of=st.integers(0, 3),
    least=st.integers(0, 4),
    most=st.one_of(st.none(), st.integers(0, 4)),
)
def test_only_a_claim_of_how_many_excludes_what_another_tells_of(
    told: Told, told_of: int, least: int, most: int | None
) -> None:
    """One speaker tells of single events, another says how many there were: hidden ones may always be more."""
    if most is not None and most < least:
        least, most = most, least
    count = f"at least {least}" if most is None else f"{least} to {most}" if least != most else str(least)
    shots = [
        {"id": f"s{number}", "type": "injection", "when": f"2023-10-20T0{number + 1}:00Z", "source": {"speaker": "x"}}
        for number in range(told_of)
    ]
    total = {
        "id": "t", "type": "claim.total", "source": {"speaker": "y"},
        "data": {"of": "injection", "count": count, "from": "2023-10-20", "to": "2023-10-20"},
    }  # fmt: skip
    opened = {"id": "o", "type": "case.opened", "data": {"zone": "UTC"}}
    timeline = CaseTimeline.of("c", told(opened, *shots, total))
    sides = by_speaker(timeline, "dose-total", {"type": "injection", "window": "2023-10-20"})
    worlds = [number for number in range(told_of, 9) if least <= number and (most is None or number <= most)]
    assert (frozenset("xy") in exclusive(sides)) == (told_of > 0 and not worlds)


@tries(40)
@given(a=pairs, b=pairs, claims=st.lists(st.tuples(st.sampled_from(SPEAKERS), spans), min_size=1, max_size=4))
def test_every_pair_agrees_differs_or_excludes(
    told: Told, a: tuple[int, int], b: tuple[int, int], claims: list[tuple[str, tuple[int, int]]]
) -> None:
    lines = [seen("a", a), seen("b", b), *(said(number, (one, *span)) for number, (one, span) in enumerate(claims))]
    sides = by_speaker(CaseTimeline.of("c", told(*lines, zone="UTC")), "elapsed", {"a": "a", "b": "b"})
    groups = [set(group) for group in sides.same]
    for one, other in combinations(sides.sides, 2):
        pair = (one.name, other.name)
        places = [pair in sides.differ, pair in sides.exclude, any(group.issuperset(pair) for group in groups)]
        assert sum(places) == 1
        assert places[2] == agree(one.answer, other.answer)
    assert {one for one, _ in claims} <= {one.name for one in sides.sides} | set(sides.silent)
