"""What the treatment was: sessions, doses in and outside a regimen, what was tried before, ran beside, came of it.

JSON: `{"view": "treatment", "groups": [row], "tried": {"count"}, "medications": [row], "concurrent": [row],
"scores": [row], "responses": [row], "adverse_effects": [row], "said": [row]}`; every key of the rows is described in
docs/views-treatment.md. `groups` are the administrations by substance, type and regimen, each `within` the regimen,
`outside` it or `not stated`; numbers are bounds, and an amount nobody states is counted, never zero. `tried` counts the
`trial` events and claims before the first session. What is said of the treatment in general (`said`) is no fact of this
patient. Each row has its `line` in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.event import RecordedEvent
from events.quantity import read_quantity
from events.when import ANY
from timeline.answers import Answer, Rests, bound_json, elapsed_json, instants_json
from timeline.asking import words
from timeline.asking.lines import row, tail, when_words, who
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, said
from timeline.counting.last import Since
from timeline.counting.measures import measured, outward
from timeline.counts import Count
from timeline.hearings.account import Account
from timeline.kinetics.figures import figure
from timeline.treatment.courses import Course
from timeline.treatment.earlier import Earlier
from timeline.treatment.question import Question
from timeline.treatment.sessions import Sessions
from timeline.treatment.since import differs, in_fact, since_json, since_words
from timeline.views import Parameter, view
from timeline.views.dose_total import ORDERS

NOTED: Final = "treatment"
"""The tag of notes that say something of a treatment in general."""
MEASURED: Final = ("scores", "responses", "adverse_effects")
"""The rows that have times from the first and from the last session."""
SHOWN: Final = 6
"""Groups of doses that the short words name; the rest are counted."""
Row = dict[str, Any]


@view(
    "treatment",
    asks="sessions and doses, what was tried before, ran beside, and came of it",
    parameters=(
        Parameter(name="substance", shown="S", help="only this substance is the treatment"),
        Parameter(name="type", shown="T", help="only administrations of this type"),
        Parameter(name="regimen", shown="R", help="doses of this regimen are within it, of another outside"),
        Parameter(name="at", shown="REF", help="up to this event; what runs beside is asked of its instant"),
    ),
)
def treatment(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the treatment as the account tells of it."""
    asked = Question.of(timeline, params, account)
    hearing = asked.hearing
    values = _values(asked)
    ids = tuple(dict.fromkeys((*asked.ids, *asked.named)))
    undated = tuple(sorted({*hearing.undated}.intersection(ids)))
    text = _text(asked, values)
    return Answer(
        values=values,
        in_fact=_in_fact(asked, values),
        text=text,
        sentence=sentence(hearing, f"the treatment on record: {text}", ids, undated=undated),
        tight=False,
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*_assumes(asked), *hearing.notes_on(ids)),
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def _values(asked: Question) -> dict[str, Any]:
    tried = [_trial(asked, event) for event in asked.events("trial")]
    return {
        "groups": [_group(asked, one) for one in asked.groups],
        "tried": {"count": bound_json(asked.tried.bound)},
        "medications": tried,
        "concurrent": [_course(asked, one) for one in asked.concurrent],
        "scores": _scores(asked),
        "responses": _responses(asked),
        "adverse_effects": [_effect(asked, event) for event in asked.events("adverse_effect")],
        "said": [_said(event) for event in asked.events("case.note") if NOTED in event.tags],
    }


def _group(asked: Question, group: Sessions) -> Row:
    per_weight = group.for_weight
    made = {
        "substance": group.scope.substance or None,
        "type": group.scope.type or "dose",
        "regimen": group.regimen or None,
        "stands": group.stands,
        "counted": "ordered" if group.scope.type in ORDERS else "given",
        "count": bound_json(group.count.bound),
        "first": instants_json(group.first),
        "last": instants_json(group.last),
        "intervals": [
            {"from": each.start, "to": each.end, "elapsed": elapsed_json(each.elapsed)} for each in group.between
        ],
        "routes": list(group.texts("route")),
        "given_by": list(group.texts("given_by")),
        "amounts": [
            {"unit": each.unit, "min": outward(each.lo, up=False), "max": each.hi and outward(each.hi, up=True)}
            for each in group.amounts
        ],
        "for_weight": per_weight
        and {
            "unit": "mg/kg",
            "min": figure(per_weight.lo, up=False, digits=6),
            "max": figure(per_weight.hi, up=True, digits=6),
        },
        "amount_not_stated": list(group.unknown),
        "ids": list(group.ids),
    }
    return {**made, "line": _group_words(asked, group)}


def _trial(asked: Question, event: RecordedEvent) -> Row:
    made = row(asked.hearing, event)
    medication, outcome = str(said(event, "medication")), str(said(event, "outcome"))
    told = f"tried {medication or 'a medication'}{f', {outcome}' if outcome else ''}"
    before = str(asked.before_all(event.id))
    extra = {"medication": medication or None, "outcome": outcome or None, "before_treatment": before}
    return {**made, **extra, "line": _line(asked, event, made, told)}


