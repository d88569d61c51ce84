"""Which events of a load stand, so that they can be withdrawn together. Withdraws none itself."""

from __future__ import annotations

from collections.abc import Iterator

from events.errors import Fault
from events.log import Log
from timeline.hearings.amendments import REDACT, amend


def standing_of_batch(log: Log, number: int) -> Iterator[tuple[str, str]]:
    """Give case and id of each event of a load that stands, by position; redactions, which nothing undoes, left out.

    Raises `Fault` where the log has no such batch.
    """
    batch = next((row for row in log.batches() if row.n == number), None)
    if batch is None:
        raise Fault(f"there is no batch {number} in {log.where}", "see `casefold batches`")
    withdrawn: dict[str, frozenset[str]] = {}
    for event in log.all_events(batch.first, batch.last):
        if event.case not in withdrawn:
            withdrawn[event.case] = frozenset(amend(log.events(event.case)).withdrawn)
        if event.type != REDACT and not event.type.startswith("log.") and event.id not in withdrawn[event.case]:
            yield event.case, event.id
