"""How a case's dates are read, by its openings: zone, words for times of day, "about". Reads no other event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from events.log.database import Row


class Opening(NamedTuple):
    """What a case's openings say of how its dates are read: its zone, and its words for times of day.

    `about` are the precisions for which they say how wide "about" is.
    """

    zone: str = ""
    words: Mapping[str, str] = MappingProxyType({})
    about: frozenset[str] = frozenset()

    def then(self, data: Mapping[str, Any]) -> Opening:
        """Give what holds after a further opening: what it leaves out stays."""
        about = self.about | frozenset(data.get("about") or ())
        return Opening(str(data.get("zone") or self.zone), {**self.words, **(data.get("words") or {})}, about)


def opening_of(rows: Callable[[str, tuple[Any, ...]], list[Row]], case: str) -> Opening:
    """Give what the case's `case.opened` events say, each laid over the ones before."""
    bodies = rows(
        "SELECT e.body FROM event_types t JOIN cases c ON c.name = ?"
        " JOIN event e ON e.case_id = c.id AND e.type_id = t.id WHERE t.name = 'case.opened' ORDER BY e.case_position",
        (case,),
    )
    opening = Opening()
    for (body,) in bodies:
        opening = opening.then(msgspec.json.decode(body).get("data", {}))
    return opening