def _course(asked: Question, one: Course) -> Row:
    hearing = asked.hearing
    event = hearing.timeline.by_id[one.id]
    at = "at that time" if asked.at else "during the treatment"
    what = f"{one.substance} {'ordered' if one.ordered else 'given'}, {one.truth} {at}"
    stopped = f", stopped by @{one.by}" if one.by else "" if one.end else ", no end recorded"
    made = row(hearing, event)
    return {
        **made,
        "substance": one.substance,
        "ordered": one.ordered,
        "truth": str(one.truth),
        "ends": instants_json(hearing.bound(one.end) if one.end else ANY),
        "stopped_by": one.by or None,
        "line": _line(asked, event, made, f"{what}{stopped}"),
    }


def _scores(asked: Question) -> list[Row]:
    """Give each score with the change since the first of its scale, where that certainly was before."""
    events = asked.events("assessment")
    firsts: dict[str, RecordedEvent] = {}
    for event in events:
        firsts.setdefault(_scale(asked, event), event)
    return [_score(asked, event, firsts[_scale(asked, event)]) for event in events]


def _scale(asked: Question, event: RecordedEvent) -> str:
    return asked.hearing.timeline.same_name(str(said(event, "scale")))


def _score(asked: Question, event: RecordedEvent, first: RecordedEvent) -> Row:
    made = row(asked.hearing, event)
    scale, score = str(said(event, "scale")), str(said(event, "score"))
    change = _change(asked, first, event) if first.id != event.id else None
    moved = f", {_signed(change)} since @{first.id}" if change else ""
    return {
        **made,
        "scale": scale or None,
        "score": score or None,
        "since": first.id if change else None,
        "change": change,
        **_from_doses(asked, event),
        "line": _line(asked, event, made, f"{scale or 'a scale not named'} {score or 'without a score'}{moved}"),
    }


def _change(asked: Question, first: RecordedEvent, event: RecordedEvent) -> dict[str, str | None] | None:
    """Give how far a score moved from the first: null where the order or a score is not known."""
    nodes = [asked.hearing.nodes(one.id).start for one in (first, event)]
    apart = asked.hearing.network.between(nodes[0], nodes[1]).lo
    a, b = (measured(read_quantity(said(one, "score") or "unknown")) for one in (first, event))
    if apart is None or apart < 0 or a is None or b is None or a.hi is None or b.hi is None or a.unit != b.unit:
        return None
    low, high = b.lo - a.hi, b.hi - a.lo
    return {"min": _plain(low), "max": _plain(high)}


def _plain(number: Any) -> str:
    return f"-{outward(-number, up=False)}" if number < 0 else outward(number, up=False)


def _signed(change: Mapping[str, str | None]) -> str:
    ends = [f"+{each}" if each and each[0] not in "-0" else f"{each}" for each in (change["min"], change["max"])]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _from_doses(asked: Question, event: RecordedEvent) -> Row:
    """Give the times from the first and from the last session before an event."""
    node, zone = asked.hearing.nodes(event.id).start, asked.hearing.zone(event.id)
    return {name: since_json(asked.sittings, since, node, zone) for name, since in _since(asked, node).items()}


def _since(asked: Question, node: str) -> Mapping[str, Since]:
    return {"from_first": asked.sittings.since_first(node), "from_last": asked.sittings.since_last(node)}


def _responses(asked: Question) -> list[Row]:
    """Give each answer to the treatment; a relapse with the last response or remission that certainly was before it."""
    events = asked.events("response")
    answered = {one.id: asked.hearing.nodes(one.id).start for one in events if str(said(one, "of")) != "relapse"}
    before = Earlier(asked.hearing.network, answered)
    made = []
    for event in events:
        found, shape = row(asked.hearing, event), str(said(event, "of"))
        earlier = before.last(asked.hearing.nodes(event.id).start) if shape == "relapse" else None
        after = f", {words.elapsed(earlier[1])} after @{earlier[0]}" if earlier else ""
        told = f"{shape}, {_doses_words(asked, event)}{after}"
        since = {"id": earlier[0], "elapsed": elapsed_json(earlier[1])} if earlier else None
        made.append(
            {**found, "of": shape, **_from_doses(asked, event), "since_response": since,
             "line": _line(asked, event, found, told)}
        )  # fmt: skip
    return made


def _effect(asked: Question, event: RecordedEvent) -> Row:
    made = row(asked.hearing, event)
    effect, severity = str(said(event, "effect")), str(said(event, "severity"))
    told = f"{effect or 'an effect not named'}{f' ({severity})' if severity else ''}, {_doses_words(asked, event)}"
    return {
        **made,
        "effect": effect or None,
        "severity": severity or None,
        **_from_doses(asked, event),
        "line": _line(asked, event, made, told),
    }


