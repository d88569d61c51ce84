"""The amendments: events about events. They repair the record and never rewrite it; they apply nothing themselves."""

from __future__ import annotations

from typing import Annotated

import msgspec

from events.event import Facts, event_type
from events.fields import EventRef, Overlay, Paths, SourceFields, Text, choice


@event_type("amend.correct", family="amendments")
class Correct(Facts):
    """Lay other values over fields of an event that was entered wrongly."""

    target: EventRef
    set_: Overlay = msgspec.field(name="set")
    reason: Text = ""
    authority: Text = ""


class _Standing(Facts):
    """Whether an event stands."""

    target: EventRef
    reason: Text = ""
    authority: Text = ""


@event_type("amend.retract", family="amendments")
class Retract(_Standing):
    """Withdraw an event."""


@event_type("amend.reinstate", family="amendments")
class Reinstate(_Standing):
    """Undo the withdrawal of an event."""


@event_type("amend.redact", family="amendments")
class Redact(Facts):
    """Erase the values of sensitive fields of an event, for good."""

    target: EventRef
    fields: Paths
    reason: Text = ""
    authority: Text = ""


@event_type("amend.cite", family="amendments", sensitive=("source.quote",))
class Cite(Facts):
    """Name another source for an event, and how the two stand to one another."""

    target: EventRef
    relation: Annotated[str, choice("supports", "repeats", "contradicts")]
    source: SourceFields = msgspec.field(default_factory=dict)
