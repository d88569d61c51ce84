"""What a hearing tells of one kind of happening: the record, its amounts, its claims. Counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import final

from events.event import RecordedEvent, type_named
from events.nearest import nearest
from timeline.counting.amounts import Claimed, Dosing
from timeline.counting.happenings import Record
from timeline.counting.measures import NOT_SAID, Amounts, amounts_of, claimed_amount, joined
from timeline.counting.tellings import Tellings
from timeline.counting.told import DOSE, Heard, kind_of, rated_spans
from timeline.fold import said
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
        joins = {one.id: one.tellings for one in self.record.happenings if one.tellings}
        amounts = _Told({event.id: event for event in events}, joins)
        may_be = dict.fromkeys((*(event.id for event in events if said(event, "rate") != ""), *joins))
        rated = (one for one in may_be if amounts[one].rate is not None and not amounts[one].said)
        claims = ((total, claimed_amount(event)) for event, total in self.heard.amounts(self.kind))
        return Dosing(
            amounts=amounts,
            spans=rated_spans(self.heard, rated),
            claimed=tuple(Claimed(total, much) for total, much in claims if much),
        )

    def misnamed(self, substance: str) -> tuple[str, ...]:
        """Say where nothing in the case has the substance asked for, and which that it has is near; else nothing."""
        if not substance or any(one.scope.substance == substance for one in self.record.told):
            return ()
        timeline = self.heard.timeline
        told = {timeline.same_name(str(said(event, "substance"))) for event in timeline.told}
        if substance in told:
            return ()
        near = nearest(substance, sorted(told - {""}), f"see `casefold log {timeline.case}`")
        return (f"nothing on record is said to be {substance!r}; {near}",)


@final
class _Told(Mapping[str, Amounts]):
    """What is told of each happening's amount, read when it is asked for: most lie outside of what is asked.

    `joins` are the tellings of those that several tell of, by the id of the one that stands for all.
    """

    def __init__(self, events: Mapping[str, RecordedEvent], joins: Mapping[str, tuple[str, ...]]) -> None:
        self._events, self._joins = events, joins
        self._found: dict[str, Amounts] = {}

    def __getitem__(self, one: str) -> Amounts:
        found = self._found.get(one)
        if found is None:
            found = self._found[one] = self._joined(one) if one in self._joins else amounts_of(self._events[one])
        return found

    def _joined(self, one: str) -> Amounts:
        told = [amounts_of(self._events[each]) for each in self._joins[one]]
        return joined(each for each in told if each is not NOT_SAID) or NOT_SAID

    def __iter__(self) -> Iterator[str]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)


def asked_type(name: str) -> str:
    """Give the type of a question's scope: empty for `dose`, which means any administration. Raises `Fault`."""
    type_named(name)
    return "" if name == DOSE else name


def happened(hearing: Hearing, asked: str = "") -> Happened:
    """Give what is told of a type (empty: of any administration) in an account, and the claims about it."""
    kind = f"kind {kind_of(asked)}"
    found = hearing.known.get(kind)
    if not isinstance(found, Happened) or found.record.network is not hearing.network:
        found = hearing.known[kind] = _happened(_heard(hearing), kind_of(asked))
    return found


def _heard(hearing: Hearing) -> Heard:
    found = hearing.known.get("heard")
    if isinstance(found, Heard) and found.network is hearing.network:
        return found
    aside = frozenset(hearing.set_aside)
    found = hearing.known["heard"] = Heard(
        timeline=hearing.timeline,
        counted=hearing.counted,
        statements=hearing.statements,
        network=hearing.network,
        acts=lambda one: one not in aside,
    )
    return found


def _happened(heard: Heard, kind: str) -> Happened:
    record = heard.record(kind)
    Tellings.share(record)
    return Happened(record=record, heard=heard, kind=kind)