def _said(event: RecordedEvent) -> Row:
    text = str(said(event, "text"))
    return {"id": event.id, "text": text, "source": event.source.words, "line": f"{text} ({who(event.source)})"}


def _in_fact(asked: Question, values: Mapping[str, Any]) -> dict[str, Any]:
    """Repeat every value: sessions and trials that nobody recorded may have been."""
    groups = [
        {**made, "count": bound_json(group.count.in_fact), **_open_ends(made, group)}
        for made, group in zip(values["groups"], asked.groups, strict=True)
    ]
    measured = {name: [_measured_in_fact(asked, made) for made in values[name]] for name in MEASURED}
    return {**values, **measured, "groups": groups, "tried": {"count": bound_json(asked.tried.in_fact)}}


def _measured_in_fact(asked: Question, made: Row) -> Row:
    """Repeat a row with its times from sessions that may be none of those on record, where these are others."""
    node, zone = asked.hearing.nodes(made["id"]).start, asked.hearing.zone(made["id"])
    facts = {name: in_fact(since) for name, since in _since(asked, node).items() if differs(since)}
    return {**made, **{name: since_json(asked.sittings, since, node, zone) for name, since in facts.items()}}


def _open_ends(made: Row, group: Sessions) -> Row:
    closed = group.count.in_fact.hi is not None
    first, last = made["first"], made["last"]
    return {} if closed else {"first": {"min": None, "max": first["max"]}, "last": {"min": last["min"], "max": None}}


# --- words -----------------------------------------------------------------------------------------------------------


def _line(asked: Question, event: RecordedEvent, made: Mapping[str, Any], told: str) -> str:
    return f"{when_words(asked.hearing, event)}: {told} ({tail(asked.hearing, event, made)}) @{event.id}"


def _doses_words(asked: Question, event: RecordedEvent) -> str:
    node = asked.hearing.nodes(event.id).start
    first, last = asked.sittings.since_first(node), asked.sittings.since_last(node)
    if first.exists == "impossible":
        return since_words(first, "dose")
    return f"{since_words(first, 'first dose')}, {since_words(last, 'last')}"


def _text(asked: Question, values: Mapping[str, Any]) -> str:
    groups = [_short(group) for group in asked.groups[:SHOWN]]
    more = len(asked.groups) - SHOWN
    groups += [f"{more} more of other substances, types or regimens"] if more > 0 else []
    counted = [
        words.plural(len(values[name]), noun).replace("answer to its", "answers to it")
        for name, noun in (("scores", "score"), ("responses", "answer to it"), ("adverse_effects", "adverse effect"))
        if values[name]
    ]
    beside_ = [f"{len(asked.concurrent)} beside it"] if asked.concurrent else []
    return "; ".join((*(groups or ["no session on record"]), _tried_words(asked), *beside_, *counted))


def _short(group: Sessions) -> str:
    name = " ".join(filter(None, (group.scope.substance, (group.scope.type or "dose").replace("_", " "))))
    stands = "" if group.stands == "not stated" and not group.regimen else f" ({group.stands} the regimen)"
    return f"{name}: {_counted(group.count)}{stands}"


def _counted(count: Count) -> str:
    record, fact = words.number(count.bound), words.number(count.in_fact)
    return record if record == fact else f"{record} on record, {fact} in fact"


def _tried_words(asked: Question) -> str:
    return f"medications tried before: {_counted(asked.tried)}"


def _group_words(asked: Question, group: Sessions) -> str:
    zone = asked.hearing.timeline.zone or "UTC"
    regimen = f"regimen {group.regimen}, {group.stands}" if group.regimen else "regimen not stated"
    amounts = [f"{_range(each.lo, each.hi)} {each.unit}".strip() for each in group.amounts]
    some = f"{words.plural(len(group.unknown), 'event')} without an amount" if group.unknown else ""
    weight = group.for_weight
    per = f"{figure(weight.lo, up=False)} to {figure(weight.hi, up=True)} mg/kg" if weight else ""
    steps = [words.elapsed(each.elapsed) for each in group.between]
    parts = (
        f"{_short(group)}; {regimen}",
        f"first {words.instants(group.first, zone)}, last {words.instants(group.last, zone)}",
        f"each {words.listed(amounts, joined='or')}" if amounts else "",
        f"for weight {per}" if per else "",
        some,
        f"apart {'; '.join(steps)}" if steps else "",
    )
    return "; ".join(filter(None, parts))


def _range(lo: Any, hi: Any) -> str:
    least = outward(lo, up=False)
    return f"at least {least}" if hi is None else least if lo == hi else f"{least} to {outward(hi, up=True)}"


def _assumes(asked: Question) -> tuple[str, ...]:
    """Say what the sessions were taken to be."""
    stands = {group.stands for group in asked.groups}
    said_so = []
    if asked.groups and "within" not in stands:
        said_so.append("no dose names a regimen: times are counted from every dose that is not said to be outside one")
    if len(asked.groups) > 1:
        said_so.append("doses of different substances, types and regimens are counted apart")
    return tuple(said_so)
