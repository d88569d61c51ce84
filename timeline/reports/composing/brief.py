"""What a report is asked to be, and the case it is about: asks views for the sections. Composes none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, final

from events.errors import Fault
from timeline.answers import Answer, AsOf, answer_json
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.reports.citing import NO_CHECKPOINT, Checkpointed
from timeline.views import ask, find_view

WINDOW: Final = "4 days"
"""The final days that key answers are about."""
PURPOSES: Final[Mapping[str, str]] = {
    "work-product": "Work product: made for those who prepare the case, and not to be passed on without their word."
    " The label does not make it privileged.",
    "summary-of-evidence": "Summary of evidence (United States, Federal Rule of Evidence 1006): stands for records too"
    " many to be looked through in court. The records themselves, or copies, are to be made available to the other"
    " parties; the list of sources says which of them are held.",
    "illustrative-aid": "Illustrative aid (United States, Federal Rule of Evidence 107): helps to follow evidence or"
    " argument. It is not evidence itself, and does not go to the jury room unless the court says so.",
}
"""What a report may be for, and what that means."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a report: who made it, for whom, what for, by which command.

    `questions` are further key questions, as `ask` takes them; `model` are the options of the view `residual`, where
    what a model leaves in blood is asked for.
    """

    by: str = ""
    to: str = ""
    purpose: str = ""
    command: str = ""
    questions: tuple[str, ...] = ()
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse a purpose that is none."""
        if self.purpose and self.purpose not in PURPOSES:
            raise Fault(f"{self.purpose!r} is no purpose of a report", f"write one of: {', '.join(PURPOSES)}")


NO_FRAME: Final = Frame()


@final
@dataclass(frozen=True, kw_only=True)
class Brief:
    """One case, read at one cut for one account, to be reported; `drawn` where its charts will be seen."""

    timeline: CaseTimeline
    account: Account
    as_of: AsOf
    log: str
    checkpoint: Checkpointed = NO_CHECKPOINT
    frame: Frame = NO_FRAME
    read: Mapping[str, str] = field(default_factory=dict)
    drawn: bool = False

    def ask(self, view: str, params: Mapping[str, Any]) -> Answer:
        """Put a question to the case on the report's account; raises `Fault`."""
        return ask(self.timeline, view, params, self.account)

    def json(self, answer: Answer) -> dict[str, Any]:
        """Give an answer as scripts read it."""
        return answer_json(answer, as_of=self.as_of, log=self.log, read=self.read)

    def find(self, view: str, params: Mapping[str, Any]) -> Answer | None:
        """Put a question where there is such a view and it can be asked of this case; else None."""
        if find_view(view) is None:
            return None
        try:
            return self.ask(view, params)
        except Fault:
            return None

    @cached_property
    def hearing(self) -> Hearing:
        """The account as it is heard."""
        return self.timeline.hear(self.account)

    @cached_property
    def told(self) -> dict[str, Any]:
        """The chronology, as scripts read it."""
        return self.json(self.ask("chronology", {}))

    @cached_property
    def events(self) -> Mapping[str, Mapping[str, Any]]:
        """The events of the chronology by id, in its order."""
        return {event["id"]: event for event in self.told["events"]}

    @cached_property
    def death(self) -> str:
        """The id of the death, where the case has exactly one; else empty."""
        deaths = [event.id for event in self.timeline.told if event.type == "death"]
        return deaths[0] if len(deaths) == 1 else ""

    @property
    def zone(self) -> str:
        """The zone that local times are in."""
        return self.timeline.zone or "UTC"

    def cite(self, event_id: str) -> str:
        """Cite an event of the case: its position and the checkpoint."""
        event = self.timeline.by_id.get(event_id) or self.timeline.amended.withdrawn.get(event_id)
        return self.checkpoint.cite(event.position) if event else ""
