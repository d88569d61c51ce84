"""The last and the first before an anchor, and what claims of a last close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from events.when import Bound
from timeline.counting.happenings import Happening, Last, Moment, Record, Scope, Total
from timeline.counting.last import since_first, since_last
from timeline.network import ORIGIN, Edge, Network

INFUSION = Scope("infusion")
D = "death"


def case(*told: tuple[str, str, int, int], death: tuple[int, int] = (10, 10)) -> Record:
    """Events (id, anchor, lo, hi) measured from the anchor's instant."""
    network = Network()
    network.add(D, [Edge(ORIGIN, D, *death)])
    for name, anchor, lo, hi in told:
        network.add(name, [Edge(anchor, name, lo, hi)])
    happenings = tuple(Happening(id=name, scope=INFUSION, first=name, last=name) for name, *_ in told)
    return Record(network=network, happenings=happenings)


def several(network: Network, name: str, first: tuple[int, int], last: tuple[int, int], **known: Any) -> Happening:
    network.add(name, [Edge(ORIGIN, f"{name}.first", *first), Edge(ORIGIN, f"{name}.last", *last)])
    return Happening(
        id=name, scope=INFUSION, first=f"{name}.first", last=f"{name}.last", count=known.get("count", Bound(2, None))
    )


def test_the_last_of_several_that_are_certainly_before() -> None:
    found = since_last(case(("a", ORIGIN, 1, 5), ("b", ORIGIN, 3, 4)), D, INFUSION)
    assert (found.exists, found.elapsed, found.tight) == ("certain", Bound(5, 7), True)
    assert (found.fact_exists, found.fact_elapsed) == ("certain", Bound(0, 7))


def test_one_that_may_be_after_the_anchor_only_lowers_the_lower_end() -> None:
    found = since_last(case(("a", ORIGIN, 1, 5), ("b", ORIGIN, 8, 12)), D, INFUSION)
    assert (found.elapsed, found.tight) == (Bound(0, 9), True)


def test_only_possible_ones_and_none() -> None:
    found = since_last(case(("b", ORIGIN, 8, 12)), D, INFUSION)
    assert (found.exists, found.elapsed, found.fact_exists) == ("possible", Bound(0, 2), "possible")
    none = since_last(case(("b", ORIGIN, 11, 12)), D, INFUSION)
    assert (none.exists, none.fact_exists, none.fact_elapsed) == ("impossible", "possible", Bound(0, None))


def test_the_anchor_cancels_where_the_event_is_told_relative_to_it() -> None:
    assert since_last(case(("a", D, -3, -1), death=(90, 100)), D, INFUSION).elapsed == Bound(1, 3)


def test_the_anchor_itself_is_no_candidate_and_one_at_the_same_instant_is() -> None:
    record = case(("a", D, 0, 0), ("death", ORIGIN, 10, 10))
    assert since_last(record, D, INFUSION).candidates == ("a",)
    assert since_last(record, D, INFUSION).elapsed == Bound(0, 0)


def test_an_event_of_several_astride_the_anchor_was_there_before_it() -> None:
    network = Network()
    network.add(D, [Edge(ORIGIN, D, 10, 10)])
    record = Record(network=network, happenings=(several(network, "course", (2, 2), (9, 11)),))
    found = since_last(record, D, INFUSION)
    assert (found.exists, found.elapsed) == ("certain", Bound(0, 8))
    after = Record(network=network, happenings=(several(network, "late", (3, 3), (12, 14)),))
    assert (since_last(after, D, INFUSION).exists, since_last(after, D, INFUSION).elapsed) == ("certain", Bound(0, 7))


def test_an_undated_one_may_have_been_the_last() -> None:
    record = case(("a", ORIGIN, 1, 5))
    undated = Happening(id="u", scope=INFUSION, first="u", last="u", dated=False)
    found = since_last(Record(network=record.network, happenings=(*record.happenings, undated)), D, INFUSION)
    assert (found.elapsed, found.undated, found.tight) == (Bound(0, 9), ("u",), False)


def test_the_first_is_the_mirror() -> None:
    found = since_first(case(("a", ORIGIN, 1, 5), ("b", ORIGIN, 3, 4)), D, INFUSION)
    assert (found.exists, found.elapsed, found.tight) == ("certain", Bound(6, 9), True)
    assert found.fact_elapsed == Bound(6, None)


