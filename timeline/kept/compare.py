"""Folds what is kept anew, at the checkpoint it was brought to, and says what differs. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from events.errors import Unavailable
from events.log import Log
from timeline.case import CaseTimeline
from timeline.kept.catch_up import Kept, kept_questions, touched
from timeline.kept.place import Place, Rows
from timeline.kept.rows import CaseRows, Row
from timeline.kept.tables import Table

PAGE: Final = 200
"""Cases that are compared while one state of the place is held: others may write in between."""
Difference = dict[str, Any]


def compare(log: Log, place: Place, kept: Iterable[Kept]) -> Iterator[Difference]:
    """Give what differs: question, case, place in the chronology, column, and the value kept and folded.

    Null in `column` is a whole row that is kept and not folded (`folded` null), or folded and not kept. Raises
    `Unavailable` where another program brought the rows up meanwhile.
    """
    for position in sorted({one.position for one in kept}):
        here = [one for one in kept if one.position == position]
        for one in here:
            yield from _strangers(log, place, one)
        cases = touched(log, 0, position)
        while page := list(islice(cases, PAGE)):
            yield from _page(log, place, here, page, position)


def _page(log: Log, place: Place, kept: list[Kept], cases: list[str], position: int) -> Iterator[Difference]:
    with place.reading() as rows:
        if rows is None or not {one.number for one in _still(rows, kept)} == {one.number for one in kept}:
            raise Unavailable(f"{place.where} was brought up by another program meanwhile; run it again")
        there = [{case: _rows(rows, one, case) for case in cases} for one in kept]
    for case in cases:
        timeline = CaseTimeline.of(case, log.events(case, upto=position))
        made = CaseRows(timeline)
        for one, found in zip(kept, there, strict=True):
            folded = made.of(one.question, one.number) if timeline.events else []
            yield from _differences(one, case, found[case], folded)


def _still(rows: Rows, kept: list[Kept]) -> list[Kept]:
    return [one for one in kept_questions(rows) if one in kept]


def _rows(rows: Rows, one: Kept, case: str) -> list[Row]:
    table = one.question.table
    sql = f"SELECT {', '.join(table.names)} FROM {table.name} WHERE case_name = ?"
    if "question" in table.names:
        return rows(f"{sql} AND question = ?", (case, one.number))
    return rows(sql, (case,))


def _differences(one: Kept, case: str, kept: list[Row], folded: list[Row]) -> Iterator[Difference]:
    table = one.question.table
    if kept == folded:
        return
    was, now = ({_key(table, row): row for row in rows} for rows in (kept, folded))
    for key in dict.fromkeys((*was, *now)):
        named = {"question": one.question.text, "case": case, "row": key[-1] if table.name == "chronology" else None}
        if key not in was or key not in now:
            missing = {"kept": None, "folded": dict(zip(table.names, now[key], strict=True))} if key in now else {}
            extra = {"kept": dict(zip(table.names, was[key], strict=True)), "folded": None} if key in was else {}
            yield {**named, "column": None, **missing, **extra}
            continue
        for name, a, b in zip(table.names, was[key], now[key], strict=True):
            if a != b or type(a) is not type(b):
                yield {**named, "column": name, "kept": a, "folded": b}


def _key(table: Table, row: Row) -> Row:
    return row[: table.keys]


def _strangers(log: Log, place: Place, one: Kept) -> Iterator[Difference]:
    """Give the cases that are kept and that the log does not have."""
    last = ""
    while True:
        with place.reading() as rows:
            names = _names(rows, one, last) if rows else []
        for name in names:
            if not log.has_case(name):
                named = {"question": one.question.text, "case": name, "row": None, "column": None}
                yield {**named, "kept": "a case that the log does not have", "folded": None}
        if len(names) < PAGE:
            return
        last = names[-1]


def _names(rows: Rows, one: Kept, last: str) -> list[str]:
    table = one.question.table
    asked: tuple[Any, ...] = (last, one.number, PAGE) if "question" in table.names else (last, PAGE)
    mine = " AND question = ?" if "question" in table.names else ""
    sql = f"SELECT DISTINCT case_name FROM {table.name} WHERE case_name > ?{mine} ORDER BY case_name LIMIT ?"
    return [str(name) for (name,) in rows(sql, asked)]
