"""The communication family: messages, calls, statements. Believes none of them."""

from __future__ import annotations

import msgspec

from events.event import Facts, event_type
from events.fields import DurationText, Text


@event_type("message", family="communication", sensitive=("text",))
class Message(Facts):
    """A written message; `from` and `to` are persons."""

    from_: Text = msgspec.field(default="", name="from")
    to: Text = ""
    text: Text = ""


@event_type("call", family="communication")
class Call(Facts):
    """A telephone call; `from` and `to` are persons."""

    from_: Text = msgspec.field(default="", name="from")
    to: Text = ""
    duration: DurationText = ""


@event_type("statement", family="communication", sensitive=("text",))
class Statement(Facts):
    """What somebody declared; the speaker stands in the source."""

    to: Text = ""
    text: Text = ""
