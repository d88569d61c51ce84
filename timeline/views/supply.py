"""Who supplied what to whom, when, for how much; totals by person and period. Counts no supply twice.

JSON: `{"view": "supply", "supplies": [row], "seizures": [row], "withdrawn": [row], "totals": [row], "flags": [texts]}`;
every key of the rows is described in docs/views-justice-and-findings.md. `supplies` has a row for each telling: its
quantity in its own unit, price, `unit_price` as bounds, the ids it is certainly one with (`one_with`) and may be one
with (`may_be_one_with`), and flags where pieces, strength and total disagree. `totals` are of the whole record and of
each `--window`: of all, by supplier (`from`) and by recipient (`to`), with `supplies`, `amounts`, `prices` as bounds.
What is told twice counts once; amounts in different units stand beside one another; an unknown amount is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

from events.event import RecordedEvent
from events.units import unit_words
from events.when import Bound
from timeline.answers import Answer, Rests, bound_json, instants_json
from timeline.asking import words
from timeline.asking.lines import known_name, rows_of, who, withdrawn
from timeline.asking.questions import End, read_window
from timeline.asking.questions import Window as Asked
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.counting.amounts import Sum
from timeline.counting.happenings import Moment, Window
from timeline.counting.measures import Measure, outward
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.network import Network
from timeline.supplies.goods import goods_of
from timeline.supplies.rows import Told, measure_words, seizure, withdrawn_row
from timeline.supplies.totals import KIND, ROLES, Total, person_of
from timeline.views import Parameter, view

_VERB: Final = {"from": "supplied by", "to": "received by"}
Row = dict[str, Any]


@view(
    "supply",
    asks="who supplied what to whom, when, for how much; totals by person and period",
    parameters=(
        Parameter(
            name="window", shown="WINDOW", repeatable=True, help="totals of this period, too: a date, A/B, '30 days …'"
        ),
        Parameter(name="person", shown="NAME", help="totals of this supplier or recipient only"),
    ),
)
def supply(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give every supply that is told of, and how much there was of all together."""
    windows = [read_window(timeline, str(one)) for one in params.get("window", ())]
    hearing = timeline.hear(account, named=tuple(one.anchor.id for one in windows if one.anchor))
    events = rows_of(hearing, KIND)
    told = Told(hearing, {event.id: goods_of(event) for event in events})
    rows = [told.row(event) for event in events]
    people = (person_of(event, role) for event in timeline.told if event.type == KIND for role in ROLES)
    only = known_name(hearing, str(params.get("person") or ""), people, "supplier or recipient")
    totals = [_total(told, *asked) for asked in _asked(hearing, events, windows, only)]
    values = {
        "supplies": rows,
        "seizures": [seizure(hearing, event) for event in rows_of(hearing, "seizure")],
        "withdrawn": [withdrawn_row(hearing, event) for event in withdrawn(hearing, KIND, "seizure")],
        "totals": [one.json for one in totals],
        "flags": list(dict.fromkeys(text for one in rows for text in one["flags"])),
    }
    whole = totals[0].total if totals else None
    ids = tuple(event.id for event in events)
    text = _text(totals, rows)
    anchors = tuple(one.anchor.id for one in windows if one.anchor)
    doubts, undated = told.doubts, tuple(sorted({*hearing.undated}.intersection(ids)))
    return Answer(
        values=values,
        in_fact={**values, "totals": [one.in_fact for one in totals]},
        text=text,
        sentence=sentence(hearing, "; ".join((text, *doubts)), ids, undated=undated),
        tight=False,
        rests_on=Rests(min=told.known(whole.count.least_rests) if whole else (), max=ids),
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*doubts, *_persons(told, totals), *hearing.notes_on((*ids, *anchors))),
    )


