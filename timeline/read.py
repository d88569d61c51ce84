"""Reads a case from an open log: which account, at which cut, folded. Words nothing, asks no view, appends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, final

from events.errors import Fault, Problem
from events.log import Log
from events.log.tree import root_of_log
from events.nearest import nearest
from events.noticed import notice
from events.source import fold_name
from events.when_text import read_date, read_duration
from timeline.answers import AsOf
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account, check
from timeline.hearings.positions import NOBODY_NAMED


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a case is read: the account that counts, the cuts, the width of "about", what contradictions set aside."""

    account: Account = EVERYBODY
    as_of: str = ""
    asserted_by: str = ""
    about: str = ""
    on_conflict: str = "weakest"

    @classmethod
    def of(
        cls,
        *,
        speakers: Iterable[str] = (),
        standing: str = "",
        documents: Iterable[str] = (),
        first_hand: bool = False,
        tags: Iterable[str] = (),
        disputed: bool = False,
        undisputed: bool = False,
        as_of: str = "",
        asserted_by: str = "",
        about: str = "",
        on_conflict: str = "weakest",
    ) -> Asked:
        """Make one of a command's options; `standing` is a list with commas. Raises `Fault` where it lists none.

        >>> Asked.of(standing="found, admitted").account.standings
        ('found', 'admitted')
        >>> Asked.of(speakers=["court", "nobody named"]).account.speakers
        ('court', '')
        """
        standings = tuple(word.strip() for word in standing.split(",") if word.strip())
        if standing and not standings:
            raise Fault(f"--standing: {standing!r} names none", "write one or more of them: found,documented")
        account = Account(
            speakers=speakers_named(speakers),
            standings=standings,
            documents=tuple(documents),
            first_hand=first_hand,
            tags=tuple(tags),
            disputed=disputed,
            undisputed=undisputed,
        )
        return cls(account=account, as_of=as_of, asserted_by=asserted_by, about=about, on_conflict=on_conflict)

    @property
    def read(self) -> dict[str, str]:
        """How a case is read beside account and position, as far as that was asked for: its answers say it."""
        asked = {"asserted_by": self.asserted_by, "about": self.about}
        chosen = {"on_conflict": self.on_conflict} if self.on_conflict != "weakest" else {}
        return {name: value for name, value in asked.items() if value} | chosen


def speakers_named(names: Iterable[str]) -> tuple[str, ...]:
    """Give speakers as an account has them: `nobody named`, as answers print it, is the speaker ""."""
    return tuple("" if fold_name(name) == NOBODY_NAMED else name for name in names)


PLAIN: Final = Asked()
"""Everything the log has, on everybody's word."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One case as read at one cut of one log."""

    timeline: CaseTimeline
    as_of: AsOf
    log: str


def read_case(log: Log, case: str, asked: Asked = PLAIN) -> Read:
    """Fold a case at the cut asked for; raises `Fault`, with the nearest, where no such case or name is there then.

    Raises `NotHeld` where contradictions are to fail, and the account has some, whatever is asked of it then.
    """
    as_of = cut(log, asked.as_of)
    check_words(asked)
    events = log.events(case, upto=as_of.position)
    timeline = CaseTimeline.of(case, events, about=asked.about, on_conflict=asked.on_conflict)
    if not timeline.events:
        raise no_case(log, case, asked.as_of)
    if asked.asserted_by:
        timeline = timeline.asserted_by(asked.asserted_by)
    if not asked.account.everybody:
        check(asked.account, timeline.told)
    if asked.on_conflict == "fail":
        timeline.hear(asked.account)
    return Read(timeline=timeline, as_of=as_of, log=log.origin)


def check_words(asked: Asked) -> None:
    """Raise `Fault`, with the option, where the cut by the sources' dates or the width of "about" cannot be read."""
    if asked.asserted_by:
        with _option("--asserted-by", "write a date such as 2024-08-16"):
            read_date(asked.asserted_by, zone="UTC")
    if asked.about:
        with _option("--about"):
            read_duration(asked.about)


def cut(log: Log, text: str) -> AsOf:
    """Read `--as-of`: all digits a position, else an instant or a date to its end (UTC), of recorded time.

    A position beyond the last is the last, and that is noticed: it may have been meant for a year.
    """
    head, at = log.head()
    if not text:
        return AsOf(position=head, recorded_at=at or None, root=root_of_log(log.rows, head).hex())
    position = _position(text, head) if text.isascii() and text.isdigit() else log.recorded_before(_end_of(text))
    event = next(log.all_events(position, position), None) if position else None
    root = root_of_log(log.rows, position).hex()
    return AsOf(position=position, recorded_at=event.recorded_at if event else None, root=root)


def _position(text: str, head: int) -> int:
    if len(text) < 19 and int(text) <= head:
        return int(text)
    what = f"position {text[:20]} is beyond the last of the log, {head}, so that all of it is read"
    notice([Problem(what=what, instead="if a year is meant, write its last day, such as 2023-12-31")])
    return head


def _end_of(text: str) -> int:
    words = "write a position, an instant or a date"
    with _option("--as-of", words):
        end = read_date(text, zone="UTC").outer.hi
    if end is None:
        raise Fault(f"--as-of: {text!r} has no end", words)
    return end


@contextmanager
def _option(name: str, instead: str = "") -> Iterator[None]:
    """Name the option whose text cannot be read; advice to write an event's id is none for a date in an option."""
    try:
        yield
    except Fault as fault:
        better = instead if instead and "@" in fault.instead else fault.instead
        raise Fault(f"{name}: {fault.what}", better) from None


def no_case(log: Log, case: str, as_of: str = "") -> Fault:
    """Give the fault that a log has no such case at a cut (empty: none), with the nearest one it has."""
    if as_of and log.has_case(case):
        return Fault(f"the log had nothing of case {case!r} as of {as_of}", "write a later --as-of")
    known = (row.name for row in log.cases())
    return Fault(f"there is no case {case!r} in {log.where}", nearest(case, known, "see `casefold cases`"))
