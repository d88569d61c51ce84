"""What was found and measured, by whom and since when, beside cited ranges. Says not what a level means.

JSON: `{"view": "findings", "findings": [row], "withdrawn": [row], "measured": [row], "ranges": [texts], "caveats":
[texts]}`; every key of the rows is described in docs/views-justice-and-findings.md. `findings` are the `finding` events
(cause, contributing, manner, other), each with `later` (ids of later findings of the same aspect and speaker), what
amendments changed and who disputes it; `withdrawn` those retracted. `measured` are the `toxicology` events: the value
as written, its `status`, `level` in ng/mL where that follows, `uncertainty` ("not recorded" where it is not), the
`specimen` with bounds of when it was taken and how long after death, and `beside`: each cited range with its relation.
`ranges` says which of them overlap. Each row has its `line` in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import read_quantity
from events.units import compatible
from events.when import ANY
from timeline.answers import Answer, Rests, elapsed_json, instants_json
from timeline.asking import words
from timeline.asking.lines import row, rows_of, tail, when_words, who, withdrawn
from timeline.asking.questions import read_ref
from timeline.asking.sentences import sentence
from timeline.asking.uncertainty import share_of
from timeline.case import CaseTimeline, said
from timeline.findings.beside import beside, in_words, overlaps
from timeline.findings.levels import Level, tested
from timeline.findings.references import CAVEATS, MOLAR_MASSES, MolarMass, references
from timeline.findings.specimens import NOT_RECORDED, Specimen, specimen_of
from timeline.hearings.account import Account
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, view

ASPECTS: Final = ("cause", "contributing", "manner", "other", "")
SHOWN: Final = 6
"""How many values the short words name."""
Row = dict[str, Any]


@view(
    "findings",
    asks="cause, contributing, manner and laboratory values: who found them, since when, beside cited ranges",
    parameters=(
        Parameter(name="at", shown="REF", help="the death that specimens are dated from; else the case's one death"),
        Parameter(
            name="molar-mass",
            shown="ANALYTE=GRAMS",
            repeatable=True,
            help="grams a mole, for values in moles: 'ketamine=237.73'",
        ),
    ),
)
def findings(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give every finding and every laboratory value of an account, each on whose word."""
    death = _death(timeline, str(params.get("at") or ""))
    hearing = timeline.hear(account, named=(death,) if death else ())
    masses = _masses(timeline, params.get("molar-mass", ()))
    found = _findings(hearing, rows_of(hearing, "finding"))
    gone = [_withdrawn(hearing, event) for event in withdrawn(hearing, "finding", "toxicology")]
    measures = _Measures(hearing, death, masses)
    measured = [measures.row(event) for event in rows_of(hearing, "toxicology")]
    values: dict[str, Any] = {
        "findings": found,
        "withdrawn": gone,
        "measured": measured,
        "ranges": _overlaps(timeline, measured),
        "caveats": list(CAVEATS) if any(one["beside"] for one in measured) else [],
    }
    ids = tuple(one["id"] for one in (*found, *measured))
    undated = tuple(sorted({*hearing.undated}.intersection(ids)))
    text = _text(found, measured)
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, "; ".join((text, *values["caveats"][:1])), ids, undated=undated),
        tight=hearing.tight(*(hearing.nodes(one).end for one in ids)),
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(*measures.assumes, *hearing.notes_on((*ids, *((death,) if death else ())))),
    )


def _death(timeline: CaseTimeline, at: str) -> str:
    """Give the id of the death that specimens are dated from; empty where the case has none, or several."""
    if at:
        return read_ref(timeline, at).id
    deaths = [event.id for event in timeline.told if event.type == "death"]
    return deaths[0] if len(deaths) == 1 else ""


def _masses(timeline: CaseTimeline, given: Sequence[str]) -> Mapping[str, MolarMass]:
    """Read the molar masses that are stated in the question; they come before those of the table."""
    masses = dict(MOLAR_MASSES)
    for text in (given,) if isinstance(given, str) else given:
        name, equals, written = str(text).partition("=")
        amount = read_quantity(written.strip()) if equals and written.strip() else None
        if amount is None or not amount.exact or not amount.lo:
            raise Fault(f"{text!r} states no molar mass", "write --molar-mass 'ketamine=237.73' (grams a mole)")
        if amount.unit and not compatible(amount.unit, "g/mol"):
            raise Fault(f"{text!r} is in {amount.unit}, which is no molar mass", "write it in g/mol, or without a unit")
        masses[timeline.same_name(name)] = MolarMass(grams=Decimal(amount.lo), source="as stated in the question")
    return masses


