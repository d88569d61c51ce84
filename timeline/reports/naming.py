"""The names a case uses, what they do there, and which look alike. Decides not that two names are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from difflib import SequenceMatcher
from typing import Any, Final

from events.source import fold_name
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account, select
from timeline.hearings.positions import disputed

_PERSONS: Final = ("given_by", "defendant", "from", "to", "by", "party", "holder", "author", "lab", "name", "means")
_NOT_PERSONS: Final = frozenset({"claim.total", "claim.complete", "claim.elapsed"})
_ALIKE: Final = 0.85
_SHORT: Final = 2


def names_of(timeline: CaseTimeline, account: Account = EVERYBODY) -> list[dict[str, Any]]:
    """Give each name as written in what counts with its roles, how often, and names that look like it."""
    roles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for event in select(timeline.told, account, disputed(timeline)):
        source = event.source
        for role, name in (("speaker", source.speaker), ("via", source.via), ("document", source.document)):
            if name:
                roles[name][role] += 1
        for role in _PERSONS if event.type not in _NOT_PERSONS else ():
            if isinstance(person := event.written.get(role), str) and person:
                roles[person][role] += 1
    return [
        {
            "name": name,
            "events": sum(counts.values()),
            "as": dict(sorted(counts.items())),
            "means": timeline.same_name(name) if timeline.same_name(name) != fold_name(name) else "",
            "alike": [other for other in sorted(roles) if other != name and _alike(name, other)],
        }
        for name, counts in sorted(roles.items(), key=lambda one: fold_name(one[0]))
    ]


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one name written twice: nearly the same letters, and no short word of its own."""
    first, second = fold_name(one), fold_name(other)
    if first == second:
        return True
    apart = set(first.split()) ^ set(second.split())
    if not apart or any(len(word) <= _SHORT for word in apart):
        return not apart
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE
