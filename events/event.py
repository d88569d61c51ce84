"""The event, before and after it is recorded, and the registry of event types. Knows no SQL and reads no text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, final

import msgspec

from events.errors import CasefoldError, Fault
from events.nearest import nearest
from events.source import Source

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FAMILIES: Final = (
    "case",
    "treatment",
    "supply",
    "death",
    "justice",
    "communication",
    "claims",
    "amendments",
    "log",
    "other",
)
"""The families of event types in the order that chronologies use."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class _Frozen(msgspec.StructMeta):
    """Tells type checkers that the children of `Facts` are frozen like it."""


class Facts(
    msgspec.Struct, metaclass=_Frozen, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What the `data` of an event type may hold; each type is a child with typed fields, empty where absent."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A registered type: its stored name, version, family, shape of `data`, and its sensitive data fields.

    `sensitive` holds names within `data`, dotted where deeper. `upcast[n]` lifts data of version n to n + 1.
    """

    name: str
    version: int
    family: str
    facts: type[Facts]
    sensitive: frozenset[str] = frozenset()
    administration: bool = False
    order: int = 0
    upcast: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict, hash=False)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Where it stands in a chronology among events of one time: the table's order, then plug-ins."""
        return (0, self.order, "") if self.order else (1, 0, self.name)


F = TypeVar("F", bound=type[Facts])
_TYPES: dict[str, EventType] = {}
_BUILT_IN: Final = "events.types"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


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
        ours = facts.__module__.startswith(_BUILT_IN + ".")
        if not ours:
            import_module(_BUILT_IN)
        if name in _TYPES:
            first, second = origin_of(_TYPES[name].facts.__module__), origin_of(facts.__module__)
            raise ValueError(
                f"event type {name!r} is registered twice, by {first} and by {second}; give the second another name"
            )
        if family not in FAMILIES:
            raise ValueError(f"event family {family!r} is unknown; use one of {', '.join(FAMILIES)}")
        if not _NAME.fullmatch(name):
            raise ValueError(f"event type {name!r} is not a name; use lower-case words joined by _ and .")
        if not ours:
            _check_fields(facts)
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


def _check_fields(facts: type[Facts]) -> None:
    """Raise TypeError now, and not when the first event comes, where a field of a plug-in has no kind."""
    from events.fields import kinds

    kinds(facts)


def event_types() -> Mapping[str, EventType]:
    """Give every registered type by name, built-in ones in the table's order; loads the plug-ins on first use.

    Raises `CasefoldError` where a plug-in does not load.
    """
    _load_plugins()
    return _TYPES


@cache
def _load_plugins() -> None:
    """Load what the entry-point group `casefold.events` names; the built-in types come first, installed or not."""
    from importlib.metadata import entry_points

    import_module(_BUILT_IN)
    for entry in sorted(entry_points(group="casefold.events"), key=lambda one: one.name):
        load_plugin(entry)


def load_plugin(entry: EntryPoint) -> None:
    """Load one plug-in; raises `CasefoldError` that names it, and the distribution it came with, where it fails."""
    try:
        entry.load()
    except Exception as fault:
        what = str(fault) if isinstance(fault, ValueError) else f"{type(fault).__name__}: {fault}"
        whence = f" of {entry.dist.name} {entry.dist.version}" if entry.dist is not None else ""
        raise CasefoldError(f"the plug-in {entry.name!r} ({entry.value}{whence}) does not load: {what}") from fault


def origin_of(module: str) -> str:
    """Say where a module came from, as far as one can tell: its name, and Casefold itself where it is a built-in.

    >>> origin_of("events.types.treatment"), origin_of("acupuncture")
    ('Casefold itself', 'the module acupuncture')
    """
    ours = module.partition(".")[0] in ("events", "timeline")
    return "Casefold itself" if ours else f"the module {module}"


@final
class Draft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event not yet in the log, checked and ready to append.

    `own` is the content: the fields of the line as written (after mapping), without `actor`. `id` is empty where the
    log is to give a content id. `zone` is the event's own or else its batch's; empty where the case's applies.
    `earliest` and `latest` are the bounds of `when`'s own absolute parts in microseconds; None is open.
    `mentions` are the ids that its times refer to, `requires` those that must be in the case before it (amendments),
    `singles` those that a time takes for one instant.
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
    singles: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


@final
class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event as read back from the log: its content, and when and where the log learned it.

    `when` and `until` are the source's words (empty: undated); `earliest` and `latest` the stored bounds of `when`'s
    own absolute parts. `written` is `data` as written, `facts` the same, typed and lifted to the type's current
    version. `redacted` holds the dotted paths of sensitive fields whose values are gone. `spoken` is the source's
    `when` where that told of both ends (`from A to B`), which `when` and `until` then give apart.
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
    spoken: str = ""


def find_type(name: str) -> EventType | None:
    """Give the type of that name, None where it is not installed. Plug-ins are looked for only if needed."""
    if not _TYPES:
        import_module(_BUILT_IN)
    return _TYPES.get(name) or event_types().get(name)


def type_named(name: str) -> EventType:
    """Give the type of that name; raises `Fault` with the nearest known one."""
    found = find_type(name)
    if found is not None:
        return found
    raise Fault(f"{name!r} is not an event type", nearest(name, event_types(), "see `casefold types`"))
