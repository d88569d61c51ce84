"""Whose word counts: an account chooses events by speaker, standing, document and tag. Weighs and dates nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.source import STANDINGS, fold_name

NO_STANDING: Final = "none"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The part of a record that a question listens to; every field empty means everybody (SEMANTICS 3).

    >>> Account(speakers=("medical examiner",)).everybody
    False
    >>> Account(speakers=("medical examiner",), first_hand=True).words
    'on the word of medical examiner, first hand'
    """

    speakers: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    first_hand: bool = False
    tags: tuple[str, ...] = ()
    disputed: bool = False
    undisputed: bool = False

    @property
    def everybody(self) -> bool:
        """Whether nothing is left out."""
        chosen = self.speakers or self.standings or self.documents or self.first_hand or self.tags
        return not (chosen or self.disputed or self.undisputed)

    @property
    def words(self) -> str:
        """How the account is named in a sentence; empty for everybody."""
        said = (
            f"on the word of {_list(self.speakers)}" if self.speakers else "",
            f"on what is {_list(self.standings)}" if self.standings else "",
            f"by {_list(self.documents)}" if self.documents else "",
            "first hand" if self.first_hand else "",
            f"tagged {_list(self.tags)}" if self.tags else "",
            "on what is disputed" if self.disputed else "",
            "on what nobody disputes" if self.undisputed else "",
        )
        return ", ".join(part for part in said if part)

    @property
    def json(self) -> dict[str, Any]:
        """The account as scripts read it (DESIGN 10); `tags`, `disputed`, `undisputed` only where asked for."""
        shape: dict[str, Any] = {
            "speakers": list(self.speakers),
            "standings": list(self.standings),
            "documents": list(self.documents),
            "first_hand": self.first_hand,
        }
        if self.tags:
            shape["tags"] = list(self.tags)
        return shape | {name: True for name in ("disputed", "undisputed") if getattr(self, name)}

    def hears(self, event: RecordedEvent, contested: Container[str] = ()) -> bool:
        """Whether an event counts in this account; `contested` are the ids that some party disputes now."""
        return self.listener(contested)(event)

    def listener(self, contested: Container[str] = ()) -> Callable[[RecordedEvent], bool]:
        """Give `hears` for many events: what is asked for is folded once."""
        speakers = {fold_name(one) for one in self.speakers}
        documents = {fold_name(one) for one in self.documents}
        tests: tuple[tuple[object, Callable[[RecordedEvent], bool]], ...] = (
            (speakers, lambda event: fold_name(event.source.speaker) in speakers),
            (self.standings, lambda event: (event.source.standing or NO_STANDING) in self.standings),
            (documents, lambda event: not documents.isdisjoint(_documents(event))),
            (self.first_hand, lambda event: event.source.first_hand),
            (self.tags, lambda event: not set(self.tags).isdisjoint(event.tags)),
            (self.disputed, lambda event: event.id in contested),
            (self.undisputed, lambda event: event.id not in contested),
        )
        asked = [test for given, test in tests if given]
        return asked[0] if len(asked) == 1 else lambda event: all(test(event) for test in asked)


EVERYBODY: Final = Account()
NOBODY: Final = Account(tags=("",))
"""Hears nobody: only what the question names is there, as an anchor."""


def check(account: Account, events: Sequence[RecordedEvent]) -> None:
    """Raise `Fault` with the nearest known name where the account names what the record does not have.

    The speaker "" is nobody named, and the standing `none` none given: they may always be asked for.
    """
    if account.disputed and account.undisputed:
        raise Fault("--disputed and --undisputed leave nothing", "give one of them, or neither")
    _known("speaker", account.speakers, (event.source.speaker for event in events), fold_name)
    _known("standing", account.standings, (*STANDINGS, NO_STANDING), str)
    documents = (name for event in events for name in (event.source.doc_id, event.source.document))
    _known("document", account.documents, documents, fold_name)
    _known("tag", account.tags, (tag for event in events for tag in event.tags), str)


def select(
    events: Sequence[RecordedEvent],
    account: Account,
    contested: Container[str] = (),
    *,
    sources: Sequence[RecordedEvent] | None = None,
) -> tuple[RecordedEvent, ...]:
    """Give the events that count in an account, in order; raises `Fault` for a name the record does not have.

    `contested` are the ids that some party disputes now (`timeline.hearings.positions`). `sources` are the events whose
    names the account may give, where they are more than these.
    """
    if account.everybody:
        return tuple(events)
    if account == NOBODY:
        return ()
    check(account, events if sources is None else sources)
    return tuple(filter(account.listener(contested), events))


def _documents(event: RecordedEvent) -> set[str]:
    return {fold_name(name) for name in (event.source.doc_id, event.source.document) if name}


def _known(kind: str, asked: Sequence[str], there: Iterable[str], fold: Callable[[str], str]) -> None:
    if not asked:
        return
    there = [*there]
    spelled = {*there}
    unknown = [name for name in asked if not name or name not in spelled]
    names = {fold(name): name for name in there if name} if unknown else {}
    for name in unknown:
        if fold(name) in names or (not name and kind == "speaker"):
            continue
        near = get_close_matches(fold(name), names, n=1, cutoff=0.5)
        offer = ", ".join(repr(names[key]) for key in sorted(names)[:8])
        listed = f"write one of: {offer}" if offer else "the record has none"
        instead = f"did you mean {names[near[0]]!r}?" if near else listed
        raise Fault(f"{name!r} is not a {kind} of this record", instead)


def _list(names: Sequence[str]) -> str:
    names = [name or "nobody named" for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
