"""What the commands of kept views and cohorts say, in words. Opens nothing, prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from timeline.reports.layout import table

Result = Mapping[str, Any]


def kept(done: Result) -> list[str]:
    """Say what is kept: after bringing it up, after a look (`--status`), after a comparison (`--compare`)."""
    if "compared" in done:
        return _compared(done)
    return _looked_at(done) if "head" in done else _brought_up(done)


def cohort(done: Result) -> list[str]:
    """Say what was written."""
    refused = f", {_many(done['not_asked'], 'case')} that could not be asked among them" if done["not_asked"] else ""
    return [f"{done['file']}: {_many(done['rows'], 'case')} ({done['question']}, position {done['position']}){refused}"]


def _brought_up(done: Result) -> list[str]:
    what = "made anew" if done["anew"] else "brought up"
    folded = f"{what}, {_many(done['folded'], 'case')} folded" if done["folded"] or done["anew"] else "nothing new"
    head = f"{_many(len(done['questions']), 'question')} kept in {done['views']} at position {done['position']}"
    return [f"{head}: {folded}"]


def _looked_at(done: Result) -> list[str]:
    if not done["questions"] and not done["of_no_use"]:
        return ["nothing is kept yet; `casefold project` keeps views"]
    rows = [
        (
            each["question"],
            each["position"],
            each["lag"],
            each["versions"].get("view", ""),
            each["cases"],
            each["not_asked"] or "",
            each["stale"],
        )
        for each in done["questions"]
    ]
    head = ("question", "position", "lag", "version", "cases", "not asked", "")
    why = [f"to be discarded: {done['of_no_use']}"] if done["of_no_use"] else []
    missing = [f"not kept yet: {', '.join(done['missing'])}"] if done["missing"] and done["questions"] else []
    return [f"{done['views']}, log at position {done['head']}", *why, "", *table(head, rows), *missing]


def _compared(done: Result) -> list[str]:
    useless = [f"not compared: {each['question']} ({each['why']})" for each in done["of_no_use"]]
    if not done["compared"] and not useless:
        return [f"nothing is kept{': ' + done['why'] if done['why'] else ''}"]
    if done["same"]:
        return [f"{_many(len(done['compared']), 'question')} folded anew: the same", *useless]
    rows = [
        (each["question"], each["case"], each["row"] or "", each["column"] or "whole row",
         _short(each["kept"]), _short(each["folded"]))
        for each in done["differences"]
    ]  # fmt: skip
    more = done["different"] - len(rows)
    return [
        f"{_many(done['different'], 'difference')}; `casefold project --rebuild` makes them anew",
        "",
        *table(("question", "case", "row", "column", "kept", "folded"), rows),
        *([f"… and {more:,} more"] if more else []),
        *useless,
    ]


def _short(value: Any) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _many(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
