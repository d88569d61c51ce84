"""How long after the first and the last session of a treatment something was. Words nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, final

from events.dates.civil import offset_spread
from events.when import Bound
from timeline.answers import bound_json, elapsed_json, implied_calendar_days, whole_days
from timeline.asking import words
from timeline.counting.happened import Happened
from timeline.counting.happenings import Happening, Record, Scope
from timeline.counting.last import Since, since_first, since_last
from timeline.hearings.hearing import Hearing
from timeline.treatment.nearby import Nearby


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sittings:
    """The sessions of a treatment, ready to be measured from: their record, and the scope that claims are held to."""

    hearing: Hearing
    record: Record
    scope: Scope
    nearby: Nearby | None = None

    @classmethod
    def of(cls, hearing: Hearing, told: Happened, scope: Scope, among: Sequence[Happening], *, all_: bool) -> Sittings:
        """Take these of what is told; the claims act where these are `all_` that is told of the scope."""
        record = replace(told.record, happenings=tuple(among))
        if not all_:
            record = replace(record, totals=(), closed=(), lasts=())
        claims = record.totals or record.closed or record.lasts
        nearby = None if claims else Nearby.of(among, scope, hearing.bound)
        return cls(hearing=hearing, record=record, scope=scope, nearby=nearby)

    def since_first(self, node: str) -> Since:
        """How long before the instant of a node the first was."""
        if self.nearby is None:
            return since_first(self.record, node, self.scope)
        near = self.nearby.first(node, self.hearing.bound(node))
        return since_first(replace(self.record, happenings=near), node, self.scope)

    def since_last(self, node: str) -> Since:
        """How long before the instant of a node the last was."""
        if self.nearby is None:
            return since_last(self.record, node, self.scope)
        near = self.nearby.last(node, self.hearing.bound(node))
        return since_last(replace(self.record, happenings=near), node, self.scope)


def since_json(asked: Sittings, since: Since, node: str, zone: str) -> dict[str, Any]:
    """Give it as scripts read it: `exists`, `elapsed`, `whole_days`, `calendar_days`; null where none was before."""
    if since.exists == "impossible":
        return {"exists": since.exists, "elapsed": None, "whole_days": None, "calendar_days": None}
    return {
        "exists": since.exists,
        "elapsed": elapsed_json(since.elapsed),
        "whole_days": bound_json(whole_days(since.elapsed)),
        "calendar_days": bound_json(calendar_days(asked, since, node, zone)),
    }


def calendar_days(asked: Sittings, since: Since, node: str, zone: str) -> Bound:
    """Give the civil dates from the session meant to the instant of a node: those of any that it may be."""
    implied = implied_calendar_days(since.elapsed, offset_spread(zone)).meet(Bound(0, None))
    told = {one.id: one for one in asked.record.told if one.dated}
    if not since.candidates or any(one not in told for one in since.candidates):
        return implied
    nodes = [each for one in since.candidates for each in (told[one].first, told[one].last)]
    every = [asked.hearing.calendar_days(each, node, zone) for each in nodes]
    return implied.meet(reduce(Bound.hull, every))


def in_fact(since: Since) -> Since:
    """Give the same allowing for sessions that nobody recorded."""
    return replace(since, exists=since.fact_exists, elapsed=since.fact_elapsed)


def since_words(since: Since, what: str) -> str:
    """Say it: `9 to 12 days after the last dose`."""
    if since.exists == "impossible":
        return f"before any {what} on record"
    maybe = "" if since.exists == "certain" else ", if there was one before it"
    return f"{words.elapsed(since.elapsed)} after the {what}{maybe}"
