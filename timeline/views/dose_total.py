"""How many administrations in a window, and how much, by substance and unit. Never sums what may be told twice.

JSON: `{"view": "dose-total", "counted": "given", "administrations": {"min", "max"}, "window": {"from": {"min", "max"},
"to": {…}, "ruler"}, "amounts": [{"substance", "unit", "min", "max", "unknown": {"min", "max"}, "rests_on": {…}}]}`;
with `--sweep` also `"sweep": [{"days", "administrations", "text"}]`. Amounts are decimal texts, and an unknown one is
never zero. `--type prescription` counts orders, and says `"counted": "ordered"`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

from events.errors import Fault
from events.event import type_named
from events.quantity import read_quantity
from events.units import unit_words
from events.when import DAY, Bound
from timeline.answers import Answer, Rests, bound_json, instants_json
from timeline.asking import words
from timeline.asking.questions import End, read_window
from timeline.asking.questions import Window as Asked
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, said
from timeline.counting.amounts import Sum, amounts_in
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import Moment, Scope, Window
from timeline.counting.measures import Measure, coarse, measured, outward
from timeline.counts import Count, count_in
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, view

ORDERS: Final = frozenset({"prescription"})
SWEPT: Final = range(1, 8)
SHOWN: Final = 20
"""Pairs that may be one which are named; the rest are counted."""


@view(
    "dose-total",
    asks="how many administrations in a window, and how much, by substance and unit",
    parameters=(
        Parameter(name="substance", shown="S", help="only this substance"),
        Parameter(name="type", shown="T", help="only this type; `prescription` counts what was ordered"),
        Parameter(name="given-by", shown="G", help="only what this person gave"),
        Parameter(name="window", shown="WINDOW", required=True, help="such as '4 days before @death', A/B, or a date"),
        Parameter(name="default-amount", shown="AMOUNT", help="what an unknown amount is taken to be: '25 to 50 mg'"),
        Parameter(name="sweep", kind="flag", help="also windows of 1 to 7 days up to the same event"),
    ),
)
def dose_total(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give how many administrations, and how much, certainly and at most."""
    asked = _Question.of(timeline, params)
    window = read_window(timeline, str(params["window"]))
    hearing = timeline.hear(account, named=(window.anchor.id,) if window.anchor else ())
    told = happened(hearing, asked.type)
    total = _total(hearing, told, asked, window)
    values: dict[str, Any] = {"counted": asked.counted, **_values(hearing, window, total)}
    in_fact: dict[str, Any] = _in_fact(total)
    if params.get("sweep"):
        swept = [(days, _total(hearing, told, asked, each)) for days, each in _swept(window)]
        values["sweep"] = [_step(asked, days, each) for days, each in swept]
        in_fact["sweep"] = [{"days": days, "administrations": bound_json(each.count.in_fact)} for days, each in swept]
    known = timeline.by_id
    rests = Rests(min=_ids(known, total.count.least_rests), max=_ids(known, total.count.most_rests))
    doubts = _doubts(total.count)
    ids = (*rests.both, *((window.anchor.id,) if window.anchor else ()))
    said = f"{_said(hearing, window, asked)}: {_text(asked, total)}"
    return Answer(
        values=values,
        in_fact=in_fact,
        text=_text(asked, total),
        sentence=sentence(hearing, "; ".join((said, *doubts)), ids, undated=total.count.undated),
        tight=total.tight,
        rests_on=rests,
        set_aside=hearing.set_aside,
        undated=total.count.undated,
        assumes=(
            *doubts,
            *told.misnamed(asked.scope.substance),
            *_taken(asked),
            *_givers(hearing, told, asked, total.count),
            *_contradiction(total.count),
            *hearing.notes_on((*ids, *total.count.possible, *total.count.claims)),
        ),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked for: the type as it is named, and the scope."""

    type: str
    scope: Scope
    giver: str = ""
    default: Measure | None = None
    default_text: str = ""

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any]) -> _Question:
        name, written = str(params.get("type") or ""), str(params.get("default-amount") or "")
        kind = asked_type(name) if name else ""
        if kind and kind not in ORDERS and not type_named(kind).administration:
            raise Fault(f"{kind!r} is no administration", "write --type injection, or another; `holds` counts any type")
        substance, giver = (str(params.get(each) or "").strip() for each in ("substance", "given-by"))
        scope = Scope(kind, timeline.same_name(substance), timeline.same_name(giver))
        return cls(type=kind, scope=scope, giver=giver, default=_default(written), default_text=written)

    @property
    def counted(self) -> str:
        return "ordered" if self.type in ORDERS else "given"


def _default(written: str) -> Measure | None:
    if not written:
        return None
    found = measured(read_quantity(written))
    if found is None:
        raise Fault(f"{written!r} says nothing of an amount", "write --default-amount '25 to 50 mg'")
    return found


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Total:
    """The answer for one window."""

    count: Count
    sums: tuple[Sum, ...]
    tight: bool

    @property
    def closed(self) -> bool:
        """Whether in fact there were no more than are on record."""
        return self.count.in_fact.hi is not None and self.count.in_fact.hi == self.count.bound.hi

    @property
    def fact_sums(self) -> tuple[Sum, ...]:
        """The amounts in fact: open above, but where there were no more, or a claim says how much there was."""
        return self.sums if self.closed else tuple(replace(one, hi=one.fact_hi) for one in self.sums)


def _total(hearing: Hearing, told: Happened, asked: _Question, window: Asked) -> _Total:
    record = told.record
    network, ends, asked_ends = record.network, [], window.ends(hearing)
    for at, end in enumerate(asked_ends):
        if not end.offset.exact:
            network = network.copy()
        ends.append(_moment(network, end, f"end {at} of the window"))
    placed = Window(Moment(ends[0].node, ends[0].shift - 1), ends[1])
    record = replace(record, network=network)
    sums = amounts_in(record, placed, asked.scope, replace(told.dosing, default=asked.default))
    count = count_in(record, placed, asked.scope)
    sums = tuple(one for one in sums if one.unknown.hi != 0 or one.hi != 0)
    exact = count.bound.exact or (
        all(end.offset.exact for end in asked_ends)
        and hearing.tight(*_nodes(told, count), *(end.node for end in asked_ends))
    )
    return _Total(count=count, sums=sums, tight=count.tight and exact and all(one.tight for one in sums))


def _moment(network: Any, end: End, name: str) -> Moment:
    """Give a window's end as an instant; one that is not exact becomes a node of its own (calendar days, months)."""
    if end.offset.exact and end.offset.lo is not None:
        return Moment(end.node, end.offset.lo)
    network.add(name, end.edges(name))
    return Moment(name)


def _nodes(told: Happened, count: Count) -> tuple[str, ...]:
    possible = set(count.possible)
    ours = (one for one in told.record.happenings if one.id in possible)
    return tuple(dict.fromkeys(node for one in ours for node in (one.first, one.last)))


def _swept(window: Asked) -> list[tuple[int, Asked]]:
    if window.anchor is None:
        raise Fault("--sweep needs a window up to an event", "write --window '4 days before @death'")
    lengths = [(days, days * DAY) for days in SWEPT]
    plain = replace(window, months=None)
    return [(days, replace(plain, reach=reach, days=None if window.days is None else days)) for days, reach in lengths]


# --- JSON ------------------------------------------------------------------------------------------------------------


def _values(hearing: Hearing, window: Asked, total: _Total) -> dict[str, Any]:
    start, end = window.bounds(hearing)
    return {
        "administrations": bound_json(total.count.bound),
        "window": {"from": instants_json(start), "to": instants_json(end), "ruler": window.ruler},
        "amounts": [_amount(one, hearing) for one in total.sums],
    }


def _amount(one: Sum, hearing: Hearing) -> dict[str, Any]:
    known = hearing.timeline.by_id
    return {
        "substance": one.substance or None,
        "unit": one.unit or None,
        "min": outward(one.lo, up=False),
        "max": None if one.hi is None else outward(one.hi, up=True),
        "unknown": bound_json(one.unknown),
        "rests_on": {"min": list(_ids(known, one.least_rests)), "max": list(_ids(known, one.most_rests))},
    }


def _in_fact(total: _Total) -> dict[str, Any]:
    """Repeat every value: nobody recorded says nothing of how much there was besides."""
    return {
        "administrations": bound_json(total.count.in_fact),
        "amounts": [
            {
                "substance": one.substance or None,
                "unit": one.unit or None,
                "min": outward(one.lo, up=False),
                "max": None if one.hi is None else outward(one.hi, up=True),
                "unknown": bound_json(one.unknown if total.closed else Bound(one.unknown.lo, None)),
            }
            for one in total.fact_sums
        ],
    }


def _step(asked: _Question, days: int, total: _Total) -> dict[str, Any]:
    return {"days": days, "administrations": bound_json(total.count.bound), "text": _text(asked, total)}


def _ids(known: Mapping[str, Any], rests: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in rests if one in known))


