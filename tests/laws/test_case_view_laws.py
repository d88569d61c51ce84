"""Findings, charges and supplies against every world of tiny cases: bounds hold, order and lost words add nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from events.when import Bound
from timeline.case import CaseTimeline
from timeline.charges.standing import Entry, Standing
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
VIEWS = ("findings", "charges", "supply")
RECORDED = re.compile(r"; recorded [^;)]+")
SPEAKERS = ("p", "q")

# --- how many counts stand -------------------------------------------------------------------------------------------

OFFENCES = ("fraud", "theft", "")


@dataclass(frozen=True)
class Charge:
    """A telling of a charge: its offence, teller, the slots of time it may have (two a day), how many counts."""

    name: str
    offence: str
    teller: str
    start: int
    end: int
    low: int
    high: int

    @property
    def slots(self) -> range:
        return range(2 * self.start, 2 * self.end + 2)

    @property
    def instrument(self) -> tuple[str, int, int]:
        return self.teller, self.start, self.end

    @property
    def entry(self) -> Entry:
        when = f"{self.start}/{self.end}"
        counts = Bound(self.low, self.high)
        return Entry(
            id=self.name, offence=self.offence, teller=(self.teller, "", ""), when=when, counts=counts, joined=self.name
        )


@st.composite
def charges(draw: st.DrawFn) -> tuple[Charge, ...]:
    told = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        start, low = draw(st.integers(0, 2)), draw(st.integers(0, 3))
        end, high = start + draw(st.integers(0, 1)), low + draw(st.integers(0, 1))
        told.append(
            Charge(name, draw(st.sampled_from(OFFENCES)), draw(st.sampled_from(SPEAKERS)), start, end, low, high)
        )
    return tuple(told)


def groups(told: Sequence[Any], apart: Callable[[Any, Any], bool]) -> Iterator[list[list[Any]]]:
    """Give every way in which tellings may be one: those that are certainly apart never are."""
    if not told:
        yield []
        return
    first, rest = told[0], told[1:]
    for sofar in groups(rest, apart):
        yield [[first], *sofar]
        for at, group in enumerate(sofar):
            if not any(apart(first, other) for other in group):
                yield [*sofar[:at], [first, *group], *sofar[at + 1 :]]


def standing(world: Sequence[tuple[list[Charge], int, int]], meant: Mapping[str, str]) -> int:
    """Count what stands in a world: a happening that a later one of its offence replaces has no counts any more."""

    def replaces(later: list[Charge], one: list[Charge]) -> bool:
        return any(
            meant[a.name] == meant[b.name] and a.instrument != b.instrument for a in later for b in one
        )  # fmt: skip

    return sum(
        count
        for group, at, count in world
        if not any(then > at and replaces(other, group) for other, then, _ in world if other is not group)
    )


def counted(told: Sequence[Charge]) -> set[int]:
    """Give how many counts stand in every world."""
    found = set[int]()
    open_ = [one for one in told if not one.offence]
    for guess in product(("fraud", "theft", "other"), repeat=len(open_)):
        meant = {one.name: one.offence for one in told} | {
            one.name: word for one, word in zip(open_, guess, strict=True)
        }
        for ways in groups(told, lambda a, b: a.teller == b.teller):
            times = [set.intersection(*(set(one.slots) for one in group)) for group in ways]
            numbers = [set.intersection(*(set(range(one.low, one.high + 1)) for one in group)) for group in ways]
            for at in product(*times):
                found |= {
                    standing(list(zip(ways, at, count, strict=True)), meant) for count in product(*numbers)
                }  # fmt: skip
    return found


@settings(max_examples=40, deadline=None)
@given(told=charges())
def test_the_counts_that_stand_hold_in_every_world(told: tuple[Charge, ...]) -> None:
    known = {one.name: one for one in told}

    def gap(a: str, b: str) -> Bound:
        one, other = known[a].slots, known[b].slots
        return Bound(other.start - (one.stop - 1), other.stop - 1 - one.start)

    bound = Standing([one.entry for one in told], gap).counts()
    values = counted(told)
    assert bound.lo is not None
    assert bound.hi is not None
    assert bound.lo <= min(values)
    assert max(values) <= bound.hi
    if len({one.teller for one in told}) == len({one.instrument for one in told}) == 1:
        assert (bound.lo, bound.hi) == (min(values), max(values)), "one instrument of one teller is added up"


# --- how much was supplied -------------------------------------------------------------------------------------------

PEOPLE = ("A", "B")
DAY = "2023-10-{:02d}"


@dataclass(frozen=True)
class Supply:
    """A telling of a supply: the days it may have been on, how many vials, from whom (empty: not stated)."""

    name: str
    teller: str
    start: int
    end: int
    low: int
    high: int
    by: str

    @property
    def line(self) -> dict[str, Any]:
        quantity = f"{self.low} to {self.high} vials"
        data = {"substance": "ketamine", "quantity": quantity, **({"from": self.by} if self.by else {})}
        when = f"{DAY.format(self.start)}/{DAY.format(self.end)}" if self.start != self.end else DAY.format(self.start)
        return {"id": self.name, "type": "supply", "when": when, "data": data, "source": {"speaker": self.teller}}


@st.composite
def supplies(draw: st.DrawFn) -> tuple[Supply, ...]:
    told = []
    for name in "xyz"[: draw(st.integers(1, 3))]:
        start, low = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        end, high = start + draw(st.integers(0, 2)), low + draw(st.integers(0, 1))
        by = draw(st.sampled_from((*PEOPLE, "")))
        told.append(Supply(name, draw(st.sampled_from(SPEAKERS)), start, end, low, high, by))
    return tuple(told)


Asked = tuple[str, int, int]
"""Whose supplies (empty: anybody's), from which day to which."""


def supplied(told: Sequence[Supply], asked: Sequence[Asked], distinct: bool, same: Sequence[str]) -> list[set[Any]]:
    """Give for each question the number of supplies and of vials in every world."""
    found: list[set[Any]] = [set() for _ in asked]
    for people in ({"A": 1, "B": 2}, *(() if distinct else ({"A": 1, "B": 1},))):
        open_ = [one for one in told if not one.by]
        for guess in product(sorted({*people.values(), 3}), repeat=len(open_)):
            by = {one.name: people[one.by] for one in told if one.by} | {
                one.name: who for one, who in zip(open_, guess, strict=True)
            }
            apart = _apart(by, tuple(same))
            for ways in groups(told, apart):
                if same and not any({one.name for one in group} >= set(same) for group in ways):
                    continue
                for at, count in _placed(ways):
                    rows = zip(ways, at, count, strict=True)
                    world = [(day, much, by[group[0].name]) for group, day, much in rows]
                    for values, question in zip(found, asked, strict=True):
                        values.add(_of(world, question, people))
    return found


def _apart(by: Mapping[str, int], same: tuple[str, ...]) -> Callable[[Supply, Supply], bool]:
    @cache
    def apart(a: Supply, b: Supply) -> bool:
        return by[a.name] != by[b.name] or (a.teller == b.teller and not {a.name, b.name} <= set(same))

    return apart


def _placed(ways: Sequence[Sequence[Supply]]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    days = [set.intersection(*(set(range(one.start, one.end + 1)) for one in group)) for group in ways]
    numbers = [set.intersection(*(set(range(one.low, one.high + 1)) for one in group)) for group in ways]
    yield from product(product(*days), product(*numbers))


def _of(world: Sequence[tuple[int, int, int]], asked: Asked, people: Mapping[str, int]) -> tuple[int, int]:
    who, start, end = asked
    there = [much for day, much, by in world if start <= day <= end and (not who or by == people[who])]
    return len(there), sum(there)


@settings(max_examples=30, deadline=None)
@given(told=supplies(), distinct=st.booleans(), joined=st.booleans(), window=st.integers(1, 3))
def test_each_total_of_supplies_holds_in_every_world(
    told: tuple[Supply, ...], distinct: bool, joined: bool, window: int
) -> None:
    from tests.telling import recorded

    same = ["x", "y"] if joined and len(told) > 1 else []
    asked: list[Asked] = [("", 1, 9), ("", window, window + 1)]
    for name in PEOPLE:
        if any(one.by == name for one in told):
            asked += [(name, 1, 9), (name, window, window + 1)]
    worlds = supplied(told, asked, distinct, same)
    assume(all(worlds))
    apart = {"distinct": list(PEOPLE)} if distinct else {}
    opened = {"id": "o", "type": "case.opened", "data": {"zone": "UTC", **apart}}
    lines = [opened, *(one.line for one in told)]
    lines += [{"id": "same", "type": "claim.same", "data": {"ids": same}}] if same else []
    text = f"{DAY.format(window)}/{DAY.format(window + 1)}"
    totals = ask(CaseTimeline.of("c", recorded(*lines)), "supply", {"window": (text,)}).values["totals"]
    rows = {(one["person"] or "", one["window"] is None): one for one in totals}
    for (who, _, end), values in zip(asked, worlds, strict=True):
        _within(rows[who, end == 9], values)


def _within(row: Mapping[str, Any], values: set[tuple[int, int]]) -> None:
    vials = next((one for one in row["amounts"] if one["unit"] == "vial"), {"min": "0", "max": "0"})
    for number, much in values:
        assert row["supplies"]["min"] <= number <= row["supplies"]["max"], row["line"]
        assert int(vials["min"]) <= much, row["line"]
        assert vials["max"] is None or much <= int(vials["max"]), row["line"]


# --- order, and words that are left out ------------------------------------------------------------------------------


def _line(kind: str, name: str, when: str, speaker: str, **data: Any) -> dict[str, Any]:
    line = {"id": name, "type": kind, "data": data, "source": {"speaker": speaker, "standing": "stated"}}
    return {**line, "when": when} if when else line


POOL = (
    _line("death", "death", "2023-10-28", "p"),
    _line("report_released", "report", "2023-12-15", "q"),
    _line("finding", "cause", "by 2023-12-15", "p", aspect="cause", text="one"),
    _line("finding", "cause-2", "2024-02-01", "p", aspect="cause", text="another"),
    _line("finding", "manner", "", "q", aspect="manner", text="accident"),
    _line("toxicology", "tox", "after @death; before 2023-12-15", "p", analyte="ketamine", concentration="3.54 ug/mL"),
    _line("toxicology", "tox-2", "2023-11-01", "q", analyte="ketamine", concentration="< 0.1 ng/mL", specimen="s"),
    _line("specimen", "s", "10 hours after @death ± 1 hour", "q", site="femoral"),
    _line("charge", "c1", "2024-01-10", "p", defendant="A", offence="fraud", counts="10"),
    _line("charge", "c2", "2024-03-10", "q", defendant="a", offence="Fraud", counts="6"),
    _line("charge", "c3", "2024-01", "q", defendant="B"),
    _line("plea", "p1", "2024-05", "p", defendant="A", plea="guilty", offence="fraud", counts="2"),
    _line("verdict", "v1", "2024-06-01", "q", defendant="B", verdict="dismissed"),
    _line("sentence", "s1", "2024-07-01", "p", defendant="A", term="2 years"),
    _line("hearing", "h1", "2024-02-01", "p", purpose="trial", status="scheduled"),
    _line("hearing", "h2", "2024-03-01", "q", purpose="trial", status="scheduled", replaces="h1"),
    _line("hearing", "h3", "2023-03-01", "q", purpose="trial", status="held"),
    _line("deadline", "d1", "2024-02-01", "p", purpose="reply"),
    _line("supply", "s-a", "2023-10", "p", substance="ketamine", quantity="20 vials", price="20 USD", **{"from": "A"}),
    _line("supply", "s-b", "2023-10-05", "q", substance="ketamine", quantity="20 vials", to="C"),
    _line("supply", "s-c", "2023-10", "q", substance="ketamine", quantity="100 mg", strength="500 mg"),
    _line("claim.same", "same", "", "q", ids=["s-a", "s-c"]),
    _line("seizure", "z", "2023-11-01", "q", quantity="1 vial"),
    _line("position", "pos", "", "q", target="c1", stance="disputes", party="defence"),
)
PARAMS: Mapping[str, Mapping[str, Any]] = {
    "findings": {"at": "death"},
    "charges": {"at": "2024-05-15"},
    "supply": {"window": ("10 days before @death",)},
}


def _case(lines: Sequence[dict[str, Any]]) -> CaseTimeline:
    from tests.telling import recorded

    return CaseTimeline.of("c", recorded(*lines, zone="UTC"))


def _rows(values: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Give what names each line: the event, the person, or the events it is between."""
    found = set[tuple[str, ...]]()
    for name, rows in values.items():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping):
                ends = (row["from"], row["to"]) if name == "elapsed" else ()
                window = (row["window"] or {"text": ""})["text"] if name == "totals" else ""
                who = str(row.get("person") or row.get("defendant") or "").casefold() if "id" not in row else ""
                found.add((name, row.get("id", ""), row.get("by", ""), who, window, *ends))
    return found


def _timeless(value: Any) -> Any:
    """Give values without where in the log they are."""
    if isinstance(value, Mapping):
        return {name: _timeless(each) for name, each in value.items() if name != "recorded"}
    if isinstance(value, str):
        return RECORDED.sub("", value)
    return [_timeless(each) for each in value] if isinstance(value, list) else value


places = st.sets(st.sampled_from(range(1, len(POOL))))
lots = places.map(lambda chosen: [POOL[0], *(POOL[at] for at in sorted(chosen))])


@settings(max_examples=8, deadline=None)
@given(lines=lots, seed=st.integers(0, 1000))
def test_the_order_of_the_log_changes_nothing(lines: list[dict[str, Any]], seed: int) -> None:
    other = random.Random(seed).sample(lines, len(lines))
    for view in (*VIEWS, "check"):
        params = PARAMS.get(view, {})
        one, two = (ask(_case(each), view, params) for each in (lines, other))
        assert (one.text, _timeless(one.values)) == (two.text, _timeless(two.values)), view


@settings(max_examples=8, deadline=None)
@given(lines=lots, speaker=st.sampled_from(SPEAKERS))
def test_an_account_that_leaves_events_out_never_adds_a_line(lines: list[dict[str, Any]], speaker: str) -> None:
    assume(any(line["source"]["speaker"] == speaker for line in lines))
    timeline = _case(lines)
    for view in VIEWS:
        whole = _rows(ask(timeline, view, PARAMS[view]).values)
        assert _rows(ask(timeline, view, PARAMS[view], Account(speakers=(speaker,))).values) <= whole, view
