"""The case family: what a case is called, its zone and words, its notes, aliases and documents. Dates no happening."""

from __future__ import annotations

from typing import Annotated

import msgspec

from events.event import Facts, event_type
from events.fields import Count, Groups, Hex, Standing, Text, WhenText, Widths, Words, ZoneName, choice


@event_type("case.opened", family="case")
class CaseOpened(Facts):
    """What holds for a whole case: title, zone, widths of "about", words for times of day, names that are different."""

    title: Text = ""
    zone: ZoneName = ""
    about: Widths = msgspec.field(default_factory=dict)
    words: Words = msgspec.field(default_factory=dict)
    distinct: Groups = ()


@event_type("case.note", family="case", sensitive=("text",))
class CaseNote(Facts):
    """A remark on the case that dates nothing."""

    text: Text


@event_type("case.alias", family="case")
class CaseAlias(Facts):
    """A name that means the same person or thing as another."""

    name: Text
    means: Text


@event_type("document", family="case")
class Document(Facts):
    """A document that sources name by `doc`; its speaker, standing, title and date are inherited by them."""

    title: Text = ""
    author: Text = ""
    dated: WhenText = ""
    received: WhenText = ""
    pages: Count = ""
    address: Text = ""
    sha256: Hex = ""
    speaker: Text = ""
    standing: Standing = ""
    status: Annotated[str, choice("held", "requested", "not available")] = ""
