"""Who is charged with what, on whose word, and how it stands: pleas, verdicts, sentences, hearings. Convicts nobody.

JSON: `{"view": "charges", "at": null, "defendants": [row], "charges": [row], "withdrawn": [row], "hearings": [row],
"deadlines": [row], "elapsed": [row]}`; every key of the rows is described in docs/views-justice-and-findings.md.
`charges` has a row for each charge, plea, verdict and sentence; `defendants` one for each name, with what stands and
the counts charged, pleaded guilty to, convicted of, acquitted of and dropped, as bounds. A later charge of the same
defendant and offence amends the earlier one; its counts stand, and 0 drops it. `hearings` have `before_that` (the dates
they replaced) and flags; `deadlines` a `state`; `elapsed` the times from death to report to charge to sentence. `--at`
is the day it is looked at from: there is no clock. Each row has its `line` in words, which says that charged is not
convicted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from events.event import RecordedEvent
from timeline.answers import Answer, Rests, bound_json
from timeline.asking import words
from timeline.asking.lines import row, rows_of, who, withdrawn
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, said
from timeline.charges.dates import NO_DAY, Charges, deadlines, hearings
from timeline.charges.outcomes import ACQUITTED, CHARGED, CONVICTED, DROPPED, GUILTY, ON_RECORD
from timeline.charges.rows import TYPES, Defendant, defendants, verdict_words
from timeline.charges.times import Course, elapsed
from timeline.charges.today import Today, read_today
from timeline.hearings.account import Account
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, view

COUNTED: Final = (CHARGED, GUILTY, CONVICTED, ACQUITTED, DROPPED)
NOT_THEN: Final = "hearings are set as the record stands: --as-of or --asserted-by shows what was known on a day"
NOT_CONVICTED: Final = "a charge is no conviction"
SHOWN: Final = 8
Row = dict[str, Any]


@view(
    "charges",
    asks="who is charged with what, how it stands, hearings and deadlines; charged is not convicted",
    parameters=(
        Parameter(name="at", shown="REF|DATE", help="the day it is looked at from; there is no clock"),
        Parameter(name="defendant", shown="NAME", help="only this defendant"),
    ),
)
def charges(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give every charge of an account with what came of it, and every hearing and deadline."""
    today = read_today(timeline, str(params.get("at") or ""))
    deaths = [event.id for event in timeline.told if event.type == "death"]
    hearing = timeline.hear(account, named=(*deaths, *today.named))
    gaps = Gaps(hearing)
    told = defendants(hearing, gaps, today, str(params.get("defendant") or ""))
    accused = Charges(hearing, gaps, [one.id for one in rows_of(hearing, "charge")])
    values: dict[str, Any] = {
        "at": today.text or None,
        "defendants": [_defendant(one) for one in told],
        "charges": [each for one in told for each in one.rows],
        "withdrawn": [_withdrawn(hearing, event) for event in withdrawn(hearing, *TYPES, "hearing", "deadline")],
        "hearings": hearings(hearing, rows_of(hearing, "hearing"), accused, today),
        "deadlines": deadlines(hearing, rows_of(hearing, "deadline"), today),
        "elapsed": elapsed(hearing, deaths, [one.id for one in rows_of(hearing, "report_released")], _courses(told)),
    }
    ids = tuple(one["id"] for name in ("charges", "hearings", "deadlines") for one in values[name])
    undated = tuple(sorted({*hearing.undated}.intersection(ids)))
    text = f"at {today.text}: {_text(values)}" if today else _text(values)
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, f"{text}; {NOT_CONVICTED}", ids, undated=undated),
        tight=False,
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*_assumed(values, today), *hearing.notes_on((*ids, *deaths, *today.named))),
    )


def _assumed(values: Mapping[str, Any], today: Today) -> list[str]:
    open_ = any(one["state"] == NO_DAY for one in values["deadlines"])
    return [
        *(["no day is given to hold the deadlines against: ask --at DATE"] if open_ and not today else []),
        *(["an offence is the same where its words are"] if values["charges"] else []),
        *([NOT_THEN] if today and values["hearings"] else []),
    ]


def _courses(told: Sequence[Defendant]) -> list[Course]:
    return [Course(one.name, _ids(one, "charge"), _ids(one, "sentence")) for one in told]


def _ids(one: Defendant, kind: str) -> list[str]:
    return [event.id for event in one.events if event.type == kind]


# --- defendants ------------------------------------------------------------------------------------------------------


def _defendant(one: Defendant) -> Row:
    stands = one.stands()
    counts = {kind: one.counts(kind) for kind in COUNTED}
    others = [event.id for event in one.events if event.type != "charge"]
    shown = [_counted(kind, counts[kind], one) for kind in COUNTED]
    may = one.may_stand()
    perhaps = [f"perhaps by then {words.listed(may, joined='or')}"] if may else []
    told = "; ".join((verdict_words(stands), *perhaps, *(text for text in shown if text)))
    speakers = words.listed(list(dict.fromkeys(who(event.source) for event in one.events)))
    return {
        "defendant": one.name,
        "stands": stands,
        "may_stand": may,
        "convicted": bool(ON_RECORD & set(stands)),
        "counts": {kind: bound_json(bound) for kind, bound in counts.items()},
        "charges": _ids(one, "charge"),
        "outcomes": others,
        "line": f"{one.name}: {told} ({speakers})",
    }


def _counted(kind: str, bound: Any, one: Defendant) -> str:
    if bound.hi == 0:
        return ""
    if bound.hi is None and (bound.lo or 0) <= 1:
        types = {CHARGED: "charge", GUILTY: "plea"}
        there = any(one.kinds[event.id] == kind for event in one.of(types.get(kind, "verdict")))
        return f"how many counts {kind} not stated" if there else ""
    return f"{words.number(bound)} count{'' if bound.lo == bound.hi == 1 else 's'} {kind}"


def _withdrawn(hearing: Hearing, event: RecordedEvent) -> Row:
    made = row(hearing, event)
    why = "; ".join(f"@{one['by']}: {one['reason']}" for one in made["amended"])
    named = str(said(event, "defendant") or said(event, "purpose") or "")
    what = " ".join(part for part in (event.type, named, event.when) if part)
    line = f"withdrawn: {what} ({who(event.source)}; {why})"
    return {**made, "type": event.type, "line": line}


# --- words -----------------------------------------------------------------------------------------------------------


def _text(values: Mapping[str, Any]) -> str:
    """Give how many defendants stand how: `1 sentenced (physician A); 2 charged, not convicted on record (…)`."""
    groups: dict[str, list[str]] = {}
    for one in values["defendants"]:
        groups.setdefault(verdict_words(one["stands"]), []).append(one["defendant"])
    parts = [f"{len(names)} {what} ({_named(names)})" for what, names in groups.items()]
    trial = [_hearing(one) for one in values["hearings"] if one["state"] == "scheduled"]
    parts += [_named(trial)] if trial else []
    return "; ".join(parts) or "no charge, hearing or sentence on record"


def _hearing(one: Row) -> str:
    return str(one["line"]).partition(" (")[0].partition(";")[0].partition(",")[0]


def _named(names: Sequence[str]) -> str:
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return words.listed([*names[:SHOWN], *more])
