"""Whether a statement about times or numbers is certain, possible or impossible (SEMANTICS 4). Changes no record.

JSON: `{"view": "holds", "truth": "certain" | "possible" | "impossible", "in_fact": {"truth": …}}`. Certain: it holds in
every world the account allows; impossible: in none. `rests_on` names what decides it, nothing where it is open. Numbers
(`no T within W`, `at least k T within W`) are those of `dose-total`: in fact only a closed record says that none were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from events.dates.civil import calendar_days, civil_difference, civil_reach
from events.when import ANY, Bound, Part, Ref
from timeline.answers import Answer, Rests, Truth
from timeline.asking.questions import CountStatement, Statement, read_count_statement, read_statement
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.network import ORIGIN, Edge
from timeline.views import Parameter, ask, view

ASKED: Final = "the statement asked"
"""The question's name in the network; no event's, for it has blanks."""
_WORDS: Final = {
    Truth.CERTAIN: "follows from",
    Truth.POSSIBLE: "is left open by",
    Truth.IMPOSSIBLE: "is contradicted by",
}


@view(
    "holds",
    asks="certain, possible or impossible: `@a before @b`, `no infusion within 7 days before @death`",
    parameters=(
        Parameter(
            name="statement",
            kind="positional",
            shown="STATEMENT",
            required=True,
            help="about times or numbers, in quotes",
        ),
    ),
)
def holds(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the truth of a statement about times."""
    text = str(params["statement"])
    counted = read_count_statement(text)
    if counted is not None:
        return _of_numbers(timeline, counted, account, text)
    statement = read_statement(timeline, text)
    hearing = timeline.hear(account, named=statement.named)
    nodes = _nodes(hearing, statement)
    asked = [_asked(hearing, statement, part, node) for part in statement.when.parts for node in nodes]
    truth, rests = _truth(hearing, asked)
    ids = rests or statement.named
    return Answer(
        values={"truth": truth.value},
        in_fact={"truth": truth.value},
        text=truth.value,
        sentence=sentence(hearing, f'"{text}" ({_reading(statement)}) {_WORDS[truth]} the record: {truth.value}', ids),
        tight=truth is not Truth.POSSIBLE or _exact(hearing, asked),
        rests_on=Rests(min=rests, max=rests),
        set_aside=hearing.set_aside,
        undated=tuple(one for one in statement.named if one in hearing.undated),
        assumes=(*_spoken(hearing, statement), *hearing.notes_on((*rests, *statement.named))),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One part of a statement, asked of one instant: the edges of its outer bound, and how it fares by itself."""

    anchor: str
    node: str
    edges: tuple[Edge, ...]
    certain: bool
    never: bool
    loose: bool
    inner: Bound
    dates: tuple[str, ...]


def _asked(hearing: Hearing, statement: Statement, part: Part, node: str) -> Asked:
    anchor = ORIGIN if part.anchor is None else hearing.node(part.anchor)
    edges = [Edge(anchor, node, part.outer.lo, part.outer.hi)]
    fits = ANY
    if part.anchor is not None and part.civil is not None:
        # A tolerance in hours widens the steps: they are then no exact rule for dates, only an outer one.
        reach = civil_reach(part.civil, hearing.own(part.anchor))
        edges.append(Edge(ORIGIN, node, reach.lo, reach.hi))
        if part.civil.unit == "day" and part.outer == civil_difference(part.civil).negate():
            fits = calendar_days(hearing.own(statement.subject), hearing.own(part.anchor), part.civil.zone)
    steps = part.civil.steps if part.civil is not None else ANY
    by_dates = fits != ANY and steps.covers(fits)
    by_bounds = part.inner is not None and part.inner.covers(hearing.network.between(anchor, node))
    return Asked(
        anchor=anchor,
        node=node,
        edges=tuple(edges),
        certain=by_bounds or by_dates,
        never=fits.meet(steps).empty,
        loose=part.hull or part.civil is not None,
        inner=ANY if (by_dates and not by_bounds) or part.inner is None else part.inner,
        dates=_dated_by(statement, part.anchor) if fits != ANY else (),
    )


def _dated_by(statement: Statement, anchor: Ref | None) -> tuple[str, ...]:
    return (statement.subject.id, anchor.id) if anchor else (statement.subject.id,)


def _nodes(hearing: Hearing, statement: Statement) -> tuple[str, ...]:
    """Give the instants of the subject that are meant: the named one, a span's start, each of an event of several."""
    nodes = hearing.nodes(statement.subject.id)
    if statement.subject.point:
        return (nodes.at(statement.subject.point),)
    return tuple(dict.fromkeys((nodes.first, nodes.last))) if nodes.several else (nodes.start,)


def _truth(hearing: Hearing, asked: list[Asked]) -> tuple[Truth, tuple[str, ...]]:
    """Give the truth of all parts together, and the ids that decide it."""
    against = next((one.dates for one in asked if one.never), ())
    against = against or hearing.network.conflicts_with(ASKED, [edge for one in asked for edge in one.edges])
    if against:
        return Truth.IMPOSSIBLE, tuple(one for one in against if one != ASKED)
    if not all(one.certain for one in asked):
        return Truth.POSSIBLE, ()
    rests: dict[str, None] = {}
    for one in asked:
        found = hearing.difference(one.anchor, one.node)
        low = found.lo_rests if one.inner.lo is not None else ()
        high = found.hi_rests if one.inner.hi is not None else ()
        rests |= dict.fromkeys((*low, *high) or one.dates)
    return Truth.CERTAIN, tuple(rests)


def _exact(hearing: Hearing, asked: list[Asked]) -> bool:
    nodes = (node for one in asked for node in (one.anchor, one.node) if node != ORIGIN)
    return not any(one.loose for one in asked) and hearing.tight(*nodes)


def _reading(statement: Statement) -> str:
    return "; ".join(part.reading or part.text for part in statement.when.parts)


def _spoken(hearing: Hearing, statement: Statement) -> tuple[str, ...]:
    nodes = hearing.nodes(statement.subject.id)
    if statement.subject.point or nodes.single:
        return ()
    what = "each of its instants" if nodes.several else f"its start (write @{statement.subject.id}.end for its end)"
    return (f"the statement is asked of {what}: @{statement.subject.id}",)


def _of_numbers(timeline: CaseTimeline, asked: CountStatement, account: Account, text: str) -> Answer:
    """Answer a statement of how many by the counts of `dose-total` over the same window."""
    total = ask(timeline, "dose-total", {"type": asked.type, "window": asked.window}, account)
    record = _by_count(asked, total.values["administrations"])
    fact = _by_count(asked, total.in_fact["administrations"])
    rests = _deciding(asked, record, total)
    words = record.value if record == fact else f"{record.value} on record; {fact.value} in fact"
    return Answer(
        values={"truth": record.value},
        in_fact={"truth": fact.value},
        text=words,
        sentence=f'"{text}" {_WORDS[record]} the record: {words}. {total.sentence}',
        tight=record is not Truth.POSSIBLE or total.tight,
        rests_on=Rests(min=rests, max=rests),
        set_aside=total.set_aside,
        undated=total.undated,
        assumes=total.assumes,
    )


def _deciding(asked: CountStatement, truth: Truth, total: Answer) -> tuple[str, ...]:
    """Give what the ends of the count rest on that decide the statement; nothing where it is open."""
    low, high = total.values["administrations"]["min"] or 0, total.values["administrations"]["max"]
    if truth is Truth.POSSIBLE:
        return ()
    if truth is Truth.IMPOSSIBLE:
        above = asked.count.hi is not None and low > asked.count.hi
        return total.rests_on.min if above else total.rests_on.max
    least = total.rests_on.min if (asked.count.lo or 0) > 0 else ()
    most = total.rests_on.max if asked.count.hi is not None and high is not None else ()
    return tuple(dict.fromkeys((*least, *most)))


def _by_count(asked: CountStatement, count: Mapping[str, Any]) -> Truth:
    there = Bound(count["min"] or 0, count["max"])
    if asked.count.covers(there):
        return Truth.CERTAIN
    return Truth.IMPOSSIBLE if asked.count.meet(there).empty else Truth.POSSIBLE
