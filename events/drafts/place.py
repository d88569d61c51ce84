"""Where the values of one line stand while they are checked, and which ids there may be. Checks no value of a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, final

from events.errors import Fault, Problem, quoted

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}(?<!\.first)(?<!\.last)(?<!\.start)(?<!\.end)")
POINTS: Final = (".first", ".last", ".start", ".end")


@final
class Place:
    """Where the values of one line stand: its zone, its own id, and what its checks found out on the way.

    `mentions` are the ids its times and claims refer to, `requires` those that must be there before it, and `singles`
    those that a time takes for one instant.
    """

    __slots__ = (
        "_case_zone", "_zone", "amends", "case", "case_about", "id", "mentions", "requires", "singles", "warnings",
    )  # fmt: skip

    def __init__(self, case: str, own_id: str, zone: str, case_zone: Callable[[str], str]) -> None:
        self.case = case
        self.id = own_id
        self._zone = zone
        self._case_zone: Callable[[str], str] | None = None if zone else case_zone
        self.case_about: Callable[[str], Collection[str]] = lambda _: ()
        self.amends = False
        self.mentions: list[str] = []
        self.requires: list[str] = []
        self.singles: list[str] = []
        self.warnings: list[Problem] = []

    @property
    def zone(self) -> str:
        """The zone of its dates: the event's own, else its batch's, else its case's, asked only when needed."""
        if self._case_zone is not None:
            self._zone, self._case_zone = self._case_zone(self.case), None
        return self._zone

    def has_width(self, precision: str) -> bool:
        """Whether the case says how wide "about" is for dates of a precision; weeks are as wide as days are."""
        known = self.case_about(self.case)
        return precision in known or (precision == "week" and "day" in known)

    def warn(self, what: str, instead: str) -> None:
        """Note something that may be meant, but that its enterer should know of."""
        self.warnings.append(Problem(what=what, instead=instead))

    def refer(self, event_id: str) -> None:
        """Note that the line speaks of another event. Raises `Fault` where it is the line's own."""
        if event_id == self.id and event_id:
            raise Fault(f"@{event_id} is this event itself", "name another event")
        (self.requires if self.amends else self.mentions).append(event_id)


def zone_given(own: Mapping[str, Any]) -> Callable[[str], str] | None:
    """Let the event that opens a case stand in the zone that it gives the case."""
    data = own.get("data")
    zone = data.get("zone") if own.get("type") == "case.opened" and isinstance(data, Mapping) else None
    return (lambda _: zone) if type(zone) is str and zone else None


def check_id(text: Any, what: str = "id") -> str:
    """Give an id as it is; raises `Fault` with the rule that it breaks (DESIGN 3)."""
    if type(text) is str and ID.fullmatch(text):
        return text
    if not isinstance(text, str):
        raise Fault(f"{quoted(text)} is no {what}", "write it as text, in quotation marks")
    if text.endswith(POINTS):
        point = next(point for point in POINTS if text.endswith(point))
        raise Fault(
            f"{text!r} ends in {point}, which names an instant of an event", f"write {text.removesuffix(point)!r}"
        )
    if not text:
        raise Fault(f"the {what} is empty", "write letters, digits and . _ : / -")
    if len(text) > 128:
        raise Fault(f"the {what} {text[:20]!r}… has {len(text)} characters", "write 128 at most")
    odd = next((char for char in text if not re.match(r"[A-Za-z0-9._:/-]", char)), text[0])
    shown = repr(odd) if odd.isascii() and odd.isprintable() else f"U+{ord(odd):04X}"
    verb = "begins with" if odd == text[0] else "holds"
    advice = "write letters A-Z, digits and . _ : / -, a letter or digit first"
    raise Fault(f"the {what} {text!a} {verb} {shown}", advice)
