"""The read side: folds recorded events and answers questions about a case. Never appends.

Notebooks may rely on what is named here: these names, their parameters and what they give change only with a new major
version of Casefold, and are announced one minor version before. They are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from timeline.answers import Answer, AsOf, Rests, Truth, answer_json
    from timeline.case import CaseTimeline
    from timeline.hearings.account import EVERYBODY, Account
    from timeline.hearings.hearing import Hearing
    from timeline.views import Parameter, View, ask, view

__all__ = [
    "EVERYBODY",
    "Account",
    "Answer",
    "AsOf",
    "CaseTimeline",
    "Hearing",
    "Parameter",
    "Rests",
    "Truth",
    "View",
    "answer_json",
    "ask",
    "view",
]
_HOME: Final = {
    "timeline.answers": ("Answer", "AsOf", "Rests", "Truth", "answer_json"),
    "timeline.case": ("CaseTimeline",),
    "timeline.hearings.account": ("EVERYBODY", "Account"),
    "timeline.hearings.hearing": ("Hearing",),
    "timeline.views": ("Parameter", "View", "ask", "view"),
}


def __getattr__(name: str) -> Any:
    """Load a name of the public API from its room on first use."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'timeline' has no attribute {name!r}")
