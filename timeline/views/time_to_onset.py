"""How long from the first and the last dose to a reaction, on drug or not, after stopping, on re-exposure. No cause.

JSON: `{"view": "time-to-onset", "reaction", "onset": {"min", "max"}, "from_first": {"exists", "elapsed", "whole_days",
"calendar_days"}, "from_last": {…}, "day_of_onset": {"from_first", "from_last"} or null, "on_drug": {"truth", "why"},
"dechallenge": [row], "rechallenge": [row]}`; every key of the rows is described in docs/views-treatment.md.
`day_of_onset` (with `--day-one`) counts the day of the dose as day 1, as pharmacovigilance does; the other numbers do
not. A dose at the same instant counts as before. A stop, an end and a recurrence are taken from the record alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from events.errors import Fault
from events.event import RecordedEvent
from events.when import DAY, Bound
from events.when_text import read_duration
from timeline.answers import Answer, Rests, Truth, bound_json, elapsed_json, instants_json
from timeline.asking import words
from timeline.asking.questions import read_ref
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, said
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import Scope, can_meet
from timeline.counting.last import Since
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.treatment.challenge import (
    Dechallenge,
    Doses,
    OnDrug,
    Rechallenge,
    dechallenges,
    on_drug,
    rechallenges,
)
from timeline.treatment.since import Sittings, calendar_days, in_fact, since_json, since_words
from timeline.views import Parameter, view
from timeline.views.dose_total import ORDERS

Row = dict[str, Any]


@view(
    "time-to-onset",
    asks="how long from the first and the last dose to a reaction, on drug or not, and what stopping did",
    parameters=(
        Parameter(name="reaction", kind="positional", shown="REACTION", required=True, help="the event that began"),
        Parameter(name="substance", shown="S", help="only doses of this substance"),
        Parameter(name="type", shown="T", help="only administrations of this type"),
        Parameter(name="within", shown="DURATION", help="how long after a dose one is on the drug, such as '24 hours'"),
        Parameter(name="day-one", kind="flag", help="also number the day of onset, the day of the dose being day 1"),
    ),
)
def time_to_onset(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the times from the doses to a reaction, with what the record says of stopping and of new exposure."""
    asked = _Asked.of(timeline, params, account)
    hearing, first, last = asked.hearing, asked.first, asked.last
    ids = tuple(dict.fromkeys((asked.reaction.id, *asked.rests.both)))
    undated = tuple(dict.fromkeys((*asked.own_undated, *first.undated, *last.undated)))
    text = _text(asked)
    return Answer(
        values=_values(asked, first, last, asked.on_drug.truth),
        in_fact=_values(asked, in_fact(first), in_fact(last), asked.on_drug.in_fact),
        text=text,
        sentence=sentence(hearing, _said(asked, text), ids, undated=undated),
        tight=first.tight and last.tight and hearing.tight(asked.node, *asked.nodes),
        rests_on=asked.rests,
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*_assumes(asked), *hearing.notes_on((*ids, *first.candidates, *last.candidates))),
    )


