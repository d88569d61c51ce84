"""Which amendments an answer rests on: those of the events it rests on, those that move it. Asks by its caller.

An amendment acts whatever the account, so that an answer may rest on one whose event it never names: a shot that was
withdrawn is counted nowhere, and the count rests on the withdrawal. Whether it does is tried: the question is put
again with the event as first written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from events.errors import CasefoldError
from timeline.answers import Answer, Rests
from timeline.asking.verdicts import agree
from timeline.case import CaseTimeline

TRIED: Final = 16
"""Amended events among which those that move an answer are told apart; of more, all are named where any moves it."""


def with_amendments(answer: Answer, timeline: CaseTimeline, again: Callable[[CaseTimeline], Answer]) -> Answer:
    """Give an answer that rests on the amendments behind it, too; `again` puts its question to another fold."""
    by = {one: ids for one, ids in timeline.amended.by.items() if one not in _amendments(timeline)}
    if not by:
        return answer

    def moves(some: Sequence[str]) -> bool:
        try:
            return not agree(answer, again(replace(timeline, lifted=frozenset(some))))
        except CasefoldError:
            return True

    unsaid = [one for one, ids in by.items() if not set(ids) <= {*answer.rests_on.both}]
    moved = {amendment for one in _moving(unsaid, moves) for amendment in by[one]}
    rests = answer.rests_on
    return replace(answer, rests_on=Rests(min=_joined(rests.min, by, moved), max=_joined(rests.max, by, moved)))


def _amendments(timeline: CaseTimeline) -> frozenset[str]:
    return frozenset(event.id for event in timeline.events if event.type.startswith("amend."))


def _moving(ids: Sequence[str], moves: Callable[[Sequence[str]], bool]) -> tuple[str, ...]:
    """Give those of the ids that move the answer; all of them where only several together do."""
    if not ids or not moves(ids):
        return ()
    if len(ids) == 1 or len(ids) > TRIED:
        return tuple(ids)
    half = len(ids) // 2
    return (*_moving(ids[:half], moves), *_moving(ids[half:], moves)) or tuple(ids)


def _joined(ids: tuple[str, ...], by: Mapping[str, Iterable[str]], moved: Iterable[str]) -> tuple[str, ...]:
    behind = (amendment for one in ids for amendment in by.get(one, ()))
    return tuple(dict.fromkeys((*ids, *behind, *sorted(moved))))