# --- words -----------------------------------------------------------------------------------------------------------


def _text(asked: _Question, total: _Total) -> str:
    """Say the record and, where they differ, both: `1 on record, at least 1 in fact; 5 mg on record, at least …`."""
    word = " ordered" if asked.counted == "ordered" else ""
    record, fact = total.count.bound, total.count.in_fact
    if record == fact:
        count = f"{words.number(record)}{word}"
    else:
        count = f"{words.number(record)}{word} on record, {words.number(fact)} in fact"
    amounts, in_fact = _amounts_text(total.sums), _amounts_text(total.fact_sums)
    if amounts != in_fact:
        return f"{count}; {amounts} on record, {in_fact} in fact"
    return f"{count}, {amounts}" if amounts else count


def _amounts_text(sums: Sequence[Sum]) -> str:
    stated = [one for one in sums if one.unit or one.lo or one.hi is not None]
    if not sums:
        return ""
    if not stated:
        return "amount unknown"
    if len(stated) > 3:
        names = {one.substance for one in stated}
        return f"amounts of {words.plural(len(names), 'substance')} listed"
    several = len({one.substance for one in sums}) > 1
    some = any(one.unknown.hi != 0 for one in sums)
    said = [f"{one.substance + ' ' if several and one.substance else ''}{_sum_text(one)}" for one in stated]
    return f"{words.listed(said)}{', some amounts unknown' if some else ''}"


