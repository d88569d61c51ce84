"""A replay: the whole log itself, byte for byte, to be made again elsewhere. Leaves nothing out, secrets included."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from events.errors import Fault
from events.log.replays.out import lines_of
from timeline.exports.wanted import LeftOut, Wanted
from timeline.read import PLAIN


def write(wanted: Wanted, out: BinaryIO, _left: LeftOut) -> int:
    """Write the log; give how many events. Raises `Fault` where only a part of it is wanted."""
    asked = replace(wanted.asked, as_of="")
    if wanted.cases or asked != PLAIN or wanted.upto != wanted.log.head()[0]:
        instead = "leave the cases out, and what chooses events, or write --format jsonl"
        raise Fault("a replay is of the whole log", instead)
    count = -1
    for line in lines_of(wanted.log):
        out.write(line)
        count += line.startswith((b'{"event":', b'{"replay":'))
    return count
