"""One question of what is left: the instant, the administrations, the last of each, what models say. Words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, final

from events.errors import Fault
from events.event import find_type
from events.when import Ref
from timeline.answers import Rests
from timeline.asking.questions import read_ref
from timeline.case import CaseTimeline
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import Scope
from timeline.counting.tellings import Tellings
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.kinetics.asked import Found, read_assumed, read_level, read_substance
from timeline.kinetics.compartments import Disposition
from timeline.kinetics.enclosures import GONE, Span
from timeline.kinetics.figures import Level
from timeline.kinetics.given import Assumed, Given, givens
from timeline.kinetics.lasts import LastOne, last_ones
from timeline.kinetics.left import at_least, at_most, leaves, since, together
from timeline.kinetics.parameters import Route, Substance


@final
class Under(NamedTuple):
    """A level under one model, and the bounds that hold in anybody who is as far from it as persons may be."""

    model: Level
    anybody: Level


@final
@dataclass(frozen=True, kw_only=True)
class Question:
    """One question with all that is known of it: the instant, the administrations, the last of each type, the level."""

    hearing: Hearing
    ref: Ref
    substance: Substance
    told: Happened
    scope: Scope
    assumed: Assumed
    found: Found | None

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Question:
        """Read a question. Raises `Fault` for a substance without parameters, or an event that is not there."""
        substance = read_substance(timeline, params)
        kind = _given_type(str(params.get("type") or ""))
        ref = read_ref(timeline, str(params["at"]), "start")
        level = str(params.get("level") or "")
        found = read_level(timeline, level, substance) if level else None
        hearing = timeline.hear(account, named=(ref.id, *((found.id,) if found and found.id else ())))
        return cls(
            hearing=hearing,
            ref=ref,
            substance=substance,
            told=happened(hearing, kind),
            scope=Scope(kind, timeline.same_name(str(params["substance"])), ""),
            assumed=read_assumed(params),
            found=found,
        )

    @property
    def at(self) -> str:
        """The node of the instant that is asked about."""
        return self.hearing.node(self.ref)

    @cached_property
    def everyone(self) -> tuple[Given, ...]:
        """Every administration that may lie at or before the instant."""
        return givens(self.hearing, self.told, self.scope, self.at, self.substance, self.assumed)

    @cached_property
    def apart(self) -> tuple[Given, ...]:
        """Those that certainly were, and certainly are different from one another."""
        sure = {one.id: one for one in self.everyone if one.sure and one.age.lo >= 0}
        told = (one for one in self.told.record.told if one.id in sure)
        record = self.told.record
        return tuple(sure[one.id] for one in Tellings(record.network, record.declared).largest(told))

    @cached_property
    def lasts(self) -> tuple[LastOne, ...]:
        """The last of each type before the instant."""
        return last_ones(self.told, self.scope, self.at, self.everyone)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The events that tell of any of them."""
        known = self.hearing.timeline.by_id
        return tuple(sorted({each for one in self.everyone for each in one.known_as if each in known}))

    @cached_property
    def routed(self) -> frozenset[str]:
        """Those of which a route is stated."""
        return frozenset(one.id for one in self.told.record.told if one.route)

    @property
    def found_by(self) -> tuple[str, ...]:
        """The event that says what was found, where one does."""
        return (self.found.id,) if self.found and self.found.id else ()

    @property
    def rests(self) -> Rests:
        """The events that the least and the most rest on."""
        known = self.hearing.timeline.by_id
        least = (*(each for one in self.apart for each in one.known_as), *_every(one.rests_min for one in self.lasts))
        most = (*self.ids, *_every(one.rests_max for one in self.lasts))
        ends = (tuple(dict.fromkeys(one for one in (*each, *self.found_by) if one in known)) for each in (least, most))
        return Rests(min=next(ends), max=next(ends))

    @property
    def undated(self) -> tuple[str, ...]:
        """Those whose time bounds nothing."""
        told = {one.id for one in self.told.record.happenings if one.soft or not one.dated}
        return tuple(sorted(one.id for one in self.everyone if one.id in told))

    @cached_property
    def totals(self) -> Mapping[str, Under]:
        """What everything recorded leaves, by model."""
        return self._under(self.everyone, self.apart)

    def alone(self, one: Given) -> Mapping[str, Under]:
        """What one administration leaves, by model; worked out once for each."""
        if one not in self._alone:
            self._alone[one] = self._under((one,), (one,))
        return self._alone[one]

    @cached_property
    def _alone(self) -> dict[Given, Mapping[str, Under]]:
        return {}

    def _under(self, everyone: Sequence[Given], apart: Sequence[Given]) -> Mapping[str, Under]:
        """Give what is left under each model: at least of those `apart`, at most of everyone; as it is, and in anybody.

        Each bound only rises with how slow a person is: in anybody the least is the fastest's, the most the slowest's.
        """
        spread, slower, assay = float(self.substance.spread), float(self.substance.slower), self.substance.assay
        every, sure = _Fading(everyone), _Fading([one for one in apart if leaves(one)])
        found = {}
        for model in self.substance.models:
            mean, fast, slow = model.curve, model.curve.slowed(1 / slower), model.curve.slowed(slower)
            level = Level(together(mean, every.under(mean), sure.under(mean)), assay)
            least, most = at_least(fast, every.under(fast), sure.under(fast)), at_most(slow, every.under(slow))
            anybody = Span(least / spread, most * spread)
            found[model.name] = Under(level, Level(anybody, assay))
        return found

    def explains(self, under: Under) -> str | None:
        """Whether a level found could be this one, in anybody."""
        if self.found is None:
            return None
        most, least = under.anybody.span.hi, under.anybody.span.lo
        return "impossible" if most < self.found.span.lo or least > self.found.span.hi else "possible"

    def verdict(self, levels: Mapping[str, Under]) -> str | None:
        """Give impossible where it is under each model."""
        said = {self.explains(under) for under in levels.values()}
        return None if self.found is None else "impossible" if said == {"impossible"} else "possible"

    @property
    def tight(self) -> bool:
        """Whether both ends occur: all but one of exact times, all of them sure, apart and of one known route."""
        record = self.told.record
        plain = len(self.apart) == len(self.everyone) and not record.totals and not self.undated
        open_times = sum(not one.age.exact or (runs(one) and not one.lasting.exact) for one in self.everyone)
        nodes = [node for one in record.happenings for node in (one.first, one.last)]
        ranged = any(not (route.absorption is None or route.absorption.exact) for route in self._routes())
        routed = all(len(one.routes) == 1 and one.count.exact for one in self.everyone)
        shown = not any(under.model.below for under in self.totals.values())
        sound = plain and routed and not ranged and shown and open_times <= 1
        return sound and self.hearing.tight(self.at, *nodes)

    def _routes(self) -> Iterable[Route]:
        return (route for one in self.everyone for route in one.routes)


@final
class _Fading:
    """Administrations, of which old ones leave nothing: they are passed over, for each curve by its own rate."""

    def __init__(self, many: Sequence[Given]) -> None:
        self._many = [(one, since(one)) for one in many]

    def under(self, curve: Disposition) -> list[Given]:
        """Give those of which anything can be left under a curve, in their order."""
        slowest = curve.slowest
        return [one for one, ago in self._many if ago * slowest <= GONE]


def _given_type(name: str) -> str:
    """Read the type that is asked for; raises `Fault` for one that is no administration."""
    kind = find_type(asked_type(name)) if name else None
    if kind is not None and not kind.administration:
        raise Fault(f"{name!r} is no administration: nothing of it reached the blood", "name a type such as infusion")
    return kind.name if kind else ""


def _every(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(each for one in lists for each in one)


def runs(one: Given) -> bool:
    """Whether it may have gone into the blood over a time: an infusion, or what may have been one."""
    return one.type != "injection" and any(route.at_once for route in one.routes)
