"""What a load made contradictory that was not: one warning a set. Refuses nothing, and asks no question of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.event import Draft, RecordedEvent
from timeline.case import CaseTimeline
from timeline.hearings.constrain import ends

_TYING: Final = ("claim.", "amend.")


def new_conflicts(before: CaseTimeline, after: CaseTimeline) -> tuple[str, ...]:
    """Give a sentence for each contradiction of `after` that `before` does not have, in the order they are met.

    `before` is heard only where `after` has a contradiction at all, and neither where nothing ties instants (`ties`).
    """
    if not any(ties(event) for event in after.told):
        return ()
    found = after.hear().disputes
    if not found:
        return ()
    known = {each.statements for each in before.hear().conflicts}
    return tuple(
        f"case {after.case}: cannot all be true, so that {_aside(each.set_aside)} {'is' if one else 'are'} set aside: "
        f"{each.why}"
        for each in found
        if each.conflict.statements not in known
        for one in [len(each.set_aside) == 1]
    )


def ties(event: RecordedEvent | Draft) -> bool:
    """Whether an event can take part in a contradiction of times that a case does not have without its like.

    A contradiction of several statements needs an instant that two of them speak of: one that refers to another event,
    a claim of time, or an amendment must be among them. One of a single statement needs several parts, or a start, an
    end and a duration. So a case none of whose events `ties` has none. A case that a load begins need not be read back
    where no draft of it `ties`; of a case that was there an older event may refer to what is new.
    """
    if event.type.startswith(_TYING):
        return True
    if isinstance(event, Draft):
        data = event.own.get("data") or {}
        when, until = str(event.own.get("when") or ""), str(event.own.get("until") or "")
        ended = bool(until) or when.lstrip()[:5].lower() == "from "
        return bool(event.mentions) or _parts(when) or _parts(until) or (ended and _lasts(data))
    return _parts(event.when) or _parts(event.until) or (ends(event) and _lasts(event.written))


def _parts(text: str) -> bool:
    return "@" in text or ";" in text


def _lasts(data: Mapping[str, Any]) -> bool:
    return "duration" in data


def _aside(ids: tuple[str, ...]) -> str:
    return ", ".join(f"@{one}" for one in ids)
