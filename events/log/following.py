"""Follows a log: its events in order as they land, none skipped, none twice. Keeps no position and writes nothing.

Positions have no gaps and their order is the order of the commits, so whoever has had everything up to a position has
had everything there was: no reader has to wait for a transaction that may still be under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Protocol

from events.errors import Fault, Unavailable

if TYPE_CHECKING:
    from events.event import RecordedEvent

LEAST: Final = 0.02
MOST: Final = 0.5
"""Seconds between two looks at the log: little after an event, growing as nothing comes."""


class Followed(Protocol):
    """What following asks of a log."""

    @property
    def where(self) -> str:
        """How messages name it."""

    def head(self) -> tuple[int, int]:
        """Give the last position and when it was recorded."""

    def all_events(self, start: int, stop: int) -> Iterator[RecordedEvent]:
        """Give the events by position, both ends included."""


def follow(
    log: Followed, position: int = 0, *, wait: bool = True, pause: Callable[[float], None] = time.sleep
) -> Iterator[RecordedEvent]:
    """Give the events after a position, in order, and go on as they land; without `wait` until the log's end.

    `position` is the last one that the caller has had, 0 for none. Whoever keeps the position of each event when done
    with it, and begins there again, misses none and meets none twice. `pause` is called with seconds where there is
    nothing new. Raises `Fault` where the log is shorter than the position, `Unavailable` where an event is missing.
    """
    head = log.head()[0]
    if position > head:
        raise Fault(
            f"{log.where} has {head} events, and none at position {position}",
            "name the log that the position is of; if it is this one, an older copy has taken its place",
        )
    seconds = LEAST
    while True:
        for event in log.all_events(position + 1, head) if head > position else ():
            if event.position != position + 1:
                raise Unavailable(f"position {position + 1} of {log.where} is missing; run `casefold verify`")
            position, seconds = event.position, LEAST
            yield event
        head = log.head()[0]
        if head < position:
            raise Unavailable(f"{log.where} ends at position {head} now, before {position}; run `casefold verify`")
        if head == position:
            if not wait:
                return
            pause(seconds)
            seconds = min(2 * seconds, MOST)
            head = log.head()[0]
