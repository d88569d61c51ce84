"""The last of many events before an instant is the one that asking all of them gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from events.when import Bound
from tests.laws.effort import tries
from timeline.network import ORIGIN, Edge, Network
from timeline.treatment.earlier import Earlier

ASKED = "asked"


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, dict[str, str]]:
    """Make events about an instant: exact, open at either end, tied to it, tied to one another, without any date."""
    network = Network()
    names = "abcdef"[: draw(st.integers(0, 6))]
    for name in (ASKED, *names):
        start = draw(st.integers(0, 9))
        ends = ((start, start), (start, start + 3), (None, start), (start, None), (None, None))
        low, high = draw(st.sampled_from(ends))
        network.add(name, [Edge(ORIGIN, name, low, high)])
        if name != ASKED and draw(st.integers(0, 2)) == 0:
            other, by = draw(st.sampled_from((ASKED, "a", "b"))), draw(st.integers(-4, 0))
            network.add(f"tie of {name}", [Edge(other, name, by, 0)])
    return network, {name: name for name in names}


def asked_of_all(network: Network, nodes: dict[str, str]) -> tuple[str, Bound] | None:
    """Ask the network of each."""
    found = [(one, network.between(node, ASKED)) for one, node in nodes.items()]
    sure = [each for each in found if each[1].lo is not None and each[1].lo >= 0]
    return min(sure, key=lambda each: (each[1].lo or 0, each[0]), default=None)


@given(made=networks())
@tries(60)
def test_the_last_before_an_instant_is_found_without_asking_all(made: tuple[Network, dict[str, str]]) -> None:
    network, nodes = made
    assert Earlier(network, nodes).last(ASKED) == asked_of_all(network, nodes)


def test_of_several_that_ended_at_once_the_first_by_id_is_meant() -> None:
    network = Network()
    for name, at in (("b", 5), ("a", 5), ("c", 2), (ASKED, 9)):
        network.add(name, [Edge(ORIGIN, name, at, at)])
    assert Earlier(network, {one: one for one in "bac"}).last(ASKED) == ("a", Bound(4, 4))
