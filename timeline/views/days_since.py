"""How long before an event the last, or the first, of a type was. Says never more than the record and its claims.

JSON: `{"view": "days-since-last", "exists": "certain" | "possible" | "impossible", "elapsed": {"min_us", "max_us"},
"whole_days": {"min", "max"}, "calendar_days": {"min", "max"}}`; the three are null where `exists` is impossible.
`whole_days` are whole 24-hour periods, truncated toward zero; `calendar_days` civil dates in the zone of the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

from events.dates.civil import offset_spread
from events.dates.turning_back import dates_onward
from events.when import DAY, Bound, Ref
from timeline.answers import Answer, Rests, bound_json, elapsed_json, implied_calendar_days, whole_days
from timeline.asking import words
from timeline.asking.questions import read_ref
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import Happening, Scope
from timeline.counting.last import Exists, Since, decided, since_first, since_last
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.network import Network
from timeline.views import Parameter, view

_PARAMETERS: Final = (
    Parameter(name="type", kind="positional", shown="TYPE", required=True, help="the type of event, such as infusion"),
    Parameter(name="at", shown="REF", required=True, help="the event it is counted to"),
    Parameter(name="substance", shown="S", help="only this substance"),
    Parameter(name="given-by", shown="G", help="only what this person gave"),
)


@view("days-since-last", asks="how long before an event the last of a type was", parameters=_PARAMETERS)
def days_since_last(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give how long before REF the last of TYPE was; one at the same instant counts as before it."""
    return _answer(_Asked.of(timeline, params, account, last=True))


@view("days-since-first", asks="how long before an event the first of a type was", parameters=_PARAMETERS)
def days_since_first(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give how long before REF the first of TYPE was."""
    return _answer(_Asked.of(timeline, params, account, last=False))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One question: the hearing it is put to, the anchor, the scope, and what is told of it."""

    hearing: Hearing
    ref: Ref
    type: str
    scope: Scope
    written: str
    told: Happened
    last: bool

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any], account: Account, *, last: bool) -> _Asked:
        name = str(params["type"])
        kind = asked_type(name)
        ref = read_ref(timeline, str(params["at"]), "start")
        hearing = timeline.hear(account, named=(ref.id,))
        substance, giver = (str(params.get(each) or "").strip() for each in ("substance", "given-by"))
        scope = Scope(kind, timeline.same_name(substance), timeline.same_name(giver))
        written = (f" of {substance}" if substance else "") + (f" by {giver}" if giver else "")
        told = happened(hearing, kind)
        return cls(hearing=hearing, ref=ref, type=name, scope=scope, written=written, told=told, last=last)

    @property
    def anchor(self) -> str:
        return self.hearing.node(self.ref)

    @property
    def zone(self) -> str:
        return self.hearing.zone(self.ref.id)

    def since(self) -> Since:
        if self.last:
            return since_last(self.told.record, self.anchor, self.scope)
        return since_first(self.told.record, self.anchor, self.scope)

    def meant(self, since: Since) -> Mapping[str, Happening]:
        """Give each candidate that has a node, in their order."""
        wanted = {*since.candidates}
        told = {one.id: one for one in self.told.record.told if one.id in wanted and one.dated}
        return {one: told[one] for one in since.candidates if one in told}

    def node(self, one: Happening) -> str:
        """The node by which a candidate is placed."""
        return one.last if self.last else one.first


def _answer(asked: _Asked) -> Answer:
    hearing, since = asked.hearing, asked.since()
    meant = asked.meant(since)
    days = _calendar_days(asked, since, meant)
    record = _values(since.exists, since.elapsed, days)
    spread = offset_spread(asked.zone)
    fact_days = implied_calendar_days(since.fact_elapsed, spread).meet(dates_onward(asked.zone))
    if since.fact_elapsed == since.elapsed:
        fact_days = days
    known = hearing.timeline.by_id
    rests = Rests(
        min=tuple(one for one in since.least_rests if one in known),
        max=tuple(one for one in since.most_rests if one in known),
    )
    ids = tuple(dict.fromkeys((*rests.both, asked.ref.id)))
    text = _text(since)
    return Answer(
        values=record,
        in_fact=_values(since.fact_exists, since.fact_elapsed, fact_days),
        text=text,
        sentence=sentence(hearing, _said(asked, since, days, text), ids, undated=since.undated),
        tight=since.tight and hearing.tight(asked.anchor, *map(asked.node, meant.values())),
        rests_on=rests,
        set_aside=hearing.set_aside,
        undated=since.undated,
        assumes=(
            *_unzoned(asked),
            *asked.told.misnamed(asked.scope.substance),
            *hearing.notes_on((*ids, *since.candidates)),
        ),
    )


