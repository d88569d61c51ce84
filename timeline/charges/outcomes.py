"""What the words of a plea or a verdict say, where they say one thing. Guesses nothing: other words stay themselves."""

from __future__ import annotations

import re
from typing import Final

from events.event import RecordedEvent
from timeline.case import said

CHARGED: Final = "charged"
SENTENCED: Final = "sentenced"
CONVICTED: Final = "convicted"
ACQUITTED: Final = "acquitted"
DROPPED: Final = "dropped"
SET_ASIDE: Final = "conviction set aside"
GUILTY: Final = "pleaded guilty"
NOT_GUILTY: Final = "pleaded not guilty"
NO_CONTEST: Final = "pleaded no contest"
OTHER: Final = "other"
WEIGHT: Final = (
    SENTENCED, CONVICTED, ACQUITTED, SET_ASIDE, DROPPED, OTHER, GUILTY, NO_CONTEST, NOT_GUILTY, CHARGED,
)  # fmt: skip
"""The order in which what stands is named: what a court did before what a defendant said."""
ON_RECORD: Final = frozenset({SENTENCED, CONVICTED})
"""What says that there was a conviction; a plea does not."""
UNDONE: Final = frozenset({SET_ASIDE, ACQUITTED, DROPPED})
"""What a later verdict says that leaves neither a conviction nor its sentence."""
_NOT: Final = re.compile(r"\b(not|no|never|un\w*) (?!guilty|contest)", re.IGNORECASE)
_PLEAS: Final = (
    (NO_CONTEST, re.compile(r"\b(no contest|nolo contendere)\b", re.IGNORECASE)),
    (NOT_GUILTY, re.compile(r"\bnot guilty\b|\bdenie[sd]\b", re.IGNORECASE)),
    (GUILTY, re.compile(r"(?<!not )\bguilty\b", re.IGNORECASE)),
)
_VERDICTS: Final = (
    (ACQUITTED, re.compile(r"\bnot guilty\b|\bacquit\w*", re.IGNORECASE)),
    (CONVICTED, re.compile(r"(?<!not )\bguilty\b|\bconvicted\b", re.IGNORECASE)),
    (DROPPED, re.compile(r"\b(dismiss\w*|drop\w*|withdrawn|discontinued|nolle prosequi)\b", re.IGNORECASE)),
    (SET_ASIDE, re.compile(r"\b(vacated|overturned|reversed|quashed|set aside)\b", re.IGNORECASE)),
)


def kind_of(event: RecordedEvent) -> str:
    """Give what a charge, plea, verdict or sentence says; `other` where its words say none or several of the known."""
    if event.type == "charge":
        return CHARGED
    if event.type == "sentence":
        return SENTENCED
    return plea(str(said(event, "plea"))) if event.type == "plea" else verdict(str(said(event, "verdict")))


def plea(text: str) -> str:
    """Read a plea.

    >>> plea("guilty"), plea("Not guilty on all counts"), plea("nolo contendere"), plea("stood mute")
    ('pleaded guilty', 'pleaded not guilty', 'pleaded no contest', 'other')
    """
    return _one(text, _PLEAS)


def verdict(text: str) -> str:
    """Read a verdict.

    >>> verdict("found guilty"), verdict("not guilty"), verdict("dismissed with prejudice"), verdict("hung jury")
    ('convicted', 'acquitted', 'dropped', 'other')
    >>> verdict("guilty of one count, not guilty of another"), verdict("not dismissed")
    ('other', 'other')
    """
    return _one(text, _VERDICTS)


def _one(text: str, known: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    plain = " ".join(text.split())
    found = [kind for kind, pattern in known if pattern.search(plain)]
    return found[0] if len(found) == 1 and not _NOT.search(plain) else OTHER
