"""A replay: the whole log itself, byte for byte, to be made again elsewhere. Leaves nothing out, secrets included."""

from __future__ import annotations

from typing import BinaryIO

from events.errors import Fault
from events.log.replays.out import lines_of
from timeline.exports.wanted import LeftOut, Wanted


def write(wanted: Wanted, out: BinaryIO, _left: LeftOut) -> int:
    """Write the log; give how many events. Raises `Fault` where only a part of it is wanted."""
    if wanted.cases or wanted.upto != wanted.log.head()[0]:
        raise Fault("a replay is of the whole log", "leave the cases and --as-of out, or write --format jsonl")
    count = -1
    for line in lines_of(wanted.log):
        out.write(line)
        count += line.startswith((b'{"event":', b'{"replay":'))
    return count
