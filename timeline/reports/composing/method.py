"""How every figure is defined, what is assumed, with which versions. Computes none of them."""

from __future__ import annotations

from typing import Final

from events.dates.civil import tzdata_version
from events.version import VERSION
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.shape import Block, Pairs, Section, Words
from timeline.views import find_view

METHOD: Final = (
    "A fact is as exact as its source: every date is a pair of bounds, and an open end is unknown, not zero.",
    "Bounds come from all statements of the account together and hold in every course of events that they allow.",
    "An answer marked tight could be no narrower.",
    "Values on record are about what the record tells of; values in fact allow for happenings nobody recorded.",
    "More than, at least or within N days counts days of 24 hours; a bare N days compares civil dates in the zone.",
    "An event is cited as [position @ size, key]: its place in the log, and the signed checkpoint that holds it.",
    "An event that an answer is measured from keeps its own date whoever is believed; it is never counted for that.",
)
STANDINGS: Final = (
    ("found", "an official finding of a coroner, a medical examiner or a court"),
    ("documented", "a record made at the time"),
    ("admitted", "said against the speaker's own interest"),
    ("stated", "anybody's word"),
    ("alleged", "an accusation that has not been adjudicated"),
    ("inferred", "an analyst's reading"),
    ("none given", "the entry does not say"),
)
FIGURES: Final = (
    ("time since the last", "from the latest certain event of the type to the anchor; nothing of it lies in between"),
    ("administrations", "how many there were in a closed window: the least and the most the record allows"),
    ("amount", "the sum of what is stated, by substance and unit; unknown amounts are counted, never taken as zero"),
    ("certain, possible, impossible", "true in every, in some, in no course of events that the record allows"),
    ("set aside", "statements of weaker standing that cannot be true beside stronger ones; the events still happened"),
    ("undated", "events whose time bounds nothing; they are possible in every window"),
)
_VIEWS: Final = ("chronology", "days-since-last", "dose-total", "conflicts", "gaps", "sources")


def method(brief: Brief) -> Section:
    """Give the method: rules, definitions, assumptions, versions."""
    assumed = brief.hearing.assumes
    versions = [(name, f"version {found.version}") for name in _VIEWS if (found := find_view(name))]
    blocks: tuple[Block, ...] = (
        *(Words(text=each) for each in METHOD),
        Words(text="Figures:", tone="note"),
        Pairs(rows=FIGURES),
        Words(text="Standings, in falling order:", tone="note"),
        Pairs(rows=STANDINGS),
        Words(text="Assumed in this report:" if assumed else "Nothing further is assumed.", tone="note"),
        *(Words(text=f"{each}.") for each in assumed),
        Words(text="Versions:", tone="note"),
        Pairs(rows=(("casefold", VERSION), ("time-zone data", tzdata_version()), *versions)),
    )
    data = {
        "rules": list(METHOD),
        "figures": dict(FIGURES),
        "standings": dict(STANDINGS),
        "assumes": list(assumed),
        "versions": {"casefold": VERSION, "tzdata": tzdata_version(), **dict(versions)},
    }
    return Section(name="method", title="Method", blocks=blocks, data=data)
