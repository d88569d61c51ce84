"""JSONL: every event as the line that `load` takes, in log order; loaded into a new log it gives the same answers."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from events.errors import Fault
from events.leaf.line import line_of
from timeline.exports.wanted import LOG_CASE, LOGS_OWN, LeftOut, Wanted


def write(wanted: Wanted, out: BinaryIO, left: LeftOut) -> int:
    """Write the events; give how many. Left out: `private` unless wanted, and the log's events about itself.

    Raises `Fault` for what only questions are asked with: a line is the same however wide "about" is.
    """
    if wanted.asked.about or wanted.asked.on_conflict != "weakest":
        raise Fault("--about and --on-conflict change no line of a JSONL file", "leave them out, or write --format csv")
    count = 0
    for event in wanted.events():
        if event.case == LOG_CASE:
            left.note(event, LOGS_OWN)
            continue
        if why := wanted.stays(event):
            left.note(event, why)
            continue
        left.of(event, private=wanted.private)
        out.write(msgspec.json.encode(line_of(event, private=wanted.private)) + b"\n")
        count += 1
    return count
