"""The fold, elapsed and holds against every world of small cases (SEMANTICS 4, 8, 9).

Times are whole hours of one day, all constraints closed, so that the ends of every bound are whole hours, too: a step
of one hour finds each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from events.dates.civil import civil_date
from events.when import ANY, HOUR, MINUTE, SECOND
from tests.laws.effort import tries
from timeline.answers import Answer, answer_json
from timeline.answers import AsOf as Cut
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.network import ORIGIN, Network
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
Constraint = tuple[str, int, int, int]
"""(anchor index as text or "", lo, hi, own index): lo <= t - anchor <= hi, in hours."""
IDS = "abcd"
LAST_HOUR = 5
STANDINGS = ("found", "stated", "alleged", "")


def clock(hour: int) -> str:
    return f"2023-10-20T{hour:02d}:00:00.000000Z"


def words(constraint: Constraint) -> str:
    anchor, lo, hi, _ = constraint
    if not anchor:
        return f"{clock(lo)}/{clock(hi)}" if lo != hi else clock(lo)
    if lo == hi == 0:
        return f"at @{anchor}"
    if hi == LAST_HOUR:
        return f"at least {lo} hours after @{anchor}" if lo else f"since @{anchor}"
    if lo == -LAST_HOUR:
        return f"at least {-hi} hours before @{anchor}" if hi else f"by @{anchor}"
    if lo >= 0:
        return f"between {lo} and {hi} hours after @{anchor}"
    return f"between {-hi} and {-lo} hours before @{anchor}"


@st.composite
def relative(draw: st.DrawFn, own: int, size: int) -> Constraint:
    anchor = draw(st.sampled_from([one for one in IDS[:size] if one != IDS[own]]))
    ends = sorted((draw(st.integers(0, 4)), draw(st.integers(0, 4))))
    low, high = draw(st.sampled_from([(ends[0], ends[1]), (ends[0], LAST_HOUR), (0, 0)]))
    return (anchor, low, high, own) if draw(st.booleans()) else (anchor, -high, -low, own)


@st.composite
def cases(draw: st.DrawFn) -> list[tuple[dict[str, Any], list[Constraint]]]:
    """Lines of events `a`, `b`, ..., each with what its `when` constrains."""
    size = draw(st.integers(2, 4))
    lines = []
    for own in range(size):
        ends = sorted((draw(st.integers(0, LAST_HOUR)), draw(st.integers(0, LAST_HOUR))))
        said: list[Constraint] = [("", ends[0], ends[1], own)] if draw(st.booleans()) else [("", 0, LAST_HOUR, own)]
        said += draw(st.lists(relative(own, size), max_size=2, unique_by=lambda one: one[0]))
        source = {"standing": standing} if (standing := draw(st.sampled_from(STANDINGS))) else {}
        when = "; ".join(map(words, said))
        lines.append(({"id": IDS[own], "type": "fact", "when": when, "source": source, "data": {"text": "x"}}, said))
    return lines


def worlds(size: int, said: Sequence[Constraint]) -> Iterator[tuple[int, ...]]:
    """Give every world on the hours around the day."""
    for world in product(range(-LAST_HOUR, 2 * LAST_HOUR + 1), repeat=size):
        if all(holds_in(world, one) for one in said):
            yield world


def holds_in(world: tuple[int, ...], constraint: Constraint) -> bool:
    anchor, lo, hi, own = constraint
    gap = world[own] - (world[IDS.index(anchor)] if anchor else 0)
    if anchor and hi == LAST_HOUR:
        return gap >= lo
    if anchor and lo == -LAST_HOUR:
        return gap <= hi
    return lo <= gap <= hi


@tries(40)
@given(lines=cases())
def test_elapsed_has_exactly_the_ends_that_occur(
    told: Told, lines: list[tuple[dict[str, Any], list[Constraint]]]
) -> None:
    there = list(worlds(len(lines), [one for _, said in lines for one in said]))
    assume(there)
    timeline = CaseTimeline.of("c", told(*(line for line, _ in lines)))
    for a, b in combinations(range(len(lines)), 2):
        answer = ask(timeline, "elapsed", {"a": IDS[a], "b": IDS[b]})
        gaps = [(world[b] - world[a]) * HOUR for world in there]
        assert answer.values["elapsed"] == {"min_us": min(gaps), "max_us": max(gaps)}
        assert answer.tight
        assert answer.set_aside == ()


@tries(40)
@given(lines=cases(), data=st.data())
def test_certain_is_every_world_and_impossible_none(
    told: Told, lines: list[tuple[dict[str, Any], list[Constraint]]], data: st.DataObject
) -> None:
    there = list(worlds(len(lines), [one for _, said in lines for one in said]))
    assume(there)
    own = data.draw(st.integers(0, len(lines) - 1))
    asked = data.draw(st.lists(relative(own, len(lines)), min_size=1, max_size=2, unique_by=lambda one: one[0]))
    timeline = CaseTimeline.of("c", told(*(line for line, _ in lines)))
    answer = ask(timeline, "holds", {"statement": f"@{IDS[own]} {'; '.join(map(words, asked))}"})
    found = [all(holds_in(world, one) for one in asked) for world in there]
    assert answer.text == ("certain" if all(found) else "possible" if any(found) else "impossible")


@tries(40)
@given(lines=cases())
def test_conflicts_are_minimal_the_weakest_goes_and_the_rest_is_consistent(
    told: Told, lines: list[tuple[dict[str, Any], list[Constraint]]]
) -> None:
    said = {line["id"]: constraints for line, constraints in lines}
    ranks = {line["id"]: STANDINGS.index(line["source"].get("standing", "")) for line, _ in lines}

    def possible(ids: Sequence[str]) -> bool:
        return next(worlds(len(lines), [one for name in ids for one in said[name]]), None) is not None

    hearing = CaseTimeline.of("c", told(*(line for line, _ in lines))).hear()
    assert possible([name for name in said if name not in hearing.set_aside])
    assert possible(list(said)) == (not hearing.conflicts)
    for conflict in hearing.conflicts:
        assert not possible(conflict.statements)
        assert all(possible([one for one in conflict.statements if one != out]) for out in conflict.statements)
        weakest = max(ranks[one] for one in conflict.statements)
        assert conflict.set_aside
        assert {ranks[one] for one in conflict.set_aside} == {weakest}
    assert sorted(one for conflict in hearing.conflicts for one in conflict.set_aside) == list(hearing.set_aside)


def plain(answer: Answer) -> dict[str, Any]:
    """Give an answer without the positions of its events."""
    shown = answer_json(answer, as_of=Cut())
    for row in shown.get("events", []):
        row.pop("position", None)
    return shown


PAPER = {"doc": "P"}
FOUND = {"speaker": "examiner", "standing": "found"}
LAST = {"of": "infusion", "before": "d"}
MIXED: tuple[dict[str, Any], ...] = (
    {"id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles", "about": {"hour": "20 minutes"}}},
    {"id": "P", "type": "document", "data": {"speaker": "reporter", "standing": "stated", "title": "Paper"}},
    {"id": "d", "type": "death", "when": "2023-11-05; after @seen", "source": FOUND},
    {"id": "seen", "type": "last_seen_alive", "when": "2023-11-05T01:30", "source": {"standing": "admitted"}},
    {"id": "week", "type": "claim.last", "when": "7 calendar days before @d", "data": LAST, "source": PAPER},
    {"id": "rep", "type": "claim.last", "when": "252 hours before @d ± 36 hours", "data": LAST, "source": FOUND},
    {"id": "s", "type": "infusion", "when": "2 calendar days before @d", "until": "1 hour after @s2", "source": PAPER},
    {"id": "s2", "type": "dose", "when": "about 3 hours before @d", "data": {"count": "2 to 3"}},
    {"id": "r", "type": "found", "when": "2023-11-05T03:00; before @seen", "source": {"standing": "stated"}},
    {"id": "q", "type": "fact", "when": "2023-11-04; after @d", "data": {"text": "q"}},
    {"id": "g", "type": "fact", "when": "after @nowhere", "data": {"text": "g"}},
)
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chronology", {}),
    ("elapsed", {"a": "rep", "b": "d"}),
    ("elapsed", {"a": "s", "b": "d"}),
    ("elapsed", {"a": "q", "b": "r"}),
    ("holds", {"statement": "@s2 before @d; after @s"}),
    ("holds", {"statement": "@week 7 calendar days before @d"}),
)


@tries(15)
@given(lines=st.permutations(MIXED))
def test_no_answer_depends_on_the_order_of_the_log(told: Told, lines: list[dict[str, Any]]) -> None:
    one, other = (CaseTimeline.of("c", told(*each, zone="America/Los_Angeles")) for each in (MIXED, lines))
    for account in (Account(), Account(standings=("found", "stated"))):
        for name, params in QUESTIONS:
            assert plain(ask(one, name, params, account)) == plain(ask(other, name, params, account))


@tries(15)
@given(lines=st.permutations(MIXED), cut=st.integers(0, len(MIXED)))
def test_folding_a_prefix_and_then_the_rest_is_folding_the_whole(
    told: Told, lines: list[dict[str, Any]], cut: int
) -> None:
    events = told(*lines, zone="America/Los_Angeles")
    whole = CaseTimeline.of("c", events)
    assert CaseTimeline.of("c", events[:cut]).then(events[cut:]) == whole
    assert whole.upto(cut) == CaseTimeline.of("c", events[:cut])


START = 1_699_142_400 * SECOND  # 2023-11-05T00:00Z, a few hours before the clocks go back in Los Angeles
ZONE = "America/Los_Angeles"


@tries(40)
@given(
    low=st.integers(-24, 48), width=st.integers(0, 30), days=st.integers(1, 3),
    way=st.sampled_from(["before", "after"]),
    more=st.sampled_from(["", "at least ", "at most "]), asked=st.integers(1, 4),
)  # fmt: skip
def test_civil_days_hold_in_every_world(
    told: Told, low: int, width: int, days: int, way: str, more: str, asked: int
) -> None:
    """Worlds: the anchor and the event on half hours, around a night of 25 hours."""
    ends = [START + hour * HOUR for hour in (low, low + width)]
    span = "/".join(utc(end) for end in ends)
    lines = (
        {"id": "x", "type": "death", "when": span},
        {"id": "t", "type": "found", "when": f"{more}{days} calendar days {way} @x"},
    )
    timeline = CaseTimeline.of("c", told(*lines, zone=ZONE))
    elapsed = ask(timeline, "elapsed", {"a": "x", "b": "t"}).values
    statement = f"{asked} calendar days {way} @x"
    truth = ask(timeline, "holds", {"statement": f"@t {statement}"}).text
    found = []
    for x in range(ends[0], ends[1] + 1, 5 * HOUR):
        for t in range(x - 130 * HOUR, x + 130 * HOUR, 30 * MINUTE):
            apart = (civil_date(x, ZONE) - civil_date(t, ZONE)).days * (1 if way == "before" else -1)
            if apart == days if not more else apart >= days if more == "at least " else 0 <= apart <= days:
                assert within(t - x, elapsed["elapsed"]["min_us"], elapsed["elapsed"]["max_us"])
                dates = elapsed["calendar_days"]
                assert within(apart * (-1 if way == "before" else 1), dates["min"], dates["max"])
                found.append(apart == asked)
    assert found
    assert truth != "certain" or all(found)
    assert truth != "impossible" or not any(found)


def utc(us: int) -> str:
    from events.dates.civil import instant_text

    return instant_text(us)


def within(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


IDS_AND_ORIGIN = (ORIGIN, *"pqrstu")


@st.composite
def civil_cases(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Lines whose dates, civil steps and orders often contradict one another."""
    ids = "pqrstu"
    lines: list[dict[str, Any]] = []
    for own in ids:
        other = draw(st.sampled_from([one for one in ids if one != own]))
        day = f"2023-11-{draw(st.integers(1, 9)):02d}"
        steps = draw(st.integers(1, 4))
        when = draw(
            st.sampled_from(
                [
                    day,
                    f"{day}; {steps} days before @{other}",
                    f"{steps} calendar days after @{other}",
                    f"before @{other}",
                ]
            )
        )
        standing = draw(st.sampled_from(STANDINGS))
        source = {"standing": standing} if standing else {}
        lines.append({"id": own, "type": "fact", "when": when, "source": source, "data": {"text": "x"}})
    return lines


@tries(60)
@given(lines=civil_cases())
def test_the_network_is_that_of_the_kept_statements_alone(told: Told, lines: list[dict[str, Any]]) -> None:
    hearing = CaseTimeline.of("c", told(*lines, zone=ZONE)).hear()
    kept = [one for one in hearing.statements.values() if one.id not in hearing.set_aside]
    rebuilt = Network()
    for one in kept:
        assert rebuilt.add(one.id, one.edges) == ()
    for one in kept:
        for other, edges in one.pairs:
            if other not in hearing.set_aside:
                assert rebuilt.add(one.id, edges, given=(other,)) == ()
    for node in IDS_AND_ORIGIN:
        shown, expected = hearing.network.reach(node), rebuilt.reach(node)
        assert {one: bound for one, bound in shown.items() if bound != ANY} == {
            one: bound for one, bound in expected.items() if bound != ANY
        }
    for conflict in hearing.conflicts:
        assert set(conflict.set_aside) <= set(conflict.statements)
    alone = CaseTimeline.of("c", told(*(line for line in lines if line["id"] not in hearing.set_aside), zone=ZONE))
    assert alone.hear().conflicts == ()