def _values(exists: Exists, elapsed: Bound, days: Bound) -> dict[str, Any]:
    if exists == "impossible":
        return {"exists": exists, "elapsed": None, "whole_days": None, "calendar_days": None}
    return {
        "exists": exists,
        "elapsed": elapsed_json(elapsed),
        "whole_days": bound_json(whole_days(elapsed)),
        "calendar_days": bound_json(days),
    }


def _calendar_days(asked: _Asked, since: Since, meant: Mapping[str, Happening]) -> Bound:
    """Give the civil dates from the last (first) one to the anchor: of each candidate, met with what elapsed allows."""
    least = dates_onward(asked.zone).lo or 0  # below 0 where a later instant may be dated a day earlier
    implied = implied_calendar_days(since.elapsed, offset_spread(asked.zone)).meet(Bound(least, None))
    if len(meant) < len(since.candidates):
        return implied
    network = decided(asked.told.record)
    every = [_days(asked, network, asked.node(one)) for one in meant.values()]
    sure = [days for days, one in zip(every, meant.values(), strict=True) if _sure(asked, network, one)]
    lows = [least if days.lo is None else max(least, days.lo) for days in every]
    highs = [days.hi for days in every]
    if asked.last:
        known = [days.hi - least for days in sure if days.hi is not None]
        most = min(known) if known else _greatest(highs if not sure else [None])
        return implied.meet(Bound(min(lows, default=least), most))
    known = [days.lo + least for days in sure if days.lo is not None]
    return implied.meet(Bound(max(known, default=min(lows, default=least)), _greatest(highs)))


def _greatest(ends: Sequence[int | None]) -> int | None:
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _sure(asked: _Asked, network: Network, one: Happening) -> bool:
    """Whether a candidate is certainly of the scope, and at or before the anchor."""
    least = network.between(asked.node(one), asked.anchor).lo
    return one.scope.within(asked.scope) and bool(one.count.lo) and least is not None and least >= 0


def _days(asked: _Asked, network: Network, node: str) -> Bound:
    return replace(asked.hearing, network=network).calendar_days(node, asked.anchor, asked.zone)


# --- words -----------------------------------------------------------------------------------------------------------


def _text(since: Since) -> str:
    """Say the record and, where they differ, both."""
    if since.exists == "impossible":
        return "none on record"
    record, fact = words.elapsed(since.elapsed), words.elapsed(since.fact_elapsed)
    both = record if record == fact else f"{record} on record; {fact} in fact"
    return f"none certainly; if there was one, {both}" if since.exists == "possible" else both


def _said(asked: _Asked, since: Since, days: Bound, text: str) -> str:
    """Say the question and the answer with anchor, zone and the three rulers."""
    which, kind = "last" if asked.last else "first", asked.type.replace("_", " ")
    at = words.instants(asked.hearing.bound(asked.anchor), asked.zone)
    rulers = ""
    if since.exists != "impossible" and since.elapsed.lo is not None and since.elapsed.lo >= DAY:
        rulers = f": {words.trio(days, whole_days(since.elapsed), first_day='the day of it')}"
    return f"time from the {which} {kind}{asked.written} to @{asked.ref.id} ({at}, {asked.zone}): {text}{rulers}"


def _unzoned(asked: _Asked) -> tuple[str, ...]:
    timeline = asked.hearing.timeline
    event = timeline.by_id.get(asked.ref.id)
    if asked.zone == "UTC" and not (timeline.zone_of(event) if event else timeline.zone):
        return (f"calendar days are counted in UTC: neither @{asked.ref.id} nor the case has a zone",)
    return ()
