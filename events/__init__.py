"""The vocabulary of the write side: events, types, times, amounts, sources. Loads nothing early, and no SQLAlchemy.

These names, and those of `events.fields` that a type's class uses, are what notebooks and plug-ins may rely on: they
keep their meaning within a major version. Everything else may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from events.batches.formats import reader
    from events.batches.lines import BatchFile
    from events.batches.row import Flaw, Row
    from events.codec import recorded, schema
    from events.drafting import Drafted, draft, drafted
    from events.errors import BadInput, CasefoldError, Fault, Problem
    from events.event import Draft, EventType, Facts, RecordedEvent, event_type, event_types
    from events.quantity import Quantity, read_quantity
    from events.source import STANDINGS, Source
    from events.version import VERSION
    from events.when import Bound, When
    from events.when_text import read_when

__all__ = [
    "STANDINGS", "VERSION", "BadInput", "BatchFile", "Bound", "CasefoldError", "Draft", "Drafted", "EventType", "Facts",
    "Fault", "Flaw", "Problem", "Quantity", "RecordedEvent", "Row", "Source", "When", "draft", "drafted", "event_type",
    "event_types", "read_quantity", "read_when", "reader", "recorded", "schema",
]  # fmt: skip

_HOMES: Final = {
    "events.batches.formats": ("reader",),
    "events.batches.lines": ("BatchFile",),
    "events.batches.row": ("Flaw", "Row"),
    "events.codec": ("recorded", "schema"),
    "events.drafting": ("Drafted", "draft", "drafted"),
    "events.errors": ("BadInput", "CasefoldError", "Fault", "Problem"),
    "events.event": ("Draft", "EventType", "Facts", "RecordedEvent", "event_type", "event_types"),
    "events.quantity": ("Quantity", "read_quantity"),
    "events.source": ("STANDINGS", "Source"),
    "events.version": ("VERSION",),
    "events.when": ("Bound", "When"),
    "events.when_text": ("read_when",),
}
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a name when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'events' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