# --- findings --------------------------------------------------------------------------------------------------------


def _by_aspect(events: list[RecordedEvent]) -> list[RecordedEvent]:
    return sorted(events, key=lambda event: ASPECTS.index(str(said(event, "aspect"))))


def _findings(hearing: Hearing, events: list[RecordedEvent]) -> list[Row]:
    gaps = Gaps(hearing)
    alike: dict[tuple[str, str], list[str]] = {}
    for event in events:
        alike.setdefault(_kind(hearing, event), []).append(event.id)
    return [_finding(hearing, event, _later(gaps, event, alike[_kind(hearing, event)])) for event in _by_aspect(events)]


def _kind(hearing: Hearing, event: RecordedEvent) -> tuple[str, str]:
    """Give the aspect of a finding, and who found it as names are compared."""
    return str(said(event, "aspect")), hearing.timeline.same_name(event.source.speaker)


def _finding(hearing: Hearing, event: RecordedEvent, later: list[str]) -> Row:
    made = row(hearing, event)
    aspect, text = str(said(event, "aspect")), str(said(event, "text"))
    since = f"; later by the same speaker: {words.listed([f'@{one}' for one in later])}" if later else ""
    what = f"{aspect or 'finding'}: {text.rstrip('.')}{_found_when(hearing, event)}"
    line = f"{what} ({tail(hearing, event, made, recorded=True)}{since})"
    return {**made, "aspect": aspect, "text": text, "stands": True, "later": later, "line": line}


def _found_when(hearing: Hearing, event: RecordedEvent) -> str:
    return f", {when_words(hearing, event)}" if event.when else ""


def _later(gaps: Gaps, event: RecordedEvent, alike: Sequence[str]) -> list[str]:
    """Give those of the findings of the same aspect and speaker that were certainly made after this one."""
    if said(event, "aspect") not in ("cause", "manner"):
        return []
    return [other for other in alike if (gaps.between(event.id, other).lo or 0) > 0]


def _withdrawn(hearing: Hearing, event: RecordedEvent) -> Row:
    made = row(hearing, event)
    what = str(said(event, "text") or said(event, "concentration") or event.type).rstrip(".")
    aspect = str(said(event, "aspect") or said(event, "analyte"))
    why = "; ".join(f"@{one['by']}: {one['reason']}" for one in made["amended"]) or "withdrawn"
    line = f"withdrawn: {aspect}{': ' if aspect else ''}{what} ({who(event.source)}; {why})"
    return {**made, "type": event.type, "aspect": aspect, "text": what, "stands": False, "line": line}


# --- laboratory values -----------------------------------------------------------------------------------------------


class _Measures:
    """The laboratory values of one hearing, and what reading them took for granted."""

    def __init__(self, hearing: Hearing, death: str, masses: Mapping[str, MolarMass]) -> None:
        self.hearing, self.masses = hearing, masses
        self.death = hearing.nodes(death).start if death in hearing.statements else ""
        self.assumes: list[str] = []

    def row(self, event: RecordedEvent) -> Row:
        hearing = self.hearing
        made = row(hearing, event)
        written = str(said(event, "analyte"))
        analyte = hearing.timeline.same_name(written)
        level, sample = tested(event, analyte, self.masses), specimen_of(hearing, event, self.death)
        uncertainty = str(said(event, "uncertainty")) or NOT_RECORDED
        near = beside(level, references(analyte), sample.matrix, share_of(uncertainty))
        if level.how and level.how not in self.assumes:
            self.assumes.append(level.how if level.comparable is False else f"moles of {written} taken {level.how}")
        said_by = tail(hearing, event, made, recorded=True)
        line = f"{_what(written, level, sample)} ({said_by}); uncertainty {uncertainty}"
        taken = _taken(hearing, event, sample)
        place = f"; beside published levels: {in_words(near)}" if near else ""
        return {
            **made,
            "analyte": written,
            "concentration": level.written,
            "status": level.status,
            "level": level.json,
            "how": level.how,
            "loq": str(said(event, "loq")),
            "uncertainty": uncertainty,
            "method": str(said(event, "method")),
            "lab": str(said(event, "lab")),
            "specimen": _sample(sample),
            "beside": near,
            "line": f"{line}; {taken}{place}",
        }


