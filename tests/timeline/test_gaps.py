"""The engine of silent periods: known answers, fixed orders, blocks, what may not have been, speed of large cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events.when import ANY, Bound
from timeline.network import ORIGIN, Edge, Network
from timeline.silence.gaps import Silences, silences
from timeline.silence.instants import Piece


def network(**at: tuple[int | None, int | None]) -> Network:
    made = Network()
    for name, (lo, hi) in at.items():
        assert made.add(name, [Edge(ORIGIN, name, lo, hi)]) == ()
    return made


def singles(names: str) -> list[Piece]:
    return [Piece(name, name, name) for name in names]


def untied(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def shown(found: Silences) -> list[tuple[str, str, bool, Bound]]:
    return [("".join(one.after), "".join(one.before), one.certain, one.length) for one in found.silences]


def test_23_two_gaps_that_share_an_event(shared: Path) -> None:
    rows = json.loads((shared / "vectors" / "worked_examples.json").read_text(encoding="utf-8"))["examples"]
    row = next(row for row in rows if row["id"] == 23)
    made = network(**{name: tuple(ends) for name, ends in row["given"].items()})
    for tied in (None, untied("abc")):
        found = silences(made, singles("abc"), tied=tied)
        assert [found.largest.lo, found.largest.hi] == row["expected"]["value"]
        assert found.tight
        assert found.least == ("a", "b", "c")


def test_a_shared_doubt_leaves_the_length_between_exact() -> None:
    made = network(a=(0, 100))
    made.add("b", [Edge("a", "b", 5, 5)])
    found = silences(made, singles("ab"))
    assert (shown(found), found.largest, found.tight) == ([("a", "b", True, Bound(5, 5))], Bound(5, 5), True)


def test_three_in_a_chain_of_their_own_are_searched_for_in_the_network() -> None:
    made = network(a=(0, 100))
    made.add("b", [Edge("a", "b", 4, 6)])
    made.add("c", [Edge("a", "c", 10, 10)])
    found = silences(made, singles("abc"))
    assert (found.largest, found.tight) == (Bound(5, 6), True)


def test_what_has_no_order_is_one_block_before_a_certain_silence() -> None:
    found = silences(network(a=(0, 9), b=(0, 9), c=(30, 30)), singles("abc"), tied=untied("abc"))
    certain = [one for one in found.silences if one.certain]
    assert [(one.after, one.before, one.length) for one in certain] == [(("a", "b"), ("c",), Bound(21, 30))]
    assert (certain[0].start, certain[0].end) == (Bound(0, 9), Bound(30, 30))
    assert {one.after for one in found.silences if not one.certain} == {("a",), ("b",)}
    assert found.largest == Bound(21, 30)


def test_the_day_of_one_does_not_hide_that_it_is_before_another() -> None:
    made = network(a=(0, 23), b=(0, 23))
    made.add("order", [Edge("a", "b", 3, None)])
    assert shown(silences(made, singles("ab"))) == [("a", "b", True, Bound(3, 23))]


def test_a_span_is_not_silent() -> None:
    made = Network()
    made.add("s", [Edge(ORIGIN, "s.start", 0, 0), Edge(ORIGIN, "s.end", 10, 12), Edge("s.start", "s.end", 0, None)])
    made.add("x", [Edge(ORIGIN, "x", 5, 5)])
    made.add("y", [Edge(ORIGIN, "y", 20, 20)])
    found = silences(made, [Piece("s", "s.start", "s.end"), *singles("xy")])
    assert [(one.after, one.length) for one in found.silences if one.certain] == [(("s", "x"), Bound(8, 10))]
    assert found.largest == Bound(8, 10)


def test_an_event_of_several_may_be_silent_inside() -> None:
    made = Network()
    made.add("t", [Edge(ORIGIN, "t.first", 0, 50), Edge(ORIGIN, "t.last", 0, 50), Edge("t.first", "t.last", 0, None)])
    made.add("x", [Edge(ORIGIN, "x", 60, 60)])
    found = silences(made, [Piece("t", "t.first", "t.last", several=True), *singles("x")])
    assert shown(found) == [("t", "t", False, Bound(0, 50)), ("t", "x", True, Bound(10, 60))]
    assert (found.largest, found.tight) == (Bound(10, 60), False)


def test_what_may_not_have_been_frames_nothing() -> None:
    pieces = [Piece("a", "a", "a", sure=False), *singles("bc")]
    found = silences(network(a=(0, 0), b=(10, 10), c=(13, 13)), pieces, tied=untied("abc"))
    assert shown(found) == [("a", "b", False, Bound(0, 10)), ("b", "c", True, Bound(3, 3))]
    assert (found.largest, found.tight) == (Bound(3, 10), False)


def test_only_longer_ones_are_listed_and_the_largest_is_of_all() -> None:
    made = network(a=(0, 0), b=(4, 6), c=(30, 30))
    found = silences(made, singles("abc"), tied=untied("abc"), longer_than=6)
    assert shown(found) == [("b", "c", True, Bound(24, 26))]
    assert found.largest == Bound(24, 26)


def test_an_open_end_leaves_the_largest_open() -> None:
    found = silences(network(a=(None, 0), b=(7, 9)), singles("ab"), tied=untied("ab"))
    assert (found.largest, found.tight) == (Bound(7, None), True)


@pytest.mark.parametrize("names", ["", "a"])
def test_fewer_than_two_leave_no_gap(names: str) -> None:
    assert silences(network(a=(0, 5)), singles(names)) == Silences(largest=ANY)


def test_two_at_one_instant_have_no_silence_between() -> None:
    found = silences(network(a=(5, 5), b=(5, 5)), singles("ab"), tied=untied("ab"))
    assert (found.silences, found.largest, found.tight) == ((), Bound(0, 0), True)


def test_a_crowd_without_order_is_bounded_by_the_axis_alone() -> None:
    many = {f"e{number}": (number, number + 100) for number in range(300)}
    pieces = [Piece(name, name, name) for name in many]
    found = silences(network(**many), pieces)
    assert not found.tight
    assert (found.largest.lo, found.largest.hi) == (0, 201)


def test_a_tie_that_says_no_more_than_the_axis_changes_nothing() -> None:
    ends = {"a": (0, 10), "b": (2, 12), "c": (5, 30), "d": (8, 9), "e": (11, 40)}
    tied = network(**ends)
    tied.add("vague", [Edge("a", "c", -100, 100), Edge("c", "e", -100, 100)])
    found = silences(tied, singles("abcde"), tied=untied("abcde") | {"c": 0, "e": 0})
    alone = silences(network(**ends), singles("abcde"), tied=untied("abcde"))
    assert found.silences
    assert (found.silences, found.largest) == (alone.silences, alone.largest)


@pytest.mark.parametrize("wanted", [1, 2, 5, 8, 9])
def test_of_silences_as_long_as_one_another_the_first_are_given(wanted: int) -> None:
    many = {f"e{at}": (100 * (at // 2), 100 * (at // 2) + (20 if at in {6, 7} else 10)) for at in range(10)}
    pieces = [Piece(name, name, name) for name in many]
    known = {name: number for number, name in enumerate(many)}
    every = [one for one in silences(network(**many), pieces, tied=known).silences if not one.certain]
    longest = sorted(every, key=lambda one: -(one.length.hi or 0))[:wanted]
    found = silences(network(**many), pieces, tied=known, possible=wanted)
    assert {one.after for one in found.silences if not one.certain} == {one.after for one in longest}
    assert found.left_off == len(every) - wanted
