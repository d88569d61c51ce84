"""The log's own events: changes of key and time stamps, in the case `casefold:log`. Only commands write them."""

from __future__ import annotations

from events.event import Facts, event_type
from events.fields import Count, Hex, Text, Texts


@event_type("log.key", family="log")
class LogKey(Facts):
    """The log is signed with another key from here on."""

    new: Text
    old: Text = ""
    signatures: Texts = ()


@event_type("log.stamp", family="log")
class LogStamp(Facts):
    """A time stamp on the log at some size."""

    size: Count
    root: Hex
    token_sha256: Hex
