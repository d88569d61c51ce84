"""The death family: the last sign of life, the death, what was sampled, measured and found. Explains nothing."""

from __future__ import annotations

from typing import Annotated

from events.event import Facts, event_type
from events.fields import Amount, EventRef, Level, Text, WhenText, choice


class _Seen(Facts):
    """Where somebody was, and who saw it."""

    by: Text = ""
    place: Text = ""


@event_type("last_seen_alive", family="death")
class LastSeenAlive(_Seen):
    """The last time somebody is known to have been alive."""


@event_type("found", family="death")
class Found(_Seen):
    """The body was found."""


@event_type("death", family="death")
class Death(Facts):
    """The death itself."""

    age: Amount = ""
    place: Text = ""


@event_type("pronounced", family="death")
class Pronounced(_Seen):
    """Somebody was pronounced dead."""


@event_type("specimen", family="death")
class Specimen(Facts):
    """A sample taken for the laboratory."""

    site: Text = ""
    matrix: Text = ""
    collected: WhenText = ""
    received: WhenText = ""


@event_type("toxicology", family="death")
class Toxicology(Facts):
    """A laboratory value; `specimen` is an event of the case, `loq` the least that the method can tell."""

    analyte: Text = ""
    concentration: Level = ""
    site: Text = ""
    matrix: Text = ""
    specimen: EventRef = ""
    lab: Text = ""
    method: Text = ""
    loq: Amount = ""
    uncertainty: Text = ""


@event_type("finding", family="death", sensitive=("text",))
class Finding(Facts):
    """A conclusion of an examination: cause, contributing condition, manner, or another."""

    aspect: Annotated[str, choice("cause", "contributing", "manner", "other")] = ""
    text: Text = ""


@event_type("autopsy", family="death")
class Autopsy(_Seen):
    """The post-mortem examination."""


@event_type("report_released", family="death")
class ReportReleased(Facts):
    """An official report was made public."""

    title: Text = ""
    by: Text = ""
