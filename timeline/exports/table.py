"""CSV: one row an event, as the case stands, for people who sort and filter. Not lossless: JSONL is.

Amendments are applied, their documents' facts inherited, and what is withdrawn is left out; `earliest` and `latest` are
the bounds of its (first) instant by all that the case says, in UTC. A cell that a spreadsheet would run as a formula
gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from events.dates.civil import instant_text
from events.event import RecordedEvent
from events.leaf.line import line_of
from timeline.case import family
from timeline.exports.wanted import AMENDMENT, NOT_CHOSEN, WITHDRAWN, LeftOut, Wanted
from timeline.hearings.account import EVERYBODY

FIRST: Final = ("case", "id", "type", "when", "until", "zone", "earliest", "latest")
LAST: Final = (
    "source.speaker", "source.via", "source.standing", "source.doc", "source.document", "source.locator",
    "source.asserted", "source.quote", "source.reads", "tags", "note", "private", "actor", "causes", "amended_by",
    "position", "recorded_at",
)  # fmt: skip
"""The columns around those of `data`, which stand in the order in which they first appear."""
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


def write(wanted: Wanted, out: BinaryIO, left: LeftOut) -> int:
    """Write the rows, case by case, each in the order of the log; give how many. Memory is one case's at a time."""
    seen: dict[str, None] = {}
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        for row in _rows(wanted, left):
            seen |= dict.fromkeys(row)
            kept.write(json.dumps(row) + "\n")
            count += 1
        kept.seek(0)
        inner = [name for name in seen if name not in FIRST and name not in LAST]
        columns = [*FIRST, *inner, *(name for name in LAST if name in seen)]
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        sheet = csv.writer(text)
        sheet.writerow(columns)
        for line in kept:
            row = json.loads(line)
            sheet.writerow([_safe(row.get(name, "")) for name in columns])
        text.flush()
        text.detach()
    return count


def _rows(wanted: Wanted, left: LeftOut) -> Iterator[dict[str, str]]:
    for case in wanted.names():
        timeline = wanted.timeline(case)
        hearing = timeline.hear(wanted.parts[case].account if wanted.parts else EVERYBODY)
        counted = frozenset(event.id for event in hearing.counted)
        for event in (*timeline.events, *timeline.gone):
            if event.id in timeline.amended.withdrawn:
                left.note(event, WITHDRAWN)
            elif family(event) == "amendments":
                left.note(event, AMENDMENT)
            elif event.id not in counted:
                left.note(event, NOT_CHOSEN)
        for event in hearing.counted:
            if family(event) != "amendments":
                left.of(event, private=wanted.private)
                bound = hearing.bound(hearing.nodes(event.id).start)
                dated = {"earliest": bound.lo, "latest": bound.hi} if event.when else {}
                by = timeline.amended.by.get(event.id, ())
                yield _row(event, wanted, dated) | ({"amended_by": "; ".join(by)} if by else {})


def _row(event: RecordedEvent, wanted: Wanted, dated: Mapping[str, int | None]) -> dict[str, str]:
    line = line_of(event, private=wanted.private)
    cells: dict[str, str] = {}
    for name, value in line.items():
        if name in ("data", "source"):
            cells |= {f"{name}.{inner}": _text(each) for inner, each in value.items()}
        elif name != "version":
            cells[name] = _text(value)
    cells |= {name: instant_text(at) for name, at in dated.items() if at is not None}
    return cells | {"position": str(event.position), "recorded_at": instant_text(event.recorded_at)}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> str:
    """Give a cell that no spreadsheet runs.

    >>> _safe("=1+1"), _safe("-5"), _safe("@death")
    ("'=1+1", '-5', "'@death")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
