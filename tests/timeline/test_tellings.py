"""Whether two tellings are of one happening."""

from __future__ import annotations

from typing import Any

import pytest

from events.when import Bound
from timeline.counting.happenings import Declared, Happening, Scope
from timeline.counting.tellings import Tellings, told_once
from timeline.network import ORIGIN, Edge, Network

CLINIC, POLICE = ("clinic", "", "chart"), ("police", "", "report")


def single(name: str, **known: Any) -> Happening:
    return Happening(**{"id": name, "scope": Scope("infusion", "ketamine"), "first": name, "last": name, **known})


def network(**at: tuple[int, int]) -> Network:
    made = Network()
    for name, (lo, hi) in at.items():
        made.add(name, [Edge(ORIGIN, name, lo, hi)])
    return made


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ({"teller": CLINIC}, {"teller": POLICE}, False),
        ({"teller": CLINIC}, {"teller": CLINIC}, True),
        ({"teller": CLINIC}, {"teller": ("clinic", "a newspaper", "chart")}, False),
        ({}, {}, True),
        ({"teller": CLINIC}, {"teller": POLICE, "scope": Scope("injection", "ketamine")}, True),
        ({"teller": CLINIC}, {"teller": POLICE, "scope": Scope("infusion", "esketamine")}, True),
        ({"teller": CLINIC}, {"teller": POLICE, "scope": Scope("", "")}, False),
        ({"teller": CLINIC, "route": "oral"}, {"teller": POLICE, "route": "nasal"}, True),
        (
            {"teller": CLINIC, "scope": Scope("infusion", "ketamine", "a")},
            {"teller": POLICE, "scope": Scope("", "", "b")},
            False,
        ),
        ({"teller": CLINIC}, {"teller": CLINIC, "count": Bound(2, 2)}, False),
        ({"teller": None}, {"teller": None}, False),
    ],
)
def test_what_sets_two_tellings_apart(a: dict[str, Any], b: dict[str, Any], apart: bool) -> None:
    found = Tellings(network(a=(0, 9), b=(0, 9)))
    assert found.apart(single("a", **a), single("b", **b)) is apart
    assert found.apart(single("b", **b), single("a", **a)) is apart


def test_instants_that_cannot_coincide_are_distinct_also_where_both_are_uncertain() -> None:
    made = network(a=(0, 9))
    made.add("b", [Edge("a", "b", 1, 5)])
    assert Tellings(made).apart(single("a", teller=CLINIC), single("b", teller=POLICE))
    assert not Tellings(made).apart(single("a", teller=CLINIC), single("b", teller=POLICE, dated=False))


def test_persons_and_ids_are_distinct_where_declared() -> None:
    declared = Declared(frozenset({frozenset({"a. smith", "b. jones"}), frozenset({"x", "y"})}))
    found = Tellings(network(), declared)
    by = [single(name, teller=teller, scope=Scope("dose", "", who)) for name, teller, who in
          (("p", CLINIC, "a. smith"), ("q", POLICE, "b. jones"), ("x", CLINIC, ""), ("y", POLICE, ""))]  # fmt: skip
    assert found.apart(by[0], by[1])
    assert found.apart(by[2], by[3])
    assert not found.apart(by[0], by[3])


def test_the_lower_end_starts_from_the_teller_with_most() -> None:
    made = network(a=(0, 9), b=(0, 9), c=(0, 9), d=(20, 20))
    by = {"a": CLINIC, "b": POLICE, "c": POLICE, "d": CLINIC, "e": POLICE}
    told = [single(name, teller=teller) for name, teller in by.items()]
    found = Tellings(made)
    assert [one.id for one in found.largest(told)] == ["b", "c", "e"]
    assert [one.id for one in found.largest(told[:4])] == ["a", "d"]
    assert found.may_be_one(told[:4]) == (("a", "b"), ("a", "c"))


def test_two_ids_that_are_one_are_counted_once_with_all_that_is_known() -> None:
    a = single("a", teller=CLINIC, scope=Scope("infusion"), count=Bound(2, None))
    b = single("b", teller=POLICE, scope=Scope("infusion", "ketamine"), count=Bound(1, 3))
    (one,) = told_once([b, a], [("same", frozenset({"a", "b"}))])
    assert (one.id, one.scope.substance, one.count, one.tellings) == ("a", "ketamine", Bound(2, 3), ("a", "b"))
    assert one.by == ("same",)
