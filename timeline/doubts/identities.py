"""Questions about identity: persons and happenings that may be one. Joins and parts none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from events.event import RecordedEvent
from timeline.case import said
from timeline.counting.happened import happened
from timeline.counting.happenings import Declared
from timeline.doubts.asks import Ask
from timeline.hearings.hearing import Hearing
from timeline.supplies.goods import goods_of
from timeline.supplies.totals import KIND, Supplies, person_of

ROLES: Final = ("given_by", "from", "to", "defendant")
PAIRS: Final = 20
"""Pairs of happenings that are asked about one by one; the rest are counted."""


def persons(hearing: Hearing) -> Iterator[Ask]:
    """Ask which of the persons who gave, supplied, received or stand accused may be one."""
    told = [(name, event.id) for event in hearing.counted for name in _named(event)]
    same, declared = hearing.timeline.same_name, happened(hearing).record.declared
    names = {same(name): name for name, _ in sorted(told, reverse=True)}
    open_ = [pair for pair in combinations(sorted(names), 2) if not declared.apart(*pair)]
    if not open_:
        return
    among = sorted({name for pair in open_ for name in pair})
    listed = ", ".join(repr(names[name]) for name in among)
    ids = tuple(sorted({event_id for name, event_id in told if same(name) in among}))
    yield Ask(
        about="persons",
        ids=ids,
        question=f"may any two of {listed} be one person? Totals by person allow for it",
        cure="if they are different: distinct in case.opened, or claim.distinct with the names; "
        f"if two are one: casefold alias {hearing.timeline.case} NAME NAME",
    )


def _named(event: RecordedEvent) -> Iterator[str]:
    for role in ROLES:
        name = person_of(event, "from") if role == "from" else str(said(event, role))
        if name and event.type not in ("message", "call") and not event.type.startswith("claim."):
            yield name


def tellings(hearing: Hearing) -> Iterator[Ask]:
    """Ask of administrations and supplies that may be one happening told twice, or one among several."""
    record = happened(hearing).record
    from timeline.counting.tellings import Tellings

    found = [*Tellings.of(record).may_be_one(record.happenings), *_supplies(hearing, record.declared)]
    case = hearing.timeline.case
    for a, b in found[:PAIRS]:
        yield Ask(
            about="may be one",
            ids=(a, b),
            question=f"do @{a} and @{b} tell of the same?",
            cure=f"casefold same {case} {a} {b}, or claim.distinct with both ids",
        )
    if len(found) > PAIRS:
        rest = found[PAIRS:]
        yield Ask(
            about="may be one",
            ids=tuple(dict.fromkeys(one for pair in rest for one in pair)),
            question=f"{len(rest)} more pairs may be one",
            cure="casefold same, or claim.distinct; dose-total and supply name them",
        )


def _supplies(hearing: Hearing, _: Declared) -> Sequence[tuple[str, str]]:
    goods = {event.id: goods_of(event) for event in hearing.counted if event.type == KIND}
    return Supplies(hearing, goods).doubts if goods else ()
