"""What certainly lies in many stretches of one question is what each of them comes to by itself."""

from __future__ import annotations

from random import Random

import pytest

from events.when import Bound
from timeline.counting.happenings import Declared, Happening, Moment, Record, Scope
from timeline.counting.least import Least, Part, Weights, Worth
from timeline.counting.placing import Placing
from timeline.counting.tellings import Tellings
from timeline.network import ORIGIN, Edge, Network

BY_COUNT = Worth(lambda one: one.count.lo or 0, lambda one: one.count.hi)
WHOLE = Scope()


def placed(seed: int, size: int = 12) -> Placing:
    """Singles of three tellers, some of which may be one, against four boundaries."""
    chance, network = Random(seed), Network()
    told = []
    for place in range(size):
        name, start = f"a{place:02}", chance.randrange(30)
        network.add(name, [Edge(ORIGIN, name, start, start + chance.randrange(6))])
        teller = chance.choice([("clinic", "", ""), ("police", "", ""), ("friend", "", ""), None])
        told.append(Happening(id=name, scope=Scope("infusion"), teller=teller, first=name, last=name))
    moments = [Moment(ORIGIN, at) for at in (-1, 10, 20, 40)]
    return Placing(Record(network=network, happenings=tuple(told)), moments, told)


@pytest.mark.parametrize("seed", range(20))
def test_singles_are_chosen_as_for_one_stretch_alone(seed: int) -> None:
    placing = placed(seed)
    tellings = Tellings(placing.network)
    least = Least(placing, (), tellings, Declared(), BY_COUNT)
    for a, b in ((0, 1), (0, 2), (0, 3), (1, 3), (2, 3)):
        inside = placing.inside(a, b)
        chosen = tellings.largest(placing.taken(inside))
        assert least.of(Part(WHOLE, inside, 0)) == (len(chosen), tuple(one.id for one in chosen))


def test_a_sum_is_open_where_one_of_them_is() -> None:
    placing = placed(0)
    most = {"a00": None, "a01": 3, "a02": 0}
    weights = Weights(placing, lambda one: most.get(one.id, 1))
    assert weights.of(0b1) is None
    assert weights.of(0b1110) == 4
    assert weights.of(placing.mask(range(1, 12))) == 3 + 9


def test_what_says_how_many_of_one_period_adds_up_and_sub_scopes_do() -> None:
    network, ends = Network(), (Moment(ORIGIN, 0), Moment(ORIGIN, 9))
    rows = []
    for name, substance, count in (("a", "ketamine", 2), ("b", "ketamine", 3), ("c", "midazolam", 1)):
        network.add(name, [Edge(ORIGIN, f"{name}.{point}", 1, 9) for point in ("first", "last")])
        scope, exact = Scope("infusion", substance), Bound(count, count)
        first, last = f"{name}.first", f"{name}.last"
        rows.append(Happening(id=name, scope=scope, count=exact, first=first, last=last, ends=ends))
    placing = Placing(Record(network=network, happenings=tuple(rows)), [*ends, Moment(ORIGIN, 20)], rows)
    least = Least(placing, (), Tellings(network), Declared(), BY_COUNT)
    assert least.of(Part(WHOLE, placing.inside(0, 1), 0)) == (6, ("a", "b", "c"))
    assert least.of(Part(Scope("", "ketamine"), placing.inside(0, 1) & 0b011, 0)) == (5, ("a", "b"))
