"""The event, before and after it is recorded, and the registry of event types. Knows no SQL and reads no text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, Final, TypeVar, final

import msgspec

from events.errors import Fault
from events.source import Source

FAMILIES: Final = ("case", "treatment", "supply", "death", "justice", "communication", "claims", "amendments", "log", "other")
"""The families of event types in the order that chronologies use."""


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the `data` of an event type may hold; each type is a child with typed fields, empty where absent."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A registered type: its stored name, version, family, shape of `data`, and its sensitive data fields."""

    name: str
    version: int
    family: str
    facts: type[Facts]
    sensitive: frozenset[str] = frozenset()
    administration: bool = False
    order: int = 0
    upcast: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Where it stands in a chronology among events of one time (DESIGN 8): the table's order, then plug-ins by name."""
        return (0, self.order, "") if self.order else (1, 0, self.name)


F = TypeVar("F", bound=type[Facts])
_TYPES: dict[str, EventType] = {}


def event_type(
    name: str,
    *,
    family: str = "other",
    version: int = 1,
    sensitive: tuple[str, ...] = (),
    administration: bool = False,
    upcast: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
) -> Callable[[F], F]:
    """Register a class of facts as an event type; the one decorator that built-in types and plug-ins share.

    `name` is a storage format: it never changes. Raises ValueError where the name is taken or the family unknown.
    """

    def register(facts: F) -> F:
        if name in _TYPES:
            raise ValueError(f"event type {name!r} is registered twice; give the second another name")
        if family not in FAMILIES:
            raise ValueError(f"event family {family!r} is unknown; use one of {', '.join(FAMILIES)}")
        ours = facts.__module__.startswith("events.types.")
        _TYPES[name] = EventType(
            name=name,
            version=version,
            family=family,
            facts=facts,
            sensitive=frozenset(sensitive),
            administration=administration,
            order=len(_TYPES) + 1 if ours else 0,
            upcast=dict(upcast or {}),
        )
        return facts

    return register


def event_types() -> Mapping[str, EventType]:
    """Give every registered type by name; loads the built-in ones and the plug-ins on first use."""
    _load()
    return _TYPES


_loaded = False


def _load() -> None:
    global _loaded  # noqa: PLW0603
    if _loaded:
        return
    _loaded = True
    for entry in sorted(entry_points(group="casefold.events"), key=lambda one: (not one.value.startswith("events.types"), one.name)):
        entry.load()


@final
class Draft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event not yet in the log, checked and ready to append.

    `own` is the content: the fields of the line as written (after mapping), without `actor`. `id` is empty where the
    log is to give a content id. `zone` is the event's own or else its batch's; empty where the case's applies.
    `earliest` and `latest` are the bounds of `when`'s own absolute parts in microseconds; None is open.
    `mentions` are the ids that its times refer to, `requires` those that must be in the case before it (amendments).
    """

    own: dict[str, Any]
    case: str
    id: str
    type: str
    version: int
    zone: str
    actor: str
    earliest: int | None
    latest: int | None
    mentions: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event as read back from the log: its content, and when and where the log learned it.

    `when` and `until` are the source's words (empty: undated); `earliest` and `latest` the stored bounds of `when`'s own
    absolute parts. `written` is `data` as written, `facts` the same, lifted to the type's current version and typed.
    `redacted` holds the dotted paths of sensitive fields whose values are gone.
    """

    position: int
    case_position: int
    recorded_at: int
    case: str
    id: str
    type: str
    version: int
    when: str = ""
    until: str = ""
    zone: str = ""
    tzdata: str = ""
    earliest: int | None = None
    latest: int | None = None
    written: Mapping[str, Any]
    facts: Facts
    source: Source
    tags: tuple[str, ...] = ()
    note: str = ""
    private: str = ""
    actor: str = ""
    causes: tuple[str, ...] = ()
    redacted: frozenset[str] = frozenset()


def type_named(name: str) -> EventType:
    """Give the type of that name; raises `Fault` with the nearest known one."""
    known = event_types()
    if name in known:
        return known[name]
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0.5)
    raise Fault(f"{name!r} is not an event type", f"did you mean {near[0]!r}?" if near else "see `casefold types`")
