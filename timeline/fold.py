"""The fold of one case's events, in log order: what the case is told. Reads no log, hears no account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, Self

from msgspec.structs import replace as rewritten

from events.dates.zones import tzdata_version
from events.errors import Fault
from events.event import RecordedEvent, find_type
from events.source import Source, fold_name
from events.when import DAY, UNKNOWN
from events.when_text import read_date, read_duration, read_span, read_when
from timeline.hearings.amendments import Amended, amend

MONTH: Final = 31 * DAY
ON_CONFLICT: Final = ("weakest", "all", "fail")
"""What a question does about statements that cannot all be true."""
_READ: Final = ("amended", "told", "sources", "by_id", "readings", "nodes", "aliases", "zone")
"""What is found out of a fold once, and shared."""
_FRAME: Final = frozenset({"case.opened", "case.alias", "document"})
_EMPTY: Final[tuple[object, ...]] = ("", (), [], {})


@dataclass(frozen=True, kw_only=True)
class Folded:
    """What is recorded of one case, up to a cut. The fold of a prefix and then the rest is the fold of the whole.

    `events` are as recorded, in log order. `about` is the question's width for "about" (a duration, else empty),
    `on_conflict` what contradictions set aside: the `weakest` statements, `all` of them, or `fail` (SEMANTICS 8).
    `gone` are the events that a cut by the sources' own dates took away: some still say how the rest is read (zone,
    aliases, documents), and one that the rest refers to is a time without bounds. `cut` is that cut in words. `lifted`
    are ids of events that are taken as first written, whatever amends them (to see what an amendment does).
    """

    case: str
    events: tuple[RecordedEvent, ...] = ()
    about: str = ""
    gone: tuple[RecordedEvent, ...] = ()
    cut: str = ""
    on_conflict: str = "weakest"
    lifted: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, case: str, events: Iterable[RecordedEvent], *, about: str = "", on_conflict: str = "weakest"
    ) -> Self:
        """Fold a case's events, given in log order.

        `about` must be a duration, `on_conflict` one of `weakest`, `all` and `fail`; raises `Fault`.
        """
        if about:
            read_duration(about)
        if on_conflict not in ON_CONFLICT:
            raise Fault(f"{on_conflict!r} says not what to do about contradictions", "write weakest, all or fail")
        return cls(case=case, events=tuple(events), about=about, on_conflict=on_conflict)

    def then(self, events: Iterable[RecordedEvent]) -> Self:
        """Fold further events, later in the log than all so far."""
        return replace(self, events=(*self.events, *events))

    # The steps of a question (SEMANTICS 3): cut, amend, account, constrain, set aside, ask.

    def upto(self, position: int) -> Self:
        """Cut at a position of the log: the record as it stood then, and nothing of later."""
        return replace(self, events=tuple(event for event in self.events if event.position <= position))

    def asserted_by(self, day: str) -> Self:
        """Cut by the sources' own dates: what was said by the end of `day`; the rest is left out and counted.

        Amendments without `asserted` stay: they repair an entry. Raises `Fault` where `day` is no date.
        """
        read_date(day, zone="UTC")
        ids = {event.id for event in self._sourced if self._asserted_by(event, day)}
        kept = tuple(event for event in self.events if event.id in ids)
        gone = tuple(event for event in self.events if event.id not in ids)
        count = sum(event.type not in _FRAME for event in gone)
        left = f"{count} event{'' if count == 1 else 's'}"
        cut = f"as asserted by {day}: {left} not said by then, or not known to be, left out"
        return replace(self, events=kept, gone=(*self.gone, *gone), cut=cut)

    @cached_property
    def told(self) -> tuple[RecordedEvent, ...]:
        """The events with amendments in force and their documents' facts inherited, in log order."""
        stood = tuple(
            _dated(event, event.zone or self.zone) if event.id in self.amended.moved else event
            for event in self.amended.events
        )
        return inherit(stood, (*self._frame, *stood))

    @cached_property
    def amended(self) -> Amended:
        """What the amendments in force leave of the events: what stands, with what content, and by which of them."""
        return amend(self.events, but=self.lifted)

    @property
    def _sourced(self) -> tuple[RecordedEvent, ...]:
        """The events as first written, with their documents' facts: the cuts come before the amendments."""
        return inherit(self.events, (*self.gone, *self.events))

    @cached_property
    def alone(self) -> Folded:
        """The same fold with all it has read, for hearings to keep: it remembers none of them.

        So no hearing leads back to itself, and one that is done with is gone at once.
        """
        alone = Folded(**{each.name: getattr(self, each.name) for each in fields(Folded)})
        alone.__dict__.update({name: getattr(self, name) for name in _READ})
        return alone

    def only(self, told: Iterable[RecordedEvent]) -> Self:
        """Give a fold of which these events alone are told, as they are told here: a part, to be heard by itself.

        An account may name the sources of all. What is read of its events is not shared with the whole.
        """
        part = replace(self)
        part.__dict__.update({name: getattr(self, name) for name in _READ})
        events = tuple(told)
        part.__dict__.update(told=events, by_id={event.id: event for event in events})
        part.__dict__.update(readings=self.readings.copy(), nodes=self.nodes.copy())
        return part

    @cached_property
    def sources(self) -> tuple[RecordedEvent, ...]:
        """One event, the latest, of each speaker with each document and tags: whatever an account may name."""
        told = reversed(self.told)
        latest = {(event.source.speaker, event.source.doc, event.source.document, event.tags): event for event in told}
        return tuple(reversed(latest.values()))

    @cached_property
    def by_id(self) -> Mapping[str, RecordedEvent]:
        """The events by id, as told."""
        return {event.id: event for event in self.told}

    @cached_property
    def readings(self) -> dict[tuple[str, str], tuple[RecordedEvent, Any]]:
        """What was read of its events already, by id and what: a second question does not read them again."""
        return {}

    @cached_property
    def nodes(self) -> dict[str, Any]:
        """The network nodes of its events by id, as far as they were asked for (`hearings.constrain.nodes_of`)."""
        return {}

    @cached_property
    def away(self) -> Mapping[str, RecordedEvent]:
        """The events that a cut by the sources' own dates took away, by id."""
        return {event.id: event for event in self.gone}

    @cached_property
    def zone(self) -> str:
        """The case's own zone, from `case.opened`; empty where it has none."""
        return next((zone for event in self._opened if (zone := _text(event, "zone"))), "")

    @cached_property
    def title(self) -> str:
        """The case's title, from `case.opened`; empty where it has none."""
        return next((title for event in self._opened if (title := _text(event, "title"))), "")

    @cached_property
    def widths(self) -> Mapping[str, int]:
        """The widths of "about" by precision, in microseconds, from `case.opened`; weeks are as wide as days are."""
        said: dict[str, int] = {}
        for event in reversed(self._opened):
            said |= {str(key): width(str(value)) for key, value in _mapping(event, "about").items()}
        return {"week": said["day"], **said} if "day" in said else said

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Names that mean another, folded, from `case.alias`."""
        return {
            fold_name(_text(event, "name")): fold_name(_text(event, "means"))
            for event in (*self._frame, *self.told)
            if event.type == "case.alias"
        }

    @cached_property
    def _frame(self) -> tuple[RecordedEvent, ...]:
        """The events that a cut took away, as the amendments that are left leave them."""
        return amend(self.gone, self.events, but=self.lifted).events if self.gone else ()

    def zone_of(self, event: RecordedEvent) -> str:
        """The zone an event is read in: its own or its batch's, else the case's; empty for none."""
        return event.zone or self.zone

    def same_name(self, name: str) -> str:
        """Give a name as this case compares names: folded, aliases followed to their end."""
        folded, seen = fold_name(name), set[str]()
        while folded in self.aliases and folded not in seen:
            seen.add(folded)
            folded = self.aliases[folded]
        return folded

    @property
    def _opened(self) -> tuple[RecordedEvent, ...]:
        opened = (event for event in (*self._frame, *self.amended.events) if event.type == "case.opened")
        return tuple(sorted(opened, key=lambda event: event.id))

    def _asserted_by(self, event: RecordedEvent, day: str) -> bool:
        if not event.source.asserted:
            return family(event) == "amendments"
        zone = self.zone_of(event) or "UTC"
        latest = read_when(event.source.asserted, zone=zone).own.hi
        end = read_date(day, zone=zone).outer.hi
        return latest is not None and end is not None and latest <= end


def _dated(event: RecordedEvent, zone: str) -> RecordedEvent:
    """Give an event with the bounds of its own dates as a correction wrote them.

    An amendment's leaf stores no bounds for what it sets: the corrected words are read here, in the zone the event
    then has, with the pinned time-zone data. Words that cannot be read there bound nothing.
    """
    try:
        span = read_span(event.when, zone, event.id) if not event.until else None
        when = span[0] if span else read_when(event.when, zone=zone, own_id=event.id) if event.when else UNKNOWN
    except Fault:
        when = UNKNOWN
    return rewritten(event, earliest=when.own.lo, latest=when.own.hi, tzdata=tzdata_version())


def inherit(events: Iterable[RecordedEvent], documents: Iterable[RecordedEvent]) -> tuple[RecordedEvent, ...]:
    """Give events the speaker, standing, title and date of the document they cite, unless they give their own."""
    known = {event.id: event for event in documents if event.type == "document"}
    return tuple(
        rewritten(event, source=_inherited(event.source, known[event.source.doc_id]))
        if event.source.doc_id in known
        else event
        for event in events
    )


def family(event: RecordedEvent) -> str:
    """Give the family of an event's type; `other` for a type that no room knows."""
    known = find_type(event.type)
    return known.family if known else "other"


def width(text: str) -> int:
    """Give a width for "about" in microseconds: days of 24 hours, months of 31 days at their widest. Raises `Fault`."""
    read = read_duration(text)
    return read.exact if read.exact is not None else (read.days or 0) * DAY + (read.months or 0) * MONTH


def _inherited(source: Source, document: RecordedEvent) -> Source:
    return rewritten(
        source,
        speaker=source.speaker or _text(document, "speaker"),
        standing=source.standing or _text(document, "standing"),
        document=source.document or _text(document, "title"),
        asserted=source.asserted or _text(document, "dated"),
    )


def said(event: RecordedEvent, name: str) -> Any:
    """Give a field of an event's data, lifted where its type knows it, else as written; empty text where absent."""
    value = getattr(event.facts, name, None)
    if value:
        return value
    return event.written.get(name, "") if value is None or value in _EMPTY else value


def _text(event: RecordedEvent, name: str) -> str:
    value = said(event, name)
    return value if isinstance(value, str) else ""


def _mapping(event: RecordedEvent, name: str) -> Mapping[str, Any]:
    value = said(event, name)
    return value if isinstance(value, Mapping) else {}