def claimed(record: Record, name: str, lo: int | None, hi: int | None) -> tuple[Record, tuple[Last, ...]]:
    """Add the claim that the last infusion was at an instant lo to hi before death."""
    network = record.network.copy()
    network.add(name, [Edge("c", D, lo, hi), Edge("c", D, 0, None)])
    return Record(network=network, happenings=record.happenings), (Last(id=name, scope=INFUSION, node="c", before=D),)


def test_a_claim_of_the_last_is_a_candidate_and_closes_the_record() -> None:
    record, lasts = claimed(case(), "claim", 8, None)
    found = since_last(record, D, INFUSION, lasts)
    assert (found.exists, found.elapsed, found.tight) == ("certain", Bound(8, None), True)
    assert (found.fact_exists, found.fact_elapsed) == ("certain", Bound(8, None))


def test_what_is_certainly_before_the_anchor_is_not_after_the_claimed_last() -> None:
    record, lasts = claimed(case(("a", ORIGIN, 0, 9)), "claim", 3, 5)
    found = since_last(record, D, INFUSION, lasts)
    assert (found.elapsed, found.fact_elapsed, found.tight) == (Bound(3, 5), Bound(3, 5), True)


def test_what_may_be_after_the_anchor_is_not_between_it_and_the_claimed_last() -> None:
    record, lasts = claimed(case(("a", ORIGIN, 0, 12)), "claim", 3, 5)
    found = since_last(record, D, INFUSION, lasts)
    assert (found.elapsed, found.tight) == (Bound(3, 5), False)


def test_an_undated_one_is_not_between_the_anchor_and_the_claimed_last() -> None:
    record, lasts = claimed(case(), "claim", 8, None)
    undated = Happening(id="u", scope=INFUSION, first="u", last="u", dated=False)
    found = since_last(Record(network=record.network, happenings=(undated,)), D, INFUSION, lasts)
    assert (found.elapsed, found.fact_elapsed, found.undated) == (Bound(8, None), Bound(8, None), ("u",))


def test_a_claim_of_one_drug_closes_nothing_for_the_others() -> None:
    record, _ = claimed(case(), "claim", 8, None)
    ketamine = Last(id="claim", scope=Scope("infusion", "ketamine"), node="c", before=D)
    found = since_last(record, D, INFUSION, (ketamine,))
    assert (found.exists, found.elapsed, found.fact_elapsed) == ("certain", Bound(8, None), Bound(0, None))


def test_none_happened_closes_its_period_and_a_total_is_a_candidate() -> None:
    network = case().network
    none = Total(id="none", scope=INFUSION, count=Bound(0, 0), start=Moment(D, -4), end=Moment(D, 0))
    some = Total(id="some", scope=INFUSION, count=Bound(2, 3), start=Moment(ORIGIN, 0), end=Moment(ORIGIN, 5))
    found = since_last(Record(network=network, happenings=(), totals=(none, some)), D, INFUSION)
    assert (found.exists, found.elapsed, found.fact_elapsed) == ("certain", Bound(5, 9), Bound(4, 9))


TOLD = st.tuples(st.sampled_from((ORIGIN, D, "a0")), st.integers(0, 12), st.integers(0, 4), st.sampled_from(("", "x")))


@given(st.lists(TOLD, min_size=1, max_size=7), st.tuples(st.integers(6, 10), st.integers(0, 4)))
def test_what_is_passed_over_changes_no_answer(told: list[tuple[str, int, int, str]], death: tuple[int, int]) -> None:
    record = case(
        *((f"a{n}", anchor if n else ORIGIN, lo, lo + more) for n, (anchor, lo, more, _) in enumerate(told)),
        death=(death[0], sum(death)),
    )
    given_by = (replace(one.scope, given_by=who) for one, (*_, who) in zip(record.happenings, told, strict=True))
    happenings = [
        Happening(id=one.id, scope=scope, first=one.first, last=one.last)
        for one, scope in zip(record.happenings, given_by, strict=True)
    ]
    record = replace(record, happenings=tuple(happenings))
    other = Total(id="t", scope=Scope("injection"), count=Bound(0, None), start=Moment(ORIGIN), end=Moment(D))
    measured = replace(record, totals=(other,))  # where a claim speaks of numbers every one is measured
    for asked in (INFUSION, replace(INFUSION, given_by="x")):
        assert since_last(record, D, asked) == since_last(measured, D, asked)
        assert since_first(record, D, asked) == since_first(measured, D, asked)
