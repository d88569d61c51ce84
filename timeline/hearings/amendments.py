"""Lays amendments over the events they amend: what stands, with what content. Reads no date, knows no log.

The algebra of SEMANTICS 3. An amendment's target is always earlier in the log, so one walk from the newest to the
oldest decides all: an amendment is live unless the newest live retract or reinstate of it is a retract. An event
stands unless its newest live retract or reinstate is a retract. Its content is the original with its live corrections
laid over it in log order, `data` and `source` field by field; a correction of a correction is laid over what that one
sets, and null takes out of it what it set. What was redacted stays so, whatever a correction says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from msgspec.structs import replace

from events.codec import REDACTED, lifted, shape_of, typed
from events.dates.absolute import split_span
from events.errors import Fault
from events.event import RecordedEvent, find_type
from events.source import Source

CORRECT: Final = "amend.correct"
RETRACT: Final = "amend.retract"
REINSTATE: Final = "amend.reinstate"
REDACT: Final = "amend.redact"
_ACTING: Final = frozenset({CORRECT, RETRACT, REINSTATE})
_BY_FIELD: Final = ("data", "source")
_FIXED: Final = frozenset({"target", "set", "fields"})
"""What no correction moves: an amendment's target, and what it does."""
Content = Mapping[str, Any]
"""What can be corrected of an event, as its line has it: `when`, `until`, `zone`, `data`, `source`, `tags`, `note`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """Events as the amendments in force leave them.

    `events` are those that stand, in order, with their content now; `withdrawn` those that do not, as first written.
    `by` gives, for each event that an amendment changed, withdrew or brought back, the ids of those in force, oldest
    first; `moved` the ids of events whose own dates are no longer those that the log stored bounds for.
    """

    events: tuple[RecordedEvent, ...] = ()
    withdrawn: Mapping[str, RecordedEvent] = field(default_factory=dict)
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved: frozenset[str] = frozenset()


def amend(
    events: Iterable[RecordedEvent],
    amendments: Iterable[RecordedEvent] | None = None,
    *,
    but: frozenset[str] = frozenset(),
) -> Amended:
    """Lay the amendments over these events, both in log order; the events of `but` are left as first written.

    `amendments` are the events themselves unless given. Raises `Fault` where a correction does not fit its target.
    """
    events = tuple(events)
    acting = [one for one in (events if amendments is None else amendments) if one.type in _ACTING]
    if not acting:
        return Amended(events=events)
    walk = _Walk(acting, events)
    touched = walk.touched - but
    standing = [event for event in events if event.id not in touched or walk.stands(event.id)]
    laid = [walk.laid(event) if event.id in touched else event for event in standing]
    was = {event.id: event for event in standing if event.id in touched}
    return Amended(
        events=tuple(laid),
        withdrawn={event.id: event for event in events if event.id in touched and not walk.stands(event.id)},
        by={event.id: walk.behind(event.id) for event in events if event.id in touched},
        moved=frozenset(event.id for event in laid if event.id in was and _dates(event) != _dates(was[event.id])),
    )


def target_of(amendment: RecordedEvent) -> str:
    """Give the id that an amendment amends; empty for what is none."""
    return str(amendment.written.get("target", "")).removeprefix("@") if amendment.type.startswith("amend.") else ""


def content(event: RecordedEvent) -> dict[str, Any]:
    """Give what can be corrected of an event, as a line has it; what is absent is left out."""
    source = event.source.given
    fields: dict[str, Any] = {
        "when": event.spoken or event.when,
        "until": "" if event.spoken else event.until,
        "zone": event.zone,
        "data": dict(event.written),
        "source": source,
        "tags": list(event.tags),
        "note": event.note,
    }
    return {name: value for name, value in fields.items() if value}


def lay(base: Content, overlay: Content) -> dict[str, Any]:
    """Lay an overlay over a content or another overlay: `data` and `source` field by field; null removes.

    >>> lay({"when": "2023", "data": {"count": 2, "route": "oral"}}, {"when": None, "data": {"route": None}})
    {'data': {'count': 2}}
    >>> lay({"source": None}, {"source": {"speaker": None}})
    {'source': None}
    """
    out = dict(base)
    for name, value in overlay.items():
        if value is None:
            out.pop(name, None)
        elif name in _BY_FIELD and isinstance(value, Mapping):
            fields = {**(out.get(name) or {}), **value}
            left = {each: said for each, said in fields.items() if said is not None or each not in value}
            if left or out.get(name, value) is not None:  # an overlay that takes all away goes on doing so
                out[name] = left
        else:
            out[name] = value
    return out


class _Walk:
    """One walk over the amendments, newest to oldest: which are live, and what lies over what."""

    def __init__(self, acting: Iterable[RecordedEvent], events: Iterable[RecordedEvent]) -> None:
        acting = tuple(acting)
        self.verdicts: dict[str, RecordedEvent] = {}
        self.over: dict[str, list[tuple[RecordedEvent, Content]]] = {}
        places = {one.id: one for one in (*events, *acting)}
        for one in reversed(acting):
            target = places.get(target_of(one))
            if target is None or target.position >= one.position or not self.stands(one.id):
                continue
            if one.type == CORRECT:
                self.over.setdefault(target.id, []).append((one, self.overlay(one)))
            elif target.type != REDACT:
                self.verdicts.setdefault(target.id, one)

    @property
    def touched(self) -> frozenset[str]:
        """The ids that a live amendment amends."""
        return frozenset(self.verdicts) | frozenset(self.over)

    def stands(self, event_id: str) -> bool:
        """Whether an event stands; of an amendment, whether it is live: all that is newer must have been walked."""
        verdict = self.verdicts.get(event_id)
        return verdict is None or verdict.type != RETRACT

    def overlay(self, correction: RecordedEvent) -> Content:
        """Give what a correction sets, with its own live corrections laid over that."""
        found: Content = correction.written.get("set") or {}
        for _, over in reversed(self.over.get(correction.id, ())):
            found = lay(found, over)
        return found

    def behind(self, event_id: str) -> tuple[str, ...]:
        """Give the ids of the live amendments of an event, and of those amendments, in log order."""
        found: dict[str, RecordedEvent] = {}
        waiting = [event_id]
        while waiting:
            one = waiting.pop()
            own = [each for each, _ in self.over.get(one, ())]
            own += [self.verdicts[one]] if one in self.verdicts else []
            waiting += [each.id for each in own if each.id not in found]
            found |= {each.id: each for each in own}
        return tuple(each.id for each in sorted(found.values(), key=lambda each: each.position))

    def laid(self, event: RecordedEvent) -> RecordedEvent:
        """Give an event with its live corrections laid over it."""
        over = self.over.get(event.id, [])
        if not over:
            return event
        if event.type == CORRECT:
            return replace(event, written={**event.written, "set": self.overlay(event)})
        event, over = _of_old(event, over)
        now = content(_current(event))
        if event.spoken and any("until" in overlay for _, overlay in over):
            now |= {"when": event.when, "until": event.until}
        for correction, overlay in reversed(over):
            now = lay(now, _allowed(event, overlay))
            if correction.zone and not now.get("zone") and not {"when", "until"}.isdisjoint(overlay):
                now["zone"] = correction.zone
        hidden = {path.removeprefix("data.set.") for one, _ in over for path in one.redacted}
        return _rewritten(_current(event), _kept_redacted(event, now), hidden)


def _of_old(
    event: RecordedEvent, over: list[tuple[RecordedEvent, Content]]
) -> tuple[RecordedEvent, list[tuple[RecordedEvent, Content]]]:
    """Lay corrections over the stored version that were written when it was the current one; give what is left.

    Those are the first of an event that name data which the current version does not have. `over` is newest first.
    """
    kind = find_type(event.type)
    if kind is None or kind.version == event.version:
        return event, over
    left = list(over)
    for at, (correction, overlay) in reversed(list(enumerate(over))):
        data = overlay.get("data")
        if not data or not set(data) - shape_of(kind).keys():
            break
        event = replace(event, written=lay({"data": event.written}, {"data": data}).get("data", {}))
        left[at] = correction, {name: value for name, value in overlay.items() if name != "data"}
    return event, left


def _current(event: RecordedEvent) -> RecordedEvent:
    """Give an event with its data as the current version of its type has it: corrections speak of that."""
    kind = find_type(event.type)
    if kind is None or kind.version == event.version:
        return event
    return replace(event, written=lifted(kind, event.version, event.written), version=kind.version)


def _allowed(event: RecordedEvent, overlay: Content) -> Content:
    """Give an overlay without what no correction moves."""
    if not event.type.startswith("amend.") or "data" not in overlay:
        return overlay
    data = overlay["data"] or dict.fromkeys(event.written)
    return {**overlay, "data": {name: value for name, value in data.items() if name not in _FIXED}}


def _kept_redacted(event: RecordedEvent, now: dict[str, Any]) -> dict[str, Any]:
    """Put what was redacted back in its place: a redaction is never undone."""
    was = content(event)
    for path in event.redacted:
        name, _, rest = path.partition(".")
        first = rest.partition(".")[0]
        if first and first in was.get(name, {}):
            now[name] = {**now.get(name, {}), first: was[name][first]}
        elif not first and name in was:
            now[name] = was[name]
    return now


def _rewritten(event: RecordedEvent, now: Content, hidden: Iterable[str]) -> RecordedEvent:
    """Give an event with another content; `hidden` are the paths that a redacted correction sets."""
    when, until, spoken = now.get("when", ""), now.get("until", ""), ""
    if when[:5].lower() == "from " and not until and (event.spoken or when != event.when):
        ends = split_span(" ".join(when.split()))
        (when, until), spoken = (ends, when) if ends else ((when, ""), "")
    data = now.get("data", {})
    redacted = event.redacted | {path for path in hidden if _at(now, path) == REDACTED}
    try:
        facts = typed(event.type, event.version, data, redacted)
    except Fault as fault:
        instead = f"see `casefold history {event.case} {event.id}`, and retract the one that is wrong"
        raise Fault(f"the corrections of @{event.id} do not fit it: {fault.what}", instead) from None
    return replace(
        event,
        when=when,
        until=until,
        spoken=spoken,
        zone=now.get("zone", ""),
        written=data,
        facts=facts,
        source=Source(**now.get("source", {})),
        tags=tuple(now.get("tags", ())),
        note=now.get("note", ""),
        redacted=redacted,
    )


def _at(now: Content, path: str) -> Any:
    found: Any = now
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _dates(event: RecordedEvent) -> tuple[str, str, str]:
    return (event.spoken or event.when, event.until, event.zone)
