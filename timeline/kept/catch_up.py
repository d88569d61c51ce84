"""Brings what is kept up to the head of the log: only cases touched since the checkpoint are folded again.

Rows and checkpoint go in one transaction. What was made with another program, of another log, or before a redaction is
discarded and made anew aside. Opens no place itself, and words nothing but why it discarded what was kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final, final

from events.errors import CasefoldError, Unavailable
from events.log import Log
from events.log.tree import root_of_log
from timeline.case import CaseTimeline
from timeline.kept.place import Absent, Damaged, Keeping, Moved, Place, Rows
from timeline.kept.questions import Question, versions, with_seeds
from timeline.kept.rows import CaseRows
from timeline.kept.tables import QUESTION
from timeline.views import find_view

PAGE: Final = 1_000
"""Cases whose names are held at a time."""
MANY: Final = 50_000
"""Events after the checkpoint from which on, where they are most of the log, all is made anew instead of brought up."""
TRIES: Final = 5
LOG_CASE: Final = "casefold:log"
_QUESTIONS: Final = f"SELECT {', '.join(QUESTION.names)} FROM question ORDER BY question"
_PAGE: Final = "SELECT id, name FROM cases WHERE id > ? ORDER BY id LIMIT ?"
_TOUCHED: Final = (
    "SELECT DISTINCT c.id, c.name FROM event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.id > ? AND e.position BETWEEN ? AND ? ORDER BY c.id LIMIT ?"
)
_REDACTED: Final = (
    "SELECT 1 FROM event WHERE position > ? AND type_id IN (SELECT id FROM event_types WHERE name = 'amend.redact')"
    " LIMIT 1"
)
Told = Callable[[int], None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One question as it is kept: its number, what it is, and the checkpoint it has been brought to."""

    number: int
    question: Question
    log: str
    position: int
    root: str
    versions: Mapping[str, Any]

    @property
    def stale(self) -> str:
        """Why its rows are of no use to this program; empty where they are."""
        try:
            now = versions(self.question)
        except CasefoldError as fault:
            return str(fault)
        names = {"casefold": "the program", "tables": "the tables", "view": "the view", "types": "the event types"}
        changed = [names.get(name, "the time-zone data") for name in now if now[name] != self.versions.get(name)]
        return f"{' and '.join(changed)} changed since" if changed else ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What bringing it up did: the position reached, how many cases were folded, and why anything was discarded."""

    position: int
    folded: int = 0
    anew: bool = False
    discarded: str = ""


def kept_questions(rows: Rows) -> list[Kept]:
    """Give the questions that are kept. Raises `Damaged`."""
    return [_kept(dict(zip(QUESTION.names, row, strict=True))) for row in rows(_QUESTIONS)]


def why_of_no_use(log: Log, kept: Iterable[Kept]) -> str:
    """Say why all that is kept must go: of another log, of what this one no longer is, from before a redaction.

    Empty where it may stay.
    """
    head = log.head()[0]
    for position, root, origin in sorted({(one.position, one.root, one.log) for one in kept}):
        if origin != log.origin:
            return "it was of another log"
        if position > head or root != root_of_log(log.rows, position).hex():
            return "the log is not the one it was made of: a backup was restored, or the log was altered"
        if log.rows(_REDACTED, (position,)):
            return "something was redacted since"
    return ""


def bring_up(log: Log, place: Place, named: Sequence[Question] = (), *, told: Told | None = None) -> Done:
    """Bring the questions that are always kept, those kept so far, and those named now, to the head of the log.

    Raises `Unavailable` where the place is busy or may not be written.
    """
    return _again(lambda damage: _bring_up(log, place, named, told or _nothing, damage), log, place, named, told)


def rebuild(log: Log, place: Place, named: Sequence[Question] = (), *, told: Told | None = None) -> Done:
    """Make all of it anew, aside, and put it in the place of what was kept so far, which serves until then.

    Raises `Unavailable` where the place is busy or may not be written.
    """
    return _again(
        lambda damage: _make_anew(log, place, (*_named_so_far(place), *named), told or _nothing, damage),
        log, place, named, told,
    )  # fmt: skip


def _again(
    task: Callable[[str], Done], log: Log, place: Place, named: Sequence[Question], told: Told | None
) -> Done:
    """Do a task again while others move the place under it; what is damaged is made anew."""
    damage = ""
    for _ in range(TRIES):
        try:
            return task(damage)
        except Moved:
            continue
        except Damaged as found:
            damage = damage or str(found)
        with suppress(Moved):
            return _make_anew(log, place, named, told or _nothing, damage)
    raise Unavailable(f"{place.where} is changed all the time by another program; try again when that has finished")


def _nothing(_: int) -> None:
    pass


def _named_so_far(place: Place) -> list[Question]:
    with place.reading() as rows:
        return _named(kept_questions(rows)) if rows else []


def _named(kept: Iterable[Kept]) -> list[Question]:
    """Give the questions that somebody named, and whose view there still is."""
    return [one.question for one in kept if not one.question.seed and find_view(one.question.view)]


def _make_anew(log: Log, place: Place, named: Sequence[Question], told: Told, discarded: str) -> Done:
    with place.anew() as keeping:
        head = log.head()[0]
        every = [_new(log, n, each) for n, each in enumerate(with_seeds(named), 1)]
        folded = _fold(log, keeping, every, head, told)
        _reached(log, keeping, every, head)
        keeping.commit(lambda: _unredacted(log, head))
    return Done(position=head, folded=folded, anew=True, discarded=discarded)


def _bring_up(log: Log, place: Place, named: Sequence[Question], told: Told, discarded: str) -> Done:
    with place.reading() as rows:
        if rows is None:
            raise Absent
        kept = kept_questions(rows)
    wanted = with_seeds((*_named(kept), *named))
    stale = {one.number: why for one in kept if (why := one.stale)}
    why = why_of_no_use(log, kept) or ("; ".join(sorted(set(stale.values()))) if len(stale) == len(kept) else "")
    head = log.head()[0]
    new = head - min(one.position for one in kept) if kept else head
    if why or (new > MANY and 2 * new > head):
        return _make_anew(log, place, wanted, told, discarded or why)
    up = {one.question.text for one in kept if one.position == head and one.number not in stale}
    if up >= {each.text for each in wanted} and not stale:
        return Done(position=head, discarded=discarded)
    with place.keeping() as keeping:
        return _keep_up(log, keeping, kept, wanted, told, discarded)


def _keep_up(
    log: Log, keeping: Keeping, seen: Sequence[Kept], wanted: Sequence[Question], told: Told, discarded: str
) -> Done:
    """Bring it up in its place, in one transaction."""
    now = kept_questions(keeping.rows)
    if {one.question.text for one in now} - {one.question.text for one in seen} or why_of_no_use(log, now):
        raise Moved
    head = log.head()[0]
    there = {one.question.text: one for one in now}
    free = count(max((one.number for one in now), default=0) + 1)
    gone = [one for one in now if one.stale or one.question.text not in {each.text for each in wanted}]
    every = [_going_on(log, each, there.get(each.text), gone, free) for each in wanted]
    for one in gone:
        _forget(keeping, one)
    folded = _fold(log, keeping, every, head, told)
    _reached(log, keeping, every, head)
    keeping.commit(lambda: _unredacted(log, head))
    why = "; ".join(sorted({one.stale for one in gone}))
    return Done(position=head, folded=folded, discarded=discarded or why)


def _going_on(log: Log, question: Question, known: Kept | None, gone: Sequence[Kept], free: Iterator[int]) -> Kept:
    """Give a question from where it was brought to; from the beginning where it is new, or its rows are of no use."""
    if known is None or known in gone:
        return _new(log, known.number if known else next(free), question)
    return replace(known, question=question)


def _new(log: Log, number: int, question: Question) -> Kept:
    return Kept(number=number, question=question, log=log.origin, position=0, root="", versions=versions(question))


def _fold(log: Log, keeping: Keeping, every: Sequence[Kept], head: int, told: Told) -> int:
    """Fold the cases touched since the checkpoints, each once, and put the rows in place of what was kept of them."""
    folded = 0
    for timeline in timelines(log, min((one.position for one in every), default=head), head):
        made, last = CaseRows(timeline), timeline.events[-1].position
        for one in every:
            if one.position < last:
                if one.position:
                    _clear(keeping, one, timeline.case)
                keeping.insert(one.question.table, made.of(one.question, one.number))
        folded += 1
        told(folded)
    return folded


def timelines(log: Log, position: int, head: int) -> Iterator[CaseTimeline]:
    """Fold the cases that have an event after a position, each as it stands at the head, in the order they came up."""
    for case in touched(log, position, head):
        timeline = CaseTimeline.of(case, log.events(case, upto=head))
        if timeline.events:
            yield timeline


def touched(log: Log, position: int, head: int) -> Iterator[str]:
    """Name the cases that have an event after a position, up to the head; after position 0, every case there is."""
    last = -1
    while True:
        asked = (_TOUCHED, (last, position + 1, head, PAGE)) if position else (_PAGE, (last, PAGE))
        page = log.rows(*asked)
        yield from (name for _, name in page if name != LOG_CASE)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def _clear(keeping: Keeping, one: Kept, case: str) -> None:
    table = one.question.table
    if "question" in table.names:
        keeping.rows(f"DELETE FROM {table.name} WHERE question = ? AND case_name = ?", (one.number, case))
    else:
        keeping.rows(f"DELETE FROM {table.name} WHERE case_name = ?", (case,))


def _forget(keeping: Keeping, one: Kept) -> None:
    table = one.question.table
    if "question" in table.names:
        keeping.rows(f"DELETE FROM {table.name} WHERE question = ?", (one.number,))
    else:
        keeping.rows(f"DELETE FROM {table.name}")


def _reached(log: Log, keeping: Keeping, every: Sequence[Kept], head: int) -> None:
    """Write the checkpoint of every question."""
    root = root_of_log(log.rows, head).hex()
    keeping.rows("DELETE FROM question")
    keeping.insert(QUESTION, [_row(replace(one, position=head, root=root)) for one in every])


def _unredacted(log: Log, head: int) -> None:
    """Raise `Moved` where something was redacted since the head that was folded: a value may have been read before."""
    if log.rows(_REDACTED, (head,)):
        raise Moved


def _row(one: Kept) -> tuple[int | str, ...]:
    asked = one.question
    return (
        one.number, asked.text, asked.view, asked.version, json.dumps(dict(asked.parameters), ensure_ascii=False),
        asked.table.name, int(asked.seed), one.log, one.position, one.root, json.dumps(one.versions),
    )  # fmt: skip


def _kept(row: Mapping[str, object]) -> Kept:
    try:
        parameters = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(str(row["parameters"])).items()
        }
        question = Question(
            text=str(row["asked"]), view=str(row["view"]), parameters=parameters, seed=bool(row["seed"])
        )
        return Kept(
            number=int(str(row["question"])), question=question, log=str(row["log"]),
            position=int(str(row["position"])), root=str(row["root"]), versions=dict(json.loads(str(row["versions"]))),
        )  # fmt: skip
    except (TypeError, ValueError, AttributeError) as error:
        raise Damaged(f"the table question is damaged ({error})") from error