@final
@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question: the reaction, the doses, and what was asked besides."""

    hearing: Hearing
    reaction: RecordedEvent
    told: Happened
    scope: Scope
    within: int | None
    day_one: bool

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> _Asked:
        ref = read_ref(timeline, str(params["reaction"]), "start")
        event = timeline.by_id.get(ref.id)
        if event is None:
            raise Fault(f"@{ref.id} is cut away", "write a later --asserted-by")
        kind = asked_type(str(params["type"])) if params.get("type") else ""
        hearing = timeline.hear(account, named=(ref.id,))
        return cls(
            hearing=hearing,
            reaction=event,
            told=happened(hearing, kind),
            scope=Scope(kind, timeline.same_name(str(params.get("substance") or "")), ""),
            within=_within(str(params.get("within") or "")),
            day_one=bool(params.get("day-one")),
        )

    @property
    def node(self) -> str:
        return self.hearing.nodes(self.reaction.id).start

    @property
    def zone(self) -> str:
        return self.hearing.zone(self.reaction.id)

    @cached_property
    def sittings(self) -> Sittings:
        return Sittings(hearing=self.hearing, record=self.told.record, scope=self.scope)

    @cached_property
    def first(self) -> Since:
        return self.sittings.since_first(self.node)

    @cached_property
    def last(self) -> Since:
        return self.sittings.since_last(self.node)

    @cached_property
    def doses(self) -> Doses:
        record = self.told.record
        told = tuple(one for one in record.told if can_meet(one.scope, self.scope, record.declared))
        untold = any(one.count.hi != 0 and can_meet(one.scope, self.scope, record.declared) for one in record.totals)
        return Doses(hearing=self.hearing, told=told, scope=self.scope, untold=untold)

    @cached_property
    def on_drug(self) -> OnDrug:
        found = on_drug(self.doses, self.node, self.first, self.last, self.within)
        if self.noun == "dose" or found.truth is Truth.IMPOSSIBLE:
            return found
        return OnDrug(Truth.POSSIBLE, "an order is no dose: nobody says here what was given")

    @cached_property
    def stops(self) -> tuple[Dechallenge, ...]:
        """What followed each stop."""
        return dechallenges(self.doses, self.reaction)

    @cached_property
    def again(self) -> tuple[Rechallenge, ...]:
        """What followed each new exposure."""
        return rechallenges(self.doses, self.reaction)

    @property
    def noun(self) -> str:
        """What times are counted from: a dose, or an order that may never have been given."""
        return "order" if self.scope.type in ORDERS else "dose"

    @property
    def nodes(self) -> tuple[str, ...]:
        may_be = {*self.first.candidates, *self.last.candidates}
        return tuple(each for one in self.told.record.told if one.id in may_be for each in (one.first, one.last))

    @property
    def own_undated(self) -> tuple[str, ...]:
        return (self.reaction.id,) if self.reaction.id in self.hearing.undated else ()

    @cached_property
    def rests(self) -> Rests:
        known = self.hearing.timeline.by_id
        beside = [one.id for kind in ("stopped", "restarted") for one in self.doses.events(kind)]
        ends = (
            (*self.first.least_rests, *self.last.least_rests, *beside),
            (*self.first.most_rests, *self.last.most_rests, *beside),
        )
        least, most = (tuple(dict.fromkeys(one for one in each if one in known)) for each in ends)
        return Rests(min=least, max=most)


def _within(text: str) -> int | None:
    if not text:
        return None
    read = read_duration(text)
    return read.exact if read.exact is not None else (read.days or 0) * DAY


# --- JSON ------------------------------------------------------------------------------------------------------------


def _values(asked: _Asked, first: Since, last: Since, on_drug_now: Truth) -> dict[str, Any]:
    return {
        "reaction": asked.reaction.id,
        "onset": instants_json(asked.hearing.bound(asked.node)),
        "from_first": since_json(asked.sittings, first, asked.node, asked.zone),
        "from_last": since_json(asked.sittings, last, asked.node, asked.zone),
        "day_of_onset": _days(asked, first, last) if asked.day_one else None,
        "on_drug": {"truth": str(on_drug_now), "why": asked.on_drug.why},
        "dechallenge": [_dechallenge(one) for one in asked.stops],
        "rechallenge": [_rechallenge(one) for one in asked.again],
    }


def _days(asked: _Asked, first: Since, last: Since) -> Row:
    return {"from_first": _day(asked, first), "from_last": _day(asked, last)}


def _day(asked: _Asked, since: Since) -> dict[str, int | None] | None:
    if since.exists == "impossible":
        return None
    days = calendar_days(asked.sittings, since, asked.node, asked.zone)
    return bound_json(Bound(*(None if end is None else end + 1 for end in (days.lo, days.hi))))


def _dechallenge(one: Dechallenge) -> Row:
    ended = f"; the reaction {one.outcome} it" if one.to_end else "; no end of the reaction is recorded"
    when = f", {words.elapsed(one.to_end)}" if one.to_end and one.outcome == "ended after" else ""
    early = one.after_onset.hi is not None and one.after_onset.hi < 0
    since = f"{words.elapsed(one.after_onset.negate())} before" if early else f"{words.elapsed(one.after_onset)} after"
    return {
        "id": one.id,
        "after_onset": elapsed_json(one.after_onset),
        "outcome": one.outcome,
        "to_end": None if one.to_end is None else elapsed_json(one.to_end),
        "line": f"@{one.id}: stopped {since} the onset{ended}{when}",
    }


def _rechallenge(one: Rechallenge) -> Row:
    again = f"it came again (@{one.again}) {words.elapsed(one.to_again)} later" if one.to_again else "no recurrence"
    return {
        "id": one.id,
        "after": one.stop,
        "recurrence": one.again or None,
        "to_recurrence": None if one.to_again is None else elapsed_json(one.to_again),
        "line": f"@{one.id}: exposed again after @{one.stop}; {again}{'' if one.to_again else ' is recorded'}",
    }


# --- words -----------------------------------------------------------------------------------------------------------


def _text(asked: _Asked) -> str:
    if asked.first.exists == "impossible":
        return f"{since_words(asked.first, asked.noun)}; {_on_drug_words(asked.on_drug)}"
    return "; ".join(
        (
            f"{since_words(asked.first, f'first {asked.noun}')}, {since_words(asked.last, 'last')}",
            *_day_words(asked),
            _on_drug_words(asked.on_drug),
        )
    )


def _on_drug_words(found: OnDrug) -> str:
    both = f"{found.truth}" if found.truth is found.in_fact else f"{found.truth} on record, {found.in_fact} in fact"
    return f"on drug at onset: {both}"


def _day_words(asked: _Asked) -> tuple[str, ...]:
    days = _day(asked, asked.first) if asked.day_one else None
    if days is None:
        return ()
    least, most = days["min"], days["max"]
    number = f"{least} or later" if most is None else words.number(Bound(least, most))
    return (f"day {number}, the day of the first {asked.noun} being day 1",)


def _said(asked: _Asked, text: str) -> str:
    name = str(said(asked.reaction, "effect")) or asked.reaction.type.replace("_", " ")
    of = f" to {asked.scope.substance}" if asked.scope.substance else ""
    at = words.instants(asked.hearing.bound(asked.node), asked.zone)
    beside = [_dechallenge(one)["line"] for one in asked.stops]
    beside += [_rechallenge(one)["line"] for one in asked.again]
    stops = "; ".join(beside) or "no stop is recorded"
    return f"onset of {name} (@{asked.reaction.id}: {at}, {asked.zone}){of}: {text} ({asked.on_drug.why}); {stops}"


def _assumes(asked: _Asked) -> tuple[str, ...]:
    said_so = [f"what came after {'an order' if asked.noun == 'order' else 'a dose'} is not said to have come from it"]
    if asked.day_one:
        said_so.append("the day of the dose is day 1, as pharmacovigilance counts it")
    return tuple(said_so)
