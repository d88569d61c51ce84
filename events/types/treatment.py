"""The treatment family: administrations, orders, courses, assessments and effects. Counts nothing."""

from __future__ import annotations

from typing import Annotated

from events.event import Facts, event_type
from events.fields import Amount, Count, DurationText, Text, choice


class Administration(Facts):
    """What may be known of an administration: `amount` is of each, `total_amount` of all `count` together."""

    substance: Text = ""
    amount: Amount = ""
    total_amount: Amount = ""
    rate: Amount = ""
    duration: DurationText = ""
    weight: Amount = ""
    count: Count = ""
    route: Text = ""
    given_by: Text = ""
    place: Text = ""
    regimen: Text = ""


@event_type("infusion", family="treatment", administration=True)
class Infusion(Administration):
    """A substance infused into a vein."""


@event_type("injection", family="treatment", administration=True)
class Injection(Administration):
    """A shot into muscle or under the skin."""


@event_type("nasal_spray", family="treatment", administration=True)
class NasalSpray(Administration):
    """A spray into the nose."""


@event_type("oral_dose", family="treatment", administration=True)
class OralDose(Administration):
    """A substance swallowed or held in the mouth."""


@event_type("dose", family="treatment", administration=True)
class Dose(Administration):
    """An administration by a way that is not known or has no type of its own."""


@event_type("prescription", family="treatment")
class Prescription(Administration):
    """An order, whether or not it was ever given: no administration."""


class _Course(Facts):
    """A course of treatment that ends or begins again."""

    substance: Text = ""
    regimen: Text = ""
    given_by: Text = ""
    place: Text = ""
    reason: Text = ""


@event_type("stopped", family="treatment")
class Stopped(_Course):
    """A treatment ended."""


@event_type("restarted", family="treatment")
class Restarted(_Course):
    """A treatment began again."""


@event_type("assessment", family="treatment")
class Assessment(Facts):
    """A score on a named scale."""

    scale: Text = ""
    score: Amount = ""


@event_type("response", family="treatment")
class Response(Facts):
    """How the patient answered the treatment."""

    of: Annotated[str, choice("responded", "remission", "relapse")]


@event_type("trial", family="treatment")
class Trial(Facts):
    """A medication that was tried, and what came of it."""

    medication: Text = ""
    outcome: Text = ""


@event_type("adverse_effect", family="treatment")
class AdverseEffect(Facts):
    """An unwanted effect."""

    effect: Text = ""
    severity: Text = ""
