"""The read side: folds recorded events and answers questions about a case. Never appends.

Notebooks may rely on what is named here: these names, their parameters and what they give change only with a new major
version of Casefold, and are announced one minor version before. They are loaded when first used.

A log is opened and a case read from it; then everything is pure. A case is asked a view, on everybody's word or on an
account of it, as it stands or as it stood at a position, and by each speaker alone:

>>> import tempfile
>>> import events.log, timeline
>>> told = (
...     {"case": "a", "id": "death", "type": "death", "when": "2023-10-28", "source": {"speaker": "medical examiner"}},
...     {"case": "a", "type": "infusion", "when": "more than 7 days before @death", "source": {"speaker": "friend"}},
...     {"case": "a", "type": "infusion", "when": "2 days before @death", "source": {"speaker": "neighbour"}},
... )
>>> with tempfile.TemporaryDirectory() as folder:
...     with events.log.open_log(f"{folder}/casefold.db", mode="write") as log, log.writing("me") as writer:
...         _ = writer.append([events.draft(line, zone="UTC") for line in told])
...     with timeline.open_log(f"{folder}/casefold.db") as log:
...         case = timeline.read_case(log, "a").timeline
>>> question = ("days-since-last", {"type": "infusion", "at": "@death"})
>>> timeline.ask(case, *question).text
'more than 1 day, less than 3 days on record; less than 3 days in fact'
>>> timeline.ask(case, *question, timeline.Account(speakers=("friend",))).text
'more than 7 days on record; not bounded by the record in fact'
>>> timeline.ask(case.upto(2), *question).text
'more than 7 days on record; not bounded by the record in fact'
>>> timeline.by_speaker(case, *question).differ
(('friend', 'neighbour'),)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from events.log import open_log
    from timeline.answers import Answer, AsOf, Rests, Truth, answer_json
    from timeline.asking.sides import Side, Sides, by_speaker, by_standing
    from timeline.case import CaseTimeline
    from timeline.hearings.account import EVERYBODY, Account
    from timeline.hearings.hearing import Hearing
    from timeline.read import Asked, Read, read_case
    from timeline.views import Parameter, View, ask, view

__all__ = [
    "EVERYBODY",
    "Account",
    "Answer",
    "AsOf",
    "Asked",
    "CaseTimeline",
    "Hearing",
    "Parameter",
    "Read",
    "Rests",
    "Side",
    "Sides",
    "Truth",
    "View",
    "answer_json",
    "ask",
    "by_speaker",
    "by_standing",
    "open_log",
    "read_case",
    "view",
]
_HOME: Final = {
    "events.log": ("open_log",),
    "timeline.answers": ("Answer", "AsOf", "Rests", "Truth", "answer_json"),
    "timeline.asking.sides": ("Side", "Sides", "by_speaker", "by_standing"),
    "timeline.case": ("CaseTimeline",),
    "timeline.hearings.account": ("EVERYBODY", "Account"),
    "timeline.hearings.hearing": ("Hearing",),
    "timeline.read": ("Asked", "Read", "read_case"),
    "timeline.views": ("Parameter", "View", "ask", "view"),
}


def __getattr__(name: str) -> Any:
    """Load a name of the public API from its room on first use."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'timeline' has no attribute {name!r}")
