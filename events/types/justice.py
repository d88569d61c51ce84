"""The justice family: investigations, charges, hearings and what came of them. Decides nobody's guilt."""

from __future__ import annotations

from typing import Annotated

from events.event import Facts, event_type
from events.fields import Amount, Count, DurationText, EventRef, Text, choice


class _Accusation(Facts):
    """Who stands accused of what, on how many counts."""

    defendant: Text = ""
    offence: Text = ""
    counts: Count = ""


@event_type("investigation", family="justice")
class Investigation(Facts):
    """An authority looks into the matter."""

    by: Text = ""
    subject: Text = ""


@event_type("charge", family="justice")
class Charge(_Accusation):
    """An accusation before a court."""


@event_type("hearing", family="justice")
class Hearing(Facts):
    """A date before a court; `replaces` is the hearing whose date it takes."""

    purpose: Text = ""
    status: Annotated[str, choice("scheduled", "held", "vacated")] = ""
    replaces: EventRef = ""


@event_type("plea", family="justice")
class Plea(_Accusation):
    """What the defendant answers to a charge."""

    plea: Text = ""


@event_type("verdict", family="justice")
class Verdict(_Accusation):
    """What the court decides on a charge."""

    verdict: Text = ""


@event_type("sentence", family="justice")
class Sentence(_Accusation):
    """What the court imposes."""

    term: DurationText = ""
    fine: Amount = ""
    other: Text = ""


@event_type("licence_action", family="justice")
class LicenceAction(Facts):
    """An authority limits, suspends or ends a licence to practise."""

    holder: Text = ""
    licence: Text = ""
    action: Text = ""
    by: Text = ""


@event_type("position", family="justice")
class Position(Facts):
    """What a party says of an event of the case."""

    target: EventRef
    stance: Annotated[str, choice("disputes", "accepts", "reserves")]
    party: Text = ""


@event_type("deadline", family="justice")
class Deadline(Facts):
    """The last day for something."""

    purpose: Text = ""
    party: Text = ""
