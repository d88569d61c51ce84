"""What there is in a log, as scripts read it: cases, loads, names, events, size, whether it is whole. Asks no view."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from events.dates.civil import instant_text
from events.log import Log, open_log
from timeline.read import PLAIN, Asked, cut, read_case, speakers_named


def cases_json(where: str, asked: Asked = PLAIN) -> dict[str, Any]:
    """List the cases of a log, as it stood at a cut."""
    with open_log(where, mode="read") as log:
        if asked != PLAIN:
            return {"log": log.origin, "cases": _cases_at(log, asked)}
        rows = [
            {
                "case": row.name,
                "events": row.events,
                "first_recorded": instant_text(row.first_recorded),
                "last_recorded": instant_text(row.last_recorded),
            }
            for row in log.cases()
        ]
        return {"log": log.origin, "cases": rows}


def _cases_at(log: Log, asked: Asked) -> list[dict[str, Any]]:
    """List the cases that have an event at a cut, with what each has there."""
    position = cut(log, asked.as_of).position
    rows = []
    for row in log.cases():
        if row.first <= position:
            timeline = read_case(log, row.name, asked).timeline
            at = [event.recorded_at for event in timeline.events]
            ends = (instant_text(at[0]), instant_text(at[-1])) if at else ("", "")
            named = {"case": row.name, "events": len(at), "first_recorded": ends[0], "last_recorded": ends[1]}
            rows += [named] if at else []
    return rows


def batches_json(where: str, as_of: str = "") -> dict[str, Any]:
    """List the loads of a log, as it stood at a cut."""
    with open_log(where, mode="read") as log:
        last = cut(log, as_of).position
        there = (row for row in log.batches() if row.last <= last)
        rows = [{**asdict(row), "loaded_at": instant_text(row.loaded_at)} for row in there]
        renamed = (
            {
                "first_position" if key == "first" else "last_position" if key == "last" else key: value
                for key, value in row.items()
            }
            for row in rows
        )
        return {"log": log.origin, "batches": list(renamed)}


def names_json(where: str, case: str, asked: Asked = PLAIN) -> dict[str, Any]:
    """List the names a case uses in what counts, what they do there, and those that look alike."""
    from timeline.reports.naming import names_of

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
        return {"log": read.log, "case": case, "names": names_of(read.timeline, asked.account)}


def log_json(
    where: str, case: str, asked: Asked = PLAIN, *, since: str = "", until: str = "", **wanted: Any
) -> dict[str, Any]:
    """List the events of a case in the order they were recorded, those that are wanted and that the account hears."""
    from timeline.reports.listing import Wanted, listed

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
        wanted["said_by"] = speakers_named(wanted.get("said_by", ()))
        rows = listed(read.timeline, Wanted(**wanted), asked.account, since=since, until=until)
        return {"log": read.log, "case": case, "events": rows}


def check_json(where: str) -> dict[str, Any]:
    """Say whether a log is whole, and what is not."""
    from events.log.auditing.check import check

    with open_log(where, mode="read") as log:
        problems = check(log)
        rows = [{"field": each.field, "what": each.what, "instead": each.instead} for each in problems]
        return {"ok": not problems, "log": log.origin, "where": log.where, "events": log.head()[0], "problems": rows}


def stats_json(where: str) -> dict[str, Any]:
    """Give the size of a log."""
    with open_log(where, mode="read") as log:
        stats = log.stats()
        return {
            "log": log.origin,
            "where": log.where,
            **asdict(stats),
            "types": dict(stats.types),
            "first_recorded": instant_text(stats.first_recorded) if stats.events else None,
            "last_recorded": instant_text(stats.last_recorded) if stats.events else None,
        }