def _sample(sample: Specimen) -> Row:
    return {
        "id": sample.id or None,
        "site": sample.site or NOT_RECORDED,
        "matrix": sample.matrix or NOT_RECORDED,
        "stated": sample.stated,
        "taken": instants_json(sample.taken),
        "after_death": elapsed_json(sample.after_death),
    }


def _what(analyte: str, level: Level, sample: Specimen) -> str:
    where = " ".join(part for part in (sample.site, sample.matrix) if part)
    value = level.words if level.status in ("measured", "range", "below") else f"{level.status}"
    if level.status in ("at least", "at most", "detected", "not detected"):
        value = level.words
    return f"{analyte or 'analyte not named'} {value} in {where or 'a specimen not described'}"


def _taken(hearing: Hearing, event: RecordedEvent, sample: Specimen) -> str:
    """Say when the specimen was taken and how long after death, as far as anybody says."""
    if not sample.stated:
        return "time of the specimen not recorded"
    zone = hearing.zone(sample.id or event.id)
    after = sample.after_death
    side = "after death" if after.lo is not None and after.lo >= 0 else "than the death"
    since = "" if after == ANY else f", {words.elapsed(after)} {side}"
    return f"specimen taken {words.instants(sample.taken, zone)}{since}"


def _overlaps(timeline: CaseTimeline, measured: Sequence[Row]) -> list[str]:
    names = {timeline.same_name(one["analyte"]): one["analyte"] for one in measured if one["beside"]}
    return [f"{names[name]}: {text}" for name in sorted(names) for text in overlaps(references(name))]


# --- words -----------------------------------------------------------------------------------------------------------


def _text(found: Sequence[Row], measured: Sequence[Row]) -> str:
    parts = _aspects([one for one in found if one["aspect"] in ASPECTS[:3]])
    others = sum(one["aspect"] not in ASPECTS[:3] for one in found)
    parts += [words.plural(others, "other finding")] if others else []
    shown = [f"{one['line'].partition(' (')[0]} [{_who(one)}]" for one in measured[:SHOWN]]
    more = [words.plural(len(measured) - SHOWN, "more value")] if len(measured) > SHOWN else []
    parts += [words.listed([*shown, *more])] if shown else []
    return "; ".join(parts) or "no finding and no laboratory value"


def _aspects(found: Sequence[Row]) -> list[str]:
    """Give each aspect with all that is found of it; on whose word once, where it is one word for all."""
    alone = len({_who(one) for one in found}) == 1
    groups = [(aspect, [one for one in found if one["aspect"] == aspect]) for aspect in ASPECTS[:3]]
    parts = [_aspect(aspect, rows, alone=alone) for aspect, rows in groups if rows]
    return [*parts[:-1], f"{parts[-1]} [{_who(found[0])}]"] if alone else parts


def _aspect(aspect: str, found: Sequence[Row], *, alone: bool) -> str:
    groups: dict[str, list[str]] = {}
    for one in found:
        groups.setdefault("" if alone else f" [{_who(one)}]", []).append(one["text"].rstrip("."))
    many = f" ({len(found)} findings)" if len(found) > 1 and aspect != "contributing" else ""
    return f"{aspect}{many}: {words.listed([f'{words.listed(texts)}{name}' for name, texts in groups.items()])}"


def _who(one: Row) -> str:
    source = one["source"]
    through = f", as reported by {source['via']}" if source.get("via") else ""
    stances = [f"; disputed by {each['party']}" for each in one["positions"] if each["stance"] == "disputes"]
    standing = source.get("standing") or "no standing given"
    return f"{source.get('speaker') or 'nobody named'}{through}, {standing}{''.join(stances)}"


