"""Questions about identity: persons and happenings that may be one. Joins and parts none of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from events.event import RecordedEvent
from timeline.case import said
from timeline.counting.happened import happened
from timeline.counting.neighbours import Listed, Pairs
from timeline.counting.tellings import Tellings
from timeline.doubts.asks import Ask
from timeline.doubts.kinds import of, such
from timeline.hearings.hearing import Hearing
from timeline.supplies.goods import goods_of
from timeline.supplies.rows import Told
from timeline.supplies.totals import KIND, person_of

ROLES: Final = ("given_by", "from", "to", "defendant")
PAIRS: Final = 20
"""Pairs of happenings that are asked about one by one; the rest are counted."""


def persons(hearing: Hearing) -> Iterator[Ask]:
    """Ask which of the persons who gave, supplied, received or stand accused may be one."""
    told = [(name, event.id) for event in such(hearing, _names_persons) for name in _named(event)]
    declared = happened(hearing).record.declared
    same = {name: hearing.timeline.same_name(name) for name in {name for name, _ in told}}
    names = {same[name]: name for name in sorted(same, reverse=True)}
    open_ = [pair for pair in combinations(sorted(names), 2) if not declared.apart(*pair)]
    if not open_:
        return
    among = {name for pair in open_ for name in pair}
    listed = ", ".join(repr(names[name]) for name in sorted(among))
    ids = tuple(sorted({event_id for name, event_id in told if same[name] in among}))
    yield Ask(
        about="persons",
        ids=ids,
        question=f"may any two of {listed} be one person? Totals by person allow for it",
        cure="if they are different: distinct in case.opened, or claim.distinct with the names; "
        f"if two are one: casefold alias {hearing.timeline.case} NAME NAME",
    )


def _names_persons(event: RecordedEvent) -> bool:
    return event.type not in ("message", "call") and not event.type.startswith("claim.")


def _named(event: RecordedEvent) -> Iterator[str]:
    for role in ROLES:
        name = person_of(event, "from") if role == "from" else str(said(event, role))
        if name:
            yield name


def _supplied(hearing: Hearing) -> Told:
    """Give the supplies of a hearing, found once for all that is asked of them."""
    if "supplied" not in hearing.known:
        hearing.known["supplied"] = Told(hearing, {event.id: goods_of(event) for event in of(hearing, KIND)})
    told: Told = hearing.known["supplied"]
    return told


def labels(hearing: Hearing) -> Iterator[Ask]:
    """Ask of supplies whose pieces, strength and total disagree."""
    for event in of(hearing, KIND):
        told = _supplied(hearing)
        for flag in told.flags(event):
            ids = tuple(sorted({event.id, *told.together(event)[0]}))
            cure = "look at the source: a number, a unit or a strength is wrong in one of them"
            yield Ask(about="label", ids=ids, question=f"{flag.removeprefix('flagged: ')}: which is right?", cure=cure)


def tellings(hearing: Hearing) -> Iterator[Ask]:
    """Ask of administrations and supplies that may be one happening told twice, or one among several."""
    record = happened(hearing).record
    given = Tellings.of(record).may_be_one(record.happenings)
    supplied = _supplied(hearing).supplies.doubts if of(hearing, KIND) else Pairs((), Listed(()), ())
    case, shown = hearing.timeline.case, given[:PAIRS]
    for a, b in (*shown, *supplied[: PAIRS - len(shown)]):
        yield Ask(
            about="may be one",
            ids=(a, b),
            question=f"do @{a} and @{b} tell of the same?",
            cure=f"casefold same {case} {a} {b}, or claim.distinct with both ids",
        )
    more = len(given) + len(supplied) - PAIRS
    if more > 0:
        yield Ask(
            about="may be one",
            ids=tuple(dict.fromkeys((*given.ids(PAIRS), *supplied.ids(PAIRS - len(shown))))),
            question=f"{more} more pairs may be one",
            cure="casefold same, or claim.distinct; dose-total and supply name them",
        )
