"""Placeholders of values that were erased in another log, once the redaction that named them is in. Erases nothing.

An export writes `[redacted]` where a value is gone. Where such a line is loaded, that word is no value: when the
`amend.redact` that erased it comes in, too, it is erased again, so that the new log says the same as the old one. What
is anything but that word stays, whatever a loaded redaction says, and that is said; `redact` erases it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, final

from events.codec import REDACTED
from events.drafts.fast_lane import Swift
from events.errors import Problem
from events.event import Draft
from events.leaf.canonical import encode
from events.log.database import Row

REDACT: Final = "amend.redact"
_PLACEHOLDER: Final = encode(REDACTED)
_VALUE: Final = (
    "SELECT d.position, d.value FROM cases c JOIN event e ON e.case_id = c.id"
    " JOIN disclosure d ON d.position = e.position WHERE c.name = ? AND e.event_id = ? AND d.field = ?"
)

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


@final
class Erased:
    """What the redactions of one transaction name."""

    def __init__(self) -> None:
        self._named: list[tuple[str, str, str]] = []

    def note(self, drafts: Iterable[Draft | Swift]) -> None:
        """Keep in mind what these drafts redact."""
        for draft in drafts:
            if draft.type == REDACT:
                data = draft.own["data"]
                target = str(data["target"]).removeprefix("@")
                self._named += [(draft.case, target, str(field)) for field in data["fields"]]

    def placeholders(self, rows: Rows) -> Iterator[tuple[int, str]]:
        """Give position and field of what they name and is only a placeholder."""
        for case, event_id, field in self._named:
            for position, value in rows(_VALUE, (case, event_id, field)):
                if bytes(value) == _PLACEHOLDER:
                    yield position, field

    def standing(self, rows: Rows) -> Iterator[Problem]:
        """Say which values they name and are there all the same, once the placeholders are gone."""
        for case, event_id, field in self._named:
            if rows(_VALUE, (case, event_id, field)):
                yield Problem(
                    what=f"{field} of @{event_id} (case {case}) stands here, though an event of this batch redacts it",
                    instead=f"`casefold redact {case} {event_id} {field}` erases it",
                )