def _sum_text(one: Sum) -> str:
    single = {one.lo or one.hi, one.hi} <= {1, None}
    unit = f" {unit_words(one.unit, one=single)}" if one.unit else ""
    least = coarse(one.lo, up=False) if one.lo != one.hi else outward(one.lo, up=False)
    if one.hi is None:
        return f"at least {least}{unit}" if one.lo else f"an unknown amount in {unit_words(one.unit, one=False)}"
    most = coarse(one.hi, up=True)
    return f"{least}{unit}" if one.lo == one.hi else f"{least} to {most}{unit}" if one.lo else f"at most {most}{unit}"


def _said(hearing: Hearing, window: Asked, asked: _Question) -> str:
    """Name the question: what, in which window with its ruler, when that is, in which zone."""
    what = asked.type.replace("_", " ") or "administration"
    of = f" of {asked.scope.substance}" if asked.scope.substance else ""
    by = f" by {asked.giver}" if asked.giver else ""
    at = f"{_when(hearing, window)}, {window.zone}"
    return f"{what}s{of}{by} {asked.counted} in {window.text!r} ({window.ruler}; {at})"


def _when(hearing: Hearing, window: Asked) -> str:
    start, end = window.bounds(hearing)
    if window.anchor is None:
        return words.instants(Bound(start.lo, end.hi), window.zone)
    return f"{window.anchor}: {words.instants(hearing.bound(hearing.node(window.anchor)), window.zone)}"


def _doubts(count: Count) -> tuple[str, ...]:
    """Name the pairs that may be one, and the singles that an event of several may hold."""
    said = [f"may be one: {a}, {b}" for a, b in count.doubts[:SHOWN]]
    if len(count.doubts) > SHOWN:
        said.append(f"may be one: {len(count.doubts) - SHOWN} more pairs")
    among: dict[str, list[str]] = {one: [] for one, _ in count.among[:SHOWN]}
    for several, single in count.among if among else ():
        if several in among:
            among[several].append(single)
    for several, singles in among.items():
        shown = words.listed(singles) if len(singles) <= SHOWN else f"{len(singles)} singles"
        said.append(f"may be among {several}: {shown}")
    return tuple(said)


def _taken(asked: _Question) -> tuple[str, ...]:
    if not asked.default_text:
        return ()
    return (f"an administration whose amount nobody states is taken to be {asked.default_text}",)


def _givers(hearing: Hearing, told: Happened, asked: _Question, count: Count) -> tuple[str, ...]:
    """Say why what others gave is possible, and what to write where it is not."""
    giver, possible = asked.giver, {*count.possible} - {*count.certain}
    ours = [one for one in told.record.happenings if giver and one.id in possible]
    known = hearing.timeline.by_id
    theirs = {one.scope.given_by: str(said(known[one.id], "given_by")) for one in reversed(ours) if one.id in known}
    others = [theirs[one] for one in sorted(theirs) if one not in ("", asked.scope.given_by)]
    doubts = [
        f"{other} and {giver} may be one person, so that what {other} gave is possible: if they are two, write "
        f"claim.distinct with the names {other!r} and {giver!r}, or distinct in case.opened"
        for other in others[:SHOWN]
    ]
    silent = [one.id for one in ours if not one.scope.given_by]
    if silent:
        doubts.append(f"nobody says who gave {words.listed([f'@{one}' for one in silent[:SHOWN]])}: it may be {giver}")
    return tuple(doubts)


def _contradiction(count: Count) -> tuple[str, ...]:
    if not count.contradiction:
        return ()
    return (f"cannot all be true as counts: {words.listed(count.contradiction)}",)
