"""The counted events of a hearing by what kind they are of, found once for all that is asked. Asks nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from events.event import RecordedEvent, find_type
from timeline.hearings.hearing import Hearing


def by_type(hearing: Hearing) -> Mapping[str, list[RecordedEvent]]:
    """Give the counted events of each type, in log order."""
    if "types" not in hearing.known:
        found: dict[str, list[RecordedEvent]] = {}
        for event in hearing.counted:
            found.setdefault(event.type, []).append(event)
        hearing.known["types"] = found
    types: Mapping[str, list[RecordedEvent]] = hearing.known["types"]
    return types


def of(hearing: Hearing, *types: str) -> list[RecordedEvent]:
    """Give the counted events of these types by id."""
    known = by_type(hearing)
    return sorted((event for name in {*types} for event in known.get(name, ())), key=lambda event: event.id)


def such(hearing: Hearing, wanted: Callable[[RecordedEvent], bool]) -> list[RecordedEvent]:
    """Give the counted events of each type of which one is wanted, in log order; `wanted` looks at the type alone."""
    types = {name for name, events in by_type(hearing).items() if wanted(events[0])}
    return [event for event in hearing.counted if event.type in types]


def administered(event: RecordedEvent) -> bool:
    """Whether an event tells of something given."""
    known = find_type(event.type)
    return known is not None and known.administration
