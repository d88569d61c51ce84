"""The record as it stood, as static data for the page's slider: which rows stood when, and what they said. Shows none.

`{"stops": [{"p": position, "t": recorded at, "n": rows, "a": [answers], "o": [rows in order]}], "rows": [[id, [[first
stop, last stop, cells]]]]}`. `cells` is 0 where the row says what the page's own row says; else `[[text, small], …]`
and then the notes. `o` is left out where the rows stand in the order of `rows`.
"""

from __future__ import annotations

from typing import Any

from timeline.reports.composing.shape import Report, Row, Stop
from timeline.reports.escape import visible


def replayed(report: Report) -> dict[str, Any]:
    """Give the data of all stops."""
    own = {row.id: row for _, table in report.tables if table.events for row in table.rows}
    order = list(dict.fromkeys((*own, *(row.id for stop in report.replay for row in stop.rows))))
    place = {one: n for n, one in enumerate(order)}
    states: dict[str, list[list[Any]]] = {one: [] for one in order}
    for n, stop in enumerate(report.replay):
        for row in stop.rows:
            _add(states[row.id], n, 0 if _same(row, own.get(row.id)) else _cells(row))
    return {
        "stops": [_stop(stop, place) for stop in report.replay],
        "rows": [[one, states[one]] for one in order],
    }


def _add(states: list[list[Any]], n: int, cells: Any) -> None:
    """Lengthen the row's last state where it stays what it was, else begin another."""
    if states and states[-1][1] == n - 1 and states[-1][2] == cells:
        states[-1][1] = n
    else:
        states.append([n, n, cells])


def _same(row: Row, own: Row | None) -> bool:
    return own is not None and row.cells == own.cells and row.notes == own.notes


def _cells(row: Row) -> list[Any]:
    return [[[visible(cell.text), visible(cell.small)] for cell in row.cells], [visible(note) for note in row.notes]]


def _stop(stop: Stop, place: dict[str, int]) -> dict[str, Any]:
    order = [place[row.id] for row in stop.rows]
    shown: dict[str, Any] = {"p": stop.position, "t": stop.recorded_at, "n": len(order)}
    shown["a"] = [visible(each) for each in stop.answers]
    return shown if order == sorted(order) else {**shown, "o": order}
