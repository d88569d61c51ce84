"""An event through all its amendments: who, when, why, and its content after each. Judges none of them.

JSON: `{"view": "history", "event": id, "stands": true, "content": {…} or null, "steps": [{"id", "type", "position",
"recorded_at", "actor", "speaker", "standing", "target", "reason", "authority", "relation", "cited", "in_force",
"stands", "content", "late"}]}`. The first step is the event itself, the others every amendment of it and of its
amendments, in log order; `cited` is the source that a citation names, else empty; `content` is what its line would say
after that step, null while it is withdrawn. `in_force` is whether the amendment acts now. `late` is null, or
`{"by_us", "since"}`: recorded so long after it was said (`asserted`), else after it happened (`occurred`);
`--late` says from how long on. Amendments act whatever the account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from events.dates.civil import instant_text
from events.errors import Fault
from events.event import RecordedEvent
from events.nearest import nearest
from events.source import Source
from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.case import CaseTimeline, width
from timeline.hearings.account import Account
from timeline.hearings.amendments import Amended, amend, content, target_of
from timeline.hearings.cuts import lag
from timeline.views import Parameter, view

LATE: Final = "30 days"


@view(
    "history",
    asks="an event through all its amendments",
    parameters=(
        Parameter(name="id", kind="positional", shown="ID", required=True, help="an event, also one withdrawn"),
        Parameter(name="late", shown="DURATION", help=f"recorded so long after it was said is late; else {LATE}"),
    ),
)
def history(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:  # noqa: ARG001
    """Give each step of an event's history, with its content after it."""
    event = _event(timeline, str(params["id"]))
    late = width(str(params.get("late") or LATE))
    told = related(timeline.events, event.id)
    now = amend(told)
    steps = [_step(timeline, told[: n + 1], now, late) for n in range(len(told))]
    values = {
        "event": event.id,
        "stands": event.id not in now.withdrawn,
        "content": steps[-1]["content"],
        "steps": steps,
    }
    ids = tuple(one.id for one in told)
    text = _text(event, told, now)
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=f"@{event.id} ({event.type}): {'; '.join(map(_said, steps))}.",
        tight=True,
        rests_on=Rests(min=ids, max=ids),
    )


def related(events: Sequence[RecordedEvent], event_id: str) -> tuple[RecordedEvent, ...]:
    """Give an event and every amendment of it, of those, and so on, in log order."""
    ids = {event_id}
    found = []
    for event in events:
        if event.id == event_id or target_of(event) in ids:
            ids.add(event.id)
            found.append(event)
    return tuple(found)


def _event(timeline: CaseTimeline, text: str) -> RecordedEvent:
    known = {event.id: event for event in timeline.events}
    name = text.strip().removeprefix("@")
    if name in known:
        return known[name]
    if name in timeline.away:
        raise Fault(f"@{name} is cut away", "ask without --asserted-by, or with a later date")
    instead = nearest(name, known, "see `casefold log` for the ids of the case")
    raise Fault(f"{name!r} is no event of case {timeline.case!r}", instead)


def _step(timeline: CaseTimeline, upto: Sequence[RecordedEvent], now: Amended, late: int) -> dict[str, Any]:
    first, event = upto[0], upto[-1]
    after = {one.id: one for one in amend(upto).events}
    arrived = lag(timeline, event)
    own = {one.id: one for one in now.events}.get(event.id, event)
    return {
        "id": event.id,
        "type": event.type,
        "position": event.position,
        "recorded_at": instant_text(event.recorded_at),
        "actor": event.actor,
        "speaker": event.source.speaker,
        "standing": event.source.standing,
        "target": target_of(event),
        "reason": str(own.written.get("reason", "")),
        "authority": str(own.written.get("authority", "")),
        "relation": str(own.written.get("relation", "")),
        "cited": dict(own.written.get("source", {})) if event.type == "amend.cite" else {},
        "in_force": event.id not in now.withdrawn,
        "stands": first.id in after,
        "content": content(after[first.id]) if first.id in after else None,
        "late": {"by_us": arrived.micros, "since": arrived.since} if arrived and arrived.micros >= late else None,
    }


def _text(event: RecordedEvent, told: Sequence[RecordedEvent], now: Amended) -> str:
    many = words.plural(len(told) - 1, "amendment") if len(told) > 1 else "never amended"
    by = now.by.get(event.id, ())
    ids = words.listed([f"@{one}" for one in by])
    if event.id in now.withdrawn:
        return f"withdrawn ({many}; by {ids})"
    return f"stands ({many}; in force: {ids})" if by else f"stands as first written ({many})"


def _said(step: Mapping[str, Any]) -> str:
    """Give one step in words."""
    what = step["type"].removeprefix("amend.") if step["target"] else "recorded"
    who = f" by {step['actor']}" if step["actor"] else ""
    on = f" of @{step['target']}" if step["target"] else ""
    why = f" ({step['reason']})" if step["reason"] else ""
    why = f": {Source(**step['cited']).words} {step['relation']} it" if step["cited"] else why
    late = f", {late_words(step['late'])}" if step["late"] else ""
    dead = "" if step["in_force"] or not step["target"] else ", not in force any more"
    return f"{what}{on}{who} at {step['recorded_at']}{why}{late}{dead}"


def late_words(late: Mapping[str, Any]) -> str:
    """Say how late something was recorded.

    >>> late_words({"by_us": 3 * 86_400_000_000 + 5, "since": "asserted"})
    'late: 3 days after it was said'
    """
    since = "it was said" if late["since"] == "asserted" else "it happened"
    return f"late: {words.plural(late['by_us'] // 86_400_000_000, 'day')} after {since}"