# --- totals ----------------------------------------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum:
    """One total: whose, of which window (none: the whole record), and what it comes to."""

    told: Told
    role: str
    name: str
    asked: Asked | None
    total: Total

    @property
    def json(self) -> Row:
        """The total as scripts read it."""
        total = self.total
        return {
            "by": self.role or "all",
            "person": self.name or None,
            "window": self._window,
            "supplies": bound_json(total.count.bound),
            "amounts": [self._amount(one) for one in total.amounts],
            "prices": [self._amount(one) for one in total.prices],
            "rests_on": {"min": list(self.told.known(total.count.least_rests)), "max": list(self._most)},
            "line": self.line,
        }

    @property
    def in_fact(self) -> Row:
        """The total with what nobody recorded besides: no upper end that no claim puts there."""
        closed = self.total.count.in_fact.hi is not None
        amounts = [[_open(each, closed=closed) for each in self.json[name]] for name in ("amounts", "prices")]
        fact = bound_json(self.total.count.in_fact)
        return {**self.json, "supplies": fact, "amounts": amounts[0], "prices": amounts[1]}

    @property
    def _most(self) -> tuple[str, ...]:
        tellings = self.told.one_with
        return self.told.known([each for one in self.total.count.possible for each in tellings.get(one, (one,))])

    @property
    def _window(self) -> Row | None:
        if self.asked is None:
            return None
        start, end = self.asked.bounds(self.told.hearing)
        text, ruler = self.asked.text, self.asked.ruler
        return {"text": text, "from": instants_json(start), "to": instants_json(end), "ruler": ruler}

    def _amount(self, one: Sum) -> Row:
        return {
            "substance": one.substance or None,
            "unit": one.unit or None,
            "min": outward(one.lo, up=False),
            "max": None if one.hi is None else outward(one.hi, up=True),
            "unknown": bound_json(one.unknown),
        }

    @property
    def words(self) -> str:
        """How much it comes to, in words."""
        count = self.total.count.bound
        number = f"{words.number(count)} suppl{'y' if count == Bound(1, 1) else 'ies'}"
        kinds: dict[str, list[str]] = {}
        for one in self.total.amounts:
            kinds.setdefault(f" of {one.substance}" if one.substance else "", []).append(_sum_words(one))
        amounts = [f"{' beside '.join(each)}{of}" for of, each in kinds.items()]
        prices = [f"for {_sum_words(one)}" for one in self.total.prices if one.unit]
        return ", ".join((number, *amounts, *prices))

    @property
    def line(self) -> str:
        """The total as a line: whose, of which period, how much, on whose word."""
        whose = f"{_VERB[self.role]} {self.name}" if self.role else "in all"
        period = f" in {self.asked.text!r} ({self.asked.ruler})" if self.asked else ""
        by_id = self.told.hearing.timeline.by_id
        speakers = words.listed(list(dict.fromkeys(who(by_id[one].source) for one in self._most)))
        return f"{whose}{period}: {self.words}{f' ({speakers})' if speakers else ''}"


def _open(amount: Row, *, closed: bool) -> Row:
    return amount if closed else {**amount, "max": None, "unknown": {**amount["unknown"], "max": None}}


def _sum_words(one: Sum) -> str:
    if one.hi is None and not one.lo:
        return f"an unknown amount in {unit_words(one.unit, one=False) or 'no unit'}"
    return measure_words(Measure(one.lo, one.hi, one.unit))


_Asked = tuple[str, str, Asked | None, Window | None, Network]


def _asked(hearing: Hearing, events: Sequence[RecordedEvent], windows: Sequence[Asked], only: str) -> Iterator[_Asked]:
    """Give each total to be made: of the whole record and each window, of all, each supplier, each recipient."""
    same = hearing.timeline.same_name
    people = [
        (role, name)
        for role in ROLES
        for name in sorted({person_of(event, role) for event in events if person_of(event, role)})
    ]
    named: dict[tuple[str, str], str] = {}
    for role, name in people:
        named.setdefault((role, same(name)), name)
    kept = [(role, name) for (role, folded), name in named.items() if not only or folded == only]
    for asked in (None, *windows):
        network, placed = (hearing.network, None) if asked is None else _placed(hearing, asked)
        for role, name in (("", ""), *kept) if events else ():
            yield role, name, asked, placed, network


def _placed(hearing: Hearing, asked: Asked) -> tuple[Network, Window]:
    """Give a window in a network in which both its ends are instants."""
    network, ends = hearing.network, []
    for at, end in enumerate(asked.ends(hearing)):
        if not end.offset.exact:
            network = network.copy()
        ends.append(_moment(network, end, f"end {at} of the window"))
    return network, Window(Moment(ends[0].node, ends[0].shift - 1), ends[1])


def _moment(network: Network, end: End, name: str) -> Moment:
    if end.offset.exact and end.offset.lo is not None:
        return Moment(end.node, end.offset.lo)
    network.add(name, end.edges(name))
    return Moment(name)


def _total(told: Told, role: str, name: str, asked: Asked | None, window: Window | None, network: Network) -> _Sum:
    folded = told.hearing.timeline.same_name(name)
    total = told.supplies.total(role or "from", folded, window, network)
    return _Sum(told=told, role=role, name=name, asked=asked, total=total)


# --- words -----------------------------------------------------------------------------------------------------------


def _text(totals: Sequence[_Sum], rows: Sequence[Row]) -> str:
    if not totals:
        return "no supply on record"
    flagged = list(dict.fromkeys(text for one in rows for text in one["flags"]))
    also = [f"in {one.asked.text!r}: {one.words}" for one in totals if one.asked is not None and not one.role]
    return "; ".join((totals[0].words, *also, *flagged))


def _persons(told: Told, totals: Sequence[_Sum]) -> tuple[str, ...]:
    """Say that two names may be one person, where that widens a total."""
    names = sorted({one.name for one in totals if one.name})
    declared = told.supplies.heard.declared()
    same = told.hearing.timeline.same_name
    for role in ROLES:
        ours = [one.name for one in totals if one.role == role and one.asked is None]
        if any(not declared.apart(same(a), same(b)) for a in ours for b in ours if a < b):
            listed = ", ".join(repr(one) for one in names)
            return (f"persons may be one where nothing says they differ: write distinct in case.opened of {listed}",)
    return ()
