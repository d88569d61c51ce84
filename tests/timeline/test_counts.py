"""Counts over a small axis: what adds, what does not, and what stays open."""

from __future__ import annotations

import random
from typing import Any

import pytest

from events.when import Bound
from timeline.counting.happenings import Closed, Declared, Happening, Moment, Record, Scope, Total, Window
from timeline.counting.tellings import Tellings
from timeline.counts import count_in
from timeline.network import ORIGIN, Edge, Network

INJECTION = Scope("injection", "ketamine")
D = "death"


def base(at: tuple[int, int] = (100, 100)) -> Network:
    network = Network()
    network.add(D, [Edge(ORIGIN, D, *at)])
    return network


def tell(network: Network, name: str, lo: int, hi: int, *, anchor: str = D, **known: Any) -> Happening:
    """An event from lo to hi of the anchor; of several where it has a count."""
    several = "count" in known
    nodes = (f"{name}.first", f"{name}.last") if several else (name, name)
    edges = [Edge(anchor, node, lo, hi) for node in dict.fromkeys(nodes)]
    network.add(name, [*edges, Edge(*nodes, 0, None)] if several else edges)
    ends = (Moment(anchor, lo - 1), Moment(anchor, hi)) if several else ()
    return Happening(**{"id": name, "scope": INJECTION, "first": nodes[0], "last": nodes[1], "ends": ends, **known})


def before(days: int) -> Window:
    return Window(Moment(D, -days - 1), Moment(D, 0))


def axis(lo: int, hi: int) -> Window:
    return Window(Moment(ORIGIN, lo - 1), Moment(ORIGIN, hi))


PLEA, PRESS, OTHER = ("assistant", "", "plea"), ("prosecutors", "press", "x"), ("prosecutors", "press", "y")


def shots(network: Network) -> tuple[Happening, ...]:
    return (
        tell(network, "shots", -4, 0, count=Bound(27, None), teller=PRESS),
        tell(network, "shots-five", -5, 0, count=Bound(27, None), teller=OTHER),
        *(tell(network, f"shot-{at}", -1, -1, teller=PLEA) for at in (1, 2, 3)),
    )


def test_a_total_and_singles_of_one_stretch_are_the_same_happenings() -> None:
    network = base()
    count = count_in(Record(network=network, happenings=shots(network)), before(4), INJECTION)
    assert count.bound == count.in_fact == Bound(27, None)
    assert "shots" in count.least_rests
    assert not count.tight
    assert count.doubts == (("shots", "shots-five"),)
    assert ("shots", "shot-1") in count.among


def test_a_shorter_window_falls_to_the_singles() -> None:
    network = base()
    assert count_in(Record(network=network, happenings=shots(network)), before(1), INJECTION).bound == Bound(3, None)


def test_on_record_singles_bound_from_above_and_in_fact_they_do_not() -> None:
    network = base((90, 100))
    count = count_in(Record(network=network, happenings=shots(network)[2:]), before(4), INJECTION)
    assert (count.bound, count.in_fact, count.tight) == (Bound(3, 3), Bound(3, None), True)


def test_two_rows_of_one_telling_add_and_of_two_tellings_do_not() -> None:
    network = base()
    rows = [
        tell(network, name, 0, 9, anchor=ORIGIN, count=Bound(k, k), teller=PLEA) for name, k in (("a", 2), ("b", 3))
    ]
    assert count_in(Record(network=network, happenings=tuple(rows)), axis(0, 9)).bound == Bound(5, 5)
    other = tell(network, "c", 0, 9, anchor=ORIGIN, count=Bound(3, 3), teller=PRESS)
    assert count_in(Record(network=network, happenings=(rows[0], other)), axis(0, 9)).bound == Bound(3, 5)


def test_disjoint_periods_add_and_overlapping_ones_do_not() -> None:
    network = base()
    weeks = [
        tell(network, name, at, at + 6, anchor=ORIGIN, count=Bound(k, None))
        for name, at, k in (("a", 0, 5), ("b", 7, 4))
    ]
    assert count_in(Record(network=network, happenings=tuple(weeks)), axis(0, 13)).bound == Bound(9, None)
    late = tell(network, "late", 3, 9, anchor=ORIGIN, count=Bound(4, None))
    assert count_in(Record(network=network, happenings=(weeks[0], late)), axis(0, 13)).bound == Bound(5, None)


def test_different_substances_add() -> None:
    network = base()
    told = tuple(
        tell(network, name, -4, 0, count=Bound(k, None), scope=Scope("injection", name), teller=PRESS)
        for name, k in (("ketamine", 5), ("midazolam", 2))
    )
    record = Record(network=network, happenings=told)
    assert count_in(record, before(4)).bound == Bound(7, None)
    assert count_in(record, before(4), Scope("", "ketamine")).bound == Bound(5, None)


def total(name: str, lo: int, hi: int | None, start: int, end: int, scope: Scope = INJECTION) -> Total:
    """A claim of lo to hi from start up to, but not at, end."""
    return Total(
        id=name, scope=scope, count=Bound(lo, hi), start=Moment(ORIGIN, start - 1), end=Moment(ORIGIN, end - 1)
    )


