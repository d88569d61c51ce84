"""How an answer about a level reads: left by what, under which models, impossible or possible as what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from math import inf
from typing import Any, Final

from timeline.asking import words
from timeline.counting.measures import outward
from timeline.kinetics.asked import texts
from timeline.kinetics.caveats import CAVEATS
from timeline.kinetics.enclosures import ANYTHING, Span
from timeline.kinetics.figures import Level, grouped
from timeline.kinetics.given import Given
from timeline.kinetics.lasts import LastOne
from timeline.kinetics.left import bounded
from timeline.kinetics.question import Question, Under, runs

SHOWN: Final = 12
_BY_TYPE: Final = (
    ("assume-dose", "the amount of any {} that nobody states is taken to be {}"),
    ("assume-apart", "the starts of any {0} told of as one of several are taken to be at least {1} apart"),
)
_ASSUMED: Final = (
    ("assume-duration", "the length of an infusion that nobody states"),
    ("weight", "a body weight that nobody states"),
)


def named(type_: str) -> str:
    """Give a type in words."""
    return type_.replace("_", " ")


def text_of(asked: Question) -> str:
    """Say what is left: by the last of each type, then by everything recorded; impossible or possible as the level."""
    if not asked.everyone:
        none = "no administration on record that could have left any"
        return none if asked.found is None else f"{none}: {asked.verdict(asked.totals)} as {asked.found.words}"
    several = len(asked.everyone) > 1 or asked.everyone[0].count.hi != 1
    lasts = [f"the last {named(one.type)}: {last_words(asked, one)}" for one in asked.lasts] if several else []
    whole = f"all recorded {named(asked.scope.type)}s" if asked.scope.type else "everything recorded"
    what = whole if several else f"@{asked.everyone[0].id}"
    return "; ".join((*lasts, f"{what}: {_words(asked, asked.totals, asked.everyone)}"))


def last_words(asked: Question, last: LastOne) -> str:
    """Say what the last of a type leaves."""
    maybe = "" if last.exists == "certain" else "if there was one, "
    return f"{maybe}{_words(asked, asked.alone(last.one), (last.one,))}"


def _words(asked: Question, levels: Mapping[str, Under], of: Sequence[Given]) -> str:
    """Say a level under every model: `impossible as 3540 ng/mL under each of 4 models: below 0.1 ng/mL, …`."""
    hull = _hull(asked, [under.model for under in levels.values()])
    why = "; ".join(filter(None, (_open(of) if hull.most is None else "", _guessed(of))))
    said = f"{hull.words}{f' ({why})' if why else ''}"
    under = f"under each of {len(levels)} models" if len(levels) > 1 else f"under {next(iter(levels))}"
    if asked.found is None:
        return f"{said} {under}" if hull.most is not None else said
    if asked.verdict(levels) == "possible":
        return f"possible as {asked.found.words}: {said}"
    return f"impossible as {asked.found.words} {under}: {said}{_times(asked, levels)}"


def _hull(asked: Question, levels: Sequence[Level]) -> Level:
    return Level(reduce(Span.hull, (level.span for level in levels)), asked.substance.assay)


def _times(asked: Question, levels: Mapping[str, Under]) -> str:
    """Say how many times more was found than anybody can have left; nothing where less was found."""
    anybody = _hull(asked, [under.anybody for under in levels.values()])
    if asked.found is None or anybody.span.hi >= asked.found.span.lo:
        return ""
    factor = anybody.factor(asked.found.span)
    return f"; in anybody at least {grouped(factor['min'] or '0')} times less" if factor else ""


def _open(of: Sequence[Given]) -> str:
    """Say why there is no upper end: how many there were, or how much, nobody says."""
    many = [one.id for one in of if one.count.hi == inf and not one.whole]
    much = [one.id for one in of if not bounded(one) and one.id not in many]
    number = f"nobody says how many at most {_ids(many)}" if many else ""
    return "; ".join(filter(None, (number, f"no amount is known{_of(much)}" if much else "")))


def _of(ids: Sequence[str]) -> str:
    return f" of {_ids(ids)}" if all(ids) else ""


def _guessed(of: Sequence[Given]) -> str:
    """Say where a dose is an assumption of the question."""
    assumed = [one.id for one in of if not one.stated and one.dose != ANYTHING]
    return "" if not assumed else "the dose is assumed" if len(assumed) == len(of) else f"assumed: {_ids(assumed)}"


def _ids(ids: Sequence[str]) -> str:
    shown = [f"@{one}" for one in ids[:SHOWN]]
    return words.listed([*shown, *([f"{len(ids) - SHOWN} more"] if len(ids) > SHOWN else [])])


def said(asked: Question, text: str) -> str:
    """Say the question with its anchor, zone, models, and what stands beside any estimate."""
    zone = asked.hearing.zone(asked.ref.id)
    at = words.instants(asked.hearing.bound(asked.at), zone)
    models = words.listed([f"{one.name} ({one.compartments})" for one in asked.substance.models])
    return (
        f"{asked.substance.name} that recorded administrations could leave in blood at @{asked.ref.id} ({at}, {zone}): "
        f"{text}. By the models (compartments) {models}; {CAVEATS[0]}"
    )


def assumes(asked: Question, params: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what the answer takes to be so: by the question, by the parameters, and where the record is silent."""
    everyone, substance = asked.everyone, asked.substance
    doses = [template.format(*_by_kind(text)) for name, template in _BY_TYPE for text in texts(params, name)]
    persons = (
        f"a person may have {outward(substance.spread, up=True)} times what a model says, and be "
        f"{outward(substance.slower, up=True)} times as slow, either way"
    )
    return tuple(
        dict.fromkeys(
            (
                *doses,
                *(f"{what} is taken to be {params[name]}" for name, what in _ASSUMED if params.get(name)),
                *((f"{persons}: {substance.persons_source or 'as the parameters say'}",) if asked.found else ()),
                *_silent(asked),
                *(route.assumed for one in everyone for route in one.routes if route.assumed),
                *(_by_type(one) for one in everyone if one.routes and one.id not in asked.routed),
                *(asked.found.notes if asked.found else ()),
                *(f"{model.name}: {model.seen}" for model in substance.models if model.seen),
            )
        )
    )


def _by_kind(text: str) -> tuple[str, str]:
    kind, equals, rest = text.rpartition("=")
    known = bool(equals) and kind.strip().isidentifier()
    return (named(kind.strip()), rest.strip()) if known else ("administration", text)


def _by_type(one: Given) -> str:
    routes = words.listed([route.name for route in one.routes], joined="or")
    return f"of no stated route, {named(one.type)} is taken to be {routes}"


def _silent(asked: Question) -> tuple[str, ...]:
    """Say where the record's silence widens the answer, and what to write."""
    unread = [one.id for one in asked.everyone if one.unread]
    lasting = [one.id for one in asked.everyone if runs(one) and one.lasting.hi == inf]
    unrouted = [one.id for one in asked.everyone if not one.routes]
    return tuple(
        said
        for ids, said in (
            (unread, "the amount of {} is no mass for a known weight, and is taken as not known: --weight may help"),
            (lasting, "nobody says how long {} lasted: it may have run until then; --assume-duration says how long"),
            (unrouted, "no route is known for {}: any part may have reached the blood at any time since"),
        )
        if ids
        for said in (said.format(_ids(ids)),)
    )
