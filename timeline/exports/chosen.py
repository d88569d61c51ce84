"""Which events of a case an export takes on one account: what counts, and what must come along. Reads no log.

Along come the events whose times those that count refer to (a log that loads them counts them, unless it is asked on
the same account), the case's openings and aliases, the documents cited, positions on any of these, and amendments of
any of these, which act whatever the account. A `claim.complete` stays behind: it closes the record as it stood, which
a part of it is not (SEMANTICS 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, final

from events.errors import Fault
from events.event import RecordedEvent
from timeline.case import CaseTimeline
from timeline.hearings.account import Account, check
from timeline.hearings.amendments import target_of
from timeline.hearings.constrain import anchors_of
from timeline.hearings.positions import disputed, positions

NAMED: Final = ("speakers", "documents", "tags")
"""The fields of an account that a record may have nothing of."""
_FRAME: Final = frozenset({"case.opened", "case.alias"})
COMPLETE: Final = "claim.complete"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is taken of one case: `ids` of all that leave, `along` those of them that only come along to date others.

    `account` is as much of the account asked for as this case has names for; what counts is empty where it has none.
    """

    account: Account
    counted: frozenset[str] = frozenset()
    along: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


@final
@dataclass(slots=True)
class Names:
    """The names of an account that no case has had so far, each with the fault it is."""

    unknown: dict[tuple[str, str], Fault] = field(default_factory=dict)
    known: set[tuple[str, str]] = field(default_factory=set)

    def of(self, account: Account, told: Iterable[RecordedEvent]) -> Account | None:
        """Give an account with the names that these events have; None where it asks for names and they have none."""
        there = tuple(told)
        kept = {name: tuple(self._known(name, getattr(account, name), there)) for name in NAMED}
        if any(getattr(account, name) and not kept[name] for name in NAMED):
            return None
        return replace(account, speakers=kept["speakers"], documents=kept["documents"], tags=kept["tags"])

    def check(self) -> None:
        """Raise the `Fault` of a name that none of the cases has."""
        for one, fault in self.unknown.items():
            if one not in self.known:
                raise fault

    def _known(self, kind: str, names: Iterable[str], there: tuple[RecordedEvent, ...]) -> Iterator[str]:
        for name in names:
            try:
                check(Account(**{kind: (name,)}), there)  # type: ignore[arg-type]
            except Fault as fault:
                self.unknown.setdefault((kind, name), fault)
            else:
                self.known.add((kind, name))
                yield name


def part_of(timeline: CaseTimeline, account: Account, names: Names) -> Part:
    """Give what an account takes of a case, at its cut."""
    mine = names.of(account, timeline.told)
    if mine is None:
        return Part(account=account)
    contested = disputed(timeline)
    counted = tuple(event for event in timeline.told if mine.hears(event, contested))
    if not counted:
        return Part(account=mine)
    ids = {event.id for event in counted}
    # of an account that leaves nothing out the record stays as complete as it was
    whole = len(ids) == len(timeline.told)
    anchors = anchors_of(timeline, counted, ()) - ids
    kept = {one for one in ids | anchors if whole or timeline.by_id[one].type != COMPLETE}
    kept |= {one.id for one in positions(timeline) if one.target in kept}
    kept |= _frame(timeline, kept)
    for event in timeline.events:
        if target_of(event) in kept:
            kept.add(event.id)
    return Part(account=mine, counted=frozenset(ids), along=anchors & kept, ids=frozenset(kept))


def _frame(timeline: CaseTimeline, kept: Iterable[str]) -> set[str]:
    """Give the ids of what says how these events are read: the case's openings and aliases, documents they cite."""
    sources: Mapping[str, RecordedEvent] = timeline.by_id
    cited = {sources[one].source.doc_id for one in kept if one in sources}
    there = (*timeline.gone, *timeline.events)
    return {event.id for event in there if event.type in _FRAME or (event.type == "document" and event.id in cited)}
