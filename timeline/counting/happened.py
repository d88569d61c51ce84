"""What a hearing tells of one kind of happening: the record, its amounts, its claims. Counts nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

from events.event import type_named
from timeline.counting.amounts import Claimed, Dosing
from timeline.counting.happenings import Record
from timeline.counting.measures import NOT_SAID, amounts_of, claimed_amount, joined
from timeline.counting.tellings import Tellings
from timeline.counting.told import DOSE, Heard, kind_of, rated_spans
from timeline.hearings.hearing import Hearing


@final
@dataclass(frozen=True, kw_only=True)
class Happened:
    """What a hearing tells of one kind of happening: the record with its claims, and the amounts."""

    record: Record
    heard: Heard
    kind: str

    @cached_property
    def dosing(self) -> Dosing:
        """How much of it there was, as far as anything tells."""
        events = self.heard.of_kind(self.kind)
        amounts = {event.id: found for event in events if (found := amounts_of(event)) is not NOT_SAID}
        for one in (one for one in self.record.happenings if one.tellings):
            told = joined(amounts[each] for each in one.tellings if each in amounts)
            amounts |= {one.id: told} if told else {}
        rated = (one for one, found in amounts.items() if found.rate is not None and not found.said)
        claims = ((total, claimed_amount(event)) for event, total in self.heard.amounts(self.kind))
        return Dosing(
            amounts=amounts,
            spans=rated_spans(self.heard, rated),
            claimed=tuple(Claimed(total, much) for total, much in claims if much),
        )


def asked_type(name: str) -> str:
    """Give the type of a question's scope: empty for `dose`, which means any administration. Raises `Fault`."""
    type_named(name)
    return "" if name == DOSE else name


def happened(hearing: Hearing, asked: str = "") -> Happened:
    """Give what is told of a type (empty: of any administration) in an account, and the claims about it."""
    kind = f"kind {kind_of(asked)}"
    found = hearing.known.get(kind)
    if not isinstance(found, Happened) or found.record.network is not hearing.network:
        found = hearing.known[kind] = _happened(hearing, kind_of(asked))
    return found


def _happened(hearing: Hearing, kind: str) -> Happened:
    aside = frozenset(hearing.set_aside)
    heard = Heard(
        timeline=hearing.timeline,
        counted=hearing.counted,
        statements=hearing.statements,
        network=hearing.network,
        acts=lambda one: one not in aside,
    )
    record = heard.record(kind)
    Tellings.share(record)
    return Happened(record=record, heard=heard, kind=kind)
