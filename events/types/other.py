"""What has no type of its own: a fact in words. Always there."""

from __future__ import annotations

from events.event import Facts, event_type
from events.fields import Text


@event_type("fact", family="other", sensitive=("text",))
class Fact(Facts):
    """A fact in words."""

    text: Text
