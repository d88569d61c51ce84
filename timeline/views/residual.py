"""What the recorded administrations could leave in blood at an instant, and whether they could explain a level found.

JSON: `{"view": "residual", "substance", "unit": "ng/mL", "assay", "at": {"min", "max"}, "level": {"id", "min", "max",
"written"} or null, "explains", "models": [row], "last": [row], "administrations": [row], "caveats": [texts],
"back_calculation"}`; every key of the rows is described in docs/residual-drug.md. `models` says what all recorded
administrations leave under each model, `last` what the last of each type alone leaves. `explains` is "impossible" or
"possible" (never certain: a model proves nothing), null without a level. A level below the assay's limit is `{"min":
"0", "max": "0.1"}` with `below_assay`, never a smaller number. A dose is never computed from a level.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from math import inf
from typing import Any

from events.errors import Fault
from events.when import MINUTE, Bound
from timeline.answers import Answer, bound_json, elapsed_json, instants_json
from timeline.asking import words
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.counting.measures import outward
from timeline.hearings.account import Account
from timeline.kinetics.asked import REFUSED
from timeline.kinetics.caveats import CAVEATS
from timeline.kinetics.enclosures import ANYTHING, Span
from timeline.kinetics.figures import Level, figure
from timeline.kinetics.given import Given
from timeline.kinetics.lasts import LastOne
from timeline.kinetics.left import of_each
from timeline.kinetics.parameters import Model
from timeline.kinetics.question import Question, Under, runs
from timeline.kinetics.words import assumes, last_words, named, said, text_of
from timeline.views import Parameter, view

Row = dict[str, Any]


@view(
    "residual",
    asks="what the recorded doses could leave in blood at an instant, and whether that could be a level found",
    parameters=(
        Parameter(name="substance", shown="S", required=True, help="of what; its parameters must be known"),
        Parameter(name="at", shown="REF", required=True, help="when: an event, such as @death"),
        Parameter(name="type", shown="T", help="only administrations of this type"),
        Parameter(name="level", shown="REF|AMOUNT", help="a level found: a toxicology event, or '3540 ng/mL'"),
        Parameter(
            name="assume-dose",
            shown="[TYPE=]AMOUNT",
            repeatable=True,
            help="what a dose nobody states is taken to be: '0.5 mg/kg to 1 mg/kg', 'infusion=0.5 mg/kg'",
        ),
        Parameter(
            name="assume-apart",
            shown="[TYPE=]DURATION",
            repeatable=True,
            help="how far apart several of one event lie at least: '1 day', 'infusion=1 day'",
        ),
        Parameter(name="assume-duration", shown="D", help="each infusion of no stated length took: '40 to 60 minutes'"),
        Parameter(name="weight", shown="AMOUNT", help="body weight, where no administration states it: '60 to 80 kg'"),
        Parameter(name="parameters", kind="file", shown="FILE", help="parameters of your own (TOML, as shipped)"),
        Parameter(name="back-calculate", kind="flag", help="the dose from the level: refused, and it says why"),
    ),
)
def residual(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give what each model says could be left; raises `Fault` for a substance without parameters."""
    if params.get("back-calculate"):
        raise Fault(REFUSED, "ask what a dose would leave: --assume-dose '0.5 mg/kg to 1 mg/kg'")
    asked = Question.of(timeline, params, account)
    hearing = asked.hearing
    ids = tuple(dict.fromkeys((*asked.ids, asked.ref.id, *asked.found_by)))
    text = text_of(asked)
    return Answer(
        values=_values(asked),
        in_fact=_in_fact(asked),
        text=text,
        sentence=sentence(hearing, said(asked, text), ids, undated=asked.undated),
        tight=asked.tight,
        rests_on=asked.rests,
        set_aside=hearing.set_aside,
        undated=asked.undated,
        assumes=(*assumes(asked, params), *hearing.notes_on((*ids, *asked.ids))),
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def _values(asked: Question) -> dict[str, Any]:
    found = asked.found
    return {
        "substance": asked.substance.name,
        "unit": "ng/mL",
        "assay": outward(asked.substance.assay, up=True),
        "at": instants_json(asked.hearing.bound(asked.at)),
        "level": None if found is None else {"id": found.id or None, **_span(found.span), "written": found.words},
        "explains": asked.verdict(asked.totals),
        "models": [_model(asked, model) for model in asked.substance.models],
        "last": [_last(asked, one) for one in asked.lasts],
        "administrations": [_administration(one) for one in asked.everyone],
        "caveats": [*CAVEATS, *asked.substance.caveats],
        "back_calculation": None if found is None else f"refused: {REFUSED}",
    }


def _span(span: Span, digits: int = 6) -> dict[str, str | None]:
    return {"min": figure(span.lo, up=False, digits=digits), "max": figure(span.hi, up=True, digits=digits)}


def _outcome(asked: Question, under: Under) -> Row:
    return {
        "left": under.model.json,
        "below_assay": under.model.below,
        "anybody": under.anybody.json,
        "explains": asked.explains(under),
        "factor": None if asked.found is None else under.anybody.factor(asked.found.span),
    }


def _model(asked: Question, model: Model) -> Row:
    return {
        "model": model.name,
        "compartments": model.compartments,
        "half_life_min": figure(model.curve.half_life, up=True),
        "citation": model.citation,
        "seen": model.seen,
        **_outcome(asked, asked.totals[model.name]),
        "line": f"{model.name} ({words.plural(model.compartments, 'compartment')}): {_model_words(asked, model)}",
    }


def _model_words(asked: Question, model: Model) -> str:
    """Say what one model has for everything, and for the last of each type."""
    each = [f"{named(one.type)} {asked.alone(one.one)[model.name].model.words}" for one in asked.lasts]
    return f"all {asked.totals[model.name].model.words}{f'; of the last {words.listed(each)}' if each else ''}"


def _last(asked: Question, last: LastOne) -> Row:
    levels = asked.alone(last.one)
    known = asked.hearing.timeline.by_id
    return {
        "type": last.type,
        "exists": last.exists,
        "elapsed": elapsed_json(last.elapsed),
        "dose": None if last.one.dose == ANYTHING else {**_span(last.one.dose), "unit": "mg/kg"},
        "explains": asked.verdict(levels),
        "models": [_last_model(asked, model, last.one, levels[model.name]) for model in asked.substance.models],
        "rests_on": {
            "min": [one for one in last.rests_min if one in known],
            "max": [one for one in last.rests_max if one in known],
        },
        "line": f"the last {named(last.type)}: {last_words(asked, last)}",
    }


def _last_model(asked: Question, model: Model, one: Given, under: Under) -> Row:
    each = Level(of_each(model.curve, one), asked.substance.assay) if one.stream is None else None
    passed = Span(max(0.0, one.age.lo) / model.curve.half_life, one.age.hi / model.curve.half_life)
    return {
        "model": model.name,
        "half_lives": _span(passed, 3),
        "each_mg_per_kg": None if each is None else each.json,
        **_outcome(asked, under),
    }


def _administration(one: Given) -> Row:
    dose = one.stream or one.dose
    parts = [route.availability for route in one.routes]
    made = {
        "id": one.id,
        "type": one.type or None,
        "sure": one.sure,
        "count": bound_json(Bound(int(one.count.lo), None if one.count.hi == inf else int(one.count.hi))),
        "elapsed": elapsed_json(Bound(*map(_micros, one.age))),
        "dose": None if dose == ANYTHING else {**_span(dose), "unit": "mg/kg/min" if one.stream else "mg/kg"},
        "dose_is": "not known" if dose == ANYTHING else "stated" if one.stated else "assumed",
        "of": "all together" if one.whole else "each",
        "duration": elapsed_json(Bound(*map(_micros, one.lasting))) if runs(one) else None,
        "routes": [route.name for route in one.routes],
        "availability": _span(reduce(Span.hull, parts)) if parts else {"min": "0", "max": "1"},
    }
    return {**made, "line": _given_words(made)}


def _given_words(made: Mapping[str, Any]) -> str:
    """Say one administration: how many, how much, by which way, how long before."""
    count, since = made["count"], made["elapsed"]
    dose, routes = made["dose"], words.listed(made["routes"], joined="or")
    ends = dose and (f"at least {dose['min']}" if dose["max"] is None else f"{dose['min']} to {dose['max']}")
    much = f"{ends} {dose['unit']} {made['of']} ({made['dose_is']})" if dose else "dose not known"
    many = words.number(Bound(count["min"], count["max"]))
    before = words.elapsed(Bound(since["min_us"], since["max_us"]))
    return f"@{made['id']}: {many}, {much}, {routes or 'by a way not known'}, {before} before"


def _micros(minutes: float) -> int | None:
    return None if minutes in (inf, -inf) else round(minutes * MINUTE)


def _in_fact(asked: Question) -> dict[str, Any]:
    """Repeat every value: an unrecorded dose may have left more, unless none can have been."""
    free = {
        name: Under(*(Level(Span(level.span.lo, inf), level.assay) for level in under))
        for name, under in asked.totals.items()
    }
    return {
        "explains": asked.verdict(free),
        "models": [{"model": name, **_outcome(asked, under)} for name, under in free.items()],
        "last": [_last_in_fact(asked, one) for one in asked.lasts],
    }


def _last_in_fact(asked: Question, last: LastOne) -> Row:
    levels = asked.alone(last.in_fact)
    return {
        "type": last.type,
        "exists": last.fact_exists,
        "elapsed": elapsed_json(last.fact_elapsed),
        "explains": asked.verdict(levels),
        "models": [{"model": name, **_outcome(asked, under)} for name, under in levels.items()],
    }
