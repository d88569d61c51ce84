"""The supply family: who got how much of what from whom, and what was seized. Adds nothing up."""

from __future__ import annotations

import msgspec

from events.event import Facts, event_type
from events.fields import Amount, Text


@event_type("supply", family="supply")
class Supply(Facts):
    """A substance handed over; `from` and `to` are persons, `strength` is of each piece."""

    substance: Text = ""
    quantity: Amount = ""
    form: Text = ""
    strength: Amount = ""
    from_: Text = msgspec.field(default="", name="from")
    to: Text = ""
    price: Amount = ""


@event_type("seizure", family="supply")
class Seizure(Facts):
    """A substance found and taken by an authority; `from` is a person."""

    substance: Text = ""
    quantity: Amount = ""
    form: Text = ""
    strength: Amount = ""
    from_: Text = msgspec.field(default="", name="from")
    place: Text = ""
