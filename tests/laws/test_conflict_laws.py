"""Contradictions against every world of small cases (SEMANTICS 8, 9): minimal sets, a consistent rest, any order.

Every bound is closed and of whole hours, so that worlds on whole hours decide; hours run wide enough that none is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.arithmetic import legs
from timeline.hearings.new_conflicts import new_conflicts, ties
from timeline.network import ORIGIN, Network
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
Bound = tuple[int, int, int, int]
"""(anchor or -1 for the axis, lo, hi, own): lo <= t_own - t_anchor <= hi, in hours."""
SIZE = 4
RANKS = ("found", "stated", "alleged", "")
HOURS = range(-6, 13)


def clock(hour: int) -> str:
    return f"2023-10-20T{hour + 6:02d}:00:00.000000Z"


@st.composite
def bounds(draw: st.DrawFn, own: int) -> Bound:
    anchor = draw(st.sampled_from([-1, *(one for one in range(SIZE) if one != own)]))
    ends = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
    return anchor, ends[0], ends[1], own


def words(bound: Bound) -> str:
    anchor, lo, hi, _ = bound
    return f"{clock(lo)}/{clock(hi)}" if anchor < 0 else f"between {lo} and {hi} hours after @e{anchor}"


@st.composite
def records(draw: st.DrawFn) -> list[tuple[dict[str, Any], list[Bound]]]:
    """Events, each with at most one bound, and claims of the time between two of them."""
    told: list[tuple[dict[str, Any], list[Bound]]] = []
    for own in range(SIZE):
        said = draw(st.lists(bounds(own), max_size=1))
        line = {"id": f"e{own}", "type": "fact", "when": words(said[0]) if said else "unknown", "data": {"text": "x"}}
        told.append(({**line, "source": draw(sources())}, said))
    for number in range(draw(st.integers(0, 3))):
        a, b = draw(st.permutations(range(SIZE)))[:2]
        lo, hi = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        data = {"from": f"e{a}", "to": f"e{b}", "elapsed": f"between {lo} and {hi} hours"}
        claim = {"id": f"k{number}", "type": "claim.elapsed", "data": data, "source": draw(sources())}
        told.append((claim, [(a, lo, hi, b)]))
    return told


@st.composite
def sources(draw: st.DrawFn) -> dict[str, str]:
    standing = draw(st.sampled_from(RANKS))
    return {"speaker": "x", "standing": standing} if standing else {"speaker": "y"}


def possible(said: Sequence[Bound]) -> bool:
    """Whether some world on whole hours has all of it; all bounds together reach less far than the hours tried."""
    return any(
        all(lo <= world[own] - (world[anchor] if anchor >= 0 else 0) <= hi for anchor, lo, hi, own in said)
        for world in product(HOURS, repeat=SIZE)
    )


def plain(timeline: CaseTimeline, account: Account = Account()) -> Any:  # noqa: B008
    answer = ask(timeline, "conflicts", {}, account)
    return answer.values, answer.text, answer.sentence, answer.set_aside


@tries(25)
@given(told_of=records(), data=st.data())
def test_each_set_is_minimal_and_setting_aside_leaves_a_consistent_rest(
    told: Told, told_of: list[tuple[dict[str, Any], list[Bound]]], data: st.DataObject
) -> None:
    said = {line["id"]: bound for line, bound in told_of}
    timeline = CaseTimeline.of("c", told(*(line for line, _ in told_of)))
    answer = ask(timeline, "conflicts", {})

    def together(ids: Iterable[str]) -> bool:
        return possible([one for name in ids for one in said[name]])

    assert together([name for name in said if name not in answer.set_aside])
    assert bool(answer.values["conflicts"]) != together(said)
    for found in answer.values["conflicts"]:
        assert not together(found["statements"])
        assert all(together([one for one in found["statements"] if one != out]) for out in found["statements"])
        assert set(found["set_aside"]) <= set(found["statements"])
        assert " cannot be " in found["why"] or "each would be before itself" in found["why"]
    shuffled = data.draw(st.permutations([line for line, _ in told_of]))
    assert plain(CaseTimeline.of("c", told(*shuffled))) == plain(timeline)


@tries(40)
@given(told_of=records())
def test_the_sum_of_every_set_is_less_than_nothing_and_every_member_is_in_it(
    told: Told, told_of: list[tuple[dict[str, Any], list[Bound]]]
) -> None:
    hearing = CaseTimeline.of("c", told(*(line for line, _ in told_of))).hear()
    for conflict in hearing.conflicts:
        round_trip = legs(hearing.statements, conflict.statements)
        assert sum(leg.most for leg in round_trip) < 0
        assert {one for leg in round_trip for one in leg.rests} == set(conflict.statements)
        for leg, after in zip(round_trip, (*round_trip[1:], round_trip[0]), strict=True):
            assert leg.end == after.start


@tries(40)
@given(told_of=records())
def test_setting_all_aside_keeps_what_no_set_names(
    told: Told, told_of: list[tuple[dict[str, Any], list[Bound]]]
) -> None:
    events = told(*(line for line, _ in told_of))
    weakest = CaseTimeline.of("c", events).hear()
    everything = CaseTimeline.of("c", events, on_conflict="all").hear()
    assert [one.statements for one in everything.conflicts] == [one.statements for one in weakest.conflicts]
    assert set(everything.set_aside) == {name for one in weakest.conflicts for name in one.statements}
    rest = Network()
    for name in set(everything.statements) - set(everything.set_aside):
        assert rest.add(name, everything.statements[name].edges) == ()
    assert everything.network.nodes == rest.nodes
    for one, other in product((ORIGIN, *(f"e{own}" for own in range(SIZE))), repeat=2):
        assert everything.network.between(one, other) == rest.between(one, other)


@tries(40)
@given(told_of=records(), cut=st.integers(0, SIZE))
def test_a_load_warns_exactly_where_a_set_is_new(
    told: Told, told_of: list[tuple[dict[str, Any], list[Bound]]], cut: int
) -> None:
    events = told(*(line for line, _ in told_of))
    before, after = CaseTimeline.of("c", events[:cut]), CaseTimeline.of("c", events)
    known = {one.statements for one in before.hear().conflicts}
    new = [one for one in after.hear().conflicts if one.statements not in known]
    assert len(new_conflicts(before, after)) == len(new)
    assert not new or any(ties(event) for event in events)