def test_overlapping_totals_compose() -> None:
    record = Record(network=base(), happenings=(), totals=(total("p", 5, 5, 0, 4), total("q", 4, 4, 3, 7)))
    count = count_in(record, axis(0, 6), INJECTION)
    assert count.bound == count.in_fact == Bound(5, 9)
    assert count.least_rests == ("p",)
    assert count.most_rests == ("p", "q")


def test_givers_declared_distinct_add_and_others_do_not() -> None:
    claims = (
        total("any", 27, None, 0, 9, Scope("injection")),
        total("a", 27, None, 0, 9, Scope("injection", "", "assistant")),
        total("b", 5, None, 0, 9, Scope("injection", "", "physician b")),
    )
    distinct = Declared(frozenset({frozenset({"assistant", "physician b"})}))
    record = Record(network=base(), happenings=(), totals=claims)
    assert count_in(record, axis(0, 8), Scope("injection")).bound.lo == 27
    told = Record(network=base(), happenings=(), totals=claims, declared=distinct)
    assert count_in(told, axis(0, 8), Scope("injection")).bound.lo == 32


def test_totals_that_cannot_all_be_true_are_named() -> None:
    network = base()
    singles = tuple(tell(network, name, 2, 2, anchor=ORIGIN) for name in "abc")
    count = count_in(
        Record(network=network, happenings=singles, totals=(total("t", 2, 2, 0, 4),)), axis(0, 3), INJECTION
    )
    assert set(count.contradiction) == {"a", "b", "c", "t"}


def test_a_closed_stretch_holds_no_more_than_the_record_has_there() -> None:
    network = base()
    told = tuple(tell(network, name, 2, 2, anchor=ORIGIN) for name in "ab")
    closed = Closed(id="all", scope=Scope("injection"), start=Moment(ORIGIN, -1), end=Moment(ORIGIN, 9), holds=told)
    count = count_in(Record(network=network, happenings=told, closed=(closed,)), axis(0, 5), INJECTION)
    assert (count.bound, count.in_fact) == (Bound(2, 2), Bound(2, 2))


def test_what_may_be_of_the_scope_is_possible_and_never_certain() -> None:
    network = base()
    dose = tell(network, "dose", -1, -1, scope=Scope("", "ketamine"))
    record = Record(network=network, happenings=(dose,))
    assert count_in(record, before(4), INJECTION).bound == Bound(0, 1)
    assert count_in(record, before(4), Scope()).bound == Bound(1, 1)
    assert count_in(record, before(4), Scope("infusion")).bound == Bound(0, 1)


def test_an_undated_one_is_possible_in_every_window() -> None:
    network = base()
    count = count_in(Record(network=network, happenings=(tell(network, "x", 0, 0, dated=False),)), before(1), INJECTION)
    assert (count.bound, count.undated) == (Bound(0, 1), ("x",))


def test_an_uncertain_anchor_over_fixed_events_is_swept() -> None:
    network = base((10, 20))
    told = tuple(tell(network, name, at, at, anchor=ORIGIN) for name, at in (("p", 8), ("q", 17)))
    count = count_in(Record(network=network, happenings=told), before(4))
    assert (count.bound, count.tight) == (Bound(0, 1), True)


def test_singles_tied_to_one_another_are_enumerated() -> None:
    network = base()
    x = tell(network, "x", 0, 10, anchor=ORIGIN)
    y = tell(network, "y", 5, 5, anchor="x")
    count = count_in(Record(network=network, happenings=(x, y)), axis(4, 8))
    assert (count.bound, count.tight) == (Bound(0, 1), True)
    assert count_in(Record(network=network, happenings=(x, y)), axis(3, 8)).bound == Bound(0, 2)


def test_above_two_hundred_boundaries_the_greatest_contained_one_is_kept() -> None:
    network = base()
    told = tuple(
        tell(network, f"e{at:03}", at * 3, at * 3 + 1, anchor=ORIGIN, count=Bound(2, None)) for at in range(120)
    )
    count = count_in(Record(network=network, happenings=told), axis(0, 999))
    assert (count.bound, count.tight) == (Bound(2, None), False)


@pytest.mark.parametrize("window", [before(4), before(90), axis(40, 60), axis(-500, 500)], ids=str)
def test_what_is_certainly_elsewhere_changes_no_count(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole record is what it is chosen from, so the answer without choosing must be the same."""
    network, chance = base((90, 110)), random.Random(7)
    told = []
    for n in range(130):
        low, substance = chance.randrange(-120, 10), chance.choice(("ketamine", "midazolam", ""))
        known = {"scope": Scope("injection", substance), "teller": ("t", "", chance.choice("ab"))}
        several = {"count": Bound(2, 3)} if n % 40 == 0 else {}
        anchor = chance.choice((D, ORIGIN))
        told.append(tell(network, f"x{n}", low, low + chance.randrange(9), anchor=anchor, **known, **several))
    found = []
    for few in (100, len(told)):
        monkeypatch.setattr("timeline.counting.near.FEW", few)
        record = Record(network=network, happenings=tuple(told))
        Tellings.share(record)
        found.append([count_in(record, window, scope) for scope in (Scope(), INJECTION)])
    assert found[0] == found[1]
    assert any(one.possible for one in found[0])
