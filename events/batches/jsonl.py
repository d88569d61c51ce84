"""Reads JSONL: one event a line, or one row of a quarantine. Checks the JSON and the bytes, not the event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from events.batches.lines import BatchFile
from events.batches.row import Flaw, Row
from events.codec import strict_json
from events.drafts.fast_lane import FastLane, Swift
from events.errors import Fault

QUARANTINED: Final = frozenset({"file", "line", "field", "what", "instead", "raw"})
"""The keys of a row that a load has refused before (see `events.batches.quarantine`)."""


def read_jsonl(file: BatchFile, lane: FastLane | None = None) -> Iterator[Row | Swift]:
    """Give a row for each line that is not blank; raises `BadInput` where the file as a whole cannot be trusted.

    A line that may take the `lane` comes as its draft at once.

    That is: bytes that are not UTF-8 (with their offset), a line over the limit, and a last line that was cut short.
    """
    for line in file.lines():
        if lane is not None and (swift := lane.swift(line, file.line)) is not None:
            yield swift
            continue
        if line.isspace():
            continue
        if not line.isascii():
            file.text(line)
        try:
            fields = strict_json(line)
        except Fault as fault:
            if not line.endswith((b"\n", b"}")):
                file.refuse("the last line is cut short", "fetch the file again, or complete the line")
            yield Row(file.line, line, (), (Flaw.of(fault),))
        else:
            yield Row(file.line, line, (fields,)) if "raw" not in fields else quarantined(file, line, fields)


def quarantined(file: BatchFile, line: bytes, fields: dict[str, Any]) -> Row:
    """Give the row that a quarantine holds, as it first stood; a line with `raw` that is of no quarantine, as it is."""
    if not fields.keys() <= QUARANTINED:
        return Row(file.line, line, (fields,))
    raw, at, number = fields["raw"], fields.get("file"), fields.get("line")
    origin = (
        at if isinstance(at, str) else file.shown,
        number if isinstance(number, int) and number > 0 else file.line,
    )
    if isinstance(raw, dict):
        return Row(file.line, raw, (raw,), origin=origin)
    text = raw.encode() if isinstance(raw, str) else line
    try:
        return Row(file.line, text, (strict_json(text),), origin=origin)
    except Fault as fault:
        return Row(file.line, text, (), (Flaw.of(fault, "raw"),), origin=origin)
