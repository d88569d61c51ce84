"""What a chart is about: a case on one account, the happenings with their bounds, and the anchor. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent, event_types
from events.when import ANY, Bound
from timeline.asking.questions import read_ref
from timeline.asking.words import instants
from timeline.case import CaseTimeline, family
from timeline.hearings.account import EVERYBODY, Account
from timeline.hearings.hearing import Hearing
from timeline.views.chronology import shown

NOT_DRAWN: Final = frozenset({"claims", "amendments", "case", "log"})
NONE_GIVEN: Final = "none given"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event that happened, with the bounds of its instant (or of its whole span) in microseconds."""

    event: RecordedEvent
    bound: Bound
    soft: bool

    @property
    def standing(self) -> str:
        """The standing in words."""
        return self.event.source.standing or NONE_GIVEN

    @property
    def administration(self) -> bool:
        """Whether something was given."""
        known = event_types().get(self.event.type)
        return known is not None and known.administration


@final
@dataclass(frozen=True, kw_only=True)
class Subject:
    """A case on one account, for charts. `options` are those of a chart's command, empty ones left out.

    Options: `at` (the anchor, else the only death), `type`, `days`, `model`.
    """

    timeline: CaseTimeline
    account: Account = EVERYBODY
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def hearing(self) -> Hearing:
        """The account as it is heard."""
        return self.timeline.hear(self.account, named=(self.anchor,) if self.anchor else ())

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """Everything that happened and has a bound, in log order; soft dates by their literal reading."""
        axis = self.hearing.network.bounds()
        told = (one for one in self.hearing.counted if family(one) not in NOT_DRAWN)
        found = (
            Happening(event=event, bound=shown(self.hearing, event, axis), soft=self.hearing.statements[event.id].soft)
            for event in told
            if event.type != "document"
        )
        return tuple(one for one in found if one.bound != ANY)

    @property
    def undrawn(self) -> int:
        """How many events of the account happened and have no bound, so that no chart can show them."""
        told = [one for one in self.hearing.counted if family(one) not in NOT_DRAWN and one.type != "document"]
        return len(told) - len(self.happenings)

    @cached_property
    def anchor(self) -> str:
        """The id everything is measured from: `at`, else the only death; empty where there is none."""
        if self.options.get("at"):
            return read_ref(self.timeline, str(self.options["at"])).id
        deaths = [event.id for event in self.timeline.told if event.type == "death"]
        return deaths[0] if len(deaths) == 1 else ""

    @property
    def anchored(self) -> Bound:
        """The bounds of the anchor's instant; raises `Fault` where there is none with known ends."""
        if not self.anchor:
            raise Fault("there is nothing to measure from", "name the event with --at, such as --at @death")
        nodes = self.hearing.nodes(self.anchor)
        bound = Bound(self.hearing.bound(nodes.start).lo, self.hearing.bound(nodes.end).hi)
        if bound.lo is None or bound.hi is None:
            raise Fault(f"@{self.anchor} has no two known ends", "name another event with --at")
        return bound

    @property
    def zone(self) -> str:
        """The zone of local times."""
        return self.timeline.zone or "UTC"

    def words(self, bound: Bound) -> str:
        """Give a bound of instants in words, in the case's zone."""
        return instants(bound, self.zone)
