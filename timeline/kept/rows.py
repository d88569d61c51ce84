"""From the fold of a case to the rows that are kept of it; one that cannot be asked has its row too. Runs no SQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, final

from msgspec import to_builtins

from events.errors import CasefoldError
from events.event import RecordedEvent, find_type
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account
from timeline.kept.questions import Question
from timeline.kept.tables import CASES, CHRONOLOGY, TABLES, Table
from timeline.views import ask

Row = tuple[int | str | None, ...]
Made = Callable[[Any], int | str | None]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WIDEST: Final = 2**63
_SAID: Final = dict.fromkeys(("speaker", "via", "standing", "document", "locator", "asserted", "quote"), "")
_JSON: Final = partial(json.dumps, ensure_ascii=False, separators=(",", ":"), default=to_builtins)


@final
class CaseRows:
    """The rows of one case, with at least one event; a view is asked once, however many questions need its answer."""

    def __init__(self, timeline: CaseTimeline, account: Account = EVERYBODY) -> None:
        self._timeline = timeline
        self._account = account
        self._chronology: Answer | str | None = None

    def of(self, question: Question, number: int = 0) -> list[Row]:
        """Give the rows that one question has of the case; `number` is the question's."""
        timeline, table = self._timeline, question.table
        if table is CASES or table is CHRONOLOGY:
            self._chronology = answer = self._chronology or self._answer("chronology", {})
            return _overview(timeline, self._account, answer) if table is CASES else _entries(timeline, answer)
        answer = self._answer(question.view, question.parameters)
        where = {"question": number, "case": timeline.case, "position": _recorded(timeline)[-1].position}
        return [_row(table, {**(_told(answer) if isinstance(answer, Answer) else _untold(answer)), **where})]

    def _answer(self, view: str, parameters: Mapping[str, Any]) -> Answer | str:
        """Give the answer, or why there is none."""
        try:
            return ask(self._timeline, view, parameters, self._account)
        except CasefoldError as fault:
            return str(fault)


def _recorded(timeline: CaseTimeline) -> Sequence[RecordedEvent]:
    """Give the events of a case as recorded, also where a cut by the sources' dates left none of them."""
    return timeline.events or timeline.gone


def _told(answer: Answer) -> dict[str, Any]:
    in_fact = dict(answer.in_fact)
    return {
        **answer.values,
        "asked": True,
        "reason": "",
        "truth": _truth(answer.values),
        "answer": answer.values,
        "in_fact": {**in_fact, "truth": _truth(in_fact)} if "exists" in in_fact else in_fact,
        "text": answer.text,
        "sentence": answer.sentence,
        "tight": answer.tight,
        "rests_on": {"min": answer.rests_on.min, "max": answer.rests_on.max},
        "set_aside": list(answer.set_aside),
        "undated": list(answer.undated),
        "assumes": list(answer.assumes),
    }


def _untold(reason: str) -> dict[str, Any]:
    return {"asked": False, "reason": reason, "text": "", "sentence": ""}


def _truth(values: Mapping[str, Any]) -> Any:
    return values.get("exists", values.get("truth"))


def _entries(timeline: CaseTimeline, answer: Answer | str) -> list[Row]:
    if isinstance(answer, str):
        return []
    aside, rows = frozenset(answer.set_aside), []
    for place, event in enumerate(answer.values["events"], 1):
        told = {**event, "source": _SAID | event["source"], "until": event.get("until", "")}
        rows.append(
            _row(CHRONOLOGY, {**told, "case": timeline.case, "place": place, "set_aside": event["id"] in aside})
        )
    return rows


def _overview(timeline: CaseTimeline, account: Account, answer: Answer | str) -> list[Row]:
    events = _recorded(timeline)
    counts = {"asked": False, "reason": answer} if isinstance(answer, str) else _counts(timeline, account, answer)
    told = {
        **counts,
        "case": timeline.case,
        "events": len(timeline.events),
        "first_recorded_us": events[0].recorded_at,
        "last_recorded_us": events[-1].recorded_at,
        "position": events[-1].position,
    }
    return [_row(CASES, told)]


def _counts(timeline: CaseTimeline, account: Account, answer: Answer) -> dict[str, Any]:
    listed = answer.values["events"]
    ends = [end for event in listed for end in (event["earliest"], event["latest"]) if end is not None]
    return {
        "asked": True,
        "reason": "",
        "title": timeline.title,
        "zone": timeline.zone,
        "told": len(listed),
        "administrations": sum(_administered(event["type"]) for event in listed),
        "undated": len(answer.undated),
        "conflicts": len(timeline.hear(account).conflicts),
        "earliest_us": min(ends, default=None),
        "latest_us": max(ends, default=None),
    }


def _administered(kind: str) -> bool:
    known = find_type(kind)
    return known is not None and known.administration


def _row(table: Table, told: Mapping[str, Any]) -> Row:
    return tuple([_cell(told, steps, made) for steps, made in _PLANS[table.name]])


def _cell(told: Any, steps: tuple[str, ...], made: Made) -> int | str | None:
    for step in steps:
        if told is None:
            return None
        told = told.get(step)
    return None if told is None else made(told)


def micros(instant: str | int) -> int:
    """Give an instant's microseconds since 1970; a number is that already.

    >>> micros("2023-10-28T07:00:00.000000Z")
    1698476400000000
    """
    if isinstance(instant, int):
        return instant
    return (datetime.fromisoformat(instant) - _EPOCH) // timedelta(microseconds=1)


def _whole(value: int) -> int | None:
    """Give a whole number as a column holds it: one beyond 64 bits leaves the end open, which still holds."""
    return value if -_WIDEST <= value < _WIDEST else None


_AS: Final[Mapping[str, Made]] = {
    "integer": _whole, "truth": int, "instant": micros, "text": str, "json": _JSON,
}  # fmt: skip
_PLANS: Final = {table.name: tuple((column.at, _AS[column.kind]) for column in table.columns) for table in TABLES}
"""Where the values of a table's columns stand in what is told, and how each is written."""
